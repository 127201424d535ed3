"""What stands on the wire, badly: names, subjects, transfer encodings, charsets, files inside texts."""

from __future__ import annotations

import base64
import binascii

import pytest

from gateway.examine.filetype import sniff
from mailmap.mail.parse import parse
from tests.mailmap.mails import typed
from tests.pdf_files import PDF

HEAD = b"From: a@b.vn\r\nDate: Mon, 5 Aug 2024 14:05:00 +0700\r\n"


def name(parameters: str, codec: str = "utf-8") -> str | None:
    """The name of an attachment with this disposition; its type says it is called b.pdf."""
    head = b"Content-Type: application/pdf; name=b.pdf\r\nContent-Disposition: attachment"
    return parse(HEAD + head + parameters.encode(codec) + b"\r\n\r\n%PDF-", typed).attachments[0].name


@pytest.mark.parametrize(
    ("parameters", "read"),
    [
        ("; filename*0*=utf-8''C%C3%B4ng; filename*2*=%20s%E1%BB%91.pdf", "Công số.pdf"),  # the second is missing
        ("; filename*1*=%20v%C4%83n.pdf; filename*0*=utf-8''C%C3%B4ng", "Công văn.pdf"),  # out of order
        ("; filename*0*=utf-8''C%C3; filename*1*=%B4ng.pdf", "Công.pdf"),  # cut inside a letter
        ("; filename*00*=utf-8''C%C3%B4; filename*01*=ng.pdf", "Công.pdf"),
        ("; filename*=utf-8''C%ZZ%C3%B4ng.pdf", "C%ZZông.pdf"),  # no number behind the percent sign
        ("; filename*=utf-8''C%C3%B4ng%2", "Công%2"),
        ("; filename*=C%C3%B4ng.pdf", "Công.pdf"),  # no charset
        ("; filename*=''C%C3%B4ng.pdf", "Công.pdf"),
        ("; filename*=utf-8'vi'Công.pdf", "Công.pdf"),  # raw octets where none may be
        ('; filename*0="Công "; filename*1="văn.pdf"', "Công văn.pdf"),
        ("; filename*0*=windows-1258''C%F4ng; filename*1=\" van.pdf\"", "Công van.pdf"),
        ("; filename=Công văn số 45.pdf", "Công văn số 45.pdf"),  # no quotes
        ('; filename="a;b.pdf"', "a;b.pdf"),
        ('; filename="=?utf-8?Q?C=C3=B4ng?= =?utf-8?Q?_v=C4=83n.pdf?="', "Công văn.pdf"),
        ("; filename==?utf-8?B?Q8O0bmcgdsSDbi5wZGY=?=", "Công văn.pdf"),
        ('; filename="C%C3%B4ng%20v%C4%83n.pdf"', "Công văn.pdf"),
        ('; filename="100%25 xong.pdf"', "100%25 xong.pdf"),  # no UTF-8 behind it
        ('; filename="a "b".pdf"', 'a "b".pdf'),  # quotes inside quotes
        ('; filename="C:\\Users\\x\\b.pdf"', "b.pdf"),
        (';\r\n\tfilename="Cong van\r\n so 45.pdf"', "Cong van so 45.pdf"),
        (" filename=a.pdf", "a.pdf"),  # no semicolon
        ('; filename=""', "b.pdf"),
        ("; filename=a.pdf; filename*=utf-8''%C3%A1.pdf", "á.pdf"),  # both: the one with a charset counts
    ],
)
def test_names_are_read_as_they_were_meant(parameters: str, read: str) -> None:
    """lesson 20: RFC 2231 and all its broken forms; of name and filename that differ the latter counts."""
    assert name(parameters) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"=?utf-8?B?Q8O0bmcgdsQ=?=\r\n =?utf-8?B?g24=?=", "Công văn"),  # cut inside a letter, with padding between
        (b"=?utf-8?Q?C=C3?= =?utf-8?B?tG5n?=", "Công"),  # and the other encoding behind the cut
        (b"=?utf-8?Q?C=C3=B4ng_v=C4?=\r\n =?utf-8?Q?=83n?=\r\n tail", "Công văn tail"),
        (b"=?utf-8?Q?C=C3=B4ng van so 45?=", "Công van so 45"),  # blanks inside
        (b"a=?utf-8?Q?C=C3=B4ng?=b", "aCôngb"),  # in the middle of a word
        (b"=?utf-8?B?Q8O0\r\n bmc=?=", "Công"),  # folded inside
        (b"=?utf-8?Q?C=C3=B4ng?==?utf-8?Q?_v=C4=83n?=", "Công văn"),
        (b"=?x-unknown?Q?C=C3=B4ng?=", "Công"),
        (b"=?us-ascii?Q?C=C3=B4ng_v=C4=83n?=", "Công văn"),
        (b"=?utf-8*vi?Q?C=C3=B4ng?=", "Công"),
        (b"=?utf-7?Q?C+APQ-ng?=", "Công"),
        (b"=?utf-8?B?Q8O0bmc", "Công"),  # never closed
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        (b"=?utf-8?Q?a?b?=", "a?b"),
        (b"=?utf-8?B?PT91dGYtOD9CP1E4TzBibWM9Pz0=?=", "Công"),  # encoded twice
        ("Công".encode() + b" =?utf-8?Q?v=C4=83n?=", "Công văn"),  # raw and encoded in one value
        (b"=?utf-8?B?VEwNCkJjYzogeEB5?=", "TL Bcc: x@y"),  # a line end inside makes no field
    ],
)
def test_subjects_are_read_as_they_were_meant(value: bytes, read: str) -> None:
    """lesson 19: encoded words split, misplaced, unclosed, of unknown charsets."""
    message = parse(HEAD + b"Subject: " + value + b"\r\n\r\n", typed)
    assert message.subject == read
    assert message.header("bcc") is None


