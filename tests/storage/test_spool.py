"""The spool: what goes in comes out, once, exact, durable, and in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pytest

from storage.files import DISK
from storage.spool import Limits, Reader, Record, Spool, SpoolBusy, SpoolFull, Stored
from storage.spool.names import Stamps, stamp_of

SMALL = Limits(own_file_over=4096, segment_bytes=16384, keep_free_bytes=1, lock_wait_s=0.05)
ENVELOPE = b'{"sender":null}'


@contextmanager
def opened(root: Path, owner: str = "door", **options: Limits | Callable[[], float]) -> Iterator[Spool]:
    """A spool, closed at the end."""
    spool = Spool(root, owner, **{"limits": SMALL, **options})
    try:
        yield spool
    finally:
        spool.close()


def send(spool: Spool, octets: bytes, envelope: bytes = ENVELOPE) -> Future[Stored]:
    """Write a mail in blocks of odd sizes and hand it over."""
    draft = spool.draft()
    for start in range(0, len(octets), 777):
        draft.write(octets[start : start + 777])
    return spool.commit(draft, envelope)


def taken(reader: Reader) -> list[Record]:
    """All that waits, confirmed."""
    records: list[Record] = []
    while batch := reader.take(100, 1 << 20):
        records += batch.records
        reader.confirm(batch)
    return records


def octets(record: Record) -> bytes:
    """The mail itself."""
    return record.octets.read_bytes() if isinstance(record.octets, Path) else record.octets


def names(root: Path, ending: str) -> list[str]:
    """The files of the door with such a name."""
    return [name for name in DISK.names(root / "door") if name.endswith(ending)]


def flip(path: Path, offset: int) -> None:
    """Spoil one octet of a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        octet = file.read(1)
        file.seek(offset)
        file.write(bytes([octet[0] ^ 1]))


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 50_000])
def test_a_mail_comes_out_as_it_went_in(tmp_path: Path, size: int) -> None:
    """Size, digest, envelope and octets are those that were written, in the segment or in an own file."""
    mail = os.urandom(size)
    with opened(tmp_path) as spool:
        stored = send(spool, mail).result()
        record = Reader(tmp_path).take(9, 9).records[0]
        assert octets(record) == mail
    assert (stored.size, stored.sha256) == (size, sha256(mail).hexdigest())
    assert (record.spool_id, record.size, record.sha256) == (stored.spool_id, size, stored.sha256)
    assert record.envelope == ENVELOPE


def test_a_long_envelope_comes_out_whole(tmp_path: Path) -> None:
    """Hundreds of recipients do not fit the first glance of the reader."""
    envelope = b'"' + b"x" * 100_000 + b'"'
    with opened(tmp_path) as spool:
        send(spool, b"mail", envelope).result()
        assert Reader(tmp_path).take(1, 1).records[0].envelope == envelope


def test_a_large_mail_is_not_held_in_memory(tmp_path: Path) -> None:
    """Over the limit it goes to its own file, block by block; a discarded one leaves no file."""
    with opened(tmp_path) as spool:
        draft = spool.draft()
        most = 0
        for _ in range(100):
            draft.write(bytes(1000))
            most = max(most, sum(map(len, draft.held)))
        assert most <= 4096
        assert len(names(tmp_path, ".mail")) == 1
        draft.discard()
        assert names(tmp_path, ".mail") == []


def test_ids_can_be_read_out_and_sort_by_time(tmp_path: Path) -> None:
    """S-, then letters and digits that nobody confuses, in the order of acceptance."""
    with opened(tmp_path) as spool:
        ids = [send(spool, b"x").result().spool_id for _ in range(50)]
    assert ids == sorted(set(ids))
    assert all(len(one) == 18 and not set(one) - set("-0123456789ABCDEFGHJKMNPQRSTVWXYZ") for one in ids)
    assert len({one[-5:] for one in ids}) == 1


def test_no_id_comes_twice_when_the_clock_steps_back(tmp_path: Path) -> None:
    """Stamps rise over restarts too, whatever the clock says, also when all before was released."""
    ids: list[str] = []
    reader = None
    for now in (2_000_000_000.0, 1_900_000_000.0, 1_000.0):
        with opened(tmp_path, clock=lambda now=now: now) as spool:
            ids += [send(spool, b"x").result().spool_id for _ in range(3)]
            reader = reader or Reader(tmp_path)
            taken(reader)
        taken(reader)
    assert len(ids) == 9
    assert ids == sorted(set(ids))


