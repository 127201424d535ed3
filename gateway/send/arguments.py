"""What the sink takes behind MAIL and RCPT, and in which words it refuses the rest.

Promises:  takes and refuses what Postfix does, with its codes; an option counts only where its extension was offered.
Never:     knows an address; looks at the content.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})+"  # RFC 3461 section 4
_REPORTS = r"(?:SUCCESS|FAILURE|DELAY)"
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


@dataclass(frozen=True, slots=True)
class Option:
    """The extension that brings it, and the shape of its value ('' for none)."""

    extension: str
    value: str


_MAIL: Mapping[str, Option] = {
    "SIZE": Option("SIZE", r"\d{1,20}"),
    "BODY": Option("8BITMIME", "7BIT|8BITMIME"),
    "SMTPUTF8": Option("SMTPUTF8", ""),
    "RET": Option("DSN", "FULL|HDRS"),
    "ENVID": Option("DSN", _XTEXT),
}
_RCPT: Mapping[str, Option] = {
    "NOTIFY": Option("DSN", f"NEVER|{_REPORTS}(?:,{_REPORTS})*"),
    "ORCPT": Option("DSN", f"[A-Za-z0-9-]+;{_XTEXT}"),
}


class Refused(Exception):
    """The argument is not taken; the text is the reply."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A path without its brackets ('' is the null sender) and the options behind it."""

    path: str
    options: Mapping[str, str]


def mail(line: str, offers: Collection[str], limit: int) -> Argument:
    """A MAIL command; ``limit`` is the largest mail in octets, 0 for none. Refused for what Postfix would refuse."""
    argument = _argument(line, "FROM", _MAIL, offers)
    if argument.path and not _ADDRESS.fullmatch(argument.path):
        raise Refused("501 5.1.7 Bad sender address syntax")
    if 0 < limit < int(argument.options.get("SIZE", "0")):
        raise Refused("552 5.3.4 Message size exceeds fixed limit")
    return argument


def rcpt(line: str, offers: Collection[str]) -> Argument:
    """A RCPT command; Refused for what Postfix would refuse."""
    argument = _argument(line, "TO", _RCPT, offers)
    if not _ADDRESS.fullmatch(argument.path):
        raise Refused("501 5.1.3 Bad recipient address syntax")
    return argument


def _argument(line: str, word: str, known: Mapping[str, Option], offers: Collection[str]) -> Argument:
    found = re.fullmatch(rf"\S+ {word}:(\S+)(?: +(.*))?", line, re.IGNORECASE)
    if found is None:
        raise Refused(f"501 5.5.4 Syntax: {line.split(' ', maxsplit=1)[0].upper()} {word}:<address>")
    options = {}
    for each in (found[2] or "").split():
        name, _, value = each.partition("=")
        option = known.get(name.upper())
        if option is None or option.extension not in offers:
            raise Refused(f"555 5.5.4 Unsupported option: {each}")
        if not re.fullmatch(option.value, value, re.IGNORECASE):
            raise Refused(f"501 5.5.4 Error: Bad {name.upper()} parameter syntax")
        options[name.upper()] = value
    path: str = found[1]
    return Argument(path[1:-1] if path.startswith("<") and path.endswith(">") else path, options)
