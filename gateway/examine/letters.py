"""Whether stored text is text: scanners leave layers behind that no one can read.

Promises:  an answer for every string.
Never:     repairs anything; text in old Vietnamese fonts is not rubbish.
"""

from __future__ import annotations

import unicodedata

FEWEST = 0.10  # share of letters with marks: Vietnamese prose has 0.25 to 0.35, misread Vietnamese 0.01 to 0.08
BROKEN = 0.10  # share of controls, private and unassigned characters
VIETNAMESE = frozenset("ăâđêôơư")


def rubbish(text: str, *, scanned: bool) -> bool:
    """Whether a page's stored text says less than its picture would; ``scanned``: a picture fills the page."""
    letters = [letter for letter in text if not letter.isspace()]
    if not letters:
        return True
    broken = sum(letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Co", "Cn") for letter in letters)
    if broken > BROKEN * len(letters):
        return True
    words = [letter for letter in letters if letter.isalpha()]
    return scanned and sum(map(_vietnamese, words)) < FEWEST * len(words)


def _vietnamese(letter: str) -> bool:
    """A letter that Vietnamese writes and English does not."""
    plain = unicodedata.normalize("NFD", letter.lower())
    return letter.lower() in VIETNAMESE or (len(plain) > 1 and plain[0] in "aeiouy")
