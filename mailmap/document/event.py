"""What every event is.

Promises:  an event is frozen; dates and times inside are ISO 8601 text, times in UTC.
Never:     knows what happened; ``events`` and ``mail_events`` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]


@dataclass(frozen=True, slots=True)
class Event:
    """Anything that happened; dates and times inside are ISO 8601 text, times in UTC."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset()
