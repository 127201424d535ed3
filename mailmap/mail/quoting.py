"""Where the words of an earlier mail begin inside an answer.

Promises:  finds the header block Outlook, Zimbra, Apple and Windows Mail put above the old mail, the rule that names an
           original or forwarded mail, and messages pasted from a chat, in Vietnamese and the languages of their menus.
Never:     takes a timetable ("Từ: 8h00 Đến: 11h30"), a memo's heading without an address or a time, or a rule for one.
Fails:     never. Work is linear: each line is looked at with at most ``BLOCK`` neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailmap.mail.page import Page, pattern

BLOCK = 14  # lines in which a header block must show itself
REACH = 3  # blank lines between a block and the rule above it
FOLDED = 3  # lines one field of a block may be wrapped over
ENOUGH = 3  # labels a block has at least where its language is not known

_WORDS = {
    "from": "from|từ|người gửi|gửi từ|gửi bởi|từ người gửi|von|absender|de|da|van|från|fra|od|nadawca|odesílatel"
    "|avsender|afsender"
    "|lähettäjä|gönderen|kimden|expéditeur|remitente|remetente|mittente|feladó|küldő|от|от кого|отправитель|від"
    "|від кого"
    "|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 ?사람",
    "sent": "sent|date|sent at|đã gửi|đã gửi lúc|gửi lúc|gửi vào( lúc)?|ngày gửi|ngày|thời gian( gửi)?|gesendet( "
    "am)?|datum"
    "|envoyé( le)?|message du|le|enviado( el| em)?|enviada( em)?|fecha|data|inviato|verzonden|skickat|sendt|dato"
    "|lähetetty|päivämäärä|pvm|wysłano|wysłane|odesláno|poslané|gönderilme tarihi|gönderildi|gönderme tarihi|tarih"
    "|elküldve|dátum"
    "|дата|отправлено|надіслано|发送时间|发送日期|發送時間|日期|寄件日期|送信日時|送信日|日付|日時|보낸 ?날짜|날짜",
    "to": "to|đến|tới|gửi tới|gửi đến|gửi|người nhận|an|empfänger|à|a|para|per|aan|till|til|do|komu|pro"
    "|vastaanottaja|kime|alıcı"
    "|címzett|кому|получатель|收件人|收件者|宛先|받는 ?사람|destinataire|destinatario|odbiorca|modtager|mottaker",
    "cc": "cc|bcc|đồng gửi|đồng kính gửi|bản sao|copie( à)?|kopie|kopia|kopi|copia|másolat|kopio|bilgi|dw|копия"
    "|копія|抄送|副本|참조"
    "|reply-to|répondre à|antwort an|importance|attachments|anlagen|đính kèm|tệp đính kèm|organization|priority",
    "subject": "subject|chủ đề|tiêu đề|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|aihe|konu"
    "|předmět|predmet|tárgy|тема|主题|主題|主旨|标题|件名|제목|re",
}
_START = r"^[\s*_|>]{0,8}+"
LABEL = re.compile(
    _START
    + "(?:"
    + "|".join(rf"(?P<{kind}>(?:{pattern(words)}))" for kind, words in _WORDS.items())
    + r")[ *_]*[:：][*_]*\s*(?P<rest>.*)$"
)
ANY_LABEL = re.compile(_START + r"[^\W\d_][\w .'()-]{0,24}\s?[*_]*[:：][*_]*\s*(?P<rest>.+)$")
RULE = re.compile(r"\s*+(?:_{5,}+|-{5,}+|={5,}+|\*{5,}+|[—–―]{3,}+|(?:\* ){2,}+\*)\s*+")
TIMETABLE = re.compile(
    r"\d{1,2}\s*(?:h|:|g|/|-)|\d+$|(?:ngay|thang|thu) (?:\d|hai|ba|tu|nam|sau|bay)|chu nhat|nay\b|hom "
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[/.]\d{1,2}[/.]\d{2}\b")
CLOCK = re.compile(r"\d{1,2}\s?[:h.時时]\s?\d{2}")

_OLD = pattern(
    "(original|forwarded|reply|replied)( e-?mail| mail)?( message)?|message d'origine|message original|message "
    "(transféré|réexpédié)"
    "|mensaje (original|reenviado)|mensagem (original|encaminhada|reencaminhada)|messaggio (originale|inoltrato)"
    "|(oorspronkelijk|origineel|doorgestuurd) bericht|(ursprüngliche|weitergeleitete|original|antwort)[ -]?nachricht"
    "|(ursprungligt|vidarebefordrat|originalt) (meddelande|mejl|brev)|(oprindelig|videresendt) (meddelelse|besked"
    "|mail)"
    "|(opprinnelig|videresendt) (melding|e-post)|(oryginalna|przekazana|przesłana) wiadomość|wiadomość (oryginalna"
    "|przekazana)"
    "|(původní|přeposlaná|pôvodná) (zpráva|správa)( .{1,30})?|(alkuperäinen|välitetty) viesti|(orijinal|iletilen) "
    "(mesaj|ileti|posta)"
    "|(eredeti|továbbított) (üzenet|levél)|(исходное|оригинальное|пересылаемое|пересланное|перенаправленное) "
    "сообщение"
    "|(переслане|оригінальне) повідомлення|原始邮件|原始郵件|原邮件|转发(的)?邮件(信息)?|轉寄(的)?郵件"
    "|元のメッセージ|転送(された)?メッセージ"
    "|원본 ?(메일|메시지)|전달된 ?(메일|메시지)"
    "|(thư|tin nhắn|nội dung|e-?mail|thông điệp) (gốc|ban đầu|cũ|trước)"
    "|(thư|tin nhắn|nội dung|e-?mail|thông điệp) (đã )?(được )?(chuyển tiếp|trả lời)|chuyển tiếp( từ zalo)?"
)
SEPARATOR = re.compile(
    rf"[\s>|*]{{0,4}}(?:[-_=*—–~]{{3,}}+|[-_=*—–~]{{2}}(?=.*[-_=*—–~]{{2}}))[\s*]{{0,4}}"
    rf"(?:{_OLD})(?: (?:by|from|boi|tu|von|de|da) "
    rf"[^-]{{1,60}})?[\s*:]*[-_=*—–~]*[\s*]*"
)
BEGINNING = re.compile(
    r"[\s*>]{0,4}(?:"
    + pattern(
        "(begin )?forwarded message|(bắt đầu )?(thư|tin nhắn|e-?mail) (đã )?được chuyển tiếp|bắt đầu (thư|tin "
        "nhắn) (đã )?chuyển tiếp"
        "|début du message (réexpédié|transféré)|anfang der weitergeleiteten (nachricht|e-mail)|inicio del "
        "mensaje reenviado"
        "|início da mensagem (reencaminhada|encaminhada)|inizio( del)? messaggio inoltrato|begin doorgestuurd bericht"
        "|vidarebefordrat (brev|mejl)|start på videresendt besked|(start på )?videresendt melding|początek "
        "przekazywanej wiadomości"
        "|välitetty viesti alkaa|начало (переадресованного|пересылаемого) сообщения|下面是被转发的邮件"
        "|転送されたメッセージ|전달된 메시지"
        "|iletilen ileti başladı|początek przesyłanej wiadomości|začátek přeposílané zprávy|(đã |được )?chuyển "
        "tiếp từ zalo"
    )
    + r")\s*[:：]?[\s*]*|[\s>\[]{0,4}original message processed by .{1,40}"
)
CHAT = re.compile(r"\[\d{1,2}:\d{2}(?::\d{2})?,? \d{1,2}/\d{1,2}(?:/\d{2,4})?\] ?-? ?[^\W\d][^:]{0,60}:(?: |$)")


def separator_at(page: Page, number: int) -> bool:
    """Whether this line says that an earlier mail follows."""
    line = page.folded[number][:200]
    if BEGINNING.fullmatch(line):
        return line.rstrip(" *").endswith((":", "：")) or "processed by" in line or "zalo" in line
    return SEPARATOR.fullmatch(line) is not None


def block_at(page: Page, number: int) -> int:
    """How many lines the header block that starts at this line takes: 0 when none does."""
    first = LABEL.match(page.folded[number])
    if first is None or first["to"] or first["cc"]:
        return _unknown_block(page, number) if number and _ruled(page, number) else 0
    fields, end = _fields(page, number)
    return end - number if _tells_mail(fields, from_first=first["from"] is not None) else 0


def chat_at(page: Page, number: int) -> int:
    """How many lines a message pasted from a chat takes ("[14:05, 5/8/2024] Tên: …"): it ends at a blank line."""
    if not CHAT.match(page.folded[number]):
        return 0
    end = number + 1
    while end < len(page.folded) and page.lines[end]:
        end += 1
    return end - number


def start_of_quote(page: Page, number: int) -> int:
    """Where a quote whose header block stands at this line begins: with the rule above it, if there is one."""
    above = next((n for n in range(number - 1, max(number - REACH, 0) - 1, -1) if page.lines[n]), None)
    return above if above is not None and RULE.fullmatch(page.lines[above]) else number


def _fields(page: Page, number: int) -> tuple[dict[str, str], int]:
    """The fields of a block by kind, wrapped lines with their field, and the line behind the last of them."""
    fields: dict[str, str] = {}
    kind, end, wrapped = "", number, 0
    for at in range(number, min(number + BLOCK, len(page.folded))):
        line = page.folded[at]
        found = LABEL.match(line)
        if found and (_kind(found) not in fields or _kind(found) == "cc"):
            kind, end, wrapped = _kind(found), at + 1, 0
            fields[kind] = found["rest"]
        elif line.strip() and kind and wrapped < FOLDED and not found and page.lines[at - 1]:
            wrapped += 1
            fields[kind] += " " + line.strip()
        elif line.strip() or (len(fields) > 1 and not _label_follows(page, at)):
            break
    return fields, end


def _label_follows(page: Page, at: int) -> bool:
    """Whether, blank lines apart, the block goes on: some old phones set its lines apart."""
    return LABEL.match(page.next_words(at, REACH)) is not None


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in _WORDS if found[kind])


def _tells_mail(fields: Mapping[str, str], *, from_first: bool) -> bool:
    """Whether these are the fields of a mail: an address or at least the time it was sent, and no timetable."""
    sender, sent = fields.get("from", "").strip(), fields.get("sent", "")
    addressed = "@" in sender or "@" in fields.get("to", "")
    timed = YEAR.search(sent) is not None and CLOCK.search(sent) is not None
    if "from" not in fields:
        return timed and addressed
    if not sender or (TIMETABLE.match(sender) and "@" not in sender):
        return False
    others = len(fields.keys() & {"sent", "to", "subject"})
    if "@" in sender:
        return bool(fields.keys() & {"sent", "subject"})
    return others >= (2 if from_first else 3) and "to" in fields and (addressed or timed)


def _ruled(page: Page, number: int) -> bool:
    return start_of_quote(page, number) != number


def _unknown_block(page: Page, number: int) -> int:
    """A block in a language we do not know: below a rule, labels with an address first and a date and time near."""
    said: list[str] = []
    for line in page.folded[number : number + BLOCK]:
        found = ANY_LABEL.match(line)
        if found is None or (not said and "@" not in line):
            break
        said.append(found["rest"])
    values = " ".join(said)
    return len(said) if len(said) >= ENOUGH and YEAR.search(values) and CLOCK.search(values) else 0
