"""Automatic mail is known by its own marks, and ordinary mail is not taken for it."""

from __future__ import annotations

import pytest

from mailmap.mail.automatic import Automatic, is_automatic
from tests.mailmap.mails import letter


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Auto-Submitted: auto-replied", Automatic.REPLIED),
        ("Auto-Submitted: auto-replied (vacation)", Automatic.REPLIED),
        ("Auto-Submitted: auto-generated", Automatic.GENERATED),
        ("Auto-Submitted: auto-notified; owner-email=a@b", Automatic.GENERATED),
        ("Auto-Submitted: no", None),
        ("X-Autoreply: yes", Automatic.REPLIED),
        ("Precedence: bulk", Automatic.BULK),
        ("Precedence: junk", Automatic.BULK),
        ("Precedence: list", Automatic.LIST),
        ("Precedence: auto_reply", Automatic.REPLIED),
        ("List-Id: <ds.example.vn>", Automatic.LIST),
        ("List-Unsubscribe: <mailto:x@y>", Automatic.LIST),
        ("X-Mailer: Thunderbird", None),
    ],
)
def test_the_fields_say_it(line: str, reason: Automatic | None) -> None:
    """lesson 29: RFC 3834 and the older marks before it."""
    assert is_automatic(letter(extra=[line])) is reason


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Công văn",
        "Out of office: x",
        "Trả lời tự động: x",
        "TRA LOI TU DONG x",
        "Tự động trả lời: x",
        "Autoreply",
    ],
)
def test_absence_notes_are_known_by_their_subject(subject: str) -> None:
    """Programs that mark nothing still write their own subject."""
    assert is_automatic(letter(subject=subject)) is Automatic.REPLIED


@pytest.mark.parametrize(
    "subject", ["Trả lời: Công văn", "Hệ thống tự động hóa", "Nghỉ phép năm 2024", "Re: Automatic reply"]
)
def test_ordinary_subjects_are_not_automatic(subject: str) -> None:
    """An answer, a document about automation or a leave of absence is written by a person."""
    assert is_automatic(letter(subject=subject)) is None
