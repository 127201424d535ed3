"""The words that sign a mail: closing words, devices' own lines, disclaimers, titles, postscripts.

Promises:  patterns over folded lines, in Vietnamese and the languages of mail programs.
Never:     matches an ordinary sentence ("Sent from my desk, is much easier", "Gửi từ ngày 15/10").
"""

from __future__ import annotations

import re

from mailmap.mail.page import pattern

DELIMITER = re.compile(r"\s*(?:--|—|–|__|\+\+)\s*")
FOOTER = re.compile(
    r"mailing list|listinfo|unsubscribe|mailman|google groups|huy dang ky|you received this message because"
)
_MACHINES = pattern(
    "iphone|ipad|ipod|điện thoại|thiết bị|máy|samsung|galaxy|android|outlook|thư|mail|e-?mail|hộp thư|yahoo|gmail"
    "|zalo|ứng dụng"
    "|my|xiaomi|oppo|vivo|huawei|nokia|blackberry|windows|di động|zimbra"
)
MACHINE = re.compile(
    rf"{_MACHINES}|"
    + pattern(
        r"mobil|iphon|phone|telefon|teléfono|téléfono|handy|puhelin|telefonu|smartphone|tablet|cihaz|wireless|\bwiko\b|\bhtc\b|\bsony\b"
        r"|\blg\b|pixel|moto|app\b|airmail|sparrow|superhuman|spark\b|proton|thunderbird|k-9|mail\.ru|mailbox|携帯|スマホ|手机|手機"
        r"|휴대|телефон|смартфон|устройств|яндекс|почт"
    )
)
DEVICE = re.compile(
    r"[\s*<(\[]{0,6}(?:"
    + pattern(
        r"sent from [^,.;!?]{1,60}|sent (via|with|by|using) [^\s,.;!?]+( [^\s,.;!?]+){0,3}|(get|download|try) "
        r"outlook for .{1,40}"
        r"|from my .{1,20}|\w+ from mobile|sent on the go.{0,30}"
        r"|von meine[mr] .{1,40} gesendet|diese nachricht wurde von .{1,60} gesendet|gesendet (von|mit|aus) .{1,50}"
        r"|(holen sie sich|laden sie) outlook für .{1,40}|outlook für .{1,30} (herunterladen|beziehen)"
        r"|envoyé (de|depuis|à partir de|avec) .{1,50}|(télécharger|obtenez|obtenir) outlook pour .{1,40}"
        r"|enviado (desde|do|de|a partir do|con|com) .{1,50}|(obtener|descargar|baixe|baixar|obter|obtenga) (o "
        r")?outlook para .{1,40}"
        r"|inviato (da|dal|con|tramite) .{1,50}|(scarica|ottieni|scaricare) outlook per .{1,40}"
        r"|(verzonden|verstuurd) (vanaf|met|vanuit|via) .{1,50}|outlook voor .{1,30}(downloaden|ophalen)"
        r"|skickat från .{1,50}|från min .{1,30}|hämta outlook för .{1,40}|sendt fra .{1,50}|(hent|få) outlook "
        r"(til|for) .{1,40}"
        r"|lähetetty .{1,50}|hanki outlook .{1,40}|wysł?ano z .{1,50}|wysłan[eo] z .{1,50}|pobierz (program "
        r")?outlook .{1,40}"
        r"|odesláno z .{1,50}|odoslané z .{1,50}|získat(e)? (aplikaci )?outlook .{1,40}|elküldve .{1,50}|trimis "
        r"de pe .{1,50}"
        r"|отправлено (с|из|от) .{1,50}|надіслано з .{1,50}|скачать outlook .{1,40}|.{1,30}(gönderildi"
        r"|gönderilmiştir)"
        r"|(从|發自|发自|從)我的 ?.{1,30}|来自.{1,30}的(邮件)?|.{1,30}から送信|나의 .{1,30}에서 보냄"
        r"|내 .{1,30}에서 보냄"
        r"|((đã |được )+gửi|gửi) từ ("
        + _MACHINES
        + r")\b.{0,50}|(tải|lấy|dùng) (về )?outlook (cho|dành cho) .{1,40}|outlook cho .{1,30}"
    )
    + r")(?:\s*<?(?:https?://|mailto:)\S*>?)?[\s*>)\].]*(?:(?:[,.]\s*|\s)(?:please |pls )?(?:excuse|pardon|forgive"
    r"|sorry)\b.{0,60})?"
)
NAMELESS = re.compile(r"[\s*<(\[]{0,6}sent (?:from|on the go)")  # what follows may be any joke about a machine


