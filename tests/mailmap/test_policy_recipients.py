"""Recipients that a text names: who gets the document at once, what is asked, who may answer, and where it ends."""

from __future__ import annotations

import pytest

from mailmap.directory.address import May
from mailmap.directory.answers import Found, Leads, Sentence, Where
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit
from mailmap.policy.decide import TOLD_OFTEN
from mailmap.policy.decision import AddRecipients, Addressed, Ask, Earlier, Facts, Outcome, Register
from mailmap.policy.question import Choice, Question
from tests.mailmap.cases import (
    CLERK,
    HAI_HAU,
    HAI_LONG,
    HAI_PHUC,
    POLICY,
    WHY,
    answer_facts,
    facts,
    judge,
    receipt,
    to,
    told,
    who,
)

INTAKE = Where("vanban@namdinh.example", Leads.INTAKE, None, WHY)
TWIN = Unit("xa-hai-long-2", "UBND xã Hải Long", HAI_LONG.kind, "hailong2")
CERTAIN = Found("UBND huyện", (HAI_HAU,), (), Sentence.of("find.certain"))
UNCLEAR = Found("Hải Long", (), (HAI_LONG, TWIN), Sentence.of("find.unclear"))
UNKNOWN = Found("Sở Xây nhà", (), (), Sentence.of("find.unknown"))
KEPT = Found("Lưu: VT", (), (), Sentence.of("find.no-delivery"))
CHOICES = (Choice(1, "Hải Long", HAI_LONG.id, HAI_LONG.name), Choice(2, "Hải Long", TWIN.id, TWIN.name))


def named(*found: Found, **changes: object) -> Facts:
    """What is known of a mail to the general intake address whose text names these."""
    return facts(**{"where": (INTAKE,), "found": found, **changes})


def asking(text: str, *found: Found, **changes: object) -> Facts:
    """What is known of the commune's answer to the question which Hải Long is meant."""
    offered = {1: HAI_LONG, 2: TWIN}
    letter: Addressed = receipt(question=Question(CHOICES), offered=offered, reached=frozenset({HAI_HAU.id}), asked=1)
    return answer_facts(text, letter, **{"who": who(HAI_PHUC, CLERK), "found": found, **changes})


def test_what_is_certain_needs_no_question() -> None:
    """Units named in the text and in the envelope, each once; "Lưu: VT" asks nothing."""
    decision = judge(named(CERTAIN, KEPT, where=(INTAKE, *to(HAI_LONG, HAI_HAU))))
    (act,) = decision.acts
    assert isinstance(act, Register)
    assert (decision.rule, act.question) == ("correspondence", None)
    assert act.recipients == (HAI_LONG, HAI_HAU)


@pytest.mark.parametrize("unplain", [UNCLEAR, UNKNOWN])
def test_the_document_is_registered_and_the_rest_asked(unplain: Found) -> None:
    """A document with nobody to go to yet is a document all the same, and its sender is asked once."""
    for found, sent in (((CERTAIN, unplain, unplain), (HAI_HAU,)), ((unplain,), ())):
        decision = judge(named(*found))
        assert (decision.rule, decision.outcome) == ("recipients-unclear", Outcome.REGISTERED)
        (act,) = decision.acts
        assert isinstance(act, Register)
        assert act.recipients == sent
        assert act.question is not None
        assert act.question.mentions == (unplain.mention,)


def test_the_envelope_settles_a_name() -> None:
    """Who addresses the commune's own address as well has said which one she means."""
    assert judge(named(UNCLEAR, where=(INTAKE, *to(TWIN)))).rule == "correspondence"


def test_a_name_that_makes_no_difference_is_not_asked_about() -> None:
    """The HĐND has no mailbox of its own, and its office has the document anyway; of two, one more might get it."""
    assembly = Found("HĐND huyện", (), (HAI_HAU,), Sentence.of("find.partless"))
    assert judge(named(CERTAIN, assembly)).rule == "correspondence"
    assert judge(named(assembly)).rule == "recipients-unclear"
    either = Found("huyện", (), (HAI_HAU, HAI_LONG), Sentence.of("find.unclear"))
    assert judge(named(CERTAIN, either)).rule == "recipients-unclear"


def test_names_count_only_at_the_intake() -> None:
    """A mail to a unit's own address goes there, whatever its text says."""
    (act,) = judge(named(UNCLEAR, where=to(HAI_HAU))).acts
    assert isinstance(act, Register)
    assert (act.recipients, act.question) == ((HAI_HAU,), None)


