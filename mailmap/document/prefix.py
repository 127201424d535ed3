"""What mail programs put before a subject, taken off before the subject is read as a document's.

Promises:  says whether the mail answers or passes on another, and what the subject is without those marks.
Never:     takes "CT:" for a chỉ thị, or "V/v:" for a prefix.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailmap.mail.subject import without_prefixes


@dataclass(frozen=True, slots=True)
class Stripped:
    """A subject without prefixes, and what they said."""

    text: str
    answers: bool
    forwards: bool


def strip_prefixes(subject: str) -> Stripped:
    """The tidy subject without its prefixes."""
    text, answers, forwards = without_prefixes(subject)
    return Stripped(text, answers > 0, forwards > 0)
