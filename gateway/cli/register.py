"""``lienthong track|documents|outcomes|held|release|refuse|retry|cancel``: the register, the pen and the letters.

Promises:  what is shown is what the register holds now; an order is in the journal with the name of who gave it.
Never:     shows a mail's octets; orders anything without naming what it did.
Fails:     Stop with exit status 3 for a code or number nobody knows, and 1 for an order that does not fit the state.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from gateway.app import Office, office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.work.matter import heir_of, name_of
from gateway.work.orders import NotNow, Orders, UnknownLetter
from mailmap.directory.answers import Directory
from mailmap.directory.succession import Standing
from mailmap.directory.unit import Unit
from mailmap.document import tracking
from storage import reading
from storage.incoming import UnknownMail
from storage.reading import DeliveryRow, DocumentRow, LetterRow, MailRow, UnknownCode

Most = Annotated[int, typer.Option("--most", min=1, max=100_000)]
By = Annotated[str, typer.Option("--by")]

_DOCUMENTS = ("code", "symbol", "issued", "kind", "subject", "origin", "received_at")
_DELIVERIES = ("unit_name", "status", "number", "handled_at", "words", "take_back", "standing")
_LETTERS = ("letter", "purpose", "to", "transport", "attempts", "told_at", "peer")
_MAILS = ("mail", "received_at", "sender", "outcome", "sentence", "code")


def track(desk: Desk, code: str) -> Exit:
    """One document's whole story."""
    wanted = tracking.read(code) or code
    with office(desk.settings) as at, at.database.transaction() as tx:
        try:
            found = reading.track(tx, wanted)
        except UnknownCode:
            raise Stop(Exit.NOT_FOUND, "register.no-code", code=code) from None
        there = at.directories.load(tx)
        day, today = found.document.received_at, datetime.now(UTC)
        deliveries = [_delivery(desk, row) | _names(desk, row.unit, there, (day, today)) for row in found.deliveries]
        origin = name_of(found.document.origin, there, day)
    if desk.json:
        letters = [_letter(desk, row) for row in found.letters]
        desk.answer(_document(desk, found.document) | {"deliveries": deliveries, "letters": letters}, "register.one")
        return Exit.OK
    desk.say("register.one", **_document(desk, found.document) | {"origin": origin})
    desk.table(_DELIVERIES, deliveries)
    desk.say("register.letters", count=len(found.letters))
    desk.table(_LETTERS, (_letter(desk, row) for row in found.letters))
    return Exit.OK


def documents(desk: Desk, unit: Annotated[str | None, typer.Option("--unit")] = None, most: Most = 50) -> Exit:
    """The newest documents."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        rows = reading.listed(tx, unit=unit, most=most)
    desk.table(_DOCUMENTS, (_document(desk, row) for row in rows))
    return Exit.OK


def outcomes(desk: Desk, outcome: Annotated[str | None, typer.Option("--outcome")] = None, most: Most = 50) -> Exit:
    """How accepted mails ended: how many in each outcome, and the newest of them."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        counts, rows = reading.tally(tx), reading.ended(tx, outcome=outcome, most=most)
    if not desk.json:
        desk.table(
            ("outcome", "count"), ({"outcome": _said(desk, "outcome", o), "count": n} for o, n in counts.items())
        )
    desk.table(_MAILS, (_mail(desk, row) for row in rows))
    return Exit.OK


