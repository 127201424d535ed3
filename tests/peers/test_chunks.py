"""BDAT means to our door what it means to Postfix (RFC 3030). No Postfix sends it, so a bare client does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import RunningDoor, settings
from tests.peers.postfixes import Postfix

pytestmark = pytest.mark.peer("postfix", "root")

BEGUN = ("MAIL FROM:<a@else.test>\r\n", "RCPT TO:<{to}>\r\n")
TALKS: dict[str, tuple[str, ...]] = {
    "one-chunk": (*BEGUN, "BDAT 5 LAST\r\nx\r\n\r\n", "NOOP\r\n"),
    "line-end-cut-in-two": (*BEGUN, "BDAT 3\r\nab\r", "BDAT 5 LAST\r\n\ncd\r\n", "NOOP\r\n"),
    "dots-are-nothing": (*BEGUN, "BDAT 11 LAST\r\na\r\n.\r\n..b\r\n", "NOOP\r\n"),
    "empty-last": (*BEGUN, "BDAT 3\r\na\r\n", "BDAT 0 LAST\r\n", "NOOP\r\n"),
    "given-up": (*BEGUN, "BDAT 3\r\na\r\n", "RSET\r\n", *BEGUN, "RSET\r\n"),
    "data-in-the-middle": (*BEGUN, "BDAT 3\r\na\r\n", "DATA\r\n", "RSET\r\n"),
    "mail-in-the-middle": (*BEGUN, "BDAT 3\r\na\r\n", *BEGUN, "RSET\r\n"),
    "no-recipient": (BEGUN[0], "BDAT 3 LAST\r\na\r\n", "NOOP\r\n"),
    "no-sender": ("BDAT 3 LAST\r\na\r\n", "NOOP\r\n"),
    "after-the-last": (*BEGUN, "BDAT 3 LAST\r\na\r\n", "BDAT 3 LAST\r\na\r\n", "NOOP\r\n"),
    "no-number": (*BEGUN, "BDAT x\r\n"),
    "another-word": (*BEGUN, "BDAT 3 FIRST\r\na\r\n"),
}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """A door of ours."""
    with RunningDoor(tmp_path_factory.mktemp("door") / "spool", settings()) as running:
        yield running


def judged(port: int, to: str, said: tuple[str, ...]) -> list[str]:
    """The class and the enhanced status of each answer."""
    verdicts = []
    with RawClient(port) as client:
        client.say("EHLO me.example", 250)
        for each in said:
            client.send(each.format(to=to).encode())
            verdicts.append(re.sub(r"^(\d)\d\d ([\d.]+).*", r"\1 \2", client.reply()))
    return verdicts


@pytest.mark.parametrize("name", TALKS)
def test_a_chunk_is_a_chunk(alone: Postfix, door: RunningDoor, name: str) -> None:
    """The same chunks are taken and refused for the same reasons, and the conversation goes on in step."""
    real = judged(alone.port, "dao@xa.example", TALKS[name])
    assert judged(door.port, "huyen@nam.test", TALKS[name]) == real
    assert len(real) == len(TALKS[name])


def test_the_octets_are_the_same(alone: Postfix, door: RunningDoor) -> None:
    """A mail in chunks that cut its lines and its dots is kept as Postfix keeps it."""
    mail = b"Subject: chunks\r\n\r\n.\r\n..two\r\n" + b"x" * 990 + b"\r\n.\r\nend\r\n"
    for port, to in ((alone.port, "dao@xa.example"), (door.port, "huyen@nam.test")):
        with RawClient(port) as client:
            client.begin(to)
            for start in range(0, len(mail), 20):
                chunk = mail[start : start + 20]
                last = b" LAST" if start + 20 >= len(mail) else b""
                client.send(b"BDAT %d%b\r\n%b" % (len(chunk), last, chunk))
                client.expect(250)
    assert door.mails()[-1].octets == mail
    body = mail.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n")
    assert alone.letter("dao@xa.example", b"Subject: chunks").endswith(body)
