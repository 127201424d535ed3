"""Several mails read by few children: the same as one by one, and no sender's files before another's reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from gateway.examine import mail
from gateway.examine.filetype import plainly, sniff
from gateway.examine.reader import Reader
from gateway.examine.small import small_files
from gateway.examine.together import Sent, Together
from gateway.examine.understanding import Understander
from gateway.examine.walls import Limits
from tests.pdf_files import PDF

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def understander() -> Iterator[Understander]:
    """The real one, in the real sandbox."""
    with closing(Understander(Reader())) as one:
        yield one


def letter(number: int, *files: tuple[str, bytes]) -> bytes:
    """A mail with these files."""
    one = EmailMessage()
    one["From"], one["Subject"] = f"{number}@haiphuc.example", f"Công văn số {number}/UBND-VP V/v lúa mùa"
    one.set_content("Kính gửi huyện.\n")
    for name, content in files:
        one.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return one.as_bytes().replace(b"\n", b"\r\n")


MAILS = [
    letter(1),
    letter(2, ("2.pdf", PDF)),
    letter(3, ("3.pdf", b"%PDF-1.4\nhong\n%%EOF")),
    letter(4, ("4.txt", "Văn bản".encode())),
    letter(5, ("5.pdf", PDF), ("phu luc.pdf", PDF)),
    b"",
]


@pytest.mark.parametrize("senders", [("a",) * len(MAILS), tuple("abcdef"), tuple("ababab")])
def test_together_is_as_alone(understander: Understander, senders: tuple[str, ...]) -> None:
    """A batch gives of each mail what reading it alone gives, whoever sent it."""
    sent = [Sent(raw, sender) for raw, sender in zip(MAILS, senders, strict=True)]
    alone = [understander.understand(raw, DAY, recognise=False) for raw in MAILS]
    assert understander.understand_all(sent, [DAY] * len(MAILS)) == alone


class Watched:
    """A sandbox that remembers which files met a reader that is not our own, and reads them in this process."""

    def __init__(self) -> None:
        self.met: list[bytes] = []

    def run(self, task: str, content: bytes, *, limits: Limits, lengths: list[int], **how: Any) -> bytes:
        """As a child would answer."""
        assert limits.answer > len(content)
        if task.endswith(":read_many"):
            self.met.append(content)
            return mail.read_many(content, lengths=lengths, **how)
        if how["papers"]:
            self.met.append(content)
        return mail.look_many(content, lengths=lengths, **how)


@pytest.mark.parametrize("senders", ["abab", "abcd", "aabc", "aaaa"])
def test_no_two_senders_share_a_reader_of_files(senders: str) -> None:
    """What one sender's file could do to its reader reaches only that sender's own mails."""
    watched = Watched()
    raws = [letter(n, (f"{n}.pdf", PDF.replace(b"%%EOF", b"%%%d\n%%%%EOF" % n))) for n in range(4)]
    sent = [Sent(raw, sender) for raw, sender in zip(raws, senders, strict=True)]
    together = Together(watched, "gateway.examine.mail", Limits())  # type: ignore[arg-type]  # stands for a sandbox
    found = together.parcels(sent, {"first": 2, "last": 1})
    assert all(one is not None and len(one.parts) == 1 for one in found)
    names = [
        [n for n in range(4) if b"%d@haiphuc" % n in content or b"%%%d\n" % n in content] for content in watched.met
    ]
    assert all(len({senders[n] for n in group}) == 1 for group in names)
    assert sorted(n for group in names for n in group) == [0, 1, 2, 3]


def test_what_is_plain_is_what_libmagic_says() -> None:
    """Kinds told without libmagic are the same as with it."""
    known = [(plainly(content), sniff(content)) for content in (*small_files(), PDF, b"")]
    assert all(quick in {None, whole} for quick, whole in known)
    assert {"application/pdf", "image/png", "image/jpeg"} <= {quick for quick, _ in known}
