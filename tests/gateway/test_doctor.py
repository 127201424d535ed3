"""The doctor finds what is broken, says what to do, and is not fooled by what is well."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.certificate import own_certificate
from gateway.cli.desk import Exit
from gateway.cli.frame import main
from gateway.doctor import CHECKS, Finding, Grade, examine
from gateway.settings import Settings
from gateway.settings_file import load
from gateway.state import State
from gateway.words import Language, words
from mailmap.directory.directory import OwnNames
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath, pack
from storage.database import Database
from storage.doorbook_writer import DoorbookWriter
from storage.keys import Keys
from storage.spool import Spool, Stored

WAIT_S = 20.0


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A gateway that listens nowhere, with a real database."""
    return written(
        tmp_path, f'[smtp]\nmx = []\nsubmission = []\nsubmissions = []\n[database]\nurl = "{database_url}"\n'
    )


def written(folder: Path, text: str) -> Settings:
    """Settings from a file with these lines."""
    path = folder / "lienthong.toml"
    path.write_text(f'[gateway]\ndomains = ["nd.example"]\nstate_directory = "state"\n{text}')
    return load(path)


def found(settings: Settings, check: str) -> dict[str, Finding]:
    """What one check found, by its word."""
    return {finding.found: finding for finding in CHECKS[check](settings)}


def test_every_finding_can_be_said() -> None:
    """Each check has its sentence for trouble in both languages, and says something when all is well."""
    for language in Language:
        assert all(words(language).knows(f"doctor.{check}.trouble") for check in CHECKS)
        assert all(words(language).knows(f"doctor.{check}.good") for check in CHECKS)


def test_trouble_in_one_check_leaves_the_others(tmp_path: Path) -> None:
    """With the database away the doctor says so, and goes on."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    text = f'[smtp]\nmx = []\nsubmission = []\nsubmissions = []\n[database]\nurl = "postgresql://nobody@127.0.0.1:{port}/x"\n'
    grades = {(finding.check, finding.found): finding.grade for finding in examine(written(tmp_path, text))}
    assert grades[("database", "trouble")] is Grade.BAD
    assert grades[("types", "good")] is Grade.GOOD


def test_keys_are_missed_and_minded(settings: Settings) -> None:
    """No keys, keys that others can read, damaged keys: each is told; whole ones are well."""
    path = State.of(settings).keys
    path.parent.mkdir()
    assert found(settings, "keys").keys() == {"none"}
    Keys.create(path)
    assert found(settings, "keys").keys() == {"good"}
    path.chmod(0o644)
    assert "open" in found(settings, "keys")
    path.write_text("{}")
    assert found(settings, "keys").keys() == {"damaged"}


def test_the_database_and_its_clock(settings: Settings, tmp_path: Path, new_database: object) -> None:
    """A migrated database is well, with the same time as ours; one without tables is not."""
    assert {finding.grade for finding in CHECKS["database"](settings)} == {Grade.GOOD}
    assert callable(new_database)
    (tmp_path / "other").mkdir()
    bare = written(tmp_path / "other", f'[database]\nurl = "{new_database()}"\n')
    troubles = [finding for finding in examine(bare) if finding.check == "database"]
    assert [(trouble.found, trouble.grade) for trouble in troubles] == [("trouble", Grade.BAD)]


def test_what_waits_is_told(settings: Settings, database: Database) -> None:
    """Mail that nobody works on and dead letters are bad, letters that need a person are named."""
    assert found(settings, "backlog").keys() == {"good"}
    envelope = '{"sender": null, "recipients": []}'
    with database.transaction() as tx:
        for number, outcome, age_h in ((1, None, 2), (2, "dead-letter", 2), (3, "held", 2), (4, None, 0)):
            tx.execute(
                sa.text(
                    "INSERT INTO mails (spool_id, blob, size, envelope, received_at, outcome)"
                    " VALUES (:id, '', 1, CAST(:envelope AS jsonb), now() - make_interval(hours => :age), :outcome)"
                ),
                {"id": f"S-DOCTOR-{number}", "envelope": envelope, "age": age_h, "outcome": outcome},
            )
        for number, transport in ((1, "delayed"), (2, "uncertain"), (3, "relayed")):
            tx.execute(
                sa.text(
                    'INSERT INTO letters (id, kind, "to", spec, transport, queued_at, expires_at)'
                    " VALUES (:id, 'delivery', '', '{}', :transport, now(), now())"
                ),
                {"id": number, "transport": transport},
            )
    seen = found(settings, "backlog")
    assert {word: finding.grade for word, finding in seen.items()} == {
        "late": Grade.BAD,
        "dead": Grade.BAD,
        "delayed": Grade.WARNING,
        "uncertain": Grade.WARNING,
        "good": Grade.GOOD,
    }
    assert dict(seen["late"].facts)["count"] == "2"
    assert dict(seen["good"].facts) == {"waiting": "2", "held": "1"}


def test_whoever_is_to_be_told_of_secrets_is_missed(settings: Settings, database: Database) -> None:
    """Without officers nobody hears of a marked mail; what of one can still be read after ten minutes is bad."""
    seen = found(settings, "classified")
    assert {word: finding.grade for word, finding in seen.items()} == {"nobody": Grade.WARNING, "good": Grade.GOOD}
    with database.transaction() as tx:
        tx.execute(
            sa.text(
                'INSERT INTO locked (mail, degree, size, received_at, locked_at, "left")'
                " VALUES ('S-LOCKED', 'mat', 4096, now(), now() - make_interval(hours => 1), 'x')"
            )
        )
    assert found(settings, "classified")["left"].grade is Grade.BAD
    named = settings.classified.model_copy(update={"officers": ("mat@nd.example",)})
    assert "nobody" not in found(settings.model_copy(update={"classified": named}), "classified")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """Below the free-space mark, the very reason why senders get 452 is named."""
    full = written(tmp_path, "[spool]\nmin_free_mib = 999999999\n")
    assert found(full, "disk")["full"].grade is Grade.BAD


def test_the_doorbook_is_stale_until_its_keeper_works(settings: Settings, database: Database) -> None:
    """Without a doorbook senders get 450, and the doctor says why; once it is kept, all is well."""
    assert found(settings, "doorbook")["stale"].grade is Grade.BAD
    path = State.of(settings).doorbook
    DoorbookWriter(database, path, OwnNames(frozenset({"nd.example"}))).tend()
    assert found(settings, "doorbook").keys() == {"good"}
    os.utime(path, (0, 0))
    assert found(settings, "doorbook").keys() == {"stale"}


def test_the_spool_flows_until_mail_lies_too_long(settings: Settings) -> None:
    """A mail that just came is no trouble; a closed segment that nobody fetches is."""
    assert found(settings, "spool").keys() == {"new"}
    root = State.of(settings).spool
    root.mkdir(parents=True)
    stored(root)
    stored(root)
    assert found(settings, "spool").keys() == {"good"}
    old = time.time() - 3600
    segments = sorted((root / "door-1").glob("*.seg"))
    assert len(segments) > 1
    os.utime(segments[0], (old, old))
    assert found(settings, "spool")["late"].grade is Grade.BAD


def stored(root: Path) -> Stored:
    """One small mail in the spool of a door that then stops; the next opens a new segment."""
    spool = Spool(root, "door-1")
    draft = spool.draft()
    draft.write(b"Subject: a\r\n\r\nb\r\n")
    arrival = Arrival(Door.MX, datetime.now(UTC), "192.0.2.1", "a.example")
    done: Future[Stored] = spool.commit(draft, pack(Envelope(None, (ForwardPath("x@nd.example"),)), arrival))
    answer = done.result(WAIT_S)
    spool.close()
    return answer


@contextmanager
def greeter(line: bytes) -> Iterator[int]:
    """Somebody on a port who greets everybody with this line."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(WAIT_S)

        def greet() -> None:
            caller, _ = server.accept()
            with caller:
                caller.sendall(line)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(WAIT_S)


