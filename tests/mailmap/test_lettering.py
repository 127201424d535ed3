"""Old Vietnamese alphabets: their tables, what is recognised, and what is left alone."""

from __future__ import annotations

import shutil
import subprocess
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.lettering.alphabets import ALPHABETS, TCVN_5712, VISCII, VPS
from mailmap.lettering.restoring import restored
from mailmap.lettering.syllable import is_syllable
from tests.mailmap.old_letters import FOREIGN, OFFICIAL, WRITERS, ours, tcvn3, vni

LETTERS = {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
} - set("aeiouyAEIOUY") | {"đ", "Đ"}
SENTENCES = [*OFFICIAL, *ours()]
WINDOWS = str.maketrans({octet: bytes([octet]).decode("cp1252", "replace") for octet in range(0x80, 0xA0)})


def seen(octets: bytes) -> str:
    """The octets as a program shows them that takes them for Windows-1252, undefined ones kept."""
    shown = octets.decode("latin-1")
    return "".join(letter if letter.translate(WINDOWS) == "\ufffd" else letter.translate(WINDOWS) for letter in shown)


def alike(one: str, other: str, name: str) -> bool:
    """TCVN3 has no capitals with tones: there the case may differ."""
    return one.lower() == other.lower() if name == "TCVN3" else one == other


@pytest.mark.parametrize("rows", [TCVN_5712, VISCII, VPS], ids=["TCVN 5712", "VISCII", "VPS"])
def test_each_table_has_the_134_letters_once(rows: dict[int, str]) -> None:
    """Every Vietnamese letter beyond ASCII stands in each table, and none twice."""
    held = [letter for letters in rows.values() for letter in letters if letter != "."]
    assert all(len(letters) == 16 for letters in rows.values())
    assert sorted(held) == sorted(LETTERS)


@pytest.mark.parametrize(("name", "rows"), [("TCVN5712-1", TCVN_5712), ("VISCII", VISCII)])
def test_tables_agree_with_the_c_library(name: str, rows: dict[int, str]) -> None:
    """Where iconv knows the alphabet, each octet means the same to it."""
    if shutil.which("iconv") is None:
        pytest.skip("no iconv on this machine")
    for row, letters in rows.items():
        for at, letter in enumerate(letters):
            if letter != ".":
                told = subprocess.run(
                    ["iconv", "-f", name, "-t", "UTF-8"], input=bytes([row + at, 0x20]), capture_output=True, check=True
                )
                assert told.stdout.decode() == f"{letter} "


@pytest.mark.parametrize(
    ("old", "text"),
    [
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
        ("Cá»™ng hÃ²a xÃ£ há»™i", "Cộng hòa xã hội"),
        ("hÃ Ná»™i thÃ¡ng ba", "hà Nội tháng ba"),  # the blank of Latin-1 was lost among others
        ("Sè: 45/Q§-UBND", "Số: 45/QĐ-UBND"),
        ("Gi¸ b¸n 5.000 ® mét qu¶", "Giá bán 5.000 đ một quả"),
        ("Ph©n c«ng ®/c NguyÔn V¨n Nam", "Phân công đ/c Nguyễn Văn Nam"),
    ],
)
def test_texts_as_they_arrive(old: str, text: str) -> None:
    """What people copied out of old documents is read, not taken from a table of ours."""
    assert restored(old).text == text


@pytest.mark.parametrize("name", WRITERS)
def test_real_sentences_come_back(name: str) -> None:
    """lesson 19: of 200 sentences and more at least 97 of 100 come back from each alphabet, and none wrong."""
    assert len(SENTENCES) >= 200
    missed = []
    for sentence in SENTENCES:
        old = seen(WRITERS[name](sentence))
        found = restored(old)
        if not alike(found.text, sentence, name):
            missed.append(sentence)
            assert found.text == old, "unread is honest, wrong is not"
    assert len(missed) <= 0.03 * len(SENTENCES), missed


@pytest.mark.parametrize("name", WRITERS)
def test_a_whole_text_comes_back(name: str) -> None:
    """Around lines that are sure, lines of a word or two are read as well."""
    text = "\n".join(["Tờ trình", *OFFICIAL, "Nơi nhận:", "Chủ tịch"])
    found = restored(seen(WRITERS[name](text)))
    assert alike(found.text, text, name)
    assert found.alphabets in {(name,), ("TCVN3",)}


@pytest.mark.parametrize("text", SENTENCES + FOREIGN)
def test_good_text_stays(text: str) -> None:
    """Vietnamese, English, French and German that is right is not touched, letter for letter."""
    assert restored(text).text == text
    assert restored(text, text.encode("latin-1", "replace").decode("latin-1")).text == text


