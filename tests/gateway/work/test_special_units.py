"""Units with ways of their own: they accept by themselves, keep their own book, or have no mailbox yet."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.app import now
from mailmap.directory.unit import Unit, UnitKind
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import reading
from storage.directory_history import Signature, remember
from storage.schema import mails
from tests.gateway.work.posting import Post, paper, words
from tests.offices import CLERK, DOMAIN, ODD, World, enter

QUICK, AGAIN = f"quick@{DOMAIN}", f"quick2@{DOMAIN}"
OWN, MUTE = f"own@{DOMAIN}", f"mute@{DOMAIN}"
CONTACT = "vanthu.haian@haihau.namdinh.example"


@pytest.fixture(scope="module", autouse=True)
def _units(world: World) -> None:
    """Two that accept by themselves, one of them with its own book, one that only keeps its own book, one mute."""
    special = (("quick", True, True, CONTACT), ("quick2", True, False, CONTACT), ("own", False, False, CONTACT))
    every = [
        Unit(id_, f"Đơn vị {id_}", UnitKind.BUSINESS, id_, None, to, book=book, accepts_itself=by, valid_from=ODD)
        for id_, by, book, to in (*special, ("mute", False, True, ""))
    ]
    with world.office.database.transaction() as tx:
        enter(tx, every)


def states(world: World, code: str | None) -> list[tuple[str, str, int | None]]:
    """Unit, handling and number of each delivery."""
    assert code is not None
    with world.office.database.transaction() as tx:
        return [(one.unit, one.handling, one.number) for one in reading.track(tx, code).deliveries]


def test_who_accepts_automatically_is_told_the_number_and_so_is_the_sender(post: Post) -> None:
    """03 and the số đến at once; the receipt and the delivery say so, and nobody is asked to say "đã nhận"."""
    mail = post.world.conclude(paper(501), [QUICK, AGAIN])
    assert states(post.world, mail.code) == [("quick", "03", 1), ("quick2", "03", None)]
    post.sent()
    (receipt,) = post.about(CLERK, mail.code)
    assert "Đơn vị quick – 1/" in words(receipt)
    assert "Đơn vị quick2." in words(receipt)
    first, second = post.about(CONTACT, mail.code)
    assert "số đến 1 năm" in words(first)
    assert "số đến" not in words(second)
    assert not any("Đã nhận" in words(each) for each in (first, second))


def test_several_mails_of_one_job_number_one_book(world: World) -> None:
    """Numbers given in one transaction follow each other; no mail of the job has to be tried again."""
    numbers = [world.arrive(paper(number), [QUICK]) for number in (502, 503, 504)]
    with world.office.database.transaction() as tx:
        ids = (
            tx.execute(sa.select(mails.c.id).where(mails.c.spool_id.in_(numbers)).order_by(mails.c.id)).scalars().all()
        )
    world.office.worker().register(ids)
    rows = [world.outcome(number) for number in numbers]
    assert [(row.outcome, row.attempts) for row in rows] == [("registered", 1)] * 3
    assert [states(world, row.code)[0][2] for row in rows] == [2, 3, 4]
    world.work()


def test_a_unit_with_its_own_book_gets_no_number_of_ours(post: Post) -> None:
    """It answers "đã nhận": 03 without a number, and letters that speak of none."""
    mail = post.world.conclude(paper(505), [OWN])
    letter = post.delivery(mail.code).id
    key = tokens.make(post.world.office.keys.token_key, Purpose.REPLY, letter)
    _map(post.world, CONTACT, "own")
    reply = f"From: {CONTACT}\r\nSubject: Re: x\r\n\r\nĐã nhận\r\n".encode()
    assert post.world.conclude(reply, [f"{key}@{DOMAIN}"], sender=CONTACT).outcome == "reply"
    assert states(post.world, mail.code) == [("own", "03", None)]
    post.sent()
    told = post.about(CLERK, mail.code)[-1]
    assert "số đến" not in words(told)
    assert "None" not in words(told)


def test_the_sender_learns_who_has_no_mailbox(post: Post) -> None:
    """The delivery is open, nothing was sent, and the receipt says to whom."""
    mail = post.world.conclude(paper(506), [MUTE])
    assert states(post.world, mail.code) == [("mute", "00", None)]
    post.sent()
    (receipt,) = post.about(CLERK, mail.code)
    assert "Chưa chuyển được đến Đơn vị mute" in words(receipt)


def test_later_recipients_are_told_of_in_the_same_words(post: Post) -> None:
    """A copy that adds recipients: who accepted by itself, who could not be reached."""
    raw = paper(507)
    first = post.world.conclude(raw, [OWN])
    second = post.world.conclude(b"Received: from b.example by c.example; x\r\n" + raw, [QUICK, MUTE])
    assert second.code == first.code
    post.sent()
    told = words(post.about(CLERK, first.code)[-1])
    assert "Đơn vị quick – 5/" in told
    assert "Chưa chuyển được đến Đơn vị mute" in told


def _map(world: World, address: str, unit: str) -> None:
    with world.office.database.transaction() as tx:
        tx.execute(
            sa.text("UPDATE addresses SET unit = :unit WHERE address = :address"), {"unit": unit, "address": address}
        )
        remember(tx, [], Signature("admin", "mới", now()))
