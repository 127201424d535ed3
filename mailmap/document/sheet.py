"""The sheet: what the register keeps of a document beside its numbers, as JSON.

Promises:  ``of_sheet(to_sheet(x))`` is ``x`` for every sheet; a version tag stands inside, so old journals stay
           readable.
Never:     drops a field, a confidence or a source.
Fails:     ``of_sheet`` raises ValueError for a version or shape it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from mailmap.document.document import Enclosure, Fields, Secrecy, Seen, Symbol, Urgency
from mailmap.document.events import JSON

VERSION = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """Fields, files, the address it came from, and the names of fields that are still asked for."""

    fields: Fields
    enclosures: tuple[Enclosure, ...]
    sender: str
    missing: tuple[str, ...]


def completed(old: Sheet, told: Fields) -> Sheet:
    """The sheet after its sender told what was missing: what was told wins, and is no longer asked for."""
    news = {f.name: seen for f in fields(told) if (seen := getattr(told, f.name)) is not None}
    missing = tuple(name for name in old.missing if name not in news)
    return replace(old, fields=replace(old.fields, **news), missing=missing)


def to_sheet(
    read: Fields, enclosures: Sequence[Enclosure], sender: str, missing: Sequence[str] = ()
) -> dict[str, JSON]:
    """The JSON object of a sheet; fields that were not read are absent."""
    seen = {f.name: getattr(read, f.name) for f in fields(read)}
    return {
        "version": VERSION,
        "fields": {name: _written(value) for name, value in seen.items() if value is not None},
        "enclosures": [{f.name: getattr(each, f.name) for f in fields(each)} for each in enclosures],
        "sender": sender,
        "missing": list(missing),
    }


def of_sheet(sheet: Mapping[str, Any]) -> Sheet:
    """The sheet that ``to_sheet`` wrote."""
    if sheet.get("version") != VERSION:
        raise ValueError(f"a sheet of version {sheet.get('version')!r} is not known")
    try:
        read = Fields(**{name: _seen(name, wire) for name, wire in sheet["fields"].items()})
        enclosures = tuple(Enclosure(**each) for each in sheet["enclosures"])
        return Sheet(read, enclosures, sheet["sender"], tuple(sheet["missing"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a sheet: {error!r}") from error


def _symbol(wire: Mapping[str, Any]) -> Symbol:
    return Symbol(wire["number"], wire["notation"], wire["suffix"])


_READERS: Mapping[str, Callable[[Any], object]] = {
    "symbol": _symbol,
    "issued": date.fromisoformat,
    "due": date.fromisoformat,
    "urgency": Urgency,
    "secrecy": Secrecy,
}


def _seen(name: str, wire: Mapping[str, Any]) -> Seen[Any]:
    return Seen(_READERS.get(name, str)(wire["value"]), wire["confidence"], wire["source"])


def _written(seen: Seen[object]) -> dict[str, JSON]:
    return {"value": _value(seen.value), "confidence": seen.confidence, "source": seen.source}


def _value(value: object) -> JSON:
    if isinstance(value, Symbol):
        return {"number": value.number, "notation": value.notation, "suffix": value.suffix}
    return value.isoformat() if isinstance(value, date) else str(value)
