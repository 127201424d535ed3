"""The phrases by which bounces in prose are known: who writes them, what they say, where the returned mail begins.

Promises:  expressions only; each is searched in one line or in a few joined ones, ignoring case, in linear time.
Never:     decides: ``bounces`` does, and asks for two signs.
"""

from __future__ import annotations

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# The name or address of a mail system that writes by itself.
SENDER = _any(
    r"\b(mailer|mail|maildelivery|smtp|delivery|lotus)[-_. ]?(daemon|administrator|robot|gateway|agent)\b",
    r"postmaster\b|\bmdaemon\b|delivery[ -](sub)?system|system[ -]administrator|internet mail delivery",
    r"\bmail[-_. ]?(delivery|error|transfer)[-_. ]?(sub)?(system|service|agent)?\b",
    r"\b(bounces?|ndr|mmdf|imss)@|smtp_(mail_service|gateways?)|antivirus_for_smtp",
    r"\bmicrosoftexchange[0-9a-f]{20,}@",
)
SUBJECT = _any(
    r"undeliver(ed|able)|non[- ]?deliver|not (yet )?(be(en)? )?deliver|returned (to sender|e?-?mail)|failure notice",
    r"failed? (mail|delivery|message)|mail (failed|failure|error|rejected)|(rejected|delayed) mail|\(?delay(ed)?\)?$",
    r"deliver(y|ed)?\b.{0,30}\b(fail|problem|error|status|notification|report|delay|warning|unsuccess|abort|impossible)",
    r"(fail|problem|error|could not|unable)\w*\b.{0,30}\bdeliver|warning: could not send|processing error",
    r"(message|mail|e-mail)\b.{0,20}\b(delayed|rejected|bounced)|mail system error",
    r"user unknown|unknown (user|recipient)|mailbox (is )?full",
    r"non remis|unzustellbar|nicht zustellbar|zustellung|devuelto|no (se )?(ha )?(podido )?entreg|mancata consegna",
    r"не доставлен|недоставлен|退信|退回|投递失败|系统退信|配信",
    r"không gửi được|không thể (gửi|chuyển)|thư bị trả|gửi thư lỗi|thư không đến",
)
_NOT = r"(could|can|was|were|did|has|have|is|will)( ?not|n't)( yet)?( been)?( be)? ?"
FAILING = _any(
    _NOT + r"(delivered|reach|send|sent|accepted|received|collected|recogni[sz]ed|able to (deliver|send))",
    r"(unable|failed|not able|wasn't able|fails?) to (be )?(deliver|reach|send)|can(no|')?t (be )?(deliver|reach|send)",
    r"not deliver(ed|able)|undeliver(ed|able)|non-deliver|delivery status notification|did ?n[o']t receive",
    r"(delivery|del[ie]very|deliver)\b.{0,60}\b(fail|abort|delay|error|problem|postpone|impossible)",
    r"fail(ed|ure)\b.{0,40}\b(deliver|address|recipient)|permanent (fatal )?(error|failure)|fatal errors",
    r"not? (valid recipients|such (user|mailbox|person|address|recipient|account)|exactly match)",
    r"(user|recipient|address|account|addressee)\b.{0,40}(unknown|not (known|found|listed|exist)|does ?n[o']t have)",
    r"(unknown|invalid|bad|illegal|disabled|inactive)\b.{0,30}\b(user|recipient|address|mailbox|account|domain|host|delivery)",
    r"does ?n[o']t (exist|have|like)|mailbox\b.{0,20}\b(full|unavailable|disabled)|no longer (valid|in use|exists)",
    r"over ?quota|quota (exceed|violat)|(exceed|over)\w*\b.{0,20}\bquota|disk quota|host not found",
    r"(automatically|was) rejected|encountered an error|error occurred.{0,40}\bdeliver",
    r"n'a pas (pu|été)|n'existe pas|konnte nicht|nicht (zugestellt|gefunden)|no (pudo|puede|fue|existe)|non (è|esiste)",
    r"não (pode|pôde|foi|existe)|не (может|удалось|доставлен|было|существует)|недоставлен|无法|失败|不存在",
    r"配信できません",
    r"không (gửi được|thể (gửi|chuyển|phát)|tồn tại|chuyển được)|hộp thư.{0,20}đầy|chưa được gửi (đến|tới)",
)
DELAYED = _any(
    r"(has|have) not yet been delivered|been delayed|is delayed|delayed \d|delivery.{0,20}(delayed|postponed)",
    r"still being retried|will be retried|warning (message )?only|just a warning|advisory-only|attempts will continue",
    r"(will|we) continue to (try|attempt|be)|will continue trying|\(delay\)|message delayed|has been postponed",
    r"tạm thời chưa|sẽ (được )?thử lại",
)
GIVEN_UP = _any(
    r"given up|permanent (fatal )?(error|failure)|failed permanently|not (going to|be) (re)?tr(y|ied)",
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
HEADER_LINE = re.compile(r">?(Received|Return-Path|Delivered-To|DKIM-Signature|MIME-Version): ", re.IGNORECASE)
# What stands before an address that is a failed recipient, and before one that is not.
LABEL = _any(
    r"(recipients?( address)?|original address|undeliver\w*( address)?|addressed to|error-for|unknown user|users?"
    r"|userid|address(es)?|attempts|failed|(deliver\w*|undeliverable|rejected|message|e?-?mail|intended|mailbox)"
    r"( \w+){0,3} (to|for)|^\s*[45]\d\d[ -].*(to|for)|mailbox|account|expanded from|generated from|full|to user|dda"
    r"|unknown host|rcpt to|(gửi|chuyển|phát)( thư)? (đến|tới|cho)|địa chỉ|người nhận)"
    r"[\s:=<\[\"'-]*(smtp[:=]|rfc-?822;)?[\s<\"']*$"
)
FOREIGN = _any(
    r"(contact|help|assist\w*|support|reply( to)?|mail to|mailto:|postmaster|sender|from|message-id|by|envelope-from"
    r"|abuse|administrator|cc|bcc|\bif|\btry\b.{0,60})[\s:=<\"'-]*$"
)
EXPANDED = _any(r"(expanded|generated) from[\s:<]*$")
COPIED = _any(r"\s*(to|cc|bcc|from|subject|sent|date|an|von|de|para)\s*:")
