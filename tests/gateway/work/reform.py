"""The first of July 2025 in the little province: two communes become one, one is renamed, a district is abolished.

Promises:  Hải Lộc and Hải Nam end and Hải Hưng begins (NQ 1674/NQ-UBTVQH15); Thịnh Long keeps its id under a new name;
           Hải An goes into Hải Hưng, and another commune takes its name and its address; the district Giao Thủy ends
           and a person must say who follows. Time stands where a test sets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage

import sqlalchemy as sa

from mailmap.directory.address import Address
from mailmap.directory.directory import Snapshot
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Unit, UnitKind
from mailmap.policy.case import HANOI
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from storage import reading
from storage.reading import MailRow, Tracked
from storage.schema import documents, entries
from tests.gateway.work.posting import Row
from tests.offices import CLERK, DISTRICT, DOMAIN, ODD, World, enter, mapped
from tests.pdf_files import PDF

MERGER = date(2025, 7, 1)
EVE = datetime(2025, 6, 30, 3, 0, tzinfo=UTC)  # ten in the morning of the last day
LAST_MINUTE = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)  # 23:59 in Hà Nội
FIRST_MINUTE = datetime(2025, 6, 30, 17, 1, tzinfo=UTC)  # 00:01
AFTER = datetime(2025, 7, 2, 3, 0, tzinfo=UTC)
BASIS = "NQ 1674/NQ-UBTVQH15"

OLD, TWIN, NEW = (
    "vanthu.hailoc@hh.namdinh.example",
    "vanthu.hainam@hh.namdinh.example",
    "vanthu@haihung.ninhbinh.example",
)
GONE, TOWN = "vanthu@giaothuy.namdinh.example", "vanthu.thinhlong@hh.namdinh.example"
TO_OLD, TO_TWIN, TO_NEW = f"hailoc@{DOMAIN}", f"hainam@{DOMAIN}", f"haihung@{DOMAIN}"
TO_GONE, TO_TOWN, TO_DISTRICT = f"giaothuy@{DOMAIN}", f"thinhlong@{DOMAIN}", f"haihau@{DOMAIN}"
MAILBOXES = (OLD, TWIN, NEW, GONE, TOWN)

HAI_LOC = Unit(
    "hailoc", "UBND xã Hải Lộc", UnitKind.COMMUNE, "hailoc", "haihau", OLD, valid_from=ODD, valid_until=MERGER
)
HAI_NAM = Unit(
    "hainam", "UBND xã Hải Nam", UnitKind.COMMUNE, "hainam", "haihau", TWIN, valid_from=ODD, valid_until=MERGER
)
HAI_HUNG = Unit(
    "haihung", "UBND xã Hải Hưng", UnitKind.COMMUNE, "haihung", "namdinh", NEW, valid_from=MERGER, basis=BASIS
)
THINH_LONG = Unit("thinhlong", "UBND thị trấn Thịnh Long", UnitKind.COMMUNE, "thinhlong", "haihau", TOWN,
                  valid_from=ODD, valid_until=MERGER)  # fmt: skip
HAI_THINH = Unit("thinhlong", "UBND xã Hải Thịnh", UnitKind.COMMUNE, "thinhlong", "namdinh", TOWN, valid_from=MERGER)
GIAO_THUY = Unit("giaothuy", "UBND huyện Giao Thủy", UnitKind.DISTRICT, "giaothuy", "namdinh", GONE,
                 valid_from=ODD, valid_until=MERGER)  # fmt: skip
HAI_AN = Unit(
    "haian-cu", "UBND xã Hải An", UnitKind.COMMUNE, "haian", "haihau", TWIN, valid_from=ODD, valid_until=MERGER
)
NAMESAKE = Unit("haian-moi", "UBND xã Hải An", UnitKind.COMMUNE, "haian", "namdinh", GONE, valid_from=MERGER)
UNITS = (HAI_LOC, HAI_NAM, HAI_HUNG, THINH_LONG, HAI_THINH, GIAO_THUY, HAI_AN, NAMESAKE)
STEPS = (
    Succession("hailoc", MERGER, Turn.MERGED, "haihung", BASIS),
    Succession("hainam", MERGER, Turn.MERGED, "haihung", BASIS),
    Succession("haian-cu", MERGER, Turn.MERGED, "haihung", BASIS),
    Succession("giaothuy", MERGER, Turn.ABOLISHED, None, "NQ 202/2025/QH15"),
)


def reformed(world: World) -> None:
    """The directory knows of the reform; Hải Hưng's own mailbox is mapped from its first day on."""
    own = Address(NEW, "haihung", valid_from=MERGER)
    with world.office.database.transaction() as tx:
        enter(tx, UNITS, [*mapped(HAI_LOC, HAI_NAM, THINH_LONG, GIAO_THUY), own], STEPS)


