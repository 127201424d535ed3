"""Answers to our letters: who may give them, what they do, and what is asked when they are not plain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailmap.directory.address import May
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit
from mailmap.document.document import Symbol
from mailmap.document.fields import read_fields
from mailmap.policy.decide import would_book
from mailmap.policy.decision import Complete, Decision, Earlier, Facts, Handle, Outcome
from mailmap.policy.lifecycle import Handling
from tests.mailmap.cases import (
    CLERK,
    DISTRICT_CLERK,
    HAI_HAU,
    HAI_LONG,
    HAI_PHUC,
    PDF,
    PHRASES,
    POLICY,
    SYMBOL,
    TODAY,
    answer_facts,
    facts,
    judge,
    keyed,
    letter,
    receipt,
    told,
    who,
)


def ends(decision: Decision) -> tuple[str, Outcome]:
    """Rule and outcome of a decision."""
    return decision.rule, decision.outcome


def origin_facts(text: str, **changes: object) -> Facts:
    """What is known of an answer by the commune's clerk to the receipt it got."""
    known = {"who": who(HAI_PHUC, CLERK)}
    return answer_facts(text, receipt(**changes), **known)


def test_a_status_word_moves_the_delivery() -> None:
    """“Đã nhận” from the unit that got the letter books the document there."""
    decision = judge(answer_facts("Đã nhận."))
    assert ends(decision) == ("answer", Outcome.REPLY)
    assert decision.acts == (Handle(200, Handling.ACCEPTED, "Đã nhận."),)


def test_a_colleague_of_the_unit_may_answer() -> None:
    """Another mapped address of the same unit answers as well as the one we wrote to (lesson 36)."""
    decision = judge(answer_facts("Đã nhận", who=who(HAI_HAU, "chanhvp.haihau@mail.example")))
    assert ends(decision) == ("answer", Outcome.REPLY)


@pytest.mark.parametrize(("unit", "rule"), [(HAI_LONG, "answer-by-stranger"), (None, "unmapped-sender")])
def test_the_bearer_of_a_token_is_not_the_unit(unit: Unit | None, rule: str) -> None:
    """Who got hold of a reply address but is not of the unit is held, and moves nothing (lesson 34)."""
    decision = judge(answer_facts("Từ chối vì không thích", who=who(unit, "ai.do@mail.example")))
    assert ends(decision) == (rule, Outcome.HELD)
    assert not any(isinstance(act, Handle) for act in decision.acts)


def test_a_stranger_who_is_not_proven_is_not_told() -> None:
    """The pen does not answer a forged sender (lesson 32)."""
    assert judge(answer_facts("Đã nhận", who=who(HAI_LONG, "x@y"), proof=Proof.NONE)).acts == ()
    assert told(judge(answer_facts("Đã nhận", who=who(HAI_LONG, "x@y")))) == ["held-told"]


def test_a_forged_answer_of_the_unit_is_held() -> None:
    """The unit's From with nothing to prove it: held, nothing moves."""
    assert ends(judge(answer_facts("Đã nhận", proof=Proof.NONE))) == ("unproven-sender", Outcome.HELD)


def test_a_person_may_let_an_answer_go_on() -> None:
    """An answer from another unit's address counts once a person released it."""
    known = answer_facts("Đã nhận", who=who(HAI_LONG, "x@y"), proof=Proof.PERSON, released_by="admin")
    assert judge(known).acts == (Handle(200, Handling.ACCEPTED, "Đã nhận"),)


def test_the_right_to_report_is_needed() -> None:
    """An address without the right to report statuses is told so."""
    decision = judge(answer_facts("Đã nhận", who=who(HAI_HAU, DISTRICT_CLERK, frozenset({May.SEND}))))
    assert ends(decision) == ("may-not-answer", Outcome.REFUSED)
    assert told(decision) == ["may-not-answer"]


