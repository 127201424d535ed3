"""Archives, opened: what is inside comes out under its name, and what cannot come out is told."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.examine.containers import archive
from gateway.examine.containers.kinds import SEVEN_ZIP
from gateway.examine.containers.naming import placed, read_path
from gateway.examine.containers.opened import Budget, Defect, Opened, key
from gateway.examine.containers.opener import KINDS, MODULE, Opener
from gateway.examine.containers.tray import Tray
from gateway.examine.filetype import sniff
from gateway.examine.sandbox import Sandbox
from gateway.words import Language, words
from tests.gateway.examine.made import docx
from tests.gateway.examine.wrapped import Entry, rar4, rar5, zip_of
from tests.pdf_files import PDF

STORED = b"%PDF-1.4\n%%EOF\n"  # so small that it is stored as it is
NAME = "Công văn số 12 về việc báo cáo.pdf"
NAMES = (NAME, "Đơn.pdf", "Tờ trình_phê duyệt.docx", "thư mời/Giấy mời họp.pdf", "QĐ.pdf")


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    """One opener for all of these containers."""
    with Sandbox([MODULE]) as sandbox:
        yield Opener(sandbox)


def unwrapped(opener: Opener, content: bytes, limits: Budget | None = None) -> Opened:
    """What is in a container, which must be one of a kind that is opened."""
    kind = sniff(content)
    assert kind in KINDS
    found = opener.unwrap(content, kind, limits)
    assert isinstance(found, Opened)
    return found


def listed(found: Opened) -> list[tuple[str, str | None, bytes]]:
    """Folder, name and content of each file."""
    return [(file.folder, file.name, file.content) for file in found.files]


def zipped(*files: tuple[str, bytes]) -> bytes:
    """A ZIP as Python's own library writes it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(name, content)
    return held.getvalue()


