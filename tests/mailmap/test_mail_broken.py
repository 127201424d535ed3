"""Mails as broken programs write them: nothing of them is lost, and what was wrong is named."""

from __future__ import annotations

import base64
import quopri

import pytest

from gateway.examine.filetype import sniff
from mailmap.mail.message import Message
from mailmap.mail.parse import parse
from tests.pdf_files import PDF

HEAD = b"From: a@b.vn\r\nDate: Mon, 5 Aug 2024 14:05:00 +0700\r\nSubject: 45\r\n"
SAID = "Kính gửi Ủy ban"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n"
TEXT = PLAIN + b"\r\n" + SAID.encode()
ENCODED = base64.encodebytes(PDF).replace(b"\n", b"\r\n")
PAPER = b'Content-Type: application/pdf; name="45.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + ENCODED
KIND = b"Content-Type: multipart/mixed; boundary=b001\r\n"
BODY = b"--b001\r\n" + TEXT + b"\r\n--b001\r\n" + PAPER + b"\r\n--b001--\r\n"
WHOLE = HEAD + KIND + b"\r\n" + BODY
INNER = b"Content-Type: multipart/alternative; boundary=b001\r\n\r\n--b001\r\n" + TEXT + b"\r\n--b001--\r\n"


def paper(head: bytes, body: bytes) -> bytes:
    """A mail with a text and one more part."""
    return HEAD + KIND + b"\r\n--b001\r\n" + TEXT + b"\r\n--b001\r\n" + head + b"\r\n" + body + b"\r\n--b001--\r\n"


def seen(raw: bytes) -> tuple[str, list[tuple[str | None, bytes]], Message]:
    """The text, the files that are documents, and the whole message."""
    message = parse(raw, sniff)
    files = [(one.name, one.content.rstrip(b"\r\n")) for one in message.attachments if one.role == "document"]
    return message.text, files, message


