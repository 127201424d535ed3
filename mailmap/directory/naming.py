"""Naming: the keys by which units are found under whatever people write.

Promises:  one key for every spelling of a name: case, marks, place of the tone, Đ/Ð, dashes, the usual abbreviations.
Never:     decides between two units with one key; the marks that were typed, and the sender's place, do (``finding``).
"""

from __future__ import annotations

from mailmap.document.spelling import tidy, words

_LONG = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "h": "huyen", "q": "quan", "x": "xa", "p": "phuong",
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "pg": "phong", "sgd": "so giao duc",
}  # fmt: skip
_AUTHORITY = "uy ban nhan dan "
_TIERS = ("tinh ", "thanh pho ", "thi xa ", "huyen ", "quan ", "thi tran ", "phuong ", "xa ")


def key(text: str) -> str:
    """The key of a name as somebody wrote it; '' when it has no letter."""
    said = " ".join(_LONG.get(word.plain, word.plain) for word in words(tidy(text)))
    return said.removeprefix(_AUTHORITY)


def keys(*names: str) -> tuple[str, ...]:
    """Every key by which a unit of these names is found: as a whole, and without the word for its tier."""
    whole = [key(name) for name in names]
    bare = [each.removeprefix(tier) for each in whole for tier in _TIERS if each.startswith(tier)]
    return tuple(dict.fromkeys(each for each in (*whole, *bare) if each))
