"""The door takes ordinary mail, keeps its octets and says so only when it is durable."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailmap.mail.envelope import Door, ForwardPath
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import RunningDoor, settings

BODY = b"Subject: x\r\n\r\nhello\r\n"


@pytest.fixture(params=["uvloop", "asyncio"])
def door(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningDoor]:
    """An MX door on either event loop."""
    with RunningDoor(tmp_path, settings(), loop=request.param) as running:
        yield running


def test_a_mail_is_kept_as_it_came(door: RunningDoor) -> None:
    """What lies in the spool is our trace, then the very octets; the reply names the mail."""
    with RawClient(door.port) as client:
        client.begin()
        said = client.bring(BODY)
    (mail,) = door.mails()
    assert said == f"250 2.0.0 Stored as {mail.spool_id}"
    assert mail.octets == BODY
    assert mail.envelope.recipients == (ForwardPath("huyen@nam.test"),)
    assert (mail.envelope.sender, mail.arrival.door, mail.arrival.helo) == ("a@else.test", Door.MX, "client.test")
    assert (mail.arrival.peer, mail.arrival.login, mail.arrival.tls, mail.arrival.trusted) == (
        "127.0.0.1",
        None,
        False,
        False,
    )


def test_smtplib_is_served(door: RunningDoor) -> None:
    """An ordinary library sends two mails in one connection."""
    with smtplib.SMTP("127.0.0.1", door.port, timeout=20) as client:
        client.sendmail("a@else.test", ["huyen@nam.test", "xa@nam.test"], BODY)
        client.sendmail("", ["xa@nam.test"], BODY)
    first, second = door.mails()
    assert [path.address for path in first.envelope.recipients] == ["huyen@nam.test", "xa@nam.test"]
    assert second.envelope.sender is None
