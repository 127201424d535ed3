"""From an accepted mail to its outcome, with everything it entails: real parser, rules, PostgreSQL, queue and files."""

from __future__ import annotations

import threading
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.app import now
from gateway.work.orders import Orders
from gateway.work.scribe import HANOI
from gateway.work.sealer import seal_once
from mailmap.directory.address import Address, May
from mailmap.document.events import LetterRelayed, LetterTried
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import reading, register, seal
from storage.reading import Tracked
from storage.schema import awaiting_seal, letters
from tests.offices import CLERK, DISTRICT, DOMAIN, ODD, World, enter
from tests.pdf_files import PDF

TODAY = now().astimezone(HANOI).date()
TO_DISTRICT = f"haihau@{DOMAIN}"
TO_HAI_AN = f"haian.haihau@{DOMAIN}"


def paper(number: int, *, sender: str = CLERK, pdf: bytes = PDF, received: str = "") -> bytes:
    """A clerk's mail with a công văn."""
    mail = EmailMessage()
    mail["From"] = f"Văn thư <{sender}>"
    mail["To"] = TO_DISTRICT
    mail["Subject"] = f"Công văn số {number}/UBND-VP ngày {TODAY:%d/%m/%Y} V/v báo cáo tình hình thu hoạch lúa mùa"
    mail["Date"] = "Sat, 15 Oct 2016 09:00:00 +0700"
    mail["Message-ID"] = f"<{number}.{sender}>"
    mail.set_content("Kính gửi UBND huyện, xã gửi công văn kèm theo.\n")
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{number}-UBND-VP.pdf")
    mail.set_boundary("=-giay-to")
    trace = f"Received: from {received} by mx.example; Sat, 15 Oct 2016 09:00:01 +0700\r\n" if received else ""
    return trace.encode() + mail.as_bytes().replace(b"\n", b"\r\n")


def answer(words: str, *, sender: str = DISTRICT) -> bytes:
    """An answer in a few words."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["Subject"] = "Re: văn bản"
    mail["Message-ID"] = f"<{abs(hash((words, sender)))}@answers.example>"
    mail.set_content(words)
    return mail.as_bytes().replace(b"\n", b"\r\n")


def keyed(world: World, letter: int, purpose: Purpose = Purpose.REPLY) -> str:
    """The keyed address of a letter."""
    return f"{tokens.make(world.office.keys.token_key, purpose, letter)}@{DOMAIN}"


def story(world: World, code: str | None) -> Tracked:
    """All that is known of a document."""
    assert code is not None
    with world.office.database.transaction() as tx:
        return reading.track(tx, code)


def delivery_letter(world: World, code: str | None) -> int:
    """The letter that carries the document to its (only) recipient."""
    return next(one.id for one in story(world, code).letters if one.kind == "delivery")


def book(world: World, unit: str, direction: str) -> list[tuple[int, str, str, str]]:
    """The entries of a unit's book of this year."""
    with world.office.database.transaction() as tx:
        return reading.entries_of(tx, unit, direction, TODAY.year)


def test_a_clerks_mail_becomes_a_document_in_her_book(world: World) -> None:
    """One mail: a tracking code, her own number in the outgoing book, one delivery, one letter, one receipt."""
    mail = world.conclude(paper(45), [TO_DISTRICT])
    assert (mail.outcome, mail.rule) == ("registered", "correspondence"), mail
    found = story(world, mail.code)
    assert (found.document.symbol, found.document.issued) == ("45/UBND-VP", TODAY.isoformat())
    assert [(one.unit, one.handling) for one in found.deliveries] == [("haihau", "00")]
    assert [(one.kind, one.to) for one in found.letters] == [("delivery", DISTRICT), ("receipt", CLERK)]
    assert (45, "", "UBND-VP", mail.code) in book(world, "haiphuc.haihau", "out")


def test_an_answer_books_the_document_and_tells_the_sender(world: World) -> None:
    """The answer "đã nhận" gives the next số đến of the district, and both sides are told."""
    sent = world.conclude(paper(46), [TO_DISTRICT])
    reply = world.conclude(answer("Đã nhận."), [keyed(world, delivery_letter(world, sent.code))], sender=DISTRICT)
    assert reply.outcome == "reply", reply
    found = story(world, sent.code)
    assert found.deliveries[0].handling == "03"
    assert found.deliveries[0].number is not None
    assert (found.deliveries[0].number, "", "", sent.code) in book(world, "haihau", "in")
    told = world.written(str(sent.code), "handled")
    assert [row.to for row in told] == [CLERK]
    assert [row.to for row in world.written(str(sent.code), "answer-recorded")] == [DISTRICT]


