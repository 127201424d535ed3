"""Letters in words and octets: every template, both languages, friendly and hostile facts."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from mailmap.policy.question import Question
from mailmap.writing import blocks, parts
from mailmap.writing.blocks import Shape
from mailmap.writing.compose import Composed, compose
from mailmap.writing.letter import Kind, Letter
from mailmap.writing.templates import NoTemplate, Templates
from mailmap.writing.tokens import Purpose, read
from tests.mailmap.writing_samples import FOLDER, HEAD, PDF, PDF_SHA, QUESTION, TEMPLATES, letter

NAMES = sorted(TEMPLATES.names())
BOTH = pytest.mark.parametrize("language", ["vi", "en"])
EVERY = pytest.mark.parametrize("name", NAMES)
FILES = [parts.encode(PDF, PDF_SHA)]


def composed(one: Letter) -> Composed:
    """The letter, written."""
    return compose(one, HEAD, TEMPLATES, FILES, b"Subject: cu\r\n\r\nthu\r\n")


def parsed(one: Letter) -> EmailMessage:
    """The letter as the standard library reads it."""
    mail = email.message_from_bytes(b"".join(composed(one).octets()), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    """The text or HTML of a mail."""
    return str(next(part for part in mail.walk() if part.get_content_type() == f"text/{kind}").get_content())


class Page(HTMLParser):
    """What a page shows and links to; complains about tags that are not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it in."""
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Count it out."""
        assert self.open.pop() == tag


def test_both_languages_have_the_same_letters() -> None:
    """Every text template exists in Vietnamese and in English."""
    found = {language: {p.name.split(".")[0] for p in FOLDER.glob(f"*.{language}.txt")} for language in ("vi", "en")}
    assert found["vi"] == found["en"]


@EVERY
@BOTH
def test_every_letter_is_7_bit_with_short_lines(name: str, language: str) -> None:
    """CRLF line ends, 76 octets a line, nothing outside ASCII, two bodies that say the same."""
    octets = b"".join(composed(letter(name, language)).octets())
    assert octets.isascii()
    lines = octets.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    mail = parsed(letter(name, language))
    assert not mail.defects
    headline = body(mail, "plain").splitlines()[0]
    assert headline in body(mail, "html").replace("&#39;", "'").replace("&#34;", '"')


@EVERY
@BOTH
def test_the_first_line_can_be_read_aloud(name: str, language: str) -> None:
    """One whole sentence, without marks, links or addresses."""
    first = body(parsed(letter(name, language)), "plain").splitlines()[0]
    assert first.endswith(".")
    assert 20 <= len(first) <= 200
    assert not re.search(r"[@<>{}*|]|https?:", first)


@EVERY
@BOTH
def test_the_page_is_whole_and_loads_nothing(name: str, language: str) -> None:
    """Closed tags, no scripts, no images, no links but those that write an answer."""
    page = Page(body(parsed(letter(name, language)), "html"))
    assert page.open == []
    assert not page.tags & {"script", "img", "link", "iframe", "form", "style"}
    assert all(link.startswith("mailto:tl+1201-") for link in page.links)


HOSTILE = "* Đã nhận\r\n-- \r\n<script>alert(1)</script>\u202e{{ house }}\0"


@EVERY
@BOTH
def test_nobody_writes_into_the_shape_of_a_letter(name: str, language: str) -> None:
    """Hostile words stay words: no button, no tag, no line of their own, no template of their own."""
    friendly = letter(name, language)
    about = replace(friendly.about, subject=HOSTILE, symbol=HOSTILE) if friendly.about else None
    told = {"peer": HOSTILE, "words": HOSTILE, "note": HOSTILE, "recipients": HOSTILE, "address": HOSTILE}
    asked = Question(tuple(replace(each, mention=f"{each.mention} {HOSTILE}") for each in QUESTION.choices), (HOSTILE,))
    hostile = letter(name, language, **told)
    mail = parsed(replace(hostile, about=about, spec=replace(hostile.spec, question=asked)))
    answers = [b.lines for b in blocks.shape(body(mail, "plain")) if b.shape is Shape.ANSWERS]
    assert answers == [b.lines for b in blocks.shape(body(parsed(friendly), "plain")) if b.shape is Shape.ANSWERS]
    assert "<script>" not in body(mail, "html")
    assert "\u202e" not in body(mail, "plain")
    assert all("\n" not in str(value) for value in mail.values())


