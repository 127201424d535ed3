"""Opens the database and the blobs that the settings name.

Promises:  what was opened is closed, and the built-in server is let go of, when the block ends. Should the built-in
           server die meanwhile, whoever connects next starts it again.
Never:     migrates; ``lienthong serve`` and ``lienthong migrate`` do.
Fails:     NoServer, DatabaseDown (Temporary), NotMigrated (Permanent); OSError for a file that cannot be read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager

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
def opened_database(settings: Settings) -> Iterator[Database]:
    """The database for the block."""
    asked = settings.database
    if asked.url:
        with closing(Database(asked.url, pool=asked.connections)) as database:
            yield database
        return
    server = Embedded(State.of(settings).postgres)
    with server as url, closing(Database(url, pool=asked.connections, revive=server.start)) as database:
        yield database


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
