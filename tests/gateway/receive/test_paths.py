"""Whatever stands behind MAIL and RCPT is understood wholly or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import replies
from gateway.receive.smtp.paths import ReversePath, forward_path, reverse_path
from gateway.replies import Reply
from mailmap.mail.envelope import ForwardPath, Notify, Return

PIECES = st.sampled_from(
    ["<", ">", "@", '"', "\\", " ", "a", "ả", "[1.2.3.4]", ".", ":", ",", "=", "+", "+3D", "SIZE=1", "RET=FULL"]
)
NONSENSE = st.lists(PIECES, max_size=12).map("".join) | st.text()


@given(NONSENSE)
def test_every_reverse_path_is_understood_or_refused(text: str) -> None:
    """No argument raises; an address that is accepted is whole and printable."""
    path = reverse_path("FROM:" + text, extended=True)
    if isinstance(path, ReversePath) and path.address is not None:
        local, at, domain = path.address.rpartition("@")
        assert local
        assert at
        assert domain
        assert path.address.isprintable() or not text.isprintable()
    else:
        assert isinstance(path, Reply) or path.address is None


@given(NONSENSE)
def test_every_forward_path_is_understood_or_refused(text: str) -> None:
    """The same for recipients; nobody is never a recipient."""
    path = forward_path("TO:" + text, extended=True, smtputf8=True)
    assert isinstance(path, Reply) or path.address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("<>", None),
        ("<a@b.test>", "a@b.test"),
        (" <A.B+c@B.Test>", "A.B+c@B.Test"),
        ("a@b.test", "a@b.test"),
        ('<"a b"@c.test>', '"a b"@c.test'),
        ('<"a\\"@b"@c.test>', '"a\\"@b"@c.test'),
        ("<@x.test,@y.test:a@b.test>", "a@b.test"),
        ("<a@[192.0.2.1]>", "a@[192.0.2.1]"),
        ("<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"),
        ("<a..b.@c.test>", "a..b.@c.test"),
    ],
)
def test_shapes_of_addresses(text: str, address: str | None) -> None:
    """RFC 5321 section 4.1.2, and what real senders write besides."""
    path = reverse_path("FROM:" + text, extended=True)
    assert isinstance(path, ReversePath)
    assert path.address == address


@pytest.mark.parametrize(
    "text", ["<a>", "<@b.test>", "<a@>", "<a b@c.test>", "<a@b@c.test>", "<a@b.test", "a@b.test>", "<a@b c>"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """No half an address, no second one hidden in it."""
    assert reverse_path("FROM:" + text, extended=True) is replies.BAD_SENDER


def test_an_address_may_not_be_endless() -> None:
    """320 octets hold every address there can be."""
    assert reverse_path(f"FROM:<{'a' * 400}@b.test>", extended=True) is replies.BAD_SENDER


def test_all_parameters_of_mail() -> None:
    """Each in its place, values in whatever case, the envelope id as it was."""
    told = "FROM:<a@b.test> SIZE=12 body=8BITMIME SMTPUTF8 AUTH=<> ret=full ENVID=Ab+2Bc"
    assert reverse_path(told, extended=True) == ReversePath("a@b.test", 12, Return.FULL, "Ab+c", smtputf8=True)


def test_all_parameters_of_rcpt() -> None:
    """NOTIFY is a set, NEVER stands alone, ORCPT keeps its type and case."""
    path = forward_path(
        "TO:<a@b.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ab+3Dc@d.test", extended=True, smtputf8=False
    )
    assert path == ForwardPath("a@b.test", frozenset({Notify.SUCCESS, Notify.FAILURE}), "rfc822;Ab=c@d.test")
    never = forward_path("TO:<a@b.test> NOTIFY=never", extended=True, smtputf8=False)
    assert never == ForwardPath("a@b.test", frozenset({Notify.NEVER}))


@pytest.mark.parametrize("value", ["a+0D+0Ab", "a+00", "a+zz", "a+2", "+", "a" * 101])
def test_nothing_unprintable_comes_out_of_xtext(value: str) -> None:
    """Reports repeat these values in header fields: a line end in one would write a field of its own."""
    assert reverse_path(f"FROM:<a@b.test> ENVID={value}", extended=True) is replies.BAD_PARAMETER
