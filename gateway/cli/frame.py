"""Puts the commands of the table together into one program that speaks the person's language.

Promises:  every command takes --json and --config, every help text comes from config/locale (``cli.<command>.help``
           and ``cli.<command>.<parameter>``), and every way a command can end has its documented exit status.
           A parameter that is a dataclass stands for its fields: options that belong together travel together.
Never:     shows a stack of calls for trouble that is not a defect of ours.
Fails:     returns an exit status; only the interpreter itself can fail here.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import sqlalchemy.exc
import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.models import ParameterInfo

from gateway.cli.check_config import tell_mistakes
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.table import COMMANDS, Command
from gateway.settings_file import BadSettings
from gateway.words import spoken, words
from mailmap.writing.words import Words
from storage.database import NotMigrated
from storage.keys import NoKeys
from storage.trouble import Permanent, Temporary

HELP = {"help_option_names": ["-h", "--help"]}
FORESEEN = (Stop, BadSettings, Permanent, Temporary, sqlalchemy.exc.OperationalError)
INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    speech = words(spoken())
    try:
        status = program(speech).main(arguments, prog_name="lienthong", standalone_mode=False)
    except TyperException as error:
        if reason := error.format_message().rstrip("."):  # nothing typed at all: the help has been shown
            Desk(speech).complain("cli.usage", reason=reason)
        return Exit.MISTAKE
    except typer.Abort:
        return INTERRUPTED
    return int(status or Exit.OK)


def program(speech: Words, commands: Sequence[Command] = COMMANDS) -> TyperGroup:
    """All commands as one tree, with its help in the language of ``speech``."""
    app = _group(speech, "cli")
    groups: dict[str, typer.Typer] = {}
    for command in commands:
        group, _, verb = command.name.rpartition(" ")
        if group and group not in groups:
            groups[group] = _group(speech, f"cli.{group}")
            app.add_typer(groups[group], name=group)
        (groups[group] if group else app).command(verb, help=speech.say(f"cli.{_key(command)}.help"))(
            _dressed(command, speech),
        )
    return typer.main.get_group(app)


def _group(speech: Words, key: str) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, add_completion=False, context_settings=HELP)
    app.callback(help=speech.say(f"{key}.help"))(lambda: None)
    return app


def _key(command: Command) -> str:
    return command.name.replace(" ", ".")


def _dressed(command: Command, speech: Words) -> Callable[..., None]:
    """The function as typer wants it: without its desk, with the common options, with help in our words."""
    bundles = {name: hint for name, hint in _hints(command.run).items() if _is_bundle(hint)}
    own = [
        p.replace(annotation=_helped(p.annotation, p, speech, _key(command)), kind=inspect.Parameter.KEYWORD_ONLY)
        for p in _typed(command.run)
    ]

    @wraps(command.run)
    def run(*, as_json: bool, config: Path | None, **given: Any) -> None:
        for name, bundle in bundles.items():
            given[name] = bundle(**{field.name: given.pop(field.name) for field in fields(bundle)})
        raise typer.Exit(_end(Desk(speech, as_json, config), command, given))

    common = [
        _keyword("as_json", Annotated[bool, typer.Option("--json", help=speech.say("cli.any.json"))], default=False),
        _keyword("config", Annotated[Path | None, typer.Option(help=speech.say("cli.any.config"))], default=None),
    ]
    run.__signature__ = inspect.Signature([*own, *common])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (*own, *common)}
    return run


def _hints(thing: Callable[..., object]) -> dict[str, Any]:
    return get_type_hints(thing, include_extras=True)


def _is_bundle(hint: object) -> bool:
    return isinstance(hint, type) and is_dataclass(hint) and hint is not Desk


def _typed(run: Callable[..., object]) -> Iterator[inspect.Parameter]:
    """What can be typed: the parameters behind the desk, a bundle's fields in its place, with their whole hints."""
    hints = _hints(run)
    for parameter in [*inspect.signature(run).parameters.values()][1:]:
        hint = hints[parameter.name]
        if not _is_bundle(hint):
            yield parameter.replace(annotation=hint)
            continue
        inside = _hints(hint)
        for field in fields(hint):
            default = inspect.Parameter.empty if field.default is MISSING else field.default
            yield _keyword(field.name, inside[field.name], default=default)


def _keyword(name: str, annotation: object, *, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _helped(hint: Any, parameter: inspect.Parameter, speech: Words, key: str) -> object:
    base, *notes = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    found = next((note for note in notes if isinstance(note, ParameterInfo)), None)
    plain = typer.Argument() if parameter.default is inspect.Parameter.empty else typer.Option()
    info = copy(found) if found else plain
    info.help = speech.say(f"cli.{key}.{parameter.name}")
    return Annotated[base, info]


def _end(desk: Desk, command: Command, given: Mapping[str, Any]) -> int:
    """Run it, and turn every way it can end into an exit status."""
    try:
        return command.run(desk, **given) or Exit.OK
    except FORESEEN as trouble:
        return _told(desk, trouble)
    except Exception:  # noqa: BLE001  whatever is left is a defect of ours: show it whole, and say so
        traceback.print_exc()
        desk.complain("cli.defect")
        return Exit.DEFECT


def _told(desk: Desk, trouble: BaseException) -> Exit:
    match trouble:
        case Stop():
            desk.complain(trouble.key, **trouble.facts)
            return trouble.status
        case BadSettings():
            return tell_mistakes(desk, trouble)
        case NotMigrated():
            desk.complain("cli.not_migrated")
            return Exit.TROUBLE
        case NoKeys():
            desk.complain("cli.no_keys")
            return Exit.TROUBLE
        case Permanent():
            desk.complain("cli.refused", reason=_first_line(trouble))
            return Exit.TROUBLE
        case _:
            desk.complain("cli.not_now", reason=_first_line(trouble))
            return Exit.NOT_NOW


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