@given(st.lists(st.sampled_from(SENTENCES + FOREIGN), min_size=1, max_size=12), st.sampled_from([" ", "\n"]))
def test_good_texts_stay_however_they_are_joined(texts: list[str], joint: str) -> None:
    """Mixed languages in one mail, in lines or in a row, are no sign of an old alphabet."""
    assert restored(joint.join(texts)).text == joint.join(texts)


@given(st.lists(st.sampled_from(" ".join(FOREIGN).split()), min_size=1, max_size=6))
def test_foreign_words_in_any_order_stay(words: list[str]) -> None:
    """Names and titles of a few foreign words, as subjects and file names have them, stay."""
    assert restored(" ".join(words)).text == " ".join(words)


@given(st.text(max_size=200))
def test_every_text_has_an_answer(text: str) -> None:
    """lesson 1: no text raises, and what is read stays read."""
    once = restored(text)
    assert once.alphabets or once.text == text


@pytest.mark.parametrize(
    "text",
    [
        "X· " * 80_000,
        "ViÖt " * 50_000,
        "ViÖt Nam x· héi\n" + "<" * 200_000 + "é",
        "ViÖt Nam x· héi\n" + "a.é" * 80_000 + "@",
        "ViÖt Nam x· héi\n" + "é" * 250_000,
        "ViÖt Nam x· héi\n" + "Ã " * 120_000,
    ],
    ids=["undecided", "one line", "brackets", "address", "one word", "halves"],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    """lesson 1: a quarter of a million odd characters cost seconds at most, not minutes."""
    before = time.process_time()
    restored(text)
    assert time.process_time() - before < 5


def test_lines_of_other_kinds_stay_beside_old_ones() -> None:
    """A mail may hold English, good Vietnamese and TCVN3; only the TCVN3 lines change."""
    good = ["Dear colleagues,", "Như đã trao đổi sáng nay, đề nghị trả lời sớm.", "Où êtes-vous né, à Genève ?"]
    text = "\n".join([good[0], seen(tcvn3(OFFICIAL[4])), good[1], seen(tcvn3(OFFICIAL[5])), good[2]])
    assert restored(text).text.split("\n") == [good[0], OFFICIAL[4], good[1], OFFICIAL[5], good[2]]


def test_markup_is_no_word() -> None:
    """Between the tags of a page the words are read; tags, style sheets and links stay."""
    old = seen(vni("Cộng hòa xã hội chủ nghĩa"))
    page = f'<style>p {{ color: red; font-family: serif }}</style><p class="a"><a href="http://x.vn/é">{old}</a></p>'
    assert restored(page).text == page.replace(old, "Cộng hòa xã hội chủ nghĩa")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("ñY BAN NH¢N D¢N X· Hµ NAM", "ỦY BAN NHÂN DÂN XÃ HÀ NAM"),
        ("UBND x· Mü Hµ göi Së Néi vô", "UBND xã Mỹ Hà gửi Sở Nội vụ"),
        ("KÝnh göi: ñy ban nh©n d©n huyÖn", "Kính gửi: Ủy ban nhân dân huyện"),
        ("§· xong. ®Ò nghÞ göi l¹i. ý kiÕn kh¸c", "Đã xong. đề nghị gửi lại. Ý kiến khác"),
    ],
)
def test_capitals_are_told_by_what_was_typed_around_them(typed: str, meant: str) -> None:
    """Capitals with tones had a font of their own: Caps Lock, neighbours and sentences tell them; đ has its own."""
    assert restored(typed).text == meant


def test_alphabets_that_read_differently_and_equally_well_change_nothing() -> None:
    """One short word that is Vietnamese twice over is left as it came: nobody can tell."""
    assert restored("møc").alphabets == ()


@pytest.mark.parametrize(
    "word", ["nghiêng", "gì", "giếng", "quốc", "hoà", "hòa", "thuỷ", "khuỷu", "Đắk", "ƯỚC", "yếu", "ý"]
)
def test_syllables_are_syllables(word: str) -> None:
    """Old and new places of the tone, gi and qu, names and capitals."""
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word", ["cé", "ngế", "kớ", "các̀", "bàc", "chÕ", "für", "né́", "été", "qà", "straße", "ViÖt", ""]
)
def test_other_words_are_none(word: str) -> None:
    """Spelling, tone and case each exclude."""
    assert not is_syllable(word)


def test_each_alphabet_reads_all_its_letters() -> None:
    """Whatever an alphabet can write, it reads."""
    by_name = {alphabet.name: alphabet for alphabet in ALPHABETS}
    for name, writer in WRITERS.items():
        for letter in sorted(LETTERS):
            read = by_name[name].read(writer(letter).decode("latin-1"))
            assert alike(read, letter, name)
