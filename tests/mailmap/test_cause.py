"""Why a mail did not arrive: from the codes of RFC 3463, and from the words of servers in many languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.mail.cause import cause_of, explain
from mailmap.mail.cause_signs import Cause


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("5.1.1", Cause.NO_USER),
        ("5.1.10", Cause.NO_USER),
        ("5.1.2", Cause.NO_DOMAIN),
        ("5.4.4", Cause.NO_DOMAIN),
        ("5.2.1", Cause.LOCKED),
        ("4.2.2", Cause.FULL),
        ("5.2.2", Cause.FULL),
        ("5.3.4", Cause.TOO_BIG),
        ("5.4.6", Cause.LOOP),
        ("5.4.7", Cause.EXPIRED),
        ("4.4.1", Cause.NO_ANSWER),
        ("5.7.26", Cause.UNAUTHENTICATED),
        ("5.7.1", Cause.REFUSED),
        ("5.6.0", Cause.REFUSED),
        ("4.7.1", Cause.LATER),
        ("5.0.0", Cause.UNKNOWN),
        ("", Cause.UNKNOWN),
    ],
)
def test_a_code_alone_says_why(status: str, cause: Cause) -> None:
    """RFC 3463 section 3, where no words are told."""
    assert cause_of(status, "", failed=not status.startswith("4")) is cause


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("550 5.7.1 No such user", Cause.NO_USER),
        ("550 Requested action not taken: mailbox unavailable", Cause.NO_USER),
        ("Das Konto ist unbekannt: Empfänger nicht gefunden", Cause.NO_USER),
        ("Le compte n'existe pas", Cause.NO_USER),
        ("Такого пользователя не существует", Cause.NO_USER),
        ("该收件人不存在", Cause.NO_USER),
        ("Tài khoản không tồn tại", Cause.NO_USER),
        ("dia chi khong ton tai", Cause.NO_USER),
        ("Host or domain name not found. Name service error", Cause.NO_DOMAIN),
        ("Tên miền nhận không tồn tại", Cause.NO_DOMAIN),
        ("550 5.1.1 This account has been disabled or discontinued", Cause.LOCKED),
        ("Hộp thư đã bị khóa", Cause.LOCKED),
        ("550 5.1.1 Mailbox is full", Cause.FULL),
        ("452 Mailbox size limit exceeded", Cause.FULL),
        ("Das Postfach des Empfängers ist voll", Cause.FULL),
        ("Hộp thư người nhận đã đầy", Cause.FULL),
        ("hop thu nguoi nhan da day", Cause.FULL),
        ("554 message size 18876259 exceeds size limit 10485760", Cause.TOO_BIG),
        ("Thư quá lớn", Cause.TOO_BIG),
        ("554 5.7.1 Virus Eicar-Test-Signature found", Cause.CONTENT),
        ("552 5.7.0 blocked attachment .exe, review our attachment guidelines", Cause.CONTENT),
        ("550 5.7.1 SPF fail for gw.vn", Cause.UNAUTHENTICATED),
        ("554 Client host blocked using zen.spamhaus.org", Cause.REFUSED),
        ("550 Relaying denied", Cause.REFUSED),
        ("Thư bị chặn vì là thư rác", Cause.REFUSED),
        ("554 5.4.6 Too many hops", Cause.LOOP),
        ("retry timeout exceeded", Cause.EXPIRED),
        ("connect to mx[192.0.2.1]:25: Connection timed out", Cause.NO_ANSWER),
        ("Máy chủ nhận không trả lời", Cause.NO_ANSWER),
    ],
)
def test_words_say_why_whatever_the_code(said: str, cause: Cause) -> None:
    """Servers put 5.0.0 on everything, and speak their own language."""
    assert cause_of("5.0.0", said, failed=True) is cause


def test_what_stayed_busy_until_the_end_has_expired() -> None:
    """A greylisting server that was asked until the time was over has not refused; one that says 5yz has."""
    assert cause_of("4.7.1", "451 4.7.1 Greylisted, try again later", failed=False) is Cause.LATER
    assert cause_of("4.7.1", "451 4.7.1 Greylisted, try again later", failed=True) is Cause.EXPIRED
    assert cause_of("5.7.1", "550 5.7.1 too many messages, try again later", failed=True) is Cause.REFUSED
    assert cause_of("5.4.7", "connection timed out; in the queue too long", failed=True) is Cause.EXPIRED


def test_a_delay_without_a_cause_is_one() -> None:
    """A server that only says that it goes on has put the mail off; nobody is told to do anything."""
    assert explain("", "", "not yet delivered after 24 hours", failed=False) is Cause.LATER
    assert explain("", "", "Mailbox full", failed=False) is Cause.FULL
    assert explain("", "", "go away", failed=True) is Cause.UNKNOWN


def test_a_plain_code_counts_before_vague_words() -> None:
    """What is "rejected by policy" with 5.1.1 is an unknown user."""
    assert cause_of("5.1.1", "550 5.1.1 rejected by policy", failed=True) is Cause.NO_USER
    assert cause_of("5.0.0", "smtp; 550 5.1.1 go away", failed=True) is Cause.NO_USER


@given(st.text(max_size=100), st.text(max_size=300), st.booleans())
def test_every_word_has_a_cause(status: str, said: str, failed: bool) -> None:  # noqa: FBT001  hypothesis gives it
    """Total; and our own trouble is never read from a peer's words."""
    assert cause_of(status, said, failed=failed) not in {Cause.OURS, Cause.FAULT}


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("language", list(Language))
def test_every_cause_has_its_sentence(cause: Cause, language: Language) -> None:
    """A clerk reads what is wrong with which mailbox and what to do, in both languages."""
    said = words(language).say(f"cause.{cause.value}", unit="UBND xã Hải An", address="vanthu@haian.vn")
    assert said.count(". ") >= 1
    assert "{" not in said
