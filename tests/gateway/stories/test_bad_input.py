"""Bad input, end to end: a plain answer to the right person, a recorded outcome, and nothing is lost.

A whole gateway runs in processes of its own; these are its worst days.
"""

from __future__ import annotations

import json
import smtplib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.cli.frame import main
from gateway.send.world import Fault
from storage import seal
from tests.gateway.stories.town import (
    HAI_AN,
    MUTE,
    PASSWORD,
    TO_DISTRICT,
    TO_HAI_AN,
    Town,
    opened_town,
    paper,
    spoken,
    until,
)
from tests.offices import CLERK, DISTRICT, DOMAIN
from tests.pdf_files import PDF

CORPUS = Path(__file__).parents[2] / "corpus"
FROM = f"From: Van thu <{CLERK}>\r\n".encode()
Run = Callable[..., list[dict[str, object]]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One gateway for the stories of this module."""
    with opened_town(tmp_path_factory.mktemp("town")) as one:
        yield one


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types a command on the gateway's machine; the objects it answers with."""
    monkeypatch.setenv("LIENTHONG_CONFIG", str(town.config))

    def typed(*words: str) -> list[dict[str, object]]:
        assert main([*words, "--json"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return typed


# --- mails that are not as they should be ---

NESTED = (CORPUS / "022-nested-3000.eml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
UNREADABLE = {
    "empty": (b"", "held", "from-unclear"),
    "only an empty line": (b"\r\n", "held", "from-unclear"),
    "no From": (b"Subject: So 1/UBND-VP\r\n\r\nx\r\n", "held", "from-unclear"),
    "two From": (FROM + FROM.replace(b"thu", b"phong") + b"\r\nx\r\n", "held", "from-unclear"),
    "parentheses": (b"From: ((((((((((\r\nTo: ((((\r\nSubject: ((((\r\n\r\nx\r\n", "held", "from-unclear"),
    "3,000 nested parts": (NESTED.replace(b"From: a@example.vn\r\n", FROM), "registered", "correspondence"),
    "no MIME at all": (b"\x80\xff\xfe" * 500, "held", "from-unclear"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_nobody_can_read_has_an_outcome(town: Town, name: str) -> None:
    """Lessons 1 and 17: it is taken, judged by a named rule, and kept; the next mail goes on."""
    raw, outcome, rule = UNREADABLE[name]
    mail = town.concluded(raw)
    assert (mail.outcome, mail.rule, mail.attempts) == (outcome, rule, 1)


def test_the_sender_of_a_mail_without_a_document_is_told(town: Town) -> None:
    """Refused is not silent: one mail in plain words, to the person who sent it."""
    raw = FROM + b"Subject: chao chi\r\nMessage-ID: <hello@x>\r\n\r\nChao chi, hom nay troi dep.\r\n"
    mail = town.concluded(raw)
    assert (mail.outcome, mail.rule) == ("refused", "no-document")
    until(lambda: [each for each in town.mailbox(CLERK) if each["In-Reply-To"] == "<hello@x>"])


def mixed(subject: bytes, *parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    """A clerk's mail of several parts, written by hand."""
    head = FROM + b"Subject: " + subject + b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


def file(name: bytes) -> bytes:
    """A part with a PDF."""
    head = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=" + name + b".pdf\r\n\r\n"
    return head + PDF.replace(b"\n", b"\r\n") + name


SPOILT = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0x*&^%$#@!\r\n=====\r\nAAA"
FOREIGN = b"Content-Type: text/plain; charset=x-khong-co\r\n\r\nxin ch\xe0o"
BROKEN = {
    "no closing boundary": (801, mixed(b"Cong van so 801/UBND-VP", file(b"801"), end=b"")),
    "wrong base64": (802, mixed(b"Cong van so 802/UBND-VP", SPOILT)),
    "unknown charset": (803, mixed(b"=?x-khong-co?q?Cong_van_so_803/UBND-VP?=", FOREIGN, file(b"803"))),
    "all attachments": (804, mixed(b"804/UBND-VP", file(b"804"), file(b"phu-luc-1"), file(b"phu-luc-2"))),
    "marks": (805, mixed("Số 805/UBND-VP \u202efdp\u2066 =?utf-8?q?=00=1b[2J?=".encode(), file(b"805"))),
    "10,000 letters": (806, mixed(b"Cong van so 806/UBND-VP V/v " + b"rat dai " * 1250, file(b"806"))),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mail_with_a_document_is_registered(town: Town, name: str) -> None:
    """What can be understood is; the recipient has the file, the sender a receipt that asks for what was not read."""
    number, raw = BROKEN[name]
    mail = town.concluded(raw)
    assert (mail.outcome, mail.rule) == ("registered", "correspondence")
    receipt = town.told(CLERK, mail.code, f"{number}/UBND-VP")
    assert "Việc cần làm" in spoken(receipt)
    delivered = town.told(DISTRICT, mail.code, f"{number}/UBND-VP")
    assert len(list(delivered.iter_attachments())) >= 1
    assert all(character.isprintable() for character in delivered["Subject"])


def test_the_same_mail_twice_is_one_document_and_one_receipt(town: Town) -> None:
    """Lesson 3: sent again through another relay, it is known, recorded as a copy, and nobody is told twice."""
    raw = paper(810)
    first = town.concluded(raw)
    second = town.concluded(b"Received: from other.example by x; Mon, 5 Oct 2026 10:00:00 +0700\r\n" + raw)
    assert (second.outcome, second.code) == ("duplicate", first.code)
    after = town.concluded(paper(811))
    town.told(CLERK, after.code, "811/UBND-VP")
    assert len(town.mailbox(CLERK, first.code)) == len(town.mailbox(DISTRICT, first.code)) == 1


# --- what the door refuses: the sender's own server tells the sender ---


def test_unknown_too_many_and_too_big_are_refused_before_they_are_taken(town: Town) -> None:
    """One plain reply each; what is right in the same mail goes on, and nothing of the rest is recorded."""
    before = town.taken()
    with town.peer() as peer:
        peer.mail(CLERK)
        assert peer.rcpt(f"khong-co@{DOMAIN}") == (550, b"5.1.1 There is no such address here")
        known = (TO_DISTRICT, TO_HAI_AN, f"namdinh@{DOMAIN}")
        assert [peer.rcpt(each)[0] for each in known] == [250, 250, 250]
        assert peer.rcpt(f"{MUTE}@{DOMAIN}")[0] == 452
        code, said = peer.data(paper(820))
        assert code == 250
        peer.mail(CLERK)
        peer.rcpt(TO_DISTRICT)
        assert peer.data(paper(821, "dài\n" * 400_000))[0] == 552
        assert peer.mail(CLERK, ["SIZE=99999999"])[0] == 552
    mail = town.outcome(said.decode().split()[-1])
    assert mail.outcome == "registered"
    assert {letter.to for letter in town.letters(mail.code)} == {DISTRICT, HAI_AN, "vanthu@namdinh.example"}
    assert town.taken() == before + 1


def test_who_hangs_up_or_dawdles_in_the_middle_leaves_nothing(town: Town) -> None:
    """No half mail is kept, the slow are told so, and the next sender is served."""
    before = town.taken()
    for slow in (False, True):
        with socket.create_connection(("127.0.0.1", town.mx), timeout=30) as client:
            lines = client.makefile("rb")
            commands = f"EHLO x\r\nMAIL FROM:<{CLERK}>\r\nRCPT TO:<{TO_DISTRICT}>\r\nDATA\r\n"
            client.sendall(commands.encode())
            heard = [next(line for line in lines if line[3:4] != b"-") for _ in range(5)]
            assert [line[:3] for line in heard] == [b"220", b"250", b"250", b"250", b"354"]
            client.sendall(paper(822)[:500])
            if slow:
                assert next(lines).startswith(b"421 4.4.2 The mail comes too slowly")
    town.concluded(paper(823))
    assert town.taken() == before + 1


def test_a_wrong_password_is_refused_and_the_right_one_works(town: Town) -> None:
    """Nobody sends in the clerk's name without her password; with it her document is registered."""
    with town.clerk() as program:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
            program.login(CLERK, "sai")
        assert refusal.value.smtp_code == 535
        with pytest.raises(smtplib.SMTPSenderRefused):
            program.sendmail(CLERK, [TO_DISTRICT], paper(824))
        program.login(CLERK, PASSWORD)
        program.mail(CLERK)
        program.rcpt(TO_DISTRICT)
        said = program.data(paper(824))[1]
    assert town.outcome(said.decode().split()[-1]).outcome == "registered"


# --- people we do not know yet ---


def test_an_unmapped_sender_waits_until_the_address_is_mapped(town: Town, run: Run) -> None:
    """Held, nobody told (lesson 32); one command, and the mail is registered and its sender has a receipt."""
    stranger = "vanthu@namdinh.example"
    new = f"moi.{stranger}"
    mail = town.concluded(paper(830).replace(CLERK.encode(), new.encode()), sender=new)
    assert (mail.outcome, mail.rule) == ("held", "unmapped-sender")
    assert mail.spool_id in {row["mail"] for row in run("held")}
    (answer,) = run("map", "add", new, "haian.haihau")
    assert answer["released"] == [mail.spool_id]
    assert town.outcome(mail.spool_id).outcome == "registered"


def test_a_unit_without_a_mailbox_gets_its_documents_when_it_has_one(town: Town, run: Run, tmp_path: Path) -> None:
    """The sender is told whom we cannot reach, the doctor names the unit, and the import of its mailbox sends."""
    mail = town.concluded(paper(831), f"{MUTE}@{DOMAIN}")
    town.told(CLERK, mail.code, "Chưa chuyển được đến Công ty Mới")
    assert "mute" in {row["found"] for row in run("doctor") if row["check"] == "backlog"}
    sheet = tmp_path / "units.csv"
    sheet.write_text(f"mã,tên đơn vị,loại,tên ngắn,địa chỉ nhận\n{MUTE},Công ty Mới,doanh nghiệp,{MUTE},{HAI_AN}\n")
    assert run("map", "import", str(sheet), "--apply")[-1]["sent"] == 1
    town.told(HAI_AN, mail.code, "Xin mở tệp kèm theo")


# --- what we depend on goes away ---


def test_the_database_may_be_away_while_mail_comes_in(town: Town) -> None:
    """Every mail is answered 250, a password still opens the door; back again, each is one document, none is lost."""
    town.database.close()
    town.server.stop()
    numbers = [town.send(paper(number)) for number in range(840, 850)]
    again = town.send(paper(840).replace(b"\r\n\r\n", b"\r\nX-Trace: 1\r\n\r\n", 1))
    with town.clerk() as program:
        program.login(CLERK, PASSWORD)
        program.mail(CLERK)
        program.rcpt(TO_HAI_AN)
        numbers.append(program.data(paper(850))[1].decode().split()[-1])
    town.server.start()
    rows = [town.outcome(number) for number in numbers]
    assert {row.outcome for row in rows} == {"registered"}
    assert len({row.code for row in rows}) == len(numbers)
    assert town.outcome(again).outcome in {"registered", "refused", "duplicate"}
    for row in rows:
        until(lambda row=row: town.states(row.code) == {"relayed"})
        assert len(town.mailbox(DISTRICT, row.code)) + len(town.mailbox(HAI_AN, row.code)) == 1


def test_the_smarthost_may_be_down(town: Town, run: Run) -> None:
    """The document is registered; its letters are late, with the reason, the doctor says so, and they leave later."""
    town.stop_smarthost()
    mail = town.concluded(paper(860))
    until(lambda: town.states(mail.code) == {"delayed"})
    assert "delayed" in {row["found"] for row in run("doctor") if row["check"] == "backlog"}
    town.start_smarthost()
    (letter,) = town.letters(mail.code)
    assert letter.status.startswith("4.4")
    run("retry", str(letter.id))
    until(lambda: town.states(mail.code) == {"relayed"})
    assert len(town.mailbox(DISTRICT, mail.code)) == 1


def test_greylisting_is_a_delay(town: Town, run: Run) -> None:
    """450 the first time: the peer's words are kept, the letter waits its turn, and the second attempt is taken."""
    town.outside.world.faults.add(Fault.GREYLIST)
    mail = town.concluded(paper(861))
    until(lambda: town.states(mail.code) == {"delayed"})
    (letter,) = town.letters(mail.code)
    assert "Greylisted" in letter.peer
    run("retry", str(letter.id))
    until(lambda: town.states(mail.code) == {"relayed"})
    town.outside.world.faults.clear()


def test_a_peer_that_falls_silent_after_the_last_dot_is_not_sent_to_again(town: Town, run: Run) -> None:
    """Lesson 37: taken or not, nobody said; the letter is uncertain, shown as such, and a person decides."""
    town.outside.world.faults.add(Fault.DROP_KEEPING)
    mail = town.concluded(paper(862))
    until(lambda: town.states(mail.code) == {"uncertain"})
    town.outside.world.faults.clear()
    assert "uncertain" in {row["found"] for row in run("doctor") if row["check"] == "backlog"}
    assert len(town.mailbox(DISTRICT, mail.code)) == 1
    (letter,) = town.letters(mail.code)
    run("retry", str(letter.id))
    until(lambda: town.states(mail.code) == {"relayed"})
    first, second = town.mailbox(DISTRICT, mail.code)
    assert first["Message-ID"] == second["Message-ID"]


def test_after_all_this_register_and_journal_agree(town: Town, run: Run) -> None:
    """House rule: rebuilt from the journal the register is the same, the chain holds, and every mail has an outcome."""
    assert run("rebuild", "--compare") == []
    with town.database.transaction() as tx:
        assert seal.verify(tx).holds
    outcomes = {row["outcome"] for row in run("outcomes", "--most", "1000")}
    assert outcomes <= {"registered", "refused", "held", "duplicate"}
