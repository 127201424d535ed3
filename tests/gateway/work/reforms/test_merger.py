"""The day of a merger: the same address before and after it, documents under way on it, answers to old documents."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from gateway.work.orders import Orders
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage.schema import journal
from tests.gateway.work.posting import Post, words
from tests.gateway.work.reform import (
    AFTER,
    EVE,
    FIRST_MINUTE,
    LAST_MINUTE,
    NEW,
    OLD,
    TO_DISTRICT,
    TO_NEW,
    TO_OLD,
    TO_TOWN,
    TO_TWIN,
    TOWN,
    TWIN,
    answered,
    book,
    booked_dead,
    paper,
    sent,
    story,
    units,
)
from tests.offices import CLERK, DISTRICT, DOMAIN

NOTE = (
    "UBND xã Hải Lộc nay là UBND xã Hải Hưng, từ ngày 01/07/2025 theo NQ 1674/NQ-UBTVQH15; "
    "văn bản được chuyển tới UBND xã Hải Hưng."
)


def test_an_address_reaches_the_old_unit_before_and_its_successor_after(post: Post) -> None:
    """The same address; after the day the receipt says plainly who has taken the place, in text and HTML."""
    world = post.world
    before = sent(world, EVE, paper(801, "29/06/2025"), [TO_OLD]).code
    after = sent(world, AFTER, paper(802, "01/07/2025"), [TO_OLD]).code
    assert (units(world, before), units(world, after)) == (["hailoc"], ["haihung"])
    post.sent()
    assert (len(post.about(OLD, before)), len(post.about(NEW, before))) == (1, 0)
    assert (len(post.about(OLD, after)), len(post.about(NEW, after))) == (0, 1)
    assert "nay là" not in words(post.about(CLERK, before)[0])
    (receipt,) = post.about(CLERK, after)
    for part in ("plain", "html"):
        body = receipt.get_body((part,))
        assert body is not None
        assert NOTE in " ".join(str(body.get_content()).split())
    assert "Văn bản được gửi tới UBND xã Hải Lộc; UBND xã Hải Hưng nay nhận thay." in words(post.about(NEW, after)[0])


def test_a_mail_of_the_last_minute_keeps_its_sender_and_reaches_who_lives(post: Post) -> None:
    """Accepted at 23:59, worked on at 00:01: the old unit sent it, out of its own book; the successor receives it."""
    world = post.world
    ended = sent(world, LAST_MINUTE, paper(803, "30/06/2025", sender=OLD), [TO_TWIN, TO_DISTRICT], FIRST_MINUTE)
    assert story(world, ended.code).document.origin == "hailoc"
    assert units(world, ended.code) == ["haihung", "haihau"]
    assert (803, ended.code) in book(world, "hailoc", "out")
    assert book(world, "haihung", "out") == []
    post.sent()
    assert "UBND xã Hải Lộc gửi UBND huyện Hải Hậu" in words(post.about(DISTRICT, ended.code)[0])
    assert "UBND xã Hải Nam nay là UBND xã Hải Hưng" in words(post.about(OLD, ended.code)[0])


def test_an_address_given_anew_means_its_bearer_of_that_day(post: Post) -> None:
    """What was written to the old Hải An in its last minute goes to its successor, not to the new Hải An."""
    world, to = post.world, [f"haian@{DOMAIN}"]
    late = sent(world, LAST_MINUTE, paper(820, "30/06/2025"), to, FIRST_MINUTE)
    after = sent(world, FIRST_MINUTE, paper(821, "30/06/2025"), to)
    assert (units(world, late.code), units(world, after.code)) == (["haihung"], ["haian-moi"])


@pytest.mark.parametrize(("number", "at"), [(822, LAST_MINUTE), (823, AFTER)])
def test_an_old_name_in_the_text_reaches_the_successor_with_a_note(post: Post, number: int, at: datetime) -> None:
    """At the general intake address: the name that was written, and who answers to it now."""
    worked = max(at, FIRST_MINUTE)
    raw = paper(number, "30/06/2025", to="UBND xã Hải Lộc; UBND huyện Hải Hậu")
    code = sent(post.world, at, raw, [f"vanban@{DOMAIN}"], worked).code
    assert units(post.world, code) == ["haihung", "haihau"]
    post.sent()
    assert NOTE in " ".join(words(post.about(CLERK, code)[0]).split())
    assert "Văn bản được gửi tới UBND xã Hải Lộc" in words(post.about(NEW, code)[0])
    assert "nay nhận thay" not in words(post.about(DISTRICT, code)[-1])


def test_a_copy_to_oneself_is_none_though_a_merger_came_between(post: Post) -> None:
    """Who sent to himself in the last minute has sent to himself; who sent to his twin has not."""
    world = post.world
    own = sent(world, LAST_MINUTE, paper(804, "30/06/2025", sender=OLD), [TO_OLD], FIRST_MINUTE)
    assert own.rule == "to-itself"
    both = sent(world, LAST_MINUTE, paper(805, "30/06/2025", sender=OLD), [TO_OLD, TO_TWIN], FIRST_MINUTE)
    assert units(world, both.code) == ["haihung"]


@pytest.mark.parametrize(("number", "by"), [(806, OLD), (807, NEW), (808, TWIN)])
def test_what_the_old_unit_got_is_taken_into_the_successors_book(post: Post, number: int, by: str) -> None:
    """From the old mailbox, the new one or the twin's: one unit answers now, its book takes it, the journal says so."""
    world = post.world
    code = sent(world, EVE, paper(number, "29/06/2025"), [TO_OLD]).code
    ended = answered(world, AFTER, post.delivery(code), "Đã nhận", by=by)
    assert (ended.outcome, ended.code) == ("reply", code), ended
    (delivery,) = story(world, code).deliveries
    assert (delivery.unit, delivery.handling) == ("hailoc", "03")
    assert (delivery.number, code) in book(world, "haihung", "in")
    assert book(world, "hailoc", "in") == []
    query = sa.select(journal.c.body["unit"].astext).where(
        journal.c.kind == "DeliveryAccepted", journal.c.document == story(world, code).document.id
    )
    with world.office.database.transaction() as tx:
        assert tx.execute(query).scalars().all() == ["haihung"]
    post.sent()
    told = words(post.about(CLERK, code)[-1])
    assert f"UBND xã Hải Hưng (trước là UBND xã Hải Lộc) đã nhận Công văn số {number}/UBND-VP" in told
    recorded = words(post.about(by, code)[-1])
    assert "Đơn vị ấy nay là UBND xã Hải Hưng, nên văn bản vào sổ của UBND xã Hải Hưng." in recorded


