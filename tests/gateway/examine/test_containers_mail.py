"""Mails in wrappings: .msg, winmail.dat, .p7m become mails that the one reader of mail reads well."""

from __future__ import annotations

import base64
import io
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.examine.containers.opened import Budget, Opened
from gateway.examine.containers.opener import KINDS, MODULE, Opener
from gateway.examine.filetype import sniff
from gateway.examine.sandbox import Sandbox
from mailmap.mail.message import Mailbox, Message
from mailmap.mail.parse import parse
from tests.gateway.examine.outlooks import MAIL_INSIDE, compound, msg, storage, tnef
from tests.pdf_files import PDF

SUBJECT, SENT, HEADERS, SENDER, SMTP, BODY, RTF, HTML = 0x37, 0x39, 0x7D, 0x0C1A, 0x5D01, 0x1000, 0x1009, 0x1013
NAME, ADDRESS_TYPE, ADDRESS, SMTP_ADDRESS, KIND = 0x3001, 0x3002, 0x3003, 0x39FE, 0x0C15
CONTENT, SHORT, METHOD, LONG, MIME, CLASS = 0x3701, 0x3704, 0x3705, 0x3707, 0x370E, 0x1A
WHEN = 134_049_690_000_000_000  # 15 October 2025, 02:30 UTC, in FILETIME
LETTER = {
    SUBJECT: "V/v báo cáo",
    SENT: WHEN,
    SENDER: "Nguyễn Văn Tèo",
    SMTP: "teo@haihau.example",
    BODY: "Kính gửi.\r\n",
}
FILE = {
    LONG: "Công văn số 12 về việc báo cáo.pdf",
    SHORT: "CONGVA~1.PDF",
    METHOD: 1,
    CONTENT: PDF,
    MIME: "application/pdf",
}
TO = {NAME: "UBND xã Hải An", ADDRESS_TYPE: "EX", ADDRESS: "/O=H/CN=AN", SMTP_ADDRESS: "an@haihau.example", KIND: 1}
CC = {NAME: "Nội vụ", ADDRESS_TYPE: "SMTP", ADDRESS: "nv@haihau.example", KIND: 2}
ENTITY = "Content-Type: text/plain; charset=utf-8\r\n\r\nxin chào\r\n".encode()


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    """One opener for all of these mails."""
    with Sandbox([MODULE]) as sandbox:
        yield Opener(sandbox)


def unwrapped(opener: Opener, content: bytes) -> Opened:
    """What is in a container, which must be one of a kind that is opened."""
    assert sniff(content) in KINDS
    found = opener.unwrap(content, sniff(content))
    assert isinstance(found, Opened)
    return found


def read(opener: Opener, content: bytes) -> Message:
    """The mail in a container, as the one reader of mail reads it."""
    mail = unwrapped(opener, content).mail
    assert mail is not None
    return parse(mail, sniff)


def test_a_msg_is_a_mail(opener: Opener) -> None:
    """Subject, author, recipients by their real addresses, date, text and files under their long names."""
    mail = read(opener, msg(LETTER, recipients=[TO, CC], files=[FILE]))
    assert (mail.subject, mail.text) == ("V/v báo cáo", "Kính gửi.")
    assert mail.from_ == (Mailbox("Nguyễn Văn Tèo", "teo@haihau.example"),)
    assert mail.to == (Mailbox("UBND xã Hải An", "an@haihau.example"),)
    assert mail.cc == (Mailbox("Nội vụ", "nv@haihau.example"),)
    assert mail.date == datetime(2025, 10, 15, 2, 30, tzinfo=UTC)
    assert [(each.name, each.content) for each in mail.attachments] == [(FILE[LONG], PDF)]
    assert mail.defects == ()


