"""Whether some octets begin as a mail does.

Promises:  an answer for every byte string, from its first ``LOOKED_AT`` octets.
Never:     takes a text that merely speaks of mail for one: it must begin with a field.
Fails:     never.
"""

from __future__ import annotations

from mailmap.mail.header import MBOX, NAME, read_header

LOOKED_AT = 65_536
LETTER = frozenset({"from", "to", "subject", "date", "message-id", "mime-version", "received", "content-type"})
TELLING = frozenset({"from", "received", "mime-version", "message-id"})
WRAPPED = frozenset({"content-type", "mime-version"})


def is_mail(octets: bytes) -> bool:
    """Whether this is a mail by itself: two fields at least that mails have, one of them that nothing else has."""
    keys = _keys(octets)
    return len(keys & LETTER) > 1 and not keys.isdisjoint(TELLING)


def is_entity(octets: bytes) -> bool:
    """Whether this is a mail, or a MIME entity as one finds it inside a signature (RFC 8551 section 3.1)."""
    return not _keys(octets).isdisjoint(WRAPPED) or is_mail(octets)


def _keys(octets: bytes) -> set[str]:
    start = octets[:LOOKED_AT].lstrip(b"\r\n")
    if not (NAME.match(start) or start.startswith(MBOX)):
        return set()
    return {field.key for field in read_header(start, 0, len(start), []).fields}
