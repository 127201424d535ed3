"""``lienthong account`` against a real database, as an administrator types it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from gateway.cli.desk import Exit
from gateway.cli.frame import main
from storage import accounts
from storage.database import Database
from storage.doorbook import Account

PASSWORD = "một mật khẩu dài"


@dataclass(frozen=True)
class Typed:
    """What came of one command."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Typed]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types one command with its standard input, in a terminal that reads English."""
    path = tmp_path / "lienthong.toml"
    path.write_text(f'[gateway]\ndomains = ["namdinh.example"]\n[database]\nurl = "{database_url}"\n')
    for name, value in {"LIENTHONG_CONFIG": str(path), "LC_ALL": "en_GB.UTF-8", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)

    def typed(*words: str, told: str = "") -> Typed:
        monkeypatch.setattr(sys, "stdin", io.StringIO(told))
        status = main(["account", *words])
        return Typed(status, *capsys.readouterr())

    return typed


def kept(database: Database, login: str) -> Account | None:
    """The account as the tables hold it."""
    with database.transaction() as tx:
        return next((one.account for one in accounts.every(tx) if one.account.login == login), None)


def test_add_keeps_a_hash_and_folds_names(run: Run, database: Database) -> None:
    """A login may send as the addresses named, in whatever case they were typed; its password is never kept."""
    done = run("add", "Van.Thu@Hai-Hau.example", "VT@hai-hau.example", told=PASSWORD + "\n")
    assert done.returncode == Exit.OK, done.stderr
    account = kept(database, "van.thu@hai-hau.example")
    assert account is not None
    assert account.may_send_as == {"vt@hai-hau.example"}
    assert PASSWORD not in account.password_hash
    assert PasswordHasher().verify(account.password_hash, PASSWORD)
    assert PASSWORD not in done.stdout + done.stderr


def test_add_twice_is_refused(run: Run, database: Database) -> None:
    """A login is added once; the second time says how to change its password, and changes nothing."""
    assert run("add", "twice@a.example", told=PASSWORD + "\n").returncode == Exit.OK
    before = kept(database, "twice@a.example")
    again = run("add", "twice@a.example", told="another long password\n")
    assert (again.returncode, kept(database, "twice@a.example")) == (Exit.TROUBLE, before)
    assert "lienthong account password" in again.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [(("add", "short@a.example"), "short\n"), (("add", "empty@a.example"), ""), (("add", "clerk"), PASSWORD)],
)
def test_add_refuses_what_cannot_work(run: Run, database: Database, words: tuple[str, ...], told: str) -> None:
    """A short or missing password, or a login that is no address with no address named: nothing is added."""
    assert run(*words, told=told).returncode == Exit.MISTAKE
    assert kept(database, words[1]) is None


def test_a_made_password_is_shown_once_and_works(run: Run, database: Database) -> None:
    """--generate makes a password of sixteen characters and tells it, with --json in the same object."""
    told = json.loads(run("add", "made@a.example", "--generate", "--json").stdout)
    account = kept(database, "made@a.example")
    assert account is not None
    assert len(told["password"]) == 16
    assert PasswordHasher().verify(account.password_hash, told["password"])


def test_lock_and_unlock(run: Run, database: Database) -> None:
    """A locked account stays, closed, until it is unlocked; an unknown one is said to be unknown (exit status 3)."""
    run("add", "lock@a.example", told=PASSWORD)
    assert run("lock", "LOCK@a.example").returncode == Exit.OK
    locked = kept(database, "lock@a.example")
    assert run("lock", "lock@a.example", "--unlock").returncode == Exit.OK
    opened = kept(database, "lock@a.example")
    assert [account and account.locked for account in (locked, opened)] == [True, False]
    assert run("lock", "nobody@a.example").returncode == Exit.NOT_FOUND


def test_password_ends_the_old_one(run: Run, database: Database) -> None:
    """After a change the new password opens the account, and only that."""
    run("add", "change@a.example", told=PASSWORD)
    before = kept(database, "change@a.example")
    assert run("password", "change@a.example", told="another long password\n").returncode == Exit.OK
    after = kept(database, "change@a.example")
    assert before is not None
    assert after is not None
    assert before.password_hash != after.password_hash
    assert PasswordHasher().verify(after.password_hash, "another long password")
    assert run("password", "nobody@a.example", told=PASSWORD).returncode == Exit.NOT_FOUND


def test_list_tells_everything_but_the_hash(run: Run) -> None:
    """The list shows each account as one JSON object, without anything that helps to guess a password."""
    run("add", "list@a.example", "b@a.example", "c@a.example", told=PASSWORD)
    rows = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    row = next(row for row in rows if row["login"] == "list@a.example")
    assert row["may_send_as"] == ["b@a.example", "c@a.example"]
    assert row.keys() == {"login", "may_send_as", "locked", "changed"}
    assert "$argon2" not in run("list").stdout
