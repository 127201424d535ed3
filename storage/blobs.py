"""Octets that never change, by their SHA-256 or a name that tells nothing: on this disk or in an S3 store.

On disk a blob lies at ``ab/abcd…`` below the root, in S3 under the same key; both are read through obstore. They are
written differently: obstore's local store names a file before its octets are on disk, and after a power cut an empty
file under the right name would stand for the mail. So on disk the octets are synced first and named afterwards.

Promises:  ``put`` and ``put_many`` return when all of it is durable, also what another process put a moment ago.
           Putting the same blob again is nothing. ``get`` returns octets of that SHA-256, or raises.
           After ``forget`` returned nobody finds that blob again, a power cut notwithstanding.
Never:     overwrites, lets a name appear before its octets are durable, or deletes anything of itself.
Fails:     BlobsAway (Temporary) when the store does not answer, or the disk is full or broken; NoBlob and SpoiledBlob,
           which are bugs or octets that rotted, from ``get``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from storage.blobdisk import DiskKeeper
from storage.trouble import Temporary

if TYPE_CHECKING:  # obstore has these in its stubs only
    from obstore.store import ClientConfig, RetryConfig, S3Config

Blob = tuple[bytes | Path, str]
"""Octets, or the path of a synced file that holds them and never changes; and their SHA-256 in hex."""

_AT_ONCE = 8  # uploads side by side


class BlobsAway(Temporary):
    """The store or the disk does not answer as it should."""


class NoBlob(LookupError):
    """No blob of that SHA-256 was ever put."""


class SpoiledBlob(Exception):
    """A blob's octets are not those that were put."""


class Keeper(Protocol):
    """How blobs come to stay."""

    def put_many(self, blobs: Iterable[Blob]) -> None:
        """Return when all are durable."""

    def forget(self, name: str) -> None:
        """Return when that blob is gone for ever; nothing when it is not there."""

    def like(self, beginning: str) -> list[str]:
        """The names that begin so; at least two characters."""


class Blobs:
    """One store of blobs. Safe to share between threads and processes."""

    def __init__(self, store: ObjectStore, keeper: Keeper) -> None:
        self._store = store
        self._keeper = keeper

    def put(self, octets: bytes | Path, sha256: str) -> None:
        """Keep one blob."""
        self.put_many([(octets, sha256)])

    def put_many(self, blobs: Iterable[Blob]) -> None:
        """Keep several at less cost than one by one. BlobsAway."""
        with _away_told():
            self._keeper.put_many(blobs)

    def get(self, sha256: str) -> bytes:
        """The octets of that SHA-256 (hex). NoBlob, SpoiledBlob, BlobsAway."""
        octets = self.get_sealed(sha256)
        if sha256_of(octets).hexdigest() != sha256:
            raise SpoiledBlob(sha256)
        return octets

    def get_sealed(self, name: str) -> bytes:
        """The octets of a name that is no digest; their seal tells whether they are whole. NoBlob, BlobsAway."""
        with _away_told():
            try:
                return bytes(obstore.get(self._store, key(name)).bytes())
            except FileNotFoundError as error:  # obstore's word for it, in every store
                raise NoBlob(name) from error

    def forget(self, name: str) -> None:
        """Take a blob away for ever, if it is there; the caller knows that nobody needs it. BlobsAway."""
        with _away_told():
            self._keeper.forget(name)

    def like(self, beginning: str) -> list[str]:
        """The names of blobs that begin so, sorted; at least two characters. BlobsAway."""
        with _away_told():
            return self._keeper.like(beginning)


def key(sha256: str) -> str:
    """Where a blob lies below the root."""
    return f"{sha256[:2]}/{sha256}"


def on_disk(root: Path) -> Blobs:
    """Blobs below a directory of this machine, made when it is not there."""
    keeper = DiskKeeper(root)
    return Blobs(LocalStore(root), keeper)


def in_s3(url: str, *, endpoint: str = "", region: str = "", access: tuple[str, str] | None = None) -> Blobs:
    """Blobs in an S3 store: ``s3://bucket/prefix``; ``access`` is key id and secret, else those of the machine."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    config: S3Config = {"region": region or "us-east-1"}
    if endpoint:
        config["endpoint"] = endpoint
    if access:
        config["access_key_id"], config["secret_access_key"] = access
    options: ClientConfig = {"allow_http": endpoint.startswith("http://")}
    retry: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
    store = S3Store(bucket, prefix=prefix or None, config=config, client_options=options, retry_config=retry)
    return Blobs(store, BucketKeeper(store))


class BucketKeeper:
    """Keeps blobs in an object store, several uploads at once; what it confirms is durable there."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put_many(self, blobs: Iterable[Blob]) -> None:
        """Create each that is not there."""
        with ThreadPoolExecutor(_AT_ONCE) as uploads:
            list(uploads.map(self._create, blobs))

    def forget(self, name: str) -> None:
        """Delete it; a store says yes also when there is none."""
        with suppress(FileNotFoundError):
            obstore.delete(self._store, key(name))

    def like(self, beginning: str) -> list[str]:
        """Those in its folder that begin so."""
        found = obstore.list_with_delimiter(self._store, beginning[:2])["objects"]
        names = (each["path"].rpartition("/")[2] for each in found)
        return sorted(name for name in names if name.startswith(beginning))

    def _create(self, blob: Blob) -> None:
        octets, sha256 = blob
        with _away_told():
            try:
                obstore.put(self._store, key(sha256), octets, mode="create")
            except AlreadyExistsError:
                return


@contextmanager
def _away_told() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        raise BlobsAway("the object store does not answer") from error
    except OSError as error:  # a full disk is our trouble, not the mail's
        raise BlobsAway(f"the disk does not take it: {error.strerror}") from error
