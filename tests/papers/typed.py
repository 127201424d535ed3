"""Made-up papers as Word gives them: paragraphs without places, a table's left cell before its right one."""

from __future__ import annotations

from collections.abc import Iterator

from mailmap.document.page import Line, Page
from tests.papers.forms import STEP
from tests.papers.paper import WIDE, Paper, reading

SMALLEST = 10.5  # points: stamps are set in smaller type, and typed files have none
GUTTER, FIRST = 290.0, 5  # points; lines that every head has


def word_text(paper: Paper) -> Paper:
    """The same paper as Word gives it: a table's left cell before its right one, no stamps, paragraphs whole."""
    pages = []
    for each in paper.reading.pages:
        lines = [line for line in each.lines if line.box and line.box.bottom - line.box.top > SMALLEST]
        pages.append(Page(each.number, tuple(_paragraphs(_cells(lines)))))
    return Paper(reading(pages), paper.right, paper.blurred, f"word {paper.form}")


def _cells(lines: list[Line]) -> list[Line]:
    """Head and close as tables: the left cell, then the right one; between them row by row."""
    rows = sorted(lines, key=_top)
    low = next((at for at, line in enumerate(rows) if at > FIRST and _opens(line)), 0)
    end = next((at for at, line in enumerate(rows) if line.text.startswith("Nơi nhận")), len(rows))
    return [*sorted(rows[:low], key=_cell), *rows[low:end], *sorted(rows[end:], key=_cell)]


def _top(line: Line) -> tuple[float, bool]:
    return (line.box.top if line.box else 0.0, not line.text.startswith("Nơi nhận"))


def _cell(line: Line) -> tuple[bool, float]:
    return bool(line.box and line.box.left + line.box.right > WIDE), line.box.top if line.box else 0.0


def _opens(line: Line) -> bool:
    """Whether a line is the first below both columns: it stands across the gutter."""
    across = line.box is not None and line.box.left < GUTTER < line.box.right
    return line.text.startswith("Kính") or across


def _paragraphs(lines: list[Line]) -> Iterator[Line]:
    """The lines without places; a line that is full, and goes on in small letters, takes up the next."""
    held: Line | None = None
    for line in lines:
        assert line.box
        if (
            held
            and held.box
            and line.text[:1].islower()
            and line.box.top - held.box.top < STEP + 2
            and line.bold == held.bold
        ):
            held = Line(f"{held.text} {line.text}", line.box, 1.0, held.bold)
            continue
        if held:
            yield Line(held.text, None, 1.0, held.bold)
        held = line
    if held:
        yield Line(held.text, None, 1.0, held.bold)