def is_device(line: str) -> bool:
    """Whether a folded line is one that a device or a program adds by itself: it names a machine or a program."""
    if DEVICE.fullmatch(line) is None:
        return False
    return NAMELESS.match(line) is not None or MACHINE.search(line) is not None


CLOSING = re.compile(
    r"[\s*]{0,4}(?:"
    + pattern(
        r"(xin )?(chân thành )?(trân trọng|kính thư|kính chào|thân ái|thân mến|thân|kính)( c[aả]m ơn| thông báo| "
        r"kính chào| báo cáo"
        r"| và cảm ơn)?( ?(quý|các) .{1,25})?|(xin )?(chân thành )?cảm ơn và trân trọng( kính chào)?|trân trọng "
        r"và cảm ơn"
        r"|(thanks|thank you|many thanks)( and| &|,) ((best|kind|warm|with) )?regards|((with|my) )?((best|kind"
        r"|kindest|warm|warmest) )*regards"
        r"|regards|sincerely( yours)?|yours (sincerely|faithfully|truly)|best wishes|cheers|respectfully( yours)?"
        r"|all the best|best,"
        r"|(mit |mit den )?(freundlichen|freundliche|besten|beste|herzlichen|herzliche|lieben|liebe|vielen|viele"
        r"|schönen|schöne)"
        r" (grüßen|grüße|grüssen|grüsse|gruß|gruss|grusse)|(viele |liebe )?grüße|mfg|lg|vg|hochachtungsvoll"
        r"|(bien |très )?cordialement|(bien|meilleures|sincères|cordiales) (salutations|à vous|cordialement)|bien "
        r"à (vous|toi)|salutations"
        r"|(un )?(cordial )?saludos?( cordiales)?|un saludo|atentamente|cordialmente|saluti|(cordiali|distinti"
        r"|cari) saluti"
        r"|atenciosamente|att|(com os )?(melhores )?cumprimentos|abraços?"
        r"|(met )?(vriendelijke|hartelijke) (groet|groeten)|(hartelijke )?groet(en|jes)?|mvg|hoogachtend"
        r"|(med )?(vänlig|vänliga|bästa|venlig|venlige|hjertelig|beste|vennlig) (hälsning|hälsningar|hilsen"
        r"|hilsner)|(bedste |de bedste )?hils(en|ner)"
        r"|hälsningar|mvh|dbh|kh|(ystävällisin|parhain) terveisin|terveisin|yst\. terv\."
        r"|(z )?(poważaniem|powazaniem|wyrazami szacunku)|pozdrawiam( serdecznie)?|(serdecznie )?pozdrawiam"
        r"|pozdrowienia"
        r"|s (pozdravem|úctou|pozdravom)|(hezký|pěkný) den|(tisztelettel|üdvözlettel|üdv)|(saygılarımla"
        r"|saygılarımızla|iyi çalışmalar|selamlar)"
        r"|с уважением|с наилучшими пожеланиями|з повагою|此致|敬上|祝好|顺祝商祺|敬具|よろしくお願いします"
        r"|(cu )?(stima|respect)|감사합니다|드림"
    )
    + ")[\\s!.,/;:…*。，\U0001f300-\U0001faff]*"
)
DASHED = re.compile(r"[-–—]([^\W\d_]+\.?)( [^\W\d_]+\.?){1,3}|/[^\W\d_]+( [^\W\d_]+)?")
TITLE = re.compile(
    pattern(
        "(phó |quyền )?(chuyên viên|trưởng|chánh|giám đốc|văn thư|văn phòng|phòng|sở|ubnd|hđnd|ủy ban|cán bộ|kế "
        "toán|chủ tịch|bí thư|ban|cơ quan"
        "|đơn vị|địa chỉ|đt|đtdđ|sđt|tel|mobile|di động|email|e-mail|web|fax|hotline|số điện thoại|điện thoại"
        "|trung tâm|công ty|bộ phận|tổ)"
    )
    + r"\b"
)
CONTACT = re.compile(r"@|https?://|www\.|\+?\d[\d ().-]{7,}\d")
POSTSCRIPT = re.compile(
    pattern(r"[\s*]{0,4}(p\.? ?/? ?s\b|tb\b|tái bút|n\.?b\b|lưu ý\b|ghi chú\b|bổ sung\b|nhân tiện|postscript)")
)
DISCLAIMER = re.compile(
    pattern(
        "intended (only |solely |exclusively )?for (the )?((sole |exclusive )?use (of|by) )?(the )?(individual"
        "|person|addressee|recipient|named|intended)"
        "|if you are not (the|an) (intended|named|correct)|if you (have )?(received?|are in receipt of) this "
        "(e-?mail|message|communication|mail|transmission)"
        "( message)? (in error|by mistake)|confidentiality (notice|note)|this (e-?mail|message|communication)( "
        "message)?( and any (files|attachments?).{0,60})?"
        " (is|are|may be|may contain|contains?) .{0,60}(confidential|privileged)|consider the environment before "
        "printing|think before (you )?print"
        "|this (e-?mail|message) (originated|was sent|comes) from outside|do not click (on )?(any )?links or open "
        "attachments|virus[- ]free\\. www"
        "|has been (scanned|checked) for (viruses|malware)|(views|opinions) (or opinions )?(expressed|presented) "
        "in this (e-?mail|message)"
        "|(thư|e-?mail|thư điện tử|tin nhắn|thông điệp) này (và|cùng) .{0,60}? chứa .{0,20}thông tin .{0,20}(mật|riêng)"
        "|(thư|e-?mail|thư điện tử|tin nhắn|thông điệp) này( và .{0,60}?)? có thể chứa (đựng )?(các |những "
        ")?thông tin .{0,20}(mật|riêng|nội bộ)"
        "|nếu .{0,30}không phải (là )?(người nhận|người được|đối tượng)|nếu .{0,30}nhận (được )?(e-?mail|thư|thư "
        "điện tử|tin nhắn|thông điệp) này"
        " (do|vì|bởi|một cách)? ?(nhầm|lỗi|sự nhầm)|(thư|e-?mail|thư điện tử|nội dung) này .{0,40}chỉ (dành|gửi) "
        "(riêng )?(cho|đến)|tuyên bố miễn (trừ )?trách nhiệm"
        "|(vui lòng|hãy|xin) (cân nhắc|nghĩ|bảo vệ|suy nghĩ).{0,50}trước khi in|thư này (được gửi|đến) từ bên ngoài"
        "|vertrauliche.{0,60}(information|informationen)|nicht der (richtige|beabsichtigte|vorgesehene) (adressat"
        "|empfänger)|irrtümlich erhalten"
        "|ce (message|courriel|mail)( et .{0,60})? .{0,60}confidentiel|si vous n'êtes pas (le )?destinataire|si "
        "vous avez reçu ce (message|courriel) par erreur"
        "|(este|el presente) (mensaje|correo).{0,120}confidencial|si (usted )?no es el destinatario|ha recibido "
        "este (mensaje|correo).{0,30}por error"
        "|(esta|a presente) (mensagem|e-?mail).{0,120}confidencia|se (você )?não (é|for) o destinatário|recebeu "
        "(esta|este) (mensagem|e-?mail).{0,20}por (engano|erro)"
        "|informazioni contenute in questo (messaggio|e-?mail)|se (avete ricevuto|ricevete|ha ricevuto) questo "
        "messaggio per errore"
        "|uitsluitend bestemd voor|niet de (beoogde|bedoelde) ontvanger|wiadomość.{0,80}poufn|nie jest "
        ".{0,30}adresatem"
        "|(содержит|носит) конфиденциальн|не являетесь .{0,30}(адресатом|получателем)|本邮件.{0,60}(机密|保密)"
        "|如果您不是.{0,20}收件人|このメール.{0,60}(機密|秘密)"
        "|誤って.{0,20}(受信|送信)|(innehåller|indeholder|inneholder) .{0,40}(konfidentiell|fortrolig)|inte är avsedd "
        "mottagare|důvěrné informace|gizli bilgi"
    )
)
HEADING = re.compile(
    pattern(
        r"[\s*_=-]{0,80}+(important |legal |email )?(disclaimer|confidentiality( notice| note)?|caution|warning"
        r"|miễn trừ trách nhiệm)[\s*_:=-]*"
    )
)