SAID = "Kính gửi Ủy ban"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-7", "utf-32"])
def test_bodies_in_unicode_s_forms_are_read(codec: str) -> None:
    """With their marks, and UTF-16 without one in either order."""
    label = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(codec, codec)
    head = f"Content-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    message = parse(HEAD + head + base64.b64encode(SAID.encode(codec)), typed)
    assert (message.text, message.defects) == (SAID, ())


def test_broken_quoted_printable_is_read() -> None:
    """Small letters, wrong numbers, soft ends with blanks behind them, a sign at the very end."""
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    body = b"K=c3=adnh =ZZ g=E1=BB=\r\n=ADi \xe1\xbb\xa6y = \t\r\nban x=3\r\ny="
    assert parse(HEAD + head + body, typed).text == "Kính =ZZ gửi Ủy ban x=3\ny"


def yencoded(content: bytes) -> bytes:
    """Lines of yEnc."""
    told = b""
    for octet in content:
        shifted = (octet + 42) % 256
        told += bytes([61, (shifted + 64) % 256]) if shifted in (0, 10, 13, 61) else bytes([shifted])
    lines = b"\r\n".join(told[at : at + 128] for at in range(0, len(told), 128))
    return b"=ybegin line=128 size=%d name=a.pdf\r\n%s\r\n=yend size=%d\r\n" % (len(content), lines, len(content))


def uuencoded(content: bytes) -> bytes:
    """Lines of uuencode."""
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return b"begin 644 a.pdf\n" + lines + b"`\nend\n"


@pytest.mark.parametrize("write", [yencoded, uuencoded])
@pytest.mark.parametrize("content", [PDF, PDF + bytes(range(256)) * 3])
def test_files_inside_a_text_are_taken_out(write: object, content: bytes) -> None:
    """Old programs wrote files into the text; the words around them stay, the file is whole."""
    body = b"Kinh gui\r\n\r\n" + write(content) + b"\r\nHet\r\n"  # type: ignore[operator]
    message = parse(HEAD + b"\r\n" + body, sniff)
    assert message.text.split() == ["Kinh", "gui", "Het"]
    assert [(one.name, one.content, one.role.value) for one in message.attachments] == [("a.pdf", content, "document")]


@pytest.mark.parametrize(
    "text", ["=ybegin line=128 size=1 name=a\r\nnever ends", "=ybegin of a story name=x", "begin 644 x"]
)
def test_what_only_looks_like_a_file_is_text(text: str) -> None:
    """A text that speaks of yEnc or uuencode keeps every word."""
    message = parse(HEAD + b"\r\n" + text.encode(), typed)
    assert message.text.split() == text.split()
    assert message.attachments == ()


@pytest.mark.parametrize(
    "ending", [b" \t \r\nmot dong", b"   \r\nmot\r\nhai", b"mot dong khong truong nao"], ids=["blanks", "lines", "none"]
)
def test_a_body_without_an_empty_line_before_it_is_not_lost(ending: bytes) -> None:
    """A header that no empty line ends, or one of blanks: what follows is the body."""
    assert parse(HEAD + ending, typed).text.split() == ending.decode().split()
