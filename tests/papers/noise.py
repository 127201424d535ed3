"""Made-up papers as a scanner and its recognition give them: marks lost, specks, stamps, figures written by hand.

Promises:  what was spoilt is named in ``blurred``, and is never as sure as print. The same seed gives the same noise.
"""

from __future__ import annotations

import random
from dataclasses import replace

from mailmap.document.page import Box, Line, Origin, Page
from tests.papers.paper import Paper, centred, reading

_LOST = {
    "ổ": "ỗ",
    "ồ": "ô",
    "ế": "ê",
    "ệ": "ê",
    "ữ": "ữ",
    "ị": "i",
    "ỉ": "i",
    "Ấ": "Á",
    "Ế": "É",
    "Ỉ": "Ĩ",
    "ẫ": "ẫ",
    "ậ": "â",
}
_SCRAWLS = ("đ#", "ÿØ", "§", "{4", "⁄{5'", "Z7", "")
_MISREAD = str.maketrans("1350489", "7863640")


def scanned(paper: Paper, seed: int) -> Paper:
    """The paper, recognised; every third number and every fourth date is spoilt."""
    dice = random.Random(seed * 7 + 1)  # noqa: S311 no secret
    blurred: set[str] = set()
    pages = []
    for each in paper.reading.pages:
        lines = [_line(line, dice) for line in each.lines]
        if each.number == 1:
            lines = [_head(line, dice, blurred) for line in lines]
        pages.append(Page(each.number, tuple(lines + _specks(dice)), each.width, each.height, Origin.OCR))
    return Paper(reading(pages), paper.right, frozenset(blurred), f"scan {paper.form}")


def _line(line: Line, dice: random.Random) -> Line:
    """A line of print: here and there a letter without its mark, edges a little off."""
    assert line.box
    small = line.box.bottom - line.box.top < 11
    if small and not line.text.startswith(("Ký", "Thời", "-", "Nơi")) and line.box.left < 80:
        return replace(line, text=_dirty(line.text, 0.5, dice), sure=round(dice.uniform(0, 0.6), 2), bold=None)
    text = " ".join(
        _dirty(word, 0.5, dice) if dice.random() < 0.05 and not any(map(str.isdigit, word)) else word
        for word in line.text.split()
    )
    box = Box(
        *(edge + dice.uniform(-1.2, 1.2) for edge in (line.box.left, line.box.top, line.box.right, line.box.bottom))
    )
    return Line(text, box, round(dice.uniform(0.86, 0.97), 2), None)


def _dirty(word: str, share: float, dice: random.Random) -> str:
    return "".join(_LOST.get(letter, letter) if dice.random() < share else letter for letter in word)


def _head(line: Line, dice: random.Random, blurred: set[str]) -> Line:
    """The lines of number and date, spoilt now and then."""
    if (
        "/" in line.text
        and line.text.split("số")[-1].lstrip().startswith(("Số", ":"))
        and line.box
        and line.box.right < 300
    ):
        return _spoilt_number(line, dice, blurred) if dice.random() < 0.35 else line
    if ", ngày" in line.text and " tháng " in line.text and dice.random() < 0.25 and line.box and line.box.left > 280:
        blurred.add("issued")
        place, _, rest = line.text.partition(", ngày ")
        day, _, end = rest.partition(" ")
        way = dice.randrange(3)
        day = [dice.choice(_SCRAWLS), day.translate(_MISREAD), day.replace("1", "I")][way]
        return replace(line, text=f"{place}, ngày {day} {end}", sure=round(dice.uniform(0.05, 0.6 if way else 0.95), 2))
    return line


def _spoilt_number(line: Line, dice: random.Random, blurred: set[str]) -> Line:
    blurred.add("symbol")
    cut = min(at for at in (line.text.find("/"), line.text.find("-")) if at >= 0)
    head, tail = line.text[:cut], line.text[cut:]
    label = head.rstrip("0123456789a ")
    figures = head[len(label) :].strip() or "7"
    way = dice.randrange(6)
    text, most = [
        (f"{label}{dice.choice(_SCRAWLS)} {tail}", 0.9),
        (f"{label}{figures.translate(_MISREAD)} {tail}", 0.95),
        (f"{label}{figures.translate(_MISREAD)}{tail}", 0.6),
        (f"{label}{figures[1:] or '_'}{tail}", 0.6),
        (f"{label}{figures.replace('1', 'l').replace('0', 'O')}{tail}", 0.7),
        (f"{label}{figures}{tail.replace('Đ', 'D').replace('/20', '/2O')}", 0.95),
    ][way]
    return replace(line, text=text, sure=round(dice.uniform(0.1, most), 2))


def _specks(dice: random.Random) -> list[Line]:
    return [
        replace(
            centred(dice.choice(["~", "..", "lì", "CV", "1"]), dice.uniform(20, 800), dice.uniform(20, 570), 8.0),
            sure=0.2,
        )
        for _ in range(dice.randint(0, 4))
    ]
