"""What a doorbook holds: the records of a whole directory, from the tables or from memory, and those that changed.

Promises:  the same directory gives the same records, whether it comes from the tables or from memory; memory is needed
           for the pieces of short names only. ``changes`` gives what makes an older large file say what the tables say.
Never:     writes a file; holds the directory as a whole.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import Address
from mailmap.directory.index import names_of
from mailmap.directory.naming import keys
from mailmap.directory.nearness import pieces_of
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit
from storage import doorbook_records as of
from storage.doorbook_records import Account, Head, Line, Record
from storage.schema import accounts


@dataclass(frozen=True, slots=True)
class Content:
    """What a doorbook is made of: the lines of each table, sorted by key; every short name once; the accounts.

    Each is asked for when it is wanted, and nobody but who asked holds it: a query that is not read to its end must end
    before its transaction does.
    """

    tables: Mapping[bytes, Callable[[], Iterable[Line]]]
    shorts: Callable[[], Iterable[str]]
    people: Iterable[Account] = ()


def records(head: Head, content: Content) -> Generator[Record, None, None]:
    """The records of a whole doorbook."""
    yield of.head_record(head)
    for table, asked in content.tables.items():
        yield from of.grouped(table, asked())
    yield from pieces(content.shorts())
    logins = []
    for account in content.people:
        logins.append(account.login)
        yield of.account_record(account)
    yield of.logins_record(logins)


def pieces(shorts: Iterable[str], first: int = 0) -> Iterator[Record]:
    """By which parts short names are found when they are misspelt; they are numbered from ``first``."""
    holders: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, short in enumerate(shorts, first):
        yield of.number_record(number, short)
        for piece in pieces_of(short):
            holders[piece].append(number)
    for piece, numbers in holders.items():
        yield of.piece_record(piece, numbers.tobytes())


# --- from memory ---


def in_memory(
    units: Iterable[Unit],
    mappings: Iterable[Address] = (),
    steps: Iterable[Succession] = (),
    people: Iterable[Account] = (),
) -> Content:
    """The content of these, in whatever order they come."""
    every = sorted(units, key=lambda unit: (unit.id, unit.valid_from))
    tables: dict[bytes, Iterable[Line]] = {
        of.UNIT: map(of.unit_line, every),
        of.NAMED: _once((name, unit.id) for unit in every for name in names_of(unit)),
        of.CALLED: _once((key, unit.id) for unit in every for key in keys(unit.name, *unit.other_names)),
        of.BELOW: _once((unit.parent, unit.id) for unit in every if unit.parent),
        of.ENDED: map(of.step_line, sorted(steps, key=lambda step: (step.unit, step.on))),
        of.MAPPED: map(of.address_line, sorted(mappings, key=lambda one: (one.address, one.valid_from))),
    }
    shorts = sorted({unit.short for unit in every if unit.short})
    return Content({table: partial(iter, lines) for table, lines in tables.items()}, lambda: shorts, people)


def _once(lines: Iterable[tuple[str, str]]) -> list[Line]:
    return sorted({(key.encode(), unit_id.encode()) for key, unit_id in lines})


# --- from the tables: PostgreSQL puts the fields together, which takes it a tenth of the time it would take us ---

_DAY = "CAST({0} - DATE '0001-01-01' + 1 AS text)"
_PERIOD = f"{_DAY.format('valid_from')}, coalesce({_DAY.format('valid_until')}, '')"
_FLAG = "CASE WHEN {0} THEN '1' ELSE '' END"
_UNIT = (
    f"id, name, kind, short, coalesce(parent, ''), contact, channel, {_FLAG.format('book')},"
    f" {_FLAG.format('accepts_itself')}, {_PERIOD}, organ_id, qcvn_id, tax_code, basis,"
    " array_to_string(other_names, chr(31)), array_to_string(fallback, chr(31))"
)
_STEP = f"unit, {_DAY.format('s.on')}, turn, coalesce(successor, ''), basis"
_MAPPING = f"address, unit, array_to_string(may, ' '), role, {_PERIOD}, form, CAST(needs AS text)"
_WORDS = (
    'SELECT DISTINCT said COLLATE "C", id COLLATE "C" FROM units, unnest({0}) AS n(said)'
    " WHERE said <> '' ORDER BY 1, 2"
)
_LINES = {
    of.UNIT: f'SELECT {_UNIT} FROM units ORDER BY id COLLATE "C", valid_from',  # noqa: S608 the words are ours
    of.NAMED: _WORDS.format("named"),
    of.CALLED: _WORDS.format("called"),
    of.BELOW: _WORDS.format("ARRAY[parent]"),
    of.ENDED: f'SELECT {_STEP} FROM successions s ORDER BY unit COLLATE "C", s.on',  # noqa: S608 ours too
    of.MAPPED: f"SELECT {_MAPPING} FROM addresses ORDER BY address, valid_from",  # noqa: S608 and these
}
_SHORTS = "SELECT DISTINCT short COLLATE \"C\" FROM units WHERE short <> '' ORDER BY 1"
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_MEANT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def of_tables(tx: Connection) -> Content:
    """The content of the tables as this transaction sees them."""
    tables = {table: partial(_lines, tx, query) for table, query in _LINES.items()}
    return Content(tables, partial(_shorts, tx), people(tx))


def people(tx: Connection) -> Iterator[Account]:
    """Every account."""
    query = sa.select(accounts.c.login, accounts.c.password_hash, accounts.c.may_send_as, accounts.c.locked)
    return (Account(login, hashed, frozenset(may), locked) for login, hashed, may, locked in tx.execute(query))


def _shorts(tx: Connection) -> Iterator[str]:
    return (name.decode() for name, _ in _lines(tx, _SHORTS))


def _lines(tx: Connection, query: str) -> Iterator[Line]:
    driver = cast("psycopg.Connection[Any]", tx.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as rows:
        for row in rows:
            line = bytes(row)
            key, _, fields = line[:-1].partition(b"\t")
            fields = fields.replace(b"\t", b"\0")
            yield (_plain(key), _plain(fields)) if b"\\" in line else (key, fields)


def _plain(text: bytes) -> bytes:
    """As it is in the table: COPY writes some characters as two."""
    return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), text)
