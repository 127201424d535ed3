"""Header fields: whatever the text, the field is folded, 7-bit, and says the same when it is read."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailmap.writing import headers, parts

TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")))
VIETNAMESE = "Ủy ban nhân dân xã Hải Phúc, huyện Hải Hậu, tỉnh Nam Định về việc báo cáo tình hình thực hiện nhiệm vụ"


def words(field: bytes) -> list[str]:
    """The encoded words of a field, in order."""
    return [word for line in field.decode("ascii").split("\r\n") for word in line.split() if word.startswith("=?")]


@given(TEXTS)
@example(VIETNAMESE)
@example("x =?utf-8?q?no?=")
@example("e\u0302\u0301" * 40)
def test_a_text_field_says_what_was_written(text: str) -> None:
    """RFC 2047: 7-bit, lines of at most 76 octets, and the reader gets the text."""
    field = headers.unstructured("Subject", text)
    assert field.isascii()
    assert field.endswith(b"\r\n")
    assert max(map(len, field.split(b"\r\n"))) <= 76
    value = field.partition(b":")[2].decode("ascii").replace("\r\n", "").strip()
    assert str(make_header(decode_header(value))) == text.strip() or " ".join(value.split()) == " ".join(text.split())


@given(TEXTS)
@example(VIETNAMESE)
@example("e\u0302\u0301" * 40)
def test_no_encoded_word_is_cut_inside_a_letter(text: str) -> None:
    """RFC 2047 section 5: each word can be read by itself, and marks stay with their letter."""
    read = [str(make_header(decode_header(word))) for word in words(headers.unstructured("Subject", text + "ế"))]
    whole = list(headers.letters((text + "ế").strip()))
    assert all(len(word) <= 75 for word in words(headers.unstructured("Subject", text + "ế")))
    assert [letter for word in read for letter in headers.letters(word)] == whole


@given(st.text())
@example("hai\r\nBcc: ai@dau.example")
@example("ba\u2028X: y")
def test_no_text_ends_its_field(text: str) -> None:
    """Whatever a sender wrote, it starts no field of its own."""
    for field in (headers.unstructured("Subject", text), headers.mailbox("From", text, "a@b.example")):
        lines = field.decode("utf-8").removesuffix("\r\n").split("\r\n")
        assert all(line.startswith(" ") for line in lines[1:])
        assert "\n" not in "".join(lines)
        assert "\r" not in "".join(lines)


@pytest.mark.parametrize(
    "name",
    [
        "UBND xã Hải Phúc (qua Liên thông)",
        "Sở Nông nghiệp và Phát triển nông thôn tỉnh Nam Định (qua Liên thông)",
        "Liên thông",
        "A, B",
        'the "unit"',
        "back\\slash",
        "Plain Name",
        "",
        "a@b",
    ],
)
def test_a_mailbox_is_a_name_and_an_address(name: str) -> None:
    """RFC 5322 section 3.4: any display name, quoted or encoded as it needs."""
    field = headers.mailbox("From", name, "lienthong@namdinh.example")
    mail = email.message_from_bytes(field + b"\r\n", policy=email.policy.default)
    (mailbox,) = mail["From"].addresses
    assert mailbox.addr_spec == "lienthong@namdinh.example"
    assert " ".join(mailbox.display_name.split()) == name  # this reader shows a space at every cut


@pytest.mark.parametrize(
    "name",
    [
        "45-UBND-VP_2016-10-15.pdf",
        "15-QĐ-UBND.pdf",
        f"{VIETNAMESE}.docx",
        "a" * 100 + ".pdf",
        'the "file".txt',
        "a;b=c.txt",
        "%20.txt",
    ],
)
def test_a_file_name_arrives_whole(name: str) -> None:
    """RFC 2231 with an ASCII name beside it for old readers, in lines of at most 76 octets."""
    head, _ = parts.attachment(name, "application/pdf", parts.encode(b"x", ""))
    assert isinstance(head, bytes)
    assert max(map(len, head.split(b"\r\n"))) <= 76
    mail = email.message_from_bytes(head, policy=email.policy.default)
    found = mail.get_filename()
    assert found == name or (name.isascii() and found == name.replace('"', "'"))
    assert str(mail["Content-Type"].params["name"]).isascii()


@pytest.mark.parametrize(
    ("name", "plain"), [("Đề án.docx", "De an.docx"), ("15-QĐ.pdf", "15-QD.pdf"), ("日.txt", "_.txt")]
)
def test_the_plain_name_is_the_nearest_one(name: str, plain: str) -> None:
    """Vietnamese letters lose their marks; what has no near letter becomes a line."""
    assert headers.without_marks(name) == plain


def test_the_date_is_vietnamese_time() -> None:
    """RFC 5322 section 3.3, seven hours ahead of UTC in summer and winter."""
    assert headers.date(datetime(2016, 12, 31, 18, 5, 9, tzinfo=UTC)) == b"Date: Sun, 01 Jan 2017 01:05:09 +0700\r\n"
