"""A mail with a mark of secrecy comes over real SMTP: then its words are looked for in every place there is.

A whole gateway runs in processes of its own, with its log at its most talkative in a file; officers are named.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.cli.desk import Exit
from gateway.cli.frame import main
from gateway.supervisor import Role
from mailmap.directory.address import Address
from storage import strongroom
from storage.schema import metadata
from storage.strongroom import Locked
from tests.gateway.stories.town import PASSWORD, TO_DISTRICT, TO_HAI_AN, Town, opened_town, spoken, until
from tests.offices import CLERK, DISTRICT, ODD, enter
from tests.pdf_files import PDF

OFFICER = "mat@namdinh.example"
MORE = f'level = "debug"\n[classified]\nofficers = ["{OFFICER}"]\n'
STRANGER = "nguoila.zwqx@xa.example"
MAPPED = "vanthu.zwqx@haihau.namdinh.example"  # a proven sender whose address is nobody else's
BODY, SUBJECT, NAME, PAPER = "bodyzwqx", "subjectzwqx", "namezwqx", "paperzwqx"
EVERY = "SELECT CAST(t AS text) FROM {} t"
Typed = Callable[..., list[dict[str, object]]]


@dataclass(frozen=True)
class Place:
    """A gateway, and the file its processes write their log to."""

    town: Town
    log: Path

    def everything(self) -> dict[str, bytes]:
        """By place: each table as text, the log, the letters outside, every file of the state folder."""
        found = {"log": self.log.read_bytes()}
        with self.town.database.transaction() as tx:
            for name in [*metadata.tables, "procrastinate_jobs", "procrastinate_events"]:
                rows = tx.execute(sa.text(EVERY.format(name))).scalars()
                found[f"table {name}"] = "\n".join(rows).encode()
        state = self.town.config.parent / "state"
        for path in (path for path in state.rglob("*") if path.is_file()):
            found[str(path.relative_to(state))] = path.name.encode() + path.read_bytes()
        for address in self.town.boxes:
            letters = (path.read_bytes() for path in self.town.boxes[address].glob("new/*"))
            found[f"mailbox {address}"] = b"\n".join(letters)
        return found

    def places_of(self, *needles: str | bytes) -> set[str]:
        """Where any of these stands: as it is, or in base64."""
        wanted = [shape for needle in needles for shape in shapes(needle)]
        found = {where for where, text in self.everything().items() if any(one in text for one in wanted)}
        return {where for where in found if not where.startswith("spool/")}  # its own test waits for it


def shapes(needle: str | bytes) -> list[bytes]:
    """The needle, its hexadecimal digits, and what is the same in its base64 wherever it begins."""
    octets = needle.encode() if isinstance(needle, str) else needle
    coded = [base64.b64encode(b"\0" * shift + octets)[4 * bool(shift) :].rstrip(b"=")[:-1] for shift in range(3)]
    return [octets, octets.hex().encode(), octets.decode("latin-1").encode("utf-16-le"), *coded]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One gateway for the stories of this module."""
    root = tmp_path_factory.mktemp("town")
    with written_to(root / "log"), opened_town(root, OFFICER, STRANGER, MAPPED, more=MORE) as town:
        with town.database.transaction() as tx:
            enter(tx, [], [Address(MAPPED, "haiphuc.haihau", valid_from=ODD)])
        yield Place(town, root / "log")


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Standard error of this process, and of all that it starts, goes to a file."""
    before = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(before, 2)
            os.close(before)


@pytest.fixture
def run(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types a command on the gateway's machine; the objects it answers with."""
    monkeypatch.setenv("LIENTHONG_CONFIG", str(place.town.config))

    def typed(*words: str, status: int = Exit.OK) -> list[dict[str, object]]:
        assert main([*words, "--json"]) == status
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return typed


