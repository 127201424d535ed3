"""An office as its papers name it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """Whose form a head follows."""

    STATE = "state"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Office:
    """``head`` are the lines over the number, the parent's first; ``code`` what symbols call it; ``desks`` who drafts.

    ``names`` are the issuing body and the one above it ('' for none); ``signs`` the line over the position.
    """

    head: tuple[str, ...]
    names: tuple[str, str]
    code: str
    desks: tuple[str, ...]
    place: str
    leader: str
    signs: str = ""
    sort: Sort = Sort.STATE
