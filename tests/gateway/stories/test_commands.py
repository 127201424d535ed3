"""Every phrase of the table, as a real answer over real SMTP, with and without marks, and what it does.

A whole gateway runs in processes of its own. One document goes to three units, so a few mails make many deliveries.
"""

from __future__ import annotations

import smtplib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import cycle
from pathlib import Path

import pytest
import sqlalchemy as sa

from mailmap.directory.address import Address
from mailmap.document.spelling import plain
from mailmap.policy.phrases import Verb
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import rebuild
from storage.keys import Keys
from storage.payloads import Payloads
from storage.schema import deliveries, documents, entries, letters, mails
from tests.gateway.stories.town import HAI_AN, PASSWORD, TO_DISTRICT, TO_HAI_AN, Town, opened_town, spoken, until
from tests.offices import CLERK, DISTRICT, DOMAIN, ODD, enter
from tests.pdf_files import PDF

TABLE = tomllib.loads(Path("config/commands.toml").read_text(encoding="utf-8"))
PROVINCE = "vanthu@namdinh.example"
TO_PROVINCE = f"namdinh@{DOMAIN}"
BOXES = {"haihau": DISTRICT, "haian.haihau": HAI_AN, "namdinh": PROVINCE}
COLLEAGUES = [f"canbo{n}@haihau.namdinh.example" for n in range(9)]


def both(name: str, after: str = "") -> list[str]:
    """Each phrase of a list with marks and without, and what follows it."""
    return [form + after for phrase in TABLE[name] for form in dict.fromkeys((phrase, plain(phrase)))]


@dataclass
class Answers:
    """Answers as clerks send them, and what became of each: the rule by which it was judged."""

    town: Town
    key: bytes
    numbers: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # by mail: the text and the rule that it must meet

    def mail(self, sender: str, text: str, *, subject: str = "Re: văn bản", pdf: bytes = b"") -> bytes:
        """One mail."""
        made = EmailMessage()
        made["From"], made["Subject"] = sender, subject
        made["Message-ID"] = f"<{len(self.numbers)}.{abs(hash((sender, text, subject)))}@tra-loi.example>"
        made.set_content(f"{text}\n")
        if pdf:
            made.add_attachment(PDF + pdf, maintype="application", subtype="pdf", filename="thay-the.pdf")
        return made.as_bytes().replace(b"\n", b"\r\n")

    def to(self, letter: int) -> str:
        """The keyed address of a letter."""
        return f"{tokens.make(self.key, Purpose.REPLY, letter)}@{DOMAIN}"

    def send(self, peer: smtplib.SMTP, sender: str, to: str, said: tuple[str, str, bytes]) -> None:
        """Hand one over; ``said`` is the text (or a whole mail) and the rule that it must meet."""
        text, rule, raw = said
        peer.mail(sender)
        code, answer = peer.rcpt(to)
        assert code == 250, answer
        code, answer = peer.data(raw or self.mail(sender, text))
        assert code == 250, answer
        self.numbers[answer.decode().split()[-1]] = (text, rule)

    def settled(self) -> None:
        """Wait until all have ended, and compare."""
        until(lambda: not self._rules(only_waiting=True))
        ended = self._rules()
        wrong = [(text, rule, ended[number]) for number, (text, rule) in self.numbers.items() if ended[number] != rule]
        assert wrong == []
        self.numbers.clear()

    def _rules(self, *, only_waiting: bool = False) -> dict[str, str]:
        query = sa.select(mails.c.spool_id, mails.c.rule)
        with self.town.database.transaction() as tx:
            found = {row[0]: row[1] for row in tx.execute(query) if row[0] in self.numbers}
        late = {number: "" for number in self.numbers if found.get(number) is None}
        return late if only_waiting else found


@dataclass(frozen=True)
class Sent:
    """One delivery with its letter, the receipt of its document, and who answers for it."""

    document: int
    delivery: int
    letter: int
    receipt: int
    box: str


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One gateway for all phrases, with some colleagues in the district's office."""
    with opened_town(tmp_path_factory.mktemp("commands"), *COLLEAGUES) as one:
        with one.database.transaction() as tx:
            enter(tx, [], [Address(each, "haihau", valid_from=ODD) for each in COLLEAGUES])
        yield one


@pytest.fixture(scope="module")
def answers(town: Town) -> Answers:
    """Who sends them."""
    return Answers(town, Keys.load(town.config.parent / "state" / "keys.json").token_key)


