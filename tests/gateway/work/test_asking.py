"""Questions and orders at a small office: who is told what, what is written in the book, what comes back."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from gateway.app import now
from gateway.work.orders import Orders
from gateway.work.scribe import HANOI
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import reading
from storage.reading import Tracked, UnknownCode
from storage.schema import entries, letters
from tests.offices import CLERK, DISTRICT, DOMAIN, World
from tests.pdf_files import PDF

TODAY = now().astimezone(HANOI).date()
TO_DISTRICT, TO_HAI_AN = f"haihau@{DOMAIN}", f"haian.haihau@{DOMAIN}"
HAI_AN = "vanthu.haian@haihau.namdinh.example"


def mail(sender: str, subject: str, text: str = "", *, paper: bool = False) -> bytes:
    """A mail, with a paper or without."""
    made = EmailMessage()
    made["From"], made["Subject"] = sender, subject
    made["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@hoi.example>"
    made.set_content(f"{text}\n")
    if paper:
        made.add_attachment(PDF + subject.encode(), maintype="application", subtype="pdf", filename="van-ban.pdf")
    return made.as_bytes().replace(b"\n", b"\r\n")


def sent(world: World, number: int, *to: str) -> str:
    """A công văn of the commune is registered; its tracking code."""
    subject = f"Công văn số {number}/UBND-VP ngày {TODAY:%d/%m/%Y} V/v diễn tập phòng chống lụt bão {number}"
    code = world.conclude(mail(CLERK, subject, paper=True), to or (TO_DISTRICT,)).code
    assert code is not None
    return code


def story(world: World, code: str) -> Tracked:
    """All that is known of a document."""
    with world.office.database.transaction() as tx:
        return reading.track(tx, code)


def keyed(world: World, letter: int) -> str:
    """The address that answers a letter."""
    return f"{tokens.make(world.office.keys.token_key, Purpose.REPLY, letter)}@{DOMAIN}"


def letter_of(world: World, code: str, kind: str = "delivery") -> int:
    """The first letter of that kind about a document."""
    return next(one.id for one in story(world, code).letters if one.kind == kind)


def said(world: World, code: str, text: str) -> str | None:
    """The district answers the delivery; the rule by which the answer was judged."""
    answer = mail(DISTRICT, f"Re: {code}", text)
    return world.conclude(answer, [keyed(world, letter_of(world, code))], sender=DISTRICT).rule


def shown(world: World, to: str) -> sa.Row[tuple[object, ...]]:
    """The newest letter to that mailbox."""
    query = sa.select(letters).where(letters.c.to == to).order_by(letters.c.id.desc()).limit(1)
    with world.office.database.transaction() as tx:
        return tx.execute(query).one()


def test_a_new_mail_asks_for_what_its_unit_sent(world: World) -> None:
    """“Tra cứu 301/UBND-VP” as a subject: the sender sees each recipient's state, with its số đến and the time."""
    code = sent(world, 301)
    assert said(world, code, "Đã nhận") == "answer"
    ended = world.conclude(mail(CLERK, "Tra cứu 301/UBND-VP"), [TO_DISTRICT])
    assert (ended.outcome, ended.rule, ended.code) == ("reply", "asks-the-register", code)
    told = shown(world, CLERK)
    assert told.spec["template"] == "lookup"
    facts = told.spec["facts"]
    assert (facts["units"], facts["states"]) == (["UBND huyện Hải Hậu"], ["03"])
    assert facts["numbers"][0].endswith(f"/{TODAY.year}")
    assert facts["times"][0]


def test_nobody_sees_what_is_not_his(world: World) -> None:
    """Who neither sent nor received a document is told that there is none; a receiver sees its own delivery alone."""
    sent(world, 302)
    world.conclude(mail(HAI_AN, "ai đang giữ 302/UBND-VP"), [TO_DISTRICT], sender=HAI_AN)
    assert shown(world, HAI_AN).spec["template"] == "lookup-none"
    sent(world, 303, TO_DISTRICT, TO_HAI_AN)
    world.conclude(mail(HAI_AN, "tra cuu 303/UBND-VP"), [TO_DISTRICT], sender=HAI_AN)
    assert shown(world, HAI_AN).spec["facts"]["units"] == ["UBND xã Hải An"]


def test_several_are_listed_and_words_find_too(world: World) -> None:
    """Words of the trích yếu find documents, without marks as well; several come as a list with their codes."""
    codes = {sent(world, 304), sent(world, 305)}
    world.conclude(mail(CLERK, "tra cuu dien tap phong chong"), [TO_DISTRICT])
    told = shown(world, CLERK)
    assert told.spec["template"] == "lookup-many"
    assert codes <= set(told.spec["facts"]["codes"])


