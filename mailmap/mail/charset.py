r"""Octets to text: the declared charset when it holds, else the best guess and a defect that says so.

Promises:  every byte string becomes some text: NFC, line ends as ``\n``, without NUL, other control characters (except
           tab) and lone surrogates. Windows-1258 comes out composed. Text in an old Vietnamese alphabet (TCVN3, VNI,
           VISCII, VPS) is read as such, whatever its label, and so is UTF-8 that was encoded twice.
Never:     asks Python for a codec outside ``SAFE`` (some of them run code paths that raise or take quadratic time).
Fails:     never; a wrong, unknown or missing charset adds one sentence to ``defects``.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from mailmap.lettering.alphabets import named
from mailmap.lettering.restoring import restored

# What the label means on the wire, where that differs from its letter (the WHATWG encoding standard does the same).
ALIASES = {
    "ascii": "us-ascii",
    "ansi_x3.4-1968": "us-ascii",
    "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "x-cp1258": "cp1258",
}
SAFE = frozenset(
    """
    ascii utf-8 utf-16 utf-16-le utf-16-be utf-32 utf-7 gb18030 hz big5 big5hkscs cp932 euc_jp iso2022_jp
    iso2022_jp_2 iso2022_kr cp949 koi8-r koi8-u koi8-t cp437 cp850 cp852 cp855 cp858 cp866 cp874 tis-620
    mac-roman cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4
    iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15
    iso8859-16
    """.split()  # noqa: SIM905  a list of words reads better
)
MULTIBYTE = frozenset("utf-16 utf-16-le utf-16-be utf-32 gb18030 hz big5 big5hkscs cp932 euc_jp cp949".split())  # noqa: SIM905  the same
ESCAPED = frozenset("utf-7 hz iso2022_jp iso2022_jp_2 iso2022_kr".split())  # noqa: SIM905  the same
TWICE = "text encoded in UTF-8 twice"  # as a defect
LABEL = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,39}")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Windows-1258 writes the five Vietnamese tones as a second octet after the vowel: grave, hook, tilde, acute, dot.
TONED = re.compile(rb"[AEIOUYaeiouy\xc2\xca\xd4\xd5\xdd\xc3\xe2\xea\xf4\xf5\xfd\xe3]([\xcc\xd2\xde\xec\xf2])")
TONE = re.compile(rb"[\xcc\xd2\xde\xec\xf2]")
LETTER = re.compile(rb"[\xd0\xf0\xdd\xfd\xd5\xf5\xc3\xe3]")  # Đ đ Ư ư Ơ ơ Ă ă


def decode(octets: bytes, declared: str | None, defects: list[str]) -> str:
    """The text of these octets; adds to ``defects`` when the declaration was wrong, unknown or missing but needed."""
    codec = codec_of(declared)
    if octets.isascii() and codec not in ESCAPED and codec not in MULTIBYTE:
        if declared and codec is None:
            defects.append(f"unknown charset {shown(declared)}")
        return clean(guess(octets, defects) if b"\x1b$" in octets else octets.decode("ascii"))
    if codec is None:
        if alphabet := named((declared or "").strip(" \t\"'").lower()):
            return clean(alphabet.whole(octets.decode("latin-1")))
        defects.append(f"unknown charset {shown(declared)}" if declared else "8-bit text without a charset")
        return clean(guess(octets, defects))
    text = _as_declared(octets, codec)
    if text is None:
        defects.append(f"text is not in its declared charset {shown(declared)}")
        return clean(guess(octets, defects))
    return clean(readable(text, defects, None if codec in MULTIBYTE or codec in ESCAPED else octets))


def codec_of(label: str | None) -> str | None:
    """Python's name of a charset label, or None when the label is missing, unknown or not a safe text encoding."""
    name = (label or "").strip(" \t\"'").lower()
    name = ALIASES.get(name, name)
    if not LABEL.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in SAFE else None


def readable(text: str, defects: list[str], octets: bytes | None = None) -> str:
    """The text with its lines in old alphabets read; ``octets`` are what it was decoded from by a single-byte codec."""
    known = octets is not None and len(octets) == len(text)
    found = restored(text, octets.decode("latin-1") if octets is not None and known else None)
    defects.extend(TWICE if name == "UTF-8" else f"legacy-font text read as {name}" for name in found.alphabets)
    return found.text


def guess(octets: bytes, defects: list[str]) -> str:
    """The most likely text: by mark, then UTF-8 (few broken octets allowed), an old alphabet, Windows-1258 or 1252."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", "replace")
    if b"\x1b$" in octets and octets.isascii():
        return octets.decode("iso2022_jp", "replace")
    if is_utf8(octets):
        return readable(octets.decode("utf-8-sig"), defects)
    loose = octets.decode("utf-8-sig", "replace")
    broken = loose.count("\ufffd")
    if broken <= sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", loose))):
        return loose
    codec = "cp1258" if vietnamese(octets, marks=1) else "cp1252"
    return readable(octets.decode(codec, "replace"), defects, octets)


def vietnamese(octets: bytes, *, marks: int) -> bool:
    """Whether this reads as Windows-1258: at least so many tone octets, and every one after a vowel."""
    tones = len(TONE.findall(octets))
    after_vowels = TONED.findall(octets)
    if not tones or len(after_vowels) < tones:
        return False
    return tones >= marks and (marks == 1 or len(set(after_vowels)) > 1 or LETTER.search(octets) is not None)


def clean(text: str) -> str:
    r"""NFC, ``\n`` line ends, and U+FFFD for each character that has no place in text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = UNPRINTABLE.sub("\ufffd", text.replace("\x0c", "\n"))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def shown(label: str | None) -> str:
    """A charset label as it may stand in a defect: short, printable ASCII, quoted."""
    return repr(re.sub(r"[^!-~]", "?", (label or "").strip())[:40])


def _as_declared(octets: bytes, codec: str) -> str | None:
    """The text in that codec, or None when it does not hold or something else plainly holds better."""
    if codec not in MULTIBYTE and codec not in ESCAPED and codec != "utf-8" and is_utf8(octets):
        return None
    if codec == "cp1252" and vietnamese(octets, marks=3):
        return None
    if codec == "utf-16" and not octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = _order(octets)
    try:
        return octets.decode("utf-8-sig" if codec == "utf-8" else codec)
    except (UnicodeError, ValueError):
        return None


def _order(octets: bytes) -> str:
    """Which octet comes first in UTF-16 that has no mark: most letters are Latin, and their upper octet is nil."""
    return "utf-16-be" if octets[0:4096:2].count(0) > octets[1:4096:2].count(0) else "utf-16-le"


def is_utf8(octets: bytes) -> bool:
    """Whether these octets are UTF-8 throughout."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
