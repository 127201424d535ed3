"""The directory: who an address is and where a recipient leads, on a day, with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory.address import ORDINARY, Address, May
from mailmap.directory.answers import Leads
from mailmap.directory.directory import OwnNames, Snapshot, snapshot
from mailmap.directory.unit import Unit, UnitKind
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose

KEY = b"k" * 32
DAY = date(2016, 10, 30)
OWN = OwnNames(frozenset({"lienthong.example", "xn--lin-thng-i1a9f.example"}), frozenset({"vanban"}))
DISTRICT = Unit("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau", organ_id="H40.9")
COMMUNE = Unit("haiphuc", "UBND xã Hải Phúc", UnitKind.COMMUNE, "haiphuc.haihau", parent="haihau")
CLERK = Address("vanthu.haiphuc@haihau.namdinh.example", "haiphuc", frozenset({May.SEND}), "văn thư")
TEXT = st.text(max_size=40) | st.emails() | st.from_regex(r"[\w+.\"]*@(lienthong\.example)?", fullmatch=True)


def directory(*units: Unit, mappings: tuple[Address, ...] = (CLERK,)) -> Snapshot:
    """A directory of these units, with the two above when none is named."""
    return snapshot(units or (DISTRICT, COMMUNE), mappings, OWN, KEY)


@pytest.mark.parametrize(
    "spelling",
    [
        "vanthu.haiphuc@haihau.namdinh.example",
        "VanThu.HaiPhuc@HaiHau.NamDinh.Example",
        " <vanthu.haiphuc@haihau.namdinh.example> ",
    ],
)
def test_an_address_is_its_units_in_every_spelling(spelling: str) -> None:
    """Case, spaces and angle brackets do not matter; what it may do comes with it, and why."""
    who = directory().who(spelling, DAY)
    assert (who.unit, who.may, who.address) == (COMMUNE, frozenset({May.SEND}), CLERK.address)
    assert (who.why.key, dict(who.why.facts)) == ("who.mapped", {"unit": "UBND xã Hải Phúc"})


def test_an_address_is_the_same_in_nfc_and_nfd() -> None:
    """An address with marks is found however its letters are put together."""
    mappings = (replace(CLERK, address="hảiphúc@haihau.example"),)
    assert directory(mappings=mappings).who("ha\u0309iphu\u0301c@haihau.example", DAY).unit == COMMUNE


def test_nobody_is_told_apart_from_somebody_unknown() -> None:
    """An address nobody mapped, and a mail that names none, have different reasons."""
    assert directory().who("ai.do@haihau.example", DAY).why.key == "who.unmapped"
    assert directory().who("<>", DAY).why.key == "who.nobody"


@pytest.mark.parametrize("address", ["haihau@lienthong.example", "tl+7-abc@LIENTHONG.example", "x@lienthong.example."])
def test_our_own_addresses_are_nobodys(address: str) -> None:
    """Even when one of them was mapped by mistake, no mail may come from it: it would run for ever (lesson 31)."""
    mappings = (Address("haihau@lienthong.example", "haihau"),)
    who = directory(mappings=mappings).who(address, DAY)
    assert (who.unit, who.may, who.why.key) == (None, frozenset(), "who.own")


@pytest.mark.parametrize(
    ("on", "unit", "reason"),
    [
        (date(2015, 12, 31), None, "who.mapping-not-yet"),
        (date(2016, 1, 1), "haiphuc", "who.mapped"),
        (date(2016, 5, 31), "haiphuc", "who.mapped"),
        (date(2016, 6, 1), "haihau", "who.mapped"),
        (date(2016, 12, 31), "haihau", "who.mapped"),
        (date(2017, 1, 1), None, "who.mapping-ended"),
    ],
)
def test_an_address_belongs_to_a_unit_for_a_period(on: date, unit: str | None, reason: str) -> None:
    """A period has its first day and not its last; the next may begin on the day the one before ends."""
    mappings = (
        Address("vt@x.example", "haihau", ORDINARY, "", date(2016, 6, 1), date(2017, 1, 1)),
        Address("vt@x.example", "haiphuc", ORDINARY, "", date(2016, 1, 1), date(2016, 6, 1)),
    )
    who = directory(mappings=mappings).who("vt@x.example", on)
    assert (who.unit.id if who.unit else None, who.why.key) == (unit, reason)


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        ({"valid_until": date(2016, 10, 30)}, "ended"),
        ({"valid_from": date(2016, 10, 31)}, "not-yet"),
    ],
)
def test_a_unit_counts_only_while_it_exists(period: dict[str, date], reason: str) -> None:
    """Before its first day and from its last on, a unit neither sends nor receives, and the reason names the day."""
    there = directory(replace(COMMUNE, **period))
    who, where = there.who(CLERK.address, DAY), there.where("haiphuc.haihau@lienthong.example", DAY)
    assert (who.unit, who.why.key) == (None, f"who.unit-{reason}")
    assert (where.leads, where.unit, where.why.key) == (Leads.UNKNOWN, None, f"where.unit-{reason}")
    assert any(day in dict(why.facts).values() for why in (who.why, where.why) for day in ("30/10/2016", "31/10/2016"))


def test_a_mapping_to_a_unit_that_is_not_there_is_told() -> None:
    """It is nobody's, and the reason names the unit that is missing."""
    who = directory(DISTRICT).who(CLERK.address, DAY)
    assert (who.unit, who.why.key, dict(who.why.facts)) == (None, "who.unit-unknown", {"unit": "haiphuc"})