def paper(number: int, day: str, *, sender: str = CLERK, to: str = "") -> bytes:
    """A clerk's mail with a công văn of that day ('' is one whose day cannot be read); its text may name ``to``."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["Subject"] = f"Công văn số {number}/UBND-VP {f'ngày {day} ' if day else ''}V/v bàn giao hồ sơ địa chính"
    mail.set_content(f"{f'Kính gửi: {to}' if to else ''}\n\nXin gửi công văn kèm theo.\n")
    mail.add_attachment(PDF + mail["Subject"].encode(), maintype="application", subtype="pdf", filename="van-ban.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def sent(world: World, at: datetime, raw: bytes, to: Sequence[str], worked: datetime | None = None) -> MailRow:
    """The mail comes at that time, and is worked on then or later; how it ended."""
    world.clock.now = at
    number = world.arrive(raw, to)
    world.clock.now = worked or at
    world.work()
    return world.outcome(number)


def answered(
    world: World, at: datetime, letter: Row, words: str, *, by: str = DISTRICT, worked: datetime | None = None
) -> MailRow:
    """Somebody answers that letter in a few words; how the answer ended."""
    raw = f"From: {by}\r\nSubject: Re: x\r\nMessage-ID: <{at:%d%H%M}.{letter.id}.{by}>\r\n\r\n{words}\r\n".encode()
    key = tokens.make(world.office.keys.token_key, Purpose.REPLY, int(letter.id))
    return sent(world, at, raw, [f"{key}@{DOMAIN}"], worked)


def story(world: World, code: str | None) -> Tracked:
    """All that is known of a document."""
    assert code is not None
    with world.office.database.transaction() as tx:
        return reading.track(tx, code)


def units(world: World, code: str | None) -> list[str]:
    """The units the document has deliveries to."""
    return [one.unit for one in story(world, code).deliveries]


def book(world: World, unit: str, direction: str, year: int = 2025) -> list[tuple[int, str | None]]:
    """Number and tracking code of each entry of a book."""
    with world.office.database.transaction() as tx:
        return [(number, code) for number, _, _, code in reading.entries_of(tx, unit, direction, year)]


def booked_dead(world: World) -> list[tuple[str, str, int]]:
    """Entries in the book of a unit that did not live on that day.

    The day is that of the paper when it went out, and the one on which it was booked when it came in.
    """
    there = world.office.directory()
    assert isinstance(there, Snapshot)
    query = sa.select(entries, documents.c.issued).join(documents, documents.c.id == entries.c.document)
    found = []
    with world.office.database.transaction() as tx:
        for row in tx.execute(query):
            day = date.fromisoformat(row.issued) if row.direction == "out" else _day(row.booked_at)
            unit = there.unit(row.unit, day)
            if unit is None or not unit.lives_on(day):
                found.append((row.unit, row.direction, row.number))
    return found


def _day(at: datetime) -> date:
    return at.astimezone(HANOI).date()
