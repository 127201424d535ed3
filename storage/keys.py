"""The keys of one gateway, in one file outside the database.

Promises:  ``create`` never overwrites; ``load`` gives what ``create`` and ``rotate`` wrote; the file is readable by its
           owner alone; every change replaces the file whole (written aside, fsynced, renamed).
Never:     shows a key in an exception, a repr or a log.
Fails:     NoKeys when the file is missing or unreadable, BadKeys when it is damaged, OSError when it cannot be written.

Losing this file makes every private field of the journal unreadable for ever: keep a copy in a second, safe place.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from storage.trouble import Permanent

OCTETS = 32
VERSION = 1


class NoKeys(Permanent):
    """There is no key file; ``lienthong keys init`` makes one."""


class BadKeys(Permanent):
    """The key file is damaged; put its safe copy in its place."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Master keys by id (AES-256; ``current`` wraps new document keys), and the keys of tokens, codes and digests."""

    current: str
    masters: Mapping[str, bytes] = field(repr=False)
    token_key: bytes = field(repr=False)
    tracking_key: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def master(self) -> bytes:
        """The master key that wraps new document keys."""
        return self.masters[self.current]

    @classmethod
    def fresh(cls) -> Keys:
        """New keys from the system's source of randomness."""
        token, tracking, salt = (secrets.token_bytes(OCTETS) for _ in range(3))
        return cls("1", {"1": secrets.token_bytes(OCTETS)}, token, tracking, salt)

    @classmethod
    def create(cls, path: Path) -> Keys:
        """Make the file with new keys; FileExistsError when there is one already, also when it was made just now."""
        keys = cls.fresh()
        aside = _aside(keys, path)
        try:
            os.link(aside, path)  # unlike a rename it never takes another file's place
        finally:
            aside.unlink()
        _sync(path.parent)
        return keys

    @classmethod
    def load(cls, path: Path) -> Keys:
        """The keys in the file."""
        try:
            text = path.read_text("ascii")
        except OSError as error:
            raise NoKeys(f"{path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise BadKeys(f"{path} is not a key file") from error
        return _read(text, path)

    def rotated(self) -> Keys:
        """The same with a new current master key; old ones stay, to unwrap what they wrapped."""
        following = str(max(map(int, self.masters)) + 1)
        return replace(self, current=following, masters={**self.masters, following: secrets.token_bytes(OCTETS)})

    def write(self, path: Path) -> None:
        """Put these keys in the file, whole and durable, for the owner's eyes only."""
        _aside(self, path).replace(path)
        _sync(path.parent)

    def record(self) -> dict[str, object]:
        """What stands in the file."""
        return {
            "version": VERSION,
            "current": self.current,
            "masters": {name: _text(key) for name, key in self.masters.items()},
            "token_key": _text(self.token_key),
            "tracking_key": _text(self.tracking_key),
            "salt": _text(self.salt),
        }


def _read(text: str, path: Path) -> Keys:
    try:
        record = json.loads(text)
        masters = {name: _octets(key) for name, key in record["masters"].items()}
        token, tracking, salt = (_octets(record[name]) for name in ("token_key", "tracking_key", "salt"))
        if record["version"] != VERSION or record["current"] not in masters:
            raise BadKeys(f"{path} was not written by this program")
    except (KeyError, TypeError, AttributeError, ValueError, BadBase64):
        raise BadKeys(f"{path} is not a whole key file") from None  # the cause could quote a key
    return Keys(record["current"], masters, token, tracking, salt)


def _aside(keys: Keys, path: Path) -> Path:
    """The keys in a file beside ``path``, durable but not yet in its place."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(keys.record(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return aside


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(key: bytes) -> str:
    return b64encode(key).decode("ascii")


def _octets(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != OCTETS:
        raise ValueError("a key has 32 octets")
    return key
