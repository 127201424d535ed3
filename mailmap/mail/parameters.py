"""Content-Type and Content-Disposition: a value and its parameters (RFC 2045, RFC 2183, RFC 2231).

Promises:  names in lower case, values decoded and clean: RFC 2231 sections and charsets, encoded words, raw 8-bit,
           missing quotes, quotes inside quotes, percent signs without a star.
Never:     reads more than ``MAX_VALUE`` octets or ``MAX_PARAMETERS`` parameters.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_to_bytes

from mailmap.mail import charset
from mailmap.mail.words import BLANKS, decode_words, one_line, raw_text

MAX_VALUE = 8_192
MAX_PARAMETERS = 100
MAX_NAME = 200  # characters of a file name; file systems stop at 255 octets

HEAD = re.compile(r" ?([^ ;=\"]*)")
PARAMETER = re.compile(r"[; ] ?([^ =;\"]{1,40}) ?= ?(\")?")
CLOSING = re.compile(r"(?<!\\)\" ?(?=;|$)")  # the quote that closes, not one inside the value
SECTION = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?")
PERCENT = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SYMBOL = re.compile(r"\d+/[0-9A-ZĐ]")  # "12/CV-UBND.pdf" is a number and a notation, not a folder


@dataclass(frozen=True, slots=True)
class Parameterised:
    """The value before the first semicolon, lower case, and the parameters behind it."""

    value: str
    parameters: Mapping[str, str]


def read_parameters(value: bytes | None, defects: list[str]) -> Parameterised:
    """A structured value with parameters; a missing field is an empty value."""
    if value is None:
        return Parameterised("", {})
    if len(value) > MAX_VALUE:
        defects.append(f"header field longer than {MAX_VALUE} octets, cut there")
    text = BLANKS.sub(" ", raw_text(value[:MAX_VALUE], defects))
    head = HEAD.match(text)
    found = list(islice(_pairs(text, head.end() if head else 0), MAX_PARAMETERS + 1))
    if len(found) > MAX_PARAMETERS:
        defects.append(f"more than {MAX_PARAMETERS} parameters, the rest was not read")
    return Parameterised(head[1].lower() if head else "", _joined(found[:MAX_PARAMETERS], defects))


def file_name(text: str, defects: list[str]) -> str | None:
    """A name without folders, direction marks and control characters, at most ``MAX_NAME`` long, or None."""
    plain = DIRECTION.sub("", text)
    if plain != text:
        defects.append("an attachment name with hidden direction marks")
    if SYMBOL.search(plain) and "\\" not in plain and not plain.startswith(("/", ".")):
        plain = plain.replace("/", "-")
    name = re.split(r"[/\\]", one_line(plain.replace("\ufffd", "_")))[-1].strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > MAX_NAME:
        name = f"{stem[: MAX_NAME - 20]}{dot}{ending[:19]}" if dot else name[:MAX_NAME]
    return name or None


def _pairs(text: str, position: int) -> Iterator[tuple[str, str]]:
    """Names and values as written; a value whose quote never closes reaches to the next semicolon."""
    closable = True
    while match := PARAMETER.search(text, position):
        closing = CLOSING.search(text, match.end()) if match[2] and closable else None
        closable = closable and not (match[2] and closing is None)
        if closing:
            yield match[1].lower(), text[match.end() : closing.start()]
            position = closing.end()
        else:
            position = (text.find(";", match.end()) + 1 or len(text) + 1) - 1
            yield match[1].lower(), text[match.end() : position].strip()


def _joined(found: list[tuple[str, str]], defects: list[str]) -> dict[str, str]:
    """Sections put together; the first of two equal names counts, one with a star before one without."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, value in found:
        match = SECTION.fullmatch(name)
        if match and (match[2] or match[3]):
            sections.setdefault(match[1], {}).setdefault(int(match[2] or 0), (match[3] is not None, value))
        else:
            plain.setdefault(name, value)
    decoded = {name: _plain(value, defects) for name, value in plain.items()}
    return decoded | {name: _assembled(parts, defects) for name, parts in sections.items()}


def _plain(value: str, defects: list[str]) -> str:
    value = re.sub(r"\\([\"\\])", r"\1", value)
    if PERCENT.search(value) and "=?" not in value:
        octets = unquote_to_bytes(value)
        text = octets.decode("utf-8", "replace")
        return one_line(charset.readable(text, defects) if "\ufffd" not in text else value)
    return decode_words(value, defects)


def _assembled(parts: Mapping[int, tuple[bool, str]], defects: list[str]) -> str:
    """RFC 2231 section 4.1: ``charset'language'`` stands once, before the first section."""
    ordered = [parts[number] for number in sorted(parts)]
    encoded, first = ordered[0]
    label = None
    match = re.match(r"([^']{0,40})'[^']{0,20}'", first)
    if encoded and match:
        label, ordered[0] = match[1] or None, (True, first[match.end() :])
    if not any(star for star, _ in ordered):
        return decode_words("".join(text for _, text in ordered), defects)
    octets = b"".join(unquote_to_bytes(text) if star else text.encode("utf-8", "replace") for star, text in ordered)
    return decode_words(charset.decode(octets, label, defects), defects)
