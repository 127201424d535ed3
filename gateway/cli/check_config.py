"""``lienthong check-config``: all mistakes of a settings file at once, in both languages.

Promises:  exit status 0 and one sentence when the file is right; 2 and every mistake, with what to do, when not.
Never:     changes or starts anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.desk import Desk, Exit
from gateway.mistakes import Mistake
from gateway.settings_file import BadSettings, load, place
from gateway.words import Language, words
from mailmap.writing.words import Words


def check_config(desk: Desk, file: Annotated[Path | None, typer.Argument()] = None) -> Exit:
    """Check ``file``, else the settings that hold."""
    path = file or desk.config or place()
    try:
        load(path)
    except BadSettings as bad:
        return tell_mistakes(desk, bad)
    desk.answer({"path": str(path), "mistakes": 0}, "mistake.fine")
    return Exit.OK


def tell_mistakes(desk: Desk, bad: BadSettings) -> Exit:
    """Every mistake, first in the person's language, then in the other; exit status 2."""
    if desk.json:
        desk.table((), [_record(bad.path, mistake) for mistake in bad.mistakes])
        return Exit.MISTAKE
    desk.complain("mistake.head", path=bad.path, count=len(bad.mistakes))
    for mistake in bad.mistakes:
        desk.complain("mistake.one", where=_where(mistake, desk.words), sentence=mistake.sentence(desk.words))
        desk.complain("mistake.again", sentence=mistake.sentence(_other(desk.words)))
    return Exit.MISTAKE


def _where(mistake: Mistake, speech: Words) -> str:
    name = mistake.where or speech.say("mistake.whole_file")
    return f"{speech.say('mistake.line', line=mistake.line)}, {name}" if mistake.line else name


def _other(speech: Words) -> Words:
    return words(next(language for language in Language if language != speech.language))


def _record(path: Path, mistake: Mistake) -> dict[str, object]:
    sentences = {language.value: mistake.sentence(words(language)) for language in Language}
    return {"path": str(path), "where": mistake.where, "line": mistake.line, "wrong": mistake.wrong, **sentences}
