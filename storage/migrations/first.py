"""Writes the first step's statements anew from today's tables: ``python -m storage.migrations.first``.

Promises:  0001.sql becomes what ``metadata.create_all`` and storage/guards.py would run.
Never:     used once a version has been released; from then on the first step is history, and a change is a new step.
Fails:     OSError when the file cannot be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateSequence, CreateTable, DDLElement

from storage import guards, schema

STEP = Path(__file__).parent / "versions" / "0001.sql"


def written() -> str:
    """All statements, each ended by a semicolon; the same tables give the same text."""
    tables = schema.metadata.sorted_tables
    dialect = sa.make_url("postgresql+psycopg://").get_dialect()()
    made = (str(element.compile(dialect=dialect)) for element in _elements())
    guarded = guards.statements(table.name for table in tables)
    return "".join(f"{_tidy(line)};\n\n" for line in (*made, *guarded))


def _elements() -> Iterator[DDLElement]:
    yield CreateSequence(schema.ids)
    for table in schema.metadata.sorted_tables:
        yield CreateTable(table)
        for index in sorted(table.indexes, key=attrgetter("name")):
            yield CreateIndex(index)


def _tidy(statement: str) -> str:
    lines = (line.rstrip().replace("\t", "    ") for line in statement.strip().splitlines())
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    STEP.write_text(written())
