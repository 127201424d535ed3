"""Names of files in archives: which letters their octets are, and which part of them is a name.

Promises:  a name for people: NFC, one line, without folders, drives, controls and hidden marks of direction. Octets
           without a charset are read as whatever makes the most Vietnamese syllables of them: UTF-8, an old alphabet,
           Windows-1258, or the letters of DOS (cp437, cp850) for the rest of Europe.
Never:     lets a name lead anywhere: "..", a root, a drive and a stream are not part of it.
Fails:     never.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mailmap.lettering.alphabets import ALPHABETS
from mailmap.lettering.evidence import ABBREVIATIONS
from mailmap.lettering.syllable import is_syllable
from mailmap.mail import charset
from mailmap.mail.parameters import file_name

MAX_PATH = 4_096  # octets of a path that are read
MAX_FOLDERS = 16
WORD = re.compile(r"[^\W\d_]+")
DRIVE = re.compile(r"\A[A-Za-z]:(?=[/\\])")
STREAM = re.compile(r":(?:Zone\.Identifier|[^:]*:\$DATA)\Z", re.IGNORECASE)
NOWHERE = frozenset({"", ".", ".."})
NOISE = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
DOS = ("cp437", "cp850")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stood in its archive, for people: its name, None when it has none, and its folders."""

    name: str | None
    folder: str = ""


def placed(path: str) -> Place:
    """The place a path means; a path that climbs or starts at a root means what is left of it."""
    *folders, last = re.split(r"[/\\]+", DRIVE.sub("", path[:MAX_PATH].replace("\0", "_")))
    clean = [each for folder in folders if folder.strip() not in NOWHERE and (each := file_name(folder, []))]
    name = file_name(STREAM.sub("", last), []) if last.strip() not in NOWHERE else None
    return Place(name, "/".join(clean[-MAX_FOLDERS:]))


def is_noise(path: str) -> bool:
    """Whether a path is what systems leave in archives for themselves."""
    return NOISE.search(path) is not None


def read_path(octets: bytes, *, utf8: bool = False) -> str:
    """A path as text; ``utf8``: the archive says that it is."""
    octets = octets[:MAX_PATH]
    if octets.isascii():
        return octets.decode("ascii")
    if utf8 or charset.is_utf8(octets):
        return unicodedata.normalize("NFC", _once(octets.decode("utf-8", "replace")))
    return unicodedata.normalize("NFC", min(_readings(octets), key=_strangeness))


def _readings(octets: bytes) -> Iterator[str]:
    """What the octets may be; of equally good readings the first counts."""
    words = re.sub(rb"[_-]", b" ", octets)  # words are told by the blanks between them
    read = charset.guess(words, [])
    yield _with_signs(read, octets.decode("latin-1")) if len(read) == len(octets) else read
    yield unicodedata.normalize("NFC", octets.decode("cp1258", "replace"))
    for codec in DOS:
        yield octets.decode(codec)
    for alphabet in ALPHABETS:
        yield alphabet.whole(octets.decode("latin-1"))


def _with_signs(read: str, stored: str) -> str:
    """The text with its own signs where blanks had stood for them."""
    return "".join(sign if sign in "_-" else new for sign, new in zip(stored, read, strict=True))


def _once(text: str) -> str:
    """UTF-8 that a packer took for the letters of DOS and encoded again, as it was before."""
    try:
        stored = text.encode("cp437")
    except UnicodeEncodeError:
        return charset.readable(text, [])
    return stored.decode("utf-8") if not text.isascii() and charset.is_utf8(stored) else charset.readable(text, [])


def _strangeness(text: str) -> int:
    """How little a text looks like a name in Vietnamese, or else in any language."""
    words = [word for word in WORD.findall(text) if not word.isascii()]
    syllables = sum(is_syllable(word) or word in ABBREVIATIONS for word in words)
    signs = sum(not (each.isascii() or each.isalpha()) for each in text)
    return len(words) - 3 * syllables + 2 * signs
