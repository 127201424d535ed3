"""What holds for every import: it is done once, it comes back from an export unchanged, and what it leaves is sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory.address import Address
from mailmap.directory.changes import Diff, Thing, key_of
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex
from mailmap.directory.listing import address_cells, succession_cells, unit_cells
from mailmap.directory.roster import check, propose
from mailmap.directory.sheet import Grid, Sheet, read_grid
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit

OWN = OwnNames(frozenset({"lienthong.example"}), frozenset({"vanban"}))
DAYS = ("", "2000-01-01", "2016-10-30", "01/09/2024", "1/7/2025")
NAMES = ("UBND huyện Hải Hậu", "UBND xã Hải An", "UBND xã Hải Án", "Phòng Nội vụ", "Công ty A", "UBND xã Mỹ Tân")
IDS = ("", "", "haihau", "haian", "x", "y")
MAILBOXES = ("", "a@x.example", "b@x.example; c@x.example", "d@lienthong.example", "e@x.example hoặc a@x.example")
UNITS = {
    "mã": IDS, "tên đơn vị": NAMES, "loại": ("", "xã", "huyện"), "tên ngắn": ("", "", "haian", "h"),
    "trực thuộc": ("", "haihau", "UBND huyện Hải Hậu", "x", "y"), "email": MAILBOXES, "từ ngày": DAYS,
    "hết hiệu lực": ("", *DAYS), "tên khác": ("", "Cũ; Xưa"), "dự phòng": ("", "mailbox; link:b@x.example"),
    "mã số thuế": ("", "0600123456"), "giữ sổ": ("", "không"),
}  # fmt: skip
ADDRESSES = {
    "địa chỉ": (*MAILBOXES[1:], "*@y.example", "a+1@x.example"), "đơn vị": (*IDS[2:], *NAMES), "từ ngày": DAYS,
    "hết hiệu lực": DAYS, "quyền": ("", "gửi, quản trị"), "dạng": ("", "alias", "tag"), "cần chứng minh": ("", "login"),
}  # fmt: skip
SUCCESSIONS = {
    "đơn vị": (*IDS[2:], *NAMES), "ngày": DAYS[1:], "hình thức": ("sáp nhập", "giải thể"),
    "đơn vị kế thừa": ("", *IDS[2:]), "căn cứ": ("", "NQ 1"),
}  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn, columns: Mapping[str, Sequence[str]], most: int = 5) -> Sheet:
    """A sheet of some of these columns, in any order, with rows of these cells."""
    chosen = draw(st.lists(st.sampled_from(list(columns)), min_size=3, unique=True).map(set))
    names = draw(st.permutations([*chosen | set(list(columns)[:3])]))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(columns[name]) for name in names)), max_size=most))
    return read_grid(Grid(f"{next(iter(columns))}.csv", list(enumerate([names, *map(list, rows)], 1))))


def applied(index: MemoryIndex, there: Iterable[Thing], diff: Diff) -> tuple[MemoryIndex, list[Thing]]:
    """The directory after the diff."""
    will: list[Thing] = [*there, *diff.units(), *diff.addresses(), *diff.successions()]
    things = list({(type(thing), key_of(thing)): thing for thing in will}.values())
    return indexed(things) if diff.changes else index, things


def indexed(things: Iterable[Thing]) -> MemoryIndex:
    """An index of these things."""
    every = list(things)
    return MemoryIndex(
        [thing for thing in every if isinstance(thing, Unit)],
        [thing for thing in every if isinstance(thing, Address)],
        [thing for thing in every if isinstance(thing, Succession)],
    )


def exported(things: Sequence[Thing]) -> list[Sheet]:
    """The sheets that an export of everything would be."""
    tables: list[list[Mapping[str, str]]] = [
        [unit_cells(thing) for thing in things if isinstance(thing, Unit)],
        [address_cells(thing) for thing in things if isinstance(thing, Address)],
        [succession_cells(thing) for thing in things if isinstance(thing, Succession)],
    ]
    lines = [[list(rows[0]), *(list(row.values()) for row in rows)] for rows in tables if rows]
    return [read_grid(Grid(f"{n}.csv", list(enumerate(rows, 1)))) for n, rows in enumerate(lines)]


SOME = st.tuples(sheets(UNITS), sheets(ADDRESSES), sheets(SUCCESSIONS, 2)).map(list)


@settings(max_examples=40, deadline=None)
@given(first=SOME, second=SOME)
def test_an_import_is_done_once_and_survives_its_export(first: list[Sheet], second: list[Sheet]) -> None:
    """Proposing again is an empty diff, so is importing what was exported; every mistake can be said."""
    index, things = MemoryIndex([], []), list[Thing]()
    for some in (first, second):
        good = [sheet for sheet in some if not propose([sheet], index, OWN).mistakes]
        diff = propose(good, index, OWN)
        told = [mistake.why for mistake in diff.mistakes] + [warning.why for warning in diff.warnings]
        assert all(words(language).tell(why) for why in told for language in Language)
        if diff.mistakes:
            continue
        index, things = applied(index, things, diff)
        assert propose(good, index, OWN).changes == ()
        back = propose(exported(things), index, OWN)
        assert (back.changes, back.mistakes, back.same) == ((), (), len(things))


@settings(max_examples=40, deadline=None)
@given(sheet=sheets(UNITS), more=sheets(ADDRESSES))
def test_what_was_let_in_is_sound(sheet: Sheet, more: Sheet) -> None:
    """A directory that began with one import has nothing that ``check`` finds."""
    diff = propose([sheet, more], MemoryIndex([], []), OWN)
    if not diff.mistakes:
        assert check(diff.units(), diff.addresses(), diff.successions(), OWN) == ()


def test_a_large_sheet_is_read_in_time_that_grows_with_its_rows() -> None:
    """Four times the rows take less than eight times the questions to the index."""
    counts = []
    for size in (200, 800):
        rows = [f"UBND xã Thứ {n},xã,UBND huyện Hải Hậu,x{n}@x.example" for n in range(size)]
        text = [["tên đơn vị", "loại", "trực thuộc", "email"], ["UBND huyện Hải Hậu", "huyện", "", ""]]
        sheet = read_grid(Grid("a.csv", list(enumerate([*text, *(row.split(",") for row in rows)], 1))))
        index = Counting([], [])
        assert len(propose([sheet], index, OWN).units()) == size + 1
        counts.append(index.asked)
    assert counts[1] < 8 * counts[0]


class Counting(MemoryIndex):
    """An index that counts what it is asked."""

    asked = 0

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""
        self.asked += 1
        return super().unit(unit_id)

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code."""
        self.asked += 1
        return super().named(name)
