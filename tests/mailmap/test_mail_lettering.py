"""Old Vietnamese alphabets in mails: bodies, subjects, names and file names, with whatever label they came."""

from __future__ import annotations

import base64
import binascii
import unicodedata
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

from mailmap.mail.charset import decode
from mailmap.mail.message import Message
from mailmap.mail.parse import parse
from tests.mailmap.old_letters import FOREIGN, OFFICIAL, WRITERS
from tests.samples import files, folder

TEXT = "\n".join(OFFICIAL)
SUBJECT = "Về việc phê duyệt dự toán kinh phí sửa chữa trụ sở"
NAME = "Quyết định phân công công tác.doc"
FONTS = ("TCVN3", "VNI", "VISCII", "VPS")
LABELS = ("iso-8859-1", "windows-1252", "utf-8", "us-ascii", "windows-1258", "iso-8859-15", "x-unknown", None)


def read(raw: bytes) -> Message:
    """The mail, every attachment of an unknown type."""
    return parse(raw, lambda _: "application/octet-stream")


def mail(head: bytes, body: bytes = b"") -> Message:
    """A mail with these header lines and this body."""
    return read(b"From: a@xa.vn\r\nDate: Mon, 5 Aug 2024 14:05:00 +0700\r\n" + head + b"\r\n" + body)


def told(message: Message, font: str) -> bool:
    """Whether the mail says which alphabet it was read in, and no other."""
    return [defect for defect in message.defects if "read as" in defect] == [f"legacy-font text read as {font}"]


def reads(found: str, meant: str, font: str) -> bool:
    """TCVN3 keeps no capitals with tones."""
    return found.lower() == meant.lower() if font == "TCVN3" else found == meant


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("font", FONTS)
def test_bodies_are_read_whatever_their_label(font: str, label: str | None) -> None:
    """lesson 19: raw octets of an old alphabet, labelled as anything, are read, and a defect says so."""
    kind = f"Content-Type: text/plain{f'; charset={label}' if label else ''}\r\n".encode()
    message = mail(kind, WRITERS[font](TEXT))
    assert reads(message.text, TEXT, font)
    assert told(message, font)


@pytest.mark.parametrize("font", FONTS)
def test_bodies_that_were_made_utf8_are_read(font: str) -> None:
    """A web mail that took the octets for Latin letters and wrote those in UTF-8 changes nothing for the reader."""
    for codec in ("latin-1", "cp1252"):
        shown = WRITERS[font](TEXT)
        if codec == "cp1252" and font != "TCVN3":
            continue  # octets that Windows-1252 lacks do not survive such a program
        octets = shown.decode(codec).encode("utf-8")
        message = mail(b"Content-Type: text/plain; charset=utf-8\r\n", octets)
        assert reads(message.text, TEXT, font)
        assert told(message, font)


@pytest.mark.parametrize("font", FONTS)
def test_pages_are_read(font: str) -> None:
    """HTML without a plain part: the text a person sees and the page itself are read."""
    lines = b"".join(b"<p>" + WRITERS[font](line) + b"</p>\n" for line in OFFICIAL)
    style = b"<style>p { font-family: .VnTime, serif; margin: 0 }</style>"
    page = b"<html><head>" + style + b"</head><body>" + lines + b"</body></html>"
    message = mail(b"Content-Type: text/html; charset=iso-8859-1\r\n", page)
    assert reads("".join(message.text.split()), "".join(TEXT.split()), font)
    assert message.html is not None
    assert "chủ nghĩa Việt Nam</p>" in message.html
    assert told(message, font)


@pytest.mark.parametrize("font", FONTS)
def test_subjects_are_read(font: str) -> None:
    """Raw octets, encoded words with the wrong label in both encodings, and words cut anywhere."""
    octets = WRITERS[font](SUBJECT)
    word = base64.b64encode(octets)
    quoted = binascii.b2a_qp(octets, header=True, quotetabs=True).replace(b"=\n", b"").replace(b"?", b"=3F")
    cut = (base64.b64encode(octets[:20]), base64.b64encode(octets[20:]))
    raw = [octets] if font in {"TCVN3", "VNI"} else []  # control characters do not pass a mail server raw
    for value in (
        *raw,
        b"=?iso-8859-1?B?" + word + b"?=",
        b"=?windows-1252?Q?" + quoted + b"?=",
        b"=?utf-8?B?" + word + b"?=",
        b"=?utf-8?B?" + base64.b64encode(octets.decode("latin-1").encode()) + b"?=",
        b"=?iso-8859-1?B?" + cut[0] + b"?=\r\n =?iso-8859-1?B?" + cut[1] + b"?=",
    ):
        message = mail(b"Subject: " + value + b"\r\n")
        assert reads(message.subject, SUBJECT, font), value
        assert told(message, font)


@pytest.mark.parametrize("font", FONTS)
def test_file_names_are_read(font: str) -> None:
    """lesson 20: raw, in an encoded word, and in the form of RFC 2231 with a wrong label."""
    octets = WRITERS[font](NAME)
    raw = [b'filename="' + octets + b'"'] if font in {"TCVN3", "VNI"} else []
    for parameter in (
        *raw,
        b'filename="=?iso-8859-1?B?' + base64.b64encode(octets) + b'?="',
        b"filename*=iso-8859-1''" + quote_from_bytes(octets).encode(),
        b"filename*=utf-8''" + quote_from_bytes(octets).encode(),
    ):
        head = b"Content-Type: application/msword\r\nContent-Disposition: attachment; " + parameter + b"\r\n"
        message = mail(head, b"\xd0\xcf\x11\xe0")
        assert [reads(attachment.name or "", NAME, font) for attachment in message.attachments] == [True], parameter
        assert told(message, font)


