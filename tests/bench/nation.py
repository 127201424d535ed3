"""A directory of the size of the national registry, for the benches: 123,000 units, 500,000 addresses.

Promises:  three tiers as in the registry (provinces, some 11,000 communes below districts, the rest divisions and
           businesses), with the homonyms of real life; the same directory each time. ``load`` puts it into the tables.
Never:     uses the way by which changes come in: half a million rows are copied, as a restored backup would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice

import psycopg

from mailmap.directory.address import ORDINARY, Address
from mailmap.directory.index import names_of
from mailmap.directory.naming import keys
from mailmap.directory.unit import Unit, UnitKind
from storage import guards
from storage.database import Database
from storage.directory_history import Signature, remember

UNITS, ADDRESSES = 123_000, 500_000
PROVINCES, DISTRICTS, COMMUNES = 63, 11, 16  # provinces, districts of each, communes of each district
BEGAN = date(2000, 1, 1)
_FIRST = (
    "Hải",
    "Nam",
    "Giao",
    "Xuân",
    "Nghĩa",
    "Trực",
    "Ý",
    "Vụ",
    "Mỹ",
    "Yên",
    "Liên",
    "Tân",
    "An",
    "Bình",
    "Phú",
    "Vĩnh",
    "Thanh",
    "Quang",
    "Kim",
    "Đông",
    "Tây",
    "Bắc",
)
_SECOND = (
    "Hậu",
    "Phúc",
    "An",
    "Hồng",
    "Lộc",
    "Thịnh",
    "Hưng",
    "Minh",
    "Sơn",
    "Thành",
    "Tiến",
    "Trung",
    "Phong",
    "Xuân",
    "Hòa",
    "Lạc",
    "Phương",
    "Châu",
)
_THIRD = ("", " Đông", " Tây", " Thượng", " Hạ", " Nhất")
_DIVISIONS = (
    "Văn phòng", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Trung tâm Phục vụ hành chính công", "Công an",
    "Ban Chỉ huy quân sự", "Trạm Y tế", "Trường Tiểu học",
)  # fmt: skip


def units() -> Iterator[Unit]:
    """Every unit, parents before their children."""
    return islice(_units(), UNITS)


def addresses() -> Iterator[Address]:
    """Some four mailboxes of each unit."""
    every = (
        Address(f"{who}.{unit.short}@{_domain(unit)}", unit.id, ORDINARY, role, BEGAN)
        for who, role in (("vanthu", "văn thư"), ("lanhdao", "lãnh đạo"), ("phong", "phòng"), ("hopthu", ""), ("a", ""))
        for unit in units()
    )
    return islice(every, ADDRESSES)


def load(database: Database) -> None:
    """Copy it into empty tables, with the row of history that an import leaves."""
    with psycopg.connect(database.conninfo) as connection, connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {guards.ROLE}")
        _copy(cursor, "units (id, name, kind, short, parent, contact, channel, book, accepts_itself, valid_from,"
              " organ_id, tax_code, named, called)", map(_unit_row, units()))  # fmt: skip
        _copy(cursor, "addresses (address, unit, may, role, valid_from)", map(_address_row, addresses()))
    with database.transaction() as tx:
        remember(tx, [], Signature("bench", "a whole nation", datetime.now(UTC)))
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE units, addresses")


def _copy(cursor: psycopg.Cursor, into: str, rows: Iterable[Sequence[object]]) -> None:
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _units() -> Iterator[Unit]:
    number = 0
    for p in range(PROVINCES):
        province = _unit(f"t{p}", f"UBND tỉnh {_place(p * 7)}", UnitKind.PROVINCE, None, organ_id=f"H{p + 1:02d}")
        yield province
        for d in range(DISTRICTS):
            district = _unit(f"h{d}.{province.id}", f"UBND huyện {_place(p * 31 + d)}", UnitKind.DISTRICT, province.id)
            yield district
            for _ in range(COMMUNES):
                number += 1
                yield from _commune(number, district)
    yield from (_business(n) for n in range(UNITS))


def _commune(number: int, district: Unit) -> Iterator[Unit]:
    commune = _unit(
        f"x{number}.{district.id}", f"UBND xã {_place(number)}", UnitKind.COMMUNE, district.id, organ_id=f"C{number}"
    )
    yield commune
    for d, name in enumerate(_DIVISIONS):
        yield _unit(f"d{d}.{commune.id}", name, UnitKind.DIVISION, commune.id)


def _business(number: int) -> Unit:
    name = f"Công ty TNHH {_place(number)} {number}"
    return _unit(f"b{number}", name, UnitKind.BUSINESS, None, tax_code=f"06{number:08d}")


def _unit(id_: str, name: str, kind: UnitKind, parent: str | None, organ_id: str = "", tax_code: str = "") -> Unit:
    codes = {"organ_id": organ_id, "tax_code": tax_code}
    return Unit(id_, name, kind, id_, parent, f"vanthu@{id_}.example", valid_from=BEGAN, **codes)


def _place(number: int) -> str:
    first, rest = number % len(_FIRST), number // len(_FIRST)
    second, rest = rest % len(_SECOND), rest // len(_SECOND)
    return f"{_FIRST[first]} {_SECOND[second]}{_THIRD[rest % len(_THIRD)]}"


def _domain(unit: Unit) -> str:
    return f"{(unit.parent or unit.id).rpartition('.')[2]}.example"


def _unit_row(unit: Unit) -> tuple[object, ...]:
    what = unit.id, unit.name, unit.kind.value, unit.short, unit.parent, unit.contact, unit.channel.value
    codes = unit.organ_id, unit.tax_code
    return *what, unit.book, unit.accepts_itself, unit.valid_from, *codes, list(names_of(unit)), _keys(unit.name)


def _address_row(one: Address) -> tuple[object, ...]:
    return one.address, one.unit, sorted(one.may), one.role, one.valid_from


@cache
def _keys(name: str) -> list[str]:
    return list(keys(name))
