"""The two fail points around the door's reply to a content stand on either side of it, seen from the peer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.spool import Reader
from tests.bench import our_door
from tests.fakes.raw_client import RawClient
from tests.ports import lasting_port

CONTENT = b"From: <a@else.test>\r\n\r\nXin chao.\r\n.\r\n"


@pytest.mark.parametrize("rest", [b"", b"QUIT\r\n"])
@pytest.mark.parametrize(("point", "answered"), [("smtp.before-reply", False), ("smtp.after-reply", True)])
def test_a_door_killed_at_its_reply(tmp_path: Path, point: str, answered: bool, rest: bytes) -> None:  # noqa: FBT001  a parameter of the table
    """Before it the peer hears nothing, after it the peer has its 250; the mail is in the spool both times."""
    port = lasting_port()
    words = [sys.executable, our_door.__file__, str(port), "0", "1", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LIENTHONG_FAILPOINT": point}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) as door:
        assert door.stdout
        assert door.stdout.readline() == b"open\n"
        with RawClient(port) as peer:
            peer.begin("xa-7@nam.test")
            peer.say("DATA", 354)
            peer.send(CONTENT + rest)
            heard = peer.line()
        assert door.wait(20) == -signal.SIGKILL
    assert heard.startswith("250 2.0.0 Stored as S-") is answered
    reader = Reader(tmp_path / "spool")
    reader.adopt()
    assert len(reader.take(10, 1 << 20).records) == 1
    reader.close()
