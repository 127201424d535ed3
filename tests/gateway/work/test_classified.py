"""Mails with a mark of state secrecy: under lock, told to those who must know, handed over, destroyed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.receive.forward import Rows
from gateway.work.classified import Forgetting, NoticeLeaving, Officer
from gateway.work.orders import Orders
from storage import journal, rebuild, seal, strongroom
from storage.blobs import NoBlob
from storage.incoming import UnknownMail
from storage.keys import Keys
from storage.payloads import Payloads, Tampered, WrongMaster
from storage.schema import letters, locked, mails, metadata
from storage.spool import Record
from storage.strongroom import Content, Destroyed, Locked, Strongroom, UnknownLocked, padded
from tests.offices import CLERK, DISTRICT, DOMAIN, World, opened_world

OFFICER, SECOND = "mat@namdinh.example", "mat2@namdinh.example"
TO = f"haihau@{DOMAIN}"
WORD = "quytnuqcaopb"  # stands in the body, the subject, the file and its name of every mail here
_numbers = count(1)


def marked(subject: str = f"[MẬT] Kế hoạch {WORD}", *, sender: str = CLERK, text: str = WORD) -> bytes:
    """A mail with a mark, unlike any other; its words can be searched for as they are."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, TO, subject
    mail["Message-ID"] = f"<{WORD}.{next(_numbers)}@haihau.namdinh.example>"
    mail.set_content(f"{text}\n")
    mail.add_attachment(f"%PDF-1.4 {WORD}".encode(), maintype="application", subtype="pdf", filename=f"{WORD}.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An office with two officers."""
    with opened_world(database_url, tmp_path_factory.mktemp("office"), officers=[OFFICER, SECOND]) as one:
        yield one


def boxes(world: World) -> list[Locked]:
    """What is under lock, the newest first."""
    with world.office.database.transaction() as tx:
        return strongroom.listed(tx, 1000)


def row(world: World, number: str) -> sa.Row[tuple[object, ...]]:
    """The row of a mail."""
    with world.office.database.transaction() as tx:
        return tx.execute(sa.select(mails).where(mails.c.spool_id == number)).one()


def notices(world: World, after: int = 0) -> list[tuple[str, str]]:
    """Template and address of each letter since then, oldest first."""
    with world.office.database.transaction() as tx:
        rows = tx.execute(sa.select(letters).where(letters.c.id > after).order_by(letters.c.id)).all()
    return [(one.spec.get("template", ""), one.to) for one in rows]


def last(world: World) -> int:
    """The last letter."""
    with world.office.database.transaction() as tx:
        return int(tx.execute(sa.select(sa.func.coalesce(sa.func.max(letters.c.id), 0))).scalar_one())


def officer(world: World) -> Officer:
    """An officer at work."""
    return Officer(world.office.database, world.office.desk, "đ/c Lan", world.clock())


def everywhere(world: World) -> bytes:
    """Every table as text, every name and content of the blobs."""
    with world.office.database.transaction() as tx:
        tables = [*metadata.tables, "procrastinate_jobs", "procrastinate_events"]
        every = "SELECT CAST(t AS text) FROM {} t"
        rows = [text for name in tables for text in tx.execute(sa.text(every.format(name))).scalars()]
    files = [path for path in Path(world.office.state.blobs).rglob("*") if path.is_file()]
    return b"\n".join([*(text.encode() for text in rows), *(path.name.encode() + path.read_bytes() for path in files)])


def test_a_marked_mail_is_nowhere_to_be_read(world: World) -> None:
    """Not a word, not the sender, not the size, not a digest: in no table, no blob, no name; only that it came."""
    stranger = f"{WORD}@xa.example"
    raw = marked(sender=stranger)
    mail = world.conclude(raw, [TO], sender=stranger, trusted=False)
    assert (mail.outcome, mail.rule, mail.sender, mail.code) == ("held", "classified", None, None)
    found = everywhere(world)
    for needle in (WORD.encode(), hashlib.sha256(raw).hexdigest().encode(), hashlib.sha256(raw).digest()):
        assert needle not in found
    kept = row(world, mail.spool_id)
    assert (kept.sender, kept.digest, kept.document, kept.size) == (None, None, None, padded(kept.size))
    assert kept.envelope == {"sender": None, "recipients": []}
    (box,) = boxes(world)
    assert (box.mail, box.degree, box.waits, box.destroyed_at) == (mail.spool_id, "mat", False, None)


def test_the_officer_gets_it_octet_for_octet_with_its_envelope(world: World) -> None:
    """What is under lock is whole, and the journal says who took it out and when."""
    raw = marked("Tối mật: phương án", sender=CLERK)
    mail = world.conclude(raw, [TO])
    box = boxes(world)[0]
    content = officer(world).take_out(box.id)
    assert content.raw == raw
    envelope = json.loads(content.envelope)
    assert (envelope["sender"], envelope["recipients"][0][0]) == (CLERK, TO)
    with world.office.database.transaction() as tx:
        told = [one for one in journal.read(tx, world.office.vault) if one.stream == f"mail/{mail.spool_id}"]
    assert [type(one.event).__name__ for one in told] == ["MailLocked", "MailConcluded", "MailHandedOver"]
    assert told[-1].actor == "đ/c Lan"


def test_officers_and_a_proven_sender_are_told_and_nobody_else(world: World) -> None:
    """Each officer gets the number alone, the proven clerk a fixed text; a stranger, or one unproven, gets nothing."""
    before = last(world)
    world.conclude(marked(), [TO])
    officers = [("locked-away", OFFICER), ("locked-away", SECOND)]
    assert notices(world, before) == [*officers, ("not-passed-on", CLERK)]
    with world.office.database.transaction() as tx:
        specs = [one.spec for one in tx.execute(sa.select(letters).where(letters.c.id > before)).all()]
    assert [set(spec) for spec in specs] == [{"template", "language", "facts"}] * 3
    assert [set(spec["facts"]) for spec in specs] == [{"number"}, {"number"}, {"at"}]
    before = last(world)
    world.conclude(marked(), [TO], trusted=False)
    world.conclude(marked(sender="la@xa.example"), [TO], sender="la@xa.example")
    assert notices(world, before) == officers * 2


@pytest.mark.parametrize("head", [b"Auto-Submitted: auto-replied", f"X-Lienthong-Loop: {DOMAIN}".encode()])
def test_machines_are_not_answered(world: World, head: bytes) -> None:
    """Lesson 30: an automatic answer or a loop with a mark goes under lock too, and only the officers hear of it."""
    before = last(world)
    mail = world.conclude(head + b"\r\n" + marked(), [TO])
    assert mail.rule == "classified"
    assert {to for _, to in notices(world, before)} == {OFFICER, SECOND}


def test_a_copy_is_known_without_a_digest(world: World) -> None:
    """Lesson 3: the same mail again goes under lock as a copy; nobody is told twice, one order destroys both."""
    raw = marked()
    world.conclude(raw, [TO])
    before, first = last(world), boxes(world)[0]
    world.conclude(b"Received: from x by y; Sat, 15 Oct 2016 09:00:00 +0700\r\n" + raw, [f"haian.haihau@{DOMAIN}"])
    second = boxes(world)[0]
    assert (second.copies, notices(world, before)) == (1, [])
    gone = officer(world).purge(first.id, "QĐ 12/QĐ-UBND")
    assert [one for one, _ in gone.locked] == [first.id, second.id]
    assert all(one.destroyed_at for one in boxes(world)[:2])


def test_the_pen_cannot_let_it_out(world: World) -> None:
    """Neither released nor refused like other held mails: only its officers decide."""
    mail = world.conclude(marked(), [TO])
    orders = Orders(world.office.database, world.office.desk, "admin", world.clock())
    with pytest.raises(UnknownMail):
        orders.release(mail.spool_id)
    with pytest.raises(UnknownMail):
        orders.refuse(mail.spool_id, "x")
    assert world.outcome(mail.spool_id).outcome == "held"


def test_purged_is_gone_for_ever(world: World) -> None:
    """Key, octets, the notice and its key are destroyed; who and on what order stays, and the journal agrees."""
    before = last(world)
    raw = marked(sender=CLERK)
    world.conclude(raw, [TO])
    box = boxes(world)[0]
    with world.office.database.transaction() as tx:
        kept = tx.execute(sa.select(locked).where(locked.c.id == box.id)).one()
    sealed = world.office.blobs.get_sealed(kept.name)
    gone = officer(world).purge(box.id, "QĐ 13/QĐ-UBND")
    assert gone.letters == (last(world),)
    with pytest.raises(NoBlob):
        world.office.blobs.get_sealed(kept.name)
    for act in (officer(world).take_out, lambda number: officer(world).purge(number, "x")):
        with pytest.raises(Destroyed):
            act(box.id)
    with world.office.database.transaction() as tx:
        left = tx.execute(sa.select(locked).where(locked.c.id == box.id)).one()
        assert (left.name, left.master, left.wrapped, left.alike, left.notice, left.left) == (None,) * 6
        assert (left.destroyed_by, left.destroyed_on) == ("đ/c Lan", "QĐ 13/QĐ-UBND")
        assert rebuild.compare(tx, world.office.vault, lambda _: None) == []
    assert notices(world, before)[-1] == ("", "")
    assert not any(key and key in sealed for key in world.office.keys.masters.values())
    world.office.blobs.put(sealed, kept.name)  # somebody kept a copy of the encrypted blob
    found = everywhere(world)
    assert bytes(kept.wrapped) not in found
    assert kept.alike.encode() not in found
    world.office.blobs.forget(kept.name)


def test_a_notice_that_has_not_left_is_stopped_by_the_purge(world: World) -> None:
    """It is cancelled, not spoiled; while it is leaving, the order waits: its outcome could not be written."""
    world.conclude(marked(), [TO])
    box, letter = boxes(world)[0], last(world)
    with world.office.database.transaction() as tx:
        tx.execute(letters.update().where(letters.c.id == letter).values(transport="sending"))
    with pytest.raises(NoticeLeaving):
        officer(world).purge(box.id, "x")
    with world.office.database.transaction() as tx:
        tx.execute(letters.update().where(letters.c.id == letter).values(transport="queued"))
    officer(world).purge(box.id, "x")
    with world.office.database.transaction() as tx:
        state = tx.execute(sa.select(letters.c.transport).where(letters.c.id == letter)).scalar_one()
        assert rebuild.compare(tx, world.office.vault, lambda _: None) == []
    assert state == "cancelled"


def test_a_record_that_comes_again_leaves_nothing(world: World) -> None:
    """Forward died before the spool was told, and the mail is under lock since: its blob does not come back to stay."""
    number = world.arrive(raw := marked(), [TO])
    digest, kept = hashlib.sha256(raw).hexdigest(), row(world, number)
    record = Record(number, len(raw), digest, json.dumps(kept.envelope).encode(), raw)
    ledger = Rows(world.office.database, world.office.jobs)
    assert ledger.enter([record]) == []  # not under lock yet: it is needed
    world.work()
    assert ledger.enter([record]) == [digest]


def test_a_mail_with_the_same_octets_keeps_them_until_it_is_looked_at(world: World) -> None:
    """Taking away what was readable of one does not take it from another that nobody has read yet."""
    raw = marked()
    first, second = world.arrive(raw, [TO]), world.arrive(raw, [TO])
    world.work()
    assert {world.outcome(one).rule for one in (first, second)} == {"classified"}
    assert hashlib.sha256(raw).hexdigest().encode() not in everywhere(world)


def test_forgetting_twice_is_nothing_and_an_unknown_number_is_told(world: World) -> None:
    """Jobs come twice; people mistype."""
    world.conclude(marked(), [TO])
    forgetting = Forgetting(world.office.database, world.office.desk.strongroom)
    forgetting.forget(boxes(world)[0].id)
    with pytest.raises(UnknownLocked):
        forgetting.forget(10**6)
    with pytest.raises(UnknownLocked):
        officer(world).take_out(10**6)


def test_a_new_master_key_opens_it_after_rewrapping(world: World) -> None:
    """Master keys turn; what is under lock is wrapped anew, and the old master is not needed."""
    world.conclude(raw := marked(), [TO])
    number, turned = boxes(world)[0].id, world.office.keys.rotated()
    new = Strongroom(turned, world.office.blobs)
    alone = Strongroom(replace(turned, masters={turned.current: turned.master}), world.office.blobs)
    database = world.office.database
    with database.transaction() as tx, pytest.raises(WrongMaster):
        alone.open(tx, number)
    with database.transaction() as tx:
        assert new.rewrap(tx) > 0
        assert alone.open(tx, number).raw == raw
        back = Strongroom(replace(turned, current=world.office.keys.current), world.office.blobs)
        assert back.rewrap(tx) > 0


def test_what_was_changed_on_disk_is_not_believed(world: World) -> None:
    """An encrypted blob in another's place, or with one bit turned, opens for nobody."""
    world.conclude(marked(), [TO])
    number, blobs = boxes(world)[0].id, world.office.blobs
    with world.office.database.transaction() as tx:
        name = tx.execute(sa.select(locked.c.name).where(locked.c.id == number)).scalar_one()
    sealed = bytearray(blobs.get_sealed(name))
    sealed[100] ^= 1
    blobs.forget(name)
    blobs.put(bytes(sealed), name)
    with pytest.raises(Tampered):
        officer(world).take_out(number)


def test_the_chain_holds_and_a_vault_of_others_opens_nothing(world: World) -> None:
    """After all this the journal is whole, and other keys than ours open none of it."""
    with world.office.database.transaction() as tx:
        assert seal.verify(tx).holds
        number = next(one.id for one in strongroom.listed(tx) if not one.destroyed_at)
    strangers = Strongroom(Keys.fresh(), world.office.blobs)
    with world.office.database.transaction() as tx, pytest.raises(WrongMaster):
        strangers.open(tx, number)
    assert DISTRICT not in repr((Content(b"x", b"y"), strangers, Payloads(Keys.fresh())))


def test_no_more_notices_than_the_settings_allow(world: World) -> None:
    """Lesson 30: a robot that sends marked mails all day fills no mailbox; the list has them all."""
    world.clock.now = datetime.now(UTC) + timedelta(days=3)
    before, many = last(world), world.office.desk.max_notices + 3
    for _ in range(many):
        world.arrive(marked(), [TO])
    world.work()
    told = [to for _, to in notices(world, before)]
    assert {to: told.count(to) for to in set(told)} == dict.fromkeys((OFFICER, SECOND, CLERK), many - 3)
    assert len({box.mail for box in boxes(world)}) >= many
    world.clock.now = None


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 100_000, 1 << 20, (1 << 20) + 1, 50 << 20])
def test_sizes_are_blurred(size: int) -> None:
    """Never smaller, at most an eighth larger, and there are few sizes to tell mails apart by."""
    blurred = padded(size)
    assert size <= blurred <= max(4096, size * 9 // 8)
    assert padded(blurred) == blurred
