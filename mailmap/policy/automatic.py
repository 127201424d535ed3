"""Mail that no person wrote: automatic answers, by RFC 3834 and by the marks of programs older than it.

Promises:  what says of itself that it is an automatic answer is seen as one.
Never:     takes a machine's own mail for an answer: a scanner or another system may send documents, and says
           'auto-generated' with good reason.
"""

from __future__ import annotations

import re

from mailmap.document.spelling import plain, tidy
from mailmap.mail.automatic import AWAY
from mailmap.mail.message import Message

_ANSWERING_FIELDS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Auto-Response-From", "X-Mail-Autoreply")
_ANSWERING_SUBJECT = re.compile(
    r"(automatic reply|auto[- ]?reply|auto[- ]?response|out of (the )?office"
    r"|(thu )?tra loi tu dong|tu dong tra loi|phan hoi tu dong)\b"
)


def answers_itself(message: Message) -> bool:
    """Whether the mail says that a program answered with it (vacation notices and their kin)."""
    return (
        _keyword(message, "Auto-Submitted").startswith("auto-replied")
        or _keyword(message, "Precedence") in {"auto_reply", "auto-reply"}
        or any(message.header(name) is not None for name in _ANSWERING_FIELDS)
    )


def machine_made(message: Message) -> bool:
    """Whether a program made the mail (RFC 3834 section 5: anything but 'no'), or its subject reads as if one had."""
    says = _keyword(message, "Auto-Submitted") not in {"", "no"}
    named = AWAY.match(message.subject) or _ANSWERING_SUBJECT.match(plain(tidy(message.subject)).strip())
    return says or named is not None


def _keyword(message: Message, name: str) -> str:
    return (message.header(name) or "").split(";")[0].split("(")[0].strip().lower()
