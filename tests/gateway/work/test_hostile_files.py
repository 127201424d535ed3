"""What becomes of mails whose files break their reader: held, told in words, and the next mail is untouched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage

import pytest

from gateway.examine.reader import Reader
from gateway.examine.small_pdf import pdf
from gateway.examine.understanding import Rooms, Understander
from gateway.examine.walls import Limits
from storage.jobs import QUEUE
from storage.reading import MailRow
from storage.schema import letters, mails
from tests.offices import CLERK, DOMAIN, World

TAKEN_OVER = "tests.gateway.examine.taken_over"
TIGHT = Limits(memory=256 << 20, cpu_s=2, wall_s=4.0)
TO_DISTRICT = f"haihau@{DOMAIN}"


@pytest.fixture(scope="module")
def understander() -> Iterator[Understander]:
    """The real reader in the real sandbox, with attacks that work."""
    with closing(Understander(Reader(), rooms=Rooms(TAKEN_OVER, TAKEN_OVER), limits=TIGHT)) as one:
        yield one


def paper(number: int, content: bytes, name: str = "", **fields: str) -> bytes:
    """A clerk's mail with a công văn in that file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = CLERK, TO_DISTRICT
    mail["Subject"] = f"Công văn số {number}/UBND-VP ngày 15/10/2016 V/v báo cáo tình hình thu hoạch lúa mùa"
    mail["Message-ID"] = f"<{number}@haiphuc>"
    for field, value in fields.items():
        mail[field] = value
    mail.set_content("Kính gửi UBND huyện.\n")
    kind = {"maintype": "application", "subtype": "octet-stream", "cte": "8bit"}
    mail.add_attachment(content, filename=name or f"{number}-UBND-VP.txt", **kind)  # type: ignore[arg-type]  # keywords
    return mail.as_bytes().replace(b"\n", b"\r\n")


def concluded(world: World, understander: Understander, *raws: bytes) -> list[MailRow]:
    """These mails in one batch, read by that reader; how each ended."""
    numbers = [world.arrive(raw, [TO_DISTRICT]) for raw in raws]
    with world.office.database.transaction() as tx:
        ids = [row.id for row in tx.execute(mails.select().where(mails.c.outcome.is_(None)))]
    worker = replace(world.office.worker(), understander=understander)
    worker.register(ids)
    world.office.jobs.run_until_empty(worker.tasks(), (QUEUE,))
    return [world.outcome(number) for number in numbers]


@pytest.mark.parametrize("kind", ["txt", "pdf"])
@pytest.mark.parametrize("attack", ["BOMB!", "HANG!", "CRASH!"])
def test_a_file_that_breaks_its_reader_is_held_and_the_next_mail_is_untouched(
    world: World, understander: Understander, attack: str, kind: str
) -> None:
    """A memory bomb, a hang and a crash in the sandbox each end in a held mail; its neighbours are registered."""
    clean = pdf() if kind == "pdf" else b"C\xc3\xb4ng v\xc4\x83n"
    name = f"1-UBND-VP.{kind}"
    before, hostile, after = concluded(
        world, understander, paper(1, clean, name), paper(2, clean + attack.encode(), name), paper(3, clean, name)
    )
    assert (hostile.outcome, hostile.rule) == ("held", "unsafe-file")
    assert [row.rule for row in (before, after)] == ["correspondence", "correspondence"]
    with world.office.database.transaction() as tx:
        told = tx.execute(letters.select().where(letters.c.kind == "notice").order_by(letters.c.id)).all()[-1]
    assert (told.to, told.spec["template"], told.spec["facts"]["files"]) == (CLERK, "unsafe-file", name)


def test_a_mail_that_breaks_its_reader_is_held_whole(world: World, understander: Understander) -> None:
    """Not even its sender is known: it waits for a person with its octets, and nobody is told anything."""
    hostile, after = concluded(world, understander, paper(1, b"a", **{"X-Attack": "CRASH!"}), paper(2, b"a"))
    assert (hostile.outcome, hostile.rule) == ("held", "unreadable-mail")
    assert after.rule == "correspondence"
