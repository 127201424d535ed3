"""Delivery reports of our own: what became of one recipient, for machines (RFC 3464) and for people.

Promises:  the recipient, ENVID and ORCPT come back as the sender gave them; RET decides how much of the mail returns
           (the header alone unless FULL was asked for and the mail failed, RFC 3461 section 4.3).
Never:     8-bit octets: what is not 7-bit travels in base64 as message/global (RFC 6533 section 3).
"""

from __future__ import annotations

import re
from datetime import datetime

from mailmap.mail.envelope import Notify, Return
from mailmap.mail.report import Action
from mailmap.writing import headers, parts
from mailmap.writing.blocks import line
from mailmap.writing.letter import Asked, Fate

# Which word of NOTIFY asks for which report (RFC 3461 section 4.1).
_ASKED_BY = {Action.FAILED: Notify.FAILURE, Action.DELAYED: Notify.DELAY}
_LONGEST_LINE = 998  # RFC 5322 section 2.1.1
_SMTP = re.compile(r"(?:(\S+): )?([245]\d\d\b.*)", re.DOTALL)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def wanted(asked: Asked | None, action: Action) -> bool:
    """Whether the sender wants to be told: NEVER is never, and no NOTIFY at all is failure and delay."""
    if asked is None:
        return action is not Action.RELAYED
    word = _ASKED_BY.get(action, Notify.SUCCESS)
    return word in asked.notify or (not asked.notify and word is not Notify.SUCCESS)


def status_part(host: str, asked: Asked, fate: Fate) -> bytes:
    """The message/delivery-status part (RFC 3464 section 2)."""
    per_message = [("Reporting-MTA", f"dns; {host}")]
    per_message += [("Original-Envelope-Id", asked.envid)] if asked.envid else []
    per_message += [("Arrival-Date", _moment(fate.arrived_at))] if fate.arrived_at else []
    per_recipient = [("Original-Recipient", asked.orcpt)] if asked.orcpt else []
    per_recipient += [
        ("Final-Recipient", f"{_address_type(asked.recipient)}; {asked.recipient}"),
        ("Action", fate.action),
        ("Status", fate.status or ("5.0.0" if fate.action == Action.FAILED else "2.0.0")),
    ]
    per_recipient += _said(fate.peer)
    per_recipient += [("Last-Attempt-Date", _moment(fate.at))] if fate.at else []
    per_recipient += [("Will-Retry-Until", _moment(fate.retried_until))] if fate.retried_until else []
    body = "\r\n".join([*_fields(per_message), "", *_fields(per_recipient), ""])
    head = headers.field("Content-Type", ["message/delivery-status"])
    return head + b"\r\n" + body.encode("ascii", "replace")


def returned_part(asked: Asked, fate: Fate, mail: bytes) -> bytes:
    """The mail this is about, or its header, as the third part (RFC 6522 section 3); ``mail`` is its raw octets."""
    whole = asked.ret == Return.FULL and fate.action == Action.FAILED
    content = _crlf(mail if whole else _head(mail))
    plain = content.isascii() and b"\0" not in content
    if plain and max(map(len, content.split(b"\r\n"))) <= _LONGEST_LINE:
        kind = "message/rfc822" if whole else "text/rfc822-headers"
        return headers.field("Content-Type", [kind]) + b"\r\n" + content
    kind = "message/global" if whole else "message/global-headers"
    head = headers.field("Content-Type", [kind]) + b"Content-Transfer-Encoding: base64\r\n\r\n"
    return head + parts.base64(content)


def _said(peer: str) -> list[tuple[str, str]]:
    """The peer's words: an SMTP reply and who said it, or words of another kind (RFC 3464 sections 2.3.5 and 2.3.6)."""
    reply = _SMTP.fullmatch(peer)
    if reply is None:
        return [("Diagnostic-Code", f"x-lienthong; {peer}")] if peer else []
    remote = [("Remote-MTA", f"dns; {reply[1]}")] if reply[1] else []
    return [*remote, ("Diagnostic-Code", f"smtp; {reply[2]}")]


def _fields(named: list[tuple[str, str]]) -> list[str]:
    return [headers.field(name, line(text).split(" ")).decode("utf-8").removesuffix("\r\n") for name, text in named]


def _moment(iso: str) -> str:
    return headers.date(datetime.fromisoformat(iso)).decode("ascii").partition(":")[2].strip()


def _address_type(address: str) -> str:
    return "rfc822" if address.isascii() else "utf-8"


def _head(mail: bytes) -> bytes:
    end = _HEAD_END.search(mail)
    return mail[: end.start()] + b"\r\n" if end else mail


def _crlf(octets: bytes) -> bytes:
    return b"\r\n".join(octets.splitlines()) + b"\r\n"
