"""Issuing bodies as the head of a document names them: the parent above, the own name below it (ND30 Phụ lục I).

Promises:  names that were broken over lines are put together ("ỦY BAN NHÂN DÂN" / "TỈNH NINH BÌNH"); capitals become
           the name as sentences write it; a notation's group (SNV) can be compared with a name (Sở Nội vụ).
Never:     looks a name up: the directory does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailmap.document.spelling import Phrase, Word, plain, words

_HEAD_WORDS = (
    "ủy ban", "ubnd", "hội đồng", "hđnd", "bộ", "sở", "phòng", "ban", "cục", "tổng cục", "chi cục", "vụ",
    "văn phòng", "trung tâm", "trường", "viện", "công an", "tòa án", "tổng công ty", "công ty", "ngân hàng",
    "thanh tra", "kiểm toán", "kho bạc", "bảo hiểm", "đài", "bệnh viện", "đoàn", "liên đoàn", "thủ tướng",
    "chính phủ", "quốc hội", "chủ tịch", "học viện", "đại học", "đảng ủy", "tỉnh ủy", "huyện ủy", "thành ủy",
    "đảng bộ", "chi bộ", "hội", "mặt trận", "tổng hội", "hợp tác xã", "doanh nghiệp", "trạm", "đội", "hạt",
    "bộ chỉ huy", "quân khu", "tập đoàn", "nhà xuất bản", "thư viện", "bảo tàng", "báo", "tạp chí", "quỹ",
    "ủy ban thường vụ", "kiểm lâm", "chi nhánh", "ban quản lý", "ban chỉ đạo", "thuế", "hải quan",
    "ủy ban nhân dân", "hội đồng nhân dân", "văn phòng chính phủ", "thủ tướng chính phủ",
)  # fmt: skip
_LEVEL_WORDS = ("tỉnh", "thành phố", "tp", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
_HEADS = tuple(map(Phrase.of, _HEAD_WORDS))
_LEVELS = tuple(map(Phrase.of, _LEVEL_WORDS))
_LOW = tuple(
    map(
        Phrase.of,
        (
            "ban nhân dân", "đồng nhân dân", "tướng", "phòng", "tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã",
            "phường", "thị trấn", "đặc khu", "hội chủ nghĩa", "và", "trực thuộc", "thuộc", "tâm", "cục", "án nhân dân",
        ),
    )
)  # fmt: skip
LONG = 3  # letters that say something alone
_SPELT = sorted(((Phrase.of(text), text) for text in (*_HEAD_WORDS, *_LEVEL_WORDS)), key=lambda each: len(each[0]))
_SHORT = {"ubnd": "Ủy ban nhân dân", "hđnd": "Hội đồng nhân dân", "tp": "thành phố"}
_OPEN_END = re.compile(r"(?:\b(?:va|cua|thuoc|cac|quan ly|xa|tinh|huyen|phuong|thanh pho)|[,\-–&])$")
_NATIONAL = {
    "TTg": "Thủ tướng Chính phủ", "CP": "Chính phủ", "VPCP": "Văn phòng Chính phủ", "CTN": "Chủ tịch nước",
    "VPQH": "Văn phòng Quốc hội", "TANDTC": "Tòa án nhân dân tối cao", "VKSTC": "Viện kiểm sát nhân dân tối cao",
    "TTCP": "Thanh tra Chính phủ", "NHNN": "Ngân hàng Nhà nước Việt Nam",
}  # fmt: skip


def bodies(lines: Sequence[str]) -> tuple[str, ...]:
    """The bodies that lines of a head name, from the highest to the document's own."""
    found: list[str] = []
    for line in lines:
        told = words(line)
        fresh = any(head.starts_at(told, 0) or _same(head, told) for head in _HEADS)
        if found and not (fresh and not _OPEN_END.search(plain(found[-1]))):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return tuple(map(as_written, found))


def as_written(name: str) -> str:
    """A name in capitals as a sentence writes it: "SỞ NỘI VỤ TỈNH NINH BÌNH" is "Sở Nội vụ tỉnh Ninh Bình"."""
    told = [word.text for word in words(name)]
    if not told or sum(word.isupper() for word in told) < len(told) / 2:
        return name.strip(" .,-*")
    spelt = [_SHORT.get(word.lower(), word) for word in told]
    parts = words(_generic(" ".join(spelt).lower()))
    high = _proper(parts)
    out = [word.text.capitalize() if at in high else word.text for at, word in enumerate(parts)]
    return " ".join(out)


def of_notation(groups: Sequence[str]) -> str | None:
    """The national body that a notation names (TTg), or None."""
    return next((_NATIONAL[group] for group in groups if group in _NATIONAL), None)


def same_body(one: str, other: str) -> bool:
    """Whether two names are one when marks and blanks are left out."""
    return plain(one).replace(" ", "") == plain(other).replace(" ", "")


def abbreviates(group: str, body: str) -> bool:
    """Whether a group of a notation can stand for the body: SNV for Sở Nội vụ, UBND for Ủy ban nhân dân xã Hải Phúc."""
    if group in _NATIONAL and same_body(_NATIONAL[group], body):
        return True
    initials = "".join(plain(word.text)[0] for word in words(body))
    letters = plain(group)
    return len(letters) > 1 and (
        initials.startswith(letters) or (len(letters) >= LONG and letters[:LONG] == initials[:LONG])
    )


def _generic(text: str) -> str:
    """The text with its general words spelt right: recognition loses marks ("thành phó")."""
    told = [word.text for word in words(text)]
    bare = [word.plain for word in words(text)]
    for phrase, right in _SPELT:
        places = [at for at in range(len(bare)) if _at(phrase, bare, at) and (at == 0 or right in _LEVEL_WORDS)]
        for at in places:
            told[at : at + len(phrase)] = right.split()
    return " ".join(told)


def _same(head: Phrase, told: Sequence[Word]) -> bool:
    """Whether a line begins with the head's bare letters: recognition loses marks."""
    return [word.plain for word in told[: len(head)]] == list(head.plains)


def _proper(parts: Sequence[Word]) -> set[int]:
    """The places of words with a capital: the first, the names behind a level, the first word of a matter."""
    plains = [word.plain for word in parts]
    high = {0}
    level = next((at for at in range(1, len(plains)) if any(_at(phrase, plains, at) for phrase in _LEVELS)), None)
    if level is not None:
        size = next(len(phrase) for phrase in _LEVELS if _at(phrase, plains, level))
        high |= set(range(level + size, len(plains)))
    end = level if level is not None else len(plains)
    low = {
        at + step for phrase in _LOW for at in range(1, end) if _at(phrase, plains, at) for step in range(len(phrase))
    }
    high |= {at for at in range(1, end) if at not in low and at - 1 in {0, *low}}
    return high


def _at(phrase: Phrase, plains: Sequence[str], at: int) -> bool:
    return list(phrase.plains) == plains[at : at + len(phrase)]