@pytest.mark.parametrize(
    ("line", "word"), [(b"220 nd.example ESMTP\r\n", "good"), (b"220 other.example ESMTP Postfix\r\n", "stranger")]
)
def test_a_port_is_ours_or_somebody_elses(tmp_path: Path, line: bytes, word: str) -> None:
    """Our own greeting is well; another program on our port is named."""
    with greeter(line) as port:
        asked = written(tmp_path, f'[smtp]\nmx = ["127.0.0.1:{port}"]\nsubmission = []\nsubmissions = []\n')
        assert found(asked, "ports").keys() == {word}


def test_a_silent_port_is_no_trouble_by_itself(tmp_path: Path) -> None:
    """Before ``serve`` runs nobody listens: a warning, so that doctor can be run first."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    asked = written(tmp_path, f'[smtp]\nmx = ["127.0.0.1:{port}"]\nsubmission = []\nsubmissions = []\n')
    assert found(asked, "ports")["silent"].grade is Grade.WARNING


def test_certificates(tmp_path: Path) -> None:
    """No named certificate is a warning; a good one is well; octets that are none are bad."""
    assert found(written(tmp_path, ""), "certificate")["own"].grade is Grade.WARNING
    pair = own_certificate(State(tmp_path), "nd.example")
    named = written(tmp_path, f'[smtp]\ntls_certificate = "{pair.chain.name}"\ntls_key = "{pair.key.name}"\n')
    assert found(named, "certificate").keys() == {"good"}
    pair.chain.write_bytes(b"no certificate")
    assert found(named, "certificate").keys() == {"damaged"}


def test_the_command_ends_with_the_worst(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something bad ends with exit status 1; every finding is a line, also with --json."""
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    path = str(tmp_path / "lienthong.toml")
    assert main(["doctor", "--config", path]) == Exit.TROUBLE
    assert "Chưa có tệp khóa" in capsys.readouterr().out
    assert main(["keys", "init", "--config", path]) == Exit.OK
    assert State.of(settings).keys.stat().st_mode & 0o077 == 0
    assert main(["keys", "init", "--config", path]) == Exit.TROUBLE
    before = Keys.load(State.of(settings).keys)
    assert main(["keys", "rotate", "--config", path]) == Exit.OK
    after = Keys.load(State.of(settings).keys)
    assert before.current != after.current
    assert before.masters.items() <= after.masters.items()
    capsys.readouterr()
    assert main(["doctor", "--json", "--config", path]) == Exit.TROUBLE
    assert len(capsys.readouterr().out.splitlines()) >= len(CHECKS)


@pytest.mark.peer("tesseract")
def test_reading_is_tried(settings: Settings) -> None:
    """The doctor starts what reads files, names the walls that a machine lacks, and says whether scans can be read."""
    said = found(settings, "reading")
    assert set(said) <= {"good", "walls"}
    assert said["good"].grade is Grade.GOOD
