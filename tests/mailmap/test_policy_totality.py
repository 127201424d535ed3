"""Every mail and all facts give exactly one decision, and the promises of the table hold for all of them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory.address import May
from mailmap.directory.answers import Found, Leads, Where
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit
from mailmap.document.fields import read_fields
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath
from mailmap.mail.message import Mailbox
from mailmap.mail.report import Action, Report, Reported, ReportKind
from mailmap.policy import answering
from mailmap.policy.decide import TOLD_OFTEN, decide, would_book
from mailmap.policy.decision import AddRecipients, Ask, Complete, Earlier, Handle, Outcome, Register, Tell
from mailmap.policy.fresh import read_fresh
from mailmap.policy.lifecycle import Handling, Life, TakeBack, steps
from mailmap.policy.orders import Confirm, Consent, Correct, Recall, Replace, Show
from mailmap.policy.question import Question, Wording, question_of
from mailmap.policy.rules import RULES
from tests.mailmap.cases import (
    CLERK,
    HAI_HAU,
    HAI_LONG,
    HAI_PHUC,
    LOGO,
    NOON,
    PDF,
    PHRASES,
    POLICY,
    SYMBOL,
    TODAY,
    WHY,
    facts,
    judge,
    keyed,
    letter,
    message,
    receipt,
    to,
    who,
)

UNITS = st.sampled_from([HAI_PHUC, HAI_HAU, HAI_LONG])
EVERY = {unit.id: unit for unit in (HAI_PHUC, HAI_HAU, HAI_LONG)}


def offered(question: Question | None) -> dict[int, Unit]:
    """The unit behind each number of a question."""
    return {choice.number: EVERY[choice.unit] for choice in question.choices} if question else {}


TEXTS = st.sampled_from(
    ["", "Đã nhận", "Từ chối", "Từ chối vì trùng", "Hoàn thành", "chưa nhận được", "số 45/UBND-VP ngày 15/10/2016",
     "ngày 1/9", "Cảm ơn", "xin gửi file đính kèm", "Đã nhận công văn 46/UBND-VP", "2", "0", "1, 3", "9 ạ",
     "Đồng ý", "Không đồng ý vì đã làm", "Thu hồi", "Thay thế", "Số đúng là 46", "tra cứu 45/UBND-VP", "trợ giúp",
     "Đã đối chiếu bản gốc", "Đã nhận, chữ ký số hợp lệ"]
)  # fmt: skip
SUBJECTS = st.sampled_from(
    [
        "",
        "Công văn số 45/UBND-VP ngày 15/10/2016 V/v họp",
        "MẬT: số 1/UBND-VP",
        "Automatic reply: x",
        "Re: 45/UBND-VP",
        "Họp",
    ]
)
FOUND = st.builds(
    lambda name, certain, choices: Found(name, certain, () if certain else choices, WHY),
    st.sampled_from(["Hải Long", "Hải Hậu", "đâu đó"]), st.lists(UNITS, max_size=2).map(tuple),
    st.lists(UNITS, max_size=3, unique=True).map(tuple),
)  # fmt: skip
FOUNDS = st.lists(FOUND, max_size=3).map(tuple)
QUESTIONS = st.none() | FOUNDS.map(lambda found: question_of(found, Wording()))
LETTERS = st.builds(
    lambda made, unit, handling, asked, booked, question, later: made(
        unit=unit, handling=handling, asked=asked, booked=booked, question=question, offered=offered(question), **later
    ),
    st.sampled_from([letter, receipt]), UNITS, st.sampled_from(Handling), st.integers(0, 3), st.booleans(), QUESTIONS,
    st.fixed_dictionaries({
        "take_back": st.sampled_from(TakeBack), "life": st.sampled_from(Life), "confirmed": st.booleans(),
        "template": st.sampled_from(["delivery", "answer-unclear", "refusal-needs-reason", "recall-asked"]),
    }),
)  # fmt: skip
WHERE = st.one_of(
    UNITS.map(lambda unit: to(unit)[0]),
    st.builds(keyed, st.sampled_from([7, 8, 99]), st.sampled_from([Leads.REPLY, Leads.RETURN])),
    UNITS.map(lambda unit: Where("x@y", Leads.UNSETTLED, unit, WHY)),
    st.sampled_from([Leads.POSTMASTER, Leads.INTAKE, Leads.UNKNOWN]).map(lambda leads: Where("x@y", leads, None, WHY)),
)
REPORTED = st.builds(Reported, st.just("a@b"), st.sampled_from(Action))
REPORTS = st.none() | st.lists(REPORTED, max_size=2).map(lambda each: Report(ReportKind.DSN, tuple(each)))
EARLIER = st.none() | st.builds(
    Earlier, st.just(1), st.none() | st.just(100), st.just("LT-7K3Q-9F2M-X"),
    st.frozensets(UNITS.map(lambda unit: unit.id)), st.frozensets(st.sampled_from([7, 8])), st.booleans(),
)  # fmt: skip
WHO = st.builds(who, st.none() | UNITS, st.sampled_from([CLERK, ""]), st.frozensets(st.sampled_from(May)))
MAILS = st.builds(
    lambda subject, text, from_, loop, headers: message(subject, text=text, from_=from_, loop=loop, headers=headers),
    SUBJECTS, TEXTS, st.lists(st.sampled_from([Mailbox("", CLERK), Mailbox("", "")]), max_size=2).map(tuple),
    st.sampled_from([(), ("cong.namdinh.example",)]), st.sampled_from([(), (("Auto-Submitted", "auto-generated"),)]),
)  # fmt: skip


@st.composite
def known(draw: st.DrawFn, mail: object) -> object:
    """All that may be known about a mail."""
    enclosures = tuple(draw(st.lists(st.sampled_from([PDF, LOGO]), max_size=2)))
    return facts(
        who=draw(WHO), proof=draw(st.sampled_from(Proof)), where=tuple(draw(st.lists(WHERE, max_size=3))),
        fields=read_fields(mail.subject, [each.name for each in enclosures], mail.text, TODAY),  # type: ignore[attr-defined]
        enclosures=enclosures, earlier=draw(EARLIER), addressed=tuple(draw(st.lists(LETTERS, max_size=2))),
        fresh=None if enclosures else read_fresh(mail.subject, mail.text, PHRASES, TODAY),  # type: ignore[attr-defined]
        ordered=tuple(draw(st.lists(LETTERS, max_size=1))),
        holder=draw(st.sampled_from([None, "LT-AAAA-BBBB-C"])), attempts=draw(st.integers(1, 7)), answer=draw(TEXTS),
        report=draw(REPORTS), told=draw(st.integers(0, 40)), found=draw(FOUNDS),
        now=NOON + timedelta(hours=draw(st.integers(0, 24))),
    )  # fmt: skip


def checked(mail: object, given_: object, sender: str | None) -> None:
    """Assert the promises of the table for one mail."""
    envelope = Envelope(sender, tuple(ForwardPath(where.recipient) for where in given_.where))  # type: ignore[attr-defined]
    decision = decide(mail, envelope, Arrival(Door.MX, NOON, "192.0.2.1", "x"), given_, POLICY, PHRASES)  # type: ignore[arg-type]
    assert decision.rule in {TOLD_OFTEN, *(rule.name for rule in RULES)}
    assert decision.sentence.key == f"rule.{decision.rule}"
    for language in Language:
        assert words(language).tell(decision.sentence)
    proven = given_.proof >= POLICY.needed_proof  # type: ignore[attr-defined]
    for act in decision.acts:
        told = act.to if isinstance(act, Tell | Ask | Show) else given_.who.address  # type: ignore[attr-defined]
        assert told == given_.who.address, "only the sender is written to"  # type: ignore[attr-defined]
        assert not isinstance(act, Tell | Ask | Show) or proven, "only proven senders are written to"
        assert not isinstance(act, Register | AddRecipients | Handle | Correct | Confirm | Consent | Replace) or proven
        assert not isinstance(act, Recall) or given_.proof >= Proof.LOGIN, "a mere token takes nothing back"  # type: ignore[attr-defined]
        assert not isinstance(act, Register) or (given_.fields.secrecy is None and (act.recipients or act.question))  # type: ignore[attr-defined]
    registers = decision.rule in {"correspondence", "recipients-unclear"}
    assert sum(isinstance(act, Register) for act in decision.acts) == registers
    assert not (decision.outcome in {Outcome.IGNORED, Outcome.DUPLICATE, Outcome.DEAD} and decision.acts)
    would_book(given_, POLICY, PHRASES)  # type: ignore[arg-type]


@given(st.data(), st.sampled_from([None, CLERK]))
def test_every_mail_gets_one_decision(data: st.DataObject, sender: str | None) -> None:
    """Whatever comes, one rule applies, its sentence can be said in both languages, and no promise is broken."""
    mail = data.draw(MAILS)
    checked(mail, data.draw(known(mail)), sender)


def test_names_of_rules_are_told_apart() -> None:
    """No two rules share a name, and each has its sentence in both languages."""
    names = [rule.name for rule in RULES] + [TOLD_OFTEN]
    assert len(names) == len(set(names))
    assert all(words(language).knows(f"rule.{name}") for name in names for language in Language)


def test_the_last_rule_takes_everything() -> None:
    """The table is total because its last rule asks nothing."""
    assert RULES[-1].name == "correspondence"
    assert RULES[-1].applies(None)  # type: ignore[arg-type]


@given(st.data())
def test_questions_are_counted(data: st.DataObject) -> None:
    """Every notice that asks a proven answerer for something is in the list that bounds questions (lesson 29)."""
    mail = data.draw(MAILS)
    given_ = data.draw(known(mail))
    decision = judge(given_, mail)  # type: ignore[arg-type]
    done = any(isinstance(act, Handle | Complete | AddRecipients) for act in decision.acts)
    asked = {act.template for act in decision.acts if isinstance(act, Tell | Ask)}
    assert decision.outcome is not Outcome.REPLY or done or asked <= answering.QUESTIONS


@given(st.sampled_from(Handling), st.sampled_from(Handling))
def test_steps_are_legal(state: Handling, to_: Handling) -> None:
    """The way to a status is a walk in the table, and ends there."""
    way = steps(state, to_)
    assert not way or way[-1] is to_
    assert SYMBOL.number == 45
    assert len(way) <= 2
