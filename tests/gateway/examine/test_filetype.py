"""File types come from the octets, whatever a mail says."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.examine.filetype import sniff
from tests.pdf_files import PDF
from tests.samples import files, folder

OOXML = "application/vnd.openxmlformats-officedocument."


def package(*names: str, mimetype: str = "") -> bytes:
    """A ZIP with these entries; ``mimetype`` stands first and stored, as OpenDocument wants it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            archive.writestr(name, "x" * 100)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/x-empty"),
        (PDF, "application/pdf"),
        (b"\r\n\x00junk of 21 octets....." + PDF, "application/pdf"),
        (b"x" * 2_000 + PDF, "text/plain"),
        (b"Xem %PDF-1.4 trong bai", "text/plain"),
        (package("a.txt"), "application/zip"),
        (package("[Content_Types].xml", "word/document.xml"), f"{OOXML}wordprocessingml.document"),
        (package("[Content_Types].xml", "xl/workbook.xml"), f"{OOXML}spreadsheetml.sheet"),
        (package("ppt/presentation.xml"), f"{OOXML}presentationml.presentation"),
        (package("word/document.xml", "word/vbaProject.bin"), "application/vnd.ms-word.document.macroenabled.12"),
        (package(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        (package(mimetype="application/epub+zip"), "application/epub+zip"),
        (b"PK\x03\x04" + b"\xff" * 60, "application/zip"),
        (b"{\\rtf1 x}", "application/rtf"),
        (b"Rar!\x1a\x07\x00" + bytes(20), "application/vnd.rar"),
        (b"\x78\x9f\x3e\x22" + bytes(60), "application/ms-tnef"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "text/calendar"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40), "image/jpeg"),
        (b"MZ\x90\x00" + bytes(100), "application/x-dosexec"),
    ],
)
def test_the_octets_say_what_a_file_is(content: bytes, kind: str) -> None:
    """lesson 22: PDFs behind junk are PDFs, Office files in ZIPs are told apart, texts stay texts."""
    assert sniff(content) == kind


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("__substg1.0_", "application/vnd.ms-outlook"),
    ],
)
def test_old_office_files_are_told_apart_by_their_streams(stream: str, kind: str) -> None:
    """A compound file is Word, Excel or an Outlook message by the names inside it."""
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + stream.encode("utf-16-le") + bytes(600)
    assert sniff(content) == kind


def test_a_lying_directory_of_a_zip_ends_the_look() -> None:
    """A central directory that points anywhere, or promises millions of entries, costs nothing and raises nothing."""
    honest = package("word/document.xml")
    end = honest.rfind(b"PK\x05\x06")
    for offset in (0, 1, len(honest), 0xFFFFFFFF):
        lie = honest[: end + 12] + struct.pack("<II", 0xFFFFFFFF, offset) + honest[end + 20 :]
        assert sniff(lie).startswith("application/")


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=80).map(lambda b: package("a") + b)))
@settings(deadline=None, max_examples=100)
def test_every_content_has_one_type(content: bytes) -> None:
    """The answer is one media type in lower case for every byte string."""
    kind = sniff(content)
    assert kind == kind.lower()
    assert kind.count("/") == 1


@pytest.mark.parametrize("document", files("documents", "*.pdf"), ids=lambda path: path.name)
def test_real_state_documents_are_pdfs(document: Path) -> None:
    """Signed documents as the state sends them, one with 21 octets of junk before its header."""
    folder("documents")
    assert sniff(document.read_bytes()) == "application/pdf"
