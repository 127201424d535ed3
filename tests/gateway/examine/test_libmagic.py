"""File types can be told on a machine without libmagic of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# In a process of its own, because a library once loaded stays: there the loader denies what this machine has.
WITHOUT = """
import ctypes
from importlib.util import find_spec
from pathlib import Path

real = ctypes.CDLL.__init__
def init(self, name, *rest, **more):
    if name in ("libmagic.so.1", "libmagic.so") and not loaded:
        raise OSError("no such library here")
    loaded.append(name)
    real(self, name, *rest, **more)
loaded = []
ctypes.CDLL.__init__ = init

from gateway.examine.filetype import sniff
from gateway.examine.libmagic import DATABASE
assert DATABASE == Path(find_spec("pylibmagic").origin).parent / "magic.mgc"
assert loaded[0].endswith("pylibmagic/libmagic.so.1"), loaded
print(sniff(b"%PDF-1.4\\n%%EOF\\n"), sniff(b"GIF89a" + bytes(20)), sniff("chào".encode()))
"""


def test_the_bundled_library_steps_in() -> None:
    """Without libmagic1 the one from our packages answers, with its own rules, and nothing else is changed."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["application/pdf", "image/gif", "text/plain"], done.stderr
