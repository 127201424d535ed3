"""Answers composed as mail programs of twenty languages write them: above, below and between the quoted words."""

from __future__ import annotations

import textwrap
import time
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.examine.filetype import sniff
from mailmap.document.spelling import plain
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from tests.mailmap.mail_programs import PEOPLE, TONGUES

OLD = "Kính gửi văn phòng,\n\nđề nghị từ chối văn bản cũ.\nTrân trọng"
MEGABYTE = 1_000_000
SECOND = 1.0


def new(text: str) -> str:
    """The new words, each run of blanks as one."""
    return " ".join(read_reply(text, "").text.split())


def marked(text: str, mark: str = "> ") -> str:
    """The old words with a mark before each line."""
    return "\n".join((mark + line).rstrip() for line in text.split("\n"))


def wrapped(line: str) -> Iterator[str]:
    """The ways programs break a long line: not at all, at a width, or behind "<"."""
    yield line
    for width in (78, 64):
        yield "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))
    if "<" in line:
        yield line.replace("<", "<\n", 1)


def attributions(which: tuple[str, ...]) -> Iterator[str]:
    """Each attribution with each person's name and address, wrapped in each way."""
    for form in which:
        for name, address in PEOPLE if "{a}" in form else PEOPLE[:1]:
            yield from wrapped(form.replace("{n}", name).replace("{a}", address))


@pytest.mark.parametrize("code", TONGUES)
def test_what_stands_above_an_unmarked_quote_is_new(code: str) -> None:
    """An attribution with a date and an address or a name ends the new words, in any language, however wrapped."""
    tongue = TONGUES[code]
    for said in tongue.says:
        for line in attributions(tongue.sure):
            assert new(f"{said}\n\n{line}\n\n{OLD}\n") == said, line
            composed = unicodedata.normalize("NFD", f"{said}\n\n{line}\n\n{OLD}\n")
            assert new(composed) == unicodedata.normalize("NFD", said), line


@pytest.mark.parametrize("code", TONGUES)
def test_what_stands_below_a_marked_quote_is_new(code: str) -> None:
    """A bottom-posted answer is the new text, with nothing of the quote before it; one on both sides is too."""
    tongue = TONGUES[code]
    for said in tongue.says:
        for line in attributions(tongue.sure + tongue.marked):
            assert new(f"{line}\n{marked(OLD)}\n\n{said}\n") == said, line
            assert new(f"{said}\n\n{line}\n\n{marked(OLD, '>> ')}\n\n{said}\n") == f"{said} {said}", line


@pytest.mark.parametrize("code", TONGUES)
def test_answers_between_the_quoted_lines_are_new(code: str) -> None:
    """Point by point: each answer counts, also directly below a short question."""
    tongue = TONGUES[code]
    line = next(attributions(tongue.sure))
    said = tongue.says[0]
    assert new(f"{line}\n> 1. Số nào?\n{said}\n> 2. Ngày nào?\n>\n\n{said}\n\n> 3.\n{said}") == f"{said} {said} {said}"


@pytest.mark.parametrize("code", TONGUES)
def test_a_header_block_ends_the_new_words(code: str) -> None:
    """Outlook's block, bare, below its rule, in bold, set in, or below "original message", in every language."""
    tongue = TONGUES[code]
    for name, address in PEOPLE:
        block = tongue.block.replace("{n}", name).replace("{a}", address)
        bold = "\n".join(f"*{line.replace(':', ':*', 1)}" for line in block.split("\n"))
        inset = textwrap.indent(block, "   ")
        heads = [block, f"{'_' * 32}\n{block}", bold, inset, *(f"{rule}\n{block}" for rule in tongue.rules)]
        for said in tongue.says:
            for head in heads + list(tongue.rules):
                assert new(f"{said}\n\n{head}\n\n{OLD}\n") == said, head


@pytest.mark.parametrize("code", TONGUES)
def test_signatures_and_notices_are_not_new(code: str) -> None:
    """Closings with names, devices' lines and disclaimers are left out, above a quote and at the end."""
    tongue = TONGUES[code]
    for sign in (*tongue.signs, "-- \nNguyễn Văn An\n0912 345 678"):
        for said in tongue.says:
            line = next(attributions(tongue.sure))
            assert new(f"{said}\n\n{sign}\n") == said, sign
            assert new(f"{said}\n\n{sign}\n\n{line}\n\n{marked(OLD)}\n") == said, sign
            assert new(f"{line}\n{marked(OLD)}\n\n{said}\n\n{sign}\n") == said, sign


def test_menus_without_diacritics_are_known() -> None:
    """Old programs write "Da gui" and "da viet": typed without marks they mean the same."""
    tongue = TONGUES["vi"]
    for line in (*attributions(tongue.sure), tongue.block.replace("{a}", "a@x.vn")):
        assert new(f"Da nhan.\n\n{plain(line).replace('nguyen van an', 'Nguyen Van An')}\n\n{OLD}\n") == "Da nhan."