def held(desk: Desk, most: Most = 50) -> Exit:
    """The mails that wait for a person."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        rows = reading.ended(tx, outcome="held", most=most)
    desk.table(_MAILS, (_mail(desk, row) for row in rows))
    if not rows:
        desk.say("register.pen-empty")
    return Exit.OK


def release(desk: Desk, mail: str, to: Annotated[str | None, typer.Option("--to")] = None, by: By = "") -> Exit:
    """Let a held mail be judged again, with the word of who orders it; try a dead letter again."""
    with _orders(desk, by) as (orders, at):
        unit = _living(at, to, orders.now) if to else None
        orders.release(mail, unit.id if unit else None)
    record = {"mail": mail, "unit": unit.id if unit else None}
    desk.answer(record, "register.released-to" if unit else "register.released", unit_name=unit.name if unit else "")
    return Exit.OK


def _living(at: Office, name: str, now: datetime) -> Unit:
    """The unit with that id, short name or code, or whoever took its place, if it lives today."""
    day = now.astimezone(at.settings.gateway.time_zone).date()
    with at.database.transaction() as tx:
        there = at.directories.load(tx)
        known = there.unit(name, day) or there.named(name, day)
        line = there.successors(known.id, day) if known else None
    if line is None or line.unit is None or line.standing is not Standing.LIVES:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=name)
    return line.unit


def refuse(desk: Desk, mail: str, reason: Annotated[str, typer.Option("--reason")], by: By = "") -> Exit:
    """End a held mail or a dead letter as refused."""
    with _orders(desk, by) as (orders, _):
        orders.refuse(mail, reason)
    desk.answer({"mail": mail, "reason": reason}, "register.refused")
    return Exit.OK


def retry(desk: Desk, letter: int, by: By = "") -> Exit:
    """Try a letter again, at the mailbox its unit has now."""
    with _orders(desk, by) as (orders, at):
        leaving = orders.retry(letter, at.directory())
    record = {"letter": leaving, "instead_of": letter if leaving != letter else None}
    desk.answer(record, "register.requeued" if leaving == letter else "register.readdressed")
    return Exit.OK


def cancel(desk: Desk, letter: int, by: By = "") -> Exit:
    """Stop a letter that has not left yet."""
    with _orders(desk, by) as (orders, _):
        orders.cancel(letter)
    desk.answer({"letter": letter}, "register.cancelled")
    return Exit.OK


def confirm(desk: Desk, code: str, by: By = "") -> Exit:
    """Vouch for a document: its original or its signature was checked."""
    wanted = tracking.read(code) or code
    with _orders(desk, by) as (orders, _):
        new = orders.confirm(wanted)
    record = {"code": wanted, "by": orders.by}
    desk.answer(record, "register.vouched" if new else "register.vouched-before")
    return Exit.OK


@contextmanager
def _orders(desk: Desk, by: str) -> Iterator[tuple[Orders, Office]]:
    """The orders of this person; what does not fit becomes a sentence."""
    at: Office
    with office(desk.settings) as at:
        try:
            yield Orders(at.database, at.desk, by or getpass.getuser(), datetime.now(UTC)), at
        except UnknownMail as unknown:
            raise Stop(Exit.NOT_FOUND, "register.no-held", mail=unknown) from None
        except UnknownCode as unknown:
            raise Stop(Exit.NOT_FOUND, "register.no-code", code=unknown) from None
        except UnknownLetter as unknown:
            raise Stop(Exit.NOT_FOUND, "register.no-letter", letter=unknown) from None
        except NotNow as refusal:
            raise Stop(Exit.TROUBLE, "register.not-now", state=_said(desk, "transport", refusal.state)) from None


def _names(desk: Desk, unit: str, there: Directory, days: tuple[datetime, datetime]) -> dict[str, object]:
    """The unit's name when the document came, and who has taken its place since."""
    then, now = days
    name, heir = name_of(unit, there, then), heir_of(unit, there, now)
    if heir is None:
        return {"unit_name": name, "now": None}
    return {
        "unit_name": name if desk.json else desk.words.say("register.now", unit=name, heir=heir.name),
        "now": heir.id,
    }


def _said(desk: Desk, group: str, value: str) -> str:
    """A status in the person's words; as it is with --json."""
    return value if desk.json else desk.words.say(f"{group}.{value}")


def _time(desk: Desk, moment: datetime | None) -> object:
    """A moment as the person writes it: local time, day first; ISO 8601 in UTC with --json."""
    if moment is None or desk.json:
        return moment
    return moment.astimezone(desk.settings.gateway.time_zone).strftime("%H:%M %d/%m/%Y")


def _day(desk: Desk, issued: str) -> str:
    """A date as the person writes it, day first; ISO 8601 with --json."""
    return issued if desk.json or not issued else date.fromisoformat(issued).strftime("%d/%m/%Y")


def _document(desk: Desk, row: DocumentRow) -> dict[str, object]:
    return {
        "code": row.code,
        "symbol": row.symbol,
        "issued": _day(desk, row.issued),
        "kind": row.kind,
        "subject": row.purged or row.subject,
        "origin": row.origin,
        "received_at": _time(desk, row.received_at),
        "standing": _said(desk, "standing", row.standing),
        "state": _said(desk, "life", row.state),
        "replaces": row.replaces,
    }


def _delivery(desk: Desk, row: DeliveryRow) -> dict[str, object]:
    return {
        "unit": row.unit,
        "channel": row.channel,
        "status": _said(desk, "handling", row.handling),
        "number": row.number,
        "year": row.year,
        "handled_at": _time(desk, row.handled_at),
        "words": row.words,
        "take_back": _said(desk, "take_back", row.take_back),
        "standing": _said(desk, "standing", row.standing),
    }


def _letter(desk: Desk, row: LetterRow) -> dict[str, object]:
    return {
        "letter": row.id,
        "purpose": _said(desk, "letter", row.kind),
        "unit": row.unit,
        "to": row.to,
        "transport": _said(desk, "transport", row.transport),
        "attempts": row.attempts,
        "told_at": _time(desk, row.told_at),
        "status": row.status,
        "peer": row.peer,
    }


def _mail(desk: Desk, row: MailRow) -> dict[str, object]:
    return {
        "mail": row.spool_id,
        "received_at": _time(desk, row.received_at),
        "sender": row.sender,
        "outcome": _said(desk, "outcome", row.outcome or "waiting"),
        "rule": row.rule,
        "sentence": desk.words.tell(row.sentence) if row.sentence else "",
        "code": row.code,
        "attempts": row.attempts,
    }
