"""What a peer says: SMTP replies, read with bounds, and what they mean for a parcel.

Promises:  a reply is whole before anybody sees it; its words are one line of visible ASCII, at most 500 letters.
Never:     believes an enhanced status whose class contradicts the code (RFC 2034 section 4).
Fails:     ``Lost`` when the connection ended, stayed silent too long, or spoke something that is not SMTP.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

from storage.trouble import Temporary

LONGEST_REPLY = 64 * 1024
_LONGEST_WORDS = 500
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.\d{1,3}\.\d{1,3}\b")
_NOBODY = re.compile(r"(user|mailbox|recipient) unknown|unknown user|no such|does not exist|not found", re.IGNORECASE)
# For peers without enhanced status codes (RFC 3463): the nearest meaning of the bare code (RFC 5321 section 4.2.3).
_MEANING = {421: "4.3.2", 450: "4.2.0", 451: "4.3.0", 452: "4.3.1", 552: "5.2.2", 553: "5.1.3"}
# Codes that speak of our login or encryption and not of the mail: our own trouble, never the sender's (RFC 4954, 3207).
OUR_TROUBLE = frozenset({530, 534, 535, 538})


class Lost(Temporary):
    """The peer is gone, silent, or speaks no SMTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: code and the text of all its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words as one line, with the code."""
        return f"{self.code} {' '.join(self.lines)}".strip()[:_LONGEST_WORDS]

    @property
    def status(self) -> str:
        """The enhanced status, else the nearest meaning of the code."""
        found = _ENHANCED.match(self.lines[0])
        if found and found[1] == str(self.code)[0]:
            return found[0]
        if self.code == 550 and _NOBODY.search(self.text):  # noqa: PLR2004 RFC 5321: mailbox unavailable, for any reason
            return "5.1.1"
        return _MEANING.get(self.code, f"{self.code // 100}.0.0")

    @property
    def good(self) -> bool:
        """2yz or 3yz."""
        return self.code < 400  # noqa: PLR2004 RFC 5321 section 4.2.1

    @property
    def final(self) -> bool:
        """5yz about the mail itself."""
        return self.code >= 500 and self.code not in OUR_TROUBLE  # noqa: PLR2004 the same


class Ear:
    """Reads replies from a socket; octets that came early wait for the next reply."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = b""

    @property
    def holds(self) -> bool:
        """Whether the peer has spoken before it was its turn."""
        return bool(self._held)

    def reply(self) -> Reply:
        """The next whole reply (RFC 5321 section 4.2.1); Lost when none comes."""
        lines: list[str] = []
        code = b""
        octets = 0
        while True:
            line = self._line()
            octets += len(line)
            found = _LINE.match(line)
            if found is None or (code and found[1] != code) or octets > LONGEST_REPLY:
                raise Lost("the peer speaks no SMTP")
            code = found[1]
            lines.append(_visible(found[3] or b""))
            if found[2] != b"-":
                return Reply(int(code), tuple(lines))

    def _line(self) -> bytes:
        while b"\n" not in self._held:
            if len(self._held) > LONGEST_REPLY:
                raise Lost("the peer speaks no SMTP")
            self._held += self._heard()
        line, _, self._held = self._held.partition(b"\n")
        return line.rstrip(b"\r")

    def _heard(self) -> bytes:
        try:
            octets = self._sock.recv(8192)
        except OSError as error:
            raise Lost(error.strerror or "no answer in time") from error
        if not octets:
            raise Lost("the peer hung up")
        return octets


def _visible(octets: bytes) -> str:
    return "".join(c if c.isprintable() else "?" for c in octets.decode("utf-8", "replace")).strip()
