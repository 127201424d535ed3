"""The arguments of MAIL and RCPT: paths and parameters, from text to nouns.

Promises:  what is returned is whole and printable; DSN parameters keep their case and come out of xtext (RFC 3461
           section 4, RFC 6533 section 3); quoted local parts, address literals and source routes are understood
           (RFC 5321 section 4.1.2; the route is dropped, as section 3.3 asks).
Never:     decides whether a sender or a recipient is welcome.
Fails:     with the Reply that tells the peer what is wrong, as a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway import replies
from gateway.replies import Reply
from mailmap.mail.envelope import ForwardPath, Notify, Return
from storage.trouble import Permanent

LONGEST_ADDRESS = 320  # octets: 64 of local part, '@', 255 of domain (RFC 5321 section 4.5.3.1)
LONGEST_ENVID = 100  # characters (RFC 3461 section 4.4)
LONGEST_ORCPT = 500  # characters (RFC 3461 section 4.2)

_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff"
_LOCAL = rf'(?:[{_ATEXT}][{_ATEXT}.]*|"(?:[^"\\]|\\.)*")'
_DOMAIN = r"(?:[A-Za-z0-9_\u0080-\U0010ffff][A-Za-z0-9._\-\u0080-\U0010ffff]*|\[[A-Za-z0-9.:]+\])"
_ADDRESS = rf"{_LOCAL}@{_DOMAIN}"
_BRACKETED = re.compile(rf"<(?:@[^<>\s:]+:)?({_ADDRESS}|(?i:postmaster))?>(?: +(.*))?")
_BARE = re.compile(rf"({_ADDRESS})(?: +(.*))?")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^=\s]+))?")
_XTEXT = re.compile(r"(?:[!-*,-<>-~\u0080-\U0010ffff]|\+[0-9A-F]{2})+")
_ESCAPED = re.compile(rb"\+([0-9A-F]{2})")
_ADDRESS_TYPE = re.compile(r"[A-Za-z0-9-]+")
_ON_REQUEST = frozenset({Notify.SUCCESS, Notify.FAILURE, Notify.DELAY})

Parameters = Mapping[str, str | None]


class Refused(Permanent):
    """An argument is wrong; ``reply`` says how."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class ReversePath:
    """One MAIL command: the sender (None for the null sender), its announced size in octets, its DSN parameters."""

    address: str | None
    size: int = 0
    ret: Return | None = None
    envid: str | None = None
    smtputf8: bool = False


def reverse_path(argument: str, *, extended: bool) -> ReversePath | Reply:
    """What a MAIL command says; ``extended`` tells whether the peer said EHLO and may use parameters."""
    try:
        address, rest = _path(argument, "FROM:", replies.MAIL_SYNTAX, replies.BAD_SENDER)
        if address is not None and "@" not in address:
            return replies.BAD_SENDER
        parameters = _parameters(rest, _MAIL, replies.MAIL_SYNTAX, extended=extended)
        return _reverse_path(address, parameters)
    except Refused as refused:
        return refused.reply


def forward_path(argument: str, *, extended: bool, smtputf8: bool) -> ForwardPath | Reply:
    """What a RCPT command says; the address of ``<postmaster>`` has no domain."""
    try:
        address, rest = _path(argument, "TO:", replies.RCPT_SYNTAX, replies.BAD_RECIPIENT)
        if address is None:
            return replies.BAD_RECIPIENT
        parameters = _parameters(rest, _RCPT, replies.RCPT_SYNTAX, extended=extended)
        if not smtputf8 and not argument.isascii():
            return replies.UTF8_NEEDED
        notify, orcpt = parameters.get("NOTIFY"), parameters.get("ORCPT")
        return ForwardPath(address, _notify(notify) if notify else frozenset(), _orcpt(orcpt) if orcpt else None)
    except Refused as refused:
        return refused.reply


def _path(argument: str, keyword: str, syntax: Reply, malformed: Reply) -> tuple[str | None, str]:
    if argument[: len(keyword)].upper() != keyword:
        raise Refused(syntax)
    path = argument[len(keyword) :].strip()
    found = (_BRACKETED if path.startswith("<") else _BARE).fullmatch(path)
    if found is None:
        raise Refused(malformed if path else syntax)
    address: str | None = found[1]
    if address is not None and len(address.encode()) > LONGEST_ADDRESS:
        raise Refused(malformed)
    return address, found[2] or ""


def _parameters(rest: str, known: Mapping[str, _Check], syntax: Reply, *, extended: bool) -> Parameters:
    if rest and not extended:
        raise Refused(syntax)
    given: dict[str, str | None] = {}
    for word in rest.split():
        found = _PARAMETER.fullmatch(word)
        name = found[1].upper() if found else ""
        if found is None or name not in known:
            raise Refused(replies.UNKNOWN_PARAMETER)
        if name in given or not known[name](found[2]):
            raise Refused(replies.BAD_BODY if name == "BODY" else replies.BAD_PARAMETER)
        given[name] = found[2]
    return given


def _reverse_path(address: str | None, parameters: Parameters) -> ReversePath:
    smtputf8 = "SMTPUTF8" in parameters
    if address is not None and not smtputf8 and not address.isascii():
        raise Refused(replies.UTF8_NEEDED)
    ret, envid = parameters.get("RET"), parameters.get("ENVID")
    return ReversePath(
        address,
        int(parameters.get("SIZE") or 0),
        Return(ret.upper()) if ret else None,
        _from_xtext(envid) if envid else None,
        smtputf8,
    )


def _notify(value: str) -> frozenset[Notify]:
    names = value.upper().split(",")
    if names == [Notify.NEVER]:
        return frozenset({Notify.NEVER})
    if not _ON_REQUEST.issuperset(names):
        raise Refused(replies.BAD_PARAMETER)
    return frozenset(map(Notify, names))


def _orcpt(value: str) -> str:
    address_type, semicolon, address = value.partition(";")
    if not semicolon or not _ADDRESS_TYPE.fullmatch(address_type):
        raise Refused(replies.BAD_PARAMETER)
    return f"{address_type};{_from_xtext(address)}"


def _from_xtext(text: str) -> str:
    """Decoded xtext; refused when something unprintable comes out, since reports repeat it in header fields."""
    decoded = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), text.encode()).decode(errors="replace")
    if not _XTEXT.fullmatch(text) or not decoded.isprintable():
        raise Refused(replies.BAD_PARAMETER)
    return decoded


_Check = Callable[[str | None], bool]


def _is_number(value: str | None) -> bool:
    return value is not None and value.isascii() and value.isdigit() and len(value) <= 20  # noqa: PLR2004 - RFC 1870


def _is_short(limit: int) -> _Check:
    return lambda value: value is not None and len(value) <= limit


def _is_one_of(*words: str) -> _Check:
    return lambda value: value is not None and value.upper() in words


_MAIL: Mapping[str, _Check] = {
    "SIZE": _is_number,
    "BODY": _is_one_of("7BIT", "8BITMIME"),
    "SMTPUTF8": lambda value: value is None,
    "AUTH": _is_short(LONGEST_ORCPT),  # RFC 4954 section 5: taken from everybody, believed from nobody
    "RET": _is_one_of(*Return),
    "ENVID": _is_short(LONGEST_ENVID),
}
_RCPT: Mapping[str, _Check] = {"NOTIFY": _is_short(LONGEST_ENVID), "ORCPT": _is_short(LONGEST_ORCPT)}
