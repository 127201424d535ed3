"""Typing ``lienthong map`` as an administrator does, against a real database.

Promises:  every test that asks for ``run`` begins with an empty directory and an empty pen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.cli.frame import main
from storage import schema
from storage.database import Database
from storage.keys import Keys

UNITS = """mã,tên đơn vị,loại,tên ngắn,trực thuộc,địa chỉ nhận
haihau,UBND huyện Hải Hậu,huyện,haihau,,vanthu@haihau.example
haiphuc.haihau,UBND xã Hải Phúc,xã,haiphuc.haihau,haihau,vanthu@haiphuc.example
"""
ADDRESSES = "địa chỉ,đơn vị\nvanthu@haihau.example,haihau\n"


@dataclass(frozen=True)
class Typed:
    """What came of one command."""

    status: int
    said: str
    complained: str

    def rows(self) -> list[dict[str, Any]]:
        """Its lines of JSON."""
        return [json.loads(line) for line in self.said.splitlines()]

    def counts(self) -> dict[str, int]:
        """What a diff counts, zeros left out."""
        (found,) = (row["counts"] for row in self.rows() if "counts" in row)
        return {name: count for name, count in found.items() if count}


Run = Callable[..., Typed]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types one ``lienthong map`` command in a terminal that reads English, on an empty directory."""
    path = tmp_path / "lienthong.toml"
    gateway = f'domains = ["lienthong.example"]\nstate_directory = "{tmp_path}"'
    path.write_text(f'[gateway]\n{gateway}\n[database]\nurl = "{database.conninfo}"\n')
    for name, value in {"LIENTHONG_CONFIG": str(path), "LC_ALL": "en_GB.UTF-8", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    Keys.create(tmp_path / "keys.json")
    with database.transaction() as tx:
        for table in (schema.units, schema.addresses, schema.successions, schema.mails):
            tx.execute(sa.delete(table))

    def typed(*words: str) -> Typed:
        status = main(["map", *words])
        return Typed(status, *capsys.readouterr())

    return typed


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[str, str]:
    """Two files: units and addresses."""
    for name, text in (("units.csv", UNITS), ("addresses.csv", ADDRESSES)):
        (tmp_path / name).write_text("\ufeff" + text, "utf-8")
    return str(tmp_path / "units.csv"), str(tmp_path / "addresses.csv")