def tarred(*members: tarfile.TarInfo, content: bytes = b"") -> bytes:
    """A tar of these members, each a file of the same content when it is one."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as package:
        for member in members:
            member.size = len(content) if member.isreg() else 0
            package.addfile(member, io.BytesIO(content) if member.isreg() else None)
    return held.getvalue()


def made_by_7z(folder: Path, *options: str, ending: str = "7z") -> bytes:
    """An archive that 7-Zip makes of two files."""
    (folder / "thư mục").mkdir()
    (folder / "thư mục" / NAME).write_bytes(STORED)
    (folder / "b.txt").write_bytes(b"b" * 5_000)
    target = folder / f"made.{ending}"
    packed = ["7z", "a", "-bd", "-y", *options, target.name, "thư mục", "b.txt"]
    subprocess.run(packed, cwd=folder, check=True, capture_output=True)
    return target.read_bytes()


BOTH = [("", "b.txt", b"b" * 5_000), ("thư mục", NAME, STORED)]


@pytest.mark.peer("libarchive", "7z")
@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("7z", ()),
        ("7z", ("-m0=ppmd",)),
        ("7z", ("-ms=off", "-m0=bzip2")),
        ("zip", ()),
        ("zip", ("-mm=lzma",)),
        ("zip", ("-mm=bzip2",)),
        ("tar", ()),
    ],
)
def test_what_7zip_packs_is_unpacked(opener: Opener, tmp_path: Path, ending: str, options: tuple[str, ...]) -> None:
    """Folders, Vietnamese names and contents come out of 7z, ZIP and tar in every way of packing that is met."""
    found = unwrapped(opener, made_by_7z(tmp_path, *options, ending=ending))
    assert sorted(listed(found)) == BOTH
    assert found.defects == ()


@pytest.mark.peer("libarchive", "7z")
def test_an_unknown_way_of_packing_is_named(opener: Opener, tmp_path: Path) -> None:
    """Deflate64 is a way that nobody here knows: that is told, and what was stored as it is still comes out."""
    found = unwrapped(opener, made_by_7z(tmp_path, "-mm=deflate64", ending="zip"))
    assert (listed(found), found.defects) == (BOTH[1:], ("unknown",))


@pytest.mark.peer("libarchive", "7z")
@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("7z", ("-psecret",)),
        ("7z", ("-psecret", "-mhe=on")),
        ("zip", ("-psecret",)),
        ("zip", ("-psecret", "-mem=AES256")),
    ],
)
def test_a_password_is_named(opener: Opener, tmp_path: Path, ending: str, options: tuple[str, ...]) -> None:
    """7z with and without its names hidden, ZipCrypto and AES: each is locked, not damaged."""
    found = unwrapped(opener, made_by_7z(tmp_path, *options, ending=ending))
    assert (found.files, found.defects) == ((), ("encrypted",))


@pytest.mark.peer("libarchive")
@pytest.mark.parametrize(
    "content",
    [
        zip_of(Entry(b"a.txt", b"open"), Entry(b"b.txt", b"locked by a password", flags=1)),
        rar4([(b"a.txt", b"open", 0), (b"b.txt", b"0123456789abcdef", 0x04)]),
        rar5({"a.txt": b"open", "b.txt": b"0123456789abcdef"}, locked=frozenset({"b.txt"})),
    ],
    ids=["zip", "rar4", "rar5"],
)
def test_what_is_not_locked_still_comes_out(opener: Opener, content: bytes) -> None:
    """When only some entries have a password, the others are read and the lock is named."""
    found = unwrapped(opener, content)
    assert (listed(found), found.defects) == ([("", "a.txt", b"open")], ("encrypted",))


@pytest.mark.peer("libarchive")
@pytest.mark.parametrize("content", [rar4([(b"a", b"a", 0)], head_locked=True), rar5({}, head_locked=True)])
def test_a_rar_with_hidden_names_is_locked(opener: Opener, content: bytes) -> None:
    """RAR 4 and 5 with a password on the names too."""
    assert unwrapped(opener, content).defects == ("encrypted",)


@pytest.mark.peer("libarchive")
@pytest.mark.parametrize(
    "content", [rar4([(b"a/b.txt", b"x", 0), (NAME.encode(), PDF, 0)]), rar5({"a/b.txt": b"x", NAME: PDF})]
)
def test_rar_is_read(opener: Opener, content: bytes) -> None:
    """RAR 4 and 5, with Vietnamese names."""
    found = unwrapped(opener, content)
    assert (listed(found), found.defects) == ([("a", "b.txt", b"x"), ("", NAME, PDF)], ())


@pytest.mark.peer("libarchive")
@pytest.mark.parametrize(
    ("packed", "name"),
    [(gzip.compress(PDF), None), (bz2.compress(PDF), None), (lzma.compress(PDF), None)],
    ids=["gz", "bz2", "xz"],
)
def test_one_file_packed_by_itself(opener: Opener, packed: bytes, name: str | None) -> None:
    """gz, bz2 and xz hold one file; inside another archive it is called as its container, without the ending."""
    assert listed(unwrapped(opener, packed)) == [("", name, PDF)]
    assert listed(unwrapped(opener, zipped(("a/12-UBND.pdf.gz", packed)))) == [("a/12-UBND.pdf.gz", "12-UBND.pdf", PDF)]


@pytest.mark.peer("libarchive")
def test_gzip_may_keep_a_name(opener: Opener) -> None:
    """The name that gzip keeps is the file's."""
    held = io.BytesIO()
    with gzip.GzipFile("Don.pdf", "wb", fileobj=held) as file:
        file.write(PDF)
    assert listed(unwrapped(opener, held.getvalue())) == [("", "Don.pdf", PDF)]


@pytest.mark.peer("libarchive")
def test_links_and_devices_are_no_files(opener: Opener) -> None:
    """Symbolic links, hard links, devices and folders hold nothing, in tar and in ZIP."""
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
    members = [tarfile.TarInfo("a.txt")]
    for kind in kinds:
        members.append(tarfile.TarInfo(kind.decode()))
        members[-1].type, members[-1].linkname = kind, "a.txt"
    assert listed(unwrapped(opener, tarred(*members, content=b"a"))) == [("", "a.txt", b"a")]
    links = zip_of(Entry(b"a.txt", b"a"), Entry(b"l", b"/etc/passwd", mode=0o120777), Entry(b"d/", mode=0o40755))
    assert listed(unwrapped(opener, links)) == [("", "a.txt", b"a")]


