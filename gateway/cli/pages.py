"""``make docs``: the pages that are written from the program itself.

Promises:  the same program gives the same pages, octet for octet; a house test says when they are old.
Never:     runs a command.
Fails:     OSError when the folder cannot be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer
from typer.core import TyperArgument, TyperGroup

from gateway.cli.desk import Exit
from gateway.cli.frame import program
from gateway.words import Language, words
from mailmap.policy.lifecycle import HANDLING, LIFE, TAKE_BACK, TRANSPORT
from mailmap.writing.words import Words

S = TypeVar("S", bound=StrEnum)
EVERYWHERE = ("as_json", "config", "help")  # told once, at the head of the page
ENGLISH, VIETNAMESE = words(Language.ENGLISH), words(Language.VIETNAMESE)


def cli_page() -> str:
    """docs/cli.md: every command with its parameters, and every exit status, in both languages."""
    heads = [speech.say("page.cli").strip() for speech in (ENGLISH, VIETNAMESE)]
    lines = ["# lienthong", "", heads[0], "", f"*{heads[1]}*".replace("\n", " "), "", *_statuses(), ""]
    for english, vietnamese in zip(_commands(ENGLISH), _commands(VIETNAMESE), strict=True):
        lines += [
            f"## {english[0]}",
            "",
            f"{english[1].help}  ",
            f"*{vietnamese[1].help}*",
            "",
            *_parameters(english, vietnamese),
        ]
    return "\n".join(lines).rstrip() + "\n"


def states_page() -> str:
    """docs/states.md: the transition tables as pictures, straight from mailmap/policy/lifecycle."""
    heads = [speech.say("page.states").strip() for speech in (ENGLISH, VIETNAMESE)]
    lines = ["# States", "", heads[0], "", f"*{heads[1]}*".replace("\n", " ")]
    pictures = {
        "Transport of a letter": [*_picture(TRANSPORT)],
        "Handling of a delivery": [*_picture(HANDLING)],
        "Taking a delivery back": [*_picture(TAKE_BACK)],
        "Life of a document": [*_picture(LIFE)],
    }
    for title, picture in pictures.items():
        lines += ["", f"## {title}", "", "```mermaid", "stateDiagram-v2", *picture, "```"]
    return "\n".join(lines) + "\n"


def write(folder: Path) -> list[Path]:
    """Write every page below ``folder``; where they are."""
    pages = {"cli.md": cli_page(), "states.md": states_page()}
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in pages]


def parameters(group: TyperGroup) -> list[tuple[str, list[str]]]:
    """Every group and command (``account.add``) with the names of its own parameters, as config/locale spells them."""
    found: list[tuple[str, list[str]]] = []
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found += [(name, []), *((f"{name}.{path}", names) for path, names in parameters(command))]
        else:
            found.append((name, [str(p.name) for p in command.params if p.name not in EVERYWHERE]))
    return found


def _picture(table: Mapping[S, Mapping[str, S]]) -> Iterator[str]:
    yield f"  [*] --> {_label(next(iter(table)))}"
    for state, moves in table.items():
        for event, after in moves.items():
            yield f"  {_label(state)} --> {_label(after)}: {event}"
        if not moves:
            yield f"  {_label(state)} --> [*]"


def _label(state: StrEnum) -> str:
    """A state as the picture shows it: its name, with the national code where it is one."""
    word = state.name.lower()
    return f"{word}_{state.value}" if state.value.isdigit() else word


Named = tuple[str, typer.core.TyperCommand]


def _statuses() -> Iterator[str]:
    yield from ("| exit status | meaning | nghĩa |", "|---|---|---|")
    for status in Exit:
        key = f"exit.{status.value}"
        yield f"| {status.value} | {ENGLISH.say(key)} | {VIETNAMESE.say(key)} |"


def _commands(speech: Words) -> Iterator[Named]:
    yield from _below("lienthong", program(speech))


def _below(path: str, group: TyperGroup) -> Iterator[Named]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _below(f"{path} {name}", command)
        else:
            assert isinstance(command, typer.core.TyperCommand)  # noqa: S101  for the reader and mypy: typer makes no other
            yield f"{path} {name}", command


def _parameters(english: Named, vietnamese: Named) -> Iterator[str]:
    pairs = [
        pair for pair in zip(english[1].params, vietnamese[1].params, strict=True) if pair[0].name not in EVERYWHERE
    ]
    for ours, theirs in pairs:
        assert isinstance(ours, TyperArgument | typer.core.TyperOption)  # noqa: S101  the same
        assert isinstance(theirs, TyperArgument | typer.core.TyperOption)  # noqa: S101  the same
        name = ours.name.upper() if isinstance(ours, TyperArgument) else ", ".join(ours.opts)
        yield f"- `{name}` {ours.help} *{theirs.help}*"
    yield ""


if __name__ == "__main__":
    for page in write(Path(sys.argv[1])):
        sys.stdout.write(f"{page}\n")