FORWARDED = {
    "Zalo": "[14:05, 05/08/2024] Nguyễn Văn An: đề nghị từ chối\nvăn bản cũ",
    "Zalo, named": "----- Tin nhắn được chuyển tiếp từ Zalo -----\nAn: từ chối",
    "Gmail": "---------- Forwarded message ---------\nTừ: An <a@x.vn>\nDate: Th 2, 5 thg 8, 2024 lúc 14:05"
    "\nSubject: x\n\nold",
    "Apple": "Bắt đầu thư được chuyển tiếp:\n\nTừ: An <a@x.vn>\nChủ đề: x\nNgày: 5 tháng 8, 2024\nĐến: b@x.vn\n\nold",
    "Thunderbird": "-------- Thư chuyển tiếp --------\nTiêu đề: \tx\nNgày: \tMon, 5 Aug 2024 14:05:00 +0700"
    "\nTừ: \tAn <a@x.vn>",
    "Zimbra": '----- Thư được chuyển tiếp -----\nTừ: "An" <a@x.vn>\nĐến: "B" <b@x.vn>\nĐã gửi: Thứ Hai, 5 Tháng'
    ' 8, 2024',
    "Yahoo": "Vào Thứ Hai, 5 tháng 8, 2024 lúc 14:05:33 GMT+7, An <a@x.vn> đã viết:\n\n\nold",
    "an unknown language": f"{'_' * 32}\nAbc: An <a@x.vn>\nDef: 5 zyx 2024 14:05\nGhi: b@x.vn\nJkl: x\n\nold",
    "an undecoded line end": "On Mon, Jun 3, 2024 at 12:53=E2=80=AFAM An <a@x.vn> w=\nrote:\n\n> old",
    "a chain": "Vào 14:05, 5/8/2024, An <a@x.vn> đã viết:\n> Từ: B\n>\n>> On 5/8/2024 C wrote:\n>>> old\n>> old\n",
}  # fmt: skip


@pytest.mark.parametrize("program", FORWARDED)
def test_what_was_passed_on_is_not_new(program: str) -> None:
    """Messages passed on by programs and phones stand apart from the words above them."""
    assert new(f"Kính chuyển anh Bình xử lý.\n\n{FORWARDED[program]}\n") == "Kính chuyển anh Bình xử lý."


HTML = {
    "Gmail": '<div dir="ltr">{new}</div><br><div class="gmail_quote"><div class="gmail_attr">Vào Th 2, 5 thg 8,'
    ' 2024 vào '
    "lúc 14:05 An &lt;<a>a@x.vn</a>&gt; đã viết:<br></div><blockquote class=gmail_quote>{old}</blockquote></div>",
    "Outlook": '<p class=MsoNormal>{new}</p><div style="border:none;border-top:solid #E1E1E1'
    ' 1.0pt"><p><b>From:</b> An '
    "&lt;a@x.vn&gt; <br><b>Sent:</b> Monday, August 5, 2024 2:05 PM<br><b>To:</b> B<br><b>Subject:</b>"
    " x</p></div>{old}",
    "Outlook on the web": '<div>{new}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Từ:</b>'
    ' An &lt;a@x.vn'
    "&gt;<br><b>Đã gửi:</b> 05 Tháng Tám 2024 14:05<br><b>Đến:</b> B &lt;b@x.vn&gt;<br><b>Chủ đề:</b> x</div>{old}",
    "Outlook, old": "{new}<br><DIV class=OutlookMessageHeader align=left><HR tabIndex=-1><B>From:</B> An"
    " [mailto:a@x.vn]<BR>"
    "<B>Sent:</B> Monday, August 5, 2024 2:05 PM<BR><B>To:</B> B<BR><B>Subject:</B> x<BR></DIV>{old}",
    "Apple Mail": "{new}<div><br><blockquote type=cite><div>Vào 5 thg 8, 2024, lúc 14:05, An &lt;a@x.vn&gt; đã"
    " viết:</div>"
    "<br>{old}</blockquote></div>",
    "Zimbra": '<div>{new}</div><hr id="zwchr"><div><b>Từ: </b>"An" &lt;a@x.vn&gt;<br><b>Đến: </b>"B"'
    ' &lt;b@x.vn&gt;<br><b>Đã gửi:'
    " </b>Thứ Hai, 5 Tháng 8, 2024 14:05:00<br><b>Chủ đề: </b>x<br></div>{old}",
    "Thunderbird": '<p>{new}</p><div class="moz-cite-prefix">Vào 05/08/2024 14:05, An đã viết:<br></div>'
    '<blockquote type="cite">{old}</blockquote>',
    "Thunderbird, below": '<div class="moz-cite-prefix">On 05/08/2024 14:05, An wrote:<br></div><blockquote'
    ' type="cite">'
    "{old}</blockquote><p>{new}</p>",
    "Yahoo": '<div>{new}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, August 5, 2024 at'
    ' 02:05:33 PM GMT+7,'
    " An &lt;a@x.vn&gt; wrote: </div><div>{old}</div></div>",
}  # fmt: skip
WRITTEN = HTML | {
    f"{name}, signed": page.replace("{new}", "{new}<br>-- <br>An<br>0912 345 678") for name, page in HTML.items()
}


