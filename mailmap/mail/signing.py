"""What signs a mail: names below a closing word, a device's own line, a list's footer, a disclaimer.

Promises:  marks them in each run of lines one person wrote, in Vietnamese and the languages of mail programs.
Never:     takes a sentence for a signature: a postscript below the name stays text.
Fails:     never. Each line is looked at a fixed number of times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mailmap.mail.farewell import (
    CLOSING,
    CONTACT,
    DASHED,
    DELIMITER,
    DISCLAIMER,
    FOOTER,
    HEADING,
    POSTSCRIPT,
    TITLE,
    is_device,
)
from mailmap.mail.page import Page
from mailmap.mail.quoting import RULE

SIGNED = 14  # lines a signature may have below "Trân trọng"
SPREAD = 4  # lines of the text to one with words in it
SHORT = 100  # characters of its longest line
WIDEST = 200  # characters of a line that may begin one, with the address behind "Get Outlook for iOS"
LONG = 50  # characters from which a line may be one that a program wrapped
LONGEST = 3_000  # characters of a paragraph that is looked through for a disclaimer
NEAR = 1_000  # lines at either end of a text among which a disclaimer is looked for
SAYS = 4  # words a sentence has at least
PARTICLES = frozenset(("de", "van", "der", "den", "von", "da", "di", "del", "la"))  # small words of names
SMALL = 0.6  # share of its words that start with a small letter


def mark_signatures(page: Page, marks: list[str]) -> None:
    """Marks S what signs each run of new lines (N), up to the next quoted line or to the end."""
    quoted = "Q" in marks
    end, start = len(page.folded), 0
    while start < end:
        stop = next((n for n in range(start, end) if marks[n] != "N"), end)
        run = _without_disclaimers(page, marks, start, stop)
        while run and not page.lines[run[-1]]:
            run.pop()
        cut = _cut(page, run)
        if cut < len(run) and is_device(page.folded[run[cut]]) and not quoted:
            _mark_old(page, marks, run[cut:])
        else:
            _mark_below(page, marks, run[cut:])
        start = stop + 1


def _mark_below(page: Page, marks: list[str], numbers: Sequence[int]) -> None:
    """Marks S the lines from a signature's first on, but for those below it that say something."""
    first = page.folded[numbers[0]] if numbers else ""
    said: Iterable[int] = () if RULE.fullmatch(first) else _said(page, numbers[1:])
    said = frozenset(_postscripts(page, numbers[1:]) if DELIMITER.fullmatch(first) else said)
    for number in numbers:
        if number not in said:
            marks[number] = "S"


def _mark_old(page: Page, marks: list[str], numbers: Sequence[int]) -> None:
    """Marks a device's own line S and what stands below it Q: such programs quote the old mail without a mark."""
    after = frozenset(_postscripts(page, numbers[1:]))
    for number in numbers:
        if number not in after:
            marks[number] = "S" if is_device(page.folded[number]) else "Q"


def _cut(page: Page, run: Sequence[int]) -> int:
    """Where the signature of these lines starts, as a place in the run: its length when there is none."""
    cut = next((at for at in range(len(run)) if _signs(page, run, at)), len(run))
    spoken = [at for at in range(cut) if page.lines[run[at]]]
    named = len(spoken) > 1 and _signed_by_name(page, [run[at] for at in spoken[-2:]])
    device = cut < len(run) and is_device(page.folded[run[cut]])
    return spoken[-1] if named and not device else cut


def _signed_by_name(page: Page, last: Sequence[int]) -> bool:
    """Whether the last words are a dash and a name, set apart: "-Nguyễn Văn A"; not the last item of a list."""
    before, name = (page.lines[number].strip() for number in last)
    apart = last[1] - last[0] > 1
    item = before.endswith(":") or before[0] in "-–—/•*+"
    words = name[1:].split()
    spelt = all(word in PARTICLES or (word[0].isupper() and not word.isupper()) for word in words)
    written = DASHED.fullmatch(name) is not None and spelt
    return apart and written and not item and TITLE.match(page.folded[last[1]].lstrip("-–—/ ")) is None


def _signs(page: Page, run: Sequence[int], at: int) -> bool:
    """Whether a signature starts here: its delimiter, a list's footer, a device's words, "Trân trọng"."""
    line = page.folded[run[at]]
    if not line or len(line) > WIDEST:
        return False
    if RULE.fullmatch(line):
        return _footer(page, run[at + 1 : at + 4]) or _card(page, run, at + 1)
    if is_device(line):
        return True
    return (DELIMITER.fullmatch(line) or CLOSING.fullmatch(line)) is not None and _may_sign(page, run, at + 1)


