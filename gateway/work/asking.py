"""The letters that ask which units are meant, and what a later delivery takes over from the mail that named them.

Promises:  a question keeps what its answer needs: the choices by number, and for whoever is chosen the clerk's own
           words and what her envelope asked for. A question asked again keeps what the first one kept.
Never:     decides what is asked.
Fails:     what the scribe's register raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.work.scribe import Scribe
from mailmap.document.events import JSON
from mailmap.policy.decision import Ask, Facts
from mailmap.policy.question import Question, to_wire
from storage import letters

PARTLY = "find.group-partly"
KEPT = ("note", "dsn")  # of the mail that named the recipients


def write_question(scribe: Scribe, act: Ask, unit: str, about: str | None, kept: Mapping[str, JSON]) -> None:
    """Queue the question; ``about`` is the Message-ID of the mail it answers, ``unit`` whose mail that was."""
    facts: dict[str, JSON] = {"again": int(act.answers is not None)}
    spec: dict[str, JSON] = {"template": act.template, "about": about, "facts": facts}
    scribe.letter("notice", act.to, spec | open_question(act.question, kept), unit=unit, of=(act.document, None))


def open_question(question: Question | None, kept: Mapping[str, JSON]) -> dict[str, JSON]:
    """What stands in the spec of any letter with a question; nothing when there is none."""
    return {"question": to_wire(question), **kept} if question else {}


def names_in(facts: Facts, question: Question | None) -> dict[str, JSON]:
    """What a receipt says of names in the text: those asked about in a letter of their own, groups that lack a unit."""
    partly = [one.mention for one in facts.found if one.units and one.why.key == PARTLY]
    remarks: list[JSON] = [facts.wording.reasons[mention] for mention in partly]
    return {"asked": [*question.mentions] if question else [], "remarks": remarks}


def kept_in(scribe: Scribe, letter: int) -> dict[str, Any]:
    """What the letter that asked keeps of the mail that named the recipients; {} once it was purged."""
    spec = letters.current(scribe.tx, [letter])[letter].spec
    return {name: spec[name] for name in KEPT if name in spec}
