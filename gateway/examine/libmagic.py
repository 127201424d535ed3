"""libmagic as python-magic sees it: the machine's own, else the one that came with our packages.

Promises:  ``magic`` can be had from here on any Linux; ``DATABASE`` is the file of its rules, None for the machine's.
Never:     touches the environment or other libraries, as importing pylibmagic itself would.
Fails:     ImportError when neither is there.

python-magic asks the loader for "libmagic.so.1". The loader knows a library that is loaded already by that name,
wherever it lies: so the bundled one is loaded first, by its path.
"""

from __future__ import annotations

import ctypes
from importlib.util import find_spec
from pathlib import Path

NAME = "libmagic.so.1"


def _bundled() -> Path | None:
    """The folder of the bundled library, None without it."""
    found = find_spec("pylibmagic")
    return Path(found.origin).parent if found and found.origin else None


def load(name: str = NAME) -> Path | None:
    """Load the library; where its rules lie, None when it is the machine's own and knows by itself."""
    try:
        ctypes.CDLL(name)
    except OSError:
        folder = _bundled()
        if folder is None:
            raise ImportError("there is no libmagic: install Debian's libmagic1") from None
        ctypes.CDLL(str(folder / NAME))
        return folder / "magic.mgc"
    return None


DATABASE = load()

import magic  # noqa: E402  it looks for the library while it is imported

__all__ = ["DATABASE", "load", "magic"]