def test_an_answer_of_the_last_minute_is_the_old_clerks_and_the_new_units(post: Post) -> None:
    """She spoke in time for her unit; its book was closed when her answer was read, so the successor's takes it."""
    world = post.world
    code = sent(world, EVE, paper(809, "29/06/2025"), [TO_OLD]).code
    stranger = answered(world, LAST_MINUTE, post.delivery(code), "Đã nhận", by=TWIN, worked=FIRST_MINUTE)
    assert stranger.rule == "answer-by-stranger"  # Hải Nam was another unit when it wrote
    assert answered(world, LAST_MINUTE, post.delivery(code), "Đã nhận", by=OLD, worked=FIRST_MINUTE).outcome == "reply"
    assert (story(world, code).deliveries[0].number, code) in book(world, "haihung", "in")
    assert book(world, "hailoc", "in") == []


def test_sender_and_receiver_that_became_one_unit_still_settle_their_paper(post: Post) -> None:
    """What Hải Lộc had sent to Hải Nam is taken by Hải Hưng, which has also sent it."""
    world = post.world
    code = sent(world, EVE, paper(810, "29/06/2025", sender=OLD), [TO_TWIN]).code
    assert answered(world, AFTER, post.delivery(code), "Đang xử lý", by=NEW).outcome == "reply"
    assert story(world, code).deliveries[0].handling == "05"
    (handled, *_) = world.written(str(code), "handled")
    again = answered(world, AFTER + timedelta(hours=1), handled, "Hoàn thành", by=NEW)
    assert story(world, code).deliveries[0].handling == "05", again  # the sender does not answer for the receiver
    assert answered(world, AFTER, post.delivery(code), "Hoàn thành", by=TWIN).outcome == "reply"
    assert story(world, code).deliveries[0].handling == "06"