def secret(sender: str, subject: str = f"[MẬT] {SUBJECT}", name: str = f"{NAME}.pdf") -> bytes:
    """A mail with a mark; every part of it can be told by a word of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, TO_DISTRICT, subject
    mail["Message-ID"] = f"<{SUBJECT}.{hashlib.sha256((sender + subject + name).encode()).hexdigest()}@x.example>"
    mail.set_content(f"Kính gửi quý cơ quan {BODY}.\n", cte="8bit")
    mail.add_attachment(PDF + PAPER.encode(), maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes().replace(b"\n", b"\r\n")


def locked_away(place: Place, mails: Sequence[str]) -> list[int]:
    """The numbers under which these mails are, once nothing readable of them is left in the blobs."""
    until(lambda: _quiet(place, mails))
    return [numbers(place)[mail].id for mail in mails]


def _quiet(place: Place, mails: Sequence[str]) -> bool:
    boxes = numbers(place)
    return all(mail in boxes and not boxes[mail].waits for mail in mails)


def numbers(place: Place) -> dict[str, Locked]:
    """What is under lock, by its mail."""
    with place.town.database.transaction() as tx:
        return {one.mail: one for one in strongroom.listed(tx, 1000)}


def files(root: Path) -> list[Path]:
    """The files below a folder."""
    return [path for path in root.rglob("*") if path.is_file()]


def test_nothing_of_a_strangers_mail_is_anywhere(place: Place, run: Typed) -> None:
    """No word, no address, no digest: in no table, blob, log line, letter or file; the officer hears of a number."""
    town, raw = place.town, secret(STRANGER)
    number = town.send(raw, TO_DISTRICT, TO_HAI_AN, sender=STRANGER)
    mail = town.outcome(number)
    assert (mail.outcome, mail.rule, mail.sender) == ("held", "classified", None)
    (box,) = locked_away(place, [number])
    until(lambda: town.mailbox(OFFICER))
    (notice,) = town.mailbox(OFFICER)
    assert f"số {box}" in str(notice["Subject"])
    assert place.places_of(BODY, SUBJECT, NAME, PAPER, STRANGER, "MẬT]") == set()
    assert town.mailbox(STRANGER) == []
    assert run("held")[0]["sender"] is None


def test_no_digest_of_the_octets_that_were_stored_is_kept(place: Place, run: Typed, tmp_path: Path) -> None:
    """What lies under lock is what the door stored; its SHA-256, and those of its files, stand nowhere."""
    town, raw = place.town, secret(STRANGER, subject=f"Tối mật {SUBJECT}")
    (box,) = locked_away(place, [town.concluded(raw, sender=STRANGER).spool_id])
    file = tmp_path / "mail.eml"
    (said,) = run("classified", "hand-over", str(box), "--to", str(file), "--by", "đ/c Lan")
    stored = file.read_bytes()
    assert stored.rstrip().endswith(raw.rstrip())
    digests = [hashlib.sha256(octets).digest() for octets in (stored, raw, PDF + PAPER.encode())]
    assert place.places_of(*digests, *(one.hex() for one in digests)) == set()
    envelope = json.loads(Path(str(said["envelope"])).read_text())
    assert (envelope["sender"], [each[0] for each in envelope["recipients"]]) == (STRANGER, [TO_DISTRICT])
    assert {stat.S_IMODE(path.stat().st_mode) for path in (file, Path(str(said["envelope"])))} == {0o600}
    (shown,) = run("classified", "show", str(box))
    assert [each["by"] for each in shown["taken_out"]] == ["đ/c Lan"]  # type: ignore[attr-defined]
    run("classified", "hand-over", str(box), "--to", str(file), "--by", "đ/c Lan", status=Exit.TROUBLE)
    assert file.read_bytes() == stored


def test_a_proven_sender_is_told_neutrally_and_only_his_address_is_kept(place: Place, run: Typed) -> None:
    """A fixed text that quotes nothing; his address stands in the directory, and in the letter to him until the end."""
    town, raw = place.town, secret(MAPPED, name=f"12-BC_MAT.{NAME}.pdf", subject=f"Báo cáo {SUBJECT}")
    number = town.send(raw, sender=MAPPED)
    (box,) = locked_away(place, [number])
    until(lambda: town.mailbox(MAPPED))
    (notice,) = town.mailbox(MAPPED)
    assert (notice["In-Reply-To"], notice["References"], notice["X-Lienthong-Document"]) == (None, None, None)
    said = f"{notice['Subject']} {spoken(notice)}".lower()
    assert "không được chuyển" in said
    assert [word for word in ("mật", "12-bc", SUBJECT, number.lower()) if word in said] == []
    until(lambda: "posted" not in str(place.places_of(b"\0never")) and transport(town) == {"relayed"})
    known = {"table addresses", f"mailbox {MAPPED}"}
    assert place.places_of(MAPPED) == known | {"table letters", "table posted", "doorbook"}
    assert place.places_of(BODY, SUBJECT, NAME, PAPER) == set()
    run("classified", "purge", str(box), "--by", "đ/c Lan", "--order", "QĐ 12/QĐ-UBND")
    assert place.places_of(MAPPED) == known | {"doorbook"}


def transport(town: Town) -> set[str]:
    """How far the letters have come."""
    with town.database.transaction() as tx:
        return set(tx.execute(sa.text("SELECT transport FROM letters")).scalars())


def test_a_mail_over_a_login_is_no_exception(place: Place, run: Typed) -> None:
    """Lesson 13: by whatever door it comes; a document without a mark passes as ever."""
    town = place.town
    with town.clerk() as program:
        program.login(CLERK, PASSWORD)
        program.mail(CLERK)
        program.rcpt(TO_DISTRICT)
        said = program.data(secret(CLERK, subject=f"TUYỆT MẬT: {SUBJECT}"))[1]
    number = said.decode().split()[-1]
    locked_away(place, [number])
    assert run("classified", "list")[0]["degree"] == "tuyet-mat"
    assert place.places_of(BODY, SUBJECT, NAME, PAPER) == set()
    about = secret(CLERK, subject="45/UBND-NC V/v bảo vệ bí mật nhà nước", name="45-UBND-NC.pdf")
    mail = town.concluded(about)
    assert mail.outcome == "registered"
    assert town.told(DISTRICT, mail.code, "45/UBND-NC")


def test_after_the_purge_nobody_reads_it_and_the_books_agree(place: Place, run: Typed, tmp_path: Path) -> None:
    """Who, when and on what order stays; no file is written, the register and the journal are one, the chain holds."""
    number = place.town.concluded(secret(STRANGER, subject=f"Mật: {SUBJECT} 2"), sender=STRANGER).spool_id
    (box,) = locked_away(place, [number])
    before = len(files(place.town.config.parent / "state" / "blobs"))
    run("classified", "purge", str(box), "--by", "đ/c Lan", "--order", "QĐ 13/QĐ-UBND")
    assert len(files(place.town.config.parent / "state" / "blobs")) == before - 1
    (shown,) = run("classified", "show", str(box))
    assert (shown["state"], shown["destroyed_by"], shown["destroyed_on"]) == ("destroyed", "đ/c Lan", "QĐ 13/QĐ-UBND")
    file = tmp_path / "mail.eml"
    run("classified", "hand-over", str(box), "--to", str(file), "--by", "đ/c Lan", status=Exit.TROUBLE)
    assert not file.exists()
    run("classified", "purge", str(box), "--by", "x", "--order", "x", status=Exit.TROUBLE)
    run("classified", "show", "999999", status=Exit.NOT_FOUND)
    run("release", number, status=Exit.NOT_FOUND)
    assert run("rebuild", "--compare") == []
    assert run("verify")[0]["holds"] is True
    assert {row["found"] for row in run("doctor", status=Exit.OK) if row["check"] == "classified"} == {"good"}


def test_the_spool_lets_go_of_it(place: Place) -> None:
    """What came in by the door lies in the spool until its segment is closed, and is gone then."""
    doors = [part.process for part in place.town.cast if part.role is Role.SMTP]
    for process in doors:  # a segment is closed after a minute without mail, or when its door dies
        assert process is not None
        process.kill()
    spool = place.town.config.parent / "state" / "spool"
    until(lambda: not any(BODY.encode() in path.read_bytes() for path in files(spool)))
    assert files(spool)
