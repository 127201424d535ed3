"""Marks of state secrecy, as marks and not as words about secrecy (Luật 29/2018/QH14 Điều 8; ND30 Phụ lục I).

Promises:  MẬT, TỐI MẬT, TUYỆT MẬT are seen at the head of a subject or a line, in brackets, alone, behind a colon or a
           dash, in capitals among small letters, behind the name of a paper ("Công văn mật số 12"), in a file name
           ("12-BC_MAT", "KeHoachToiMat"), letter-spaced ("M Ậ T"), in both places of the tone mark; without marks where
           they stand apart. Where a mark is doubtful it is seen: a person looks, nothing travels.
Never:     takes "bảo vệ bí mật nhà nước", "quản lý văn bản mật", "cấm gửi tài liệu mật", "mật độ", "giải mật" or MAT
           TRAN for a mark: papers about secrecy are many, and bear none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailmap.document.clues import BODY, NAME, SUBJECT
from mailmap.document.document import Secrecy, Seen
from mailmap.document.filename import stem_of
from mailmap.document.spelling import Phrase, Word, plain, words

_SURE = 0.9


def _phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(map(Phrase.of, texts))


_DEGREES: Mapping[Phrase, Secrecy] = {
    Phrase.of("tuyệt mật"): Secrecy.TOP_SECRET,
    Phrase.of("tuyệtmật"): Secrecy.TOP_SECRET,
    Phrase.of("tối mật"): Secrecy.SECRET,
    Phrase.of("tốimật"): Secrecy.SECRET,
    Phrase.of("mật"): Secrecy.CONFIDENTIAL,
}
_ANY = re.compile(r"m[\W_]*a[\W_]*t")
_SPACED = {"tuyetmat": 5, "toimat": 3, "mat": 0}  # where the first word ends
_AFTER = _phrases(
    "ong", "mã", "thư", "vụ", "danh", "thám", "khẩu", "độ", "hàng", "trận", "bằng", "đường", "tiền", "nước", "cắt",
    "an toàn", "xã", "phố", "thiết", "tông", "nghị", "lệnh", "gấu", "mía", "hoa", "phục", "báo", "hiệu", "cứ", "đàm",
    "ước", "thất", "vàng", "ngọt", "tịch", "sàn", "cầu", "trời", "đất", "khác", "trái", "phải", "hóa",
)  # fmt: skip
_BEFORE = _phrases(
    "bảo", "bí", "cơ", "thân", "nội", "ngọt", "trụ", "đường", "cẩn", "thành", "ra", "mở", "bề", "có", "vắng", "thay",
    "gặp", "độ", "giải", "túi", "sỏi", "gan", "dịch", "trăng", "trang", "khám", "rửa", "đeo", "bịt", "chất", "khóa",
    "lấy", "nuôi", "khuôn", "lần",
)  # fmt: skip
_CARRIERS = _phrases(
    "công văn", "văn bản", "tài liệu", "công điện", "hồ sơ", "cv", "vb", "báo cáo", "kế hoạch", "quyết định",
    "tờ trình", "thông báo", "chỉ thị", "phương án", "đề án", "dự án", "biên bản", "giấy mời", "nghị quyết",
    "hướng dẫn", "thông cáo", "chương trình", "điện", "phiếu", "thư", "danh sách",
)  # fmt: skip
_SENDING = _phrases("gửi", "chuyển", "nộp", "trình", "kèm", "kèm theo", "đính kèm", "gửi kèm", "là", "nhận được")
_NOT = _phrases("không", "cấm", "tránh", "đừng", "chớ", "việc", "về", "quy định", "quy trình", "hướng dẫn", "công tác")
_MOST = 20  # places of one text
_NEAR = 40  # letters
_BETWEEN = 3  # words: "gửi đồng chí tài liệu mật"
_REACH = 8  # words before "gửi tài liệu mật" among which one of these makes it a rule about papers
_TOPICS = _phrases(
    "bí mật nhà nước", "bảo vệ bí mật", "bmnn", "hướng dẫn", "quy định", "tập huấn", "mẫu dấu", "con dấu", "khắc dấu",
    "xác định độ mật", "danh mục", "giải mật", "các độ", "độ mật", "tuyên truyền", "quản lý", "rà soát", "tăng cường",
)  # fmt: skip
_DEGREE = re.compile(r"(?:^|[\s\[(])(?:mức\s+)?(?:độ|do|đo)\s+(?:mật|mat)\s*[:=-]\s*$", re.IGNORECASE)
_OPENING = re.compile(r"(?:^|[\[(:;,|_./*#\"“”'<>-])\s*$")
_CLOSING = re.compile(r"\s*(?:$|[\])!:;,|_./*#\"“”'<>-])")
_OPEN, _CLOSE = re.compile(r"[\[({<]\s*[*\"“']*$"), re.compile(r"[*\"”']*\s*[\])}>]")
_NUMBER = re.compile(r"\s*(?:$|[\])!:;,|_./-]|số\b|so\b|\d)", re.IGNORECASE)
_NUMBER_IN_NAME = re.compile(r"[\s_.-]*(?:$|số\b|so\b|\d|[()\[\]])", re.IGNORECASE)
_JOINS = frozenset("-_.")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=[A-ZĐẬỐỆ][a-zậốệ])")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a degree is named: in a text of these words, from the one to the other."""

    text: str
    told: tuple[Word, ...]
    start: int
    end: int
    mark: Secrecy

    @property
    def before(self) -> str:
        end = self.told[self.start].start
        return self.text[max(0, end - _NEAR) : end]

    @property
    def after(self) -> str:
        end = self.told[self.end - 1].end
        return self.text[end : end + _NEAR]

    @property
    def here(self) -> tuple[Word, ...]:
        return self.told[self.start : self.end]


