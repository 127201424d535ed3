"""``lienthong inspect``: how the gateway would see these files, with no database and no effect.

Promises:  an answer for every file that can be read, one JSON object a line with --json (docs/inspect.md); units come
           from our own doorbook when there are settings, else from the directory shipped with the program.
Never:     stores, asks or sends anything.
Fails:     exit status 3 for a file that cannot be read; the others are answered all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway import fitting
from gateway.app import own_names, phrases
from gateway.cli.desk import Desk, Exit
from gateway.examine.understanding import shared
from gateway.foresee import Room, Supposed, foreseen, recipients_of
from gateway.inspect import Inspection, look
from gateway.settings import GatewaySection, Settings
from gateway.settings_file import place
from gateway.state import State
from gateway.words import CONFIG
from mailmap.directory.directory import OwnNames, Snapshot
from mailmap.directory.index import Index, MemoryIndex
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read
from mailmap.mail.report import Action
from mailmap.policy.case import HANOI
from mailmap.policy.decision import Policy
from mailmap.writing.words import Words
from storage.constfile import BrokenFile
from storage.doorbook import Book

SHIPPED = ("nam-dinh.csv", "nam-dinh-addresses.csv")

Files = Annotated[list[Path], typer.Argument(metavar="FILE")]
From = Annotated[str | None, typer.Option("--from")]
To = Annotated[list[str] | None, typer.Option("--to")]


def inspect(desk: Desk, files: Files, from_: From = None, to: To = None) -> Exit:
    """Say what each file is, and what would become of it."""
    supposed = Supposed(from_, tuple(to or ()), datetime.now(UTC))
    room_for = _rooms(desk, supposed)
    understander = shared().start()
    status = Exit.OK
    for path in files:
        try:
            raw = path.read_bytes()
        except OSError as error:
            desk.complain("inspect.unreadable", path=path, reason=error.strerror)
            status = Exit.NOT_FOUND
            continue
        seen = look(raw, str(path), understander, supposed.now.astimezone(HANOI).date())
        _show(desk, foreseen(seen, supposed, room_for(seen)))
    return status


def _rooms(desk: Desk, supposed: Supposed) -> Callable[[Inspection], Room]:
    """With the settings, when there are any, one for all files; without, its recipients' domains count as ours."""
    if desk.config or place().exists():
        own, policy, index = own_names(desk.settings), fitting.policy(desk.settings), _index(desk.settings)
        room = Room(Snapshot(index, own, b""), policy, phrases(), desk.words)
        return lambda _: room
    intake = frozenset(GatewaySection.model_fields["intake"].default)
    index, words = _shipped(OwnNames(frozenset(), intake)), phrases()

    def room_for(seen: Inspection) -> Room:
        recipients = recipients_of(seen.message, supposed) if seen.message else supposed.recipients
        domains = frozenset(each.rpartition("@")[2].casefold() for each in recipients)
        return Room(Snapshot(index, OwnNames(domains, intake), b""), Policy(domains), words, desk.words)

    return room_for


def _index(settings: Settings) -> Index:
    try:
        return Book(State.of(settings).doorbook)
    except (FileNotFoundError, BrokenFile):
        return _shipped(own_names(settings))


def _shipped(own: OwnNames) -> Index:
    sheets = [read(name, (CONFIG / "directory" / name).read_text("utf-8")) for name in SHIPPED]
    diff = propose(sheets, MemoryIndex((), ()), own)
    return MemoryIndex(diff.units(), diff.addresses())


def _show(desk: Desk, seen: Inspection) -> None:
    if desk.json:
        desk.answer(seen.to_json(), "inspect.file")
        return
    for key, facts in _sentences(seen, desk.words):
        desk.say(key if "." in key else f"inspect.{key}", **facts)


def _sentences(seen: Inspection, words: Words) -> Iterator[tuple[str, dict[str, object]]]:
    """What a person reads, line by line."""
    yield "file", {"file": seen.file, "ms": round(seen.elapsed_ms)}
    if seen.message:
        senders = ", ".join(box.address for box in seen.message.from_)
        yield "message", {"subject": seen.message.subject, "sender": senders}
        for defect in seen.message.defects:
            yield "defect", {"defect": defect}
    for one in seen.attachments:
        yield "attachment", {"name": one.name or "?", "type": one.type, "size": one.size, "role": one.role.value}
    for reported in seen.report.recipients if seen.report else ():
        yield "report", {"address": reported.address, "action": reported.action.value, "status": reported.status}
        if reported.action in {Action.FAILED, Action.DELAYED}:
            yield f"cause.{reported.why.value}", {"address": reported.address, "unit": reported.address}
    if seen.document:
        names = ("symbol", "date", "kind", "subject")
        yield "document", {name: seen.document[name] or "?" for name in names}
    for unread in seen.unread:
        yield "unread", {"name": unread.name or "?", "sentence": words.say(unread.sentence)}
    for line in seen.routing:
        yield "routing", dict(line)
    if seen.decision:
        yield "decision", dict(seen.decision)
