"""What the rules say when units have ended: who waits, who does not, who is told, and in whose book it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mailmap.directory.answers import Leads, Sentence, Where, Who
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Succession, Turn
from mailmap.policy.case import local_day
from mailmap.policy.decision import AddRecipients, Earlier, Handle, Outcome, Register
from mailmap.policy.lifecycle import Handling
from tests.mailmap.cases import (
    CLERK,
    DISTRICT_CLERK,
    HAI_HAU,
    HAI_LONG,
    HAI_PHUC,
    NOON,
    answer_facts,
    facts,
    judge,
    letter,
    to,
    told,
    who,
)

STEP = Succession("huyen-hai-hau", date(2025, 7, 1), Turn.ABOLISHED)
OPEN = Where("haihau@namdinh.example", Leads.UNSETTLED, HAI_HAU, Sentence.of("heir.open"), steps=(STEP,))


def test_what_goes_only_to_a_unit_nobody_follows_waits_for_a_person() -> None:
    """Held, not refused; a proven sender is told, a forged one is not."""
    decision = judge(facts(where=(OPEN,)))
    assert (decision.rule, decision.outcome, told(decision)) == ("successor-open", Outcome.HELD, ["successor-open"])
    assert judge(facts(where=(OPEN,), proof=Proof.NONE)).rule == "unproven-sender"


def test_its_sender_is_told_once() -> None:
    """Judged again by a person's order, or a copy of what is known already: no second word."""
    again = facts(where=(OPEN,), proof=Proof.PERSON, released_by="admin")
    assert (judge(again).rule, told(judge(again))) == ("successor-open", [])
    copy = facts(where=(OPEN,), earlier=Earlier(1, 100, "LT-1", frozenset()))
    assert (judge(copy).rule, told(judge(copy))) == ("successor-open", [])


def test_who_can_be_reached_is_reached_at_once() -> None:
    """The document is registered for them; the mail stays before a person for the rest."""
    decision = judge(facts(where=(OPEN, *to(HAI_LONG))))
    assert (decision.rule, decision.outcome) == ("correspondence-open", Outcome.HELD)
    assert [act.recipients for act in decision.acts if isinstance(act, Register)] == [(HAI_LONG,)]
    known = Earlier(1, 100, "LT-1", frozenset())
    further = judge(facts(where=(OPEN, *to(HAI_LONG)), earlier=known))
    assert (further.rule, further.outcome) == ("further-recipients-open", Outcome.HELD)
    assert [act.recipients for act in further.acts if isinstance(act, AddRecipients)] == [(HAI_LONG,)]


def test_a_held_mail_that_was_partly_delivered_is_never_a_duplicate_of_itself() -> None:
    """Whoever has it already has it; what waits still waits."""
    known = Earlier(1, 100, "LT-1", frozenset({HAI_LONG.id}))
    decision = judge(facts(where=(OPEN, *to(HAI_LONG)), earlier=known))
    assert (decision.rule, decision.outcome) == ("successor-open", Outcome.HELD)


def test_a_sender_whose_unit_nobody_follows_is_no_stranger() -> None:
    """The pen tells its case from an address that nobody mapped."""
    gone = Who(CLERK, None, frozenset(), Sentence.of("heir.open"), steps=(STEP,))
    assert judge(facts(who=gone)).rule == "sender-successor-open"
    assert judge(facts(who=who(None, CLERK))).rule == "unmapped-sender"


def test_an_answer_without_a_living_book_waits() -> None:
    """The old unit's clerk spoke in time; there is no book to enter it in until a person names the successor."""
    decision = judge(answer_facts("Đã nhận", letter(settled=False)))
    assert (decision.rule, decision.outcome) == ("answer-successor-open", Outcome.HELD)
    assert told(decision) == ["answer-waits"]
    assert not any(isinstance(act, Handle) for act in decision.acts)


def test_who_became_one_unit_answers_for_each_part_as_it_was() -> None:
    """Sender and receiver are one unit now: the letter to the receiver is answered as the receiver."""
    merged = letter(unit=HAI_PHUC, origin=HAI_PHUC, sent_to="xa-cu", author="xa-khac")
    decision = judge(answer_facts("Đã nhận", merged, who=who(HAI_PHUC, CLERK)))
    assert [act.to for act in decision.acts if isinstance(act, Handle)] == [Handling.ACCEPTED]
    own = replace(merged, sent_to="xa-khac")
    decision = judge(answer_facts("Đã nhận", own, who=who(HAI_PHUC, CLERK)))
    assert not any(isinstance(act, Handle) for act in decision.acts)


def test_the_sentence_names_who_takes_it() -> None:
    """The register's sentence says the unit in whose book it stands."""
    decision = judge(answer_facts("Đã nhận", letter(heir=HAI_LONG), who=who(HAI_HAU, DISTRICT_CLERK)))
    assert dict(decision.sentence.facts)["unit"] == HAI_LONG.name


def test_the_clerks_day_is_the_day_of_acceptance() -> None:
    """Worked on tomorrow, it is read as of today; without that day, as of now."""
    assert local_day(facts(accepted=date(2016, 10, 16))) == date(2016, 10, 16)
    assert local_day(facts(now=NOON)) == date(2016, 10, 17)