@pytest.mark.parametrize(
    ("text", "now", "way"),
    [
        ("Đang xử lý", Handling.ARRIVED, [Handling.ACCEPTED, Handling.IN_WORK]),
        ("Đã xử lý xong", Handling.NONE, [Handling.ACCEPTED, Handling.COMPLETED]),
        ("Phân công đ/c Nam", Handling.ACCEPTED, [Handling.ASSIGNED]),
        ("Phân công đ/c Lan", Handling.ASSIGNED, [Handling.ASSIGNED]),
        ("Hoàn thành", Handling.IN_WORK, [Handling.COMPLETED]),
        ("Đã tiếp nhận", Handling.REFUSED, [Handling.ACCEPTED]),
    ],
)
def test_a_skipped_booking_is_made_up_for(text: str, now: Handling, way: list[Handling]) -> None:
    """Who works on a document has taken it: 03 is recorded before 04, 05 or 06."""
    acts = judge(answer_facts(text, letter(handling=now))).acts
    assert [act.to for act in acts if isinstance(act, Handle)] == way


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Đã nhận", Handling.ACCEPTED),
        ("Từ chối vì trùng văn bản", Handling.ACCEPTED),
        ("Đang xử lý", Handling.COMPLETED),
        ("Đang xử lý", Handling.REFUSED),
    ],
)
def test_what_cannot_be_done_is_told_kindly(text: str, now: Handling) -> None:
    """A status the document can no longer take is answered with where it stands, and nothing moves."""
    decision = judge(answer_facts(text, letter(handling=now)))
    assert ends(decision) == ("answer-taken", Outcome.REPLY)
    assert told(decision) == ["answer-taken"]
    assert dict(decision.acts[0].facts)["status"] == now.value  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["Chưa nhận được văn bản", "", "Anh Nam ơi mai họp mấy giờ?", "Cảm ơn"])
def test_what_is_not_plain_is_asked(text: str) -> None:
    """An answer that says no status gets a question, not a guess."""
    decision = judge(answer_facts(text))
    assert ends(decision) == ("answer-unclear", Outcome.REPLY)
    assert told(decision) == ["answer-unclear"]


def test_each_side_is_asked_for_what_it_can_tell() -> None:
    """The receiver is asked for a status, the sender for the missing fields; a paper that came along is spoken of."""
    assert told(judge(origin_facts("Anh ơi?"))) == ["answer-unclear-fields"]
    assert told(judge(answer_facts("Gửi anh", enclosures=(PDF,)))) == ["answer-with-document"]


def test_questions_have_an_end() -> None:
    """Who never answers a question plainly is a machine or needs a person: held, nothing mailed (lesson 29)."""
    decision = judge(answer_facts("Your ticket #12 has been created", letter(asked=POLICY.max_questions)))
    assert ends(decision) == ("answer-unclear-again", Outcome.HELD)
    assert decision.acts == ()
    assert judge(answer_facts("Đã nhận", letter(asked=POLICY.max_questions))).rule == "answer"


def test_an_answer_about_another_document_is_asked() -> None:
    """“Đã nhận công văn số 46” in answer to 45 books neither."""
    decision = judge(answer_facts("Đã nhận công văn số 46/UBND-VP"))
    assert ends(decision) == ("answer-other-document", Outcome.REPLY)
    assert judge(answer_facts("Đã nhận công văn số 45/UBND-VP ngày 15/10/2016")).rule == "answer"


def test_a_refusal_carries_its_reason() -> None:
    """Code 02 needs its reason: asked for when it is missing, kept when it is there."""
    assert told(judge(answer_facts("Từ chối"))) == ["refusal-needs-reason"]
    (act,) = judge(answer_facts("Từ chối vì gửi nhầm cơ quan")).acts
    assert act == Handle(200, Handling.REFUSED, "gửi nhầm cơ quan")


def test_a_numbered_paper_in_an_answer_is_spoken_of() -> None:
    """The status counts; that the attached công văn went into no book is told, not guessed."""
    read = read_fields("TL: Công văn số 45/UBND-VP", ["12-UBND-VP.pdf"], "", TODAY)
    paper = replace(PDF, name="12-UBND-VP.pdf")
    decision = judge(answer_facts("Đã xử lý xong", fields=read, enclosures=(paper,)))
    assert [act.to for act in decision.acts if isinstance(act, Handle)] == [Handling.ACCEPTED, Handling.COMPLETED]
    assert told(decision) == ["answer-with-document"]


def test_our_own_document_sent_back_is_no_new_one() -> None:
    """A quoted attachment with the number of the letter answered is not spoken of (lesson 26)."""
    read = read_fields("", [PDF.name], "", TODAY)
    assert told(judge(answer_facts("Đã nhận", fields=read, enclosures=(PDF,)))) == []


def test_two_letters_answered_at_once() -> None:
    """One mail to two reply addresses of the unit answers both."""
    decision = judge(answer_facts("Đã nhận", letter(), letter(letter=9, delivery=201)))
    assert [act.delivery for act in decision.acts if isinstance(act, Handle)] == [200, 201]


def test_the_same_answer_twice_is_one() -> None:
    """A copy of an answer is a duplicate; the same words to another letter are not."""
    earlier = Earlier(1, None, "", frozenset(), frozenset({7}))
    assert ends(judge(answer_facts("Đã nhận", earlier=earlier))) == ("duplicate", Outcome.DUPLICATE)
    assert judge(answer_facts("Đã nhận", letter(letter=9), earlier=earlier)).rule == "answer"


