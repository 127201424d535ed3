"""The phrases by which bounces in prose are known: who writes them, what they say, where the returned mail begins.

Promises:  expressions only; each is searched in one line or in a few joined ones, ignoring case, in linear time.
           Vietnamese is known with and without its diacritics.
Never:     decides: ``bounces`` does, and asks for two signs.
"""

from __future__ import annotations

import re
from unicodedata import normalize


def bare(phrase: str) -> str:
    """An expression that matches a Vietnamese phrase also where its diacritics were left out."""
    return "".join(f"[{one}{_unmarked(one)}]" if _unmarked(one) != one else one for one in normalize("NFC", phrase))


def _unmarked(letter: str) -> str:
    return {"đ": "d", "Đ": "D"}.get(letter, normalize("NFD", letter)[0])


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# The name or address of a mail system that writes by itself.
SENDER = _any(
    r"\b(mailer|mail|maildelivery|smtp|delivery|lotus)[-_. ]?(daemon|administrator|robot|gateway|agent)\b",
    r"post[-_. ]?master\b|\bmdaemon\b|delivery[ -](sub)?system|system[ -]administrator|internet mail delivery",
    r"\bmail[-_. ]?(delivery|error|transfer)[-_. ]?(sub)?(system|service|agent)?\b",
    r"\b(bounces?|ndr|mmdf|imss)@|smtp_(mail_service|gateways?)|antivirus_for_smtp",
    r"\bmicrosoftexchange[0-9a-f]{20,}@|\bndr administrator\b|hệ thống (thư|mail|email)",
)
# Of these the names that no person has: an answer from "postmaster" may be one of a person.
DAEMON = _any(
    r"(mailer|mail|delivery|lotus)[-_. ]?(daemon|robot|agent)\b|delivery[ -](sub)?system|microsoftexchange[0-9a-f]{20}"
)
NOBODY = _any(r"^(no|do[-_.]?not)[-_.]?reply\b")
SUBJECT = _any(
    r"undeliver(ed|able)|non[- ]?deliver|not (yet )?(be(en)? )?deliver|returned (to sender|e?-?mail)|failure notice",
    r"failed? (mail|delivery|message)|mail (failed|failure|error|rejected)|(rejected|delayed) mail|\(?delay(ed)?\)?$",
    r"deliver(y|ed)?\b.{0,30}\b(fail|problem|error|status|notification|report|delay|warning|unsuccess|abort|impossible)",
    r"(fail|problem|error|could not|unable)\w*\b.{0,30}\bdeliver|warning: could not send|processing error",
    r"(message|mail|e-mail)\b.{0,20}\b(delayed|rejected|bounced)|mail system error",
    r"user unknown|unknown (user|recipient)|mailbox (is )?full",
    r"(sending|delivering) your (mail|message|e-?mail)|mail (system )?failure|(message|mail|e-?mail)\b.{0,40}\bblocked",
    r"non remis|échec de (la )?remise|unzustellbar|nicht zustellbar|zustellung|devuelto|mancata consegna|onbestelbaar",
    r"no (se )?(ha |puede |pudo )?(podido )?entreg|não (entregue|pôde)|falha (na|de) entrega|nie dostarczon|doručen",
    r"не доставлен|недоставлен|не может быть доставлен|退信|退回|投递失败|系统退信|配信|エラー通知|送信できません",
    bare(r"không (thể )?(gửi|chuyển|phát|giao)|chưa (gửi|chuyển|phát|giao|đến)( \w+)? được|thư bị trả|gửi thư lỗi"),
    bare("thư không đến|hộp thư.{0,30}đầy|báo lỗi gửi"),
)
_NOT = r"(could|can|was|were|did|has|have|is|will)( ?not|n't)( yet)?( been)?( be)? ?"
FAILING = _any(
    _NOT + r"(delivered|reach|send|sent|accepted|received|collected|recogni[sz]ed|able to (deliver|send))",
    r"(unable|failed|not able|wasn't able|fails?) to (be )?(deliver|reach|send)|can(no|')?t (be )?(deliver|reach|send)",
    r"not deliver(ed|able)|undeliver(ed|able)|non-deliver|delivery status notification|did ?n[o']t receive",
    r"(trouble|problems?|errors?)\b.{0,30}\bdeliver|delivery (has )?failed|refused to accept",
    r"(delivery|del[ie]very|deliver)\b.{0,60}\b(fail|abort|delay|error|problem|postpone|impossible)",
    r"fail(ed|ure)\b.{0,40}\b(deliver|address|recipient)|permanent (fatal )?(error|failure)|fatal errors",
    r"not? (a )?valid (recipient|user|address|mailbox)|exceeds (the )?allowed size",
    r"not? (such (user|mailbox|person|address|recipient|account)|exactly match)",
    r"(user|recipient|address|account|addressee)\b.{0,40}(unknown|not (known|found|listed|exist)|does ?n[o']t have)",
    r"(unknown|invalid|bad|illegal|disabled|inactive)\b.{0,30}\b(user|recipient|address|mailbox|account|domain|host|delivery)",
    r"does ?n[o']t (exist|have|like)|mailbox\b.{0,20}\b(full|unavailable|disabled)|no longer (valid|in use|exists)",
    r"over ?quota|quota (exceed|violat)|(exceed|over)\w*\b.{0,20}\bquota|disk quota|host not found",
    r"(automatically|was) rejected|encountered an error|error occurred.{0,40}\bdeliver",
    r"n'a pas (pu|été)|n'existe pas|konnten? nicht|fehler bei der|nicht (zugestellt|gefunden)",
    r"no (se )?(pudo|puede|fue|existe)",
    r"non (è|esiste|ha|può)|não (pode|pôde|foi|existe)|не (может|удалось|доставлен|было|существует)|недоставлен",
    r"无法|失败|不存在|退回|退信|已满|配信できません|送信できません|失敗しました|エラー",
    bare("không (gửi được|thể (gửi|chuyển|phát|giao|nhận)|tồn tại|chuyển được|tìm thấy)|hộp thư.{0,20}đầy"),
    bare(r"chưa được gửi (đến|tới)|chưa (gửi|chuyển|phát|giao|đến)( \w+)? được|bị từ chối|sự cố .{0,20}khi gửi"),
)
STILL = _any(
    r"(has|have) not yet been delivered|(been|is|was|still) delayed|delayed \d|delivery.{0,20}(delayed|postponed)",
    r"still (being retried|undelivered|in the queue|trying|queued)|warning (message )?only|just a warning",
    r"advisory-only",
    r"(will|to) (be retried|retry|keep (on )?trying|try (it )?again|continue to (try|attempt|be)|continue trying)",
    r"attempts will continue|\(delay\)|message delayed|has been postponed|could not send (message|mail) for past",
    r"do(es)? not need to re-?send|wird .{0,40}(erneut|weiter) versucht|verzögert|retard[ée]|sera réessayé",
    r"se (seguirá|volverá a) intenta|延迟|遅延|отложен",
    bare("sẽ (được )?(tiếp tục )?(thử|gửi) lại|tiếp tục (thử|gửi)"),
)
# Passing trouble: a delay unless the mail went back for good.
PASSING = _any(r"(transient|temporary) (non-fatal )?(errors?|failures?|problems?)|\bdeferred\b", bare("tạm thời"))
GIVEN_UP = _any(
    r"given up|permanent (fatal )?(error|failure)|failed permanently|not (going to|be) (re)?tr(y|ied)",
    r"(?<!non-)fatal errors",
    r"(no|without) (further|more) (delivery )?attempts|cannot send (message|mail) for \d|retry time(out| not reached)",
)
# Subjects of notices about mail that went back for good, whatever passing trouble their transcript tells.
FINAL = _any(
    r"returned mail|\(failure\)|failure notice|undelivered mail returned|mail delivery failed",
    r"returning message to sender|delivery (has )?fail|^undeliverable",
    bare("thư bị trả"),
)
# The line above the mail that is returned.
RETURNED = _any(
    r"^[\s|>]*[-_=*]{2}.*\b(original|returned|unsent|forwarded|copy|headers?|nachricht|mensaje)\b",
    r"^[\s|>]*[-_=*]{2}.*((message|mail) (text|body|follow)|原|оригинал|копия|thư (gốc|bị trả))",
    r"^\W*(the |your )?(original|undelivered|returned|unsent|old) (message|mail|e-mail)( as)?( \w+){0,3}"
    r"( follow\w*| headers?| details)?( :|[:.])*\s*$",
    r"^\W*(message|mail) (headers?|text|body) follows?\W*$|(here|below|included|this) is a copy of",
    r"copy of the original message|(first|top) .{0,30}(lines|part) of (the|your)|your message reads",
    r"summary of the undelivered message",
)
HEADER_LINE = re.compile(r">?(Received|Return-Path|Delivered-To|DKIM-Signature|MIME-Version):(?= ?\S)", re.IGNORECASE)
# What stands before an address that is a failed recipient, and before one that is not.
LABEL = _any(
    r"(recipients?( address)?|original address|undeliver\w*( address)?|addressed to|error-for|unknown user|users?"
    r"|userid|address(es)?|attempts|failed|(deliver\w*|undeliverable|rejected|message|e?-?mail|intended|mailbox)"
    r"( \w+){0,3} (to|for)|^\s*[45]\d\d[ -].*(to|for)|mailbox|account|expanded from|generated from|full|to user|dda"
    r"|unknown host|rcpt to|empfänger|destinataires?|destinatari[oa]s?|bestimmt für|получател\w{0,5}|收件人|收信人"
    r"|送信先|宛先|" + bare(r"(gửi|chuyển|phát)( thư( \w+){0,4})? (đến|tới|cho)|địa chỉ|người nhận") + r")"
    r"[\s:：=<\[\"'-]*(smtp[:=]|rfc-?822;)?[\s<\"']*$"
)
FOREIGN = _any(
    r"(contact|help|assist\w*|support|reply( to)?|(?<!sent )(?<!your )mail to"
    r"|mailto:|postmaster|sender|from|message-id|by"
    r"|envelope-from"
    r"|abuse|administrator|cc|bcc|\bif|\btry\b.{0,60})[\s:=<\"'-]*$"
)
# A line above an address that stands alone, which says that this is who sent the mail.
SENT_BY = _any(r"(sent by|(mail|message) from|sender( is| was| address)?)\s*:?\s*$")
CODE = re.compile(r"(?<![\d.-])[45]\d\d(?![\d.])|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
GREETING = _any(
    r"\s*(dear|hi|hello|good (morning|afternoon)|" + bare("kính|chào|dạ|anh|chị|em|bác|thưa") + r")\b",
)
EXPANDED = _any(r"(expanded|generated) from[\s:<]*$")
COPIED = _any(r"\s*(to|cc|bcc|from|subject|sent|date|an|von|de|para)\s*:")
