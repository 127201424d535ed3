"""Header values as people read them: RFC 2047 encoded words, and the many ways they are written wrong.

Promises:  one line of clean text (see ``charset.clean``) for every value. Words split inside a letter or inside four
           base64 characters are joined before they are decoded; raw 8-bit values are read as UTF-8, an old Vietnamese
           alphabet, Windows-1258 or Windows-1252, whichever holds.
Never:     takes more than linear time in the length of the value.
Fails:     never; oddities are added to ``defects``.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from mailmap.mail import charset
from mailmap.mail.transfer import lenient_base64

MAX_VALUE = 65_536  # octets of one field that are read as text

OPENING = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?")
TWICE = re.compile(r"=\?[^?\s]{1,64}\?[bBqQ]\?[!->@-~]*\?=")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of a value: an encoded word (charset label, "b" or "q", its text), or plain text (charset None)."""

    charset: str | None
    encoding: str
    text: str


def readable(value: bytes, defects: list[str]) -> str:
    """A whole unstructured value (RFC 5322 section 3.2.5) as one line of text."""
    return decode_words(raw_text(value, defects), defects)


def raw_text(value: bytes, defects: list[str]) -> str:
    """The value as characters, its encoded words still encoded."""
    if len(value) > MAX_VALUE:
        defects.append(f"header field longer than {MAX_VALUE} octets, cut there")
        value = value[:MAX_VALUE]
    if value.isascii() and b"\x1b$" not in value:
        return value.decode("ascii")
    if not charset.is_utf8(value):  # UTF-8 is allowed there (RFC 6532)
        defects.append("a header field that is neither ASCII nor UTF-8")
    return charset.guess(value, defects)


def decode_words(text: str, defects: list[str]) -> str:
    """The text with its encoded words decoded, blanks collapsed."""
    if "=?" in text:
        text = "".join(_decoded(_without_gaps(_words(text, defects)), defects))
        if TWICE.fullmatch(text):  # a program encoded what was encoded already
            text = "".join(_decoded(_words(text, defects), defects))
    return one_line(text if text.isascii() else charset.readable(text, defects))


def one_line(text: str) -> str:
    """Clean text on one line: each run of blanks and line ends is one blank."""
    return BLANKS.sub(" ", charset.clean(text)).strip()


def _words(text: str, defects: list[str]) -> Iterator[Word]:
    """The value cut into plain runs and encoded words; a word without an end reaches to the next blank."""
    position = 0
    for opening in OPENING.finditer(text):
        if opening.start() < position:
            continue
        close = text.find("?=", opening.end())
        if close < 0:
            defects.append("an encoded word without an end")
            blank = BLANKS.search(text, opening.end())
            close = blank.start() if blank else len(text)
        yield Word(None, "", text[position : opening.start()])
        yield Word(opening[1].partition("*")[0].lower(), opening[2].lower(), text[opening.end() : close])
        position = close + 2 if text.startswith("?=", close) else close
    yield Word(None, "", text[position:])


def _without_gaps(words: Iterable[Word]) -> Iterator[Word]:
    """Drops the blanks between two encoded words (RFC 2047 section 6.2)."""
    held: Word | None = None
    after_word = False
    for word in words:
        if word.charset is None:
            held = word
            continue
        if held is not None and (held.text.strip() or not after_word):
            yield held
        yield word
        held, after_word = None, True
    if held is not None:
        yield held


def _decoded(words: Iterable[Word], defects: list[str]) -> Iterator[str]:
    for label, run in groupby(words, key=lambda word: word.charset):
        if label is None:
            yield "".join(word.text for word in run)
        else:
            yield charset.decode(_octets(list(run)), label, defects)


def _octets(run: list[Word]) -> bytes:
    """The octets of neighbouring words of one charset, joined so that no letter is split."""
    if all(word.encoding == "b" for word in run) and any(_unfinished(word) for word in run[:-1]):
        return lenient_base64("".join(word.text for word in run).encode())
    return b"".join(_word_octets(word) for word in run)


def _unfinished(word: Word) -> bool:
    return "=" not in word.text and len(word.text) % 4 != 0


def _word_octets(word: Word) -> bytes:
    octets = word.text.encode("utf-8", "replace")
    return lenient_base64(octets) if word.encoding == "b" else binascii.a2b_qp(octets, header=True)
