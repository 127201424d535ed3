"""A doorbook on paper: what a door asks, answered from two sets and a dictionary.

Promises:  the answers of storage.doorbook.Doorbook for addresses that are whole; ``stale`` makes it too old to answer,
           ``lock`` closes an account.
Never:     reads a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from mailmap.directory.address import fold
from storage.doorbook import Account, Stale, Standing


class PaperDoorbook:
    """Known addresses, domains of ours, accounts."""

    def __init__(self, known: Iterable[str], domains: Iterable[str], accounts: Iterable[Account] = ()) -> None:
        self._known = frozenset(map(fold, known))
        self._domains = frozenset(domains)
        self._accounts = {account.login: account for account in accounts}
        self.stale = False

    def standing(self, address: str) -> Standing:
        """See Doorbook."""
        self._look()
        if fold(address) in self._known:
            return Standing.KNOWN
        return Standing.UNKNOWN if fold(address).rpartition("@")[2] in self._domains else Standing.FOREIGN

    def nearest(self, address: str, limit: int = 3) -> tuple[str, ...]:
        """See Doorbook."""
        self._look()
        return tuple(get_close_matches(fold(address), sorted(self._known), limit))

    def account(self, login: str) -> Account | None:
        """See Doorbook."""
        self._look()
        return self._accounts.get(fold(login))

    def lock(self, login: str) -> None:
        """Lock an account, as an administrator does at any moment."""
        self._accounts[login] = replace(self._accounts[login], locked=True)

    def _look(self) -> None:
        if self.stale:
            raise Stale("the paper is old")
