"""What letters are made of: parts, frames, file names, blocks, and the machines' half of a report."""

from __future__ import annotations

import email
import email.policy
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.document import Enclosure
from mailmap.mail.report import Action
from mailmap.writing import blocks, evidence, parts, report
from mailmap.writing.blocks import Block, Shape
from mailmap.writing.filenames import names, safe
from mailmap.writing.letter import About, Asked, Fate, NoSpec, Spec, read_spec
from mailmap.writing.parts import Encoded

PIECES = st.lists(
    st.binary(max_size=300) | st.binary(min_size=32, max_size=32).map(lambda b: Encoded(b.hex(), b"kept elsewhere")),
    max_size=8,
)


@given(st.binary(max_size=5000))
def test_base64_is_whole_lines(octets: bytes) -> None:
    """RFC 2045 section 6.8: lines of 76 letters, the last may be shorter, and the octets come back."""
    lines = parts.base64(octets).split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) == 76 for line in lines[:-1])
    assert b64decode(b"".join(lines)) == octets


def test_a_large_file_is_encoded_as_a_small_one() -> None:
    """Blocks of work leave no seam in the lines."""
    octets = bytes(range(256)) * 6000
    lines = parts.base64(octets).removesuffix(b"\r\n").split(b"\r\n")
    assert {len(line) for line in lines[:-1]} == {76}
    assert b64decode(b"".join(lines)) == octets


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r")))
def test_a_text_part_says_what_was_written(text: str) -> None:
    """7-bit where the text is short ASCII lines, else base64; in both the reader gets the text."""
    part = parts.text("text/plain", text)
    assert part.isascii()
    assert max(map(len, part.split(b"\r\n"))) <= 76
    read = email.message_from_bytes(part, policy=email.policy.default).get_payload(decode=True)
    assert isinstance(read, bytes)
    assert read.decode() == text.replace("\n", "\r\n")


@given(PIECES)
def test_a_frame_gives_the_mail_back(pieces: list[bytes | Encoded]) -> None:
    """Whatever octets the texts hold, also such as look like a frame's own."""
    pieces = [*pieces, evidence.MAGIC + b"text 5\n", b"file " + b"0" * 64 + b"\n"]
    frame = evidence.freeze(pieces)
    assert evidence.thaw(frame, lambda sha256: Encoded(sha256, b"kept elsewhere")) == tuple(pieces)
    assert evidence.files(frame) == tuple(piece.sha256 for piece in pieces if isinstance(piece, Encoded))


@pytest.mark.parametrize("frame", [b"", b"mail", evidence.MAGIC + b"text 9\nabc", evidence.MAGIC + b"piece\n"])
def test_what_is_no_frame_is_refused(frame: bytes) -> None:
    """A cut or foreign frame is never half a mail."""
    with pytest.raises(evidence.NoFrame):
        evidence.thaw(frame, lambda sha256: Encoded(sha256, b""))


def enclosure(name: str, role: str = "document", kind: str = "application/pdf") -> Enclosure:
    """A file of a document."""
    return Enclosure(name, kind, 1, "0" * 64, role)


def test_the_document_travels_under_its_own_name() -> None:
    """Number, notation and date for the document, the given names for annexes, never one name twice."""
    files = (
        enclosure("SCAN_0001.PDF"),
        enclosure("Phụ lục.xlsx", "annex"),
        enclosure("scan.pdf"),
        enclosure("phụ lục.XLSX", "annex"),
    )
    about = About("ND-1", "15/QĐ-UBND", "2016-10-15", enclosures=files)
    assert names(about) == (
        "15-QĐ-UBND_2016-10-15.pdf",
        "Phụ lục.xlsx",
        "15-QĐ-UBND_2016-10-15_2.pdf",
        "phụ lục_2.XLSX",
    )


def test_a_document_without_a_number_keeps_the_given_name() -> None:
    """Nothing is invented; a name that says nothing becomes the tracking code."""
    about = About("ND-1", enclosures=(enclosure("Báo cáo.pdf"), enclosure("..."), enclosure("???", kind="x/y")))
    assert names(about) == ("Báo cáo.pdf", "ND-1.pdf", "ND-1")


@given(st.text())
def test_any_name_is_made_safe(name: str) -> None:
    """No separators, no control characters, no leading dot, no more than 120 letters."""
    made = safe(name)
    assert len(made) <= 120
    assert not set(made) & set('/\\:*?"<>|\0\r\n')
    assert not made.startswith(".")
    assert not made.endswith((" ", "."))


@pytest.mark.parametrize("name", ["con.pdf", "NUL", "lpt1.txt", "../../etc/passwd", "a\u202efdp.exe"])
def test_no_name_means_something_to_a_machine(name: str) -> None:
    """Device names, paths and turned-round endings are names no more."""
    made = safe(name)
    assert made.casefold().split(".")[0] not in {"con", "nul", "lpt1"}
    assert "\u202e" not in made
    assert "/" not in made


def test_the_shape_of_a_letter_is_read_from_its_text() -> None:
    """Headline, rows, items, answers, quotes, paragraphs and small print, in order, without their marks."""
    body = "Đầu.\n\nThân một.\nThân hai.\n\n  A: 1\n  B: x: y\n\n- một\n- hai\n\n* Đã nhận\n\n> lời\n> \n> nữa\n"
    text = f"{body}\n-- \nnhỏ\n"
    shaped = blocks.shape(text)
    assert [block.shape for block in shaped] == [
        Shape.HEADLINE, Shape.PARAGRAPH, Shape.ROWS, Shape.ITEMS, Shape.ANSWERS, Shape.QUOTE, Shape.SMALL,
    ]  # fmt: skip
    assert shaped[2].rows == (("A", "1"), ("B", "x: y"))
    assert shaped[-1] == Block(Shape.SMALL, ("nhỏ",))


