"""Passwords: checked away from the event loop, a few at a time.

Promises:  a check costs the same time for a login that exists and for one that does not.
Never:     keeps a password, or says which of login and password was wrong.
Fails:     with a Reply as a value; Stale directory or a broken hash mean "later", never "wrong".
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from aiosmtpd.smtp import LoginPassword
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from gateway import maillog, replies
from gateway.receive.smtp.reception import Doorbook
from gateway.replies import Reply
from storage.doorbook import Account, Stale


class Logins:
    """Checks who logs in; ``threads`` at a time."""

    def __init__(self, doorbook: Doorbook, threads: int) -> None:
        self._doorbook = doorbook
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="login")

    async def check(self, given: LoginPassword) -> Account | Reply:
        """The account, or what to say instead."""
        try:
            account = self._doorbook.account(given.login.decode())
        except UnicodeDecodeError:
            account = None
        except Stale:
            return replies.LOGIN_LATER
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._pool, _verify, account, given.password)
        if right is None:
            return replies.LOGIN_LATER
        if account is None or not right:
            return replies.LOGIN_WRONG
        return replies.LOGIN_LOCKED if account.locked else account

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _verify(account: Account | None, password: bytes) -> bool | None:
    """Whether the password is right; None when the stored hash is broken."""
    try:
        return PasswordHasher().verify(account.password_hash if account else _nobodys_hash(), password)
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError) as error:
        maillog.door_failed(error)
        return None


@cache
def _nobodys_hash() -> str:
    """A hash as expensive as those that ``lienthong account`` makes."""
    return PasswordHasher().hash("nobody has this password")
