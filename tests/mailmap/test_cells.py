"""Cells: what one cell says, as offices write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory import cells, readers
from mailmap.directory.address import ORDINARY, Form, May
from mailmap.directory.answers import Sentence
from mailmap.directory.proof import Proof
from mailmap.directory.readers import Reader, Value
from mailmap.directory.sheet import Place, Row, Table
from mailmap.directory.succession import Turn
from mailmap.directory.unit import Channel, UnitKind, Way

MERGER = date(2025, 7, 1)


@pytest.mark.parametrize(
    "cell",
    ["2025-07-01", "1/7/2025", "01/07/2025", "1-7-2025", "1.7.2025", "2025-07-01 00:00:00", "2025-07-01T00:00:00",
     "2025-07-01T00:00:00.000Z", "01/07/2025 0:00", "2025/07/01", "ngày 01 tháng 7 năm 2025", "01 / 7 / 2025"],
)  # fmt: skip
def test_days_are_read_as_people_and_programs_write_them(cell: str) -> None:
    """The day comes first; a time behind it counts for nothing."""
    assert readers.day(cell) == MERGER


@pytest.mark.parametrize(
    "cell", ["31/02/2016", "7/13/2025", "45839", "2025", "1/7/25", "hôm nay", "=1/7", "0000-01-01"]
)
def test_what_is_no_day_is_told(cell: str) -> None:
    """No day is guessed: not from a number, two digits of a year, or an American order."""
    assert readers.day(cell) == Sentence.of("roster.no-day", cell=cell)


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (readers.first_day, "…", date.min),
        (readers.last_day, "", None),
        (readers.flag, "1.0", True),
        (readers.flag, "Không", False),
        (readers.flag, "X", True),
        (readers.kind, "Thị trấn", UnitKind.COMMUNE),
        (readers.kind, "PHUONG", UnitKind.COMMUNE),
        (readers.kind, "Doanh nghiệp", UnitKind.BUSINESS),
        (readers.channel, "Trục liên thông", Channel.EDOC),
        (readers.channel, "Mailbox", Channel.MAILBOX),
        (readers.turn, "Sáp nhập", Turn.MERGED),
        (readers.turn, "Kết thúc hoạt động", Turn.ABOLISHED),
        (readers.form, "Tên miền", Form.DOMAIN),
        (readers.proof, "2", Proof.LOGIN),
        (readers.proof, "3.0", Proof.PERSON),
        (readers.proof, "none", Proof.NONE),
        (readers.short, " HaiAn.HaiHau ", "haian.haihau"),
        (readers.code, "000.00.19.H40", "000.00.19.H40"),
        (readers.code, "36.0", "36"),
        (readers.tax_code, "0600123456", "0600123456"),
        (readers.tax_code, "0600123456-001", "0600123456-001"),
        (readers.names, "Sở KH&ĐT; SKHĐT ;", ("Sở KH&ĐT", "SKHĐT")),
        (readers.ways, "mail:A@x.example; mailbox; link:b@x.example",
         (Way(Channel.MAIL, "a@x.example"), Way(Channel.MAILBOX), Way(Channel.LINK, "b@x.example"))),
        (readers.ways, "c@x.example", (Way(Channel.MAIL, "c@x.example"),)),
        (readers.ways, "edoc:000.00.19.H40", (Way(Channel.EDOC, "000.00.19.H40"),)),
        (readers.rights, "", ORDINARY),
        (readers.rights, "gửi; thu hồi", frozenset({May.SEND, May.RECALL})),
        (readers.rights, "gửi thu hồi nhận", frozenset({May.SEND, May.RECALL, May.RECEIVE})),
        (readers.rights, "administer", frozenset({May.ADMINISTER})),
    ],
)  # fmt: skip
def test_cells_are_read(reader: Reader, cell: str, value: Value) -> None:
    """In both languages, with marks or without; numbers that a spreadsheet made keep their meaning."""
    assert reader(cell) == value


@pytest.mark.parametrize(
    ("reader", "cell", "key"),
    [
        (readers.an_id, "hai an", "roster.bad-id"),
        (readers.an_id, "x" * 65, "roster.bad-id"),
        (readers.short, "Hải An", "roster.bad-short"),
        (readers.short, "x" * 65, "roster.bad-short"),
        (readers.short, "a..b", "roster.bad-short"),
        (readers.code, "H 40", "roster.bad-code"),
        (readers.tax_code, "600123456", "roster.bad-tax-code"),
        (readers.kind, "làng", "roster.no-kind"),
        (readers.channel, "bưu điện", "roster.no-channel"),
        (readers.ways, "mail:", "roster.bad-address"),
        (readers.ways, "fax:123", "roster.no-channel"),
        (readers.flag, "đôi khi", "roster.no-flag"),
        (readers.rights, "gửi, bay", "roster.no-right"),
        (readers.turn, "biến mất", "roster.no-turn"),
        (readers.form, "tròn", "roster.no-form"),
        (readers.proof, "4", "roster.no-proof"),
        (readers.mailboxes, "*@x.example", "roster.bad-address"),
        (readers.senders, "@x.example", "roster.bad-address"),
        (readers.mailboxes, "a@x.example; không có", "roster.bad-address"),
    ],
)
def test_bad_cells_are_told(reader: Reader, cell: str, key: str) -> None:
    """Each with a sentence of its own."""
    found = reader(cell)
    assert isinstance(found, Sentence)
    assert found.key == key


@pytest.mark.parametrize(
    "cell",
    ["a@x.example b@y.example", "A@x.example; B@y.example", "a@x.example, b@y.example", "a@x.example\nb@y.example",
     "a@x.example hoặc b@y.example", "a@x.example/b@y.example", "mailto:a@x.example và b@y.example",
     "Văn thư <a@x.example>, Nguyễn Văn B <b@y.example>", "a@x.example ; a@X.example; b@y.example"],
)  # fmt: skip
def test_several_addresses_stand_in_one_cell(cell: str) -> None:
    """Whatever stands between them, and once each; the first one stays the first."""
    assert readers.mailboxes(cell) == ("a@x.example", "b@y.example")


def test_a_whole_domain_is_a_sender_only() -> None:
    """'*@domain' maps everybody of a domain; nothing can be sent there."""
    assert readers.senders("*@X.example") == ("*@x.example",)


def test_every_bad_cell_of_a_row_is_told() -> None:
    """Not only the first; what an empty cell cannot mean is told with its column."""
    row = Row(Place("a", 1), {"name": "", "kind": "làng", "short": "", "valid_until": "mai", "parent": ""})
    values, wrong = cells.read(row, Table.UNITS)
    assert [why.key for why in wrong] == ["roster.missing-cell", "roster.no-kind", "roster.no-day"]
    assert values == {"parent": None}


READERS = (
    readers.day, readers.first_day, readers.last_day, readers.flag, readers.kind, readers.channel, readers.turn,
    readers.form, readers.proof, readers.short, readers.code, readers.tax_code, readers.names, readers.ways,
    readers.rights, readers.mailboxes, readers.senders, readers.an_id, readers.text, readers.text_or_none,
)  # fmt: skip


@given(cell=st.text(), reader=st.sampled_from(READERS))
def test_every_reader_is_total(cell: str, reader: Reader) -> None:
    """Any text is a value, or a sentence that both languages can say."""
    found = reader(cell)
    if isinstance(found, Sentence):
        assert all(words(language).tell(found) for language in Language)
