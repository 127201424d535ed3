"""How mail programs quote, in twenty languages: attributions, header blocks, rules, devices' lines, closings, notices.

Written by hand after what the programs write; {n} stands for a name and {a} for an address.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of mail programs.

    ``sure`` holds attributions whose quote may stand unmarked, ``marked`` such as Thunderbird's, which always marks it;
    ``block`` the header block of Outlook; ``rules`` what stands above a whole old mail; ``signs`` what is not new.
    """

    sure: tuple[str, ...]
    marked: tuple[str, ...]
    block: str
    rules: tuple[str, ...]
    signs: tuple[str, ...]
    says: tuple[str, ...]


TONGUES = {
    "vi": Tongue(
        (
            "Vào Th 2, 5 thg 8, 2024 vào lúc 14:05 {n} <{a}> đã viết:",
            "Vào 14:05, T.2, 5 thg 8, 2024 {n} <{a}> đã viết:",
            "Vào 5 thg 8, 2024, lúc 14:05, {n} <{a}> đã viết:",
            "Vào Thứ Hai, 5 tháng 8, 2024 lúc 14:05:33 GMT+7, {n} <{a}> đã viết:",
            "Vào lúc 14:05 ngày 05/08/2024, {n} đã viết:",
            "Ngày 05/08/2024 14:05, {n} <{a}> viết:",
        ),
        ("Vào 05/08/2024 14:05, {n} đã viết:", "{n} <{a}> đã viết:"),
        "Từ: {n} <{a}>\nĐã gửi: Thứ Hai, 5 Tháng Tám 2024 2:05 CH\nTới: Văn thư <vt@x.vn>\nCc: B <b@x.vn>\nChủ "
        "đề: V/v báo cáo",
        (
            "-----Thư gốc-----",
            "----- Tin nhắn gốc -----",
            "---------- Tin nhắn được chuyển tiếp ---------",
            "Bắt đầu thư được chuyển tiếp:",
        ),
        (
            "Trân trọng,\nNguyễn Thị Bình\nVăn thư UBND xã\nĐT: 0912 345 678",
            "Đã gửi từ iPhone của tôi",
            "Gửi từ Outlook cho Android",
            "Nếu quý vị không phải là người nhận dự kiến, vui lòng xóa thư này và báo cho người gửi.",
            "Thư điện tử này và các tệp đính kèm có thể chứa thông tin mật.",
        ),
        ("Đã nhận được văn bản.", "Đồng ý, số đúng là 45/UBND-VP ngày 15/10."),
    ),
    "en": Tongue(
        (
            "On Mon, Aug 5, 2024 at 2:05 PM {n} <{a}> wrote:",
            "On 5 Aug 2024, at 14:05, {n} <{a}> wrote:",
            "On Monday, August 5, 2024 at 02:05:33 PM GMT+7, {n} <{a}> wrote:",
        ),
        ("On 05/08/2024 14:05, {n} wrote:", "{n} <{a}> wrote:", "---- {n} wrote ----"),
        "From: {n} <{a}>\nSent: Monday, August 5, 2024 2:05 PM\nTo: C <c@x.vn>; D <d@x.vn>\nSubject: RE: report",
        (
            "-----Original Message-----",
            "---------- Forwarded message ---------",
            "Begin forwarded message:",
            "-------- Original message --------",
        ),
        (
            "Best regards,\nAnn Lee\nClerk",
            "Sent from my iPhone",
            "Get Outlook for iOS<https://aka.ms/o0ukef>",
            "Sent via Zimbra Mobile",
            "This email and any attachments are confidential and intended solely for the addressee.",
        ),
        ("Received, thank you.", "On the other hand we need annex 2."),
    ),
    "fr": Tongue(
        ("Le lun. 5 août 2024 à 14:05, {n} <{a}> a écrit :", "Le 5 août 2024 à 14:05, {n} <{a}> a écrit :"),
        ("Le 05/08/2024 à 14:05, {n} a écrit :",),
        "De : {n} <{a}>\nEnvoyé : lundi 5 août 2024 14:05\nÀ : C <c@x.fr>\nObjet : rapport",
        ("-----Message d'origine-----", "---------- Message transféré ---------", "Début du message réexpédié :"),
        (
            "Cordialement,\nJean Petit",
            "Envoyé de mon iPhone",
            "Si vous n'êtes pas le destinataire, merci de détruire ce message.",
        ),
        ("Bien reçu.",),
    ),
    "de": Tongue(
        (
            "Am Mo., 5. Aug. 2024 um 14:05 Uhr schrieb {n} <{a}>:",
            "Am 05.08.2024 um 14:05 schrieb {n} <{a}>:",
            "{n} <{a}> schrieb am Mo., 5. Aug. 2024, 14:05:",
        ),
        ("Am 05.08.24 um 14:05 schrieb {n}:",),
        "Von: {n} <{a}>\nGesendet: Montag, 5. August 2024 14:05\nAn: C <c@x.de>\nBetreff: Bericht",
        (
            "-----Ursprüngliche Nachricht-----",
            "---------- Weitergeleitete Nachricht ---------",
            "Anfang der weitergeleiteten Nachricht:",
        ),
        (
            "Mit freundlichen Grüßen\nMax Mann",
            "Von meinem iPhone gesendet",
            "Diese E-Mail enthält vertrauliche Informationen.",
        ),
        ("Habe ich erhalten.",),
    ),
    "es": Tongue(
        ("El lun, 5 ago 2024 a las 14:05, {n} (<{a}>) escribió:", "El 5 ago 2024, a las 14:05, {n} <{a}> escribió:"),
        ("El 5/8/24 a las 14:05, {n} escribió:",),
        "De: {n} <{a}>\nEnviado: lunes, 5 de agosto de 2024 14:05\nPara: C <c@x.es>\nAsunto: informe",
        ("-----Mensaje original-----", "---------- Mensaje reenviado ---------", "Inicio del mensaje reenviado:"),
        ("Saludos cordiales,\nAna Ruiz", "Enviado desde mi iPhone"),
        ("Recibido.",),
    ),
    "pt": Tongue(
        (
            "Em seg., 5 de ago. de 2024 às 14:05, {n} <{a}> escreveu:",
            "Em 5 de ago. de 2024, à(s) 14:05, {n} <{a}> escreveu:",
        ),
        ("Em 05/08/2024 14:05, {n} escreveu:",),
        "De: {n} <{a}>\nEnviada em: segunda-feira, 5 de agosto de 2024 14:05\nPara: C <c@x.pt>\nAssunto: x",
        ("-----Mensagem original-----", "---------- Mensagem encaminhada ---------"),
        ("Atenciosamente,\nAna Reis", "Enviado do meu iPhone"),
        ("Recebido.",),
    ),
    "it": Tongue(
        (
            "Il giorno lun 5 ago 2024 alle ore 14:05 {n} <{a}> ha scritto:",
            "Il giorno 5 ago 2024, alle ore 14:05, {n} <{a}> ha scritto:",
        ),
        ("Il 05/08/2024 14:05, {n} ha scritto:",),
        "Da: {n} <{a}>\nInviato: lunedì 5 agosto 2024 14:05\nA: C <c@x.it>\nOggetto: x",
        ("-----Messaggio originale-----", "---------- Messaggio inoltrato ---------"),
        ("Cordiali saluti,\nLuca Neri", "Inviato da iPhone"),
        ("Ricevuto.",),
    ),
    "nl": Tongue(
        (
            "Op ma 5 aug 2024 om 14:05 schreef {n} <{a}>:",
            "Op 5 aug 2024 om 14:05 heeft {n} <{a}> het volgende geschreven:",
        ),
        ("Op 05-08-2024 om 14:05 schreef {n}:",),
        "Van: {n} <{a}>\nVerzonden: maandag 5 augustus 2024 14:05\nAan: C <c@x.nl>\nOnderwerp: x",
        ("-----Oorspronkelijk bericht-----", "---------- Doorgestuurd bericht ---------"),
        ("Met vriendelijke groet,\nJan Bos", "Verstuurd vanaf mijn iPhone"),
        ("Ontvangen.",),
    ),
    "pl": Tongue(
        (
            "pon., 5 sie 2024 o 14:05 {n} <{a}> napisał(a):",
            "Wiadomość napisana przez {n} <{a}> w dniu 5 sie 2024, o godz. 14:05:",
        ),
        ("W dniu 5.08.2024 o 14:05, {n} pisze:",),
        "Od: {n} <{a}>\nWysłano: poniedziałek, 5 sierpnia 2024 14:05\nDo: C <c@x.pl>\nTemat: x",
        ("-----Wiadomość oryginalna-----", "---------- Przekazana wiadomość ---------"),
        ("Pozdrawiam,\nJan Nowak", "Wysłano z iPhone'a"),
        ("Otrzymałem.",),
    ),
    "ru": Tongue(
        (
            "пн, 5 авг. 2024 г. в 14:05, {n} <{a}>:",
            "5 авг. 2024 г., в 14:05, {n} <{a}> написал(а):",
            "Понедельник, 5 августа 2024, 14:05 +03:00 от {n} <{a}>:",
        ),
        ("05.08.2024 14:05, {n} пишет:",),
        "От: {n} <{a}>\nОтправлено: понедельник, 5 августа 2024 г. 14:05\nКому: C <c@x.ru>\nТема: x",
        ("-----Исходное сообщение-----", "-------- Пересылаемое сообщение --------"),
        ("С уважением,\nИван Петров", "Отправлено с iPhone"),
        ("Получено.",),
    ),
    "zh": Tongue(
        ("{n} <{a}> 于2024年8月5日周一 14:05写道：", "在 2024年8月5日，14:05，{n} <{a}> 写道："),
        ("在 2024/8/5 14:05, {n} 写道:",),
        "发件人: {n} <{a}>\n发送时间: 2024年8月5日 14:05\n收件人: C <c@x.cn>\n主题: x",
        ("------------------ 原始邮件 ------------------", "---------- 转发的邮件 ----------"),
        ("此致\n王伟", "从我的 iPhone 发送"),
        ("收到。",),
    ),
    "ja": Tongue(
        ("2024年8月5日(月) 14:05 {n} <{a}>:", "2024/08/05 14:05、{n} <{a}>のメール:"),
        (),
        "差出人: {n} <{a}>\n送信日時: 2024年8月5日 14:05\n宛先: C <c@x.jp>\n件名: x",
        ("-----元のメッセージ-----",),
        ("iPhoneから送信",),
        ("受け取りました。",),
    ),
    "ko": Tongue(
        ("2024년 8월 5일 (월) 오후 2:05, {n} <{a}>님이 작성:", "2024. 8. 5. 오후 2:05, {n} <{a}> 작성:"),
        (),
        "보낸 사람: {n} <{a}>\n보낸 날짜: 2024년 8월 5일 월요일 오후 2:05\n받는 사람: C <c@x.kr>\n제목: x",
        ("-----원본 메시지-----",),
        ("나의 iPhone에서 보냄",),
        ("받았습니다.",),
    ),
    "sv": Tongue(
        ("Den mån 5 aug. 2024 kl 14:05 skrev {n} <{a}>:", "5 aug. 2024 kl. 14:05 skrev {n} <{a}>:"),
        ("Den 2024-08-05 kl. 14:05, skrev {n}:",),
        "Från: {n} <{a}>\nSkickat: den 5 augusti 2024 14:05\nTill: C <c@x.se>\nÄmne: x",
        ("-----Ursprungligt meddelande-----", "---------- Vidarebefordrat meddelande ---------"),
        ("Med vänliga hälsningar\nAnna Berg", "Skickat från min iPhone"),
        ("Mottaget.",),
    ),
    "da": Tongue(
        ("Den man. 5. aug. 2024 kl. 14.05 skrev {n} <{a}>:",),
        ("Den 05-08-2024 kl. 14:05 skrev {n}:",),
        "Fra: {n} <{a}>\nSendt: 5. august 2024 14:05\nTil: C <c@x.dk>\nEmne: x",
        ("-----Oprindelig meddelelse-----", "-------- Oprindelig besked --------"),
        ("Med venlig hilsen\nHanne Holm", "Sendt fra min iPhone"),
        ("Modtaget.",),
    ),
    "no": Tongue(
        ("man. 5. aug. 2024 kl. 14:05 skrev {n} <{a}>:",),
        ("Den 05.08.2024 14:05, skrev {n}:",),
        "Fra: {n} <{a}>\nSendt: mandag 5. august 2024 14:05\nTil: C <c@x.no>\nEmne: x",
        ("-----Opprinnelig melding-----", "---------- Videresendt melding ---------"),
        ("Med vennlig hilsen\nOla Dahl", "Sendt fra min iPhone"),
        ("Mottatt.",),
    ),
    "fi": Tongue(
        ("ma 5. elok. 2024 klo 14.05 {n} ({a}) kirjoitti:", "{n} <{a}> kirjoitti 5.8.2024 kello 14.05:"),
        ("{n} kirjoitti 5.8.2024 klo 14.05:",),
        "Lähettäjä: {n} <{a}>\nLähetetty: maanantai 5. elokuuta 2024 14.05\nVastaanottaja: C <c@x.fi>\nAihe: x",
        ("-----Alkuperäinen viesti-----",),
        ("Ystävällisin terveisin\nMatti Salo", "Lähetetty iPhonesta"),
        ("Vastaanotettu.",),
    ),
    "cs": Tongue(
        ("po 5. 8. 2024 v 14:05 odesílatel {n} <{a}> napsal:", "5. 8. 2024 v 14:05, {n} <{a}>:"),
        ("Dne 05. 08. 24 v 14:05 {n} napsal(a):",),
        "Od: {n} <{a}>\nOdesláno: pondělí 5. srpna 2024 14:05\nKomu: C <c@x.cz>\nPředmět: x",
        ("-----Původní zpráva-----", "---------- Přeposlaná zpráva ---------"),
        ("S pozdravem,\nJan Novák", "Odesláno z iPhonu"),
        ("Obdrženo.",),
    ),
    "tr": Tongue(
        ("{n} <{a}>, 5 Ağu 2024 Pzt, 14:05 tarihinde şunu yazdı:", "{n} <{a}> şunları yazdı (5 Ağu 2024 14:05):"),
        ("5.08.2024 14:05 tarihinde {n} yazdı:",),
        "Kimden: {n} <{a}>\nGönderildi: 5 Ağustos 2024 Pazartesi 14:05\nKime: C <c@x.tr>\nKonu: x",
        ("-----Orijinal Mesaj-----", "---------- İletilen mesaj ---------"),
        ("Saygılarımla,\nAli Kaya", "iPhone'umdan gönderildi"),
        ("Alındı.",),
    ),
    "hu": Tongue(
        ("{n} <{a}> ezt írta (időpont: 2024. aug. 5., H, 14:05):", "2024. 08. 05. 14:05 keltezéssel, {n} <{a}> írta:"),
        (),
        "Feladó: {n} <{a}>\nElküldve: 2024. augusztus 5., hétfő 14:05\nCímzett: C <c@x.hu>\nTárgy: x",
        ("-----Eredeti üzenet-----", "---------- Továbbított üzenet ---------"),
        ("Üdvözlettel,\nKis Béla",),
        ("Megkaptam.",),
    ),
}

PEOPLE = (
    ("Nguyễn Văn An", "an.nv@x.gov.vn"),
    ("Văn phòng HĐND và UBND huyện Hải Hậu, tỉnh Nam Định", "vanphong.hdnd-ubnd.haihau@namdinh.gov.vn"),
    ('"Trần, Bình (VP)"', "binh_tran+vp@x.vn"),
)