STRUCTURES = {
    "as it should be": (WHOLE, ""),
    "CR alone ends its lines": (WHOLE.replace(b"\r\n", b"\r"), "lines that end in CR alone"),
    "LF alone ends its lines": (WHOLE.replace(b"\r\n", b"\n"), ""),
    "the mark of UTF-8 stands before it": (b"\xef\xbb\xbf" + WHOLE, ""),
    "saved as UTF-16 text": (("\ufeff" + WHOLE.decode()).encode("utf-16-le"), "a mail saved as UTF-16 text"),
    "saved as UTF-16 text, big end first": (
        ("\ufeff" + WHOLE.decode()).encode("utf-16-be"),
        "a mail saved as UTF-16 text",
    ),
    "blank lines before it": (b"\r\n \r\n" + WHOLE, "blank lines before the header"),
    "out of an mbox": (b"From a@b.vn Mon Aug  5 14:05:00 2024\n" + WHOLE, ""),
    "base64 claimed for a multipart": (WHOLE.replace(KIND, KIND + b"Content-Transfer-Encoding: base64\r\n"), ""),
    "a multipart in base64 as a whole": (
        HEAD + KIND + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(BODY),
        "a multipart encoded as a whole",
    ),
    "a multipart in quoted-printable as a whole": (
        HEAD + KIND + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(BODY),
        "a multipart encoded as a whole",
    ),
    "the same boundary inside and outside": (
        HEAD + KIND + b"\r\n--b001\r\n" + INNER + b"--b001\r\n" + PAPER + b"\r\n--b001--\r\n",
        "a multipart without its boundary",
    ),
    "a boundary that begins like another": (
        HEAD
        + KIND
        + b"\r\n--b001\r\n"
        + INNER.replace(b"b001", b"b001-2")
        + b"--b001\r\n"
        + PAPER
        + b"\r\n--b001--\r\n",
        "",
    ),
    "no boundary declared": (WHOLE.replace(b"; boundary=b001", b""), "a boundary that is not the declared one"),
    "another case of the boundary": (
        WHOLE.replace(b"boundary=b001", b"boundary=B001"),
        "a boundary that is not the declared one",
    ),
    "no last boundary": (WHOLE.replace(b"--b001--\r\n", b""), "the last boundary is missing"),
    "blanks behind the boundaries": (WHOLE.replace(b"--b001\r\n", b"--b001 \t\r\n"), ""),
    "a digest is a multipart too": (WHOLE.replace(b"--b001\r\n" + TEXT, b"preamble\r\n--b001\r\n" + TEXT), ""),
    "two content types": (b"Content-Type: text/plain\r\n" + WHOLE, "more than one Content-Type field"),
    "blanks in a line of the header": (WHOLE.replace(b"Subject", b" \t \r\nSubject"), ""),
    "a line of blanks ends a part's header": (WHOLE.replace(b"\r\n\r\nJVBE", b"\r\n  \r\n\r\nJVBE"), ""),
    "empty parts": (WHOLE.replace(b"--b001\r\n", b"--b001\r\n--b001\r\n\r\n\r\n--b001\r\n", 1), ""),
    "junk in base64": (WHOLE.replace(b"JVBERi0", b"JVB*!\x00ERi0"), "base64 with foreign characters"),
    "base64 without its padding": (WHOLE.replace(ENCODED, ENCODED.rstrip(b"=\r\n")), ""),
    "a closing line behind base64": (WHOLE.replace(ENCODED, ENCODED + b"_______\r\nDanh sach thu\r\n"), ""),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_text_and_paper_are_found_in_every_structure(name: str) -> None:
    """lesson 1, 22: whatever a program did to a mail, its words and its document are read, once, and whole."""
    raw, defect = STRUCTURES[name]
    text, files, message = seen(raw)
    assert text.strip() == SAID
    assert files == [("45.pdf", PDF.rstrip())]
    assert (message.subject, message.from_[0].address, message.size) == ("45", "a@b.vn", len(raw))
    assert not defect or defect in message.defects


JUNK = {"no": b"", "21 octets of": b"\x00" + b"j" * 18 + b"\r\n", "1,000 octets of": b"scan " * 200}
LABELS = {
    "octet-stream": b"Content-Type: application/octet-stream\r\n",
    "a picture": b'Content-Type: image/jpeg; name="scan.jpg"\r\n',
    "text without a name": b"Content-Type: text/plain; charset=us-ascii\r\n",
    "a page": b"Content-Type: text/html\r\nContent-Disposition: inline\r\n",
    "a mail": b"Content-Type: message/rfc822\r\n",
    "a calendar": b'Content-Type: text/calendar; name="moi.ics"\r\n',
    "a signature": b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n',
    "winmail.dat": b'Content-Type: application/ms-tnef; name="winmail.dat"\r\n',
    "nothing": b"",
    "no type at all": b"Content-Type: pdf\r\nContent-Disposition: attachment; filename=VANBAN.PDF\r\n",
    "a part of many": b"Content-Type: multipart/mixed\r\n",
}


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("label", LABELS)
def test_a_pdf_is_found_whatever_stands_on_it(label: str, junk: str) -> None:
    """lesson 22: octet-stream, a picture's name, text without a name, junk before %PDF: it is the document."""
    content = JUNK[junk] + PDF
    encoded = b"Content-Transfer-Encoding: base64\r\n" + LABELS[label]
    text, files, message = seen(paper(encoded, base64.encodebytes(content)))
    assert text == SAID
    assert [octets for _, octets in files] == [content.rstrip()]
    assert message.attachments[0].type == "application/pdf"


@pytest.mark.parametrize("junk", JUNK)
def test_a_mail_that_is_a_pdf_and_says_it_is_text(junk: str) -> None:
    """The whole mail may be the document: no octet of it is shown as text."""
    raw = HEAD + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    text, files, _ = seen(raw + base64.encodebytes(JUNK[junk] + PDF))
    assert (text, len(files)) == ("", 1)


def test_words_about_a_pdf_are_words() -> None:
    """A text that speaks of %PDF-1.4 is no file."""
    assert seen(HEAD + b"\r\nXem %PDF-1.4 trong bai")[0] == "Xem %PDF-1.4 trong bai"


SMALL_PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0" + bytes(3_000)


@pytest.mark.parametrize(
    ("head", "body", "role"),
    [
        ("image/png; name=image001.png", SMALL_PICTURE, "logo"),
        ('image/png; name="Chữ ký - logo.png"', SMALL_PICTURE, "logo"),
        ("image/png; name=so-do.png", SMALL_PICTURE, "annex"),
        ("image/png; name=image001.png", SMALL_PICTURE + bytes(60_000), "annex"),
        ("text/vcard; name=a.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n", "unknown"),
        ("application/octet-stream; name=a.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n", "unknown"),
        ("application/octet-stream; name=a.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "calendar"),
        ("application/octet-stream; name=smime.p7s", b"\x30\x80\x06\x09\x2a\x86\x48", "signature"),
        ("application/pgp-signature; name=x", b"-----BEGIN PGP SIGNATURE-----", "signature"),
        ("application/applefile; name=45.pdf", b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(60), "unknown"),
        ("text/plain; name=ATT00001.txt", b"_____\r\nDanh sach\r\n", "unknown"),
        ("message/rfc822", b"From: c@d.vn\r\nSubject: x\r\n\r\ny", "message"),
        ("application/zip; name=a.zip", b"PK\x05\x06" + bytes(18), "annex"),
    ],
)
def test_what_comes_beside_a_document_has_its_role(head: str, body: bytes, role: str) -> None:
    """lesson 25: signatures' pictures, cards, calendars and scraps are neither documents nor their annexes."""
    part = f"Content-Type: {head}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n".encode()
    raw = WHOLE.replace(
        b"--b001--\r\n", b"--b001\r\n" + part + b"\r\n" + base64.encodebytes(body) + b"\r\n--b001--\r\n"
    )
    assert [one.role.value for one in seen(raw)[2].attachments] == ["document", role]


def test_a_large_picture_in_a_signature_s_name_is_a_scan_alone() -> None:
    """Without a document, a page photographed by a phone is the document, however it is called."""
    part = b"Content-Type: image/png; name=image001.png\r\nContent-Disposition: attachment\r\n"
    raw = paper(part + b"Content-Transfer-Encoding: base64\r\n", base64.encodebytes(SMALL_PICTURE + bytes(60_000)))
    assert [name for name, _ in seen(raw)[1]] == ["image001.png"]
