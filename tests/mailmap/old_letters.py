"""Sentences as people write them, and the same in the old alphabets: what the tests of lettering read back.

Promises:  ``OFFICIAL`` and ``ours`` are Vietnamese, of 3 to 30 words; ``FOREIGN`` are English,
           French and German. Each writer gives the octets an old program stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from mailmap.lettering.alphabets import TCVN_5712, VISCII, VPS

HOME = Path(__file__).parents[2]
OURS = [*HOME.glob("config/templates/*.vi.txt"), HOME / "config/locale/vi.toml", *HOME.glob("docs/vi/*.md")]
TONES = "\u0300\u0301\u0303\u0309\u0323"

OFFICIAL = [
    line.strip()
    for line in """
    Cộng hòa xã hội chủ nghĩa Việt Nam
    Độc lập - Tự do - Hạnh phúc
    Kính gửi: Các phòng, ban thuộc Ủy ban nhân dân huyện
    Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
    Về việc phê duyệt dự toán kinh phí sửa chữa trụ sở làm việc năm 2024
    Đề nghị các đơn vị nghiêm túc triển khai thực hiện và báo cáo kết quả trước ngày 15 hàng tháng.
    Quyết định này có hiệu lực kể từ ngày ký.
    Chánh Văn phòng, Giám đốc Sở Tài chính và thủ trưởng các cơ quan liên quan chịu trách nhiệm thi hành.
    Giấy mời họp giao ban công tác văn thư, lưu trữ quý III
    Tờ trình xin chủ trương đầu tư tuyến đường liên xã
    Chúng tôi chưa nhận được văn bản, đề nghị gửi lại giúp.
    Đã nhận được công văn, xin cảm ơn anh chị.
    """.strip().splitlines()
]
FOREIGN = [
    line.strip()
    for line in """
    Please find attached the résumé of Mr José Müller, naïve as it may be – “quoted” © 2024 ACME®.
    The façade of the café costs £5.50, 20 °C, 10 µm ± 2 and ½ cup of sugar.
    Où êtes-vous né ? L'été dernier, à Genève, près du théâtre où Noël fêtait son âme sœur.
    Le maïs et le blé ont gelé : ça coûte déjà très cher, août fut sévère.
    « Là où il y a de la gêne, il n'y a pas de plaisir », a-t-elle répété.
    Veuillez agréer, Madame, Monsieur, l'expression de mes salutations distinguées. À bientôt, Zoë
    Für größere Übungen müssen schöne Männer früh aufstehen und heiße Öfen füllen.
    Das Büro in Köln ist über Weihnachten geschlossen; für Rückfragen genügt ein Gruß an die Geschäftsführung.
    Mit freundlichen Grüßen aus München, Jürgen Höß
    """.strip().splitlines()
]


def ours() -> list[str]:
    """The Vietnamese sentences of our own templates, words and guides that every old alphabet can hold."""
    texts = (path.read_text("utf-8") for path in OURS)
    lines = {re.sub(r"^[\w.-]+ = |[\"#>*`|]", "", line).strip() for text in texts for line in text.splitlines()}
    return sorted(line for line in lines if _plain_enough(line))


def _plain_enough(line: str) -> bool:
    """Three to thirty words, most of them Vietnamese, no place holders, nothing but letters and simple signs."""
    words = re.findall(r"[^\W\d_]{2,}", line)
    marked = sum(not word.isascii() for word in words)
    simple = not re.search(r"[{}\[\]_=%\\<@]|(?![\u00c0-\u01b0\u1ea0-\u1ef9])[^\x00-\x7f]|[×÷]", line)
    return 3 <= len(line.split()) <= 30 and marked * 2 >= len(words) > 2 and simple


def _inverse(rows: Mapping[int, str]) -> dict[str, str]:
    pairs = ((letter, chr(row + at)) for row, letters in rows.items() for at, letter in enumerate(letters))
    return {letter: octet for letter, octet in pairs if letter != "."}


def _table(rows: Mapping[int, str]) -> Callable[[str], bytes]:
    marks = str.maketrans(_inverse(rows))
    return lambda text: text.translate(marks).encode("latin-1")


def tcvn3(text: str) -> bytes:
    """As typed in .VnTime: capitals with a tone have no octet, so they are typed small."""
    table = _inverse(TCVN_5712)
    typed = (letter if letter in "ĂÂÊÔƠƯĐ" else letter.lower() if letter in table else letter for letter in text)
    return "".join(table.get(letter, letter) for letter in typed).encode("latin-1")


def cp1258(text: str) -> bytes:
    """Vowels whole, tones behind them."""
    return b"".join(map(_cp1258_letter, text))


def _cp1258_letter(letter: str) -> bytes:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in TONES)
    vowel = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
    return (vowel + tones).encode("cp1258")


# One letter for each column of VNI: bare, circumflex, breve; written out, not taken from the table under test.
_VNI_MARKS = {"": "", "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_ROOFED = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_VNI_SHORT = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_VNI_WHOLE = {"đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def vni(text: str) -> bytes:
    """As typed in VNI-Times: a vowel, then its mark."""
    return "".join(map(_vni_letter, text)).encode("latin-1")


def _vni_letter(letter: str) -> str:
    small = letter.lower()
    written = _VNI_WHOLE.get(small) or _vni_vowel(unicodedata.normalize("NFD", small))
    return written if letter == small else written.upper()


def _vni_vowel(parts: str) -> str:
    tone = next((part for part in parts if part in TONES), "")
    if "\u0302" in parts:
        return parts[0] + _VNI_ROOFED[tone]
    if "\u0306" in parts:
        return parts[0] + _VNI_SHORT[tone]
    vowel = {"o": "ô", "u": "ö"}[parts[0]] if "\u031b" in parts else parts[0]
    return vowel + _VNI_MARKS[tone]


WRITERS: dict[str, Callable[[str], bytes]] = {
    "TCVN3": tcvn3,
    "TCVN 5712": _table(TCVN_5712),
    "VNI": vni,
    "VISCII": _table(VISCII),
    "VPS": _table(VPS),
    "Windows-1258": cp1258,
    "UTF-8": lambda text: text.encode("utf-8"),
}
