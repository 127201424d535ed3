"""A worker that was taken for dead and was only slow: its mails were given to another, and both come to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from mailmap.directory.answers import Directory
from storage.schema import journal, letters, mails
from tests.gateway.work.posting import TO_DISTRICT, paper
from tests.offices import CLERK, World

CHAT = f"From: {CLERK}\r\nSubject: Alo\r\nMessage-ID: <alo@haiphuc.example>\r\n\r\nKhoe khong?\r\n".encode()


def told(world: World) -> int:
    """How many notices were written to the clerk."""
    query = sa.select(sa.func.count()).where(letters.c.kind == "notice", letters.c.to == CLERK)
    with world.office.database.transaction() as tx:
        return int(tx.execute(query).scalar_one())


def conclusions(world: World, number: str) -> list[str]:
    """The outcomes the journal has of a mail."""
    query = sa.select(journal.c.body["outcome"].astext).where(journal.c.body["mail"].astext == number)
    with world.office.database.transaction() as tx:
        return list(tx.execute(query.where(journal.c.kind == "MailConcluded")).scalars())


@pytest.mark.parametrize(("raw", "outcome", "notices"), [(paper(311), "registered", 0), (CHAT, "refused", 1)])
def test_an_overtaken_worker_concludes_nothing(world: World, raw: bytes, outcome: str, notices: int) -> None:
    """The other one's outcome stands: the journal has no second one, and the sender is not told twice."""
    number = world.arrive(raw, [TO_DISTRICT])
    with world.office.database.transaction() as tx:
        mail = tx.execute(sa.select(mails.c.id).where(mails.c.spool_id == number)).scalar_one()
    before = told(world)

    def slowly() -> Directory:
        world.office.worker().register([mail])
        return world.office.directory()

    replace(world.office.worker(), directory=slowly).register([mail])
    assert conclusions(world, number) == [outcome]
    assert world.outcome(number).outcome == outcome
    assert told(world) == before + notices
