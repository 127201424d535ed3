"""``lienthong account``: the logins of the submission doors.

Promises:  a password is read from the terminal without being shown, or from one line of standard input, or made here
           and shown once; only its argon2 hash is kept.
Never:     takes a password as an argument: arguments stand in every process list.
Fails:     exit status 3 for a login that is not there, 1 for one that is there already.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from getpass import getpass
from typing import Annotated

import typer
from argon2 import PasswordHasher

from gateway.cli.desk import Desk, Exit, Stop
from gateway.stores import opened_database
from mailmap.directory.address import fold
from storage import accounts
from storage.accounts import KnownAccount
from storage.doorbook import Account

LEAST = 10  # characters of a password
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is read for another, none that a shell or a program obeys
GENERATED = 16  # letters of five bits

Login = Annotated[str, typer.Argument()]
Addresses = Annotated[list[str] | None, typer.Argument()]
Generate = Annotated[bool, typer.Option("--generate")]


def add(desk: Desk, login: Login, addresses: Addresses = None, *, generate: Generate = False) -> Exit:
    """A new account that may send as ``addresses``, or as its login."""
    may = frozenset(fold(address) for address in addresses or [login])
    if strange := [address for address in may if "@" not in address]:
        raise Stop(Exit.MISTAKE, "account.no-address", address=strange[0])
    password = _password(desk, generate=generate)
    account = Account(fold(login), PasswordHasher().hash(password), may, locked=False)
    with opened_database(desk.settings) as database:
        try:
            with database.transaction() as tx:
                accounts.add(tx, account, datetime.now(UTC))
        except KnownAccount:
            raise Stop(Exit.TROUBLE, "account.known", login=account.login) from None
    record = {"login": account.login, "may_send_as": sorted(may)}
    return _changed(desk, record, "account.added", password if generate else "")


def every(desk: Desk) -> Exit:
    """All accounts."""
    with opened_database(desk.settings) as database, database.transaction() as tx:
        kept = [*accounts.every(tx)]
    rows = [
        {
            "login": one.account.login,
            "may_send_as": sorted(one.account.may_send_as),
            "locked": one.account.locked if desk.json else desk.yes(one.account.locked),
            "changed": one.changed_at if desk.json else desk.when(one.changed_at),
        }
        for one in kept
    ]
    desk.table(("login", "may_send_as", "locked", "changed"), rows)
    return Exit.OK


def lock(desk: Desk, login: Login, *, unlock: Annotated[bool, typer.Option("--unlock")] = False) -> Exit:
    """Nobody can log in with it any more; ``--unlock`` opens it again."""
    with opened_database(desk.settings) as database, database.transaction() as tx:
        found = accounts.lock(tx, login, datetime.now(UTC), locked=not unlock)
    if not found:
        raise Stop(Exit.NOT_FOUND, "account.unknown", login=login)
    desk.answer({"login": fold(login), "locked": not unlock}, "account.unlocked" if unlock else "account.locked")
    return Exit.OK


def password(desk: Desk, login: Login, *, generate: Generate = False) -> Exit:
    """Another password; the old one ends."""
    chosen = _password(desk, generate=generate)
    hashed = PasswordHasher().hash(chosen)
    with opened_database(desk.settings) as database, database.transaction() as tx:
        found = accounts.set_password(tx, login, hashed, datetime.now(UTC))
    if not found:
        raise Stop(Exit.NOT_FOUND, "account.unknown", login=login)
    return _changed(desk, {"login": fold(login)}, "account.password-changed", chosen if generate else "")


def made_password() -> str:
    """A password of 80 bits that can be told over the telephone."""
    return "".join(secrets.choice(LETTERS) for _ in range(GENERATED))


def _password(desk: Desk, *, generate: bool) -> str:
    if generate:
        return made_password()
    if not sys.stdin.isatty():
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = getpass(desk.words.say("account.ask") + " ")
        if getpass(desk.words.say("account.ask-again") + " ") != chosen:
            raise Stop(Exit.MISTAKE, "account.not-the-same")
    if len(chosen) < LEAST:
        raise Stop(Exit.MISTAKE, "account.short", least=LEAST)
    return chosen


def _changed(desk: Desk, record: Mapping[str, object], key: str, made: str) -> Exit:
    """Tell what was done, and a password made here, which nobody can tell again."""
    may = record.get("may_send_as")
    desk.answer(
        {**record, **({"password": made} if made else {})},
        key,
        addresses=", ".join(may) if isinstance(may, list) else "",
    )
    if made:
        desk.say("account.made", password=made)
    return Exit.OK
