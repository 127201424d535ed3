"""The frame of the command line: help, languages, exit statuses, and what never reaches a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy.exc
from typer.core import TyperGroup

from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.frame import main, program
from gateway.cli.table import COMMANDS, Command
from gateway.settings_file import load
from gateway.words import Language, spoken, words
from mailmap.writing.words import NoWords, Words
from storage.database import DatabaseDown, NotMigrated
from storage.keys import NoKeys
from storage.trouble import Permanent, Temporary

ENGLISH = words(Language.ENGLISH)
HELPED = Words("en", dict(ENGLISH.table) | {"cli.probe.help": "Probe.", "cli.probe.word": "A word."})
Run = Callable[[Desk, str], Exit | None]


def typed(run: Run, *words: str) -> int:
    """The exit status of a program whose only command is ``probe``."""
    group = program(HELPED, (Command("probe", run), COMMANDS[0]))
    return int(group.main(["probe", *words], prog_name="lienthong", standalone_mode=False) or 0)


def raising(error: BaseException) -> Run:
    """A command that ends like this."""

    def probe(desk: Desk, word: str) -> Exit | None:
        assert desk.words.language == word
        raise error

    return probe


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Stop(Exit.NOT_FOUND, "account.unknown", login="a"), Exit.NOT_FOUND),
        (DatabaseDown("gone"), Exit.NOT_NOW),
        (Temporary("wait"), Exit.NOT_NOW),
        (sqlalchemy.exc.OperationalError("", {}, OSError("gone")), Exit.NOT_NOW),
        (Permanent("no"), Exit.TROUBLE),
        (NotMigrated("no schema"), Exit.TROUBLE),
        (NoKeys("none"), Exit.TROUBLE),
    ],
)
def test_every_foreseen_end_has_its_status(error: Exception, status: Exit, capsys: pytest.CaptureFixture[str]) -> None:
    """Trouble that is no defect ends with one sentence on standard error and no stack of calls."""
    assert typed(raising(error), "en") == status
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_a_defect_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody foresaw ends with status 70, its story, and a sentence that it is not the person's fault."""
    assert typed(raising(ZeroDivisionError("here")), "en") == Exit.DEFECT
    told = capsys.readouterr().err
    assert "ZeroDivisionError: here" in told
    assert told.splitlines()[-1].startswith("This is a defect of the program")


def test_trouble_in_json_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json a program learns what went wrong, too."""
    stop = Stop(Exit.NOT_FOUND, "account.unknown", login="a@b.example")
    assert typed(raising(stop), "en", "--json") == Exit.NOT_FOUND
    told = json.loads(capsys.readouterr().err)
    assert told["error"] == "account.unknown"
    assert "a@b.example" in told["sentence"]


@pytest.mark.parametrize("words", [(), ("sreve",), ("serve", "--rolse"), ("track",), ("check-config", "a", "b")])
def test_a_mistyped_command_is_told(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing, an unknown command, an unknown option, a missing or superfluous argument: status 2, nothing done."""
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert main(words) == Exit.MISTAKE
    told = capsys.readouterr()
    assert "lienthong" in told.out or "Lệnh viết chưa đúng" in told.err


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.VIETNAMESE),
        ({"LANG": "C.UTF-8"}, Language.VIETNAMESE),
        ({"LANG": "en"}, Language.ENGLISH),
        ({"LANG": "en_GB.UTF-8"}, Language.ENGLISH),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "en_US"}, Language.ENGLISH),
        ({"LANG": "en_US", "LC_MESSAGES": "vi_VN"}, Language.VIETNAMESE),
        ({"LANG": "en_US", "LC_ALL": ""}, Language.ENGLISH),
    ],
)
def test_the_terminal_says_which_language(environment: dict[str, str], language: Language) -> None:
    """LC_ALL goes before LC_MESSAGES before LANG; whatever is not English is Vietnamese."""
    assert spoken(environment) is language


def leaves(group: TyperGroup) -> list[object]:
    """Every command below a group."""
    below = [leaves(each) if isinstance(each, TyperGroup) else [each] for each in group.commands.values()]
    return [leaf for some in below for leaf in some]


@pytest.mark.parametrize("language", [*Language])
def test_every_command_helps_and_answers_in_json(language: Language) -> None:
    """Every command takes --json and --config, and every parameter is explained."""
    commands = leaves(program(words(language)))
    assert len(commands) == len(COMMANDS)
    for command in commands:
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--json", "--config"} <= options, command.name
        assert all(parameter.help for parameter in command.params), command.name
        assert command.help, command.name


def test_escape_sequences_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A subject cannot rewrite what the person sees: control characters are shown as what they are."""
    desk = Desk(Words("en", dict(ENGLISH.table) | {"probe.said": "{subject}"}))
    desk.say("probe.said", subject="a\x1b[2Jb\x9bc\rd\x07")
    desk.table(("subject",), [{"subject": "a\x1b]0;x\x07b [bold]c[/bold]"}])
    desk.complain("probe.said", subject="a\x1b[2J")
    told = "".join(capsys.readouterr())
    assert not {"\x1b", "\x9b", "\r", "\x07"} & set(told)
    assert "[bold]c[/bold]" in told


def test_nobody_turns_round_what_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Marks of writing direction and letters without width are not shown; JSON keeps them, written as escapes."""
    subject = "hợp đồng \u202efdp.exe\u2066 \u200bx\u2028y"
    desk = Desk(Words("en", dict(ENGLISH.table) | {"probe.said": "{subject}"}))
    desk.say("probe.said", subject=subject)
    desk.table(("subject",), [{"subject": subject}])
    replace(desk, json=True).answer({"subject": subject}, "probe.said")
    told = capsys.readouterr().out
    assert not set("\u202e\u2066\u200b\u2028") & set(told)
    assert "hợp đồng" in told
    assert json.loads(told.splitlines()[-1]) == {"subject": subject}


def test_rows_are_whole_lines_for_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no person reads on a screen, each row is one line, however long: grep finds it, and nothing is cut."""
    row = {"mail": "S-0123-4567890-ABCDE", "sender": "a" * 100, "sentence": "many words " * 20}
    Desk(ENGLISH).table(("mail", "sender", "sentence"), [row, row])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(value.strip() in lines[1] for value in row.values())


def test_words_are_missed_loudly() -> None:
    """A key or a fact that is not there is a defect of ours, not an empty place in a sentence."""
    with pytest.raises(NoWords, match=r"mistake\.none"):
        ENGLISH.say("mistake.none")
    with pytest.raises(NoWords, match="near"):
        ENGLISH.say("mistake.unknown_like")


def test_facts_are_not_templates() -> None:
    """Braces in a subject stay braces."""
    assert "{near}" in ENGLISH.say("mistake.unknown_like", near="{near}")


def test_the_installed_example_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """The reference file itself passes its own check."""
    path = Path(__file__).resolve().parents[3] / "config" / "lienthong.toml"
    assert main(["check-config", str(path)]) == Exit.OK
    assert str(path) in capsys.readouterr().out
    assert load(path).gateway.domains == ("lienthong.example",)
