"""An open doorbook: a large constant file, and beside it a small one with what changed since.

Promises:  the answers of the directory, of all days, as the tables had them when the small file was written; never of
           two files that do not belong together: each large file has an identity, and its small one bears it.
Never:     changes a file, looks for newer ones, or knows how old these are (``doorbook`` does).
Fails:     FileNotFoundError when either is missing, BrokenFile when either is damaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mailmap.directory.address import Address, fold
from mailmap.directory.index import names_of
from mailmap.directory.naming import keys
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit
from storage import doorbook_records as records
from storage.constfile import BrokenFile, ConstFile
from storage.doorbook_records import Account, Head


class Large:
    """The large file alone."""

    def __init__(self, path: Path) -> None:
        self._file = ConstFile(path)
        self.head = records.read_head(self._file.get(records.HEAD))
        self.get, self.records = self._file.get, self._file.records
        self.delta_path = delta_path(path, self.head.identity)

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit, as the large file has it."""
        return records.read_units(unit_id, self.get(records.key_of(records.UNIT, unit_id)))


def delta_path(path: Path, identity: str) -> Path:
    """Where the changes lie that belong to the large file of that identity at ``path``."""
    return path.with_name(f"{path.name}.{identity}.delta")


class Book:
    """One open doorbook: the ``Index`` and the ``Pieces`` of its content; for one thread or many."""

    __slots__ = ("_base", "_changed", "_delta", "base", "head")

    def __init__(self, path: Path, base: Large | None = None) -> None:
        """``base`` is the large file at ``path`` when it is open already."""
        self.base = base or Large(path)
        delta = ConstFile(self.base.delta_path)
        self.head = _paired(self.base.head, records.read_head(delta.get(records.HEAD)))
        self._base, self._delta, self._changed = self.base.get, delta.get, delta.records > 1

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""
        return records.read_units(unit_id, self._get(records.key_of(records.UNIT, unit_id)))

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        """Everything that became of it."""
        return records.read_steps(unit_id, self._get(records.key_of(records.ENDED, unit_id)))

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code, in each such period."""
        found = self._units(records.NAMED, name)
        return tuple([unit for several, unit in found if not several or name in names_of(unit)])

    def called(self, key: str) -> tuple[Unit, ...]:
        """Every unit that people call so, in each such period."""
        found = self._units(records.CALLED, key)
        return tuple([unit for several, unit in found if not several or key in keys(unit.name, *unit.other_names)])

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""
        found = self._units(records.BELOW, unit_id)
        return tuple([unit for several, unit in found if not several or unit.parent == unit_id])

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        return records.read_addresses(address, self._get(records.key_of(records.MAPPED, address)))

    def account(self, login: str) -> Account | None:
        """The account with that folded login."""
        return records.read_account(login, self._get(records.key_of(records.ACCOUNT, login)))

    def holders(self, piece: str) -> Sequence[int]:
        """The numbers of all short names with that piece; those of a delta count from ``2 ** 31``."""
        key = records.key_of(records.PIECE, piece)
        both = (self._base(key) or b"") + (self._delta(key) or b"")
        return memoryview(both).cast("I")

    def name(self, number: int) -> str:
        """The short name of that number; '' when no unit bears it any more."""
        key = records.NUMBER + str(number).encode()
        name = (self._base(key) or self._delta(key) or b"").decode()
        return name if self._get(records.NAMED + fold(name).encode()) else ""

    def _get(self, key: bytes) -> bytes | None:
        if self._changed:
            value = self._delta(key)
            if value is not None:
                return value
        return self._base(key)

    def _units(self, table: bytes, text: str) -> list[tuple[bool, Unit]]:
        """The units whose ids lie there, in every period; with several, not each need have what was looked up."""
        ids = records.read_ids(self._get(records.key_of(table, text)))
        every = [self.unit(unit_id) for unit_id in ids]
        return [(len(periods) > 1, unit) for periods in every for unit in periods]


def _paired(base: Head, delta: Head) -> Head:
    if base.identity != delta.identity:
        raise BrokenFile("these changes are of another doorbook")
    return Head(base.own, delta.state, base.identity)