def test_a_letter_queued_before_midnight_leaves_after_it(post: Post) -> None:
    """What was written to the old mailbox goes there."""
    code = sent(post.world, LAST_MINUTE, paper(811, "30/06/2025"), [TO_OLD]).code
    post.world.clock.now = AFTER
    post.sent()
    assert (post.delivery(code).transport, len(post.about(OLD, code))) == ("relayed", 1)


def test_what_bounced_off_the_old_mailbox_is_sent_to_the_successors(post: Post) -> None:
    """The old mailbox refuses later: the sender is told, and the letter tried again goes to the heir's mailbox."""
    world = post.world
    code = sent(world, EVE, paper(812, "29/06/2025"), [TO_OLD]).code
    post.sent()
    token = tokens.make(world.office.keys.token_key, Purpose.RETURN, int(post.delivery(code).id))
    sent(world, AFTER, _bounce(OLD), [f"{token}@{DOMAIN}"])
    failed = post.delivery(code)
    assert failed.transport == "failed"
    orders = Orders(world.office.database, world.office.desk, "admin", AFTER)
    fresh = orders.retry(int(failed.id), world.office.directory())
    post.sent()
    assert {row.id: row.to for row in post.letters(code) if row.kind == "delivery"} == {failed.id: OLD, fresh: NEW}
    (mail,) = post.about(NEW, code)
    assert "UBND xã Hải Phúc gửi UBND xã Hải Hưng" in words(mail)
    assert answered(world, AFTER, next(r for r in post.letters(code) if r.id == fresh), "Đã nhận", by=NEW).code == code
    assert (story(world, code).deliveries[0].number, code) in book(world, "haihung", "in")


