"""Real state documents: their headers come in columns, with the numbers that were filled in when they were signed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from gateway.examine.reader import Choice, Reader, texts
from gateway.examine.twice import DOUBT, agreed
from mailmap.document.page import Box, Line
from tests.samples import folder

FIRST = Choice(1, 0)
SIGNED = ("009", "012", "020", "021", "022", "023", "024")  # stored text; number and day are shown by signatures
SCANNED = ("003", "025")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reader for all of them."""
    with Reader() as started:
        yield started


def header(reader: Reader, name: str) -> tuple[list[str], dict[str, str]]:
    """The lines of a document's first page, without spaces, and what is known of it."""
    documents = folder("documents")
    known = map(json.loads, (documents / "gold.jsonl").read_text("utf-8").splitlines())
    found = texts(documents / f"{name}.pdf", reader, FIRST)
    assert isinstance(found, tuple)
    gold = next(each for each in known if each["file"] == f"{name}.pdf")
    return [line.replace(" ", "") for line in found[0].split("\n")], gold


@pytest.mark.parametrize("name", SIGNED)
def test_numbers_filled_in_by_signatures_are_read(reader: Reader, name: str) -> None:
    """Number, notation and day stand in the columns they were printed in, each on a line of its own."""
    lines, gold = header(reader, name)
    assert f"Số:{gold['symbol']}" in lines
    year, month, day = gold["date"].split("-")
    day_line = f"ngày{day}tháng{month}năm{year}"
    assert any(line.endswith((day_line, day_line.replace("tháng0", "tháng"))) for line in lines)
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in lines


@pytest.mark.peer("tesseract")
@pytest.mark.parametrize("name", SCANNED)
def test_scans_have_their_columns(reader: Reader, name: str) -> None:
    """On scans too, level or not, the issuing body and the nation stand apart."""
    lines, _ = header(reader, name)
    assert "THỦTƯỚNGCHÍNHPHỦ" in lines or "ỦYBANNHÂNDÂN" in lines
    assert {"CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM", "CỘNGHOÀXÃHỘICHỦNGHĨAVIỆTNAM"} & set(lines)


def word(text: str, left: float, right: float, sure: float) -> Line:
    """A word on one line of print."""
    return Line(text, Box(left, 100, right, 112), sure)


@pytest.mark.parametrize(
    ("first", "second", "text", "sure"),
    [
        (word("45", 10, 22, 0.9), [word("45", 10, 22, 0.8)], "45", 0.85),
        (word("2025QĐ", 10, 50, 0.5), [word("2025/QĐ", 10, 50, 0.9)], "2025/QĐ", 0.7),
        (word("45", 10, 22, 0.9), [word("46", 10, 22, 0.9)], "45", DOUBT),
        (word("45", 10, 22, 0.9), [], "45", DOUBT),
        (word("45", 10, 22, 0.9), [word("Số:45/QĐ", 0, 60, 0.95)], "45", 0.925),
        (word("Sở", 10, 22, 0.9), [], "Sở", 0.9),
    ],
)
def test_two_looks_at_figures(first: Line, second: list[Line], text: str, sure: float) -> None:
    """Figures that both looks read alike stay sure; those that only one look saw, or saw otherwise, become doubtful."""
    found = agreed(first, second)
    assert found.sure == pytest.approx(sure)
    assert found.text == text
