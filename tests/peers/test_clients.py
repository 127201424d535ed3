"""Ordinary mail programs hand in a document at the whole gateway: swaks, and what Thunderbird says."""

from __future__ import annotations

import email
import email.policy
import subprocess
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailmap.mail.envelope import Door
from tests.dialogues.talk import FOLDER, converse
from tests.pdf_files import PDF
from tests.peers.conftest import Land
from tests.peers.site import CLERK, DISTRICT, PASSWORD, Taken
from tests.peers.transcripts import agree, of_swaks

pytestmark = pytest.mark.peer("postfix", "root")


@dataclass(frozen=True, slots=True)
class Way:
    """A way in: its talk, its port in the Site, the options of swaks, and what the door has proven then."""

    talk: str
    door: str
    options: tuple[str, ...]
    login: str | None
    tls: bool


LOGIN = ("--auth-user", "clerk", "--auth-password", PASSWORD)
WAYS = (
    Way("090-swaks-as-a-server", "mx", (), None, tls=False),
    Way("091-swaks-logs-in", "submission", ("--tls", "--auth", "PLAIN", *LOGIN), "clerk", tls=True),
    Way("092-swaks-logs-in-encrypted", "submissions", ("--tlsc", "--auth", "LOGIN", *LOGIN), "clerk", tls=True),
)


def swaks(port: int, number: int, file: Path, *options: str) -> str:
    """Send a document with swaks; its transcript."""
    subject = f"=?UTF-8?Q?C=C3=B4ng_v=C4=83n_s=E1=BB=91_{number}/UBND-VP_ng=C3=A0y_15/10/2016?="
    attached = ("--attach-type", "application/pdf", "--attach-name", f"{number}-UBND-VP.pdf", "--attach", f"@{file}")
    to = ("--to", "huyen@nam.test,so@nam.test", "--from", CLERK, "--helo", "xa.example")
    words = ("--header", f"Subject: {subject}", "--body", "Kính gửi UBND huyện.")
    command = ["swaks", "--server", "127.0.0.1", "--port", str(port), *to, *words, *attached, *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def receipted(land: Land, taken: Taken) -> EmailMessage:
    """The receipt for that document, in the clerk's mailbox."""
    mail = email.message_from_bytes(
        land.town.letter(CLERK, f"X-Lienthong-Document: {taken.code}".encode()), policy=email.policy.default
    )
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.peer("swaks")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.door)
def test_swaks_hands_in_a_document(land: Land, tmp_path: Path, way: Way) -> None:
    """As a trusted server, and as a person by both ways to log in: registered, receipted; the talk is what it says."""
    file = tmp_path / "giay-to.pdf"
    file.write_bytes(PDF)
    number = 91 + WAYS.index(way)
    said = list(of_swaks(swaks(getattr(land.site, way.door), number, file, *way.options)))
    agree(said, FOLDER / f"{way.talk}.txt")
    stored = next(text for who, text in said if who == "s" and text.startswith("250 2.0.0 Stored as "))
    taken = land.site.by_number(stored.rpartition(" ")[2])
    assert (taken.outcome, taken.arrival.login, taken.arrival.tls) == ("registered", way.login, way.tls)
    assert [path.address for path in taken.envelope.recipients] == ["huyen@nam.test", "so@nam.test"]
    receipt = receipted(land, taken)
    assert f"{number}/UBND-VP" in str(receipt["Subject"])


def test_thunderbird_hands_in_a_document(land: Land) -> None:
    """STARTTLS, AUTH PLAIN at once, 8-bit flowed text with a PDF: registered, receipted, delivered with its file."""
    (number,) = converse(FOLDER / "093-thunderbird.txt", land.site.submission)
    taken = land.site.by_number(number)
    assert (taken.outcome, taken.arrival.door, taken.arrival.login) == ("registered", Door.SUBMISSION, "clerk")
    assert (taken.arrival.helo, taken.arrival.tls) == ("[192.168.1.10]", True)
    assert "UBND huyện Hải Hậu" in receipted(land, taken).get_body(("plain",)).get_content()
    marks = f"X-Lienthong-Document: {taken.code}".encode(), b"90-UBND-VP"
    mail = email.message_from_bytes(land.town.letter(DISTRICT, *marks), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content().startswith(b"%PDF-1.4")
