"""What is committed says nothing of the machine it was written on, and installs anywhere.

Promises:  the lock file holds names, versions and hashes only.
"""

from __future__ import annotations

import re

from tests.house.sources import ROOT, files

# Put together here, so that this file does not hold them itself.
HOSTS = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", r"npmjs\.", r"deb\.debian" + r"\.org")))
PLACES = re.compile(r"(?<![\w.}/-])/(?:work|tmp|root|home|opt)/[\w.]")
BINARY = {".pdf", ".png", ".docx", ".xlsx", ".zip", ".p12", ".eml"}


def texts() -> list[tuple[str, str]]:
    """Every text file that is ours, with its content."""
    ours = [path for path in files() if path.suffix not in BINARY and path.name != "LICENSE"]
    return [(str(path), (ROOT / path).read_text("utf-8", "replace")) for path in ours]


def test_no_registry_is_named() -> None:
    """Packages come from wherever the machine that installs them gets its packages."""
    assert [path for path, text in texts() if HOSTS.search(text)] == []


def test_no_place_of_one_machine_is_named() -> None:
    """No absolute path that only one machine has."""
    found = [f"{path}: {match[0]}" for path, text in texts() if (match := PLACES.search(text))]
    assert found == []


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    """Every requirement is pinned and hashed; none is an address, a path or an option."""
    text = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 50
    wrong = [
        e.splitlines()[0]
        for e in entries
        if not re.match(r"[\w.\[\],-]+==\S+( ; [^\\]+)? \\\n", e) or "--hash=sha256:" not in e
    ]
    assert wrong == []
    assert not re.search(r"://|@ |^-|^\s*--(?!hash)", text, re.MULTILINE)


def test_no_secret_is_kept() -> None:
    """No private key stands in the checkout; tests make theirs."""
    mark = "PRIVATE" + " KEY-----"
    assert [path for path, text in texts() if mark in text] == []
