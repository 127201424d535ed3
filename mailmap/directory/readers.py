"""Readers: what one cell of a sheet says, as offices write it.

Promises:  every reader is total: a value, or the sentence that says what is wrong with the cell and what to write.
           Words are Vietnamese or English, with or without marks; numbers may come as text ("1.0"), days as d/m/yyyy,
           as ISO, or with a time behind them; several mailboxes may stand in one cell.
Never:     looks at other cells.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from mailmap.directory.address import EVERYBODY, ORDINARY, Form, May, fold
from mailmap.directory.answers import Sentence
from mailmap.directory.nearness import plain
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Turn
from mailmap.directory.unit import Channel, UnitKind, Way

Value = str | bool | date | frozenset[May] | tuple[str, ...] | tuple[Way, ...] | UnitKind | Form | Proof | Turn | None
Reader = Callable[[str], Value | Sentence]

ALWAYS = "…"  # in a column of first days: from the beginning, however many periods there are
_MOST_ID = 64
SHORT_MOST = 64  # octets of a local part, RFC 5321 section 4.5.3.1.1

_KINDS: Mapping[str, UnitKind] = {kind.value: kind for kind in UnitKind} | {
    "tinh": UnitKind.PROVINCE, "so": UnitKind.DEPARTMENT, "ban": UnitKind.DEPARTMENT, "nganh": UnitKind.DEPARTMENT,
    "huyen": UnitKind.DISTRICT, "quan": UnitKind.DISTRICT, "thi xa": UnitKind.DISTRICT,
    "thanh pho": UnitKind.DISTRICT, "xa": UnitKind.COMMUNE, "phuong": UnitKind.COMMUNE, "thi tran": UnitKind.COMMUNE,
    "dac khu": UnitKind.COMMUNE, "phong": UnitKind.DIVISION, "doanh nghiep": UnitKind.BUSINESS,
    "khac": UnitKind.OTHER,
}  # fmt: skip
_CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel} | {
    "thu": Channel.MAIL, "thu dien tu": Channel.MAIL, "email": Channel.MAIL, "hop thu": Channel.MAILBOX,
    "truc": Channel.EDOC, "truc lien thong": Channel.EDOC, "edxml": Channel.EDOC, "lien ket": Channel.LINK,
}  # fmt: skip
_MAY: Mapping[str, May] = {may.value: may for may in May} | {
    "gui": May.SEND, "nhan": May.RECEIVE, "trang thai": May.STATUS, "thu hoi": May.RECALL, "quan tri": May.ADMINISTER,
}  # fmt: skip
_FORMS: Mapping[str, Form] = {form.value: form for form in Form} | {
    "hop thu": Form.EXACT, "chinh": Form.EXACT, "bi danh": Form.ALIAS, "the": Form.TAG, "ten mien": Form.DOMAIN,
}  # fmt: skip
_PROOFS: Mapping[str, Proof] = {
    **{proof.name.lower(): proof for proof in Proof}, **{str(int(proof)): proof for proof in Proof},
    "khong": Proof.NONE, "may chu": Proof.RELAY, "dang nhap": Proof.LOGIN, "nguoi": Proof.PERSON,
    "chu ky so": Proof.PERSON,
}  # fmt: skip
_TURNS: Mapping[str, Turn] = {turn.value: turn for turn in Turn} | {
    "sap nhap": Turn.MERGED, "nhap": Turn.MERGED, "hop nhat": Turn.MERGED, "chia": Turn.SPLIT, "tach": Turn.SPLIT,
    "chia tach": Turn.SPLIT, "doi ten": Turn.RENAMED, "chuyen": Turn.MOVED, "dieu chuyen": Turn.MOVED,
    "giai the": Turn.ABOLISHED, "bai bo": Turn.ABOLISHED, "ket thuc": Turn.ABOLISHED,
    "ket thuc hoat dong": Turn.ABOLISHED,
}  # fmt: skip
_FLAGS: Mapping[str, bool] = {
    "yes": True, "true": True, "1": True, "co": True, "x": True, "dung": True,
    "no": False, "false": False, "0": False, "khong": False, "sai": False,
}  # fmt: skip
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _TIME)
_VIETNAMESE = re.compile(r"(?:ngay )?(\d{1,2})(?: ?[/.-] ?| thang )(\d{1,2})(?: ?[/.-] ?| nam )(\d{4})" + _TIME)
_SHORT = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9]))*", re.ASCII)
_MAILBOX = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>.\"]+")
_BRACKETS = re.compile(r"<([^<>@]+@[^<>@]+)>")
_BETWEEN = re.compile(r"\s*[,;/\n]\s*|\s+(?:hoặc|hoac|và|va|or|and|&)\s+|\s+", re.IGNORECASE)
_ZEROS = re.compile(r"(\d+)\.0+")
_TAX = re.compile(r"\d{10}(?:-?\d{3})?|\d{12}")


def text(cell: str) -> Value:
    """The cell as it is."""
    return cell


def text_or_none(cell: str) -> Value:
    """The cell as it is; None when it is empty."""
    return cell or None


def an_id(cell: str) -> Value | Sentence:
    """A key of ours: no spaces, not long."""
    good = len(cell) <= _MOST_ID and not any(map(str.isspace, cell))
    return cell if good else Sentence.of("roster.bad-id", cell=cell[:_MOST_ID])


def kind(cell: str) -> Value | Sentence:
    """A kind of unit, or the tier of one."""
    return _KINDS.get(plain(cell)) or Sentence.of("roster.no-kind", cell=cell, known=", ".join(UnitKind))


def channel(cell: str) -> Value | Sentence:
    """A channel."""
    return _CHANNELS.get(plain(cell)) or Sentence.of("roster.no-channel", cell=cell, known=", ".join(Channel))


def turn(cell: str) -> Value | Sentence:
    """What became of a unit."""
    return _TURNS.get(plain(cell)) or Sentence.of("roster.no-turn", cell=cell, known=", ".join(Turn))


def form(cell: str) -> Value | Sentence:
    """A form of address."""
    return _FORMS.get(plain(cell)) or Sentence.of("roster.no-form", cell=cell, known=", ".join(Form))


def proof(cell: str) -> Value | Sentence:
    """The proof that an address needs, by word or number."""
    found = _PROOFS.get(plain(_whole(cell)))
    known = ", ".join(one.name.lower() for one in Proof)
    return Sentence.of("roster.no-proof", cell=cell, known=known) if found is None else found


def flag(cell: str) -> Value | Sentence:
    """Yes or no."""
    found = _FLAGS.get(plain(_whole(cell)))
    return Sentence.of("roster.no-flag", cell=cell) if found is None else found


def short(cell: str) -> Value | Sentence:
    """The local part of a unit's address of ours."""
    folded = fold(cell)
    good = _SHORT.fullmatch(folded) and len(folded) <= SHORT_MOST
    return folded if good else Sentence.of("roster.bad-short", cell=cell)