def test_stamps_follow_the_clock() -> None:
    """A later clock gives a later stamp even after a burst, and a floor is kept."""
    ticks = iter((1_800_000_000.0, 1_800_000_000.0, 1_800_000_001.0))
    stamps = Stamps(lambda: next(ticks), floor=0)
    first, second, third = stamps.next(), stamps.next(), stamps.next()
    assert second == first + 1
    assert third == first + 16384
    assert Stamps(lambda: 0.0, floor=77).next() == 77
    assert stamp_of("S-0000-0000Z-ABCDE.mail") == 31
    assert stamp_of("S-0000-0000L-ABCDE.mail") is None


def test_one_writer_for_each_owner(tmp_path: Path) -> None:
    """A second process for the same owner is turned away until the first has closed; other owners are free."""
    with opened(tmp_path):
        with pytest.raises(SpoolBusy):
            Spool(tmp_path, "door", limits=SMALL)
        with opened(tmp_path, "other-door") as other:
            send(other, b"x").result()
    with opened(tmp_path) as spool:
        assert send(spool, b"x").result().size == 1


def test_no_draft_below_the_free_space_mark(tmp_path: Path) -> None:
    """The door hears SpoolFull before anything is written (lesson 41)."""
    with opened(tmp_path, limits=Limits(keep_free_bytes=1 << 60)) as spool, pytest.raises(SpoolFull):
        spool.draft()


def test_a_commit_cannot_be_cancelled(tmp_path: Path) -> None:
    """A session that hangs up does not take its mail back: it was handed over."""
    with opened(tmp_path) as spool:
        answer = send(spool, b"x")
        assert not answer.cancel()
        answer.result()
        assert len(taken(Reader(tmp_path))) == 1


def test_segments_rotate_and_go_when_they_are_confirmed(tmp_path: Path) -> None:
    """Size ends a segment; a closed one goes with its own files once all of it is confirmed, the newest stays."""
    with opened(tmp_path) as spool:
        for size in (9000, 3000, 3000, 3000, 3000, 3000, 3000, 9000, 10):
            send(spool, bytes(size)).result()
        assert len(names(tmp_path, ".seg")) == 2
        assert len(names(tmp_path, ".mail")) == 2
        reader = Reader(tmp_path)
        assert len(taken(reader)) == 9
        assert names(tmp_path, ".seg") == ["000000002.seg"]
        assert len(names(tmp_path, ".mail")) == 1  # of the segment that still grows
    taken(reader)
    assert names(tmp_path, ".seg") == ["000000003.seg"]
    assert names(tmp_path, ".mail") == []


def test_an_idle_segment_is_closed_after_a_while(tmp_path: Path) -> None:
    """So that its mails do not lie in the spool until it is full; an empty one is left alone."""
    with opened(tmp_path, limits=Limits(segment_age_s=0.01, keep_free_bytes=1)) as spool:
        send(spool, b"x").result()
        reader = Reader(tmp_path)
        deadline = monotonic() + 20
        while names(tmp_path, ".seg") != ["000000002.seg"]:
            taken(reader)
            assert monotonic() < deadline


def test_unconfirmed_records_come_again(tmp_path: Path) -> None:
    """Taking is looking; only confirming moves on."""
    with opened(tmp_path) as spool:
        send(spool, b"one").result()
        send(spool, b"two").result()
        reader = Reader(tmp_path)
        assert reader.take(1, 9).records == reader.take(1, 9).records
        reader.confirm(reader.take(1, 9))
        assert [octets(record) for record in reader.take(9, 99).records] == [b"two"]


def test_a_batch_ends_when_it_is_large_enough(tmp_path: Path) -> None:
    """By number or by octets; always at least one."""
    with opened(tmp_path) as spool:
        for _ in range(5):
            send(spool, bytes(100)).result()
        reader = Reader(tmp_path)
        assert [len(reader.take(*most).records) for most in ((3, 9999), (99, 150), (99, 1))] == [3, 2, 1]