def test_a_second_answer_gives_no_second_number(world: World) -> None:
    """Saying it twice changes nothing in the book."""
    sent = world.conclude(paper(47), [TO_DISTRICT])
    address = keyed(world, delivery_letter(world, sent.code))
    world.conclude(answer("đã nhận"), [address], sender=DISTRICT)
    before = book(world, "haihau", "in")
    again = world.conclude(answer("đã tiếp nhận"), [address], sender=DISTRICT)
    assert again.outcome == "reply"
    assert book(world, "haihau", "in") == before


def test_the_bearer_of_a_token_alone_cannot_answer(world: World) -> None:
    """Lesson 34: who is not of the receiving unit is held, whatever address he knows."""
    sent = world.conclude(paper(48), [TO_DISTRICT])
    address = keyed(world, delivery_letter(world, sent.code))
    for sender in (CLERK, "someone@elsewhere.example"):
        assert world.conclude(answer("đã nhận", sender=sender), [address], sender=sender).outcome == "held"
    assert story(world, sent.code).deliveries[0].handling == "00"


def test_the_same_mail_twice_is_one_document(world: World) -> None:
    """Lesson 3: the same octets under other trace fields are the same mail; nothing doubles."""
    first = world.conclude(paper(49), [TO_DISTRICT])
    second = world.conclude(paper(49, received="relay.example"), [TO_DISTRICT])
    assert (second.outcome, second.code) == ("duplicate", first.code)
    assert len(story(world, first.code).deliveries) == 1


def test_a_copy_for_another_unit_adds_a_delivery(world: World) -> None:
    """Lesson 15: an MTA that splits recipients over transactions makes one document with two deliveries."""
    first = world.conclude(paper(50), [TO_DISTRICT])
    second = world.conclude(paper(50, received="relay.example"), [TO_HAI_AN])
    assert second.code == first.code
    assert [one.unit for one in story(world, first.code).deliveries] == ["haihau", "haian.haihau"]
    third = world.conclude(paper(50, received="other.example"), [TO_HAI_AN])
    assert third.outcome == "duplicate"


