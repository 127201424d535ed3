"""Where the words of an earlier mail begin inside an answer.

Promises:  finds the header block Outlook, Zimbra and Windows Mail put above the old mail, the line that says who wrote
           it and when, and the rule above a forwarded mail, in Vietnamese, English and the languages of their menus.
Never:     takes a timetable ("Từ: 8h00 Đến: 11h30") or "On Thursday:" for one.
Fails:     never. Work is linear: each line is looked at with at most eight neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_LINE = 500  # a longer line is text
BLOCK = 8  # lines in which a header block must show itself
REACH = 3  # lines an attribution may be wrapped over, besides its last one

_FROM = "from|từ|người gửi|gửi từ|von|de|da|van|från|fra|od|от|від|发件人|寄件者|差出人|expéditeur|remitente"
_SENT = (
    "sent|date|đã gửi|gửi lúc|gửi vào|ngày gửi|ngày|thời gian|gesendet|datum|envoyé( le)?|enviado( el| em)?|fecha|data"
    "|inviato|verzonden|skickat|sendt|wysłano|дата|отправлено|надіслано|发送时间|日期|送信日時|message du"
)
_TO = "to|đến|tới|gửi tới|gửi đến|gửi|người nhận|an|à|a|para|aan|till|til|do|кому|收件人|收件者|宛先"
_SUBJECT = (
    "subject|chủ đề|tiêu đề|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|主题|主旨|件名"
)
_LABEL = r"^[\s*_|]*(?:{})\s*[*_]*\s*[:：][*_]*\s*(?P<rest>.*)$"
LABELS = {
    kind: re.compile(_LABEL.format(words), re.IGNORECASE)
    for kind, words in {"from": _FROM, "sent": _SENT, "to": _TO, "subject": _SUBJECT}.items()
}
RULE = re.compile(r"\s*(_{5,}|-{5,}|={5,}|\*{5,}|—{3,})\s*")

TIME = re.compile(r"\d|ngày|tháng|thứ|hôm", re.IGNORECASE)  # a timetable

SEPARATOR = re.compile(
    r"[\s*>]*[-_=*]{2,}\s*((original|forwarded|reply) message|message d'origine|message original|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|ursprüngliche nachricht|original-?nachricht"
    r"|message transféré|weitergeleitete nachricht|mensaje reenviado|исходное сообщение|пересылаемое сообщение|原始邮件"
    r"|(thư|tin nhắn|nội dung|email) (gốc|ban đầu|cũ)|(thư|tin nhắn|email) (đã |được )?(chuyển tiếp|trả lời))"
    r"( (by|from|bởi|từ) [^-]{1,60})?\s*[-_=*]*\s*"
    r"|(begin forwarded message|(bắt đầu )?(thư|tin nhắn) (đã )?được chuyển tiếp"
    r"|début du message (réexpédié|transféré))\s*:",
    re.IGNORECASE,
)
# How the line above a quoted mail starts ("On …", "Vào …", a weekday, a number), what it says, and its date or address.
OPENING = re.compile(
    r"[\s*-]*(on|vào|ngày|lúc|hôm|thứ|cn|am|le|el|il|em|op|den|dnia|w dniu|pe|dne|dana|в)(?!\w)"
    r"|[\s*-]*(\d{1,4}[\s./-]|\w{2,4}\.? \d{1,2}\.)",
    re.IGNORECASE,
)
SAYING = re.compile(
    r"\b(wrote|writes|schrieb|a écrit|escribió|escreveu|napisał|ha scritto|skrev|schreef|kirjoitti|yazdı|napsal|a scris"
    r"|đã viết|đã trả lời|đã gửi)\b|írta|написа[вл]|пишет|пише|写道|寫道|<[^<>]*@[^<>]*>[^<>]{0,40}\bviết",
    re.IGNORECASE,
)
WHEN = re.compile(r"\b(19|20)\d\d\b|\d{1,2}[:h.]\d{2}\b|@|\d{1,2}/\d{1,2}")


def block_at(lines: Sequence[str], number: int) -> bool:
    """Whether a header block of an earlier mail starts at this line: From first, then others of its kind."""
    line = lines[number]
    first = LABELS["from"].match(line[:MAX_LINE])
    if first is None or not first["rest"].strip() or TIME.match(first["rest"]):
        return False
    found = {"from"}
    for follower in lines[number + 1 : number + BLOCK]:
        kind = _kind(follower)
        if kind == "from":
            break
        found |= {kind} if kind else set()
    others = found - {"from"}
    if "@" in first["rest"]:
        return bool(others & {"sent", "subject"})
    return "subject" in others and len(others) > 1


def attribution_at(lines: Sequence[str], number: int) -> int:
    """How many lines, from this one on, say who wrote the quoted mail and when; 0 when this starts none."""
    if not lines[number].strip() or not OPENING.match(lines[number][:MAX_LINE]):
        return 0
    joined = ""
    for count, line in enumerate(lines[number : number + REACH + 1], 1):
        if not line.strip() or len(line) > MAX_LINE or (count > 1 and line.startswith(">") and line.strip() != ">:"):
            return 0
        joined += " " + line.strip()
        if joined.rstrip("*_ ").endswith((":", "：")):
            return count if SAYING.search(joined) and WHEN.search(joined) else 0
    return 0


def start_of_quote(lines: Sequence[str], number: int) -> int:
    """Where a quote whose header block stands at this line begins: with the date line and the rule above it, if any."""
    above = _above(lines, number)
    if above is not None and _kind(lines[above]) == "sent":
        number, above = above, _above(lines, above)
    return above if above is not None and RULE.fullmatch(lines[above]) else number


def _above(lines: Sequence[str], number: int) -> int | None:
    """The nearest line above that is not blank, if it is near."""
    return next((n for n in range(number - 1, max(number - REACH, 0) - 1, -1) if lines[n].strip()), None)


def _kind(line: str) -> str | None:
    return next((kind for kind, label in LABELS.items() if label.match(line[:MAX_LINE])), None)