def papers(answers: Answers, count: int, start: int) -> list[Sent]:
    """So many deliveries, each of a registered document, three a document."""
    with answers.town.peer() as peer:
        for number in range(start, start - (-count // 3)):
            subject = f"Công văn số {number}/UBND-VP ngày 30/10/2026 V/v báo cáo thu hoạch lúa mùa"
            raw = answers.mail(CLERK, "Kính gửi quý cơ quan.", subject=subject, pdf=b"%d" % number)
            peer.mail(CLERK)
            for each in (TO_DISTRICT, TO_HAI_AN, TO_PROVINCE):
                peer.rcpt(each)
            code, said = peer.data(raw)
            assert code == 250, said
            answers.numbers[said.decode().split()[-1]] = (subject, "correspondence")
    answers.settled()
    receipt = letters.alias("receipt")
    own = sa.and_(
        receipt.c.document == deliveries.c.document, receipt.c.kind == "receipt", receipt.c.delivery.is_(None)
    )
    columns = (deliveries.c.document, deliveries.c.id, letters.c.id, sa.func.min(receipt.c.id), deliveries.c.unit)
    query = (
        sa.select(*columns)
        .join(letters, sa.and_(letters.c.delivery == deliveries.c.id, letters.c.kind == "delivery"))
        .join(receipt, own)
        .join(entries, sa.and_(entries.c.document == deliveries.c.document, entries.c.direction == "out"))
        .where(entries.c.number >= start)
        .group_by(deliveries.c.document, deliveries.c.id, letters.c.id, deliveries.c.unit)
        .order_by(deliveries.c.id)
    )
    with answers.town.database.transaction() as tx:
        return [Sent(*row[:4], BOXES[row[4]]) for row in tx.execute(query)][:count]


def states(town: Town, some: Sequence[Sent], column: str) -> set[str]:
    """The different values these deliveries have."""
    with town.database.transaction() as tx:
        query = sa.select(deliveries.c[column]).where(deliveries.c.id.in_([one.delivery for one in some]))
        return set(tx.execute(query).scalars())


def answered(answers: Answers, some: Sequence[Sent], texts: Sequence[str], rule: str) -> list[Sent]:
    """Each text answers the letter of another delivery, from the mailbox that got it."""
    used = [*zip(some, texts, strict=False)]
    assert len(used) == len(texts)
    with answers.town.peer() as peer:
        for one, text in used:
            answers.send(peer, one.box, answers.to(one.letter), (text, rule, b""))
    return [one for one, _ in used]


def ordered(answers: Answers, some: Sequence[Sent], texts: Sequence[str], rule: str) -> None:
    """Each text answers the receipt of a document, from its sender, who has logged in."""
    with answers.town.clerk() as program:
        program.login(CLERK, PASSWORD)
        for one, text in zip(some, texts, strict=True):
            answers.send(program, CLERK, answers.to(one.receipt), (text, rule, b""))


def test_statuses_and_what_follows_them(town: Town, answers: Answers) -> None:
    """Taken, refused, in work, done, vouched for, taken back with consent or not: each phrase moves its delivery."""
    taken, refused = [*both("accepted"), *["Đã nhận"] * 12], both("refused", " vì gửi nhầm nơi")
    working, done = both("in_work"), both("completed")
    fresh = papers(answers, len(taken) + len(refused) + len(working) + len(done) + 12, 1000)
    pile = iter(fresh)
    expected = {}
    for texts, state in ((taken, "03"), (refused, "02"), (working, "05"), (done, "06")):
        some = [next(pile) for _ in texts]
        expected[state] = answered(answers, some, texts, "answer")
    answers.settled()
    assert {state: states(town, some, "handling") for state, some in expected.items()} == {s: {s} for s in expected}
    confirms = both("confirm")
    vouched = answered(answers, [*expected["06"], *expected["05"]][: len(confirms)], confirms, "confirm")
    _assign(answers, next(pile))
    answers.settled()
    assert states(town, vouched, "standing") == {"confirmed"}
    _take_back(answers, expected["03"])


def _assign(answers: Answers, one: Sent) -> None:
    """One delivery may be given to one person after the other."""
    with answers.town.peer() as peer:
        for text in both("assigned", " đ/c Nam"):
            answers.send(peer, one.box, answers.to(one.letter), (text, "answer", b""))


def _take_back(answers: Answers, accepted: Sequence[Sent]) -> None:
    """Each phrase takes a document back; those who had accepted it agree, or not and say why."""
    own = list({one.document: one for one in accepted}.values())
    recalls = both("recall")
    ordered(answers, own, [text for text, _ in zip(cycle(recalls), own, strict=False)], "recall")
    answers.settled()
    town, asked = answers.town, [one for one in accepted if states(answers.town, [one], "take_back") == {"13"}]
    agrees, disagrees = both("agree"), both("disagree", " vì đã thực hiện")
    assert len(asked) >= len(agrees) + len(disagrees)
    yes = answered(answers, asked, agrees, "recall-answered")
    no = answered(answers, asked[len(agrees) :], disagrees, "recall-answered")
    answers.settled()
    assert (states(town, yes, "take_back"), states(town, no, "take_back")) == ({"15"}, {"16"})


def test_questions(town: Town, answers: Answers) -> None:
    """Each question is answered by a mail that tells where the document is; asking for help, by one that tells how."""
    some = papers(answers, 3, 4000)
    (mine,) = (one for one in some if one.box == DISTRICT)
    texts = [(text, rule) for name, rule in QUESTIONS.items() for text in both(name)]
    with town.peer() as peer:
        for n, (text, rule) in enumerate(texts):
            answers.send(peer, COLLEAGUES[n % len(COLLEAGUES)], answers.to(mine.letter), (text, rule, b""))
    answers.settled()
    until(lambda: sum(len(town.mailbox(each)) for each in COLLEAGUES) == len(texts))
    found = [spoken(mail) for each in COLLEAGUES for mail in town.mailbox(each)]
    assert sum("đang ở UBND huyện Hải Hậu" in one for one in found) == len(both("lookup") + both("holder"))
    assert all("để biết, tham khảo" in one for one in found if "đang ở" in one)
    assert sum("Anh/chị có thể viết" in one for one in found) == len(both("help"))


QUESTIONS = {"lookup": "asks-the-register", "holder": "asks-the-register", "help": "asks-for-help"}


def test_corrections_and_replacements(town: Town, answers: Answers) -> None:
    """Each phrase of the sender's corrects its number, visibly in the book, or registers the paper that replaces it."""
    texts, replacing = both("correct"), both("replace")
    some = papers(answers, 3 * (1 + len(replacing)), 5000)
    own = list({one.document: one for one in some}.values())
    with town.clerk() as program:
        program.login(CLERK, PASSWORD)
        for n, text in enumerate(texts):
            answers.send(program, CLERK, answers.to(own[0].receipt), (f"{text}: số {6000 + n}/UBND-VP", "correct", b""))
        for n, (one, text) in enumerate(zip(own[1:], replacing, strict=True)):
            raw = answers.mail(CLERK, text, subject=f"Số {7000 + n}/UBND-VP ngày 30/10/2026 V/v báo cáo", pdf=b"%d" % n)
            answers.send(program, CLERK, answers.to(one.receipt), (text, "replace", raw))
    answers.settled()
    with town.database.transaction() as tx:
        book = sa.select(entries.c.number, entries.c.was).where(entries.c.document == own[0].document)
        (entry,) = tx.execute(book.where(entries.c.direction == "out")).all()
        new = tx.execute(sa.select(sa.func.count()).where(documents.c.replaces.is_not(None))).scalar_one()
    assert entry.number in range(6000, 6000 + len(texts))  # whichever answer was taken last
    assert entry.was.count(";") == len(texts) - 1
    assert new == len(replacing)


def test_not_having_got_it_is_asked_about(town: Town, answers: Answers) -> None:
    """“Chưa nhận được văn bản” moves nothing: a kind letter asks, with numbers, and the number answers it."""
    (mine,) = (one for one in papers(answers, 3, 8000) if one.box == HAI_AN)
    with town.peer() as peer:
        answers.send(peer, HAI_AN, answers.to(mine.letter), ("Chưa nhận được văn bản", "answer-unclear", b""))
    answers.settled()
    assert states(town, [mine], "handling") <= {"00", "01"}
    asked = sa.select(letters.c.id).where(letters.c.delivery == mine.delivery, letters.c.kind == "notice")
    with town.database.transaction() as tx:
        question = tx.execute(asked).scalar_one()
    until(lambda: [mail for mail in town.mailbox(HAI_AN) if "1 – Đã nhận" in spoken(mail)])
    with town.peer() as peer:
        answers.send(peer, HAI_AN, answers.to(question), ("1", "answer", b""))
    answers.settled()
    assert states(town, [mine], "handling") == {"03"}


def test_every_verb_has_been_sent() -> None:
    """No list of the table is forgotten here."""
    assert {verb.value for verb in Verb} <= set(TABLE)


def test_after_all_this_register_and_journal_agree(town: Town) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    vault = Payloads(Keys.load(town.config.parent / "state" / "keys.json"))
    with town.database.transaction() as tx:
        assert rebuild.compare(tx, vault, lambda _: None) == []
