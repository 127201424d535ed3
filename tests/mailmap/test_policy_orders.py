"""Questions and orders as the rules judge them: who may, on which proof, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailmap.directory.address import May
from mailmap.directory.proof import Proof
from mailmap.document.document import Symbol
from mailmap.document.fields import read_fields
from mailmap.policy.decide import would_book
from mailmap.policy.decision import Decision, Facts, Handle, Outcome
from mailmap.policy.fresh import read_fresh
from mailmap.policy.lifecycle import Handling, Life, TakeBack
from mailmap.policy.looking import Holding, Query, Record, query_of
from mailmap.policy.orders import Confirm, Consent, Correct, Recall, Replace, Show
from tests.mailmap.cases import (
    CLERK,
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
    letter,
    receipt,
    told,
    who,
)

DAY = date(2016, 10, 15)
RECORD = Record(
    100, "LT-7K3Q-9F2M-X", "45/UBND-VP", "2016-10-15", "V/v báo cáo", "UBND xã Hải Phúc", "information", "registered",
    (Holding("UBND huyện Hải Hậu", "03", number="12/2016"),),
)  # fmt: skip


def origin(text: str, **changes: object) -> Facts:
    """What is known of an answer by the commune's clerk, after a login, to the receipt for its booked document."""
    known = {"symbol": SYMBOL, "booked": True, "issued": DAY}
    given = {name: changes.pop(name) for name in ("proof", "holder", "fields", "enclosures", "who") if name in changes}
    return answer_facts(text, receipt(**{**known, **changes}), **{"who": who(HAI_PHUC, CLERK), **given})


def fresh(subject: str, text: str = "", **changes: object) -> Facts:
    """What is known of a new mail without papers from the commune's clerk to the district."""
    command = read_fresh(subject, text, PHRASES, TODAY)
    read = read_fields(subject, [], text, TODAY)
    return facts(**{"fields": read, "enclosures": (), "answer": text, "fresh": command, **changes})


def acts(known: Facts) -> tuple[object, ...]:
    """What the decision does."""
    return judge(known).acts


def shown(decision: Decision) -> list[str]:
    """The templates shown to whoever asked."""
    return [act.template for act in decision.acts if isinstance(act, Show)]


# --- questions ---


def test_a_new_mail_asks_the_register() -> None:
    """“Tra cứu 45/UBND-VP” to any of our addresses is answered, and becomes no document."""
    decision = judge(fresh("tra cứu 45/UBND-VP", records=(RECORD,)))
    assert (decision.rule, decision.outcome, shown(decision)) == ("asks-the-register", Outcome.REPLY, ["lookup"])
    assert shown(judge(fresh("tra cứu 45/UBND-VP"))) == ["lookup-none"]
    assert shown(judge(fresh("tra cứu 45", records=(RECORD, RECORD)))) == ["lookup-many"]
    assert shown(judge(fresh("Trợ giúp"))) == ["help"]


def test_who_asks_is_mapped_and_proven() -> None:
    """A question moves nothing, but it tells: nobody without a unit or without proof is answered."""
    assert judge(fresh("trợ giúp", proof=Proof.NONE)).rule == "unproven-sender"
    assert judge(fresh("trợ giúp", who=who(None, "ai@do.example"))).rule == "unmapped-sender"


def test_a_stranger_asks_nothing_about_a_letter_of_others() -> None:
    """Who holds somebody else's letter is held, also when he only asks (lesson 34)."""
    assert judge(answer_facts("ai đang giữ?", who=who(HAI_LONG, "x@y"))).rule == "answer-by-stranger"


