"""What the cells of a sheet mean: a row becomes a unit or an address mapping.

Promises:  every bad cell of a row is told, not only the first. A column that the sheet lacks leaves a unit as it is; so
           does an empty cell where empty means nothing (KEPT).
Never:     looks at other rows, or at what is already known beyond the ``before`` it is given.
Fails:     never; what is wrong comes back as sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from mailmap.directory.address import ORDINARY, Address, Form, May, fold
from mailmap.directory.answers import Sentence
from mailmap.directory.nearness import plain
from mailmap.directory.proof import Proof
from mailmap.directory.sheet import Row
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way

Value = str | bool | date | frozenset[May] | tuple[str, ...] | tuple[Way, ...] | Form | Proof | Turn | None

_KINDS: Mapping[str, UnitKind] = {kind.value: kind for kind in UnitKind} | {
    "tinh": UnitKind.PROVINCE,
    "so": UnitKind.DEPARTMENT,
    "ban": UnitKind.DEPARTMENT,
    "nganh": UnitKind.DEPARTMENT,
    "huyen": UnitKind.DISTRICT,
    "quan": UnitKind.DISTRICT,
    "thi xa": UnitKind.DISTRICT,
    "thanh pho": UnitKind.DISTRICT,
    "xa": UnitKind.COMMUNE,
    "phuong": UnitKind.COMMUNE,
    "thi tran": UnitKind.COMMUNE,
    "phong": UnitKind.DIVISION,
    "doanh nghiep": UnitKind.BUSINESS,
    "khac": UnitKind.OTHER,
}
_MAY: Mapping[str, May] = {may.value: may for may in May} | {
    "gui": May.SEND,
    "nhan": May.RECEIVE,
    "trang thai": May.STATUS,
    "thu hoi": May.RECALL,
    "quan tri": May.ADMINISTER,
}
_TURNS: Mapping[str, Turn] = {turn.value: turn for turn in Turn} | {
    "sap nhap": Turn.MERGED,
    "nhap": Turn.MERGED,
    "chia": Turn.SPLIT,
    "tach": Turn.SPLIT,
    "chia tach": Turn.SPLIT,
    "doi ten": Turn.RENAMED,
    "chuyen": Turn.MOVED,
    "giai the": Turn.ABOLISHED,
    "ket thuc hoat dong": Turn.ABOLISHED,
}
_FLAGS = {
    "yes": True,
    "true": True,
    "1": True,
    "co": True,
    "x": True,
    "no": False,
    "false": False,
    "0": False,
    "khong": False,
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_VIETNAMESE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SHORT = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9]))*", re.ASCII)
_MAILBOX = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
KEPT = frozenset({"id", "channel", "book", "accepts_itself", "form", "needs"})
NEW = Unit(id="", name="", kind=UnitKind.OTHER, short="")  # what a row that names no known unit begins with
NOBODYS = Address("", "")  # the same for mappings
_NOTHING = Succession("", date.max, Turn.ABOLISHED)
SHORT_MOST = 64  # octets of a local part, RFC 5321 section 4.5.3.1.1

Reader = Callable[[str], Value | Sentence]


def unit_of(row: Row, before: Unit) -> tuple[Unit | None, tuple[Sentence, ...]]:
    """The unit that the row makes of ``before``, or all that is wrong with its cells."""
    given, wrong = _read(row, _UNIT)
    if wrong:
        return None, wrong
    unit = replace(before, **given)  # type: ignore[arg-type]  # the readers of _UNIT give each field its own type
    return replace(unit, id=unit.id or unit.short), ()


def id_of(row: Row) -> str:
    """The id that the row speaks of: its own, else its short name."""
    return row.cells.get("id") or fold(row.cells.get("short", ""))


def address_of(row: Row, before: Address = NOBODYS) -> tuple[Address | None, tuple[Sentence, ...]]:
    """The mapping that the row makes of ``before``, or all that is wrong with its cells."""
    given, wrong = _read(row, _ADDRESS)
    if wrong:
        return None, wrong
    return replace(before, **given), ()  # type: ignore[arg-type]  # as above


def succession_of(row: Row) -> tuple[Succession | None, tuple[Sentence, ...]]:
    """The succession that the row tells, or all that is wrong with its cells."""
    given, wrong = _read(row, _SUCCESSION)
    if wrong:
        return None, wrong
    return replace(_NOTHING, **given), ()  # type: ignore[arg-type]  # as above


def _read(row: Row, readers: Mapping[str, Reader]) -> tuple[dict[str, Value], tuple[Sentence, ...]]:
    values = {name: readers[name](cell) for name, cell in row.cells.items() if cell or name not in KEPT}
    wrong = tuple(value for value in values.values() if isinstance(value, Sentence))
    return {name: value for name, value in values.items() if not isinstance(value, Sentence)}, wrong


def _text(cell: str) -> Value:
    return cell


def _or_none(cell: str) -> Value:
    return cell or None


def _needed(cell: str) -> Value | Sentence:
    return cell or Sentence.of("roster.missing-cell")


def _kind(cell: str) -> Value | Sentence:
    return _KINDS.get(plain(cell)) or Sentence.of("roster.no-kind", cell=cell, known=", ".join(UnitKind))


def _channel(cell: str) -> Value | Sentence:
    known = {channel.value: channel for channel in Channel}
    return known.get(cell.casefold()) or Sentence.of("roster.no-channel", cell=cell, known=", ".join(Channel))


def _short(cell: str) -> Value | Sentence:
    short = fold(cell)
    good = _SHORT.fullmatch(short) and len(short) <= SHORT_MOST
    return short if good else Sentence.of("roster.bad-short", cell=cell)


def _mailbox(cell: str) -> Value | Sentence:
    address = fold(cell)
    return address if _MAILBOX.fullmatch(address) else Sentence.of("roster.bad-address", cell=cell)


def _mailbox_or_none(cell: str) -> Value | Sentence:
    return _mailbox(cell) if cell else ""


def _flag(cell: str) -> Value | Sentence:
    value = _FLAGS.get(plain(cell))
    return Sentence.of("roster.no-flag", cell=cell) if value is None else value


def _day(empty: date | None) -> Reader:
    def read(cell: str) -> Value | Sentence:
        if not cell:
            return empty
        iso, ours = _ISO.fullmatch(cell), _VIETNAMESE.fullmatch(cell)
        parts = iso.groups() if iso else reversed(ours.groups()) if ours else ("0", "0", "0")
        try:
            return date(*map(int, parts))
        except ValueError:
            return Sentence.of("roster.no-day", cell=cell)

    return read


def _may(cell: str) -> Value | Sentence:
    if not cell:
        return ORDINARY
    words = re.split(r"\s*[,;/+]\s*", plain(cell).strip())
    if len(words) == 1 and words[0] not in _MAY:
        words = words[0].split()
    unknown = [word for word in words if word not in _MAY]
    if unknown:
        return Sentence.of("roster.no-right", cell=", ".join(unknown), known=", ".join(May))
    return frozenset(_MAY[word] for word in words)


def _turn(cell: str) -> Value | Sentence:
    return _TURNS.get(plain(cell)) or Sentence.of("roster.no-turn", cell=cell, known=", ".join(Turn))


def _needed_day(cell: str) -> Value | Sentence:
    return _day(None)(cell) or Sentence.of("roster.missing-cell")


def _names(cell: str) -> Value:
    return tuple(filter(None, (part.strip() for part in cell.split(";"))))


def _ways(cell: str) -> Value | Sentence:
    ways = []
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        channel, _, to = part.partition(":")
        if channel.casefold().strip() not in set(Channel):
            return Sentence.of("roster.no-channel", cell=part, known=", ".join(Channel))
        ways.append(Way(Channel(channel.casefold().strip()), fold(to)))
    return tuple(ways)


def _form(cell: str) -> Value | Sentence:
    known = {form.value: form for form in Form}
    return known.get(cell.casefold()) or Sentence.of("roster.no-form", cell=cell, known=", ".join(Form))


def _proof(cell: str) -> Value | Sentence:
    found = {proof.name.lower(): proof for proof in Proof}.get(cell.casefold())
    known = ", ".join(proof.name.lower() for proof in Proof)
    return Sentence.of("roster.no-proof", cell=cell, known=known) if found is None else found


_PERIOD: Mapping[str, Reader] = {"valid_from": _day(date.min), "valid_until": _day(None)}
_UNIT: Mapping[str, Reader] = {
    "id": _text,
    "name": _needed,
    "kind": _kind,
    "short": _short,
    "parent": _or_none,
    "contact": _mailbox_or_none,
    "channel": _channel,
    "book": _flag,
    "accepts_itself": _flag,
    "organ_id": _text,
    "qcvn_id": _text,
    "tax_code": _text,
    "other_names": _names,
    "fallback": _ways,
    "basis": _text,
    **_PERIOD,
}
_ADDRESS: Mapping[str, Reader] = {
    "address": _mailbox,
    "unit": _needed,
    "may": _may,
    "role": _text,
    "form": _form,
    "needs": _proof,
    **_PERIOD,
}
_SUCCESSION: Mapping[str, Reader] = {
    "unit": _needed,
    "on": _needed_day,
    "turn": _turn,
    "successor": _or_none,
    "basis": _text,
}
