"""Header fields of the mails we write: folded, encoded, 7-bit.

Promises:  lines of at most 76 octets wherever a word allows it, 7-bit, ended by CRLF; encoded words of at most 75
           octets, each whole by itself and never cut inside a letter (RFC 2047 section 5); the same input gives the
           same octets.
Never:     lets a value end its line: whatever controls the text held are spaces in the field.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

LINE = 76
WORD = 75  # RFC 2047 section 2
LONGEST = 60  # longer words of plain text are encoded too, because a line cannot be folded inside them
SAIGON = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh, without summer time since 1975
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLAIN = re.compile(r"[ -~]*", re.ASCII)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+", re.ASCII)
_ENCODED_OCTETS = (WORD - len("=?utf-8?b??=")) // 4 * 3
_ATTRIBUTE_LETTERS = "!#$&+-.^_`|~"  # RFC 2231 section 7: what needs no percent sign, beside letters and digits
_WORDS = re.compile(r"[^ ]* |[^ ]+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def field(name: str, words: Sequence[str]) -> bytes:
    """One field from words already 7-bit; folded between words, and only there (RFC 5322 section 2.2.3)."""
    line, lines = f"{name}:", []
    for word in words:
        if line and len(line) + 1 + len(word) > LINE and not line.endswith(":"):
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return ("\r\n".join([*lines, line]) + "\r\n").encode("ascii")


def unstructured(name: str, text: str) -> bytes:
    """A field of free text such as Subject (RFC 5322 section 3.6.5, RFC 2047)."""
    return field(name, phrase(text, first=len(name) + 2) if not _is_plain(text) else _one_line(text).split(" "))


def mailbox(name: str, display: str, address: str) -> bytes:
    """A field with one mailbox: a display name in any script and an address (RFC 5322 section 3.4)."""
    text = _one_line(display)
    if not text:
        return field(name, [f"<{address}>"])
    if not _is_plain(text):
        words = phrase(text, first=len(name) + 2)
    elif _ATOMS.fullmatch(text):
        words = text.split(" ")
    else:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        words = f'"{escaped}"'.split(" ")
    return field(name, [*words, f"<{address}>"])


def phrase(text: str, first: int = 0) -> list[str]:
    """Encoded words for ``text``, cut behind spaces where there are any; some readers show a space at every cut.

    The first leaves room for ``first`` octets before it on its line.
    """
    words: list[str] = []
    piece = b""
    room = _ENCODED_OCTETS - -(-max(first - (LINE - WORD), 0) // 4) * 3
    for unit in _units(_one_line(text)):
        if piece and len(piece) + len(unit) > room:
            words.append(_word(piece))
            piece, room = b"", _ENCODED_OCTETS
        piece += unit
    return [*words, _word(piece)] if piece else words


def letters(text: str) -> Iterator[str]:
    """The letters of a text: each character with the marks that combine with it."""
    letter = ""
    for character in text:
        if letter and (not unicodedata.combining(character) or len(letter) > 8):  # noqa: PLR2004 no script needs more
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def parameter(name: str, value: str) -> list[str]:
    """A parameter in plain ASCII and, where that loses something, in UTF-8 too (RFC 2231 sections 3 and 4)."""
    text = _one_line(value)
    bare = _shortened(without_marks(text))
    escaped = bare.replace("\\", "_").replace('"', "'")
    words = [f'{name}="{escaped}"']
    return words if bare == text else [*_extended(name, text), *words]  # readers that know only one take the first


def without_marks(text: str) -> str:
    """The nearest ASCII spelling: Vietnamese letters lose their marks, anything else becomes '_'."""
    flat = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    kept = (c for c in flat if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" else "_" for c in kept)


def date(moment: datetime) -> bytes:
    """The Date field, in Vietnamese time (RFC 5322 section 3.3)."""
    at = moment.astimezone(SAIGON)
    day = f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at.year:04d}"
    return field("Date", [day, f"{at:%H:%M:%S} +0700"])


def _extended(name: str, text: str) -> list[str]:
    tokens = [quote(letter, safe=_ATTRIBUTE_LETTERS) for letter in letters(text)]
    whole = f"{name}*=utf-8''{''.join(tokens)}"
    if len(whole) < LINE - 1:
        return [whole]
    pieces, piece = [], "utf-8''"
    for token in tokens:
        if len(piece) + len(token) + len(name) + len("*00*=;") >= LINE:
            pieces.append(piece)
            piece = ""
        piece += token
    pieces.append(piece)
    return [f"{name}*{number}*={piece}" for number, piece in enumerate(pieces)]


def _shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= LONGEST or len(dot + ending) > LONGEST // 4:
        return name[:LONGEST]
    return stem[: LONGEST - len(dot + ending)] + dot + ending


def _units(text: str) -> Iterator[bytes]:
    """What is not cut: words with the space behind them, or the letters of words that are too long."""
    for word in _WORDS.findall(text):
        octets = word.encode("utf-8", "replace")
        if len(octets) <= _ENCODED_OCTETS // 2:
            yield octets
        else:
            yield from (letter.encode("utf-8", "replace") for letter in letters(word))


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(octets, newline=False).decode('ascii')}?="


def _one_line(text: str) -> str:
    return _UNSEEN.sub(" ", text).strip()


def _is_plain(text: str) -> bool:
    line = _one_line(text)
    short = all(0 < len(word) <= LONGEST for word in line.split(" "))
    return short and _PLAIN.fullmatch(line) is not None and "=?" not in line
