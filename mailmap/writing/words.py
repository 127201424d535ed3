"""The words for people: one sentence per key, in one language.

Promises:  the same key and facts give the same text; facts are put in by name and never read as a template.
Never:     reads the disk (gateway/words.py does) or chooses a language.
Fails:     ``NoWords`` for a key the language lacks, or a fact the sentence names and the caller did not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailmap.directory.answers import Sentence


class NoWords(LookupError):
    """The language has no words for this."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language (``vi``, ``en``) and its table: key -> sentence with {named} fields."""

    language: str
    table: Mapping[str, str]

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence kept under ``key`` with ``facts`` in their places; facts it does not name are left out."""
        sentence = self.table.get(key)
        if sentence is None:
            raise NoWords(f"{self.language} keeps no sentence under {key!r}")
        try:
            return sentence.format_map(facts)
        except KeyError as missing:
            raise NoWords(f"{self.language} {key!r} needs the fact {missing}") from None

    def tell(self, sentence: Sentence) -> str:
        """What a rule, an answer or an outcome says, in this language."""
        return self.say(sentence.key, **dict(sentence.facts))

    def knows(self, key: str) -> bool:
        """Whether there is a sentence under ``key``."""
        return key in self.table
