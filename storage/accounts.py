"""The submission accounts: who may log in at the doors, and as whom they may send.

Promises:  logins and addresses are folded; a change is true at the caller's commit, and at the doors once the
           writer has put it into the doorbook.
Never:     sees a password; commits.
Fails:     ``KnownAccount``; the database's own exceptions. Changing an account that is not there returns False.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import fold
from storage.doorbook import Account
from storage.schema import accounts
from storage.trouble import Permanent


class KnownAccount(Permanent):
    """There is an account with this login already."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An account and when it was last changed (UTC)."""

    account: Account
    changed_at: datetime


def add(tx: Connection, account: Account, at: datetime) -> None:
    """A new account; KnownAccount when the login is taken."""
    row = {
        "login": fold(account.login),
        "password_hash": account.password_hash,
        "may_send_as": _folded(account.may_send_as),
        "locked": account.locked,
        "created_at": at,
        "changed_at": at,
    }
    if tx.execute(sa.select(accounts.c.login).where(accounts.c.login == row["login"])).first():
        raise KnownAccount(f"the login {account.login} is taken")
    tx.execute(sa.insert(accounts).values(row))


def every(tx: Connection) -> Iterator[Kept]:
    """All accounts, by login."""
    for row in tx.execute(sa.select(accounts).order_by(accounts.c.login)):
        account = Account(row.login, row.password_hash, frozenset(row.may_send_as), row.locked)
        yield Kept(account, row.changed_at)


def may_send_as(tx: Connection, login: str) -> frozenset[str]:
    """The addresses an account may send as; none when it is unknown or locked."""
    open_ = sa.and_(accounts.c.login == fold(login), accounts.c.locked.is_(False))
    return frozenset(tx.execute(sa.select(accounts.c.may_send_as).where(open_)).scalar() or ())


def lock(tx: Connection, login: str, at: datetime, *, locked: bool) -> bool:
    """Close an account, or open it again."""
    return _change(tx, login, {"locked": locked, "changed_at": at})


def set_password(tx: Connection, login: str, password_hash: str, at: datetime) -> bool:
    """Another password from now on."""
    return _change(tx, login, {"password_hash": password_hash, "changed_at": at})


def _change(tx: Connection, login: str, values: dict[str, object]) -> bool:
    return tx.execute(sa.update(accounts).where(accounts.c.login == fold(login)).values(values)).rowcount == 1


def _folded(addresses: Iterable[str]) -> list[str]:
    return sorted({fold(address) for address in addresses})
