"""Small containers and mails: what a nursery warms up on before its walls stand.

Promises:  each is whole, with a word in it, made here from nothing; words come in every charset that is guessed at.
Never:     holds anything from outside.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from gateway.examine.containers.kinds import GZIP
from gateway.examine.containers.letter import Written
from gateway.examine.containers.mapi import BINARY, TEXT8, TEXT16, TIME, Properties, Tag
from gateway.examine.filetype import CMS, TNEF, ZIP

WORDS = ("đã nhận".encode(), "đã nhận".encode("utf-16"), b"C\xabng v\xa8n s\xe8 1", b"ti\xea\xecng vi\xea\xf2t")
RTF = b"\x18\0\0\0\x0c\0\0\0MELA\0\0\0\0{\\rtf1 a \\'e1}"
SIGNED_AS_IT_IS = bytes.fromhex("3018 06092a864886f70d010701 a00b 0409") + b"a: b\r\n\r\na"


def containers() -> dict[str, bytes]:
    """One of each kind that needs no program to be made."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("Tờ trình.txt", "a")
    gzipped = zlib.compress(b"a", wbits=31)
    tar = b"a".ljust(100, b"\0") + bytes(412)
    return {
        ZIP: held.getvalue(),
        GZIP: gzipped,
        "application/x-tar": tar,
        TNEF: b"\x78\x9f\x3e\x22\0\0",
        CMS: SIGNED_AS_IT_IS,
    }


def mails() -> list[bytes]:
    """Mails whose words are in every charset, and one that is only RTF."""
    texts = (Tag.SUBJECT, Tag.SENDER_NAME, Tag.BODY, Tag.HEADERS)
    written = [Properties(dict.fromkeys(texts, (TEXT8, words))) for words in WORDS]
    rich: dict[int, tuple[int, bytes]] = {
        Tag.RTF: (BINARY, RTF),
        Tag.SUBMITTED: (TIME, b"\1" * 8),
        Tag.SUBJECT: (TEXT16, WORDS[1][2:]),
    }
    return [Written(said).octets() for said in [*written, Properties(rich)]]
