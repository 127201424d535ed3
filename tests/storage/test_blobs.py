"""Blobs: by their SHA-256, durable, never overwritten; on a disk and in a real S3 server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import boto3
import pytest
from moto.server import ThreadedMotoServer

from storage import blobs
from storage.blobdisk import DiskKeeper
from storage.blobs import Blob, Blobs, BlobsAway, NoBlob, SpoiledBlob, key
from tests.crash.paper_disk import Loss, PaperDisk

ACCESS = ("id", "secret")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    account = {"region_name": "us-east-1", "aws_access_key_id": ACCESS[0], "aws_secret_access_key": ACCESS[1]}
    boto3.client("s3", endpoint_url=url, **account).create_bucket(Bucket="kho")
    yield url
    server.stop()


@pytest.fixture(params=["disk", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Either kind of store."""
    if request.param == "disk":
        return blobs.on_disk(tmp_path / "blobs")
    return blobs.in_s3("s3://kho/thu", endpoint=request.getfixturevalue("endpoint"), access=ACCESS)


def named(octets: bytes) -> tuple[bytes, str]:
    """Octets and their name."""
    return octets, sha256(octets).hexdigest()


def test_a_blob_comes_back(store: Blobs) -> None:
    """What was put is what is got, also nothing at all, and also the second time it is put."""
    for octets in (os.urandom(1000), b"", bytes(6 << 20)):
        store.put(*named(octets))
        store.put(*named(octets))
        assert store.get(named(octets)[1]) == octets


def test_many_at_once(store: Blobs, tmp_path: Path) -> None:
    """Octets and files, new and known, and the same one twice in a batch."""
    file = tmp_path / "S-1.mail"
    file.write_bytes(os.urandom(5000))
    known, new = named(os.urandom(10)), named(os.urandom(20))
    store.put(*known)
    batch: list[Blob] = [known, new, (file, sha256(file.read_bytes()).hexdigest()), new]
    store.put_many(batch)
    for octets, name in batch:
        assert store.get(name) == (octets.read_bytes() if isinstance(octets, Path) else octets)


def test_an_unknown_blob_is_told(store: Blobs) -> None:
    """NoBlob, which is nobody's temporary trouble."""
    with pytest.raises(NoBlob):
        store.get(named(b"never put")[1])


def test_a_store_that_is_away_is_temporary() -> None:
    """BlobsAway, and the caller may try again."""
    away = blobs.in_s3("s3://kho", endpoint="http://127.0.0.1:1", access=ACCESS)
    with pytest.raises(BlobsAway):
        away.put(*named(b"x"))
    with pytest.raises(BlobsAway):
        away.get(named(b"x")[1])


def test_what_is_forgotten_is_gone(store: Blobs) -> None:
    """The octets, and the name; once more is nothing, the others stay, and the same may be put again."""
    one, other = named(os.urandom(100)), named(os.urandom(100))
    store.put_many([one, other])
    for _ in range(2):
        store.forget(one[1])
        with pytest.raises(NoBlob):
            store.get(one[1])
    assert store.get(other[1]) == other[0]
    store.put(*one)
    assert store.get(one[1]) == one[0]


def test_names_that_begin_alike_are_found(store: Blobs) -> None:
    """By the name alone: what lies under it may be anything."""
    beginning = os.urandom(16).hex()
    names = sorted(beginning + os.urandom(16).hex() for _ in range(3))
    store.put_many([(b"sealed", name) for name in (*names, beginning[:2] + os.urandom(31).hex())])
    assert store.like(beginning) == names
    assert store.get_sealed(names[0]) == b"sealed"
    assert store.like("00" * 16) == []


def test_what_is_forgotten_stays_so_after_a_power_cut() -> None:
    """When ``forget`` returns, the directory has been synced without the name."""
    disk = PaperDisk()
    keeper = DiskKeeper(Path("/blobs"), files=disk)
    keeper.put_many([named(b"x")])
    keeper.forget(named(b"x")[1])
    left = disk.left(Loss.ALL, Random(1))  # noqa: S311  a test
    assert left.names(Path("/blobs") / named(b"x")[1][:2]) == []


def test_other_octets_are_never_given(tmp_path: Path) -> None:
    """A blob that the disk has spoiled is told, not handed out."""
    store = blobs.on_disk(tmp_path)
    name = named(b"true")[1]
    store.put(b"true", name)
    (tmp_path / key(name)).write_bytes(b"false")
    with pytest.raises(SpoiledBlob):
        store.get(name)


def test_a_blob_is_never_overwritten(tmp_path: Path) -> None:
    """Putting it again leaves the file that is there alone."""
    store = blobs.on_disk(tmp_path)
    store.put(*named(b"x"))
    before = (tmp_path / key(named(b"x")[1])).stat()
    store.put(*named(b"x"))
    after = (tmp_path / key(named(b"x")[1])).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_finished_file_gets_a_second_name(tmp_path: Path) -> None:
    """A large mail is not copied on the same disk, and outlives its first name."""
    file = tmp_path / "S-1.mail"
    file.write_bytes(bytes(100_000))
    store = blobs.on_disk(tmp_path / "blobs")
    name = sha256(bytes(100_000)).hexdigest()
    store.put(file, name)
    assert (tmp_path / "blobs" / key(name)).stat().st_ino == file.stat().st_ino
    file.unlink()
    assert store.get(name) == bytes(100_000)


def test_a_file_of_another_disk_is_copied(tmp_path: Path) -> None:
    """Where no second name can be given, the octets are."""
    shared = Path("/dev/shm")  # noqa: S108  the one other disk that every Linux has
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one disk only")
    file = shared / f"lienthong-{os.getpid()}.mail"
    file.write_bytes(b"from afar")
    try:
        store = blobs.on_disk(tmp_path)
        store.put(file, named(b"from afar")[1])
    finally:
        file.unlink()
    assert store.get(named(b"from afar")[1]) == b"from afar"


def test_nothing_staged_is_left(tmp_path: Path) -> None:
    """Neither after a success nor after a failure; what a crash left goes after a day."""
    keeper = DiskKeeper(tmp_path)
    keeper.put_many([named(b"a"), named(b"b")])
    with pytest.raises(FileNotFoundError):
        keeper.put_many([named(b"c"), (tmp_path / "nowhere", "00" * 32)])
    fresh, stale = tmp_path / "staging" / "fresh", tmp_path / "staging" / "stale"
    fresh.touch()
    stale.touch()
    os.utime(stale, (0, 0))
    DiskKeeper(tmp_path)
    assert os.listdir(tmp_path / "staging") == ["fresh"]  # noqa: PTH208  names


def test_a_batch_shares_its_syncs() -> None:
    """Every file is synced before any gets its name; a directory is synced once for all names in it."""
    disk = PaperDisk()
    keeper = DiskKeeper(Path("/blobs"), files=disk)
    same_directory = [(b"%d" % n, f"ab{n:062}") for n in range(10)]
    keeper.put_many(same_directory[:1])
    steps: list[None] = []
    disk.before_step = lambda: steps.append(None)
    keeper.put_many(same_directory)
    assert len(steps) == 9 * 5 + 1  # create, write, sync, link and unlink each of nine; one directory
