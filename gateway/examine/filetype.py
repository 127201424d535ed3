"""What kind of file some octets are, from the octets alone.

Promises:  one media type for every byte string: libmagic over the whole content, then our own look into ZIP containers
           (Word, Excel, PowerPoint, OpenDocument), old Office containers and PDFs behind junk.
Never:     believes a name or a declared type; unpacks anything; reads more than ``MAX_ENTRIES`` ZIP entries.
Fails:     with FileTypesUnknown when libmagic or its database is missing from the machine, at the first question.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import cache

from gateway.examine.containers.cms import kind as kind_of_cms
from gateway.examine.containers.entity import is_mail
from gateway.examine.libmagic import DATABASE, magic

OCTETS = "application/octet-stream"
EMPTY = "application/x-empty"
ZIP = "application/zip"
PDF = "application/pdf"
TNEF = "application/ms-tnef"
OUTLOOK = "application/vnd.ms-outlook"
CMS = "application/pkcs7-mime"
MAIL = "message/rfc822"
CABINET = "application/vnd.ms-cab-compressed"
JUNK_BEFORE_PDF = 1_024  # Acrobat accepts the header anywhere in the first 1,024 octets, and real mails need it
MAX_ENTRIES = 5_000
MAX_COMMENT = 65_557  # the end record and the longest comment behind it

OFFICE = "application/vnd.openxmlformats-officedocument."
PACKAGES = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
    "visio/document.xml": "application/vnd.ms-visio.drawing.main+xml",
    "AndroidManifest.xml": "application/vnd.android.package-archive",
    "META-INF/MANIFEST.MF": "application/java-archive",
}
MACROS = {
    "word/vbaProject.bin": "application/vnd.ms-word.document.macroenabled.12",
    "xl/vbaProject.bin": "application/vnd.ms-excel.sheet.macroenabled.12",
    "ppt/vbaProject.bin": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
COMPOUND_HEAD = 512
OUTLOOKS = ("__substg1.0_", "__nameid_version", "__properties_version", "__recip_version", "__attach_version")
STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__substg1.0_": OUTLOOK,
}
ALIASES = {
    "application/x-pdf": PDF,
    "application/vnd.ms-tnef": TNEF,
    "application/x-rar": "application/vnd.rar",
    "application/x-zip-compressed": ZIP,
    "text/xml": "application/xml",
    "text/rtf": "application/rtf",
}
# Types libmagic gives to containers it knows and to octets it knows nothing about: there we look ourselves.
VAGUE = frozenset({OCTETS, "text/plain", "application/x-ole-storage", "application/cdfv2", "application/encrypted"})
PLAIN = {b"%PDF-1.": PDF, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": "image/png", b"\xff\xd8\xff\xe0\0\x10JFIF": "image/jpeg"}
HEADER = re.compile(rb"%PDF-\d\.\d")


class FileTypesUnknown(Exception):
    """libmagic or its database is missing: install Debian's libmagic1."""


def sniff(content: bytes) -> str:
    """The media type of this content, lower case, without parameters."""
    if not content:
        return EMPTY
    found = _asked(content)
    if content.startswith(b"PK\x03\x04"):
        return _package(content) or (found if found != OCTETS else ZIP)
    if found == PDF and not _is_pdf(content):
        return OCTETS if b"\0" in content else "text/plain"  # words about a PDF
    if found in VAGUE or found.startswith("text/"):
        return _hidden(content) or found
    return found


def plainly(content: bytes) -> str | None:
    """The media type where the octets say it without libmagic, the same as ``sniff`` finds; None where they do not."""
    if not content:
        return EMPTY
    if content.startswith(b"PK\x03\x04"):
        return _package(content)
    return next((kind for start, kind in PLAIN.items() if content.startswith(start)), None)


def _asked(content: bytes) -> str:
    """What libmagic says; content it gives up on (it has such limits) is plain octets."""
    library = _libmagic()
    try:
        found = library.from_buffer(content).lower()
    except magic.MagicException:
        return OCTETS
    return ALIASES.get(found, found)


@cache
def _libmagic() -> magic.Magic:
    """One loaded database for the process; python-magic takes a lock around each question."""
    try:
        return magic.Magic(mime=True, magic_file=DATABASE and str(DATABASE))
    except magic.MagicException as error:
        raise FileTypesUnknown(FileTypesUnknown.__doc__) from error


def _hidden(content: bytes) -> str | None:
    """What libmagic overlooks: PDFs behind junk, old Office files by the names of their streams, winmail.dat."""
    if cms := kind_of_cms(content):
        return cms  # before PDF: a signed PDF is only a PDF behind junk to those who do not look
    if _is_pdf(content):
        return PDF
    if content.startswith(OLE):
        return _compound(content)
    if content.startswith(b"\x78\x9f\x3e\x22"):
        return TNEF
    if content.startswith(b"MSCF\0\0\0\0"):
        return CABINET
    return MAIL if is_mail(content) else None


def _compound(content: bytes) -> str:
    """An old Office file by the names that stand first in its directory, else by any it holds ([MS-CFB] 2.6)."""
    if len(content) > COMPOUND_HEAD:
        shift, first = content[30], int.from_bytes(content[48:52], "little")
        sector = 1 << min(shift, 12)
        start = (first + 1) * sector
        for at in range(start, start + sector, 128):
            name = content[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            kind = OUTLOOK if name.startswith(OUTLOOKS) else STREAMS.get(name)
            if kind:
                return kind
    names = (kind for stream, kind in STREAMS.items() if stream.encode("utf-16-le") in content)
    return next(names, "application/x-ole-storage")


def _is_pdf(content: bytes) -> bool:
    """Whether a PDF header stands near the start and something a PDF consists of behind it."""
    if content.startswith(b"%PDF-"):
        return True
    return HEADER.search(content, 0, JUNK_BEFORE_PDF) is not None and (
        b" obj" in content or b"%%EOF" in content[-4096:]
    )


def _package(content: bytes) -> str | None:
    """What a ZIP is for, by its ``mimetype`` entry (OpenDocument, EPUB) or by the names in it; None for plain ZIPs."""
    declared = re.match(rb"PK\x03\x04.{22}\x08\x00(..)mimetype", content, re.DOTALL)
    if declared:
        start = declared.end() + struct.unpack("<H", declared[1])[0]
        kind = re.match(rb"application/[a-z0-9.+-]{1,100}", content[start : start + 120])
        if kind:
            return kind[0].decode("ascii")
    names = set(_entries(content))
    macro = next((kind for name, kind in MACROS.items() if name in names), None)
    return macro or next((kind for name, kind in PACKAGES.items() if name in names), None)


def _entries(content: bytes) -> Iterator[str]:
    """The names in the central directory (APPNOTE.TXT section 4.3.12), as far as it can be read."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - MAX_COMMENT))
    if end < 0 or end + 22 > len(content):
        return
    size, position = struct.unpack_from("<II", content, end + 12)
    position = position if content.startswith(b"PK\x01\x02", position) else max(0, end - size)
    for _ in range(MAX_ENTRIES):
        if not content.startswith(b"PK\x01\x02", position) or position + 46 > len(content):
            return
        name, extra, comment = struct.unpack_from("<HHH", content, position + 28)
        yield content[position + 46 : position + 46 + name].decode("utf-8", "replace").replace("\\", "/")
        position += 46 + name + extra + comment
