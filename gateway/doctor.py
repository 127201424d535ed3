"""The doctor: looks at everything a gateway needs, and says of each what it found and what to do.

Promises:  every check answers, whatever else is broken, and one by one, so that a slow one does not hide the others.
           Nothing is changed.
Never:     says a secret; starts or stops a role. (The built-in database is started when nobody runs it, and let go.)
Fails:     only by a defect of ours: trouble found is a Finding.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from cryptography import x509

from gateway.examine.filetype import FileTypesUnknown, sniff
from gateway.examine.understanding import shared
from gateway.examine.walls import Walls
from gateway.settings import Settings
from gateway.shapes import Endpoint
from gateway.state import State
from gateway.stores import opened_blobs, opened_database
from storage import backlog, strongroom
from storage.blobs import NoBlob
from storage.doorbook import Doorbook, Stale
from storage.keys import BadKeys, Keys, NoKeys
from storage.spool import Reader
from storage.spool.names import number_of
from storage.trouble import Permanent, Temporary

MIB = 1 << 20
ANSWER_S = 5.0
CLOCK_S = 2.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  whoever listens everywhere listens here too
SPOOL_WAITS = timedelta(minutes=10)
SHOWN = 10  # names
CERTIFICATE_WARNING = timedelta(days=14)


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: the sentence ``doctor.<check>.<found>`` with its facts says it, and what to do."""

    check: str
    grade: Grade
    found: str
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, check: str, grade: Grade, found: str, /, **facts: object) -> Finding:
        """A finding from keyword facts."""
        return cls(check, grade, found, tuple(sorted((name, str(fact)) for name, fact in facts.items())))


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, check by check."""
    for name, check in CHECKS.items():
        try:
            yield from check(settings)
        except (Temporary, Permanent, OSError) as trouble:
            yield Finding.of(name, Grade.BAD, "trouble", reason=_first_line(trouble))


def _keys(settings: Settings) -> Iterator[Finding]:
    path = State.of(settings).keys
    try:
        Keys.load(path)
    except NoKeys:
        yield Finding.of("keys", Grade.BAD, "none", path=path)
        return
    except BadKeys:
        yield Finding.of("keys", Grade.BAD, "damaged", path=path)
        return
    if path.stat().st_mode & 0o077:
        yield Finding.of("keys", Grade.BAD, "open", path=path)
    yield Finding.of("keys", Grade.GOOD, "good", path=path)


def _disk(settings: Settings) -> Iterator[Finding]:
    root = State.of(settings).root
    free = shutil.disk_usage(next(folder for folder in (root, *root.parents) if folder.exists())).free // MIB
    least = settings.spool.min_free_mib
    grade = Grade.BAD if free < least else Grade.WARNING if free < 4 * least else Grade.GOOD
    key = {Grade.BAD: "full", Grade.WARNING: "low", Grade.GOOD: "good"}[grade]
    yield Finding.of("disk", grade, key, free=free, least=least, path=root)


def _database(settings: Settings) -> Iterator[Finding]:
    with opened_database(settings) as database:
        database.check()
        yield Finding.of("database", Grade.GOOD, "good")
        with database.transaction() as tx:
            theirs: datetime = tx.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    off = abs((datetime.now(UTC) - theirs).total_seconds())
    key = "good" if off < CLOCK_S else "off"
    yield Finding.of("clock", Grade.GOOD if off < CLOCK_S else Grade.BAD, key, seconds=f"{off:.1f}")


def _backlog(settings: Settings) -> Iterator[Finding]:
    with opened_database(settings) as database:
        database.check()
        with database.transaction() as tx:
            seen = backlog.look(tx)
    late = seen.since is not None and datetime.now(UTC) - seen.since > SPOOL_WAITS
    if late:
        yield Finding.of("backlog", Grade.BAD, "late", count=seen.waiting, since=f"{seen.since:%Y-%m-%d %H:%M} UTC")
    if seen.dead:
        yield Finding.of("backlog", Grade.BAD, "dead", count=seen.dead)
    for found in ("delayed", "uncertain"):
        if count := getattr(seen, found):
            yield Finding.of("backlog", Grade.WARNING, found, count=count)
    if seen.mute:
        yield Finding.of("backlog", Grade.WARNING, "mute", count=len(seen.mute), units=_shown(seen.mute))
    if seen.nowhere:
        yield Finding.of("backlog", Grade.WARNING, "nowhere", count=len(seen.nowhere), codes=_shown(seen.nowhere))
    yield Finding.of("backlog", Grade.GOOD, "good", waiting=seen.waiting, held=seen.held)


def _classified(settings: Settings) -> Iterator[Finding]:
    if not settings.classified.officers:
        yield Finding.of("classified", Grade.WARNING, "nobody")
    with opened_database(settings) as database:
        database.check()
        with database.transaction() as tx:
            left = strongroom.waiting(tx, datetime.now(UTC) - SPOOL_WAITS)
    key = "left" if left else "good"
    yield Finding.of("classified", Grade.BAD if left else Grade.GOOD, key, count=left)


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def _blobs(settings: Settings) -> Iterator[Finding]:
    try:
        opened_blobs(settings).get(sha256(b"nothing has this digest").hexdigest())
    except NoBlob:
        yield Finding.of("blobs", Grade.GOOD, "good")


def _spool(settings: Settings) -> Iterator[Finding]:
    root = State.of(settings).spool
    if not root.is_dir():
        yield Finding.of("spool", Grade.GOOD, "new")
        return
    reader = Reader(root)
    try:
        seen = reader.take(1000, 64 * MIB)
    finally:
        reader.close()
    if seen.damaged:
        yield Finding.of("spool", Grade.BAD, "damaged", count=len(seen.damaged), path=root)
    waiting = _oldest_closed(root)
    late = waiting is not None and datetime.now(UTC) - waiting > SPOOL_WAITS
    if late:
        yield Finding.of("spool", Grade.BAD, "late", since=f"{waiting:%Y-%m-%d %H:%M} UTC")
    if not (late or seen.damaged):
        yield Finding.of("spool", Grade.GOOD, "good")


def _oldest_closed(root: Path) -> datetime | None:
    """When the oldest segment was last written that no door writes any more; it should be gone within a minute."""
    found = [
        sorted(path for path in owner.iterdir() if number_of(path.name)) for owner in root.iterdir() if owner.is_dir()
    ]
    closed = [segment.stat().st_mtime for segments in found for segment in segments[:-1]]
    return datetime.fromtimestamp(min(closed), UTC) if closed else None


def _doorbook(settings: Settings) -> Iterator[Finding]:
    book = Doorbook(State.of(settings).doorbook, max_age_s=60 * settings.spool.doorbook_max_age_min)
    try:
        book.standing(f"postmaster@{settings.gateway.domains[0]}")
    except Stale:
        yield Finding.of("doorbook", Grade.BAD, "stale", minutes=settings.spool.doorbook_max_age_min)
        return
    yield Finding.of("doorbook", Grade.GOOD, "good")


def _ports(settings: Settings) -> Iterator[Finding]:
    asked = settings.smtp
    for place in (*asked.mx, *asked.submission, *asked.submissions):
        if place.port in asked.proxy_ports:
            yield Finding.of("ports", Grade.WARNING, "proxied", place=place)
        else:
            yield _port(place, settings.gateway.name, encrypted=place in asked.submissions)


def _port(place: Endpoint, name: str, *, encrypted: bool) -> Finding:
    """Who answers there: we, a stranger, or nobody."""
    try:
        greeting = _greeting(EVERYWHERE.get(place.host, place.host), place.port, encrypted=encrypted)
    except ConnectionRefusedError:
        return Finding.of("ports", Grade.WARNING, "silent", place=place)
    except OSError as error:
        return Finding.of("ports", Grade.BAD, "mute", place=place, reason=error.strerror or type(error).__name__)
    if f" {name} " in f"{greeting} ":
        return Finding.of("ports", Grade.GOOD, "good", place=place)
    return Finding.of("ports", Grade.BAD, "stranger", place=place)


def _greeting(host: str, port: int, *, encrypted: bool) -> str:
    """The first line that is said there."""
    deadline = time.monotonic() + ANSWER_S
    with socket.create_connection((host, port), timeout=ANSWER_S) as plain:
        plain.settimeout(max(0.1, deadline - time.monotonic()))
        if not encrypted:
            return plain.recv(512).decode("ascii", "replace").strip()
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # we ask who listens, not whom to trust
        with context.wrap_socket(plain) as secret:
            return secret.recv(512).decode("ascii", "replace").strip()


def _certificate(settings: Settings) -> Iterator[Finding]:
    path = settings.smtp.tls_certificate
    if path is None:
        yield Finding.of("certificate", Grade.WARNING, "own")
        return
    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except ValueError:
        yield Finding.of("certificate", Grade.BAD, "damaged", path=path)
        return
    left = ends - datetime.now(UTC)
    grade = Grade.BAD if left < timedelta() else Grade.WARNING if left < CERTIFICATE_WARNING else Grade.GOOD
    key = {Grade.BAD: "over", Grade.WARNING: "ending", Grade.GOOD: "good"}[grade]
    yield Finding.of("certificate", grade, key, path=path, day=f"{ends:%Y-%m-%d}")


def _file_types(_: Settings) -> Iterator[Finding]:
    try:
        sniff(b"%PDF-1.4\n")
    except FileTypesUnknown:
        yield Finding.of("types", Grade.BAD, "none")
        return
    yield Finding.of("types", Grade.GOOD, "good")


def _reading(_: Settings) -> Iterator[Finding]:
    """Whether files can be read, behind which walls, and whether scans can be."""
    walls = shared().start().walls
    if lacking := [name for name in Walls.__slots__ if not getattr(walls, name)]:
        yield Finding.of("reading", Grade.WARNING, "walls", walls=", ".join(lacking))
    if not shared().can_recognise:
        yield Finding.of("reading", Grade.WARNING, "no-ocr")
        return
    yield Finding.of("reading", Grade.GOOD, "good")


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


CHECKS: dict[str, Check] = {
    "keys": _keys,
    "disk": _disk,
    "database": _database,
    "backlog": _backlog,
    "classified": _classified,
    "blobs": _blobs,
    "spool": _spool,
    "doorbook": _doorbook,
    "ports": _ports,
    "certificate": _certificate,
    "types": _file_types,
    "reading": _reading,
}