def test_nobody_named_or_only_oneself() -> None:
    """Nothing to go by is refused with an example; a mail to one's own unit is none."""
    assert told(judge(named(KEPT))) == ["nobody-named"]
    own = Found("Hải Phúc", (HAI_PHUC,), (), Sentence.of("find.certain"))
    assert told(judge(named(own))) == ["to-itself"]


def test_who_is_not_proven_is_asked_nothing() -> None:
    """Held like any other mail: no question goes to a forged sender (lesson 32)."""
    decision = judge(named(UNCLEAR, proof=Proof.NONE))
    assert (decision.rule, decision.acts) == ("unproven-sender", ())


def test_too_many_questions_in_a_day_wait_for_a_person() -> None:
    """A program that mails unclear names all day runs dry; its documents wait, none is half sent."""
    decision = judge(named(CERTAIN, UNCLEAR, told=POLICY.max_notices))
    assert (decision.rule, decision.outcome, decision.acts) == (TOLD_OFTEN, Outcome.HELD, ())


def test_a_copy_asks_only_what_was_not_asked() -> None:
    """The copy that first comes to the intake asks; another one is a duplicate."""
    earlier = Earlier(1, 100, "LT-7K3Q-9F2M-X", frozenset({HAI_HAU.id}))
    decision = judge(named(CERTAIN, UNCLEAR, earlier=earlier))
    assert decision.rule == "further-unclear"
    assert [type(act) for act in decision.acts] == [Ask]
    more = judge(named(CERTAIN, UNCLEAR, where=(INTAKE, *to(HAI_LONG)), earlier=earlier))
    assert more.rule == "further-recipients"
    (act,) = more.acts
    assert isinstance(act, AddRecipients)
    assert (act.recipients, act.question) == ((HAI_LONG,), None)
    asked = Earlier(1, 100, "LT-7K3Q-9F2M-X", frozenset({HAI_HAU.id}), at_intake=True)
    assert judge(named(CERTAIN, UNCLEAR, earlier=asked)).rule == "duplicate"


def test_a_number_adds_the_unit() -> None:
    """The answer adds whom it chooses to the document, and nothing is left to ask."""
    decision = judge(asking("2"))
    assert (decision.rule, decision.outcome) == ("recipients-chosen", Outcome.REPLY)
    assert decision.acts == (AddRecipients(100, (TWIN,), None, 8),)


def test_whoever_chooses_sends() -> None:
    """The right to send is needed and enough; the right to report statuses is not; another unit chooses nothing."""
    assert judge(asking("2", who=who(HAI_PHUC, CLERK, frozenset({May.SEND})))).rule == "recipients-chosen"
    assert judge(asking("2", who=who(HAI_PHUC, CLERK, frozenset({May.STATUS})))).rule == "may-not-answer"
    assert judge(asking("2", who=who(HAI_HAU, "x@y"))).rule == "answer-by-stranger"


def test_what_is_there_already_is_not_added() -> None:
    """A name whose unit has the document ends quietly; so does the sender's own unit."""
    decision = judge(asking("Hải Hậu", CERTAIN))
    assert (decision.rule, decision.outcome, decision.acts) == ("recipients-known", Outcome.REPLY, ())


def test_an_unclear_answer_is_asked_about_within_bounds() -> None:
    """The same question again for what is not plain; what the answer named, when that may mean several; then held."""
    for text, found, question in (("3", (), Question(CHOICES)), ("Hải Long", (UNCLEAR,), Question(CHOICES))):
        decision = judge(asking(text, *found))
        assert decision.rule == "answer-unclear"
        assert decision.acts == (Ask("which-unit", CLERK, question, 100, 8),)
    nobody = judge(asking("0"))
    assert (nobody.rule, nobody.acts) == ("recipients-none", (Ask("no-unit-chosen", CLERK, Question(CHOICES), 100, 8),))
    for text in ("3", "0"):
        known = asking(text)
        (letter,) = known.addressed
        often = answer_facts(
            text,
            receipt(question=letter.question, offered=letter.offered, asked=POLICY.max_questions),
            who=who(HAI_PHUC, CLERK),
        )
        assert judge(often).rule == "answer-unclear-again"


def test_a_field_may_still_be_told() -> None:
    """Who answers the question with what the receipt asks for is understood."""
    assert judge(asking("Số: 46/UBND-VP\nNgày: 15/10/2016")).rule == "answer-completes"