def test_two_copies_at_once_are_one_document(world: World) -> None:
    """Two workers with two copies of one mail at the same time: one document, two deliveries."""
    numbers = [world.arrive(paper(51), [TO_DISTRICT]), world.arrive(paper(51, received="b.example"), [TO_HAI_AN])]
    threads = [threading.Thread(target=world.work) for _ in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = {world.outcome(number).code for number in numbers}
    assert len(codes) == 1
    assert len(story(world, codes.pop()).deliveries) == 2


def test_a_batch_holds_mails_apart_that_disturb_each_other(world: World) -> None:
    """One job with copies and equal numbers: the first wins, the others find it."""
    numbers = [
        world.arrive(paper(52), [TO_DISTRICT]),
        world.arrive(paper(52, received="b.example"), [TO_DISTRICT]),
        world.arrive(paper(52, pdf=PDF + b"other"), [TO_DISTRICT]),
    ]
    world.work()
    assert [world.outcome(number).outcome for number in numbers] == ["registered", "duplicate", "refused"]


def test_a_number_stands_once_in_the_outgoing_book(world: World) -> None:
    """Another paper under the same number is refused, and the sender is told which document holds it."""
    first = world.conclude(paper(53), [TO_DISTRICT])
    second = world.conclude(paper(53, pdf=PDF + b"%other"), [TO_DISTRICT])
    assert (second.outcome, second.rule) == ("refused", "number-taken")
    with world.office.database.transaction() as tx:
        newest = tx.execute(sa.select(letters).order_by(letters.c.id.desc()).limit(1)).one()
    assert (newest.to, newest.spec["template"]) == (CLERK, "number-taken")
    assert newest.spec["facts"]["code"] == first.code


def test_a_stranger_waits_in_the_pen_until_mapped(world: World) -> None:
    """Held, nobody told; once the address is mapped the mail goes on by itself."""
    stranger = "vanthu.moi@haian.example"
    held = world.conclude(paper(54, sender=stranger), [TO_DISTRICT], sender=stranger)
    assert (held.outcome, held.rule) == ("held", "unmapped-sender")
    with world.office.database.transaction() as tx:
        enter(tx, [], [Address(stranger, "haian.haihau", frozenset({May.SEND}), valid_from=ODD)])
    orders = Orders(world.office.database, world.office.desk, "admin", now())
    assert list(orders.release_from(stranger)) == [held.spool_id]
    world.work()
    assert world.outcome(held.spool_id).outcome == "registered"


def test_an_unproven_sender_is_held_and_a_person_may_let_it_go_on(world: World) -> None:
    """The From field alone proves nothing; an operator's release does, and stands in the journal."""
    held = world.conclude(paper(55), [TO_DISTRICT], trusted=False)
    assert held.outcome == "held"
    Orders(world.office.database, world.office.desk, "admin", now()).release(held.spool_id)
    world.work()
    assert world.outcome(held.spool_id).outcome == "registered"


def test_a_bounce_comes_back_to_its_letter(world: World) -> None:
    """A DSN to the return path fails the letter and tells the sender of the document plainly."""
    sent = world.conclude(paper(56), [TO_DISTRICT])
    letter = delivery_letter(world, sent.code)
    _relay(world, letter)
    bounce = (
        b"From: <mailer-daemon@haihau.namdinh.example>\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; " + DISTRICT.encode() + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b--\r\n"
    )
    report = world.conclude(bounce, [keyed(world, letter, Purpose.RETURN)], sender=None)
    assert report.outcome == "report", report
    assert next(one for one in story(world, sent.code).letters if one.id == letter).transport == "failed"
    assert [row.to for row in world.written(str(sent.code), "delivery-failed")] == [CLERK]


def test_receipts_wait_for_their_seal(world: World) -> None:
    """Until the journal rows a receipt tells of are chained, it is not handed to the dispatcher."""
    sent = world.conclude(paper(57), [TO_DISTRICT])
    receipt = next(one.id for one in story(world, sent.code).letters if one.kind == "receipt")
    waiting = sa.select(awaiting_seal.c.letter)
    with world.office.database.transaction() as tx:
        assert receipt in tx.execute(waiting).scalars().all()
    while seal_once(world.office.database, world.office.jobs, now()):
        continue
    with world.office.database.transaction() as tx:
        assert receipt not in tx.execute(waiting).scalars().all()
        assert seal.verify(tx).holds


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0\xff" * 100, b"From: ((((((((((\r\n\r\nx", b"Subject: x\r\n\r\n", b"From: a@b\r\nFrom: c@d\r\n\r\n"],
)
def test_every_mail_has_an_outcome(world: World, raw: bytes) -> None:
    """Lessons 1 and 17: nothing is unprocessable; what nobody understands is held, and the next mail goes on."""
    assert world.conclude(raw, [TO_DISTRICT]).outcome in {"held", "refused", "ignored"}


def test_a_mail_whose_octets_are_gone_ends_as_a_dead_letter(world: World) -> None:
    """What fails every time is tried alone, counted, and put aside; the others of its job are registered."""
    lost = world.arrive(paper(60), [TO_DISTRICT])
    good = world.arrive(paper(61), [TO_DISTRICT])
    with world.office.database.transaction() as tx:
        blob = tx.execute(sa.text("SELECT blob FROM mails WHERE spool_id = :s"), {"s": lost}).scalar_one()
    for path in Path(world.office.state.blobs).rglob(f"*{blob[4:]}*"):
        path.unlink()
    tasks = world.office.worker().tasks()
    for _ in range(8):
        world.office.jobs.run_until_empty(tasks, ahead=timedelta(days=1))
    assert world.outcome(good).outcome == "registered"
    assert world.outcome(lost).outcome == "dead-letter"


def test_after_all_this_register_and_journal_agree(world: World) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert world.unlike_its_journal() == []


def _relay(world: World, letter: int) -> None:
    """The letter has left: as the dispatcher would write it."""
    with world.office.database.transaction() as tx:
        document = tx.execute(sa.select(letters.c.document).where(letters.c.id == letter)).scalar_one()
        stamp = now().isoformat()
        told = [LetterTried(document, letter, 1, stamp), LetterRelayed(document, letter, 1, stamp, "2.0.0", "ok")]
        register.record(tx, world.office.vault, told, actor="test", at=now())