def test_all_owners_are_read(tmp_path: Path) -> None:
    """Also those that come later, once the reader looks around."""
    with opened(tmp_path, "a") as a:
        send(a, b"from a").result()
        reader = Reader(tmp_path)
        with opened(tmp_path, "b") as b:
            send(b, b"from b").result()
            assert [octets(record) for record in taken(reader)] == [b"from a"]
            reader.adopt()
            assert [octets(record) for record in taken(reader)] == [b"from b"]


def test_an_own_file_that_nobody_named_is_taken_away(tmp_path: Path) -> None:
    """A door that died while a large mail came in leaves its file; the next start removes it."""
    with opened(tmp_path) as spool:
        draft = spool.draft()
        draft.write(bytes(9999))
        kept = send(spool, bytes(5000)).result()
    with opened(tmp_path):
        assert names(tmp_path, ".mail") == [f"{kept.spool_id}.mail"]


def test_a_torn_tail_is_cut(tmp_path: Path) -> None:
    """What was begun and never answered goes at start-up; what was answered stays."""
    with opened(tmp_path) as spool:
        send(spool, b"whole").result()
        segment = tmp_path / "door" / "000000001.seg"
        torn = segment.read_bytes() + b"MAIL" + bytes(300)
    # as if the door had died in the middle of a record, before it began a newer segment
    (tmp_path / "door" / "000000002.seg").unlink()
    segment.write_bytes(torn)
    (tmp_path / "door" / "gauge").unlink()
    with opened(tmp_path) as spool:
        assert spool.cut == 304
        assert [octets(record) for record in taken(Reader(tmp_path))] == [b"whole"]


@pytest.mark.parametrize("where", [10, 70, 120])
def test_one_damaged_record_does_not_stop_the_next(tmp_path: Path, where: int) -> None:
    """Whether header, envelope or octets: the others come out, the damage is told, the segment stays (lesson 1)."""
    with opened(tmp_path) as spool:
        first = (tmp_path / "door" / "000000001.seg").stat().st_size
        for text in (b"MAIL" * 20, b"MAIL MAIL MAIL two", b"three"):
            send(spool, text).result()
    flip(tmp_path / "door" / "000000001.seg", first + where)
    reader = Reader(tmp_path)
    batch = reader.take(9, 999)
    assert [octets(record) for record in batch.records] == [b"MAIL MAIL MAIL two", b"three"]
    assert [(one.segment.name, one.offset) for one in batch.damaged] == [("000000001.seg", first)]
    reader.confirm(batch)
    assert names(tmp_path, ".seg") == ["000000001.seg", "000000002.seg"]


def test_damage_to_what_was_durable_is_not_a_torn_tail(tmp_path: Path) -> None:
    """Below the gauge nothing is cut at start-up: a person must look."""
    with opened(tmp_path) as spool:
        for text in (b"one", b"two"):
            send(spool, text).result()
        segment, gauge = tmp_path / "door" / "000000001.seg", tmp_path / "door" / "gauge"
        durable, written = gauge.read_bytes(), segment.read_bytes()
    (tmp_path / "door" / "000000002.seg").unlink()
    gauge.write_bytes(durable)
    segment.write_bytes(written)
    flip(segment, 40)
    with opened(tmp_path) as spool:
        assert spool.cut == 0
        batch = Reader(tmp_path).take(9, 999)
        assert [octets(record) for record in batch.records] == [b"two"]
        assert len(batch.damaged) == 1


def test_a_missing_own_file_is_told(tmp_path: Path) -> None:
    """A record whose file is gone is damage, not a crash."""
    with opened(tmp_path) as spool:
        stored = send(spool, bytes(5000)).result()
        send(spool, b"next").result()
        (tmp_path / "door" / f"{stored.spool_id}.mail").unlink()
        batch = Reader(tmp_path).take(9, 9999)
        assert [octets(record) for record in batch.records] == [b"next"]
        assert len(batch.damaged) == 1


def test_a_segment_without_its_header_is_told(tmp_path: Path) -> None:
    """It is neither read by guess nor removed; the door goes on behind it."""
    with opened(tmp_path) as spool:
        send(spool, b"one").result()
    flip(tmp_path / "door" / "000000001.seg", 3)
    with opened(tmp_path) as spool:
        send(spool, b"two").result()
        batch = Reader(tmp_path).take(9, 99)
        assert [octets(record) for record in batch.records] == [b"two"]
        assert [one.segment.name for one in batch.damaged] == ["000000001.seg"]
