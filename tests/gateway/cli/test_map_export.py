"""``lienthong map export``: what goes out comes in again, and changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.cli.desk import Exit
from gateway.sheets import read
from mailmap.directory.address import Address, Form, May
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from storage import directory
from storage.database import Database
from tests.gateway.cli.conftest import Run
from tests.offices import enter

CITY = Unit(
    "namdinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE, "namdinh", contact="vanthu@namdinh.example",
    valid_from=date(2000, 1, 1), organ_id="H40", qcvn_id="000.00.00.H40", tax_code="0600000001",
    other_names=("Tỉnh Nam Định", "=1+1"), fallback=(Way(Channel.LINK, "so@namdinh.example"),),
    basis="NQ 1", accepts_itself=True,
)  # fmt: skip
OLD = Unit("haian", "UBND xã Hải An", UnitKind.COMMUNE, "haian.haihau", "namdinh", valid_from=date(2000, 1, 1),
           valid_until=date(2024, 9, 1), channel=Channel.EDOC, book=False)  # fmt: skip
NEW = Unit("haian", "UBND phường Hải An", UnitKind.COMMUNE, "haian", "namdinh", valid_from=date(2024, 9, 1))
CLERK = Address(
    "vanthu@namdinh.example", "namdinh", frozenset({May.SEND, May.ADMINISTER}), "văn thư", needs=Proof.LOGIN
)
DOMAIN = Address("*@haian.example", "haian", valid_until=date(2025, 7, 1), form=Form.DOMAIN)
STEP = Succession("haian", date(2024, 9, 1), Turn.RENAMED, "haian", "NQ 2")


@pytest.fixture
def filled(run: Run, database: Database) -> Run:
    """A directory in which every field is used."""
    with database.transaction() as tx:
        enter(tx, [CITY, OLD, NEW], [CLERK, DOMAIN])
        directory.put(tx, steps=[STEP])
    return run


@pytest.mark.parametrize("name", ["all.xlsx", "all.csv"])
@pytest.mark.parametrize("language", ["vi_VN.UTF-8", "en_GB.UTF-8"])
def test_what_goes_out_comes_in_unchanged(
    filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    """Units, addresses and successions with every field: exported and imported, nothing is to change."""
    monkeypatch.setenv("LC_ALL", language)
    (written,) = filled("export", str(tmp_path / name), "--json").rows()
    assert (written["units"], written["addresses"], written["successions"]) == (3, 2, 1)
    done = filled("import", *written["files"], "--apply", "--json")
    assert (done.status, done.counts()) == (Exit.OK, {"same": 6})


def test_a_day_and_a_subtree_can_be_exported(filled: Run, tmp_path: Path) -> None:
    """Only what holds on the day, only what is below the unit."""
    filled("export", str(tmp_path / "a.xlsx"), "--on", "30/10/2016", "--unit", "haian.haihau")
    grids = read.grids(tmp_path / "a.xlsx").grids
    assert [[row[1] for _, row in grid.rows[1:]] for grid in grids] == [["UBND xã Hải An"], ["haian"], []]


def test_one_table_can_be_exported(filled: Run, tmp_path: Path) -> None:
    """A CSV of one table is the file that was named."""
    (written,) = filled("export", str(tmp_path / "a.csv"), "--table", "successions", "--json").rows()
    assert written["files"] == [str(tmp_path / "a.csv")]


@pytest.mark.parametrize(("words", "status"), [(("a.doc",), Exit.MISTAKE), (("a.csv", "--unit", "x"), Exit.NOT_FOUND)])
def test_what_cannot_be_written_is_told(filled: Run, tmp_path: Path, words: tuple[str, ...], status: Exit) -> None:
    """Another kind of file is a mistake, a unit nobody knows is not found."""
    assert filled("export", str(tmp_path / words[0]), *words[1:]).status == status


def test_a_folder_that_is_not_there_is_told(filled: Run) -> None:
    """The system's reason is given."""
    done = filled("export", "/nowhere/a.xlsx")
    assert (done.status, "/nowhere/a.xlsx" in done.complained) == (Exit.MISTAKE, True)
