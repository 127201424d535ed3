"""The key file: made once, changed whole, never shown."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from storage.keys import BadKeys, Keys, NoKeys
from storage.trouble import Permanent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key file of this test lies."""
    return tmp_path / "keys.json"


def test_what_was_created_is_loaded(path: Path) -> None:
    """The file gives back the keys that were made."""
    assert Keys.create(path) == Keys.load(path)


def test_only_its_owner_reads_it(path: Path) -> None:
    """Nobody else on the machine can read the keys."""
    Keys.create(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_keys_are_ever_overwritten_by_new_ones(path: Path) -> None:
    """Making keys where there are some is refused, and leaves them as they were."""
    keys = Keys.create(path)
    with pytest.raises(FileExistsError):
        Keys.create(path)
    assert Keys.load(path) == keys


def test_of_two_that_create_at_once_one_wins(path: Path) -> None:
    """Two processes that start on a new machine at the same moment end up with the same keys."""
    both, made = threading.Barrier(2), list[Keys]()

    def create() -> None:
        both.wait(timeout=10)
        try:
            made.append(Keys.create(path))
        except FileExistsError:
            return

    threads = [threading.Thread(target=create) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert made == [Keys.load(path)]


def test_a_change_leaves_nothing_beside_the_file(path: Path) -> None:
    """No half-written copy with keys in it stays behind."""
    Keys.create(path).rotated().write(path)
    assert list(path.parent.iterdir()) == [path]


def test_rotation_keeps_the_old_master_key(path: Path) -> None:
    """What the old master key wrapped can still be unwrapped; the new one wraps from now on."""
    before = Keys.create(path)
    before.rotated().write(path)
    after = Keys.load(path)
    assert after.current != before.current
    assert after.masters[before.current] == before.master
    assert after.master != before.master
    assert (after.token_key, after.tracking_key, after.salt) == (before.token_key, before.tracking_key, before.salt)


def test_a_missing_file_says_what_to_do(path: Path) -> None:
    """Without keys nothing starts, and the sentence names the file."""
    with pytest.raises(NoKeys, match=str(path)) as told:
        Keys.load(path)
    assert isinstance(told.value, Permanent)


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "{}", '{"version": 1}', "\u00e9", "null"],
)
def test_a_damaged_file_is_named_as_such(path: Path, damage: str) -> None:
    """A file that is no key file is never taken for one with other keys."""
    path.write_text(damage)
    with pytest.raises(BadKeys):
        Keys.load(path)


@pytest.mark.parametrize("name", ["token_key", "tracking_key", "salt"])
@pytest.mark.parametrize("value", ["", "AAAA", "not base64!", 7, None])
def test_a_damaged_key_is_named_and_not_shown(path: Path, name: str, value: object) -> None:
    """A key of the wrong length or shape is refused, and the words of the refusal hold none of the keys."""
    Keys.create(path)
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {name: value}))
    with pytest.raises(BadKeys) as told:
        Keys.load(path)
    assert not any(record[key] in f"{told.value!r}" for key in ("token_key", "tracking_key", "salt"))


def test_keys_do_not_show_themselves() -> None:
    """A log line or a stack of calls that prints the keys shows none."""
    keys = Keys.fresh()
    shown = repr(keys)
    assert "masters" not in shown
    assert "key" not in shown.replace("Keys", "")
