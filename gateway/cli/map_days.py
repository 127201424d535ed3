"""Days on the command line: typed as people write them, told as they read them.

Promises:  2016-10-30, 30/10/2016, 30-10-2016 and 30.10.2016 are the same day; without a day it is today in the
           gateway's time zone. What is told is day first; ISO 8601 with --json.
Fails:     Stop with exit status 2 for what is no day.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

import typer

from gateway.cli.desk import Desk, Exit, Stop

On = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD")]
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_VIETNAMESE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


def today(desk: Desk) -> date:
    """The day it is here."""
    return datetime.now(desk.settings.gateway.time_zone).date()


def day_of(desk: Desk, on: str | None) -> date:
    """The day that was typed; today when none was."""
    if on is None:
        return today(desk)
    iso, ours = _ISO.fullmatch(on.strip()), _VIETNAMESE.fullmatch(on.strip())
    parts = iso.groups() if iso else reversed(ours.groups()) if ours else ("0", "0", "0")
    try:
        return date(*map(int, parts))
    except ValueError:
        raise Stop(Exit.MISTAKE, "map.no-day", on=on) from None


def told(desk: Desk, day: date | None) -> str:
    """A day for a person; '' for one that is not known, or lies before all records."""
    if day is None or day == date.min:
        return ""
    return day.isoformat() if desk.json else f"{day:%d/%m/%Y}"