def test_a_msg_in_a_code_page(opener: Opener) -> None:
    """Texts of 8 bits are read in their code page: Windows-1258 with its tones apart, composed again."""
    texts = {SUBJECT: b"B\xe1o c\xe1o th\xe1ng m\xfd\xf5\xcci", BODY: b"K\xednh g\xfd\xd2i", SMTP: b"a@b.example"}
    mail = read(opener, msg({**texts}, code_page=1258, files=[{LONG: b"Quy\xeat \xf0i\xf2nh.pdf", CONTENT: PDF}]))
    assert (mail.subject, mail.text) == ("Báo cáo tháng mười", "Kính gửi")
    assert [each.name for each in mail.attachments] == ["Quyêt định.pdf"]


def test_a_msg_in_an_old_font(opener: Opener) -> None:
    """TCVN3 in a mail that says Windows-1252 comes out in Unicode, also where Outlook stored it as Unicode."""
    stored = b"C\xabng v\xa8n s\xe8 12 v\xd2 vi\xd6c b\xb8o c\xb8o"
    for mail in (
        msg({SUBJECT: stored, BODY: b"a"}, code_page=1252),
        msg({SUBJECT: stored.decode("cp1252"), BODY: "a"}),
    ):
        assert read(opener, mail).subject == "Công văn số 12 về việc báo cáo"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ({HTML: "<p>Kính <b>gửi</b></p>".encode(), 0x3FDE: 65001}, "Kính gửi"),
        ({HTML: "<p>Kính <b>gửi</b></p>"}, "Kính gửi"),
        ({RTF: b"\x30\0\0\0\x20\0\0\0MELA\0\0\0\0" + b"{\\rtf1\\ansi K\\u237?nh g\\u7917?i}"}, "Kính gửi"),
    ],
    ids=["html", "html in unicode", "rtf"],
)
def test_the_text_is_found_wherever_it_is(opener: Opener, text: dict[int, object], wanted: str) -> None:
    """HTML as octets with its code page or as Unicode; compressed RTF when there is nothing else."""
    assert read(opener, msg({SUBJECT: "a", **text})).text == wanted


def test_compressed_rtf_is_unpacked(opener: Opener) -> None:
    """The example of [MS-OXRTFCP] 3.2: runs out of the window, some over its end."""
    packed = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    assert read(opener, msg({SUBJECT: "a", RTF: bytes.fromhex(packed)})).text == "hello world"


def test_a_mail_inside_a_msg(opener: Opener) -> None:
    """An embedded mail is a mail with its own files, called by its subject."""
    inner = storage({**LETTER, SUBJECT: "Thư bên trong"}, files=[FILE], head=24)
    (attached,) = read(opener, msg(LETTER, files=[{METHOD: 5, CONTENT: inner}])).attachments
    assert (attached.name, attached.type) == ("Thư bên trong.eml", "message/rfc822")
    assert [each.content for each in parse(attached.content, sniff).attachments] == [PDF]


def test_the_header_a_mail_came_with_is_kept(opener: Opener) -> None:
    """Message-ID, Received and all else stay; what speaks of the old body, and whom nobody was to see, do not."""
    header = "Received: from a by b;\r\n\tTue, 1 Oct 2024\r\nFrom: x@y.example\r\nMessage-ID: <1@y>\r\n"
    header += "Content-Type: text/html;\r\n boundary=q\r\nBcc: z@y\r\n"
    mail = read(opener, msg({**LETTER, HEADERS: header}, recipients=[TO]))
    assert (mail.message_id, mail.hops, mail.content_type) == ("<1@y>", 1, "text/plain")
    assert [box.address for box in mail.from_] == ["x@y.example"]
    assert mail.header("Bcc") is None
    assert [box.address for box in mail.to] == ["an@haihau.example"]


def test_no_value_ends_its_line(opener: Opener) -> None:
    """Line ends in subject, name and header lines without a colon make no new fields."""
    evil = "a\r\nX-Evil: 1\r\n\r\nbody"
    mail = read(
        opener,
        msg({SUBJECT: evil, SENDER: evil, SMTP: "a@b.example\r\nX-Evil: 2", HEADERS: "no field\r\n x", BODY: "b"}),
    )
    assert mail.header("X-Evil") is None
    assert mail.text == "b"
    assert mail.subject.startswith("a X-Evil")


