"""The legal books: whose number, of which year, and what a sender can still add."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from mailmap.directory.unit import Unit, UnitKind
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import reading
from tests.offices import CLERK, DOMAIN, ODD, World, enter
from tests.pdf_files import PDF

HAI_AN = "vanthu.haian@haihau.namdinh.example"
TO_DISTRICT, TO_QUICK = f"haihau@{DOMAIN}", f"quick@{DOMAIN}"
NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # midnight in Hà Nội
LAST_SECOND = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _quick(world: World) -> None:
    """A unit that accepts by itself."""
    quick = Unit("quick", "Công ty Nhanh", UnitKind.BUSINESS, "quick", accepts_itself=True, valid_from=ODD)
    with world.office.database.transaction() as tx:
        enter(tx, [quick])


def paper(subject: str, *, sender: str = CLERK) -> bytes:
    """A clerk's mail with a document under that subject."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    mail.set_content("Kính gửi quý cơ quan.\n")
    mail.add_attachment(PDF + subject.encode(), maintype="application", subtype="pdf", filename="van-ban.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def concluded_at(world: World, moment: datetime, raw: bytes, *to: str) -> str:
    """The mail comes and is worked on at that moment; the tracking code of its document."""
    world.clock.now = moment
    ended = world.conclude(raw, to)
    assert ended.code is not None, ended
    return ended.code


def book(world: World, unit: str, direction: str, year: int) -> list[tuple[int, str, str]]:
    """Number, notation and tracking code of each entry."""
    with world.office.database.transaction() as tx:
        return [(n, notation, code) for n, _, notation, code in reading.entries_of(tx, unit, direction, year)]


def test_the_book_year_turns_at_midnight_in_ha_noi(world: World) -> None:
    """Số đến: the last second of the year is still in the old book, the next one begins the new book with 1."""
    old = [
        concluded_at(world, LAST_SECOND, paper(f"Công văn số {n}/UBND-VP ngày 31/12/2026 V/v tổng kết năm"), TO_QUICK)
        for n in (701, 702)
    ]
    new = concluded_at(world, NEW_YEAR, paper("Công văn số 703/UBND-VP ngày 31/12/2026 V/v tổng kết năm"), TO_QUICK)
    assert book(world, "quick", "in", 2026) == [(1, "", old[0]), (2, "", old[1])]
    assert book(world, "quick", "in", 2027) == [(1, "", new)]


def test_a_documents_own_date_chooses_its_book(world: World) -> None:
    """Văn bản đi: what was signed on 31 December stands in that year's book, whenever it is sent."""
    code = concluded_at(world, NEW_YEAR, paper("Công văn số 704/UBND-VP ngày 31/12/2026 V/v tổng kết năm"), TO_DISTRICT)
    assert (704, "UBND-VP", code) in book(world, "haiphuc.haihau", "out", 2026)
    assert 704 not in [number for number, *_ in book(world, "haiphuc.haihau", "out", 2027)]


def test_two_offices_may_use_one_number(world: World) -> None:
    """12/UBND-VP of one commune is not 12/UBND-VP of another; both stand in their own books."""
    raws = {
        sender: paper("Công văn số 12/UBND-VP ngày 30/12/2026 V/v họp", sender=sender) for sender in (CLERK, HAI_AN)
    }
    first, second = (concluded_at(world, LAST_SECOND, raw, TO_DISTRICT) for raw in raws.values())
    assert (12, "UBND-VP", first) in book(world, "haiphuc.haihau", "out", 2026)
    assert (12, "UBND-VP", second) in book(world, "haian.haihau", "out", 2026)


def test_the_sender_adds_what_was_missing(world: World) -> None:
    """Without its date a number is in no book; the answer to the receipt brings it there, and a fresh receipt comes."""
    code = concluded_at(
        world, LAST_SECOND, paper("Công văn số 705/UBND-VP V/v diễn tập phòng chống lụt bão"), TO_DISTRICT
    )
    assert book(world, "haiphuc.haihau", "out", 2026).count((705, "UBND-VP", code)) == 0
    (receipt,) = world.written(code, "registered")
    key = tokens.make(world.office.keys.token_key, Purpose.REPLY, receipt.id)
    answer = f"From: {CLERK}\r\nSubject: Re: x\r\n\r\nNgày: 29/12/2026\r\n".encode()
    assert concluded_at(world, LAST_SECOND, answer, f"{key}@{DOMAIN}") == code
    assert (705, "UBND-VP", code) in book(world, "haiphuc.haihau", "out", 2026)
    assert len(world.written(code, "registered")) == 2


def test_after_all_this_register_and_journal_agree(world: World) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert world.unlike_its_journal() == []
