"""Nam Định and Ninh Bình of config/directory with their periods and successions, read without the roster."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from mailmap.directory.answers import Found
from mailmap.directory.finding import find
from mailmap.directory.index import MemoryIndex
from mailmap.directory.succession import Succession, Turn, closest
from mailmap.directory.unit import Unit, UnitKind

FOLDER = Path(__file__).parents[2] / "config" / "directory"
OLD, LATER, NEW = date(2016, 10, 30), date(2024, 10, 1), date(2025, 8, 1)
_KINDS = {
    "tỉnh": UnitKind.PROVINCE, "sở": UnitKind.DEPARTMENT, "ban": UnitKind.DEPARTMENT, "ngành": UnitKind.DEPARTMENT,
    "huyện": UnitKind.DISTRICT, "thành phố": UnitKind.DISTRICT, "xã": UnitKind.COMMUNE, "phường": UnitKind.COMMUNE,
    "thị trấn": UnitKind.COMMUNE, "phòng": UnitKind.DIVISION, "doanh nghiệp": UnitKind.BUSINESS,
}  # fmt: skip
_TURNS = {
    "sáp nhập": Turn.MERGED, "giải thể": Turn.ABOLISHED, "đổi tên": Turn.RENAMED, "chuyển": Turn.MOVED,
    "chia": Turn.SPLIT, "chia tách": Turn.SPLIT, "tách": Turn.SPLIT,
}  # fmt: skip


def _rows(*names: str) -> Iterator[dict[str, str]]:
    for name in names:
        lines = (FOLDER / name).read_text("utf-8").splitlines()
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def units() -> tuple[Unit, ...]:
    """Every unit in every period."""
    found: dict[str, list[Unit]] = {}
    for row in _rows("nam-dinh.csv", "nam-dinh-2024.csv", "ninh-binh-2025.csv"):
        other = tuple(filter(None, (each.strip() for each in (row.get("tên khác") or "").split(";"))))
        begun, until = _day(row.get("từ ngày")), _day(row.get("hết hiệu lực"))
        unit = Unit(
            row["mã"], row["tên đơn vị"], _KINDS[row["loại"]], row["tên ngắn"], row["trực thuộc"] or None,
            row["địa chỉ nhận"], valid_from=begun or date.min, valid_until=until, other_names=other,
        )  # fmt: skip
        periods = found.setdefault(unit.id, [])
        if periods and begun is None:
            periods[-1] = replace(periods[-1], valid_until=until)
            continue
        if periods and periods[-1].valid_until is None:
            periods[-1] = replace(periods[-1], valid_until=begun)
        periods.append(unit)
    return tuple(unit for periods in found.values() for unit in periods)


@cache
def index() -> MemoryIndex:
    """All of it."""
    rows = _rows("nam-dinh-2024-successions.csv", "ninh-binh-2025-successions.csv")
    told = [
        Succession(row["đơn vị"], date.fromisoformat(row["ngày"]), _TURNS[row["hình thức"]],
                   row["đơn vị kế thừa"] or None, row["căn cứ"])
        for row in rows
    ]  # fmt: skip
    return MemoryIndex(units(), [], told)


def unit(unit_id: str, on: date = OLD) -> Unit:
    """One of them as it is on that day."""
    found = closest(index().unit(unit_id), on)
    assert found, unit_id
    return found


def asked(text: str, sender: str | None, on: date = OLD) -> tuple[Found, ...]:
    """What a text means to that sender."""
    return find(text, unit(sender, on) if sender else None, on, index())


def told(text: str, sender: str | None, on: date = OLD) -> list[tuple[str, list[str], list[str]]]:
    """The same in short: the reason, the units, the choices."""
    return [
        (f.why.key.removeprefix("find."), [u.id for u in f.units], [u.id for u in f.choices])
        for f in asked(text, sender, on)
    ]
