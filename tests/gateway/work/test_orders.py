"""What a person orders about letters and dead letters, and what follows when a unit gets a mailbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.app import now
from gateway.work.orders import NotNow, Orders, send_unsent
from gateway.work.scribe import Scribe
from mailmap.directory.unit import Unit, UnitKind
from mailmap.policy.lifecycle import Transport
from storage.directory_history import Signature, remember
from storage.incoming import UnknownMail
from storage.schema import mails, units
from tests.gateway.work.posting import HAI_AN, TO_DISTRICT, TO_HAI_AN, Post, opened_post, paper, words
from tests.offices import DISTRICT, DOMAIN, ODD, World, enter

NEW = "vanthu@namdinh.example"


@pytest.fixture(scope="module")
def post(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """One post for the tests of this module; nobody has a mailbox for Hải An's address."""
    with opened_post(world, tmp_path_factory.mktemp("outside"), missing=(HAI_AN,)) as one:
        yield one


def orders(world: World) -> Orders:
    """The administrator's orders, now."""
    return Orders(world.office.database, world.office.desk, "admin", now())


def moved(world: World, unit: str, contact: str) -> Unit:
    """The unit has another mailbox from now on."""
    with world.office.database.transaction() as tx:
        tx.execute(units.update().where(units.c.id == unit).values(contact=contact))
        remember(tx, [], Signature("admin", "sửa", now()))
    found = world.office.directory().unit(unit, now().date())
    assert found is not None
    return found


def test_a_letter_tried_again_goes_to_the_mailbox_the_unit_has_now(post: Post) -> None:
    """The address was wrong; once it is mended, the order sends the paper there; the failure stays on record."""
    code = post.world.conclude(paper(602), [TO_HAI_AN]).code
    post.sent()
    failed = post.delivery(code)
    assert failed.transport == "failed"
    moved(post.world, "haian.haihau", NEW)
    fresh = orders(post.world).retry(failed.id, post.world.office.directory())
    post.sent()
    states = {row.id: (row.to, row.transport) for row in post.letters(code) if row.kind == "delivery"}
    assert states == {failed.id: (HAI_AN, "failed"), fresh: (NEW, "relayed")}
    (mail,) = post.about(NEW, code)
    assert "Xin mở tệp kèm theo" in words(mail)


def test_what_does_not_fit_is_refused_with_the_state(post: Post) -> None:
    """Nothing is sent twice by mistake: a letter that has left is neither tried again nor stopped."""
    code = post.registered(603)
    post.sent()
    letter = post.delivery(code).id
    with pytest.raises(NotNow) as refusal:
        orders(post.world).retry(letter, post.world.office.directory())
    assert refusal.value.state is Transport.RELAYED
    with pytest.raises(NotNow):
        orders(post.world).cancel(letter)
    assert len(post.about(DISTRICT, code)) == 1


def test_documents_that_waited_for_a_mailbox_leave_when_it_is_known(post: Post) -> None:
    """Each once, to the unit that had none; what was sent before is not sent again."""
    world = post.world
    with world.office.database.transaction() as tx:
        enter(tx, [Unit("new", "Công ty Mới", UnitKind.BUSINESS, "new", valid_from=ODD)])
    codes = [world.conclude(paper(number), [f"new@{DOMAIN}"]).code for number in (604, 605)]
    unit = moved(world, "new", NEW)
    for expected in (2, 0):
        with world.office.database.transaction() as tx:
            assert send_unsent(Scribe(tx, world.office.desk, now()), [unit], "admin") == expected
    post.sent()
    assert [len(post.about(NEW, code)) for code in codes] == [1, 1]


def test_a_dead_letter_is_tried_again_by_order(post: Post) -> None:
    """What our own defect put aside can go on once it is mended; it is no better proven than it was."""
    world = post.world
    number = world.arrive(paper(606), [TO_DISTRICT], trusted=False)
    with world.office.database.transaction() as tx:
        tx.execute(mails.update().where(mails.c.spool_id == number).values(attempts=99))
    world.work()
    assert world.outcome(number).outcome == "dead-letter"
    orders(world).release(number)
    world.work()
    assert (world.outcome(number).outcome, world.outcome(number).rule) == ("held", "unproven-sender")
    orders(world).release(number)
    world.work()
    assert world.outcome(number).outcome == "registered"
    with pytest.raises(UnknownMail):
        orders(world).release(number)


def test_after_all_this_register_and_journal_agree(post: Post) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert post.world.unlike_its_journal() == []
