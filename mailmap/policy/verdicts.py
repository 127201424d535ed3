"""Verdicts that several rules share.

Promises:  each is a function from a rule's name and the case to a whole decision.
Never:     tells an unproven sender anything: a notice is left out when the proof is too weak.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mailmap.directory.answers import Sentence
from mailmap.policy.case import Case
from mailmap.policy.decision import Act, Decision, Outcome, Tell

Verdict = Callable[[str, Case], Decision]


def ends(outcome: Outcome) -> Verdict:
    """The mail ends so, and nothing else happens."""

    def verdict(rule: str, case: Case) -> Decision:
        return Decision(rule, outcome, Sentence.of(f"rule.{rule}", address=case.sender))

    return verdict


def refuses(template: str, **facts: str) -> Verdict:
    """Refused, and the sender is told why and what to do."""
    return tells(Outcome.REFUSED, template, None, **facts)


def tells(outcome: Outcome, template: str, document: int | None, **facts: str) -> Verdict:
    """The mail ends so, and its sender gets that notice."""

    def verdict(rule: str, case: Case) -> Decision:
        sentence = Sentence.of(f"rule.{rule}", **{"address": case.sender, **facts})
        return Decision(rule, outcome, sentence, notice(case, template, document, facts))

    return verdict


def notice(case: Case, template: str, document: int | None, facts: Mapping[str, str]) -> tuple[Act, ...]:
    """The notice to the sender, or nothing when the sender is not proven."""
    if not case.proven:
        return ()
    return (Tell(template, case.sender, tuple(sorted(facts.items())), document),)