def test_an_answer_to_a_letter_that_is_gone_is_told() -> None:
    """A reply address that leads nowhere any more: the sender learns it."""
    decision = judge(answer_facts("Đã nhận", addressed=()))
    assert ends(decision) == ("answer-astray", Outcome.REFUSED)
    assert told(decision) == ["answer-astray"]


def test_the_sender_completes_what_is_missing() -> None:
    """The answer to a receipt tells number and date: the document gets them."""
    decision = judge(origin_facts("Số: 45/UBND-VP\nNgày: 15/10/2016\nTrích yếu: V/v báo cáo thiên tai"))
    assert ends(decision) == ("answer-completes", Outcome.REPLY)
    (act,) = decision.acts
    assert isinstance(act, Complete)
    assert act.fields.symbol is not None
    assert act.fields.issued is not None
    assert (act.document, act.fields.symbol.value, act.fields.issued.value) == (100, SYMBOL, date(2016, 10, 15))


def test_a_number_told_in_an_answer_is_used_once() -> None:
    """The book is asked for the number an answer tells, and a taken one is refused."""
    known = origin_facts("Số 45/UBND-VP ngày 15/10/2016")
    assert would_book(known, POLICY, PHRASES) == (SYMBOL, date(2016, 10, 15))
    decision = judge(replace(known, holder="LT-AAAA-BBBB-C"))
    assert ends(decision) == ("answer-number-taken", Outcome.REPLY)
    assert told(decision) == ["number-taken"]


def test_a_date_alone_completes_a_known_number() -> None:
    """“ngày 15/10” for a document whose number is known enters the book with both."""
    known = origin_facts("ngày 15/10", symbol=SYMBOL)
    assert would_book(known, POLICY, PHRASES) == (SYMBOL, date(2016, 10, 15))
    assert judge(known).rule == "answer-completes"


def test_a_number_without_its_date_belongs_to_no_book_year() -> None:
    """Nothing is looked up, and nothing booked, before number and date are both known."""
    read = read_fields("Công văn số 45/UBND-VP", [PDF.name], "", TODAY)
    assert would_book(facts(fields=read), POLICY, PHRASES) is None
    assert would_book(facts(), POLICY, PHRASES) == (SYMBOL, date(2016, 10, 15))


def test_a_booked_number_stays() -> None:
    """What is in the book changes by a plain correction alone; all else is told so. The same again asks nothing."""
    booked = {"symbol": SYMBOL, "booked": True, "issued": date(2016, 10, 15)}
    assert told(judge(origin_facts("Số 54/UBND-VP", **booked))) == ["already-booked"]
    assert judge(origin_facts("Số đúng là 54/UBND-VP", **booked)).rule == "correct"
    assert told(judge(origin_facts("Ngày 14/10/2016", **booked))) == ["already-booked"]
    assert ends(judge(origin_facts("Số 45/UBND-VP", **booked))) == ("answer-asks-nothing", Outcome.REPLY)
    assert judge(origin_facts("Trích yếu: báo cáo thiên tai", **booked)).rule == "answer-completes"


@pytest.mark.parametrize("text", ["Cảm ơn", "da nhan", "Đã nhận được, cảm ơn"])
def test_thanks_for_a_receipt_need_nothing(text: str) -> None:
    """Thanks to a receipt make no mail."""
    decision = judge(origin_facts(text))
    assert ends(decision) == ("answer-asks-nothing", Outcome.REPLY)
    assert decision.acts == ()


def test_the_sender_does_not_accept_for_the_receiver() -> None:
    """A notice about a delivery went to the sender: its answer never moves the receiver's status."""
    notice = letter(unit=HAI_PHUC)
    decision = judge(answer_facts("Hoàn thành", notice, who=who(HAI_PHUC, CLERK)))
    assert not any(isinstance(act, Handle) for act in decision.acts)


def test_a_symbol_of_another_series_is_another_number() -> None:
    """45/QĐ-UBND is not 45/UBND-VP."""
    assert judge(answer_facts("Đã nhận Quyết định số 45/QĐ-UBND")).rule == "answer-other-document"
    assert Symbol(45, "QĐ-UBND") != SYMBOL


def test_a_mail_to_a_unit_and_a_letter_is_an_answer() -> None:
    """“Reply to all” counts as the answer it is."""
    known = answer_facts("Đã nhận")
    assert judge(replace(known, where=(keyed(7), *facts().where))).rule == "answer"
