"""How one line of the log is written: key=value for people, JSON for machines.

Promises:  a line is one line, whatever the values hold; time (UTC) first, then weight and verb, then the rest as told.
Never:     costs more than a few microseconds: a door writes one for every mail.
Fails:     cannot; a value of a kind nobody foresaw is written as its repr.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, default=repr)  # made once: making one takes longer than writing a line
_BARE = re.compile(r"[^\s\"=\\\x00-\x1f\x7f-\x9f\u2028\u2029]+")

Line = MutableMapping[str, Any]  # structlog's own shape


class StandardError:
    """Wherever standard error leads at the moment of writing."""

    def write(self, text: str) -> int:
        """See io.TextIOBase."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """See io.TextIOBase."""
        sys.stderr.flush()


def as_text(_: object, weight: str, line: Line) -> str:
    """``timestamp=… level=… event=… key=value``; a value with spaces or quotes as in JSON (a structlog processor)."""
    event = line.pop("event")
    told = "".join([f" {name}={_plain(value)}" for name, value in line.items()])
    return f"timestamp={_now()} level={weight} event={event}{told}"


def as_json(_: object, weight: str, line: Line) -> str:
    """One JSON object (a structlog processor)."""
    return _JSON.encode({"timestamp": _now(), "level": weight, **line})


def _plain(value: object) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) else _JSON.encode(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
