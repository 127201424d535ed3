"""Openings: the words with which people begin the name of an office, and with which they greet.

Promises:  a word typed with marks is taken with its marks: "Đại An" does not begin with "đài"; "dai an" may.
Never:     says that such an office exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailmap.directory.naming import read
from mailmap.document.spelling import Phrase, tidy, words

_LONGEST = 80
_LEAST = 3  # PNV, STC: Phòng or Sở with its field


def _prepared(*texts: str) -> Mapping[str, tuple[Phrase, ...]]:
    """The phrases by their first word."""
    phrases = [Phrase.of(text) for text in texts]
    return {first: tuple(_beginning(phrases, first)) for first in {phrase.plains[0] for phrase in phrases}}


def _beginning(phrases: Iterable[Phrase], first: str) -> Iterable[Phrase]:
    return (phrase for phrase in phrases if phrase.plains[0] == first)


_OFFICES = _prepared(
    "UBND", "UB", "ủy ban", "HĐND", "hội đồng", "MTTQ", "mặt trận", "đảng ủy", "huyện ủy", "tỉnh ủy", "thành ủy",
    "thị ủy",
    "phòng", "P", "sở", "ban", "bộ", "BQL", "BCH", "văn phòng", "VP", "thanh tra", "công an", "CA", "trung tâm", "TT",
    "TTYT", "chi cục", "CCT", "cục", "kho bạc", "KBNN", "bảo hiểm", "BHXH", "tòa án", "viện", "đoàn", "hội",
    "liên đoàn",
    "hạt", "đài", "bệnh viện", "trạm", "trường", "ngân hàng", "công ty", "doanh nghiệp", "hợp tác", "HTX", "xã", "X",
    "phường", "thị trấn", "thị xã", "TX", "huyện", "H", "quận", "Q", "thành phố", "TP", "tỉnh", "đặc khu", "các",
    "tất cả",
    "toàn thể", "lãnh đạo", "thường trực", "chủ tịch", "giám đốc", "trưởng", "phó", "PCT", "CPVP", "CVP", "đồng chí",
    "đ/c", "ông", "bà", "như", "lưu", "tổ", "khối",
)  # fmt: skip
_GREETINGS = _prepared(
    "anh", "chị", "em", "bạn", "bác", "cô", "chú", "thầy", "ông", "bà", "quý", "đồng chí", "đ/c", "các anh", "các chị",
    "các bạn", "các bác", "các cô", "các thầy", "các đ/c", "cả nhà", "mọi người",
)  # fmt: skip


_PERSONS = _prepared("ông", "bà", "anh", "chị", "đồng chí", "đ/c", "các anh", "các đ/c", "cụ", "cô", "thầy")


def names_a_person(text: str) -> bool:
    """Whether it begins as the name of a person does ("Ông Nguyễn Văn A")."""
    told = words(tidy(text[:_LONGEST]))
    return bool(told) and any(phrase.starts_at(told, 0) for phrase in _PERSONS.get(told[0].plain, ()))


def opens_an_office(text: str) -> bool:
    """Whether a name begins as the names of offices and groups do."""
    told = words(tidy(text[:_LONGEST]))
    if not told:
        return False
    if told[0].text.isupper() and len(told[0].text) >= _LEAST and read(text[:_LONGEST]).words[0] in {"phong", "so"}:
        return True
    return any(phrase.starts_at(told, 0) for phrase in _OFFICES.get(told[0].plain, ()))


def greets(text: str) -> bool:
    """Whether it begins as a greeting does ("anh Nam", "các bác")."""
    told = words(tidy(text[:_LONGEST]))
    return bool(told) and any(phrase.starts_at(told, 0) for phrase in _GREETINGS.get(told[0].plain, ()))
