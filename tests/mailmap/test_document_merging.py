"""What the mail tells and what the document shows: agreement raises, contradiction lowers."""

from __future__ import annotations

from datetime import date

import pytest

from mailmap.document.document import Fields, Secrecy, Seen, Symbol, Urgency
from mailmap.document.fields import read_fields
from mailmap.document.merging import alike_summaries, alike_symbols, merge
from tests.mailmap.typed_pages import ABOUT, LETTER, TODAY, head, read

SURE = 0.8  # the registering confidence
OWN = Symbol(45, "UBND-VP")


def test_agreement_raises() -> None:
    """Two doubtful sightings of one number in mail and document are together sure; both places are named."""
    doubtful = Seen(OWN, 0.6, "filename"), Seen(OWN, 0.6, "page 1")
    seen = merge(Fields(symbol=doubtful[0]), Fields(symbol=doubtful[1])).symbol
    assert seen
    assert (seen.value, seen.confidence >= SURE, seen.source) == (OWN, True, "page 1+filename")


def test_contradiction_lowers() -> None:
    """A number, a date or a kind that the two tell otherwise is asked for."""
    document = read(head() + ABOUT + LETTER)
    mail = read_fields("Kế hoạch số 54/KH-UBND ngày 14/10/2016 V/v việc khác hẳn", [], "", TODAY)
    merged = merge(mail, document)
    found = [merged.symbol, merged.issued, merged.kind, merged.subject]
    assert [bool(seen and seen.confidence < SURE) for seen in found] == [True] * 4


def test_one_side_alone() -> None:
    """What only one of them tells is taken as it is."""
    document = read(head() + ABOUT + LETTER)
    assert merge(Fields(), document) == document
    mail = read_fields("Công văn số 45/UBND-VP ngày 15/10/2016 V/v báo cáo", [], "", TODAY)
    assert merge(mail, Fields()).symbol == mail.symbol


def test_a_scrawl_disputes_nothing() -> None:
    """A number told clearly by the mail stands against figures written by hand that were misread."""
    mail = Fields(symbol=Seen(Symbol(299, "UBND-TTHC"), 0.95, "subject"))
    seen = merge(mail, Fields(symbol=Seen(Symbol(899, "UBND-TTHC"), 0.4, "page 1"))).symbol
    assert seen
    assert (seen.value.number, seen.confidence >= SURE) == (299, True)


def test_the_subject_of_a_mail_is_not_always_a_summary() -> None:
    """A subject such as "Gửi anh chị văn bản" is no trích yếu and disputes none; the document's own is taken."""
    document = read(head() + ABOUT + LETTER)
    mail = read_fields("Gửi anh chị văn bản mới nhận được", [], "", TODAY)
    assert merge(mail, document).subject == document.subject


def test_marks_are_never_lost() -> None:
    """Of two marks the graver one counts, wherever it stands."""
    mail = Fields(secrecy=Seen(Secrecy.CONFIDENTIAL, 0.9, "subject"), urgency=Seen(Urgency.EXPRESS, 0.9, "subject"))
    document = Fields(secrecy=Seen(Secrecy.SECRET, 0.9, "page 1"), urgency=Seen(Urgency.URGENT, 0.9, "page 1"))
    merged = merge(mail, document)
    assert merged.secrecy == document.secrecy
    assert merged.urgency == mail.urgency


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (Symbol(45, "UBND-VP"), Symbol(45, "UBND"), True),
        (Symbol(12, "2016/QĐ-UBND"), Symbol(12, "QĐ-UBND"), True),
        (Symbol(12, "QĐ-UBND"), Symbol(12, "QD-UBND"), True),
        (Symbol(45, ""), Symbol(45, "UBND-VP"), True),
        (Symbol(45, "UBND-VP"), Symbol(54, "UBND-VP"), False),
        (Symbol(45, "UBND-VP"), Symbol(45, "UBND-VP", "a"), False),
        (Symbol(45, "KH-UBND"), Symbol(45, "QĐ-UBND"), False),
    ],
)
def test_symbols_that_are_one(one: Symbol, other: Symbol, alike: bool) -> None:  # noqa: FBT001 a table's column
    """People leave out the year, the last group or the marks of a notation, never the number."""
    assert (alike_symbols(one, other), alike_symbols(other, one)) == (alike, alike)


def test_summaries_that_are_one() -> None:
    """Most words of the shorter one, with or without "Về việc" and marks."""
    assert alike_summaries("Về việc báo cáo tình hình thiên tai", "bao cao tinh hinh thien tai nam 2016")
    assert not alike_summaries("báo cáo tình hình thiên tai", "họp giao ban tháng 10")


def test_days_agree() -> None:
    """A day with its year beside the page's own."""
    told = Seen(date(2016, 10, 15), 0.7, "body")
    seen = merge(Fields(issued=told), read(head() + LETTER)).issued
    assert seen
    assert seen.confidence > 0.95
