"""A unit that ended and nobody follows yet: what is sent to it waits for a person, and nobody else waits with it."""

from __future__ import annotations

from datetime import timedelta

from gateway.work.orders import Orders
from mailmap.directory.succession import Succession, Turn
from tests.gateway.work.posting import Post, words
from tests.gateway.work.reform import (
    AFTER,
    EVE,
    FIRST_MINUTE,
    GONE,
    LAST_MINUTE,
    MERGER,
    NEW,
    TO_DISTRICT,
    TO_GONE,
    answered,
    book,
    booked_dead,
    paper,
    sent,
    story,
    units,
)
from tests.offices import CLERK, DISTRICT, enter


def orders(post: Post) -> Orders:
    """The administrator's orders, a day later."""
    return Orders(post.world.office.database, post.world.office.desk, "Chị Hoa", AFTER + timedelta(days=1))


def notices(post: Post, text: str) -> int:
    """How many mails in the clerk's mailbox speak so."""
    post.sent()
    return sum(text in words(mail) for mail in post.mailbox(CLERK))


def test_what_is_sent_to_it_waits_and_its_sender_is_told_once(post: Post) -> None:
    """Accepted and held by a rule of its own; a kind word to the sender, and none when it is judged again in vain."""
    world = post.world
    ended = sent(world, AFTER, paper(901, "01/07/2025"), [TO_GONE])
    assert (ended.outcome, ended.rule, ended.code) == ("held", "successor-open", None)
    said = "UBND huyện Giao Thủy đã thôi hoạt động, nên người quản trị sẽ chọn nơi nhận thay."
    assert notices(post, said) == 1
    orders(post).release(ended.spool_id, "haihau")
    world.work()
    assert units(world, world.outcome(ended.spool_id).code) == ["haihau"]
    assert notices(post, said) == 1


def test_the_chosen_unit_receives_it_and_the_sender_learns_who(post: Post) -> None:
    """The choice stands in the receipt and in the successor's delivery: who was written to, who receives it."""
    world = post.world
    ended = sent(world, AFTER, paper(902, "01/07/2025"), [TO_GONE])
    orders(post).release(ended.spool_id, "haihung")
    world.work()
    code = world.outcome(ended.spool_id).code
    post.sent()
    (receipt,) = post.about(CLERK, code)
    assert "UBND huyện Giao Thủy đã thôi hoạt động; người quản trị đã chọn UBND xã Hải Hưng nhận thay" in words(receipt)
    (delivery,) = post.about(NEW, code)
    assert "Văn bản được gửi tới UBND huyện Giao Thủy; UBND xã Hải Hưng nay nhận thay." in words(delivery)


def test_the_other_recipients_do_not_wait(post: Post) -> None:
    """They get it at once, the mail stays in the pen for the rest, and the choice adds a delivery to the same paper."""
    world = post.world
    ended = sent(world, AFTER, paper(903, "01/07/2025"), [TO_GONE, TO_DISTRICT])
    assert (ended.outcome, ended.rule) == ("held", "correspondence-open")
    assert units(world, ended.code) == ["haihau"]
    assert (903, ended.code) in book(world, "haiphuc.haihau", "out")
    post.sent()
    (receipt,) = post.about(CLERK, ended.code)
    assert "Chưa chuyển được đến UBND huyện Giao Thủy" in words(receipt)
    assert len(post.about(DISTRICT, ended.code)) == 1
    orders(post).release(ended.spool_id)  # in vain: nobody was named
    world.work()
    assert world.outcome(ended.spool_id).rule == "successor-open"
    orders(post).release(ended.spool_id, "haihung")
    world.work()
    last = world.outcome(ended.spool_id)
    assert (last.outcome, last.rule, last.code) == ("registered", "further-recipients", ended.code)
    assert units(world, ended.code) == ["haihau", "haihung"]
    post.sent()
    assert len(post.about(CLERK, ended.code)) == 2
    assert (len(post.about(DISTRICT, ended.code)), len(post.about(NEW, ended.code))) == (1, 1)


def test_a_copy_that_adds_such_a_recipient_waits_for_it_alone(post: Post) -> None:
    """A copy with a new recipient and an ended one: the first is added now."""
    world, raw = post.world, paper(904, "01/07/2025")
    first = sent(world, AFTER, raw, [TO_DISTRICT])
    copy = sent(world, AFTER, b"Received: from x.example by y; z\r\n" + raw, [TO_GONE, "haihung@" + TO_GONE[9:]])
    assert (copy.outcome, copy.rule, copy.code) == ("held", "further-recipients-open", first.code)
    assert units(world, first.code) == ["haihau", "haihung"]


def test_its_last_minute_is_not_lost_either(post: Post) -> None:
    """Accepted while the district lived, worked on when it did not: a person chooses, for mails and for answers."""
    world = post.world
    mail = sent(world, LAST_MINUTE, paper(905, "30/06/2025"), [TO_GONE], FIRST_MINUTE)
    assert (mail.outcome, mail.rule) == ("held", "successor-open")
    code = sent(world, EVE, paper(906, "29/06/2025"), [TO_GONE]).code
    answer = answered(world, LAST_MINUTE, post.delivery(code), "Đã nhận", by=GONE, worked=FIRST_MINUTE)
    assert (answer.outcome, answer.rule) == ("held", "answer-successor-open")
    post.sent()
    assert any("câu trả lời của anh/chị về" in words(each) for each in post.about(GONE, code))
    late = answered(world, AFTER, post.delivery(code), "Đã nhận", by=GONE)
    assert (late.outcome, late.rule) == ("held", "sender-successor-open")
    assert story(world, code).deliveries[0].handling == "00"


def test_once_the_successor_is_written_down_the_pen_opens(post: Post) -> None:
    """A succession row is enough: whatever waited for it goes on without a choice, answers too; nothing else does."""
    world = post.world
    mail = sent(world, AFTER, paper(907, "01/07/2025"), [TO_GONE])
    code = sent(world, EVE, paper(908, "29/06/2025"), [TO_GONE]).code
    answer = answered(world, AFTER, post.delivery(code), "Đã nhận", by=GONE)
    named = Succession("giaothuy", MERGER, Turn.MERGED, "haihung", "NQ 202/2025/QH15")
    with world.office.database.transaction() as tx:
        enter(tx, [], [], [named])
    stranger = sent(world, AFTER, paper(909, "01/07/2025", sender="ai@x.example"), [TO_GONE])
    freed = orders(post).release_settled(world.office.directory())
    assert {mail.spool_id, answer.spool_id} <= set(freed)
    assert stranger.spool_id not in freed
    assert orders(post).release_settled(world.office.directory()) == []
    world.work()
    assert units(world, world.outcome(mail.spool_id).code) == ["haihung"]
    assert world.outcome(answer.spool_id).outcome == "reply"
    assert (story(world, code).deliveries[0].number, code) in book(world, "haihung", "in")


def test_nothing_is_booked_in_a_unit_that_does_not_live(post: Post) -> None:
    """No book of the district grew after its end; register and journal agree."""
    assert booked_dead(post.world) == []
    assert book(post.world, "giaothuy", "in") == []
    assert post.world.unlike_its_journal() == []