def test_a_document_that_speaks_of_a_question_is_a_document() -> None:
    """With a paper, or with the words inside its subject, a mail is registered as before."""
    assert judge(facts()).rule == "correspondence"
    assert judge(fresh("Công văn 46/UBND-VP ngày 15/10/2016 V/v tra cứu đất đai")).rule == "correspondence"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("45/UBND-VP", Query(symbol=SYMBOL)),
        ("văn bản số 45/ubnd-vp giúp em", Query(symbol=SYMBOL)),
        ("số 45", Query(number=45)),
        ("45", Query(number=45)),
        ("số đến 12/2016", Query(arrival=(12, 2016))),
        ("so den 12", Query(arrival=(12, None))),
        ("thu hoạch lúa mùa", Query(said=("thu", "hoach", "lua", "mua"))),
        ("giúp em ạ", Query()),
    ],
)
def test_what_is_asked_about_is_told_by_its_shape(text: str, query: Query) -> None:
    """A symbol, a number, a số đến or words; fillers are none of them."""
    assert query_of(text) == query


# --- numbered choices ---


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("1", Handling.ACCEPTED, None),
        ("em chọn số 1 ạ", Handling.ACCEPTED, None),
        ("2 vì gửi nhầm nơi", Handling.REFUSED, "gửi nhầm nơi"),
        ("2. văn bản thiếu chữ ký", Handling.REFUSED, "văn bản thiếu chữ ký"),
        ("4", Handling.IN_WORK, None),
    ],
)
def test_a_number_answers_the_letter_that_offered_it(text: str, status: Handling, words: str | None) -> None:
    """“1” to the question means its first choice; what follows the number belongs to it."""
    done = [act for act in acts(answer_facts(text, letter(template="answer-unclear"))) if isinstance(act, Handle)]
    assert done[-1].to is status
    assert words is None or done[-1].words == words


@pytest.mark.parametrize("text", ["1, 2", "9", "10 giờ họp", "không phải 1"])
def test_other_numbers_are_asked_about(text: str) -> None:
    """Two numbers, one that was not offered, one inside a sentence: asked again."""
    assert judge(answer_facts(text, letter(template="answer-unclear"))).rule == "answer-unclear"


def test_a_number_means_nothing_to_a_letter_that_offered_none() -> None:
    """The letter must have asked."""
    assert judge(answer_facts("1")).rule == "answer-unclear"


def test_the_answer_to_a_question_for_a_reason_is_the_reason() -> None:
    """“Gửi nhầm địa chỉ”, asked why it refuses, refuses for that reason; a question of hers does not."""
    known = letter(template="refusal-needs-reason")
    assert acts(answer_facts("Gửi nhầm địa chỉ", known)) == (Handle(200, Handling.REFUSED, "Gửi nhầm địa chỉ"),)
    assert judge(answer_facts("Lý do gì cơ ạ?", known)).rule == "answer-unclear"
    assert acts(answer_facts("Đã nhận", known)) == (Handle(200, Handling.ACCEPTED, "Đã nhận"),)


# --- orders ---


def test_the_sender_corrects_its_document() -> None:
    """“Số đúng là 46” in answer to the receipt corrects the number and keeps the notation."""
    known = origin("Số đúng là 46")
    assert would_book(known, POLICY, PHRASES) == (Symbol(46, "UBND-VP"), DAY)
    (act,) = acts(known)
    assert isinstance(act, Correct)
    assert act.fields.symbol is not None
    assert act.fields.symbol.value == Symbol(46, "UBND-VP")


def test_a_correction_into_a_taken_number_is_refused_with_words() -> None:
    """The number of another document stays there; the same document holding it is no obstacle."""
    assert told(judge(origin("Số đúng là 46", holder="LT-AAAA-BBBB-C"))) == ["number-taken"]
    assert judge(origin("Ngày đúng là 16/10/2016", holder="LT-7K3Q-9F2M-X")).rule == "correct"


def test_a_correction_that_tells_nothing_is_asked() -> None:
    """“Đính chính” alone: the question for the fields; from a receiver it is no answer at all."""
    assert told(judge(origin("Đính chính"))) == ["answer-unclear-fields"]
    assert told(judge(answer_facts("Số đúng là 46"))) == ["answer-unclear"]


