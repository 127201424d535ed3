"""What each attachment of a mail is for.

Promises:  one role per attachment, from its content type, its name, where it stands in the mail and how big it is:
           the document, its annexes, pictures inside the text, logos, signatures, calendars, enclosed mails.
Never:     decides what is registered; policy does, and a clerk may see it differently.
Fails:     never; what nothing is known about is UNKNOWN.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.mail.attachment import Role

LOGO_OCTETS = 20_480  # pictures in a mail's text below this are logos and icons
SCAN_OCTETS = 51_200  # an attached picture above this may be a photographed page

PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff", "image/heic"})
OFFICE = (
    PDF,
    "application/msword",
    "application/rtf",
    "text/rtf",
    "application/vnd.ms-",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
)
WRITTEN = re.compile(r"pdf|msword|ms-word|wordprocessing|opendocument\.text|rtf")
SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
CONTAINERS = frozenset({"application/vnd.ms-tnef", "application/vnd.ms-outlook", "application/vnd.ms-cab-compressed"})
SIGNED = re.compile(
    r"(image|outlook|picture) ?\d{3}\b|logo|chu ky|signature|icon|banner|facebook|zalo|linkedin|twitter"
)
SCRAP = re.compile(r"ATT\d{3,6}\.(txt|htm|html|dat|c)", re.IGNORECASE)
ANNEX = re.compile(
    r"(?<![a-z])(phu luc|pl ?\d|phuluc|kem theo|dinh kem|danh sach|ds |bieu mau|bang bieu|annex|appendix|attachment)"
)


@dataclass(frozen=True, slots=True)
class Clue:
    """What is known of one leaf before its role is: ``shown`` says that the text of the mail displays it."""

    declared: str
    type: str
    name: str | None
    size: int
    inline: bool
    shown: bool


def roles(clues: Sequence[Clue]) -> tuple[Role, ...]:
    """The role of each leaf, seen together: papers first, what comes with a document is its annex."""
    own = [_own_role(clue) for clue in clues]
    papers = [i for i, role in enumerate(own) if role is None and _is_paper(clues[i])]
    main = _documents([clues[i] for i in papers])
    documents = {papers[i] for i in main}
    found = []
    for number, role in enumerate(own):
        if role is not None:
            found.append(role)
        elif number in documents:
            found.append(Role.DOCUMENT)
        else:
            found.append(Role.ANNEX if documents and _may_be_annex(clues[number]) else Role.UNKNOWN)
    return tuple(found)


def _own_role(clue: Clue) -> Role | None:
    """The role that is plain from the leaf alone, or None; a PDF is a paper, whatever its label or its name."""
    return None if clue.type == PDF else _plain_role(clue)


def _plain_role(clue: Clue) -> Role | None:
    """The role of what is no PDF, by its label, its kind and its name."""
    if clue.declared in {"message/rfc822", "message/global"} or clue.type == "message/rfc822":
        return Role.MESSAGE
    if clue.declared.startswith(("message/delivery-status", "message/disposition", "text/rfc822-headers")):
        return Role.REPORT
    if clue.declared in SIGNATURES or (clue.name or "").lower().endswith((".p7s", ".asc", ".sig")):
        return Role.SIGNATURE
    if "text/calendar" in {clue.declared, clue.type} or clue.declared == "application/ics":
        return Role.CALENDAR
    if clue.type.startswith("image/"):
        return _picture(clue)
    return Role.UNKNOWN if _is_beside(clue) else None


def _picture(clue: Clue) -> Role | None:
    """A picture of the mail's text, or one that a signature left among the attachments; None for any other."""
    drawn = clue.declared.startswith("image/") or clue.type in PICTURES
    if (clue.shown or clue.inline) and drawn:
        return Role.LOGO if clue.size <= LOGO_OCTETS else Role.INLINE
    return Role.LOGO if clue.size <= LOGO_OCTETS and SIGNED.match(_bare(clue.name or "")) else None


def _is_beside(clue: Clue) -> bool:
    """Cards of people, what a Mac keeps beside a file, and the scraps a server cut out of a text: of no document."""
    if {"text/vcard", "text/x-vcard"} & {clue.declared, clue.type} or clue.declared == "application/applefile":
        return True
    return SCRAP.fullmatch(clue.name or "") is not None


def _is_paper(clue: Clue) -> bool:
    """Whether this may be a document on its own."""
    if clue.type.startswith("image/"):
        return clue.size >= SCAN_OCTETS
    return clue.type.startswith(OFFICE) and clue.type not in CONTAINERS


def _documents(papers: Sequence[Clue]) -> list[int]:
    """Which papers are documents: PDFs not named as an annex; without any, the first written paper, else the first."""
    plain = [i for i, paper in enumerate(papers) if not _named_annex(paper)]
    final = [i for i in plain if papers[i].type == PDF]
    if final:
        return final
    written = [i for i in plain if WRITTEN.search(papers[i].type)]
    return (written or plain or list(range(len(papers))))[:1]


def _may_be_annex(clue: Clue) -> bool:
    return not clue.type.startswith(("application/x-dosexec", "application/x-executable"))


def _named_annex(clue: Clue) -> bool:
    return ANNEX.search(_bare(clue.name or "")) is not None


def _bare(name: str) -> str:
    """Lower case without diacritics, separators as blanks: "Phụ_lục-1.pdf" is "phu luc 1.pdf"."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return re.sub(r"[_\-\s]+", " ", "".join(c for c in letters if not unicodedata.combining(c)))