def code(cell: str) -> Value | Sentence:
    """A code by which others call the unit; like a short name it must be able to be an address."""
    given = _whole(cell)
    good = not given or (_SHORT.fullmatch(fold(given)) and len(given) <= SHORT_MOST)
    return given if good else Sentence.of("roster.bad-code", cell=cell)


def tax_code(cell: str) -> Value | Sentence:
    """A tax code: 10 digits, 13 of a branch, 12 of a person; spreadsheets drop the zero it begins with."""
    digits = "".join(_whole(cell).split()).replace(".", "")
    good = not digits or _TAX.fullmatch(digits)
    return digits if good else Sentence.of("roster.bad-tax-code", cell=cell)


def mailboxes(cell: str) -> Value | Sentence:
    """Every mailbox address in the cell, folded, in order, once each; () when it is empty."""
    pieces = _pieces(cell)
    wrong = [piece for piece in pieces if not _MAILBOX.fullmatch(piece) or piece.startswith(EVERYBODY)]
    return Sentence.of("roster.bad-address", cell=", ".join(wrong)) if wrong else tuple(dict.fromkeys(pieces))


def senders(cell: str) -> Value | Sentence:
    """As ``mailboxes``, but a whole domain may be written '*@domain'."""
    pieces = _pieces(cell)
    wrong = [piece for piece in pieces if not _MAILBOX.fullmatch(piece)]
    return Sentence.of("roster.bad-address", cell=", ".join(wrong)) if wrong else tuple(dict.fromkeys(pieces))


