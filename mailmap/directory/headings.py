"""Headings: which line of a sheet names its columns, and what each column holds.

Promises:  the line is found below titles and remarks, within the first 25 that say something; names may be Vietnamese
           or English, in any case and order, with or without marks, on two lines. Every column is known, known to be
           for people only (numbers, telephones, remarks), without a name, or told as a mistake.
Never:     guesses what a column with an unknown name holds.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailmap.directory.answers import Sentence
from mailmap.directory.nearness import plain

SEARCHED = 25  # lines; office sheets have up to a dozen lines of titles above
UNREAD = ""  # the field of a column that is for people


class Table(StrEnum):
    """What the rows of a sheet are."""

    UNITS = "units"
    ADDRESSES = "addresses"
    SUCCESSIONS = "successions"


# Field: the names its column goes by, without marks and signs. The first Vietnamese one is the one we tell people.
_PERIOD = {
    "valid_from": "tu ngay, hieu luc tu, hieu luc tu ngay, co hieu luc, ngay bat dau, ngay hieu luc, valid from, from",
    "valid_until": "het hieu luc, het hieu luc tu, den ngay, hieu luc den, ngay ket thuc, valid until, until",
}
_BASIS = {"basis": "can cu, can cu phap ly, van ban phap ly, nghi quyet, quyet dinh, basis, legal basis"}
_FIELDS: Mapping[Table, Mapping[str, str]] = {
    Table.UNITS: {
        "id": "ma, ma don vi, khoa, id",
        "name": "ten don vi, ten, ten co quan, ten co quan don vi, co quan don vi, ten co quan to chuc, ten to chuc, "
        "ten day du, don vi, co quan, name, official name, unit name, organisation, organization",
        "kind": "loai, loai don vi, cap, loai hinh, kind, type",
        "short": "ten ngan, ten tat, ten viet tat, viet tat, short, short name",
        "parent": "truc thuoc, thuoc, cap tren, don vi cap tren, co quan chu quan, don vi chu quan, co quan cap tren, "
        "parent, parent unit",
        "contact": "dia chi nhan, dia chi, hop thu, hop thu dien tu, hop thu cong vu, email, e mail, mail, "
        "email cong vu, thu dien tu, thu dien tu cong vu, dia chi thu, dia chi email, dia chi thu dien tu, "
        "dia chi thu dien tu cong vu, dia chi hop thu, dia chi hop thu dien tu, contact, email address",
        "channel": "kenh, cach nhan, channel",
        "book": "giu so, so van ban, book",
        "accepts_itself": "tu tiep nhan, tu dong tiep nhan, accepts itself",
        "organ_id": "ma dinh danh, ma dinh danh dien tu, ma dinh danh co quan, ma dinh danh don vi, ma qd 20, organ id",
        "qcvn_id": "ma qcvn, ma qcvn 102, ma lien thong, qcvn id",
        "tax_code": "ma so thue, mst, ma so doanh nghiep, tax code",
        "other_names": "ten khac, ten goi khac, other names",
        "fallback": "du phong, kenh du phong, fallback",
        **_BASIS,
        **_PERIOD,
    },
    Table.ADDRESSES: {
        "address": "dia chi, dia chi thu, hop thu, hop thu dien tu, hop thu cong vu, email, e mail, mail, "
        "email cong vu, thu dien tu, thu dien tu cong vu, dia chi email, dia chi thu dien tu, "
        "dia chi thu dien tu cong vu, dia chi hop thu, dia chi hop thu dien tu, address, email address",
        "unit": "ma don vi, don vi, co quan, co quan don vi, thuoc don vi, ma dinh danh, unit, unit id",
        "may": "quyen, duoc lam, may, rights",
        "role": "vai tro, chuc danh, chuc vu, bo phan, role",
        "form": "dang, dang dia chi, form",
        "needs": "can chung minh, chung minh, needs, needs proof",
        **_PERIOD,
    },
    Table.SUCCESSIONS: {
        "unit": "don vi, ma don vi, don vi cu, ma don vi cu, ten don vi cu, unit, old unit",
        "on": "ngay, tu ngay, hieu luc tu, ngay hieu luc, on, date, from",
        "turn": "hinh thuc, hinh thuc sap xep, turn",
        "successor": "don vi ke thua, ke thua, don vi moi, ma don vi moi, ten don vi moi, don vi tiep nhan, successor",
        **_BASIS,
    },
}
_PEOPLES = (
    "stt, tt, tt stt, stt tt, so tt, so thu tu, no, nr, number, ghi chu, chu thich, note, notes, remarks",
    "dien thoai, so dien thoai, dien thoai co dinh, dien thoai di dong, dt, sdt, so dt, dtdd, di dong, phone",
    "telephone, mobile, fax, so fax, nguoi phu trach, can bo phu trach, nguoi lien he, lien he, dau moi",
    "can bo dau moi, dau moi lien he, nguoi dau moi, ho ten, ho va ten, ho ten can bo, ho va ten can bo",
    "chuc vu, nguoi dung dau, thu truong, contact person, tru so, dia chi tru so, dia chi co quan, dia chi lien he",
    "website, trang thong tin dien tu, cong thong tin dien tu",
)
_FOR_PEOPLE = frozenset(name for names in _PEOPLES for name in names.split(", "))
_KNOWN: Mapping[Table, Mapping[str, str]] = {
    table: {name: field for field, names in fields.items() for name in names.split(", ")}
    for table, fields in _FIELDS.items()
}
_NEEDED: Mapping[Table, tuple[str, ...]] = {
    Table.UNITS: ("name",),
    Table.ADDRESSES: ("address", "unit"),
    Table.SUCCESSIONS: ("unit", "on", "turn"),
}
_WORD = re.compile(r"[^\W_]+")
_POSTAL = "dia chi"  # beside a column of mailboxes this is where the office stands


@dataclass(frozen=True, slots=True)
class Headings:
    """The line that names the columns (its place among the lines given), and the field of each column.

    ``lines`` is how many lines the names take; ``wrong`` everything that is wrong with them.
    """

    at: int
    lines: int
    table: Table
    fields: tuple[str, ...]
    wrong: tuple[Sentence, ...]


def find(lines: Sequence[Sequence[str]]) -> Headings | None:
    """The headings of a sheet of clean cells; None when no line has two columns that we know."""
    top = lines[: SEARCHED + 1]
    found = [candidate for at in range(min(len(top), SEARCHED)) for candidate in _candidates(top, at)]
    best = max(found, key=lambda each: likeness(each[2]), default=None)
    if best is None or likeness(best[2]) < 2:  # noqa: PLR2004  # one known word may stand in any title
        return None
    return _read(*best)


def score(names: Sequence[str], table: Table) -> int:
    """How many fields of that table these names of columns give, once each."""
    return len({_KNOWN[table][name] for name in names if name in _KNOWN[table]})


def likeness(cells: Sequence[str]) -> int:
    """How much these cells look like headings, whatever the table."""
    names = [_name(cell) for cell in cells]
    return max(score(names, table) for table in Table)


def known(table: Table) -> str:
    """The fields of a table and the name of their columns, as text."""
    return ", ".join(title(table, field) for field in _FIELDS[table])


def title(table: Table, field: str) -> str:
    """A column as we tell people: its Vietnamese name without marks, and the field."""
    return f"{_FIELDS[table][field].partition(',')[0]} ({field})"


def _candidates(top: Sequence[Sequence[str]], at: int) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Where headings may begin, how many lines they take, and the names they would give."""
    yield at, 1, top[at]
    if at + 1 < len(top) and _goes_on([_name(cell) for cell in top[at]], [_name(cell) for cell in top[at + 1]]):
        yield at, 2, _joined(top[at], top[at + 1])


