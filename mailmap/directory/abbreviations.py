"""Abbreviations: what clerks write short in the names of units, and what it stands for.

Promises:  UBND, TP, P., H., VP …, and the usual departments and divisions (decrees 24/2014, 37/2014, 150/2025 and
           45/2025/NĐ-CP), written together (GDĐT), with signs (GD&ĐT, TC-KH) or with words between (NN và PTNT).
           What may mean two things is read by what follows it: "TT. Cồn", "TT Y tế"; "P. Hạ Long", "P. Nội vụ".
Never:     touches a word that is no abbreviation; tells a name from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from mailmap.document import spelling

_VOWELS = frozenset("aăâeêoôơuư")
_WORD = re.compile(r"[^\W_]+")
Told = tuple[str, int]  # a word of the long form, and which word of the text it stands for; OURS when none
OURS = -1
_MOST = 6  # VH, TT, và, DL: an abbreviation in so many pieces


@dataclass(frozen=True, slots=True)
class Token:
    """One word as it was typed; ``plain`` is its bare syllable, ``sound`` says its tone at the end.

    ``whole``: it is no abbreviation, whatever stands around it.
    """

    text: str
    plain: str
    sound: str
    whole: bool


def tokens(text: str) -> list[Token]:
    """The words of a text."""
    return [_token(word) for word in _WORD.findall(spelling.tidy(text))]


@lru_cache(maxsize=65536)
def _token(text: str) -> Token:
    plain = syllable(spelling.plain(text))
    return Token(text, plain, same_ending(spelling.sound(text)), _is_whole(text, plain))


def syllable(plain: str) -> str:
    """The bare syllable; i and y at its end are one behind a consonant, as people write them (Mỹ, Mĩ; Quỹ, Quĩ)."""
    if plain.endswith("y") and (plain[-2:-1] not in _VOWELS or plain[-3:-1] == "qu"):
        return f"{plain[:-1]}i"
    return plain


_SURE = {
    "ubnd": "uy ban nhan dan", "ubnđ": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "tp": "thanh pho",
    "tx": "thi xa", "vp": "van phong", "vpubnd": "van phong uy ban nhan dan", "vphdnd": "van phong hoi dong nhan dan",
    "bhxh": "bao hiem xa hoi", "kbnn": "kho bac nha nuoc", "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc", "ldld": "lien doan lao dong", "bql": "ban quan ly",
    "bqlda": "ban quan ly du an", "kcn": "khu cong nghiep", "dbqh": "dai bieu quoc hoi",
    "ddbqh": "doan dai bieu quoc hoi",
    "vksnd": "vien kiem sat nhan dan", "tand": "toa an nhan dan", "thads": "thi hanh an dan su",
    "nhcsxh": "ngan hang chinh sach xa hoi", "bch": "chi huy", "bchqs": "chi huy quan su", "chqs": "chi huy quan su",
    "ttyt": "trung tam y te",
    "cct": "chi cuc thue", "ccb": "cuu chien binh", "hlhpn": "hoi lien hiep phu nu", "hnd": "hoi nong dan",
    "qlda": "quan ly du an", "pccc": "phong chay chua chay", "pttt": "phat thanh truyen hinh",
    "gdnn": "giao duc nghe nghiep",
    "gdtx": "giao duc thuong xuyen", "ttpvhcc": "trung tam phuc vu hanh chinh cong", "qltt": "quan ly thi truong",
}  # fmt: skip
_CAPITALS = {"CA": "cong an", "QS": "quan su", "UB": "uy ban", "CC": "chi cuc", "TTr": "thanh tra", "QL": "quan ly"}
_TITLES = frozenset({"PCT", "PGĐ"})  # deputies, not divisions
_LETTERS = {"h": "huyen", "q": "quan", "x": "xa"}
_FIELDS = {
    "nv": "noi vu", "tp": "tu phap", "tc": "tai chinh", "khdt": "ke hoach dau tu", "ct": "cong thuong",
    "nnptnt": "nong nghiep phat trien nong thon", "nnmt": "nong nghiep moi truong", "gtvt": "giao thong van tai",
    "xd": "xay dung", "tnmt": "tai nguyen moi truong", "tttt": "thong tin truyen thong",
    "ldtbxh": "lao dong thuong binh xa hoi", "ldtb": "lao dong thuong binh xa hoi",
    "vhttdl": "van hoa the thao du lich", "khcn": "khoa hoc cong nghe", "gddt": "giao duc dao tao",
    "gd": "giao duc dao tao", "yt": "y te", "dl": "du lich", "ngv": "ngoai vu", "dttg": "dan toc ton giao",
    "qhkt": "quy hoach kien truc", "dt": "dan toc",
}  # fmt: skip
_AFTER = {
    "so": _FIELDS | {"vhtt": "van hoa the thao"},
    "phong": _FIELDS | {
        "tckh": "tai chinh ke hoach", "vhtt": "van hoa thong tin", "kt": "kinh te", "ktht": "kinh te ha tang",
        "kthtdt": "kinh te ha tang do thi", "qldt": "quan ly do thi", "vhxh": "van hoa xa hoi",
        "vhkhtt": "van hoa khoa hoc thong tin",
    },
}  # fmt: skip
_PIECES = {
    "gd": "giao duc", "dt": "dao tao", "ld": "lao dong", "tb": "thuong binh", "xh": "xa hoi", "nn": "nong nghiep",
    "ptnt": "phat trien nong thon", "tn": "tai nguyen", "mt": "moi truong", "vh": "van hoa", "tc": "tai chinh",
    "kh": "ke hoach", "cntt": "cong nghe thong tin",
}  # fmt: skip
_SHORT = frozenset({*_SURE, *_LETTERS, "p", "tt"})
_DIVISIONS = frozenset(" ".join(map(syllable, name.split()[:2])) for name in _AFTER["phong"].values())
_CENTRES = (
    "i te", "van hoa", "giao duc", "dich vu", "hanh chinh", "chinh tri", "khuyen nong", "bao ton", "phat trien",
    "phuc vu", "dan so", "gdnn", "gdtx", "gdtx-gdnn", "vh", "vhtt", "vhttdl", "vhttt", "kiem soat", "boi duong",
    "ptqd", "dvnn", "cong nghe", "quan li", "tin hoc", "hoi nghi", "xuc tien", "tro giup", "ung dung", "nuoc",
    "day nghe",
)  # fmt: skip
_TRIOS = ("huyen uy", "tinh uy", "thanh uy", "thi uy", "quan uy", "dang uy", "hdnd", "hoi dong")


def expanded(words: Sequence[Token]) -> Iterator[Told]:
    """The words of a name with its abbreviations written out; no marks."""
    at, last, field = 0, "", False
    while at < len(words):
        word = words[at]
        if word.whole and last not in _AFTER:  # nearly always
            last = word.plain
            field = field or last in _AFTER
            yield last, at
            at += 1
            continue
        length, told = _read(words, at, last)
        told = told or (_PIECES.get(word.plain) if field and not _marked(word.text) else None)
        source = at if told is None else OURS
        for each in [word.plain] if told is None else told.split():
            last = syllable(each)
            yield last, source
        at += length


def _is_whole(text: str, plain: str) -> bool:
    if _marked(text):
        return True
    glued = text[0] in "PpSs" and text.isupper()
    return not (glued or plain in _SHORT or text in _CAPITALS or plain[-1:].isdigit())


def _marked(text: str) -> bool:
    """Whether it has marks that no abbreviation has: more than a Đ."""
    return not text.isascii() and not text.lower().replace("đ", "d").isascii()


def _read(words: Sequence[Token], at: int, last: str) -> tuple[int, str | None]:
    """How many words the abbreviation here takes, and its long form; None for a word that is none."""
    if _marked(words[at].text):
        return 1, None
    return _field(words, at, last) or _glued(words, at) or (1, _alone(words, at, last))


def _field(words: Sequence[Token], at: int, last: str) -> tuple[int, str] | None:
    """The field of work behind "Sở" and "Phòng"."""
    table = _AFTER.get(last)
    if table is None:
        return None
    found = _joined(words, at, table, "")
    piece = _PIECES.get(words[at].plain)
    return found or ((1, piece) if piece else None)


def _glued(words: Sequence[Token], at: int) -> tuple[int, str] | None:
    """PGD&ĐT, PTCKH, STC: the first letter of Sở or Phòng stands before its field."""
    first = words[at].text
    if len(first) < 2 or not first.isupper() or first in _TITLES:  # noqa: PLR2004 - the letter, and at least one of the field
        return None
    head = {"p": "phong", "s": "so"}.get(first[0].lower(), "")
    found = _joined(words, at, _AFTER[head], first[0].lower()) if head else None
    return (found[0], f"{head} {found[1]}") if found else None


def _joined(words: Sequence[Token], at: int, table: dict[str, str], before: str) -> tuple[int, str] | None:
    """The longest run of pieces that make one entry of the table."""
    pieces = [word.plain for word in words[at : at + _MOST]]
    for length in range(len(pieces), 0, -1):
        joined = "".join(piece for piece in pieces[:length] if piece != "va").removeprefix(before)
        if joined in table and pieces[length - 1] != "va":
            return length, table[joined]
    return None


def _alone(words: Sequence[Token], at: int, last: str) -> str | None:
    """One word that is short for others."""
    word, plain = words[at], words[at].plain
    after = " ".join(each.plain for each in words[at + 1 : at + 3])
    if plain == "tt":
        return _tt(after, last)
    if plain == "p" and after:
        return "phong" if _names_a_division(after, words, at) else "phuong"
    if plain in _LETTERS and after:
        return _LETTERS[plain]
    return _SURE.get(plain) or _CAPITALS.get(word.text) or _numbered(plain)


def _names_a_division(after: str, words: Sequence[Token], at: int) -> bool:
    return after in _DIVISIONS or _joined(words, at + 1, _AFTER["phong"], "") is not None


def _tt(after: str, last: str) -> str:
    if after.startswith(_CENTRES):
        return "trung tam"
    return "thuong truc" if after.startswith(_TRIOS) and last != "xa" else "thi tran"


def _numbered(plain: str) -> str | None:
    """Units that bear numbers: "P5", "Q.1", "Phường 05"."""
    if plain.isdigit():
        return str(int(plain)) if plain.isascii() else None
    letter, number = plain[:1], plain[1:]
    tier = {"p": "phuong", "q": "quan"}.get(letter)
    return f"{tier} {int(number)}" if tier and number.isdigit() and number.isascii() else None


def same_ending(sound: str) -> str:
    """The same for a sound, whose tone stands at its end (``spelling.sound``)."""
    letters = "".join(takewhile(str.isalpha, sound))
    return syllable(letters) + sound[len(letters) :]