def test_taking_back_needs_a_login_or_a_person() -> None:
    """A relay's word does not suffice: held, and told so; with a login it is done."""
    assert acts(origin("Thu hồi vì gửi nhầm nơi nhận")) == (Recall(100, "gửi nhầm nơi nhận"),)
    decision = judge(origin("Thu hồi", proof=Proof.RELAY))
    assert (decision.rule, decision.outcome, told(decision)) == ("recall-unproven", Outcome.HELD, ["recall-waits"])
    assert judge(origin("Thu hồi", proof=Proof.PERSON)).rule == "recall"
    assert judge(origin("Thu hồi", life=Life.RECALLED)).rule == "order-too-late"


def test_a_receiver_cannot_take_back() -> None:
    """“Thu hồi” from the unit that got it is asked about."""
    assert told(judge(answer_facts("Đề nghị thu hồi văn bản"))) == ["answer-unclear"]


def test_a_right_is_needed_for_orders() -> None:
    """An address that may only report statuses gives no orders."""
    weak = who(HAI_PHUC, CLERK, frozenset({May.STATUS}))
    assert judge(origin("Thu hồi", who=weak)).rule == "may-not-order"
    assert judge(origin("Thu hồi", who=who(HAI_PHUC, CLERK, frozenset({May.RECALL})))).rule == "recall"


def test_an_asked_unit_agrees_or_not() -> None:
    """15 and 16 answer 13; 16 has its reason; with nothing asked, “đồng ý” is asked about."""
    asked = letter(take_back=TakeBack.ASKED, handling=Handling.ACCEPTED, template="recall-asked")
    assert acts(answer_facts("Đồng ý", asked)) == (Consent(100, 200, agrees=True, words="Đồng ý"),)
    assert acts(answer_facts("6", asked))[0] == Consent(100, 200, agrees=True, words="đồng ý thu hồi")
    assert acts(answer_facts("Không đồng ý vì đã thực hiện", asked)) == (
        Consent(100, 200, agrees=False, words="đã thực hiện"),
    )
    assert told(judge(answer_facts("Không đồng ý", asked))) == ["disagree-needs-reason"]
    assert told(judge(answer_facts("Đã nhận", asked))) == ["answer-unclear"]
    assert told(judge(answer_facts("Đồng ý"))) == ["answer-unclear"]
    assert told(judge(answer_facts("Đã nhận", letter(take_back=TakeBack.AGREED)))) == ["answer-recalled"]


def test_the_receiving_clerk_vouches() -> None:
    """“Đã đối chiếu bản gốc” confirms; with “đã nhận” it takes the document too; twice asks nothing."""
    assert acts(answer_facts("Đã đối chiếu bản gốc")) == (Confirm(100, 200, "Đã đối chiếu bản gốc"),)
    both = acts(answer_facts("Đã nhận, đã kiểm tra chữ ký số"))
    assert [type(act) for act in both] == [Handle, Confirm]
    assert judge(answer_facts("Đã đối chiếu bản gốc", letter(confirmed=True))).rule == "confirmed-already"
    assert judge(origin("Đã đối chiếu bản gốc")).rule == "answer-unclear"


def test_a_replacement_comes_with_its_paper() -> None:
    """“Thay thế” with a new paper registers it; without one it is asked for."""
    read = read_fields("TL: thay thế", ["46-UBND-VP.pdf"], "", TODAY)
    paper = replace(PDF, name="46-UBND-VP.pdf")
    known = origin("Gửi văn bản thay thế", fields=read, enclosures=(paper,))
    (act,) = acts(known)
    assert isinstance(act, Replace)
    assert (act.document, act.enclosures) == (100, (paper,))
    assert told(judge(origin("Thay thế"))) == ["replacement-needs-paper"]


def test_a_new_mail_orders_about_what_it_names() -> None:
    """“Thu hồi văn bản số 45/UBND-VP” in a new mail works on the unit's own document, and on no other."""
    own = replace(receipt(symbol=SYMBOL, booked=True, issued=DAY), letter=0)
    assert acts(fresh("Thu hồi văn bản số 45/UBND-VP", ordered=(own,))) == (Recall(100, ""),)
    assert judge(fresh("Đính chính 45/UBND-VP", "Số đúng là 46", ordered=(own,))).rule == "correct"
    assert told(judge(fresh("Thu hồi văn bản số 45/UBND-VP"))) == ["lookup-none"]
