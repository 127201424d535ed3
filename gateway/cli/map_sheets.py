"""The files of the command line: sheets read for an import, tables written out for others to read.

Promises:  every file is read before anything is said, and everything wrong with all of them is told at once; what takes
           a while shows how far it is, on a terminal only. A file is written whole or not at all.
Never:     applies anything.
Fails:     Stop with exit status 2 for a file that cannot be read or written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gateway.cli.desk import Desk, Exit, Stop
from gateway.sheets import read, write
from gateway.sheets.write import TooLong
from mailmap.directory.sheet import Sheet, Table, read_grid

Cells = Sequence[str | date]
Told = Callable[
    [str, int, int], None
]  # what is being done (a locale key), how much of it, out of how much (0: unknown)


def silently(what: str, done: int, whole: int) -> None:
    """Tell nobody."""
    _ = what, done, whole


@contextmanager
def progress(desk: Desk) -> Iterator[Told]:
    """What is being done just now and how far it is, on standard error so that answers stay clean."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, done: int, whole: int) -> None:
            bar.reset(task, description=desk.words.say(what), completed=done, total=whole or None)

        yield tell


def sheets_of(files: Sequence[Path], tell: Told = silently) -> list[Sheet]:
    """All sheets of all files; what cannot be understood of them is among their mistakes."""
    found: list[Sheet] = []
    for number, path in enumerate(files):
        tell("map.reading", number, len(files))
        found += _sheets(path)
    return found


def written(path: Path, tables: Mapping[str, Iterable[Cells]]) -> list[Path]:
    """Write these tables: a workbook with a sheet for each, or CSV: one file, or one for each; where they are."""
    try:
        files = dict(_files(path, tables))
        for where, octets in files.items():
            where.write_bytes(octets)
    except OSError as error:
        raise Stop(Exit.MISTAKE, "map.no-write", path=path, reason=error.strerror) from None
    except TooLong as error:
        raise Stop(Exit.MISTAKE, "map.no-write", path=path, reason=error) from None
    return [*files]


def _sheets(path: Path) -> Iterator[Sheet]:
    try:
        found = read.grids(path)
    except OSError as error:
        raise Stop(Exit.MISTAKE, "map.no-file", path=path, reason=error.strerror) from None
    yield from map(read_grid, found.grids)
    if found.mistakes or found.remarks:
        yield Sheet(Table.UNITS, (), found.mistakes, found.remarks)


def _files(path: Path, tables: Mapping[str, Iterable[Cells]]) -> Iterator[tuple[Path, bytes]]:
    kind = path.suffix.casefold()
    if kind == ".xlsx":
        yield path, write.xlsx(tables)
    elif kind == ".csv":
        for title, rows in tables.items():
            yield path if len(tables) == 1 else path.with_stem(f"{path.stem}-{title}"), write.csv(rows)
    else:
        raise Stop(Exit.MISTAKE, "map.no-kind-of-file", path=path)
