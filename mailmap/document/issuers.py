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
_LOW = tuple(map(Phrase.of, ("và", "trực thuộc", "thuộc", "hội chủ nghĩa", "án nhân dân", "kiểm sát nhân dân")))
_OF_PLACES = tuple(map(Phrase.of, ("tỉnh ủy", "huyện ủy", "thành ủy", "đảng bộ", "công ty")))  # a name follows
LONG = 3  # letters that say something alone
_SPELT = sorted(((Phrase.of(text), text) for text in _HEAD_WORDS), key=lambda each: len(each[0]))
_LEVEL_TEXTS = {" ".join(Phrase.of(text).plains): text for text in _LEVEL_WORDS}
_SOCIETY = Phrase.of("xã hội")
_EDGES = " .,-*_:;"
_SHORTENED = re.compile(r"\b(?:UBND|HĐND|TP)\b")
_SHORT = {"ubnd": "Ủy ban nhân dân", "hđnd": "Hội đồng nhân dân", "tp": "thành phố"}
_GOES_ON = tuple(map(Phrase.of, ("và", "của", "thuộc", "các", "quản lý", "xã", "tỉnh", "huyện", "phường", "thành phố")))
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
        if found and not (fresh and not _open(found[-1])):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return tuple(map(as_written, found))


def _open(name: str) -> bool:
    """Whether a name goes on in the next line: "SỞ LAO ĐỘNG -", "ỦY BAN NHÂN DÂN TỈNH", but not "TỈNH HÀ TĨNH"."""
    told = words(name)
    if name.rstrip().endswith((",", "-", "–", "&")):
        return True
    return any(phrase.starts_at(told, len(told) - len(phrase)) for phrase in _GOES_ON if len(phrase) < len(told))


def as_written(name: str) -> str:
    """A name in capitals as a sentence writes it: "SỞ NỘI VỤ TỈNH NINH BÌNH" is "Sở Nội vụ tỉnh Ninh Bình"."""
    told = words(name)
    if not told or sum(word.text.isupper() for word in told) < len(told) / 2:
        return name.strip(_EDGES)
    text = _SHORTENED.sub(lambda found: _SHORT[found[0].lower()], name.strip(_EDGES)).lower()
    parts = words(text)
    spelt, high = _generic(parts), _proper(parts, text)
    ends = [0, *(word.end for word in parts)]
    gaps = [text[end : word.start] for end, word in zip(ends, parts, strict=False)]
    out = (
        gap + (word.capitalize() if at in high else word)
        for at, (gap, word) in enumerate(zip(gaps, spelt, strict=True))
    )
    return "".join(out)


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


def _generic(parts: Sequence[Word]) -> list[str]:
    """The words with the general ones spelt right: recognition loses marks ("thành phó")."""
    told, bare = [word.text for word in parts], [word.plain for word in parts]
    for phrase, right in _SPELT:
        if _at(phrase, bare, 0):
            told[: len(phrase)] = right.split()
    level = _level(parts)
    if level:
        told[level[0] : level[0] + level[1]] = _LEVEL_TEXTS[" ".join(bare[level[0] : sum(level)])].split()
    return told


def _level(parts: Sequence[Word]) -> tuple[int, int] | None:
    """Where a name says of what level it is, and in how many words: tỉnh in "… tỉnh Hà Tĩnh", nothing in "Xã hội"."""
    bare = [word.plain for word in parts]
    for at in range(1, len(parts)):
        after_people = bare[at - 2 : at] == ["nhan", "dan"]  # there, marks may have been lost
        for phrase in _LEVELS:
            exact = phrase.starts_at(parts, at) and not _SOCIETY.starts_at(parts, at)
            if (exact or (after_people and _at(phrase, bare, at))) and at + len(phrase) < len(parts):
                return at, len(phrase)
    return None


def _same(head: Phrase, told: Sequence[Word]) -> bool:
    """Whether a line begins with the head's bare letters: recognition loses marks."""
    return [word.plain for word in told[: len(head)]] == list(head.plains)


def _proper(parts: Sequence[Word], text: str) -> set[int]:
    """The places of words with a capital: the first, the first of a matter or behind a stroke, names behind a level."""
    level = _level(parts)
    end = level[0] if level else len(parts)
    heads, matter = _headed(parts, end)
    low = {
        at + step
        for phrase in _LOW
        for at in range(matter, end)
        if phrase.starts_at(parts, at)
        for step in range(len(phrase))
    }
    behind = {at for at in range(1, end) if text[parts[at - 1].end : parts[at].start].strip() or at - 1 in low}
    first = {matter} if matter < end else set()
    named = set(range(sum(level), len(parts))) if level else set()
    if any(phrase.starts_at(parts, 0) for phrase in _OF_PLACES):
        named |= set(range(sum(level) if level else matter, len(parts)))
    return heads | ((first | behind) - low) | named


def _headed(parts: Sequence[Word], end: int) -> tuple[set[int], int]:
    """The first words of the general words a name begins with (Trường Đại học), and where its matter begins."""
    heads, at = {0}, 0
    bare = [word.plain for word in parts]
    while at < end:
        size = max((len(phrase) for phrase in _HEADS if _at(phrase, bare, at)), default=0)
        if not size:
            break
        heads.add(at)
        at += size
    return heads, at


def _at(phrase: Phrase, plains: Sequence[str], at: int) -> bool:
    return list(phrase.plains) == plains[at : at + len(phrase)]
