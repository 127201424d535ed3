"""Every command of ``lienthong``, in the order of its help.

Promises:  what stands here is what can be typed; nothing registers itself.

To add one: write ``def verb(desk: Desk, …) -> Exit | None`` in a file of this room, put a line here, and give
``cli.<group>.<verb>.help`` and one sentence per parameter in config/locale/vi.toml and en.toml; then ``make docs``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.cli import account, keys, map_care, map_export, map_history, map_reform, map_undo, register, roster, truth
from gateway.cli.check_config import check_config
from gateway.cli.classified import every, hand_over, purge, show
from gateway.cli.demo import demo
from gateway.cli.desk import Exit
from gateway.cli.doctor import doctor
from gateway.cli.inspect import inspect
from gateway.cli.map import tree, where, who
from gateway.cli.map_unit import unit
from gateway.cli.migrate import migrate
from gateway.cli.serve import serve


@dataclass(frozen=True, slots=True)
class Command:
    """``name`` is what is typed ("track", "account add"); ``run`` takes a Desk, then its parameters."""

    name: str
    run: Callable[..., Exit | None]


COMMANDS = (
    Command("serve", serve),
    Command("demo", demo),
    Command("track", register.track),
    Command("documents", register.documents),
    Command("outcomes", register.outcomes),
    Command("held", register.held),
    Command("release", register.release),
    Command("refuse", register.refuse),
    Command("retry", register.retry),
    Command("cancel", register.cancel),
    Command("register confirm", register.confirm),
    Command("map who", who),
    Command("map where", where),
    Command("map tree", tree),
    Command("map unit", unit),
    Command("map import", roster.import_),
    Command("map diff", roster.diff),
    Command("map export", map_export.export),
    Command("map add", roster.add),
    Command("map merge", map_reform.merge),
    Command("map undo", map_undo.undo),
    Command("map history", map_history.history),
    Command("map check", map_care.check),
    Command("map care", map_care.care),
    Command("classified list", every),
    Command("classified show", show),
    Command("classified hand-over", hand_over),
    Command("classified purge", purge),
    Command("verify", truth.verify),
    Command("rebuild", truth.rebuild),
    Command("inspect", inspect),
    Command("check-config", check_config),
    Command("keys init", keys.init),
    Command("keys rotate", keys.rotate),
    Command("migrate", migrate),
    Command("doctor", doctor),
    Command("account add", account.add),
    Command("account list", account.every),
    Command("account lock", account.lock),
    Command("account password", account.password),
)
