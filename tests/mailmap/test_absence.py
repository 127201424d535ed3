"""Automatic mail is told apart: who is away and until when, who asks for proof, what a filter or a list sends."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.mail.absence import Note, away_until, note_of
from mailmap.mail.report import read_report
from tests.mailmap.mails import letter
from tests.mailmap.notices import Notice, notices

MARK = ["Auto-Submitted: auto-replied"]


@pytest.mark.parametrize("notice", notices("automatic.txt"), ids=lambda notice: notice.kind)
def test_each_automatic_mail_says_what_it_is(notice: Notice) -> None:
    """lesson 29: the kind of each, and the day of the return where it is told; none of them is a report."""
    message = notice.message
    ((kind, day),) = notice.expected
    note, until = note_of(message), away_until(message)
    assert (note.value if note else "none") == kind
    assert (until.isoformat() if until else "-") == day
    assert read_report(message) is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("until 2024-08-10", "2024-08-10"),
        ("until Monday, 12th of August", "2024-08-12"),
        ("until Aug 9, 2024", "2024-08-09"),
        ("back on 08/13/2024", "2024-08-13"),
        ("until 7.8.24", "2024-08-07"),
        ("from 1/8/2024 to 10/8/2024", "2024-08-10"),
        ("đến ngày 4 tháng 1", "2025-01-04"),
        ("until further notice", None),
        ("until 12", None),
        ("until 5 August 2031", None),
        ("since 9 August 2024", None),
    ],
)
def test_days_are_read_as_they_are_told(words: str, day: str | None) -> None:
    """Day before month unless that cannot be; a year left out is the next; no day is made up."""
    until = away_until(letter(f"I am out of the office {words}.", "Re: x", MARK))
    assert (until.isoformat() if until else None) == day


def test_a_day_without_a_year_needs_the_date_of_the_note() -> None:
    """The date of the mail tells the year; the words a note quotes tell nothing."""
    quoted = letter("I am out of the office.\n> until 9 August 2024\n", "Re: x", MARK)
    assert note_of(quoted) is Note.ABSENCE
    assert away_until(quoted) is None


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_note_is_answered(text: str, subject: str) -> None:
    """No words are an error."""
    mail = letter(f"out of office until {text}", " ".join(subject.splitlines()), MARK)
    assert isinstance(note_of(mail), Note)
    away_until(mail)


@pytest.mark.parametrize("piece", ["until ", "until 1/", "1/1/", "on holiday ", "a" * 60, "đến hết ngày 1 tháng "])
def test_a_million_characters_of_a_note_cost_less_than_a_second(piece: str) -> None:
    """Only the beginning of a note is read."""
    mail = letter(f"out of office {piece * (1_000_000 // len(piece))}", "x", MARK)
    before = time.process_time()
    away_until(mail)
    assert time.process_time() - before < 1.0
