"""Which body a document is of, against the unit that sends it."""

from __future__ import annotations

import pytest

from mailmap.directory.unit import Channel, Unit, UnitKind
from mailmap.document.document import Seen
from mailmap.policy.books import issued_elsewhere


def unit(name: str, *others: str) -> Unit:
    """A unit of that name."""
    return Unit("u", name, UnitKind.COMMUNE, "u", None, "", Channel.MAIL, other_names=others)


@pytest.mark.parametrize(
    ("issuer", "name"),
    [
        ("Ủy ban nhân dân xã Hải Phúc", "UBND xã Hải Phúc"),
        ("ỦY BAN NHÂN DÂN XÃ HẢI PHÚC", "UBND xã Hải Phúc"),
        ("Hội đồng nhân dân xã Hải Phúc", "UBND xã Hải Phúc"),
        ("Văn phòng HĐND và UBND huyện Hải Hậu", "UBND huyện Hải Hậu"),
        ("Văn phòng Ủy ban nhân dân huyện Hải Hậu", "UBND huyện Hải Hậu"),
        ("Phòng Nội vụ", "Phòng Nội vụ huyện Hải Hậu"),
        ("Sở Nội vụ", "Sở Nội vụ tỉnh Nam Định"),
        ("Sở Nội vụ tỉnh Nam Định", "Sở Nội vụ tỉnh Nam Định"),
    ],
)
def test_a_unit_its_council_and_its_office_issue_at_home(issuer: str, name: str) -> None:
    """The own number of a paper of the house belongs in the book of the house."""
    assert not issued_elsewhere(Seen(issuer, 0.93, "page 1"), unit(name))


@pytest.mark.parametrize(
    ("issuer", "name"),
    [
        ("Ủy ban nhân dân tỉnh Nam Định", "UBND xã Hải Phúc"),
        ("Thủ tướng Chính phủ", "UBND xã Hải Phúc"),
        ("UBND xã Hải Phú", "UBND xã Hải Phúc"),
        ("Ủy ban nhân dân xã Hải Phúc", "UBND xã Hải"),
        ("Bộ Y tế", "UBND xã Hải Phúc"),
        ("Sở Nội vụ tỉnh Nam Định", "UBND tỉnh Nam Định"),
        ("Ủy ban nhân dân tỉnh Nam Định", "Sở Nội vụ tỉnh Nam Định"),
        ("Ủy ban nhân dân huyện Hải Hậu", "Phòng Nội vụ huyện Hải Hậu"),
        ("Trường Tiểu học xã Hải Phúc", "UBND xã Hải Phúc"),
    ],
)
def test_what_another_body_issued_is_passed_on(issuer: str, name: str) -> None:
    """Another body's paper, also that of a part with a book of its own, never enters the sender's outgoing book."""
    assert issued_elsewhere(Seen(issuer, 0.93, "page 1"), unit(name))


def test_only_the_pages_are_evidence() -> None:
    """What was not read, or stands only in the mail, moves nothing."""
    assert not issued_elsewhere(None, unit("UBND xã Hải Phúc"))
    assert not issued_elsewhere(Seen("Bộ Y tế", 0.9, "subject"), unit("UBND xã Hải Phúc"))