@pytest.mark.parametrize(
    ("path", "folder", "name"),
    [
        ("../../etc/passwd", "etc", "passwd"),
        ("/abs/a.pdf", "abs", "a.pdf"),
        ("C:\\Users\\a\\x.pdf", "Users/a", "x.pdf"),
        ("a/../../b.pdf", "a", "b.pdf"),
        ("hợp\u202efdp.exe", "", "hợpfdp.exe"),
        ("a.pdf\0.exe", "", "a.pdf_.exe"),
        ("a.pdf:Zone.Identifier", "", "a.pdf"),
        ("2025/01.pdf", "2025", "01.pdf"),
        ("a/..", "a", None),
        ("a\r\nb.pdf", "", "a b.pdf"),
    ],
)
def test_names_lead_nowhere(opener: Opener, path: str, folder: str, name: str | None) -> None:
    """Climbing, absolute, hidden, streamed and cut names become names, in the child and again in the parent."""
    assert (placed(path).folder, placed(path).name) == (folder, name)
    found = unwrapped(opener, zip_of(Entry(path.encode(), b"x", flags=0x800)))
    assert listed(found) == [(folder, name, b"x")]


def in_alphabet(text: str, codec: str) -> bytes:
    """The octets of a name: of Windows-1258 with its tones apart, of UTF-8 composed or apart, or taken for DOS."""
    if codec == "cp1258":
        apart = (unicodedata.normalize("NFD", letter) for letter in text)
        return b"".join(_cp1258(letters) for letters in apart)
    if codec == "nfd":
        return unicodedata.normalize("NFD", text).encode()
    return text.encode().decode("cp437").encode() if codec == "twice" else text.encode()


def _cp1258(letters: str) -> bytes:
    """A letter with what belongs to it in one octet, its tone in the next."""
    tones = "".join(mark for mark in letters[1:] if mark in "\u0300\u0301\u0303\u0309\u0323")
    letter = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in tones))
    return (letter + tones).encode("cp1258")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("codec", ["cp1258", "nfd", "twice", "utf-8"])
def test_names_without_a_charset_are_read(name: str, codec: str) -> None:
    """Old packers leave the charset out: Windows-1258, UTF-8 without its flag, from Macs, and encoded twice."""
    assert read_path(in_alphabet(name, codec), utf8=codec == "twice") == name


def test_tcvn3_names_are_read(opener: Opener) -> None:
    """A name typed in an .VnTime font comes out in Unicode; so do the French in DOS letters."""
    archived = zip_of(Entry(b"C\xabng v\xa8n s\xe8 12.pdf", PDF), Entry("Résumé.txt".encode("cp437"), b"r"))
    assert [file.name for file in unwrapped(opener, archived).files] == ["Công văn số 12.pdf", "Résumé.txt"]


def test_info_zip_tells_the_name_in_unicode(opener: Opener) -> None:
    """The Unicode path field counts when its checksum is that of the name, else it is not believed."""
    for checksum, name in ((zlib.crc32(b"cv.pdf"), "công văn.pdf"), (1, "cv.pdf")):
        field = b"\1" + checksum.to_bytes(4, "little") + "công văn.pdf".encode()
        extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
        assert unwrapped(opener, zip_of(Entry(b"cv.pdf", b"x", extra=extra))).files[0].name == name


def test_equal_names_are_counted_and_noise_is_left_out(opener: Opener) -> None:
    """Two files of one name both come out; what systems leave for themselves does not; empty files do."""
    made = zip_of(
        *(Entry(b"a.pdf", each) for each in (b"1", b"2", b"")),
        Entry(b"__MACOSX/._a.pdf", b"m"),
        Entry(b".DS_Store", b"d"),
    )
    assert listed(unwrapped(opener, made)) == [("", "a.pdf", b"1"), ("", "a (2).pdf", b"2"), ("", "a (3).pdf", b"")]


def test_junk_around_a_zip_and_other_names_inside_do_no_harm(opener: Opener) -> None:
    """Octets before it, a comment behind it, and a local name that differs: the directory counts."""
    made = zip_of(Entry(b"a.pdf", PDF, local_name=b"other.exe"), comment=b"c" * 300, before=b"PK\3\4 not really")
    found = opener.unwrap(made, "application/zip")
    assert isinstance(found, Opened)
    assert listed(found) == [("", "a.pdf", PDF)]


def test_documents_are_no_containers() -> None:
    """Word and OpenDocument files are ZIPs that nobody opens."""
    assert sniff(docx("<w:p/>")) not in KINDS


def test_every_defect_has_its_sentence() -> None:
    """Each says in both languages what to do next."""
    for language in Language:
        assert all(words(language).say(key(defect)) for defect in Defect)


def test_without_libarchive_it_is_said() -> None:
    """On a machine without the library an archive it would read is of an unknown kind, and nothing fails."""
    tray = Tray(Budget())
    archive.take(b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP, tray, None)
    assert b'["unknown"]' in tray.answer()