def test_a_signed_mail_in_a_msg_keeps_its_signature(opener: Opener) -> None:
    """Outlook keeps a multipart/signed mail as one file; it is the mail, octet for octet."""
    signed = (
        b'Content-Type: multipart/signed; boundary="q"\r\n\r\n--q\r\n'
        + ENTITY
        + b"\r\n--q\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--q--\r\n"
    )
    mail = unwrapped(opener, msg({**LETTER, CLASS: "IPM.Note.SMIME.MultipartSigned"}, files=[{CONTENT: signed}])).mail
    assert mail is not None
    assert mail.endswith(signed)
    assert (parse(mail, sniff).subject, parse(mail, sniff).text) == ("V/v báo cáo", "xin chào")


@pytest.mark.parametrize("identity", [b"", bytes(16)])
def test_a_msg_with_a_word_file_is_a_msg(identity: bytes) -> None:
    """An old Word file inside does not make it one, whether the .msg says what it is or not."""
    word = compound({"WordDocument": b"w" * 9_000})
    made = msg(LETTER, files=[{**FILE, CONTENT: word}])
    assert (
        sniff(made if not identity else made.replace(bytes.fromhex("0b0d020000000000c000000000000046"), identity))
        == "application/vnd.ms-outlook"
    )


def test_a_winmail_dat_gives_its_files_and_its_words(opener: Opener) -> None:
    """lesson 21: attachments under their long names, in Unicode, and the text as a mail beside them."""
    found = unwrapped(opener, tnef(LETTER, [FILE, {SHORT: b"b.txt", CONTENT: b"b"}]))
    assert [(file.name, file.content) for file in found.files] == [(FILE[LONG], PDF), ("b.txt", b"b")]
    assert found.mail is not None
    assert (parse(found.mail, sniff).subject, parse(found.mail, sniff).text) == ("V/v báo cáo", "Kính gửi.")


def test_a_winmail_dat_in_a_code_page(opener: Opener) -> None:
    """Names and texts of 8 bits are read in the code page of the winmail.dat."""
    made = tnef(
        {BODY: b"K\xednh g\xfd\xd2i\0"}, [{LONG: b"B\xe1o c\xe1o quy\xec 1.pdf\0", CONTENT: PDF}], code_page=1258
    )
    found = unwrapped(opener, made)
    assert [file.name for file in found.files] == ["Báo cáo quý 1.pdf"]
    assert found.mail is not None
    assert parse(found.mail, sniff).text == "Kính gửi"


def test_a_mail_inside_a_winmail_dat(opener: Opener) -> None:
    """An embedded mail becomes an .eml file, and what it carries is found when it is unwrapped."""
    inner = tnef({**LETTER, SUBJECT: "Bên trong"}, [FILE])
    found = unwrapped(opener, tnef(LETTER, [{CONTENT: MAIL_INSIDE + inner}]))
    assert [(file.folder, file.name) for file in found.files] == [("", "Bên trong.eml"), ("Bên trong.eml", FILE[LONG])]


