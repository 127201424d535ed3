"""The dispatcher when something gives way at the worst moment: nothing is lost, nothing is sent again in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from obstore.store import LocalStore

from gateway.send.courier import Courier, Outcome, Parcel
from gateway.work.postroom import MOST_OCTETS, Claimed, portions
from mailmap.document.events import DocumentPurged, LetterDelivered, LetterTried
from mailmap.mail.envelope import ForwardPath
from storage import register
from storage.blobdisk import DiskKeeper
from storage.blobs import Blobs, BlobsAway
from storage.database import Database, DatabaseDown
from storage.letters import Matter, Row
from storage.schema import journal, letters
from tests.gateway.work.posting import TO_DISTRICT, TO_HAI_AN, Post, words
from tests.offices import CLERK, DISTRICT


@dataclass(slots=True)
class Between:
    """A courier that lets something happen after it has carried, before it tells."""

    courier: Courier
    happens: Callable[[Sequence[Parcel]], None]

    def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """See Courier."""
        outcomes = self.courier.send(parcels)
        self.happens(parcels)
        return outcomes


@dataclass(slots=True)
class Fails:
    """A courier with a bug that shows for some letters."""

    courier: Courier
    letters: set[int]

    def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """See Courier."""
        if self.letters & {parcel.letter for parcel in parcels}:
            raise ZeroDivisionError
        return self.courier.send(parcels)


class Away(Database):
    """A database that goes away for a while: the transactions with these numbers fail, counted from ``begin``."""

    numbers: Sequence[int] = ()
    count = 0

    def begin(self, *numbers: int) -> None:
        """From now on."""
        self.numbers, self.count = numbers, 0

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """See Database."""
        self.count += 1
        if self.count in self.numbers:
            raise DatabaseDown("it went to lunch")
        with super().transaction() as tx:
            yield tx


class Closed(Blobs):
    """A blob store that answers nobody while it is ``closed``."""

    closed = True

    def get(self, sha256: str) -> bytes:
        """See Blobs."""
        if self.closed:
            raise BlobsAway("not now")
        return super().get(sha256)


def outcomes_of(post: Post, letter: int) -> list[str]:
    """What the journal says of a letter, in order."""
    query = sa.select(journal.c.kind).where(journal.c.body["letter"].astext == str(letter)).order_by(journal.c.seq)
    with post.world.office.database.transaction() as tx:
        return list(tx.execute(query).scalars())


def test_the_database_may_be_away_when_the_peer_has_spoken(post: Post) -> None:
    """The outcome waits in hand; the mail is not sent a second time."""
    code = post.registered(201)
    away = Away(str(post.world.office.settings.database.url))
    dispatcher = replace(post.dispatcher, database=away)
    dispatcher.stop.set()  # waits end at once
    away.begin(3, 4, 5)  # 1 claims, 2 notes the frame, 3 is point D
    dispatcher.send([post.delivery(code).id])
    dispatcher.stop.clear()
    away.close()
    assert post.delivery(code).transport == "relayed"
    assert len(post.about(DISTRICT, code)) == 1
    assert outcomes_of(post, post.delivery(code).id) == ["LetterQueued", "LetterTried", "LetterRelayed"]


def test_a_report_faster_than_our_own_commit_is_not_undone(post: Post) -> None:
    """A delivery report that came first stands; what the peer said is recorded and moves nothing back."""
    code, office = post.registered(202), post.world.office
    letter = post.delivery(code)

    def reported(_: Sequence[Parcel]) -> None:
        with office.database.transaction() as tx:
            stamp = datetime.now(UTC)
            told = LetterDelivered(letter.document, letter.id, 0, stamp.isoformat(), "2.0.0", "in the box")
            register.record(tx, office.vault, [told], actor="test", at=stamp)

    post.with_courier(Between(post.dispatcher.courier, reported)).send([letter.id])
    assert post.delivery(code).transport == "delivered"
    assert outcomes_of(post, letter.id)[-2:] == ["LetterDelivered", "LetterRelayed"]


def test_the_outcome_of_an_older_attempt_moves_nothing(post: Post) -> None:
    """Fencing: when a later attempt has begun, an earlier one only tells the journal."""
    code, office = post.registered(203), post.world.office
    letter = post.delivery(code)

    def taken_over(_: Sequence[Parcel]) -> None:
        with office.database.transaction() as tx:
            again = LetterTried(letter.document, letter.id, 2, datetime.now(UTC).isoformat())
            register.record(tx, office.vault, [again], actor="test", at=datetime.now(UTC))

    post.with_courier(Between(post.dispatcher.courier, taken_over)).send([letter.id])
    row = post.delivery(code)
    assert (row.transport, row.attempts) == ("sending", 2)
    assert outcomes_of(post, letter.id)[-1] == "LetterRelayed"
    post.dispatcher.send([letter.id], since=2)
    assert post.delivery(code).transport == "relayed"


def test_a_bug_in_sending_stops_one_letter_only(post: Post) -> None:
    """The batch is taken apart; the letter that shows the bug is uncertain, the others leave."""
    code = post.registered(204, ForwardPath(TO_DISTRICT), ForwardPath(TO_HAI_AN))
    bad, good = (row.id for row in post.letters(code) if row.kind == "delivery")
    dispatcher = post.with_courier(Fails(post.dispatcher.courier, {bad}))
    with pytest.raises(ZeroDivisionError):
        dispatcher.send([bad, good])
    dispatcher.send([bad, good])
    office = post.world.office
    office.jobs.run_until_empty(dispatcher.tasks(), ("send",))
    states = {row.id: row.transport for row in post.letters(code)}
    assert (states[bad], states[good]) == ("uncertain", "relayed")


def test_a_store_that_does_not_answer_is_waited_for(post: Post) -> None:
    """However often: nothing has left, so the letter is late and no attempt has died; it leaves when the store is back.

    Past the warning time the sender hears that the trouble is ours.
    """
    code, root = post.registered(205), Path(post.world.office.state.blobs)
    store = Closed(LocalStore(root), DiskKeeper(root))
    dispatcher = replace(post.dispatcher, postroom=replace(post.dispatcher.postroom, blobs=store))
    jobs = post.world.office.jobs
    for _ in range(6):
        jobs.run_until_empty(dispatcher.tasks(), ("send",), ahead=timedelta(hours=4))
        assert post.delivery(code).transport == "delayed"
    post.clock.now += timedelta(hours=5)
    jobs.run_until_empty(dispatcher.tasks(), ("send",), ahead=timedelta(hours=10))
    store.closed = False
    post.sent(ahead=timedelta(hours=6))
    assert post.delivery(code).transport == "relayed"
    assert len(post.about(DISTRICT, code)) == 1
    (warning,) = [mail for mail in post.about(CLERK, code) if mail.get_content_type() == "multipart/report"]
    assert "của chúng tôi" in words(warning)


def claimed(letter: int, document: int, octets: int) -> Claimed:
    """A claimed delivery of a document with one file of that size."""
    day = datetime(2016, 10, 15, tzinfo=UTC)
    row = Row(letter, document, 1, "delivery", "u", "a@b.example", {}, "queued", 0, day, day, None)
    sheet = {"enclosures": [{"size": octets}]}
    return Claimed(row, 1, Matter(document, "ND-1", "u", day, "normal", "information", sheet, None, None, ()), None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], []),
        ([(1, 100)], [[0]]),
        ([(1, 100), (2, 100), (3, 100)], [[0, 1, 2]]),
        ([(1, MOST_OCTETS)] * 4, [[0, 1, 2, 3]]),
        ([(1, MOST_OCTETS), (2, 1), (3, MOST_OCTETS)], [[0], [1], [2]]),
        ([(1, MOST_OCTETS * 2), (2, MOST_OCTETS * 2)], [[0], [1]]),
    ],
)
def test_large_files_are_written_in_small_portions(files: list[tuple[int, int]], expected: list[list[int]]) -> None:
    """Letters that share a file count it once; what does not fit together is written one after the other."""
    asked = [claimed(n, document, octets) for n, (document, octets) in enumerate(files)]
    assert [[one.row.id for one in portion] for portion in portions(asked)] == expected


def purged(post: Post, code: str) -> None:
    """The document is purged by order."""
    office, document = post.world.office, post.delivery(code).document
    with office.database.transaction() as tx:
        office.vault.destroy(tx, document, post.clock())
        order = DocumentPurged(document, "Lãnh đạo Văn phòng", "QĐ 12/QĐ-UBND")
        register.record(tx, office.vault, [order], actor="an officer", at=post.clock())


def test_nobody_hears_of_a_purged_document_any_more(post: Post) -> None:
    """Letters that had not left are cancelled, and the others of their batch leave."""
    gone, there = post.registered(206), post.registered(207)
    ids = [post.delivery(code).id for code in (gone, there)]
    purged(post, gone)
    post.dispatcher.send(ids)
    query = sa.select(letters.c.id, letters.c.transport).where(letters.c.id.in_(ids))
    with post.world.office.database.transaction() as tx:
        assert {row.id: row.transport for row in tx.execute(query)} == {ids[0]: "cancelled", ids[1]: "relayed"}


def test_a_purge_while_the_mail_is_on_its_way_stops_nobody_else(post: Post) -> None:
    """What can no longer be recorded about one letter is logged; the others are settled and not sent again."""
    gone, there = post.registered(208), post.registered(209)
    ids = [post.delivery(code).id for code in (gone, there)]
    post.with_courier(Between(post.dispatcher.courier, lambda _: purged(post, gone))).send(ids)
    assert post.delivery(there).transport == "relayed"
    post.sent()
    assert len(post.about(DISTRICT, there)) == 1
    assert len(post.about(DISTRICT, gone)) == 1


def test_a_letter_told_relayed_is_never_sent_again(post: Post) -> None:
    """A job that comes twice finds nothing to do."""
    code = post.registered(210)
    for _ in range(3):
        post.dispatcher.send([post.delivery(code).id])
    assert len(post.about(DISTRICT, code)) == 1


def test_after_all_this_register_and_journal_agree(post: Post) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert post.world.unlike_its_journal() == []
