"""The constant file: what was written is read, and no damage gives a wrong answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import constfile
from storage.constfile import BrokenFile, ConstFile

FEW = {b"ahaiphuc": b"xa", b"ahaihau": b"huyen", b"": b"nothing", b"empty": b""}


def written(folder: Path, content: dict[bytes, bytes]) -> Path:
    """A file with this content."""
    path = folder / "book"
    constfile.write(path, content.items())
    return path


@given(content=st.dictionaries(st.binary(max_size=40), st.binary(max_size=200)), others=st.sets(st.binary(max_size=40)))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, content: dict[bytes, bytes], others: set[bytes]
) -> None:
    """Every key gives its value, every other key gives None, and ``items`` tells all in the order of writing."""
    file = ConstFile(written(tmp_path_factory.mktemp("c"), content))
    assert {key: file.get(key) for key in content} == content
    assert [file.get(key) for key in others - content.keys()] == [None] * len(others - content.keys())
    assert list(file.items()) == list(content.items())


def test_keys_with_the_same_hash_are_told_apart(tmp_path: Path) -> None:
    """Two keys of one CRC-32 keep their own values."""
    assert crc32(b"plumless") == crc32(b"buckeroo")
    file = ConstFile(written(tmp_path, {b"plumless": b"1", b"buckeroo": b"2"}))
    assert (file.get(b"plumless"), file.get(b"buckeroo")) == (b"1", b"2")


def test_a_key_is_written_once(tmp_path: Path) -> None:
    """The same key twice is refused, and nothing is left behind."""
    with pytest.raises(ValueError, match="haihau"):
        constfile.write(tmp_path / "book", [(b"haihau", b"1"), (b"other", b"2"), (b"haihau", b"3")])
    assert list(tmp_path.iterdir()) == []


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    """Cut anywhere, the file does not open: whether its end or nearly everything is missing."""
    path = written(tmp_path, FEW)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(BrokenFile):
            ConstFile(path)


def test_a_longer_file_is_refused(tmp_path: Path) -> None:
    """Octets behind the end mean that it is not the file that was written."""
    path = written(tmp_path, FEW)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(BrokenFile):
        ConstFile(path)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """A file of another kind is not read as ours."""
    path = tmp_path / "book"
    path.write_bytes(b"SQLite format 3\0" * 100)
    with pytest.raises(BrokenFile):
        ConstFile(path)


def test_no_flipped_bit_gives_a_wrong_answer(tmp_path: Path) -> None:
    """Wherever a bit flips, each answer is the right one or BrokenFile."""
    path = written(tmp_path, FEW)
    whole = path.read_bytes()
    for at in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[at // 8] ^= 1 << at % 8
        path.write_bytes(damaged)
        for key, value in FEW.items():
            assert answer(path, key) in (value, BrokenFile)
        assert answer(path, b"unknown") in (None, BrokenFile)


def answer(path: Path, key: bytes) -> bytes | type[BrokenFile] | None:
    """What the file says of a key."""
    try:
        return ConstFile(path).get(key)
    except BrokenFile:
        return BrokenFile


def test_a_reader_keeps_the_file_it_opened(tmp_path: Path) -> None:
    """Replacing the file does not disturb who has it open; whoever opens it now sees the new one."""
    path = written(tmp_path, {b"haihau": b"old"})
    reader = ConstFile(path)
    written(tmp_path, {b"haihau": b"new"})
    assert reader.get(b"haihau") == b"old"
    assert ConstFile(path).get(b"haihau") == b"new"


def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """When the content cannot be had to its end, the old file stands and no draft lies about."""

    def interrupted() -> Iterator[tuple[bytes, bytes]]:
        yield b"haihau", b"new"
        raise ConnectionError

    path = written(tmp_path, {b"haihau": b"old"})
    with pytest.raises(ConnectionError):
        constfile.write(path, interrupted())
    assert ConstFile(path).get(b"haihau") == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Password hashes lie in it: no group, no others."""
    assert written(tmp_path, FEW).stat().st_mode & 0o777 == 0o600


def test_it_stays_quick_when_it_is_large(tmp_path: Path) -> None:
    """With 200,000 keys it opens within 50 ms, and a lookup takes well under 50 µs."""
    path = tmp_path / "book"
    constfile.write(path, ((b"nguoi%d@haihau.namdinh.example" % n, b"x" * 60) for n in range(200_000)))
    began = time.process_time()
    file = ConstFile(path)
    opened = time.process_time()
    assert all(file.get(b"nguoi%d@haihau.namdinh.example" % n) for n in range(0, 200_000, 20))
    asked = time.process_time()
    assert opened - began < 0.05
    assert (asked - opened) / 10_000 < 50e-6