def names(cell: str) -> Value:
    """Names with semicolons between them."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, cell.split(";")))))


def ways(cell: str) -> Value | Sentence:
    """Ways in, 'mail:a@b; link:a@b'; a mailbox alone is a mail."""
    found = []
    for part in filter(None, map(str.strip, cell.split(";"))):
        way = _way(part)
        if isinstance(way, Sentence):
            return way
        found.append(way)
    return tuple(dict.fromkeys(found))


def first_day(cell: str) -> Value | Sentence:
    """A day, or ALWAYS."""
    return date.min if cell in {ALWAYS, "..."} else day(cell)


def last_day(cell: str) -> Value | Sentence:
    """The day from which it no longer holds; None when it is empty."""
    return day(cell) if cell else None


def day(cell: str) -> date | Sentence:
    """A day, whatever time of it."""
    iso, ours = _ISO.fullmatch(cell), _VIETNAMESE.fullmatch(plain(cell))
    parts = iso.groups() if iso else reversed(ours.groups()) if ours else ("0", "0", "0")
    try:
        return date(*map(int, parts))
    except ValueError:
        return Sentence.of("roster.no-day", cell=cell)


def rights(cell: str) -> Value | Sentence:
    """What an address may do; the ordinary when it is empty."""
    if not cell:
        return ORDINARY
    words = re.split(r"\s*[,;/+]\s*", plain(cell).strip(" ,;/+"))
    if len(words) == 1 and words[0] not in _MAY:
        words = _in_pairs(words[0].split())
    unknown = [word for word in words if word not in _MAY]
    if unknown:
        return Sentence.of("roster.no-right", cell=", ".join(unknown), known=", ".join(May))
    return frozenset(_MAY[word] for word in words)


def mailboxes_in(cell: str) -> list[str]:
    """Everything in a cell that may be a mailbox address, folded, also behind the name of a channel."""
    return [piece.rpartition(":")[2] for piece in _pieces(cell) if "@" in piece]


def _in_pairs(words: list[str]) -> list[str]:
    """Words that stand without commas; two that are one right ("thu hoi") together."""
    joined = " ".join(words)
    for pair in {" ".join(two) for two in pairwise(words)} & _MAY.keys():
        joined = joined.replace(pair, pair.replace(" ", "_"))
    return [word.replace("_", " ") for word in joined.split()]


def _pieces(cell: str) -> list[str]:
    """The parts of a cell of addresses; what stands in angle brackets, where some does."""
    inside = _BRACKETS.findall(cell)
    parts = inside or [part.removeprefix("mailto:") for part in _BETWEEN.split(cell)]
    return [fold(part) for part in parts if part.strip()]


def _way(part: str) -> Way | Sentence:
    said, colon, to = part.partition(":")
    if not colon:
        said, to = ("mail", part) if "@" in part else (part, "")
    found = _CHANNELS.get(plain(said.strip()))
    if found is None:
        return Sentence.of("roster.no-channel", cell=part, known=", ".join(Channel))
    if found in {Channel.MAIL, Channel.LINK} and not _MAILBOX.fullmatch(fold(to)):
        return Sentence.of("roster.bad-address", cell=to.strip())
    return Way(found, fold(to) if found in {Channel.MAIL, Channel.LINK} else to.strip())


def _whole(cell: str) -> str:
    """A number that a spreadsheet wrote with nothing behind its point, without that."""
    found = _ZEROS.fullmatch(cell)
    return found.group(1) if found else cell