def _bounce(address: str) -> bytes:
    """What a server says of a mailbox that is gone."""
    return (
        "From: <mailer-daemon@hh.example>\r\nSubject: failed\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt is gone.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()


def test_the_answer_to_an_old_document_goes_to_who_took_its_authors_place(post: Post) -> None:
    """Old number and old author, as they stand on the paper; the mail goes to the successor's mailbox."""
    world = post.world
    code = sent(world, EVE, paper(813, "29/06/2025", sender=OLD), [TO_DISTRICT]).code
    assert answered(world, AFTER, post.delivery(code), "Đã nhận").outcome == "reply"
    post.sent()
    assert len(post.about(OLD, code)) == 1  # the receipt of that day
    (told,) = post.about(NEW, code)
    assert "UBND huyện Hải Hậu đã nhận Công văn số 813/UBND-VP ngày 29/06/2025" in words(told)
    assert "Nơi gửi: UBND xã Hải Lộc" in words(told)
    assert told["To"].addresses[0].display_name == "UBND xã Hải Hưng"


def test_the_successor_completes_what_the_old_unit_left_open(post: Post) -> None:
    """Its clerk answers the old receipt; the number stands in the book of the unit that lived on the paper's day."""
    world = post.world
    code = sent(world, EVE, paper(814, "", sender=OLD), [TO_DISTRICT]).code
    (receipt,) = world.written(str(code), "registered")
    assert answered(world, AFTER, receipt, "Ngày: 27/06/2025", by=NEW).rule == "answer-completes"
    assert (814, code) in book(world, "hailoc", "out")


def test_a_number_of_the_old_unit_does_not_block_its_successor(post: Post) -> None:
    """45 of Hải Lộc and 45 of Hải Hưng are two documents in two books; 45 of Hải Lộc twice is one too many."""
    world = post.world
    old = sent(world, EVE, paper(45, "27/06/2025", sender=OLD), [TO_DISTRICT]).code
    new = sent(world, AFTER, paper(45, "01/07/2025", sender=NEW), [TO_DISTRICT]).code
    assert ((45, old) in book(world, "hailoc", "out"), (45, new) in book(world, "haihung", "out")) == (True, True)
    assert sent(world, AFTER, paper(45, "28/06/2025", sender=OLD), [TO_DISTRICT]).rule == "number-taken"


def test_an_old_paper_sent_late_stands_in_the_old_book(post: Post) -> None:
    """Signed before the day and mailed after it from the old mailbox: the unit that signed it lived on that day."""
    world = post.world
    code = sent(world, AFTER, paper(815, "28/06/2025", sender=OLD), [TO_DISTRICT]).code
    assert story(world, code).document.origin == "haihung"
    assert (815, code) in book(world, "hailoc", "out")


def test_a_paper_older_than_its_sender_is_in_no_book_until_its_day_is_told(post: Post) -> None:
    """Hải Hưng signed nothing in June: the receipt says so and asks, and the answer brings it into the book."""
    world = post.world
    code = sent(world, AFTER, paper(816, "28/06/2025", sender=NEW), [TO_DISTRICT]).code
    assert 816 not in [number for unit in ("hailoc", "hainam", "haihung") for number, _ in book(world, unit, "out")]
    post.sent()
    (receipt,) = post.about(NEW, code)
    assert (
        "Số 816/UBND-VP chưa vào sổ văn bản đi: văn bản ghi ngày 28/06/2025, khi ấy chưa có UBND xã Hải Hưng."
        in " ".join(words(receipt).split())
    )
    (letter,) = world.written(str(code), "registered")
    assert answered(world, AFTER, letter, "Ngày: 02/07/2025", by=NEW).rule == "answer-completes"
    assert (816, code) in book(world, "haihung", "out")


def test_a_unit_that_was_renamed_keeps_its_books(post: Post) -> None:
    """Numbers go on without a gap; from the day on the receipts say the new name."""
    world = post.world
    old = sent(world, EVE, paper(817, "29/06/2025"), [TO_TOWN]).code
    new = sent(world, AFTER, paper(818, "01/07/2025"), [TO_TOWN]).code
    for at, code in ((EVE, old), (AFTER, new)):
        assert answered(world, at, post.delivery(code), "Đã nhận", by=TOWN).outcome == "reply"
    assert book(world, "thinhlong", "in") == [(1, old), (2, new)]
    post.sent()
    assert "UBND thị trấn Thịnh Long đã nhận" in words(post.about(CLERK, old)[-1])
    assert "UBND xã Hải Thịnh đã nhận" in words(post.about(CLERK, new)[-1])
    out = [sent(world, at, paper(n, day, sender=TOWN), [TO_DISTRICT]).code for at, n, day in
           ((EVE, 1, "29/06/2025"), (AFTER, 2, "01/07/2025"))]  # fmt: skip
    assert book(world, "thinhlong", "out") == [(1, out[0]), (2, out[1])]


def test_a_copy_after_the_merger_is_no_second_delivery(post: Post) -> None:
    """Whoever took the place of a unit that has the document has it."""
    world = post.world
    raw = paper(819, "29/06/2025")
    first = sent(world, EVE, raw, [TO_OLD])
    copies = [sent(world, AFTER, b"Received: from x.example by y; z\r\n" + raw, [to]) for to in (TO_OLD, TO_NEW)]
    assert [(copy.outcome, copy.code) for copy in copies] == [("duplicate", first.code)] * 2


def test_nothing_is_booked_in_a_unit_that_does_not_live(post: Post) -> None:
    """The old books are closed: what came in after the day is in none of them; register and journal agree."""
    world = post.world
    assert booked_dead(world) == []
    assert book(world, "hailoc", "in") == book(world, "hainam", "in") == []
    assert world.unlike_its_journal() == []
