"""Opens the database and the blobs that the settings name.

Promises:  what was opened is closed, and the built-in server is let go of, when the block ends.
Never:     migrates; ``lienthong serve`` and ``lienthong migrate`` do.
Fails:     NoServer, DatabaseDown (Temporary), NotMigrated (Permanent); OSError for a file that cannot be read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.settings import Settings
from gateway.state import State
from storage import blobs
from storage.blobs import Blobs
from storage.database import Database
from storage.embedded import Embedded
from storage.trouble import Permanent


class BadCredentials(Permanent):
    """The credentials file of the blob store lacks access_key_id or secret_access_key."""


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """Where PostgreSQL is; the built-in server runs at least as long as the block."""
    if settings.database.url:
        yield settings.database.url
        return
    with Embedded(State.of(settings).postgres) as url:
        yield url


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """The database for the block."""
    with database_url(settings) as url:
        database = Database(url, pool=settings.database.connections)
        try:
            yield database
        finally:
            database.close()


def opened_blobs(settings: Settings) -> Blobs:
    """The blobs, on this disk or in the object store."""
    asked = settings.blobs
    if not asked.url:
        return blobs.on_disk(State.of(settings).blobs)
    return blobs.in_s3(asked.url, endpoint=asked.endpoint, region=asked.region, access=_access(settings))


def _access(settings: Settings) -> tuple[str, str] | None:
    path = settings.blobs.credentials
    if path is None:
        return None
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        return str(found["access_key_id"]), str(found["secret_access_key"])
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise BadCredentials(f"{path} needs the lines access_key_id and secret_access_key") from error
