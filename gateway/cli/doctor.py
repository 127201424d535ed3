"""``lienthong doctor``: is all well? If not: what, and what to do.

Promises:  exit status 0 when nothing is bad, 1 when something is, 2 when the settings file has mistakes.
Never:     changes anything; see gateway/doctor.
"""

from __future__ import annotations

from gateway.cli.desk import Desk, Exit
from gateway.doctor import Grade, examine

SIGNS = {Grade.GOOD: "✓", Grade.WARNING: "!", Grade.BAD: "✗"}


def doctor(desk: Desk) -> Exit:
    """Every finding as it comes."""
    grades: set[Grade] = set()
    for finding in examine(desk.settings):
        sentence = desk.words.say(f"doctor.{finding.check}.{finding.found}", **dict(finding.facts))
        record = {"check": finding.check, "grade": finding.grade, "found": finding.found, "sentence": sentence}
        desk.answer(record, "doctor.line", sign=SIGNS[finding.grade])
        grades.add(finding.grade)
    return Exit.TROUBLE if Grade.BAD in grades else Exit.OK