def test_a_cut_winmail_dat_gives_what_it_has(opener: Opener) -> None:
    """The file before the cut comes out, and the damage is told."""
    made = tnef(LETTER, [FILE, {LONG: "b.bin", CONTENT: b"b" * 5_000}])
    found = unwrapped(opener, made[:-3_000])
    assert ([file.name for file in found.files], found.defects) == ([FILE[LONG]], ("damaged",))
    bare = unwrapped(opener, made[: made.index(PDF) + 9])
    assert (bare.files, bare.defects, bare.mail is None) == ((), ("damaged",), False)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key, its certificate, a MIME entity and a PDF."""
    folder = tmp_path_factory.mktemp("signer")
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=a"]
    subprocess.run(["openssl", *made], cwd=folder, check=True, capture_output=True)
    (folder / "entity").write_bytes(ENTITY)
    (folder / "a.pdf").write_bytes(PDF)
    return folder


def cms(folder: Path, *options: str) -> bytes:
    """What openssl makes of the entity."""
    keys = ("-signer", "c.pem", "-inkey", "k.pem") if "-sign" in options else ()
    made = ["openssl", "cms", "-binary", *keys, *options]
    return subprocess.run(made, cwd=folder, check=True, capture_output=True).stdout


@pytest.mark.parametrize(
    "options",
    [
        ("-outform", "DER"),
        ("-outform", "DER", "-stream", "-indef"),
        ("-outform", "PEM"),
        ("-outform", "DER", "-cades"),
    ],
    ids=["der", "ber", "pem", "cades"],
)
def test_opaque_signed_mail_is_read(opener: Opener, signer: Path, options: tuple[str, ...]) -> None:
    """lesson 23: the entity inside comes out of DER, BER of indefinite length and PEM; bare base64 is known too."""
    made = cms(signer, "-sign", "-nodetach", "-in", "entity", *options)
    assert unwrapped(opener, made).mail == ENTITY
    if b"-----" not in made:
        assert unwrapped(opener, base64.encodebytes(made)).mail == ENTITY


def test_a_signed_pdf_in_a_p7m_is_a_file(opener: Opener, signer: Path) -> None:
    """What is signed as it is, is a file; in an archive it is called as its container, without the ending."""
    made = cms(signer, "-sign", "-nodetach", "-in", "a.pdf", "-outform", "DER")
    assert [(file.name, file.content) for file in unwrapped(opener, made).files] == [(None, PDF)]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("12.pdf.p7m", made)
    assert [file.name for file in unwrapped(opener, held.getvalue()).files] == ["12.pdf"]


def test_what_is_encrypted_is_named_and_a_signature_holds_nothing(opener: Opener, signer: Path) -> None:
    """Enveloped data is locked; a signature that stands apart is no container."""
    locked = unwrapped(opener, cms(signer, "-encrypt", "-in", "entity", "-outform", "DER", "c.pem"))
    assert (locked.mail, locked.files, locked.defects) == (None, (), ("encrypted",))
    apart = cms(signer, "-sign", "-in", "entity", "-outform", "DER")
    assert sniff(apart) == "application/pkcs7-signature"
    assert sniff(apart) not in KINDS


def test_mails_in_an_archive_are_kept_and_opened(opener: Opener) -> None:
    """A .msg and an .eml in a ZIP: each stays as a mail, and its files lie in a folder of its name."""
    plain = b"From: a@b.example\r\nSubject: x\r\n\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("thư/một.msg", msg(LETTER, files=[FILE]))
        package.writestr("hai.eml", plain)
    found = unwrapped(opener, held.getvalue())
    wanted = [("thư", "một.eml"), ("thư/một.msg", FILE[LONG]), ("", "hai.eml"), ("hai.eml", "a.txt")]
    assert [(file.folder, file.name) for file in found.files] == wanted
    assert parse(found.files[0].content, sniff).subject == "V/v báo cáo"


def test_an_archive_in_a_msg_is_opened_too(opener: Opener) -> None:
    """The mail keeps all its files; what lies in the archives among them stands beside it, and nothing stands twice."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("phụ lục/a.pdf", PDF)
    archive = {LONG: "hồ sơ.zip", CONTENT: held.getvalue()}
    broken = {LONG: "hỏng.zip", CONTENT: b"PK\3\4" + bytes(40)}
    found = unwrapped(opener, msg(LETTER, files=[FILE, archive, broken]))
    assert [(file.folder, file.name, file.content) for file in found.files] == [("hồ sơ.zip/phụ lục", "a.pdf", PDF)]
    assert found.mail is not None
    assert [each.name for each in parse(found.mail, sniff).attachments] == [FILE[LONG], "hồ sơ.zip", "hỏng.zip"]
    assert found.defects == ("damaged",)
    again = opener.unwrap(found.mail, "message/rfc822")
    assert isinstance(again, Opened)
    assert ([file.name for file in again.files], again.defects) == (["a.pdf"], ("damaged",))


def test_a_mail_is_given_as_it_is(opener: Opener) -> None:
    """message/rfc822 is its own content."""
    assert opener.unwrap(ENTITY, "message/rfc822") == Opened((), ENTITY)
    assert opener.open(ENTITY, "message/rfc822", Budget()) == Opened((), ENTITY)