def _footer(page: Page, below: Sequence[int]) -> bool:
    """A mailing list's words below a rule."""
    return FOOTER.search(" ".join(page.folded[number] for number in below)) is not None


def _card(page: Page, run: Sequence[int], start: int) -> bool:
    """A visiting card below a rule: few lines, one with a way to be reached, the others names and titles."""
    if not _may_sign(page, run, start):
        return False
    lines = [page.lines[number].strip() for number in run[start:] if page.lines[number]]
    if not lines or not any(CONTACT.search(line) for line in lines):
        return False
    return all(CONTACT.search(line) or all(not word[0].islower() for word in line.split()) for line in lines)


def _may_sign(page: Page, run: Sequence[int], start: int) -> bool:
    """Whether few and short lines follow from this place of the run on, as they do below a closing word."""
    if len(run) - start > SIGNED * SPREAD:
        return False
    said = [page.lines[number] for number in run[start:] if page.lines[number]]
    return len(said) <= SIGNED and all(len(line) <= SHORT for line in said)


def _said(page: Page, below: Sequence[int]) -> Iterator[int]:
    """The lines below a signature's first that say something: postscripts, and sentences set apart from the name."""
    for place, paragraph in enumerate(_paragraphs(page, below)):
        first = page.lines[paragraph[0]].strip()
        small = first[:1].islower() and len(first.split()) > 2  # noqa: PLR2004  "đề nghị gửi lại"
        if (
            POSTSCRIPT.match(page.folded[paragraph[0]])
            or small
            or (place and all(_sentence(page, n) for n in paragraph))
        ):
            yield from paragraph


def _postscripts(page: Page, below: Sequence[int]) -> Iterator[int]:
    for paragraph in _paragraphs(page, below):
        if POSTSCRIPT.match(page.folded[paragraph[0]]):
            yield from paragraph


def _sentence(page: Page, number: int) -> bool:
    """Whether a line is part of a sentence: several words, most of them small, no title and no telephone number."""
    line = page.lines[number].strip()
    words = [word for word in line.split() if word[0].isalpha()]
    if len(words) < SAYS or CONTACT.search(line) or TITLE.match(page.folded[number].strip()):
        return False
    return not is_device(page.folded[number]) and sum(word[0].islower() for word in words) >= SMALL * len(words)


def _paragraphs(page: Page, numbers: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of lines with words, parted where a blank line or another's line stands between."""
    paragraph: list[int] = []
    for number in numbers:
        if paragraph and (not page.lines[number] or number > paragraph[-1] + 1):
            yield paragraph
            paragraph = []
        if page.lines[number]:
            paragraph.append(number)
    if paragraph:
        yield paragraph


def _without_disclaimers(page: Page, marks: list[str], start: int, stop: int) -> list[int]:
    """The numbers of a run's lines without its disclaimers, which are marked S on the way."""
    for paragraph in _paragraphs(page, range(start, stop)):
        first = _disclaims(page, paragraph)
        for number in paragraph[first:]:
            marks[number] = "S"
        above = paragraph[0] - 1
        while first == 0 and above >= start and (not page.lines[above] or _announces(page, above)):
            if page.lines[above]:
                marks[above] = "S"
            above -= 1
    return [number for number in range(start, stop) if marks[number] == "N"]


def _announces(page: Page, number: int) -> bool:
    return RULE.fullmatch(page.lines[number]) is not None or HEADING.fullmatch(page.folded[number]) is not None


def _disclaims(page: Page, paragraph: Sequence[int]) -> int:
    """Where a disclaimer begins in a paragraph: with the line of its first known words, or one these go on."""
    text, starts = "", []
    if NEAR <= paragraph[0] < len(page.folded) - NEAR:
        return len(paragraph)
    for number in paragraph:
        starts.append(len(text))
        text += page.folded[number].strip() + " "
        if len(text) > LONGEST:
            break
    found = DISCLAIMER.search(text)
    if found is None:
        return len(paragraph)
    at = max(place for place, begin in enumerate(starts) if begin <= found.start())
    while at and (_announces(page, paragraph[at - 1]) or _wrapped(page.lines[paragraph[at - 1]])):
        at -= 1
    return at


def _wrapped(line: str) -> bool:
    """Whether a program broke this line off inside a sentence."""
    return len(line) >= LONG and not line.rstrip("*_ ").endswith((".", "!", "?", ":", ";"))
