"""One name for all copies of a mail, whichever way they came.

Promises:  two copies of a mail whose octets differ only in what mail servers add on the way have one digest: the hex
           SHA-256 of the octets without the trace header fields. Nothing is copied.
Never:     leaves out a field a sender writes: Message-ID, Date, From, To, Subject, MIME fields, unknown ones.
Fails:     never.

DKIM signatures count as trace: RFC 6376 section 3.5 says so, and a forwarder that signs once more, or a sender's server
that signs each copy, would otherwise turn one mail into two. A digest therefore says nothing about trust; whoever holds
two mails of one digest must still ask how each was proven.
"""

from __future__ import annotations

import re
from hashlib import sha256

from mailmap.mail.header import Header

TRACE = re.compile(
    r"return-path|received|x-received|received-spf|delivered-to|x-(original|delivered|real|resolved|envelope)-(to|from)"
    r"|envelope-(to|from)|delivery-date|authentication-results|x-authentication-\S+|arc-\S+"
    r"|dkim-signature|domainkey-signature|x-google-dkim-signature|x-google-smtp-source|x-gm-\S+"
    r"|x-spam-\S*|x-virus-\S*|x-amavis-\S+|x-ms-exchange-\S+|x-forefront-\S+|x-microsoft-antispam\S*|x-eop\S+"
    r"|x-ironport-\S+|x-barracuda-\S+|x-proofpoint-\S+|x-mozilla-\S+|x-uidl?|x-keywords|x-status|status"
    r"|content-length|lines"
)


def digest(raw: bytes, header: Header) -> str:
    """The hex SHA-256 of the raw octets without the trace fields of the header."""
    view = memoryview(raw)
    total = sha256()
    position = header.start
    for field in header.fields:
        if TRACE.fullmatch(field.key):
            total.update(view[position : field.start])
            position = field.end
    total.update(view[position:])
    return total.hexdigest()
