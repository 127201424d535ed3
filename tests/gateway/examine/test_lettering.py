"""Old alphabets and fonts in files: TCVN3, VNI, VISCII, VPS, Windows-1258 and NFD come back as people read them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from gateway.examine.content import read as read_content
from gateway.examine.plain import loaded
from mailmap.document.layout import read_document
from tests.gateway.examine import old_files
from tests.gateway.examine.made import docx as made_docx
from tests.gateway.examine.made import paragraph, pdf
from tests.gateway.examine.old_files import Written
from tests.mailmap.old_letters import OFFICIAL, WRITERS

FONTS = {"TCVN3": ".VnTime", "VNI": "VNI-Times", "VPS": "VPS Times"}
OFFICE = "Ủy ban nhân dân huyện Hải Hậu"
MAKERS: dict[str, Callable[[list[Written]], bytes]] = {
    "doc": old_files.doc,
    "doc of 16 bits": lambda texts: old_files.doc(texts, narrow=False),
    "rtf": old_files.rtf,
    "rtf with Unicode": lambda texts: old_files.rtf(texts, unicode=True),
    "docx": old_files.docx,
    "xlsx": old_files.xlsx,
    "html": old_files.page,
    "html with entities": lambda texts: old_files.page(texts, entities=True),
    "txt": lambda texts: b"\r\n".join(octets for _, octets in texts),
    "csv": lambda texts: b"\r\n".join(
        b"%d,%s" % (at, octets.replace(b",", b";")) for at, (_, octets) in enumerate(texts)
    ),
}


def read(content: bytes) -> list[str]:
    """The lines of a file's first page, as the sandbox's child reads them."""
    part = loaded(read_content(content, first=1, last=1, most=100_000))
    return [line.text for line in part.reading.pages[0].lines]


def alike(found: str, meant: str, name: str) -> bool:
    """TCVN3 has no capitals with tones: without a font that says so, the case may differ."""
    return found.lower() == meant.lower() if name == "TCVN3" else found == meant


def kinds() -> Iterator[tuple[str, str]]:
    """Each kind of file with each alphabet it can hold: most have no place for letters at control characters."""
    for kind in MAKERS:
        for name in WRITERS:
            by_hand = name in {"VISCII", "VPS", "TCVN 5712", "UTF-8"}
            if kind in {"txt", "csv"} or not by_hand or (kind == "rtf" and name != "UTF-8"):
                yield kind, name


@pytest.mark.parametrize(("kind", "name"), list(kinds()))
def test_sentences_come_back_from_files_that_name_no_font(kind: str, name: str) -> None:
    """lesson 19: real sentences in every alphabet a kind of file can hold are read by their syllables."""
    if kind == "csv":
        found = [
            line.partition(",")[2].replace(";", ",")
            for line in read(MAKERS[kind]([("", WRITERS[name](t)) for t in OFFICIAL]))
        ]
        meant = [text.replace(";", ",") for text in OFFICIAL]
    else:
        found, meant = read(MAKERS[kind]([("", WRITERS[name](text)) for text in OFFICIAL])), OFFICIAL
    assert len(found) == len(meant)
    assert [one for one, text in zip(found, meant, strict=True) if not alike(one, text, name)] == []


@pytest.mark.parametrize("name", FONTS)
@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind not in {"txt", "csv"}])
def test_words_come_back_from_files_that_name_the_font(kind: str, name: str) -> None:
    """One word is enough where its font is known; Vietnamese beside it that is Unicode stays."""
    words = ["tỉnh", "xã Hải Hậu", "số đo"]
    texts = [(FONTS[name], WRITERS[name](word)) for word in words]
    found = read(MAKERS[kind]([*texts, ("Times New Roman", b"resume")]))
    assert found == [*words, "resume"]


@pytest.mark.parametrize("kind", ["doc", "doc of 16 bits", "rtf", "rtf with Unicode", "docx", "xlsx", "html"])
def test_fonts_that_show_capitals_give_capitals(kind: str) -> None:
    """.VnTimeH shows small letters as capitals: the head of a document is read as it was printed."""
    texts = [(".VnTimeH", WRITERS["TCVN3"](OFFICE.lower())), (".VnTime", WRITERS["TCVN3"]("Số: 45/QĐ-UB"))]
    assert read(MAKERS[kind](texts)) == [OFFICE.upper(), "Số: 45/QĐ-UB"]


@pytest.mark.parametrize(("plain", "styled"), [(".VnTimeH", ""), ("", ".VnTimeH"), (".VnTime", ".VnTimeH")])
def test_a_style_or_a_default_names_the_font_too(plain: str, styled: str) -> None:
    """Word's runs seldom name a font: their style does, the one it is based on, or the file's defaults."""
    texts = [("", WRITERS["TCVN3"](OFFICE)), ("Times New Roman", b"Hop dong")]
    assert read(old_files.docx(texts, plain=plain, styled=styled)) == [OFFICE.upper(), "Hop dong"]


@pytest.mark.parametrize(
    ("font", "name", "meant"),
    [
        (".VnTime", "TCVN3", "như thư, Địa phương"),
        ("ABCDEF+.VnTimeH", "TCVN3", "NHƯ THƯ, ĐỊA PHƯƠNG"),
        (".VnArialH,Bold", "TCVN3", "NHƯ THƯ, ĐỊA PHƯƠNG"),
        ("VNI-Times", "VNI", "như thư, Địa phương"),
    ],
)
def test_pdfs_in_old_fonts_are_read(font: str, name: str, meant: str) -> None:
    """The text layer of an old PDF holds octets; its ư, the soft hyphen of TCVN3, comes as a hyphen and is read."""
    content = pdf([(20, 400, WRITERS[name]("như thư, Địa phương").decode("latin-1")), (20, 380, "45/QD-UB")], font=font)
    assert read(content) == [meant, "45/QD-UB"]


@pytest.mark.parametrize("name", ["TCVN3", "VNI", "Windows-1258"])
def test_pdfs_whose_fonts_have_other_names_are_read(name: str) -> None:
    """A font may be called anything: then the syllables of the whole page tell."""
    texts = [(20.0, 480.0 - 14 * at, WRITERS[name](text).decode("latin-1")) for at, text in enumerate(OFFICIAL[:6])]
    found = read(
        pdf(
            [(x, y, text.replace("(", "").replace(")", "")) for x, y, text in texts],
            font="Helvetica",
            matrix="0.6 0 0 0.6",
        )
    )
    assert [line.lower() for line in found] == [text.lower() for text in OFFICIAL[:6]]


@pytest.mark.parametrize(
    "write",
    [
        lambda texts: made_docx("".join(map(paragraph, texts))),
        lambda texts: (
            rb"{\rtf1\ansi " + "".join(f"{''.join(map(_numbered, text))}\\par " for text in texts).encode() + b"}"
        ),
        lambda texts: "\n".join(texts).encode(),
        lambda texts: ("<html>" + "".join(f"<p>{text}" for text in texts)).encode(),
    ],
    ids=["docx", "rtf", "txt", "html"],
)
def test_decomposed_letters_are_composed(write: Callable[[list[str]], bytes]) -> None:
    """Files from phones and Macs hold NFD; what is read is NFC."""
    assert read(write([unicodedata.normalize("NFD", text) for text in OFFICIAL])) == OFFICIAL


def _numbered(letter: str) -> str:
    return letter if letter.isascii() else f"\\u{ord(letter)}?"


def test_text_that_only_bears_an_old_name_stays() -> None:
    """Unicode typed in .VnTimeH is not read a second time, and keeps its case."""
    assert read(
        made_docx(paragraph(OFFICE).replace("<w:r>", '<w:r><w:rPr><w:rFonts w:ascii=".VnTimeH"/></w:rPr>'))
    ) == [OFFICE]


def test_hyphens_stay_hyphens() -> None:
    """In the text layer of a PDF in TCVN3, only a hyphen that makes a syllable is ư: KH-ĐT and 45/QĐ-UB stay."""
    said = "Sở KH-ĐT, 45/QĐ-UB, ngày 15-10, - một"
    assert read(pdf([(20, 400, WRITERS["TCVN3"](said).decode("latin-1"))], font=".VnTime")) == [said]


DECISION = [
    ("H", "ủy ban nhân dân"), ("H", "huyện hải hậu"), ("", "Số: 45/QĐ-UBND"),
    ("H", "cộng hòa xã hội chủ nghĩa việt nam"), ("", "Độc lập - Tự do - Hạnh phúc"),
    ("", "Hải Hậu, ngày 15 tháng 10 năm 2006"), ("H", "quyết định"),
    ("", "Về việc phê duyệt dự toán kinh phí sửa chữa trụ sở"), ("H", "chủ tịch ủy ban nhân dân huyện"),
    ("", "Căn cứ Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân ngày 26/11/2003;"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["doc", "rtf", "docx", "html"])
@pytest.mark.parametrize("body", [".VnTime", ""], ids=["the body's font is named", "the body's font is its style's"])
def test_a_decision_of_an_old_office_tells_its_fields(kind: str, body: str) -> None:
    """Typed twenty years ago in .VnTime with its head in .VnTimeH, a decision is understood like one of today."""
    texts = [(".VnTimeH" if font else body, WRITERS["TCVN3"](text)) for font, text in DECISION]
    part = loaded(read_content(MAKERS[kind](texts), first=1, last=1, most=100_000))
    told = read_document(part.reading, date(2006, 10, 20))
    assert [seen and str(seen.value) for seen in (told.symbol, told.issued, told.kind, told.issuer, told.subject)] == [
        "45/QĐ-UBND", "2006-10-15", "QĐ", "Ủy ban nhân dân huyện Hải Hậu", DECISION[7][1],
    ]  # fmt: skip
