"""What the cells of a row mean: each table's fields with their readers, and the thing a row makes of what was before.

Promises:  every bad cell of a row is told, not only the first. A column that the sheet lacks leaves a unit as it is; so
           does an empty cell where empty means nothing (KEPT).
Never:     looks at other rows, or at what is already known beyond the ``before`` it is given.
Fails:     never; what is wrong comes back as sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from mailmap.directory import readers
from mailmap.directory.address import EVERYBODY, Address, Form, form_of
from mailmap.directory.answers import Sentence
from mailmap.directory.headings import title
from mailmap.directory.readers import Reader, Value
from mailmap.directory.sheet import Row, Table
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way

Values = Mapping[str, Value]

KEPT = frozenset({"id", "kind", "short", "channel", "book", "accepts_itself", "valid_from", "form", "needs"})
NEW = Unit(id="", name="", kind=UnitKind.OTHER, short="")  # what a row that names no known unit begins with
_PERIOD: Mapping[str, Reader] = {"valid_from": readers.first_day, "valid_until": readers.last_day}
_READERS: Mapping[Table, Mapping[str, Reader]] = {
    Table.UNITS: {
        "id": readers.an_id,
        "name": readers.text,
        "kind": readers.kind,
        "short": readers.short,
        "parent": readers.text_or_none,
        "contact": readers.mailboxes,
        "channel": readers.channel,
        "book": readers.flag,
        "accepts_itself": readers.flag,
        "organ_id": readers.code,
        "qcvn_id": readers.code,
        "tax_code": readers.tax_code,
        "other_names": readers.names,
        "fallback": readers.ways,
        "basis": readers.text,
        **_PERIOD,
    },
    Table.ADDRESSES: {
        "address": readers.senders,
        "unit": readers.text,
        "may": readers.rights,
        "role": readers.text,
        "form": readers.form,
        "needs": readers.proof,
        **_PERIOD,
    },
    Table.SUCCESSIONS: {
        "unit": readers.text,
        "on": readers.day,
        "turn": readers.turn,
        "successor": readers.text_or_none,
        "basis": readers.text,
    },
}
_NEEDED: Mapping[Table, frozenset[str]] = {
    Table.UNITS: frozenset({"name"}),
    Table.ADDRESSES: frozenset({"address", "unit"}),
    Table.SUCCESSIONS: frozenset({"unit", "on", "turn"}),
}


def read(row: Row, table: Table) -> tuple[Values, tuple[Sentence, ...]]:
    """What the cells say, by field, without those that say nothing; and all that is wrong with them."""
    values: dict[str, Value] = {}
    wrong = []
    for field, cell in row.cells.items():
        if not cell and field in KEPT:
            continue
        value = _value(table, field, cell)
        if isinstance(value, Sentence):
            wrong.append(value)
        else:
            values[field] = value
    return values, tuple(wrong)


def unit_of(values: Values, before: Unit, **known: Value) -> Unit:
    """The unit that the values make of ``before``, with what is ``known`` from elsewhere in their place.

    The second mailbox and those after it become its first fallbacks.
    """
    given = {**values, **known}
    if "contact" in values:
        first, *others = texts(values["contact"]) or ("",)
        more = tuple(Way(Channel.MAIL, mailbox) for mailbox in others)
        said = values.get("fallback", before.fallback)
        kept = tuple(way for way in said if isinstance(way, Way)) if isinstance(said, tuple) else ()
        given |= {"contact": first, "fallback": (*more, *(way for way in kept if way not in more))}
    return replace(before, **given)  # type: ignore[arg-type]  # the readers give each field its own type


def address_of(values: Values, address: str, before: Address | None) -> Address:
    """The mapping of one of the row's addresses."""
    given = {field: value for field, value in values.items() if field != "address"}
    start = before or Address(address, "", form=form_of(address))
    return replace(start, **given)  # type: ignore[arg-type]  # as above


def form_is_wrong(mapping: Address) -> bool:
    """Whether a mapping's form and its address do not go together."""
    everybody = mapping.address.startswith(EVERYBODY)
    tagged = "+" in mapping.address.partition("@")[0]
    return everybody != (mapping.form is Form.DOMAIN) or (mapping.form is Form.TAG and not tagged)


def succession_of(values: Values) -> Succession:
    """The succession that the values tell."""
    start = Succession("", date.max, Turn.ABOLISHED)
    return replace(start, **values)  # type: ignore[arg-type]  # as above


def texts(value: Value) -> tuple[str, ...]:
    """The texts of a value that is a tuple of texts; () for None."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def said(values: Values, field: str) -> str:
    """The text of a field; '' where the row says nothing."""
    value = values.get(field)
    return value if isinstance(value, str) else ""


def since(values: Values) -> date | None:
    """The first day that the row says."""
    value = values.get("valid_from")
    return value if isinstance(value, date) else None


def until(values: Values) -> date | None:
    """The day from which it no longer holds, when the row says one."""
    value = values.get("valid_until")
    return value if isinstance(value, date) else None


def day_of(values: Values) -> date | None:
    """A day on which what the row tells holds, when it says one; None is from now on."""
    last = until(values)
    return since(values) or (last - timedelta(days=1) if last and last > date.min else None)


def _value(table: Table, field: str, cell: str) -> Value | Sentence:
    if not cell and field in _NEEDED[table]:
        return Sentence.of("roster.missing-cell", column=title(table, field))
    return _READERS[table][field](cell)
