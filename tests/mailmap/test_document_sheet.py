"""The sheet of a document: JSON and back without loss."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.document import Enclosure, Fields, Secrecy, Seen, Symbol, Urgency
from mailmap.document.sheet import Sheet, completed, of_sheet, to_sheet

TEXT = st.text(max_size=20)
SYMBOLS = st.builds(Symbol, st.integers(1, 999_999), TEXT, TEXT)


def seen(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """A field that may have been read."""
    return st.none() | st.builds(Seen, values, st.floats(0, 1), TEXT)


FIELDS = st.builds(
    Fields, seen(SYMBOLS), seen(st.dates()), seen(TEXT), seen(TEXT), seen(TEXT), seen(TEXT),
    seen(st.sampled_from(Urgency)), seen(st.sampled_from(Secrecy)), seen(st.dates()),
)  # fmt: skip
ENCLOSURES = st.lists(st.builds(Enclosure, TEXT, TEXT, st.integers(0), TEXT, TEXT), max_size=3).map(tuple)
SHEETS = st.builds(Sheet, FIELDS, ENCLOSURES, TEXT, st.lists(TEXT, max_size=3).map(tuple))


@given(SHEETS)
def test_nothing_is_lost(sheet: Sheet) -> None:
    """Every field with confidence and source, every file, the sender and what is missing come back through JSON."""
    wire = json.loads(json.dumps(to_sheet(sheet.fields, sheet.enclosures, sheet.sender, sheet.missing)))
    assert of_sheet(wire) == sheet


@pytest.mark.parametrize("wire", [{}, {"version": 2}, {"version": 1}, {"version": 1, "fields": [], "enclosures": []}])
def test_an_unknown_sheet_is_refused(wire: dict[str, object]) -> None:
    """A version or shape that was never written is an error, not half a sheet."""
    with pytest.raises(ValueError, match="sheet"):
        of_sheet(wire)


def test_what_was_told_completes_the_sheet() -> None:
    """What the sender tells wins, is no longer asked for, and leaves the rest as it was."""
    paper = Enclosure("a.pdf", "application/pdf", 1, "ab", "document")
    about = Seen("báo cáo", 0.9, "subject")
    old = Sheet(Fields(subject=about), (paper,), "a@b", ("symbol", "issued"))
    told = Seen(date(2016, 10, 15), 0.95, "reply")
    new = completed(old, Fields(issued=told))
    assert new == Sheet(Fields(subject=about, issued=told), (paper,), "a@b", ("symbol",))
