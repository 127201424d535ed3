"""Texts of strangers as a terminal may show them.

Promises:  what could rewrite or turn round what a person sees is gone: control characters, escape sequences, marks of
           writing direction, characters without width. Line ends stay.
Never:     loses a letter of any script.
Fails:     never.
"""

from __future__ import annotations

import re

# C0, DEL and C1; zero width; direction marks, embeddings, overrides and isolates; line separators; the byte order mark.
_UNSHOWN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def shown(text: str) -> str:
    """The text, with U+FFFD for each of those characters."""
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(json: str) -> str:
    r"""JSON that means the same, with ``\uXXXX`` for each of those characters."""
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", json)