def as_words(octets: bytes, label: str) -> list[bytes]:
    """A value as programs write it: one encoded word, both encodings, and cut in two anywhere."""
    quoted = binascii.b2a_qp(octets, header=True, quotetabs=True).replace(b"=\n", b"").replace(b"?", b"=3F")
    name = label.encode()
    words = [b"=?%s?B?%s?=" % (name, base64.b64encode(octets)), b"=?%s?Q?%s?=" % (name, quoted)]
    cut = [b"=?%s?B?%s?=" % (name, base64.b64encode(part)) for part in (octets[:21], octets[21:])]
    return [*words, b"\r\n ".join(cut)]


@pytest.mark.parametrize("label", [*LABELS, "windows-1258"])
def test_windows_1258_is_read_whatever_its_label(label: str | None) -> None:
    """lesson 19: bodies, subjects and names in Windows-1258, whose tones stand behind their vowels, come back whole."""
    kind = f"Content-Type: text/plain{f'; charset={label}' if label else ''}\r\n".encode()
    assert mail(kind, WRITERS["Windows-1258"](TEXT)).text == TEXT
    octets = WRITERS["Windows-1258"](SUBJECT)
    raw = [] if label else [octets]
    for value in raw or as_words(octets, label or ""):
        assert mail(b"Subject: " + value + b"\r\n").subject == SUBJECT, value
    stored = WRITERS["Windows-1258"](NAME)
    names = [b"filename*=%s''%s" % ((label or "").encode(), quote_from_bytes(stored).encode())]
    for parameter in [*names, b'filename="' + stored + b'"']:
        head = b"Content-Type: application/msword\r\nContent-Disposition: attachment; " + parameter + b"\r\n"
        assert [one.name for one in mail(head, b"\xd0\xcf\x11\xe0").attachments] == [NAME], parameter


def test_decomposed_letters_are_composed() -> None:
    """Phones and Macs write NFD: in bodies, subjects, names of people and of files it comes back as NFC."""
    body, subject, name = (unicodedata.normalize("NFD", text) for text in (TEXT, SUBJECT, NAME))
    assert mail(b"Content-Type: text/plain; charset=utf-8\r\n", body.encode()).text == TEXT
    for value in [subject.encode(), *as_words(subject.encode(), "utf-8")]:
        message = mail(b"Subject: " + value + b"\r\nReply-To: " + value + b" <b@xa.vn>\r\n")
        assert (message.subject, message.reply_to[0].name) == (SUBJECT, SUBJECT)
    for parameter in [
        b'filename="' + name.encode() + b'"',
        b"filename*=utf-8''" + quote_from_bytes(name.encode()).encode(),
        *(b'filename="' + value.replace(b"\r\n", b"") + b'"' for value in as_words(name.encode(), "utf-8")),
    ]:
        head = b"Content-Type: application/msword\r\nContent-Disposition: attachment; " + parameter + b"\r\n"
        assert [one.name for one in mail(head, b"\xd0\xcf\x11\xe0").attachments] == [NAME], parameter


@pytest.mark.parametrize("label", ["viscii", "x-viet-vps", "x-viet-tcvn5712", "x-viet-vni"])
def test_alphabets_that_are_declared_are_no_defect(label: str) -> None:
    """RFC 1456 registered VISCII; the other labels are what mail programs wrote. One word is enough there."""
    name = {"viscii": "VISCII", "x-viet-vps": "VPS", "x-viet-tcvn5712": "TCVN 5712", "x-viet-vni": "VNI"}[label]
    defects: list[str] = []
    assert decode(WRITERS[name]("tỉnh"), label, defects) == "tỉnh"
    assert defects == []


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", None])
def test_utf8_that_was_encoded_twice_is_read(label: str | None) -> None:
    """Text that passed through Windows-1252 on its way is read, and a defect says what had happened to it."""
    octets = TEXT.encode().decode("latin-1").encode("utf-8")
    kind = f"Content-Type: text/plain{f'; charset={label}' if label else ''}\r\n".encode()
    message = mail(kind, octets)
    assert message.text == TEXT
    assert "text encoded in UTF-8 twice" in message.defects


@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "iso-8859-15"])
@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_stay(text: str, codec: str) -> None:
    """English, French and German, rightly labelled or not at all, are read as they are."""
    octets = text.encode(codec, "ignore")
    for label in (codec, None):
        defects: list[str] = []
        decode(octets, label, defects)
        assert not [defect for defect in defects if "read as" in defect or "twice" in defect]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1258"])
def test_good_vietnamese_has_no_defect(codec: str) -> None:
    """Vietnamese with its right label passes without a word."""
    defects: list[str] = []
    octets = WRITERS["Windows-1258"](TEXT) if codec == "cp1258" else TEXT.encode(codec)
    assert decode(octets, codec, defects) == TEXT
    assert defects == []


@pytest.mark.parametrize(
    "path",
    files("mail/malformed", "*.eml") + files("mail/bounces", "*.txt") + files("mail/replies", "*.txt"),
    ids=lambda path: path.name,
)
def test_no_real_mail_is_taken_for_an_old_alphabet(path: Path) -> None:
    """None of the real mails is Vietnamese in an old font, and none is read as if it were."""
    folder(f"mail/{path.parent.name}")
    message = read(path.read_bytes())
    assert not [defect for defect in message.defects if "read as" in defect or "twice" in defect]