@pytest.mark.parametrize(
    ("recipient", "leads", "unit", "reason"),
    [
        ("haiphuc.haihau@lienthong.example", Leads.UNIT, COMMUNE, "where.unit"),
        ("HaiPhuc.HaiHau+Khan@LienThong.example", Leads.UNIT, COMMUNE, "where.unit"),
        ("haihau@xn--lin-thng-i1a9f.example", Leads.UNIT, DISTRICT, "where.unit"),
        ("h40.9@lienthong.example", Leads.UNIT, DISTRICT, "where.unit"),
        ('"haihau"@lienthong.example', Leads.UNIT, DISTRICT, "where.unit"),
        ("vanban@lienthong.example", Leads.INTAKE, None, "where.intake"),
        ("postmaster", Leads.POSTMASTER, None, "where.postmaster"),
        ("LienThong@lienthong.example", Leads.POSTMASTER, None, "where.postmaster"),
        ("Abuse@lienthong.example", Leads.POSTMASTER, None, "where.postmaster"),
        ("haihau@haihau.example", Leads.FOREIGN, None, "where.foreign"),
        ("postmaster@haihau.example", Leads.FOREIGN, None, "where.foreign"),
        ("haihau", Leads.UNKNOWN, None, "where.no-domain"),
        ("hiahau@lienthong.example", Leads.UNKNOWN, None, "where.unknown"),
        ("tl@lienthong.example", Leads.UNKNOWN, None, "where.unknown"),
        ("@lienthong.example", Leads.UNKNOWN, None, "where.unknown"),
        ("", Leads.UNKNOWN, None, "where.no-domain"),
    ],
)
def test_every_recipient_leads_somewhere(recipient: str, leads: Leads, unit: Unit | None, reason: str) -> None:
    """Units by short name or code, with or without a tag, system names, the intake; the rest is foreign or unknown."""
    where = directory().where(recipient, DAY)
    assert (where.leads, where.unit, where.why.key) == (leads, unit, reason)


@pytest.mark.parametrize(("purpose", "leads"), [(Purpose.REPLY, Leads.REPLY), (Purpose.RETURN, Leads.RETURN)])
def test_keyed_addresses_lead_to_their_letter(purpose: Purpose, leads: Leads) -> None:
    """What we made leads to its letter, in any case; what we did not make leads nowhere (lesson 34)."""
    made = f"{tokens.make(KEY, purpose, 7)}@lienthong.example"
    where = directory().where(made.upper(), DAY)
    assert (where.leads, where.letter, where.why.key) == (leads, 7, f"where.{leads.value}")
    forged = directory().where(made.replace("+7-", "+8-"), DAY)
    assert (forged.leads, forged.letter, forged.why.key) == (Leads.UNKNOWN, None, "where.forged")


@given(text=TEXT, on=st.dates())
def test_every_text_has_an_answer_that_can_be_said(text: str, on: date) -> None:
    """Whatever is asked, and for whatever day, there is an answer with a reason in both languages."""
    there = directory()
    for why in (there.who(text, on).why, there.where(text, on).why):
        assert all(words(language).tell(why) for language in Language)


def test_every_answer_of_a_day_names_a_living_unit() -> None:
    """On every day around its changes a name leads to the one unit that lives, or to none with a reason."""
    old = replace(COMMUNE, id="old", valid_until=date(2016, 7, 1))
    new = replace(COMMUNE, id="new", valid_from=date(2016, 7, 1), valid_until=date(2016, 7, 3))
    there = directory(old, new)
    found = [there.where("haiphuc.haihau@lienthong.example", date(2016, month, day)) for month, day in
             ((6, 30), (7, 1), (7, 2), (7, 3))]  # fmt: skip
    assert [where.unit and where.unit.id for where in found] == ["old", "new", "new", None]
    assert [where.why.key for where in found][-1] == "where.unit-ended"