@pytest.mark.parametrize("program", WRITTEN)
def test_the_new_words_of_html_are_found(program: str) -> None:
    """Mails with HTML alone: what each program builds around the quote is read as its plain text is."""
    old = "<div>đề nghị từ chối</div><div>văn bản cũ</div>"
    page = WRITTEN[program].replace("{old}", old).replace("{new}", "Đã tiếp nhận văn bản số 45.")
    mail = f"From: c@x.vn\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{page}</body></html>"
    assert new(parse(mail.encode(), sniff).text) == "Đã tiếp nhận văn bản số 45."


def test_flowed_answers_are_read() -> None:
    """format=flowed: quoted paragraphs come together before the answer between them is looked for."""
    body = (
        "On 5/8/2024 14:05, An wrote:\r\n> a question that \r\n> goes on?\r\n\r\nĐồng ý \r\ntiếp nhận.\r\n-- \r\nAn\r\n"
    )
    mail = f"From: c@x.vn\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n{body}"
    assert new(parse(mail.encode(), sniff).text) == "Đồng ý tiếp nhận."


PIECES = st.sampled_from(
    [
        *(next(attributions(tongue.sure)) for tongue in TONGUES.values()),
        *(tongue.block.replace("{n}", "An").replace("{a}", "a@x.vn") for tongue in TONGUES.values()),
        *(sign for tongue in TONGUES.values() for sign in tongue.signs),
        *(
            "> old",
            ">> older\n> old",
            "-- ",
            "--",
            "_" * 32,
            "",
            "Đồng ý.",
            "P/S: số 45",
            "On 5 <",
            "a@x.vn:",
            "wrote:",
        ),
    ]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(["\n", "\n\n", "\r\n"]))
@settings(deadline=None, max_examples=150)
def test_each_line_goes_to_one_place(pieces: list[str], between: str) -> None:
    """Whatever is put together: each line with words is in the text, the quote or the signature, once."""
    text = between.join(pieces).replace("\r\n", "\n")
    reply = read_reply(between.join(pieces), "x")
    kept = f"{reply.text}\n{reply.quoted}\n{reply.signature}".split("\n")
    assert sorted(line for line in kept if line) == sorted(line.rstrip() for line in text.split("\n") if line.rstrip())


@given(st.lists(st.sampled_from(["Đồng ý.", "Số đúng là 45.", "Đã nhận"]), min_size=1, max_size=4), st.data())
@settings(deadline=None, max_examples=150)
def test_no_new_line_is_lost_between_marked_quotes(answers: list[str], data: st.DataObject) -> None:
    """Answers between, above and below marked quotes of any language all stay, in their order."""
    lines: list[str] = []
    for answer in answers:
        tongue = data.draw(st.sampled_from(list(TONGUES.values())))
        lines += [answer, "", next(attributions(tongue.sure)), "> cũ", ">", "> cũ hơn", ""]
    assert read_reply("\n".join(lines), "x").text.split("\n\n") == answers


HOSTILE: dict[str, Callable[[], str]] = {
    "marks": lambda: "> \n",
    "marks in a line": lambda: "> " * 200 + "\n",
    "On": lambda: "On \n",
    "On with a date": lambda: "On 5/8/2024 A <a@b.vn> wrote\n",
    "verbs": lambda: "On 5 " + "wrote " * 80 + "x:\n",
    "brackets": lambda: "(" * 480 + ":\n",
    "blanks": lambda: " " * 480 + "x\n",
    "rules": lambda: "_" * 40 + "\n",
    "From": lambda: "From: a b c\nSent: x\nTo: d\n",
    "chat": lambda: "14:05 5/8/2024 A: x\n",
    "closings": lambda: "Trân trọng\n\n\n",
    "almost a notice": lambda: "if you " + "x " * 200 + "\n\n",
    "shared lines": lambda: "On " * 160 + ":\n> x\n",
    "exclamations": lambda: "Regards" + "!" * 90 + "x\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_almost_quotes_is_read_in_a_second(name: str) -> None:
    """lesson 1: whoever writes a megabyte of what looks like the start of a quote gains no time of ours."""
    piece = HOSTILE[name]()
    text = piece * (MEGABYTE // len(piece))
    spent = []
    for _ in range(2):
        before = time.process_time()
        read_reply(text, "")
        spent.append(time.process_time() - before)
        if spent[-1] < SECOND:
            break
    assert min(spent) < SECOND