def test_a_delivery_says_who_sends_it_and_where_answers_go() -> None:
    """Display name of the sending unit, our address, a keyed Reply-To and a keyed return path, our marks."""
    mail, made = parsed(letter()), composed(letter())
    assert mail["From"].addresses[0].display_name == "UBND xã Hải Phúc (qua Liên thông)"
    assert mail["From"].addresses[0].addr_spec == HEAD.address
    token = read(HEAD.token_key, mail["Reply-To"].addresses[0].username)
    back = read(HEAD.token_key, str(made.sender).partition("@")[0])
    assert token is not None
    assert back is not None
    assert (token.purpose, token.letter, back.purpose, back.letter) == (Purpose.REPLY, 1201, Purpose.RETURN, 1201)
    assert (mail["X-Lienthong-Loop"], mail["X-Lienthong-Document"]) == (HEAD.host, "ND-7K3M-Q2")
    assert mail["Auto-Submitted"] is None
    assert mail["Date"].datetime == letter().queued_at
    (pdf,) = mail.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("45-UBND-VP_2016-10-15.pdf", PDF)


@pytest.mark.parametrize("name", [each for each in NAMES if each != "delivery"])
def test_what_answers_people_says_that_it_is_automatic(name: str) -> None:
    """RFC 3834: null sender and Auto-Submitted, replied when it answers a mail, and no answering machine answers."""
    one = letter(name)
    answering = replace(one, spec=replace(one.spec, answers="<abc@xa.example>"))
    assert composed(one).sender is None
    assert parsed(one)["Auto-Submitted"] == "auto-generated"
    mail = parsed(answering)
    assert (mail["Auto-Submitted"], mail["In-Reply-To"]) == ("auto-replied", "<abc@xa.example>")
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_a_foreign_message_id_cannot_break_the_header() -> None:
    """What is no Message-ID is not repeated."""
    one = letter("registered")
    mail = parsed(replace(one, spec=replace(one.spec, answers="<a b>\r\nBcc: x@y>")))
    assert mail["In-Reply-To"] is None
    assert mail["Bcc"] is None


def test_the_same_letter_is_the_same_octets() -> None:
    """Composed twice, the mail and its Message-ID are equal; another letter has another."""
    assert composed(letter()).octets() == composed(letter()).octets()
    assert composed(replace(letter(), id=1202)).message_id != composed(letter()).message_id


def test_letters_without_a_document_can_be_written() -> None:
    """A notice about a mail that became no document names none."""
    one = replace(letter("no-document"), about=None, document=None)
    assert parsed(one)["X-Lienthong-Document"] is None


def test_a_letter_nobody_can_write_is_refused() -> None:
    """No such template, no such language, a fact that is missing: an error, never half a letter."""
    for one in (letter("khong-co"), letter("delivery", "fr")):
        with pytest.raises(NoTemplate):
            composed(one)
    bare = letter("handled")
    with pytest.raises(UndefinedError):
        composed(replace(bare, spec=replace(bare.spec, facts=())))


def test_templates_run_in_a_sandbox() -> None:
    """A template cannot reach the program behind it."""
    page = (FOLDER / "letter.html").read_text("utf-8")
    evil = "Subject: x\n\n{{ about.__class__.__mro__ }}.\n"
    sources = {"_author.vi.txt": "x", "evil.vi.txt": evil, "letter.html": page}
    made = Templates(sources, {}).write
    with pytest.raises(SecurityError):
        made(replace(letter("evil"), kind=Kind.NOTICE), HEAD, str)


def test_a_delivery_of_an_urgent_document_says_so_first() -> None:
    """The degree of urgency opens the subject, and the first thing asked for is to act at once."""
    one = letter()
    assert one.about is not None
    mail = parsed(replace(one, about=replace(one.about, urgency="hoa-toc")))
    assert mail["Subject"].startswith("[HỎA TỐC]")
    assert "ngay" in body(mail, "plain").splitlines()[2]


def test_a_report_is_for_machines_too() -> None:
    """RFC 3464: three parts, and the recipient comes back as the sender knew him."""
    mail = parsed(letter("delivery-failed"))
    assert (mail.get_content_type(), mail.get_param("report-type")) == ("multipart/report", "delivery-status")
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["multipart/alternative", "message/delivery-status", "text/rfc822-headers"]