def _read(at: int, count: int, titles: Sequence[str]) -> Headings:
    names = [_name(title) for title in titles]
    table = max(Table, key=lambda each: (score(names, each), _told(names, each)))
    fields = [_KNOWN[table].get(name, UNREAD) for name in names]
    doubled = [place for place, name in enumerate(names) if name == _POSTAL and fields.count(fields[place]) > 1]
    for place in doubled:
        fields[place] = UNREAD
    return Headings(at, count, table, tuple(fields), tuple(_wrong(table, titles, fields)))


def _told(names: Sequence[str], table: Table) -> int:
    """How many columns the rows of this table need, when all are there: 'unit' beside 'email' is whose it is."""
    fields = {_KNOWN[table].get(name) for name in names}
    return len(_NEEDED[table]) if fields.issuperset(_NEEDED[table]) else 0


def _wrong(table: Table, titles: Sequence[str], fields: Sequence[str]) -> Iterator[Sentence]:
    for said, field in zip(titles, fields, strict=True):
        name = _name(said)
        if name and field == UNREAD and name not in _FOR_PEOPLE and name != _POSTAL:
            yield Sentence.of("roster.unknown-column", title=said, known=known(table))
        elif field != UNREAD and fields.count(field) > 1:
            yield Sentence.of("roster.twice-column", title=said)
    for field in _NEEDED[table]:
        if field not in fields:
            yield Sentence.of("roster.missing-column", title=title(table, field))


def _goes_on(names: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the next line names columns too: all it says is known, and somewhere it says what the first does not."""
    said = [(place, name) for place, name in enumerate(below) if name]
    return (
        bool(said)
        and all(_is_known(name) for _, name in said)
        and any(place >= len(names) or not _is_known(names[place]) for place, _ in said)
    )


def _is_known(name: str) -> bool:
    return name in _FOR_PEOPLE or any(name in table for table in _KNOWN.values())


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    padded = [[*line, *[""] * (width - len(line))] for line in (above, below)]
    return [second or first for first, second in zip(*padded, strict=True)]


def _name(title: str) -> str:
    """The name of a column: its words without marks; what stands in brackets is dropped when that makes it known."""
    whole = " ".join(_WORD.findall(plain(title)))
    bare = " ".join(_WORD.findall(plain(re.sub(r"\(.*?\)|\[.*?\]", " ", title))))
    return bare if not _is_known(whole) and _is_known(bare) else whole