def read_secrecy(subject: str, names: Iterable[str], lines: Iterable[str]) -> Seen[Secrecy] | None:
    """The secrecy mark that a tidy subject (without Re:), file names or the first lines show."""
    for text, source in _texts(subject, names, lines):
        if not _ANY.search(plain(text)):
            continue
        places = [place for place in _places(_gathered(text)) if not _in_a_word(place, source)]
        listed = len({place.mark for place in places}) > 1
        found = (place.mark for place in places[:_MOST] if _is_mark(place, source, listed=listed))
        if mark := next(found, None):
            return Seen(mark, _SURE, source)
    return None


def _texts(subject: str, names: Iterable[str], lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield subject, SUBJECT
    yield from ((_HUMP.sub(" ", stem_of(name)), NAME) for name in names)
    yield from ((line, BODY) for line in lines)


def _gathered(text: str) -> str:
    """The text with "M Ậ T" and "T.Ố.I M.Ậ.T" written as words."""
    out, end, run = [], 0, list[Word]()
    for word in (*words(text), None):
        if word is not None and len(word.text) == 1 and word.text.isalpha():
            run.append(word)
            continue
        joined = "".join(one.text for one in run)
        cut = _SPACED.get("".join(one.plain for one in run))
        if cut is not None:
            out += [text[end : run[0].start], joined[:cut], " " * bool(cut), joined[cut:]]
            end = run[-1].end
        run = []
    return "".join([*out, text[end:]])


def _places(text: str) -> Iterator[_Place]:
    """Every degree that is named, the longer ones first; "mật" in "tối mật" is none of its own."""
    told, taken = words(text), set[int]()
    for phrase, mark in _DEGREES.items():
        for at in phrase.places(told):
            if at + len(phrase) - 1 not in taken:
                taken.update(range(at, at + len(phrase)))
                yield _Place(text, told, at, at + len(phrase), mark)


def _is_mark(place: _Place, source: str, *, listed: bool) -> bool:
    if _bracketed(place):
        return True
    apart = bool(_OPENING.search(place.before)) and bool(_CLOSING.match(place.after))
    head = place.start == 0
    if listed and not head:  # "tuyệt mật, tối mật và mật": who names several speaks of them
        return False
    if _DEGREE.search(place.before):
        return True
    if any(word.marked for word in place.here):
        return _marked(place, source, apart=apart, head=head)
    return _bare(place, source, apart=apart, head=head)


def _marked(place: _Place, source: str, *, apart: bool, head: bool) -> bool:
    """Written with its marks: capitals among small letters tell most."""
    if apart and (head or source != BODY):
        return True
    if _carried(place):
        return True
    capitals = all(word.text.isupper() for word in place.here) and place.text != place.text.upper()
    return (capitals or (head and _leading(place))) and not _about_secrecy(place)


def _leading(place: _Place) -> bool:
    """At the head of what it marks: "Tối mật phương án A2", "Mật 12/BC-CA", "MẬT BÁO CÁO"."""
    return len(place.here) > 1 or _followed(place)


def _followed(place: _Place) -> bool:
    """By a number, or by the name of a paper."""
    papers = any(len(carrier) > 1 and carrier.starts_at(place.told, place.end) for carrier in _CARRIERS)
    return papers or place.after.lstrip()[:1].isdigit()


def _about_secrecy(place: _Place) -> bool:
    return any(topic.starts_at(place.told, at) for topic in _TOPICS for at in range(len(place.told)))


def _bare(place: _Place, source: str, *, apart: bool, head: bool) -> bool:
    """Written without marks, so that it may be another word: "mặt", "mắt", "mất", "tôi mất"."""
    capitals = all(word.text.isupper() for word in place.here)
    if apart and (head or capitals) and (capitals or source != BODY):
        return True
    if head and capitals and _leading(place) and place.text != place.text.upper() and not _about_secrecy(place):
        return True
    numbered = (_NUMBER_IN_NAME if source == NAME else _NUMBER).match(place.after)
    if place.mark is Secrecy.TOP_SECRET or (_carried(place) and numbered):
        return True
    edge = head or place.end == len(place.told)
    document = any(word.text.isdigit() for word in place.told)
    return source == NAME and edge and (len(place.here) > 1 or (apart and document))


def _bracketed(place: _Place) -> bool:
    lower = not any(word.marked for word in place.here) and not all(word.text[:1].isupper() for word in place.here)
    return bool(_OPEN.search(place.before)) and bool(_CLOSE.match(place.after)) and not lower


def _carried(place: _Place) -> bool:
    """Whether a paper is called so: "Công văn mật số 12" at the head or after "gửi", not "cấm gửi tài liệu mật"."""
    return any(_leads(carrier, place) for carrier in _CARRIERS)


def _leads(carrier: Phrase, place: _Place) -> bool:
    head = place.start - len(carrier)
    if head < 0 or not carrier.starts_at(place.told, head):
        return False
    if head == 0:
        return True
    near = range(max(0, head - _BETWEEN - 2), head)
    sends = any(word.starts_at(place.told[:head], at) for at in near for word in _SENDING)
    reach = range(max(0, head - _REACH), head)
    return sends and not any(word.starts_at(place.told, at) for word in _NOT for at in reach)


def _in_a_word(place: _Place, source: str) -> bool:
    """Whether it is a part of another word: "bí mật", "mật độ"; in a file name "mat-duong" too."""
    told, bare = place.told, not any(word.marked for word in place.here)
    named = source == NAME and bare
    joined = place.after[:1].isspace() or (named and place.after[:1] in _JOINS)
    after = not _followed(place) and any(phrase.starts_at(told, place.end) for phrase in _AFTER)
    before = place.start > 0 and any(phrase.starts_at(told, place.start - 1) for phrase in _BEFORE)
    apart = _OPENING.search(place.before.rstrip(" ")) and not (source == NAME and place.before[-1:] in _JOINS)
    return (after and joined and (named or not _CLOSING.match(place.after))) or (before and not apart)
