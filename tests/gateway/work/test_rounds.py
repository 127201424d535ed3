"""The rounds: what lost its job is found and gets another; what has one is left alone."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from gateway.work.rounds import go_round
from mailmap.directory.answers import Directory
from storage import strays
from storage.attempts import Ending, Rules
from tests.gateway.work.posting import TO_DISTRICT, Post, paper
from tests.offices import World


def rounds(world: World) -> tuple[int, int]:
    """One round."""
    return go_round(world.office.database, world.office.jobs)


def broken() -> Directory:
    """A defect of ours, where no mail can be blamed."""
    raise ZeroDivisionError


def test_a_mail_whose_job_was_buried_is_tried_again(world: World) -> None:
    """A defect that is no mail's fault ends the job; once it is mended, the mail is registered by itself."""
    number = world.arrive(paper(401), [TO_DISTRICT])
    strict = replace(world.office.jobs, rules=Rules(most_attempts=1))
    worker = replace(world.office.worker(), directory=broken)
    assert [one.ending for one in strict.run_until_empty(worker.tasks())] == [Ending.BURIED]
    assert world.outcome(number).outcome is None
    assert rounds(world) == (1, 0)
    assert rounds(world) == (0, 0)
    world.work()
    assert world.outcome(number).outcome == "registered"


def test_letters_without_a_job_leave_after_all(post: Post) -> None:
    """Somebody emptied the job table: receipts still wait for their seal, and everything leaves, each once."""
    post.sent()
    code, world = post.registered(402), post.world
    _lose_all_jobs(world)
    assert rounds(world) == (0, 1)
    post.sent()
    _lose_all_jobs(world)
    assert rounds(world) == (0, 0)
    assert {row.transport for row in post.letters(code)} == {"relayed"}
    assert all(row.attempts == 1 for row in post.letters(code))


def test_what_has_a_job_is_left_alone(post: Post) -> None:
    """A mail that waits its turn and a letter that is to be tried later have their jobs, and get no second one."""
    post.world.arrive(paper(403), [TO_DISTRICT])
    post.registered(404)
    post.world.arrive(paper(405), [TO_DISTRICT])
    assert rounds(post.world) == (0, 0)
    post.world.work()


def test_one_looks_at_a_time(world: World) -> None:
    """Two processes never give two jobs to one mail."""
    number = world.arrive(paper(406), [TO_DISTRICT])
    _lose_all_jobs(world)
    with world.office.database.transaction() as tx:
        assert strays.alone(tx)
        assert rounds(world)[0] == 0
    assert rounds(world)[0] == 1
    world.work()
    assert world.outcome(number).outcome == "registered"


def _lose_all_jobs(world: World) -> None:
    with world.office.database.transaction() as tx:
        tx.execute(sa.text("DELETE FROM procrastinate_jobs WHERE status IN ('todo', 'failed')"))
