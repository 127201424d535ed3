"""Outlook's mails as RFC 5322 octets: what a .msg and a winmail.dat say, so that one reader is enough for all mail.

Promises:  subject, author, recipients, date, thread, the text (plain, HTML, both; else from RTF) and the files under
           their long names. The header a mail came with is kept where Outlook kept it.
Never:     lets a value end its line; invents an address: a name without one stays a name.
Fails:     never.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.examine.containers.mapi import Properties, Tag, label, one_line
from gateway.examine.containers.naming import placed
from gateway.examine.containers.obstacles import Broken
from gateway.examine.containers.rtf import decompressed
from gateway.examine.rich import read_rtf
from mailmap.writing import headers, parts
from mailmap.writing.parts import Encoded, Piece

MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)
ADDRESS = re.compile(r"[!-;=?-~]{1,254}@[!-;=?-~]{1,254}|[^\s<>()\[\]\\,;:\"@]{1,254}@[^\s<>()\[\]\\,;:\"@]{1,254}")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>", re.ASCII)
FIELD = re.compile(r"[!-9;-~]{1,80}:")
OURS = re.compile(r"(?:content-[a-z-]+|mime-version|bcc):", re.IGNORECASE)
FIELDS = {1: "To", 2: "Cc", 3: "Bcc"}
MOST_REFERENCES = 100
MAIL = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Carried:
    """One file of a mail; a mail in a mail is a file of type message/rfc822."""

    name: str | None
    content: bytes = field(repr=False)
    type: str = ""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as its properties say it, its recipients, and its files."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    files: Sequence[Carried] = ()

    def octets(self) -> bytes:
        """The mail (RFC 5322, RFC 2045)."""
        pieces = (*self._header(), b"MIME-Version: 1.0\r\n", *self._body())
        return b"".join(each.base64 if isinstance(each, Encoded) else each for each in pieces)

    def around(self, entity: bytes) -> bytes:
        """The mail whose body, with its own Content-Type, is this MIME entity."""
        return b"".join(self._header()) + entity

    @property
    def subject(self) -> str:
        """The subject on one line."""
        whole = one_line(self.properties.text(Tag.SUBJECT).lstrip("\x01"))
        return re.sub(r"^\ufffd.", "", whole) or one_line(self.properties.text(Tag.NORMAL_SUBJECT))

    def has_text(self) -> bool:
        """Whether somebody wrote something."""
        return any(self._texts())

    def _header(self) -> Iterator[bytes]:
        kept = "".join(_kept(self.properties.text(Tag.HEADERS)))
        there = {line.partition(":")[0].lower() for line in kept.splitlines() if FIELD.match(line)}
        yield kept.encode("utf-8", "replace")
        for name, octets in self._fields():
            if name.lower() not in there:
                yield octets

    def _fields(self) -> Iterator[tuple[str, bytes]]:
        """The fields that the properties give."""
        said = self.properties
        if moment := said.moment(Tag.SUBMITTED) or said.moment(Tag.DELIVERED):
            yield "Date", headers.date(moment)
        if author := self._author():
            yield "From", b"From: " + author + b"\r\n"
        for number, name in FIELDS.items():
            boxes = [_mailbox(*_recipient(each)) for each in self.recipients if _type(each) == number]
            if boxes and number < 3:  # noqa: PLR2004  whom nobody was to see, nobody sees
                yield name, f"{name}: ".encode() + b",\r\n ".join(boxes) + b"\r\n"
        if not self.recipients:
            yield from self._displayed()
        yield "Subject", headers.unstructured("Subject", self.subject)
        for name, tag in (("Message-ID", Tag.MESSAGE_ID), ("In-Reply-To", Tag.IN_REPLY_TO)):
            if found := MESSAGE_ID.search(said.text(tag)):
                yield name, headers.field(name, [found[0]])
        if found_all := MESSAGE_ID.findall(said.text(Tag.REFERENCES))[-MOST_REFERENCES:]:
            yield "References", headers.field("References", found_all)

    def _displayed(self) -> Iterator[tuple[str, bytes]]:
        """The recipients as they were shown, where nothing better is known."""
        for name, tag in (("To", Tag.DISPLAY_TO), ("Cc", Tag.DISPLAY_CC)):
            shown = [each.strip() for each in self.properties.text(tag).split(";") if each.strip()]
            if shown:
                boxes = (_mailbox("" if "@" in each else each, each) for each in shown)
                yield name, f"{name}: ".encode() + b",\r\n ".join(boxes) + b"\r\n"

    def _author(self) -> bytes:
        said = self.properties
        name = said.text(Tag.REPRESENTING_NAME) or said.text(Tag.SENDER_NAME)
        wanted = (Tag.REPRESENTING_SMTP, Tag.REPRESENTING_ADDRESS, Tag.SENDER_SMTP, Tag.SENDER_ADDRESS)
        address = next((text for tag in wanted if ADDRESS.fullmatch(text := said.text(tag))), name)
        return _mailbox(name, address) if one_line(address) else b""

    def _body(self) -> tuple[Piece, ...]:
        texts = [[text] for text in self._texts()] or [[parts.text("text/plain", "")]]
        text = tuple(texts[0]) if len(texts) == 1 else parts.multipart("alternative", self._boundary("a"), texts)
        if not self.files:
            return text
        files = [_part(carried) for carried in self.files]
        return parts.multipart("mixed", self._boundary("m"), [text, *files])

    def _texts(self) -> Iterator[bytes]:
        """The text as it was written: plain, HTML, both; from RTF only when there is neither."""
        said = self.properties
        plain = said.text(Tag.BODY)
        html = said.octets(Tag.HTML)
        if plain.strip():
            yield parts.text("text/plain", plain)
        if html:
            yield _html(html, label(said.number(Tag.INTERNET_CODE_PAGE) or said.code_page))
        elif written := said.text(Tag.HTML):
            yield parts.text("text/html", written)
        elif not plain.strip() and (text := _from_rtf(said.octets(Tag.RTF))):
            yield parts.text("text/plain", text)

    def _boundary(self, level: str) -> str:
        """A boundary that no file can know beforehand: files that hold mails are not encoded."""
        seen = hashlib.sha256(level.encode())
        for carried in self.files:
            seen.update(carried.content)
        return f"=_lt{seen.hexdigest()[:32]}{level}"


def _kept(transport: str) -> Iterator[str]:
    """The lines of the header a mail came with, but for those that speak of how its body was wrapped."""
    keeping = False
    for line in transport.replace("\r\n", "\n").split("\n"):
        if line.startswith((" ", "\t")):
            pass_on = keeping
        else:
            pass_on = keeping = FIELD.match(line) is not None and not OURS.match(line)
        if pass_on and line.strip():
            yield f"{line}\r\n"


def _type(recipient: Properties) -> int:
    return (recipient.number(Tag.RECIPIENT_TYPE) or 1) & 0xF


def _recipient(said: Properties) -> tuple[str, str]:
    """Name and address of a recipient; inside Exchange only SMTP_ADDRESS is an address."""
    found = (text for tag in (Tag.SMTP_ADDRESS, Tag.EMAIL_ADDRESS) if ADDRESS.fullmatch(text := said.text(tag)))
    name = one_line(said.text(Tag.DISPLAY_NAME))
    return name, next(found, name)


def _mailbox(name: str, address: str) -> bytes:
    """One mailbox; without an address, the name and an empty one."""
    name = one_line(name)
    known = address if ADDRESS.fullmatch(address) else ""
    shown = "" if name == known else name
    field_ = headers.mailbox("X", shown, known.encode("ascii", "ignore").decode() if not known.isascii() else known)
    return field_[3:-2]


def _part(carried: Carried) -> tuple[Piece, ...]:
    name = placed(carried.name or "").name
    kind = carried.type.lower() if MEDIA_TYPE.fullmatch(carried.type.lower()) else "application/octet-stream"
    if kind == MAIL:
        disposition = ["attachment;", *(f"{word};" for word in headers.parameter("filename", name or "mail.eml"))]
        head = headers.field("Content-Disposition", [*disposition[:-1], disposition[-1].rstrip(";")])
        return (b"Content-Type: message/rfc822\r\n", head, b"\r\n", carried.content)
    if kind.startswith("multipart/"):
        kind = "application/octet-stream"
    encoded = parts.encode(carried.content, "")
    identity = carried.content_id.strip("<> \r\n")
    cited = headers.field("Content-ID", [f"<{identity}>"]) if MESSAGE_ID.fullmatch(f"<{identity}>") else b""
    return (cited, *parts.attachment(name or "attachment", kind, encoded))


def _html(octets: bytes, charset: str | None) -> bytes:
    head = f"Content-Type: text/html; charset={charset}\r\n" if charset else "Content-Type: text/html\r\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + parts.base64(octets.rstrip(b"\0"))


def _from_rtf(packed: bytes | None) -> str:
    """The text of a compressed RTF; nothing when it is none."""
    if not packed:
        return ""
    try:
        return "\n".join(line.text for line in read_rtf(decompressed(packed)))
    except (Broken, ValueError, IndexError, TypeError):
        return ""
