"""The log speaks verbs, one line each, and repeats nothing of a mail."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import logline, maillog
from storage.trouble import Temporary

SECRET = "clerk@nam.test wrote"


class Busy(Temporary):
    """Trouble of ours."""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What a test opens ends with it."""
    yield
    maillog.open_log()


def raised(error: Exception) -> Exception:
    """The error with a place where it happened."""
    try:
        raise error
    except type(error) as caught:
        return caught


def test_a_line_is_key_and_value() -> None:
    """Time, weight, verb, then what is told; for grep."""
    out = io.StringIO()
    maillog.open_log(out)
    maillog.stored("S-1", "mx", "192.0.2.1", 10, 1)
    stamp, _, rest = out.getvalue().partition(" ")
    assert stamp.startswith("timestamp=20")
    assert stamp.endswith("+00:00")
    assert rest == "level=info event=stored spool=S-1 door=mx peer=192.0.2.1 octets=10 recipients=1\n"


def test_a_line_is_json_when_asked() -> None:
    """The same for machines."""
    out = io.StringIO()
    maillog.open_log(out, as_json=True)
    maillog.refused("mx", "192.0.2.1", "RCPT", 550, "5.1.1")
    line = json.loads(out.getvalue())
    assert (line["event"], line["level"], line["code"]) == ("refused", "info", 550)


def test_light_lines_are_left_out_when_asked() -> None:
    """The administrator chooses the least weight."""
    out = io.StringIO()
    maillog.open_log(out, least=logging.WARNING)
    maillog.stopping()
    maillog.sent_away("mx", "192.0.2.1", "4.4.2", "why")
    assert out.getvalue().count("\n") == 1


def test_the_story_of_a_bug_repeats_no_words() -> None:
    """What an exception of a library says may hold an address; its kind and place are enough to find it."""
    out = io.StringIO()
    maillog.open_log(out)
    maillog.door_failed(raised(ValueError(SECRET)))
    assert "ValueError" in out.getvalue()
    assert "test_maillog.py" in out.getvalue()
    assert SECRET not in out.getvalue()


def test_our_own_trouble_and_the_systems_speaks_for_itself() -> None:
    """A full disk or a trouble with a name of ours is told in its own words."""
    out = io.StringIO()
    maillog.open_log(out)
    maillog.door_failed(raised(Busy("the disk is away")))
    maillog.door_failed(raised(OSError(28, "No space left on device", SECRET)))
    assert '"the disk is away"' in out.getvalue()
    assert '"No space left on device"' in out.getvalue()
    assert SECRET not in out.getvalue()


@given(st.dictionaries(st.from_regex(r"[a-z]+", fullmatch=True), st.text() | st.integers() | st.none(), max_size=4))
def test_a_line_is_one_line(told: dict[str, object]) -> None:
    """No value breaks a line or starts another key."""
    line = {name: value for name, value in told.items() if name != "event"}
    for shape in (logline.as_text, logline.as_json):
        written = shape(None, "info", {"event": "said", **line})
        assert len(written.splitlines()) == 1 or not any(c in written for c in "\r\n\x0b\x0c")
        assert "\n" not in written
        assert "\r" not in written
