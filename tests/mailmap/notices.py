"""Our own notices (tests/notices): mails of servers and programs as short texts, each with what must be read from it.

Promises:  ``notices`` gives every mail of one file with its kind and its "-> " lines; what a mail leaves out (To, Date,
           Content-Type) is put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from gateway.examine.filetype import sniff
from mailmap.mail.message import Message
from mailmap.mail.parse import parse

FOLDER = Path(__file__).parent.parent / "notices"
USUAL = {
    "to": "To: <tra+abc@gw.vn>",
    "date": "Date: Mon, 5 Aug 2024 14:05:00 +0700",
    "content-type": "Content-Type: text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail, its kind, and what is to be read from it, word by word."""

    kind: str
    expected: tuple[tuple[str, ...], ...]
    text: str

    @property
    def message(self) -> Message:
        """The mail, parsed."""
        return parse(self.octets, sniff)

    @property
    def octets(self) -> bytes:
        """The mail with CRLF line ends."""
        head, _, body = self.text.partition("\n\n")
        given = {line.partition(":")[0].lower() for line in head.split("\n")}
        fields = [head, *(line for name, line in USUAL.items() if name not in given)]
        return "\r\n".join([*"\n".join(fields).split("\n"), "", *body.split("\n")]).encode()


def notices(name: str) -> list[Notice]:
    """The mails of one file, in their order."""
    whole = (FOLDER / name).read_text("utf-8")
    return [_notice(each) for each in re.split(r"^==== ", whole, flags=re.MULTILINE)[1:]]


def _notice(text: str) -> Notice:
    kind, _, rest = text.partition("\n")
    told = re.match(r"(?:-> .*\n)*", rest)
    lines = told[0].splitlines() if told else []
    expected = tuple(tuple(line.removeprefix("-> ").split(" ")) for line in lines)
    return Notice(kind, expected, rest[told.end() if told else 0 :].strip("\n") + "\n")
