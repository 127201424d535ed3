"""Kill -9 at every durable step while mail flows in from a real Postfix: a slice of ``make crash``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gateway.supervisor import Role
from storage.failpoints import POINTS
from tests.crash.plan import PAIRS, SHORT, Blow, Strike, plan
from tests.crash.sweep import sweep


def test_every_fail_point_is_struck() -> None:
    """No fail point without a role that is killed there, and no strike at a point that is none."""
    assert {point for _, point in PAIRS} == POINTS


def test_a_full_plan_strikes_everywhere_and_later_too() -> None:
    """300 kills: each pair of role and point five times at least, not only at the first occurrence; every blow."""
    planned = plan(300, 1)
    struck = Counter((one.role, one.point) for one in planned if isinstance(one, Strike))
    assert len(planned) == 300
    assert min(struck[pair] for pair in PAIRS) >= 5
    assert {one.nth for one in planned if isinstance(one, Strike)} == {1, 2, 3, 4}
    assert {one for one in planned if isinstance(one, Blow)} == set(Blow)
    assert plan(300, 1) == planned != plan(300, 2)


def test_the_slice_strikes_every_role() -> None:
    """Each role dies in the slice."""
    assert {one.role for one in SHORT if isinstance(one, Strike)} == set(Role)


@pytest.mark.peer("postfix", "root")
def test_what_was_answered_is_there_once_whoever_died(tmp_path: Path) -> None:
    """Every mail answered 250 is one document, in the books once, delivered once to each unit; nothing is left over."""
    report = sweep(tmp_path, SHORT)
    assert report.wrong == []
    assert report.kills.total() == len(SHORT)
    assert report.figures["rows in documents"] >= len(SHORT)
