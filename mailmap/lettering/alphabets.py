"""The old Vietnamese alphabets: what each octet means in TCVN3, TCVN 5712, VISCII, VPS, VNI and Windows-1258.

Promises:  ``read`` turns a word, its octets held as the characters U+0000 to U+00FF, into Unicode letters (NFC); what
           is no letter of the alphabet stays. UTF-8 that was encoded a second time is one more alphabet.
Never:     judges whether a text is in an alphabet.
Fails:     never.

Source: TCVN 5712:1993 (VN1; of TCVN3 the .VnTime fonts, which show the lower-case half), RFC 1456 (VISCII 1.1), the VPS
        and VNI for Windows charts, code page 1258. Rows hold sixteen letters; "." is no Vietnamese letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

TCVN_5712 = {
    0x00: ".ÚỤ.ỪỬỮ.........",
    0x10: ".ỨỰỲỶỸÝỴ........",
    0x80: "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ",
    0x90: "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ",
    0xA0: ".ĂÂÊÔƠƯĐăâêôơưđẰ",
    0xB0: ".....àảãáạẲằẳẵắẴ",
    0xC0: "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ",
    0xD0: "éẹềểễếệìỉỄẾỒĩíịò",
    0xE0: "Ổỏõóọồổỗốộờởỡớợù",
    0xF0: "ỖủũúụừửữứựỳỷỹýỵỐ",
}
VISCII = {
    0x00: "..Ẳ..ẴẪ.........",
    0x10: "....Ỷ....Ỹ....Ỵ.",
    0x80: "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ",
    0x90: "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ",
    0xA0: "Õắằặấầẩậẽẹếềểễệố",
    0xB0: "ồổỗỠƠộờởịỰỨỪỬơớƯ",
    0xC0: "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ",
    0xD0: "ĐứÒÓÔạỷừửÙÚỹỵÝỡư",
    0xE0: "àáâãảăữẫèéêẻìíĩỉ",
    0xF0: "đựòóôõỏọụùúũủýợỮ",
}
VPS = {
    0x00: "..ẠẬẶẸỆ.........",
    0x10: "ỊỌỘỢỤỰ...Ỵ..ẪỮ..",
    0x80: "ÀẢÃẤẦẨọỗĂếềểệẮẰẲ",
    0x90: "Ế..ỀỂỄỐỒỔỖýỷỵỚỜỞ",
    0xA0: ".ắằẳẵặỠớÙờởỡŨỨợỪ",
    0xB0: "ổỬỲỸÍÌộỈĨÓửữÒỎÕự",
    0xC0: "ầÁÂấẩẫậđẻÉÊẹỉễịỹ",
    0xD0: "ƯỦồốÔỏơÈừứÚũưÝẺ.",
    0xE0: "àáâãảạă.èéêẽìí.ĩ",
    0xF0: "ẴĐòóôõ.Ơụùúủ.ỶẼỳ",
}
# VNI writes a mark behind its vowel: in these columns acute, grave, hook, tilde, dot; ơ and ư are ô and ö there.
TONES = "\u0301\u0300\u0309\u0303\u0323"
ON_BARE, ON_CIRCUMFLEX, ON_BREVE = "ùøûõï", "áàåãä", "éèúüë"
VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

LATIN = "ªµºÀ-ÖØ-öø-ÿ"  # the letters of Latin-1
TWICE = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|\xc3$")
SEVERAL = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, eq=False)  # each is itself: looked up very often
class Alphabet:
    """One alphabet: its name for people, what may stand in its words, how a word is read, and how it ends up in case.

    ``caseless`` is an alphabet whose capitals with marks came from another font: their case must be restored.
    """

    name: str
    word: re.Pattern[str]
    read: Callable[[str], str]
    caseless: bool = False

    def whole(self, stored: str) -> str:
        """A whole text that is declared to be in this alphabet."""
        return self.word.sub(lambda found: self.read(found[0]), stored)


def named(label: str) -> Alphabet | None:
    """The alphabet a charset label in lower case means, or None."""
    return LABELS.get(label)


def _rows(rows: Mapping[int, str]) -> dict[str, str]:
    return {
        chr(row + at): letter for row, letters in rows.items() for at, letter in enumerate(letters) if letter != "."
    }


def _words(letters: str, behind: str = "") -> re.Pattern[str]:
    """Runs of ASCII letters, letters of the alphabet, Latin letters and any letters beyond Latin-1."""
    return re.compile(rf"(?:[A-Za-z{LATIN}{letters}]|(?![\x00-\xff])[^\W\d_]{behind})+")


def _by_table(name: str, table: Mapping[str, str], *, caseless: bool = False) -> Alphabet:
    marks = str.maketrans(dict(table))
    letters = "".join(map(re.escape, table))
    return Alphabet(name, _words(letters), lambda word: word.translate(marks), caseless)


def _vni_table() -> dict[str, str]:
    """What stands for each letter: one character or two."""
    bare = {f"{vowel}{mark}": vowel + tone for vowel in "aeoui" for mark, tone in zip(ON_BARE, TONES, strict=True)}
    horned = {
        f"{vni}{mark}": vowel + tone
        for vni, vowel in (("ô", "ơ"), ("ö", "ư"), ("y", "y"))
        for mark, tone in zip(ON_BARE, TONES, strict=True)
    }
    roofed = {f"{vowel}â": vowel + "\u0302" for vowel in "aeo"} | {
        f"{vowel}{mark}": f"{vowel}\u0302{tone}"
        for vowel in "aeo"
        for mark, tone in zip(ON_CIRCUMFLEX, TONES, strict=True)
    }
    short = {"aê": "ă"} | {f"a{mark}": f"ă{tone}" for mark, tone in zip(ON_BREVE, TONES, strict=True)}
    lower = VNI_SINGLE | bare | horned | roofed | short
    both = chain(lower.items(), ((key.upper(), letter.upper()) for key, letter in lower.items()))
    return {key: unicodedata.normalize("NFC", letter) for key, letter in both}


def _vni() -> Alphabet:
    table = _vni_table()
    pattern = re.compile("[aeouyôöAEOUYÔÖiI][áàåãäâêéèúüëùøûõïÁÀÅÃÄÂÊÉÈÚÜËÙØÛÕÏ]|[ñôöíìæóòîÑÔÖÍÌÆÓÒÎ]")
    return Alphabet("VNI", _words(""), lambda word: pattern.sub(lambda found: _vni_letter(found[0], table), word))


def _vni_letter(found: str, table: Mapping[str, str]) -> str:
    """The letter of one or two characters; a second that marks nothing is a letter of its own."""
    return table.get(found) or "".join(table.get(each, each) for each in found)


def _windows_1258() -> Alphabet:
    def read(word: str) -> str:
        octets = word.encode("latin-1", "replace")
        return unicodedata.normalize("NFC", octets.decode("cp1258", "replace"))

    return Alphabet("Windows-1258", _words(""), read)


def _twice() -> Alphabet:
    """UTF-8 whose octets were taken for Windows-1252 letters, which were written in UTF-8 again."""
    return Alphabet("UTF-8", _words("\x80-\xbf"), lambda word: unicodedata.normalize("NFC", TWICE.sub(_once, word)))


def _once(found: re.Match[str]) -> str:
    if len(found[0]) == 1:
        return "à"  # its second octet is a blank in Latin-1, which was lost
    return found[0].encode("latin-1").decode("utf-8", "replace")


_TCVN3 = {
    key: letter for key, letter in _rows(TCVN_5712).items() if key >= "\xa1" and (letter.islower() or key < "\xa8")
}
TCVN3 = _by_table("TCVN3", _TCVN3, caseless=True)
ALPHABETS = (
    _twice(),
    TCVN3,
    _vni(),
    _windows_1258(),
    _by_table("VISCII", _rows(VISCII)),
    _by_table("VPS", _rows(VPS)),
    _by_table("TCVN 5712", _rows(TCVN_5712)),
)
_BY_NAME = {alphabet.name: alphabet for alphabet in ALPHABETS}
LABELS = {
    "viscii": _BY_NAME["VISCII"], "viscii1.1-1": _BY_NAME["VISCII"], "csviscii": _BY_NAME["VISCII"],
    "x-viscii": _BY_NAME["VISCII"], "x-viet-vps": _BY_NAME["VPS"], "x-vps": _BY_NAME["VPS"], "vps": _BY_NAME["VPS"],
    "x-viet-vni": _BY_NAME["VNI"], "x-vni": _BY_NAME["VNI"], "vni": _BY_NAME["VNI"],
    "tcvn": _BY_NAME["TCVN 5712"], "tcvn-5712": _BY_NAME["TCVN 5712"], "tcvn5712-1": _BY_NAME["TCVN 5712"],
    "tcvn5712-1:1993": _BY_NAME["TCVN 5712"], "x-viet-tcvn5712": _BY_NAME["TCVN 5712"], "x-viet-tcvn": TCVN3,
    "tcvn3": TCVN3, "x-tcvn3": TCVN3,
}  # fmt: skip
