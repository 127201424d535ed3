"""Every reply of the door is heard in a talk, and every talk goes as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway import replies
from gateway.replies import Reply
from tests.dialogues.talk import Unexpected, lines, play, talks

TABLE = {name: reply for name, reply in vars(replies).items() if isinstance(reply, Reply)}


@pytest.mark.parametrize("talk", talks(), ids=lambda talk: talk.stem)
def test_the_talk_goes_as_written(talk: Path, tmp_path: Path) -> None:
    """The door says, keeps and closes what the talk says."""
    assert talk.read_text("utf-8").startswith("# "), "a talk begins with its rule"
    play(talk, tmp_path)


def test_a_talk_that_goes_otherwise_is_seen(tmp_path: Path) -> None:
    """The runner itself fails, and names the line."""
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("# Wrong.\ns: 220 *\nc: NOOP\ns: 550 no\n")
    with pytest.raises(Unexpected, match=r"wrong\.txt:4"):
        play(wrong, tmp_path)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_reply_is_heard(name: str) -> None:
    """No reply stands in the table that no talk has heard word for word."""
    heard = {line.rest for talk in talks() for line in lines(talk) if line.verb == "s"}
    assert TABLE[name].wire.decode("ascii").removesuffix("\r\n") in heard


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_reply_is_well_formed(name: str) -> None:
    """Three digits, an enhanced status of the same class where one belongs, ASCII, at most 512 octets."""
    reply = TABLE[name]
    assert len(reply.wire) <= 512
    assert reply.wire.isascii()
    assert (reply.status[:1] == str(reply.code)[0]) or reply.code == 354


def test_a_reply_of_two_classes_is_refused() -> None:
    """A table that contradicts itself does not even load."""
    with pytest.raises(ValueError, match="two classes"):
        Reply(550, "4.1.1", "No")


def test_a_reply_nobody_could_read_is_refused() -> None:
    """Neither line ends nor overlong lines get into the table."""
    with pytest.raises(ValueError, match="printable"):
        Reply(250, "2.0.0", "two\r\nlines")
    with pytest.raises(ValueError, match="too long"):
        Reply(250, "2.0.0", "x" * 510)
