"""``lienthong keys``: the one file without which nothing private can be read again.

Promises:  ``init`` never overwrites; ``rotate`` keeps the old keys; both remind of the safe copy.
Never:     shows a key.
Fails:     exit status 1 when there are keys already, or none to rotate.
"""

from __future__ import annotations

from gateway.cli.desk import Desk, Exit, Stop
from gateway.state import State
from storage.keys import Keys, NoKeys


def init(desk: Desk) -> Exit:
    """New keys in the state folder."""
    path = State.of(desk.settings).keys
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        keys = Keys.create(path)
    except FileExistsError:
        raise Stop(Exit.TROUBLE, "keys.there", path=path) from None
    desk.answer({"path": str(path), "current": keys.current}, "keys.made")
    return Exit.OK


def rotate(desk: Desk) -> Exit:
    """A new master key for the documents to come."""
    path = State.of(desk.settings).keys
    try:
        keys = Keys.load(path).rotated()
    except NoKeys:
        raise Stop(Exit.TROUBLE, "keys.none", path=path) from None
    keys.write(path)
    desk.answer({"path": str(path), "current": keys.current}, "keys.rotated")
    return Exit.OK
