"""Why servers say that a mail did not arrive: the closed set of causes, and the phrases of many languages for each.

Promises:  expressions only, in the order in which they count; each is searched in a few thousand characters, ignoring
           case, in linear time.
Never:     decides: ``cause`` does, with the status code.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mailmap.mail.bounce_signs import bare


class Cause(StrEnum):
    """Why a mail did not arrive, or not yet.

    ``OURS`` (trouble that passes) and ``FAULT`` (a mail we could not write) are never read from a server's words.
    """

    NO_USER = "no-user"
    NO_DOMAIN = "no-domain"
    LOCKED = "locked"
    FULL = "full"
    TOO_BIG = "too-big"
    CONTENT = "content"
    UNAUTHENTICATED = "unauthenticated"
    REFUSED = "refused"
    LATER = "later"
    LOOP = "loop"
    EXPIRED = "expired"
    NO_ANSWER = "no-answer"
    OURS = "ours"
    FAULT = "fault"
    UNKNOWN = "unknown"


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_BOX = r"(mail ?box|mail ?folder|inbox|in-box|maildrop|account|user|recipient|customer)"
_WHO = r"(user|recipient|address|account|addressee|mail ?box|alias|member)"
_HOST = r"\b(host|domain)( name)?( \S{1,80})?"

_LOOP = _any(
    r"too many hops|hop count|\b(mail|forwarding|routing|delivery)[ -]loop|loops? back|looping|maximum hops",
    r"more than the maximum allowed times",
    bare("vòng lặp|lặp vòng"),
)
_FULL = _any(
    _BOX + r"\b.{0,40}\b(full|over ?(quota|limit))",
    r"(mail ?box|account|user|storage|quota|space)\w{0,9}\b.{0,40}\bexceed",
    r"exceed\w{0,9}.{0,30}(quota|storage|mail ?box)|too many (messages|mails) (on|in)|zuviele mails",
    r"over ?quota|over (its|the|his|disk) quota|quota (exceed|full|violat)|out of (disk )?(space|quota)",
    r"(not enough|insufficient)( \w{1,20})? (disk|storage|space|quota)|mail ?box space|disk full",
    r"postfach.{0,40}voll|boîte.{0,40}(pleine|saturée)|(buzón|casilla|mailbox).{0,30}llen[oa]|casella.{0,30}piena",
    r"переполнен|已满|容量不足|一杯|caixa.{0,30}cheia",
    bare("hộp thư.{0,40}đầy|hết dung lượng|vượt (quá )?dung lượng hộp|quá hạn mức lưu trữ"),
)
_TOO_BIG = _any(
    r"(message|mail|file|attachment|content|letter)s?\b.{0,30}\b(too (big|large)|size (limit )?exceed)",
    r"\bsize limit\b|(message|mail) (size|length|file).{0,20}(exceed|limit|too)|too large|larger than",
    r"exceed\w{0,9}.{0,30}(maximum|message|size)",
    r"zu groß|trop (volumineux|gros)|demasiado grande|过大|大きすぎ|слишком большо",
    bare("(thư|tệp|dung lượng).{0,30}(quá (lớn|to|cỡ)|vượt)"),
)
_CONTENT = _any(
    r"virus|malware|infected|phishing|ransom|\btrojan|attachment guidelines",
    r"(attachment|file|extension|content)s?\b.{0,40}(not (allowed|permitted|accepted)|banned|prohibited|forbidden)",
    r"(blocked|banned|forbidden|illegal|disallowed) (attachment|file|extension|content)",
    bare("mã độc|vi-?rút|tệp.{0,30}(bị cấm|không được phép)"),
)
_UNAUTHENTICATED = _any(
    r"\b(spf|dkim|dmarc)\b|sender policy framework|unauthenticated|not authenticated|sender id .{0,20}fail",
    r"authentication (information|check)|5\.7\.(2[0-9]|9|30)\b",
)
_LATER = _any(
    r"gr[ea]y[- ]?list|(try|come back|retry) (again )?(later|in \d)|temporarily (deferred|rejected|blocked)",
    r"rate[- ]?limit|too (many|much) (mail|message|connection|recipient)|throttl|unusual rate|4\.7\.\d|is busy",
    bare("(thử|gửi) lại sau|tạm (hoãn|từ chối)"),
)
_NO_DOMAIN = _any(
    _HOST + r" (is |was |does )?(not (found|exist|known)|unknown|doesn't exist|does ?n[o']t have)",
    r"(unknown|no such|bad|invalid|illegal) (host|domain)|name service error|nxdomain|dns (error|fail|lookup)",
    r"unrouteable mail domain|(mx|a) (record|lookup|host).{0,30}(not|no|fail|invalid)|null ?mx|no mail exchange",
    r"do(es)? not accept (any )?(mail|e-?mail)|couldn't find any host|name or service not known",
    r"could not find a gateway|域名",
    bare("(tên miền|máy chủ).{0,30}không (tồn tại|có|tìm thấy)|không tìm thấy (tên miền|host|máy chủ)"),
)
_LOCKED = _any(
    _WHO + r"\b.{0,50}\b(disabled|inactive|suspended|locked|deactivated|closed|frozen)",
    r"(disabled|inactive|suspended|deactivated|locked|blocked) (account|mail ?box|user|recipient)|discontinued",
    r"(account|mail ?box|casilla|user) (has|ha|is) (been )?expir|no longer (active|accept)|not an? active",
    bare("(hộp thư|tài khoản|địa chỉ).{0,30}(bị khóa|tạm khóa|ngừng|vô hiệu|không còn hoạt động)"),
)
_NO_USER = _any(
    _WHO + r"\b.{0,50}\b(unknown|not (known|found|listed|exist))|(not|n't) a known|invalid final delivery",
    r"(unknown|invalid|no such|bad|no valid)[ _](\w{1,20} )?" + _WHO + r"|no such (person|local)",
    r"does ?n[o']t (exist|have an?)|exactly match|mail ?box (not found|unavailable|not available)|no mail ?box",
    r"not? (a )?valid (user|recipient|address|mail ?box)|not? such|unrouteable address|recipnotfound",
    r"(not|wasn't|couldn't be) (found|listed|recogni[sz]ed|known)|recipientnotfound|not our customer",
    r"no longer (valid|in use|exists|works|with|employed|on server)|left the (company|organi[sz]ation)",
    r"no matches to nameserver|could not be (identified|matched)|misspelled|address rejected|does not like recipient",
    r"n'existe pas|nicht gefunden|unbekannt|no (existe|se encontró)|não (existe|foi encontrad)|inconnu|desconocido",
    r"non (esiste|trovato)|не (существует|найден)|не зарегистрирован|不存在|見つから|該当|nie istnieje|neexistuje",
    bare("không (tồn tại|tìm thấy|có (hộp thư|người dùng|địa chỉ))|sai địa chỉ|địa chỉ.{0,20}(sai|không đúng)"),
)
_REFUSED = _any(
    r"spam|junk|unsolicited|\bbulk\b|\bube\b|black ?list|block ?list|blocked|blocking|\brbl\b|dnsbl|reputation",
    r"relay(ing)?( access)?( is)? (denied|not|prohibited)|unable to relay|not (permitted|allowed|authori[sz]ed)",
    r"access denied|not a relay|policy|prohibit|refused (to accept|due|by)|restricted|rcpthosts|approved senders",
    r"(message|content|sender|mail) (was |is )?(rejected|refused|denied|discarded)|垃圾|спам|отклонен",
    bare("bị chặn|thư rác|không được phép|từ chối nhận|danh sách đen"),
)
_EXPIRED = _any(
    r"(delivery|retry|queue|message) time(d| ?out)? ?(out|expired|exceeded|reached)|retry timeout|message expired",
    r"in the queue too long|cannot send (message|mail) for|failing for a long time|within the allowed queue period",
    r"(tried|attempts?).{0,30}\d+ (days?|hours?|times?)|failed \d+ attempts|aborted after|after \d+ attempt",
    r"(not|n't) (be(en)? )?delivered (for|within|after) ",
    bare("hết (hạn|thời gian)|quá thời gian"),
)
_NO_ANSWER = _any(
    r"timed? ?-?out|connection (was )?(refused|reset|dropped|lost|fail|closed)|connection to .{0,60}failed",
    r"(could not|cannot|can't|unable to|wasn't able to|did not accept our requests to) (connect|establish)",
    r"no route to|network (is )?unreachable|(can|could)( ?not|n't) be reached|not (respond|reachable)|deferred",
    r"(does|did) ?n[o']t answer|no answer|conversation with|server (is )?(down|unavailable)",
    bare("không (trả lời|phản hồi|kết nối)|mất kết nối"),
)

# What is said plainly, in this order: a full mailbox is told with the words for mails that are too big, a mailbox that
# does not exist with those for one that is not allowed.
PLAIN: tuple[tuple[Cause, re.Pattern[str]], ...] = (
    (Cause.LOOP, _LOOP),
    (Cause.FULL, _FULL),
    (Cause.TOO_BIG, _TOO_BIG),
    (Cause.CONTENT, _CONTENT),
    (Cause.UNAUTHENTICATED, _UNAUTHENTICATED),
    (Cause.LATER, _LATER),
    (Cause.NO_DOMAIN, _NO_DOMAIN),
    (Cause.LOCKED, _LOCKED),
    (Cause.NO_USER, _NO_USER),
    (Cause.REFUSED, _REFUSED),
    (Cause.EXPIRED, _EXPIRED),
    (Cause.NO_ANSWER, _NO_ANSWER),
)
