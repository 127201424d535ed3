"""The line above a quoted mail that says who wrote it and when, in the languages of mail programs.

Promises:  finds "On … wrote:", "Vào … đã viết:", "Am … schrieb …:", "… <a@b> ezt írta (…):", a date with a name and
           an address, also wrapped over some lines, and says how sure that is.
Never:     is sure of a sentence ("Vào ngày 15/10 Chủ tịch đã viết thư:"): without an address it wants a name.
Fails:     never. Each line is joined with at most ``REACH`` others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailmap.mail.page import Page, pattern

LONGEST = 400  # characters of an attribution
TAIL = 110  # characters in which a verb of saying and what follows it stand at the end of one
AFTER = 190  # characters of a name and an address behind such a verb
SHARES = 3  # places in a line where an attribution may start behind new words
NICKNAME = 4  # words of a name with small ones ("Bob the Builder")
NAMES = 8  # words of a name
FEW = 10  # words of a line that says who wrote, without a date
REACH = 4  # lines one may be wrapped over, besides its first


@dataclass(frozen=True, slots=True)
class Found:
    """How many lines it takes, and whether it is sure without a mark on the words that follow."""

    lines: int
    sure: bool


_SAID = pattern(
    "wrote|writes|schrieb|schrieben sie|geschrieben|a écrit|écrit|nous a dit|escribió|escribiu|escreveu"
    r"|ha scritto|napisał(\(a\)|a)?|pisze|nadesłał|skrev|skreiv|schreef|(het volgende )?geschreven|kirjoitti"
    r"|(şunu |şunları )?yazdı|napsal(\(a\)|a)?|napísal(\(a\)|a)?|a scris|(ezt |a következőt )?írta|написал(\(а\)|а"
    r"|и)?"
    r"|пишет|пише|писал(а)?|написав|написала|έγραψε|wrote the following|\bviết|đã viết(?: rằng)?"
)
_SAID_UNSPACED = pattern("写道|寫道|写了|のメッセージ|のメール|작성(하였습니다)?|쓴 글|書きました")
_TOLD = pattern("đã gửi|đã trả lời|gửi|trả lời|sent|said|says")  # only with an address: sentences say it too
_VIETNAMESE = pattern("viết")
_BETWEEN = pattern(
    "schrieb|schreef|skrev|skreiv|wrote|ezt írta|írta|kirjoitti|napsal|escribió|escreveu|đã viết|viết|a scris"
)
_DAY_FIRST = pattern(
    "on|at|in message|in data|vào( lúc| ngày)?|ngày|lúc|hôm|thứ|th|cn|am|le|el|il|em|op|den|på|dnia|w dniu|dňa|dne"
    "|dana"
    "|pe|ma|ti|ke|to|la|su|в|pada|la data de|tarihinde|在|于"
)
ENDS_SAYING = re.compile(rf"(?:(?<!\w)(?:{_SAID})|{_SAID_UNSPACED})\s*(?:\([^()]{{0,60}}\))?\s*[:：]?$")
ENDS_TELLING = re.compile(rf">\)?\s*,?\s*(?:{_TOLD})\s*[:：]$")
SAYS_BETWEEN = re.compile(rf"(?<!\w)(?:{_BETWEEN})(?!\w)")
SAYS_THEN_DATE = re.compile(
    rf"^.{{1,80}}(?<!\w)(?:{_BETWEEN}) [^:：\d]{{0,14}}\d[\d ./,-]{{5,12}}(?:\w{{1,5}}\.? )?[\d.:]{{4,8}}[:：]$"
)
DATE_ADDRESS = re.compile(r"<\s?[^<>\s]*@[^<>]*>+\)?\s*(?:\w+ ?){0,2}[:：]$")
OPENING = re.compile(
    rf"[\s*>_–—-]{{0,12}}+(?:(?:{_DAY_FIRST})(?!\w)|\d{{1,4}}\s?[\s./:,-]|\d{{4}}[年년]|\w{{2,12}}[.,]{{0,2}} \d)"
)
OPENING_WORD = re.compile(rf"[\s*>_–—-]{{0,12}}+(?:{_DAY_FIRST})(?!\w)")
NAMED = re.compile(r"[\s*\"'(]{0,4}(?:\w[^<>:]{0,80}<|<[^<>\s]+@[^<>\s]+>)")
NAME_ABOVE = re.compile(r"[^<>:@.!?]{2,80}")  # a name whose address went to the next line
LEADS = re.compile(pattern("wiadomość (napisana przez|od) "))
BARE = re.compile(  # a date, a name, an address and no more: what old Gmail wrote
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2} .{1,80}<[^<>\s]+@[^<>\s]+>$|20\d\d-\d\d-\d\d \d\d:\d\d gmt[+-]\d\d:\d\d "
    r"[^<>]{1,60}$"
    r"|posted by .{1,60} on \d\d/\d\d/\d{4}$"
)
DASHED = re.compile(r"[-–—]{2,}\s*(?P<said>.{3,200}?)\s*[-–—]{2,}")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
CLOCK = re.compile(r"(?<!\d)\d{1,2}\s?[:h.時时시]\s?\d{2}")
ADDRESS = re.compile(r"[\w.+=-]+@[\w-]+")
YOU = re.compile(r"\b(you wrote|vous avez écrit|schrieben Sie)\W*$", re.IGNORECASE)
QP = re.compile(r"(?:=[0-9A-Fa-f]{2})+")
DAY = re.compile(r"\d+\S*|\b(?:AM|PM|SA|CH|a\.m\.|p\.m\.|Uhr|GMT|UTC|EST|UTC[+-]\d+)(?!\w)")
SHARED = re.compile(rf"(?<=\S)(?:\s*-{{2,}}\s*|\s+)(?=(?:{_DAY_FIRST})\s)")
BROKEN_END = re.compile(rf">\)?\s*(?:{_SAID})?\s*[:：]")
SMALL = frozenset(
    "heeft użytkownik пользователь de da do dos di van von der den del della la el via from and bin al".split()  # noqa: SIM905  a list of words reads better
)


def attribution_at(page: Page, number: int) -> Found | None:
    """What starts at this line, if it is an attribution."""
    folded = page.folded[number]
    if BARE.fullmatch(folded):
        return Found(1, sure=False)
    opens = LEADS.match(folded) or (OPENING.match(folded) and re.search(r"\d|@", folded))
    if not (opens or _named(page, number) or _complete(folded)):
        return None
    said = shown = ""
    found = None
    for count in range(1, REACH + 2):
        at = number + count - 1
        if not _goes_on(page, at, count):
            break
        said, shown = _joined(said, page.folded[at]), _joined(shown, page.composed(at))
        if len(said) > LONGEST:
            break
        if said.rstrip("*_- ").endswith((":", "：")) and said.count("(") <= said.count(")"):
            return _judged(page, number, count, (_bare(said), _bare(shown))) or found
        if found:
            break
        if _ends_saying(said.rstrip("*_- ")):
            found = _judged(page, number, count, (_bare(said), _bare(shown)))
    return found


def shared_line(line: str, folded: str) -> int:
    """Where an attribution starts inside a line that begins with new words; 0 where none does."""
    if YEAR.search(folded) is None:
        return 0
    starts = [match.end() for match in SHARED.finditer(folded)]
    for start in reversed(starts[-SHARES:]):
        said, shown = _bare(folded[start:]), _bare(line[start:])
        if said.endswith((":", "：")) and OPENING_WORD.match(said) and YEAR.search(said) and _sure(said, shown):
            return start
    return 0


def _named(page: Page, number: int) -> bool:
    """Whether a name and an address stand here: in this line, or the name alone, set apart, above the address."""
    if NAMED.match(page.folded[number]):
        return True
    below = page.folded[number + 1] if number + 1 < len(page.folded) else ""
    apart = number == 0 or not page.lines[number - 1]
    return apart and below.startswith("<") and NAME_ABOVE.fullmatch(page.folded[number]) is not None


def _complete(folded: str) -> bool:
    """Whether this line alone says that somebody with an address, or between dashes, wrote, or the date behind that."""
    if dashed := DASHED.fullmatch(folded):
        return _ends_saying(dashed["said"]) > 0
    if SAYS_THEN_DATE.search(folded):
        return True
    said = folded.endswith((":", "：")) and YEAR.search(folded) is None and len(folded.split()) <= FEW
    return said and _ends_saying(folded) > 0 and ("@" in folded or " via " in folded)


def _ends_saying(said: str) -> int:
    """Where the verb of saying starts that these words end with; 0 where none does."""
    before = max(len(said) - TAIL, 0)
    found = ENDS_SAYING.search(said[before:])
    return before + found.start() if found else 0


def _says_between(said: str) -> int:
    """Where a verb of saying ends that only a name or a date and a colon follow; 0 where none does."""
    found = SAYS_BETWEEN.search(said) if said.endswith((":", "：")) else None
    after = said[found.end() : -1] if found else ""
    return found.end() if found and 0 < len(after) <= AFTER and not re.search(r"[:：](?!\d)", after) else 0


def _goes_on(page: Page, at: int, count: int) -> bool:
    """Whether the line may belong to an attribution: not blank, not long, not quoted (but for a broken-off end)."""
    if at >= len(page.folded) or not page.lines[at] or len(page.lines[at]) > LONGEST:
        return False
    words = page.folded[at]
    return count == 1 or not words.startswith(">") or BROKEN_END.fullmatch(words) is not None


def _joined(so_far: str, line: str) -> str:
    """Two lines as one; a line end of quoted-printable that nobody decoded is undone."""
    if so_far.endswith("="):
        return so_far[:-1] + line.strip()
    return f"{so_far} {line.strip()}".strip()


def _bare(text: str) -> str:
    return QP.sub(" ", text).strip("*_-–—> \t\"'")


def _judged(page: Page, number: int, count: int, texts: tuple[str, str]) -> Found | None:
    """Whether these joined lines are one, unless a later one of them starts a better."""
    if any(_starts_better(page, number, later, number + count) for later in range(number + 1, number + count)):
        return None
    if _sure(*texts):
        return Found(count, sure=True)
    dashed = count == 1 and DASHED.fullmatch(page.folded[number]) is not None
    return Found(count, sure=False) if _likely(texts[0], dashed=dashed) else None


def _starts_better(page: Page, number: int, later: int, end: int) -> bool:
    """Whether the lines from a later one on are an attribution of their own, with a date of their own."""
    if OPENING_WORD.match(page.folded[later]) is None:
        return False
    said = shown = ""
    for at in range(later, end):
        said, shown = _joined(said, page.folded[at]), _joined(shown, page.composed(at))
    dated = YEAR.search(said) or YEAR.search(" ".join(page.folded[number:later])) is None
    said, shown = _bare(said), _bare(shown)
    return bool(
        dated and re.search(r"\d|@", page.folded[later]) and (_sure(said, shown) or _likely(said, dashed=False))
    )


def _likely(said: str, *, dashed: bool) -> bool:
    """Whether the words say that somebody wrote, and give a date or an address or stand between dashes."""
    speaks = _ends_saying(said) or _says_between(said) or LEADS.match(said)
    return bool(speaks) and (dashed or "@" in said or " via " in said or re.search(r"\d", said) is not None)


def _sure(said: str, shown: str) -> bool:
    """Whether the words can hardly be a sentence: a date with an address, or with a name and nothing else."""
    address, year, clock = ADDRESS.search(said), YEAR.search(said), CLOCK.search(said)
    colon = said.endswith((":", "："))
    speaks = _ends_saying(said) or _says_between(said) or (colon and LEADS.match(said))
    if address and speaks:
        return re.search(r"\d", ADDRESS.sub("", said)) is not None and (colon or bool(year and clock))
    if address and year and clock:
        return DATE_ADDRESS.search(said) is not None or ENDS_TELLING.search(said) is not None
    return bool(speaks and year and OPENING.match(said) and (YOU.search(shown) or _only_name(said, shown)))


def _only_name(said: str, shown: str) -> bool:
    """Whether, besides the date, the line holds a name in capitals and a verb of saying, and nothing else."""
    ends = _ends_saying(said)
    words = shown[:ends] if ends else shown[_says_between(said) :]
    last = max((match.end() for match in DAY.finditer(words)), default=0) if ends else 0
    name = re.sub(r"[^\w\s'.-]", " ", words[last:]).split()
    capital = [word[0].isupper() or not word[0].isalpha() or word in SMALL for word in name]
    if said.rstrip(":：. ").endswith(_VIETNAMESE):  # "UBND đã viết:" and "ông A đã viết:" are sentences
        return 1 < len(name) <= NAMES and all(capital)
    timed = CLOCK.search(said) is not None and len(name) <= NICKNAME and capital[:1] == [True]
    return 0 < len(name) <= NAMES and (all(capital) or timed)
