"""Who may send, and to whom: what the door knows of addresses.

Promises:  a sender who logged in uses only the account's own addresses, as long as it is open; every recipient accepted
           is one of ours, or mapped, or a keyed address we made, or postmaster@ or abuse@ of a domain of ours.
Never:     asks a database; tells strangers which addresses exist nearby.
Fails:     with a Reply as a value; a stale doorbook means 450.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from gateway import replies
from gateway.receive.smtp.paths import ReversePath
from gateway.receive.smtp.settings import DoorSettings
from gateway.replies import Reply
from mailmap.directory.address import fold
from mailmap.mail.envelope import ForwardPath
from storage.doorbook import Account, Stale, Standing

MEMORY = 0.5  # seconds
MOST_REMEMBERED = 10_000
ALWAYS = frozenset({"postmaster", "abuse"})  # RFC 5321 section 4.5.1, RFC 2142 section 4


class Doorbook(Protocol):
    """What the door asks of storage.doorbook.Doorbook."""

    def standing(self, address: str) -> Standing:
        """Whether the address is known; Stale when the book is too old to tell."""

    def nearest(self, address: str, limit: int = 3) -> tuple[str, ...]:
        """The known addresses that look most alike."""

    def account(self, login: str) -> Account | None:
        """The submission account of that name; Stale when the book is too old to tell."""


class Reception:
    """Asks the doorbook; ``opens`` tells whether a local part is a keyed address that we made."""

    def __init__(self, doorbook: Doorbook, opens: Callable[[str], bool], settings: DoorSettings) -> None:
        self._doorbook = doorbook
        self._opens = opens
        self._foreign = settings.foreign_recipients
        self._hostname = settings.hostname
        self._remembered: dict[str, Standing] = {}
        self._forget_at = 0.0

    def sender(self, path: ReversePath, account: Account | None) -> Reply | None:
        """Why this sender is refused; the null sender is everybody's (read receipts have it, RFC 8098 section 3)."""
        if account is None or path.address is None or fold(path.address) in account.may_send_as:
            return None
        return replies.NOT_YOUR_ADDRESS

    def still(self, account: Account) -> Account | None:
        """The account of somebody who logged in before, as it is now; None once it is locked or has another password.

        A book too old to tell leaves it as it was: recipients are answered 450 then.
        """
        try:
            now = self._doorbook.account(account.login)
        except Stale:
            return account
        same = now is not None and not now.locked and now.password_hash == account.password_hash
        return now if same else None

    def recipient(self, path: ForwardPath, account: Account | None) -> ForwardPath | Reply:
        """The path as it is to be kept (``<postmaster>`` gets our host name), or why it is refused."""
        if "@" not in path.address:
            return replace(path, address=f"{path.address}@{self._hostname}")
        try:
            return self._refusal(path.address, account) or path
        except Stale:
            return replies.DIRECTORY_STALE

    def _refusal(self, address: str, account: Account | None) -> Reply | None:
        standing = self._standing(address)
        if standing is Standing.FOREIGN:
            return None if account is not None and self._foreign else replies.NOT_OURS
        local, _, _ = address.rpartition("@")
        if standing is Standing.KNOWN or local.lower() in ALWAYS or self._opens(local):
            return None
        return replies.did_you_mean(self._doorbook.nearest(address)) if account else replies.NO_SUCH_ADDRESS

    def _standing(self, address: str) -> Standing:
        """What the doorbook says, remembered for a moment: under load the same addresses come again and again."""
        now = time.monotonic()
        if now > self._forget_at or len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
            self._forget_at = now + MEMORY
        standing = self._remembered.get(address)
        if standing is None:
            standing = self._remembered[address] = self._doorbook.standing(address)
        return standing