def test_help_is_one_page(world: World) -> None:
    """“Trợ giúp” to any of our addresses is answered with what one may write."""
    assert world.conclude(mail(CLERK, "Trợ giúp"), [TO_HAI_AN]).rule == "asks-for-help"
    assert shown(world, CLERK).spec["template"] == "help"


def test_a_correction_stands_in_the_book_beside_what_was(world: World) -> None:
    """The entry has the right number and the wrong one beside it; the wrong number is free again; one letter tells."""
    code = sent(world, 306)
    assert said(world, code, "Đã nhận") == "answer"
    answer = mail(CLERK, "Re: 306", "Số đúng là 316, không phải 306")
    assert world.conclude(answer, [keyed(world, letter_of(world, code, "receipt"))]).rule == "correct"
    with world.office.database.transaction() as tx:
        book = sa.select(entries.c.number, entries.c.was).where(entries.c.direction == "out")
        assert (316, "306/UBND-VP") in [tuple(row) for row in tx.execute(book)]
    assert story(world, code).document.symbol == "316/UBND-VP"
    assert [row.to for row in world.written(code, "corrected-told")] == [DISTRICT]
    assert sent(world, 306) != code


def test_a_correction_into_a_taken_number_changes_nothing(world: World) -> None:
    """The other document keeps its number, and the sender is told which one has it."""
    first, second = sent(world, 307), sent(world, 308)
    answer = mail(CLERK, "Re: 308", "Đính chính: số 307/UBND-VP")
    assert world.conclude(answer, [keyed(world, letter_of(world, second, "receipt"))]).rule == "order-number-taken"
    assert shown(world, CLERK).spec["facts"]["code"] == first
    assert story(world, second).document.symbol == "308/UBND-VP"


def test_what_nobody_accepted_is_taken_back_at_once(world: World) -> None:
    """By a relay's word the mail waits for a person; with that word it is taken back, and its letter stays here."""
    code = sent(world, 309)
    held = world.conclude(mail(CLERK, "Thu hồi văn bản số 309/UBND-VP", "do sai thể thức"), [TO_DISTRICT])
    assert (held.outcome, held.rule) == ("held", "recall-unproven")
    Orders(world.office.database, world.office.desk, "admin", now()).release(held.spool_id)
    world.work()
    found = story(world, code)
    assert (found.document.state, found.deliveries[0].take_back) == ("recalled", "15")
    assert next(one for one in found.letters if one.kind == "delivery").transport == "cancelled"
    assert said(world, code, "Đã nhận") == "recalled-already"


def test_standing_is_confirmed_by_the_receiver_or_by_order(world: World) -> None:
    """Văn thư of the receiving unit vouches for its delivery, an operator for the document; nobody else's changes."""
    code = sent(world, 310, TO_DISTRICT, TO_HAI_AN)
    assert said(world, code, "Đã nhận, đã đối chiếu bản gốc") == "confirm"
    assert [one.standing for one in story(world, code).deliveries] == ["confirmed", "information"]
    assert story(world, code).document.standing == "information"
    orders = Orders(world.office.database, world.office.desk, "van-thu", now())
    assert [orders.confirm(code), orders.confirm(code)] == [True, False]
    assert story(world, code).document.standing == "confirmed"
    with pytest.raises(UnknownCode):
        orders.confirm("LT-0000-0000-0")


def test_a_replacement_goes_where_the_first_went(world: World) -> None:
    """The new paper is registered, goes to the same units, and each letter says which one it replaces."""
    code = sent(world, 311, TO_DISTRICT, TO_HAI_AN)
    subject = f"Công văn số 312/UBND-VP ngày {TODAY:%d/%m/%Y} V/v diễn tập"
    raw = mail(CLERK, subject, "Gửi văn bản thay thế", paper=True)
    new = world.conclude(raw, [keyed(world, letter_of(world, code, "receipt"))])
    assert new.rule == "replace"
    assert new.code is not None
    found = story(world, new.code)
    assert (found.document.replaces, story(world, code).document.state) == (code, "replaced")
    assert [one.unit for one in found.deliveries] == ["haihau", "haian.haihau"]
    told = world.written(new.code, "delivery")
    assert {row.spec["facts"]["replaces"] for row in told} == {"311/UBND-VP"}


def test_after_all_this_register_and_journal_agree(world: World) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert world.unlike_its_journal() == []
