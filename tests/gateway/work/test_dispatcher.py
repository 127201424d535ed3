"""From a queued letter to what became of it: real PostgreSQL, real queue, real sockets, real Maildirs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gateway.send.world import Fault
from gateway.work.orders import Orders
from gateway.work.scribe import Scribe
from mailmap.document.events import LetterTried
from mailmap.mail.envelope import ForwardPath, Notify
from mailmap.writing.evidence import thaw
from mailmap.writing.parts import Encoded, encode
from storage import register
from storage.schema import documents, posted
from tests.gateway.work.posting import HAI_AN, TO_DISTRICT, TO_HAI_AN, Post, opened_post, told, words
from tests.offices import CLERK, DISTRICT, World
from tests.pdf_files import PDF

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def post(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """One post for the tests of this module; the mailbox of Hải An does not exist."""
    with opened_post(world, tmp_path_factory.mktemp("outside"), missing=[HAI_AN]) as one:
        yield one


@pytest.fixture(autouse=True)
def _fair_weather(post: Post) -> None:
    """Every test begins today, in a world that behaves."""
    post.outside.faults.clear()
    post.clock.now = datetime.now(UTC)


def transports(post: Post, code: str) -> list[tuple[str, str]]:
    """Kind and state of every letter about a document."""
    return [(row.kind, row.transport) for row in post.letters(code)]


def test_a_document_reaches_the_unit_and_its_receipt_the_clerk(post: Post) -> None:
    """The paper arrives as it was sent, from its own return path; the receipt waited for its seal and answers."""
    code = post.registered(101)
    post.sent()
    assert transports(post, code) == [("delivery", "relayed"), ("receipt", "relayed")]
    (delivery,) = post.about(DISTRICT, code)
    (receipt,) = post.about(CLERK, code)
    (pdf,) = delivery.iter_attachments()
    assert str(pdf.get_filename()).startswith("101-UBND-VP")
    assert pdf.get_content() == PDF
    assert str(delivery["Return-Path"]).startswith("<tra+")
    assert delivery["Reply-To"].addresses[0].username.startswith("tl+")
    assert receipt["Return-Path"] == "<>"
    assert receipt["Auto-Submitted"].startswith("auto-")
    assert "UBND huyện Hải Hậu" in words(receipt)


def test_a_missing_mailbox_is_told_plainly(post: Post) -> None:
    """Lesson 33: one sentence and what to do, with a report for machines; the other recipient has the paper."""
    code = post.registered(102, ForwardPath(TO_DISTRICT), ForwardPath(TO_HAI_AN))
    post.sent()
    assert [state for kind, state in transports(post, code) if kind == "delivery"] == ["relayed", "failed"]
    report = next(mail for mail in post.about(CLERK, code) if mail.get_content_type() == "multipart/report")
    text = words(report)
    assert "Không gửi được" in text.splitlines()[0]
    assert "không tồn tại. Xin báo người quản trị" in text
    assert "UBND xã Hải An" in text
    _, recipient = told(report)
    assert (recipient["Action"], recipient["Status"]) == ("failed", "5.1.1")
    assert recipient["Final-Recipient"] == f"rfc822; {TO_HAI_AN}"
    assert report["Return-Path"] == "<>"


def test_who_asked_for_no_report_gets_none(post: Post) -> None:
    """NOTIFY=NEVER is never; the state is still there for whoever tracks the document."""
    code = post.registered(104, ForwardPath(TO_HAI_AN, frozenset({Notify.NEVER})))
    post.sent()
    assert transports(post, code) == [("delivery", "failed"), ("receipt", "relayed")]


def test_greylisting_is_waited_out_with_the_same_octets(post: Post) -> None:
    """The second attempt sends the frame that was posted before the first."""
    post.outside.faults.add(Fault.GREYLIST)
    code = post.registered(105)
    post.sent()
    assert post.delivery(code).transport == "delayed"
    with post.world.office.database.transaction() as tx:
        before = tx.execute(sa.select(posted).where(posted.c.letter == post.delivery(code).id)).one()
    post.sent(ahead=timedelta(minutes=2))
    row = post.delivery(code)
    assert (row.transport, row.attempts) == ("relayed", 2)
    (mail,) = post.about(DISTRICT, code)
    assert mail["Message-ID"] == before.message_id

    def fetched(sha256: str) -> Encoded:
        return encode(post.world.office.blobs.get(sha256), sha256)

    pieces = [piece.base64 if isinstance(piece, Encoded) else piece for piece in thaw(before.frame, fetched)]
    assert sum(map(len, pieces)) == before.size
    assert b"".join(pieces).replace(b"\r\n", b"\n") in next(iter(_files(post, DISTRICT, code)))


def test_a_full_server_delays_warns_once_and_fails_in_the_end(post: Post) -> None:
    """One warning after the set time, one failure at the end of the lifetime, in plain words both."""
    code = post.registered(106)
    post.outside.faults.add(Fault.FULL)
    for ahead in (timedelta(0), timedelta(hours=3), timedelta(hours=2), timedelta(hours=4), 5 * DAY):
        post.sent(ahead=ahead)
    assert post.delivery(code).transport == "failed"
    assert post.delivery(code).status == "5.4.7"
    reports = [row.spec["template"] for row in post.letters(code) if row.kind == "report"]
    assert reports == ["delivery-delayed", "delivery-failed"]


def test_an_uncertain_letter_is_left_until_a_person_says_so(post: Post) -> None:
    """Lesson 37: the mail may have been taken; nobody sends it again but by order."""
    post.outside.faults.add(Fault.DROP_LOSING)
    code = post.registered(107)
    post.sent()
    assert transports(post, code) == [("delivery", "uncertain"), ("receipt", "uncertain")]
    post.outside.faults.clear()
    post.sent(ahead=10 * DAY)
    assert post.about(DISTRICT, code) == []
    office = post.world.office
    Orders(office.database, office.desk, "admin", post.clock()).retry(post.delivery(code).id, office.directory())
    post.sent()
    assert post.delivery(code).transport == "relayed"
    assert len(post.about(DISTRICT, code)) == 1


def begun(post: Post, code: str, attempts: int) -> int:
    """Attempts at the delivery letter began and nobody lived to tell how they ended; the letter."""
    letter, office = post.delivery(code), post.world.office
    with office.database.transaction() as tx:
        tried = [
            LetterTried(letter.document, letter.id, n, datetime.now(UTC).isoformat()) for n in range(1, attempts + 1)
        ]
        register.record(tx, office.vault, tried, actor="test", at=datetime.now(UTC))
    return int(letter.id)


def test_a_letter_whose_attempt_died_is_tried_again(post: Post) -> None:
    """Alone, with the same Message-ID, and the journal shows both attempts."""
    code = post.registered(108)
    begun(post, code, 1)
    post.sent()
    row = post.delivery(code)
    assert (row.transport, row.attempts) == ("relayed", 2)
    (mail,) = post.about(DISTRICT, code)
    assert mail["Message-ID"] == f"<lt{row.document}.{row.id}@{post.dispatcher.postroom.head.host}>"


def test_a_letter_that_kills_is_left_to_a_person(post: Post) -> None:
    """Poison does not loop: after some deaths the letter is uncertain, and nothing is sent."""
    code = post.registered(109)
    letter = begun(post, code, 4)
    post.dispatcher.send([letter], since=1)
    post.sent()
    assert post.delivery(code).transport == "uncertain"
    assert post.about(DISTRICT, code) == []


def test_a_letter_nobody_can_write_fails_alone(post: Post) -> None:
    """The others of its batch leave; it is failed as our own fault and waits for a person."""
    code, office = post.registered(110), post.world.office
    with office.database.transaction() as tx:
        document = tx.execute(sa.select(documents.c.id).where(documents.c.code == code)).scalar_one()
        scribe = Scribe(tx, office.desk, post.clock())
        bad = scribe.letter("notice", CLERK, {"template": "no such template"}, of=(document, None))
        good = scribe.letter("notice", CLERK, {"template": "answer-astray"}, of=(document, None))
        scribe.write(actor="test")
    post.sent()
    states = {row.id: (row.transport, row.status) for row in post.letters(code)}
    assert states[bad] == ("failed", "5.3.0")
    assert states[good] == ("relayed", "2.0.0")


def test_two_dispatchers_send_each_letter_once(post: Post) -> None:
    """Whoever claims a letter first has it; the other passes it over."""
    codes = [post.registered(number) for number in range(120, 126)]
    ids = [post.delivery(code).id for code in codes]
    threads = [threading.Thread(target=post.dispatcher.send, args=(ids,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    post.sent()
    assert [len(post.about(DISTRICT, code)) for code in codes] == [1] * 6
    assert {post.delivery(code).attempts for code in codes} == {1}


def test_after_all_this_register_and_journal_agree(post: Post) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert post.world.unlike_its_journal() == []


def _files(post: Post, address: str, code: str) -> Iterator[bytes]:
    for path in (post.outside.mailboxes or {})[address].glob("new/*"):
        octets = path.read_bytes()
        if code.encode() in octets:
            yield octets