@given(st.text())
def test_quoted_words_keep_to_themselves(words: str) -> None:
    """Every line of somebody else's words stands behind its mark."""
    assert all(line.startswith("> ") for line in blocks.quoted(words).split("\n"))
    assert all(block.shape is Shape.QUOTE for block in blocks.shape(f"a.\n\n{blocks.quoted(words)}")[1:])


@pytest.mark.parametrize(
    ("notify", "told"),
    [
        ((), {Action.FAILED, Action.DELAYED}),
        (("NEVER",), set()),
        (("SUCCESS",), {Action.RELAYED, Action.DELIVERED}),
        (("FAILURE",), {Action.FAILED}),
        (("DELAY", "FAILURE"), {Action.FAILED, Action.DELAYED}),
        (("DELAY", "FAILURE", "SUCCESS"), {Action.FAILED, Action.DELAYED, Action.RELAYED, Action.DELIVERED}),
    ],
)
def test_reports_go_to_those_who_asked(notify: tuple[str, ...], told: set[Action]) -> None:
    """RFC 3461 section 4.1: NOTIFY is obeyed; nothing said means failure and delay."""
    asked = Asked("a@b.example", notify)
    actions = {Action.FAILED, Action.DELAYED, Action.RELAYED, Action.DELIVERED}
    assert {action for action in actions if report.wanted(asked, action)} == told


MAIL = b"From: a@b.example\r\nSubject: x\r\n\r\nthe text\r\n"


@pytest.mark.parametrize(
    ("ret", "action", "mail", "kind", "whole"),
    [
        ("", "failed", MAIL, "text/rfc822-headers", 0),
        ("HDRS", "failed", MAIL, "text/rfc822-headers", 0),
        ("FULL", "failed", MAIL, "message/rfc822", 1),
        ("FULL", "delayed", MAIL, "text/rfc822-headers", 0),
        ("FULL", "failed", MAIL.replace(b"text", "chữ".encode()), "message/global", 1),
        ("HDRS", "failed", MAIL.replace(b"x", "thư".encode(), 1), "message/global-headers", 0),
        ("FULL", "failed", b"Subject: y\n\n" + b"z" * 2000, "message/global", 1),
    ],
)
def test_as_much_of_the_mail_returns_as_was_asked_for(
    ret: str, action: str, mail: bytes, kind: str, whole: int
) -> None:
    """RFC 3461 section 4.3: the header, or all of a failed mail; always in 7 bits (RFC 6533)."""
    part = report.returned_part(Asked("a@b.example", ret=ret), Fate(action, "5.1.1"), mail)
    assert part.isascii()
    head, _, body = part.partition(b"\r\n\r\n")
    assert head.splitlines()[0] == f"Content-Type: {kind}".encode()
    decoded = b64decode(body) if b"base64" in head else body
    assert decoded.startswith(mail.splitlines()[0])
    assert (mail.splitlines()[-1] in decoded) == whole


def test_a_report_repeats_the_senders_own_words() -> None:
    """RFC 3464: ENVID, ORCPT and the recipient as given, the peer's words, the times; one line each."""
    asked = Asked("a@b.example", (), "rfc822;c@d.example", "E\r\n1")
    fate = Fate("delayed", "4.2.2", "452 full\r\nX: y", "2016-10-15T02:30:00+00:00", "2016-10-20T02:30:00+00:00")
    text = report.status_part("gw.example", asked, fate).decode("ascii")
    assert text.split("\r\n\r\n", 1)[1].split("\r\n") == [
        "Reporting-MTA: dns; gw.example",
        "Original-Envelope-Id: E 1",
        "",
        "Original-Recipient: rfc822;c@d.example",
        "Final-Recipient: rfc822; a@b.example",
        "Action: delayed",
        "Status: 4.2.2",
        "Diagnostic-Code: smtp; 452 full X: y",
        "Last-Attempt-Date: Sat, 15 Oct 2016 09:30:00 +0700",
        "Will-Retry-Until: Thu, 20 Oct 2016 09:30:00 +0700",
        "",
    ]


def test_a_spec_is_read_from_the_row() -> None:
    """Facts in the order of their names, lists as tuples, what was not asked is ''."""
    wire = {
        "template": "handled",
        "facts": {"b": ["x", "y"], "a": 1, "n": None},
        "about": "<m@x>",
        "dsn": {"recipient": "r@x", "notify": ["DELAY"], "envid": None},
    }
    assert read_spec(wire) == Spec(
        "handled", "vi", (("a", 1), ("b", ("x", "y")), ("n", None)), "<m@x>", Asked("r@x", ("DELAY",))
    )


@pytest.mark.parametrize(
    "wire", [{}, {"template": 1}, {"template": "x", "dsn": {"notify": []}}, {"template": "x", "fate": {"y": 1}}]
)
def test_what_is_no_spec_is_refused(wire: dict[str, object]) -> None:
    """A purged or foreign spec writes no letter."""
    with pytest.raises(NoSpec):
        read_spec(wire)
