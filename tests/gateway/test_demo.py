"""The demo: its story is true, and what it prints afterwards works."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.clerk import Clerk, Letter
from gateway.demo.paper import sheet
from gateway.demo.story import STORY
from gateway.demo.telling import Telling
from gateway.demo.town import PORTS
from gateway.words import Language, words
from tests.fakes.patience import eventually

LONGEST_S = 240  # of the whole demo on a busy machine


@contextmanager
def played(*options: str) -> Iterator[subprocess.Popen[str]]:
    """``lienthong demo`` with --json, ended at the latest after ``LONGEST_S``."""
    command = [sys.executable, "-m", "gateway.cli", "demo", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = threading.Timer(LONGEST_S, process.kill)
    end.start()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        end.cancel()


def heard(demo: subprocess.Popen[str]) -> dict[str, Any]:
    """The next object that the demo says; what it complained of, when it says nothing more."""
    line = demo.stdout.readline() if demo.stdout else ""
    assert line, demo.communicate()[1]
    said: dict[str, Any] = json.loads(line)
    return said


@pytest.mark.peer("swaks")
def test_the_story_is_true_and_goes_on_by_hand() -> None:
    """Every step is observed; then the printed swaks line sends a mail that arrives; asked to end, it removes all."""
    with played() as demo:
        for step in STORY:
            told = heard(demo)
            assert (told["step"], told["observed"]) == (step.name, True)
        invitation = heard(demo)
        assert swaks(invitation) == 0
        mailbox = Path(invitation["mail"]) / "vanthu@haihau.namdinh.example"
        district = Clerk("", "", mailbox)
        assert eventually(lambda: any("46/UBND-VP" in letter.subject for letter in district.letters()))
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(LONGEST_S) == 0
        assert not Path(invitation["config"]).parent.exists()


def test_nothing_of_a_killed_demo_lives_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the demo itself is killed, its gateway and database end with it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with played() as demo:
        assert heard(demo)["observed"]
        assert living(tmp_path)
    assert eventually(lambda: not living(tmp_path)), living(tmp_path)


def living(folder: Path) -> list[str]:
    """Every process of this machine that has the folder on its command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            found += [entry.parent.name] if str(folder).encode() in entry.read_bytes() else []
    return found


def swaks(invitation: dict[str, str]) -> int:
    """Run the line that the demo prints, with its facts; swaks' exit status."""
    line = words(Language.ENGLISH).say("demo.swaks", **invitation)
    command = line[line.index("swaks --server") :]
    return subprocess.run(["sh", "-c", command], capture_output=True, check=False).returncode


@pytest.mark.parametrize("language", Language)
def test_every_step_has_its_words(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    """Title and introduction of each step are there in both languages."""
    tell = Telling(words(language), silent=False)
    for number, step in enumerate(STORY, 1):
        tell.heading(number, len(STORY), f"demo.{step.name}.title")
        tell.say(f"demo.{step.name}.before")
    assert f"{len(STORY)}/{len(STORY)}" in capsys.readouterr().out


def test_a_mail_cannot_paint_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and markup in a mail are shown, not obeyed."""
    clerk = Clerk("Văn thư", "vanthu@x.example", Path())
    letter = Letter(Path(), clerk.compose(["a@x.example"], "[red]đỏ[/red]", "một \x1b[2J hai"))
    Telling(words(Language.VIETNAMESE), silent=False).mail(letter, "demo.onward.delivery")
    shown = capsys.readouterr().out
    assert "\x1b[2J" not in shown
    assert "[red]đỏ[/red]" in shown


def test_a_silent_telling_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json only the objects stand on standard output."""
    tell = Telling(words(Language.VIETNAMESE), silent=True)
    tell.heading(1, 9, "demo.held.title")
    tell.typed("lienthong held", "…")
    with tell.waiting("demo.wait"):
        tell.seen("demo.proved.seen")
    assert capsys.readouterr().out == ""


def test_the_paper_gives_its_letters_back() -> None:
    """Whoever copies the text of the PDF gets the Vietnamese that was put in, letter by letter."""
    pdfium = pytest.importorskip("pypdfium2")
    lines = [
        "Số: 45/UBND-VP (khẩn) \\ ngày 05 tháng 01",
        "Đường Nguyễn Huệ, phường Trường Thi",
        "ĂÂĐÊÔƠƯ ằẵặậệộợự ỳỷỹỵ",
    ]
    document = pdfium.PdfDocument(sheet(lines))
    page = document[0]
    text = page.get_textpage()
    assert text.get_text_range().splitlines() == lines
    for opened in (text, page, document):
        opened.close()


def test_the_same_paper_is_the_same_octets() -> None:
    """Nothing of the day or the machine is in it; a letter that Courier cannot carry is refused."""
    assert sheet(["Hải Phúc"]) == sheet(["Hải Phúc"])
    assert sheet(["Hải Phúc"]).startswith(b"%PDF-1.4")
    with pytest.raises(ValueError, match="no letter"):
        sheet(["書"])


def test_an_answer_goes_where_the_letter_wants_it() -> None:
    """Reply-To counts, the answered mail is named and quoted, as mail programs do."""
    clerk = Clerk("Văn thư", "vanthu@x.example", Path())
    asked = clerk.compose(["b@x.example"], "Công văn", "Kính gửi")
    asked["Reply-To"] = "tl+1-x@lienthong.example"
    mail = clerk.answer(Letter(Path(), asked), "Đã nhận")
    assert (mail["To"], mail["Subject"], mail["In-Reply-To"]) == (
        asked["Reply-To"],
        "Re: Công văn",
        asked["Message-ID"],
    )
    assert mail.get_content().splitlines() == ["Đã nhận", "", "> Kính gửi"]


def test_the_usual_ports_need_no_root() -> None:
    """The demo's ports are above 1024 and differ."""
    assert min(PORTS.values()) > 1024
    assert len(set(PORTS.values())) == len(PORTS)
