"""Whether a program sent a mail by itself (RFC 3834), and what kind of program.

Promises:  the reason, from what the mail itself says: its fields first, the subject of absence notes last.
Never:     says what to do: an automatic answer is no document, but a document may well come from a program or over a
           list. The null reverse path is the envelope's affair and is judged by policy.
Fails:     never.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mailmap.mail.message import Message


class Automatic(StrEnum):
    """What kind of automatic mail: an answer nobody wrote, a program's own mail, bulk mail, a mailing list."""

    REPLIED = "auto-replied"
    GENERATED = "auto-generated"
    BULK = "bulk"
    LIST = "list"


ANSWERING = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
    "X-FC-MachineGenerated",
)
ANSWERED = {"auto_reply": Automatic.REPLIED, "auto-reply": Automatic.REPLIED, "autoreply": Automatic.REPLIED}
PRECEDENCE = ANSWERED | {"bulk": Automatic.BULK, "junk": Automatic.BULK, "list": Automatic.LIST}
LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "List-Help", "Mailing-List")
AWAY = re.compile(
    r"\W*(auto(matic)?[\s:-]*(reply|response|answer)|auto[- ]?re\b|out of (the )?office|away from (the )?office"
    r"|vacation (reply|response|notice)|automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática"
    r"|tr[aả] l[oờ]i t[uự] [dđ][oộ]ng|((thư|mail|email) )?tự động (trả lời|phản hồi)|phản hồi tự động|自动回复"
    r"|(ngoài văn phòng|vắng mặt) ?:|auto ?:"
    r"|(i am |i'm )?(currently )?(away|on (annual |sick |parental )?leave) (until|till)\b"
    r"|.{0,80}\bis out of the office\b|.{0,120}\((automatic response|automatische antwort)\)$)",
    re.IGNORECASE,
)


def is_automatic(message: Message) -> Automatic | None:
    """The reason why this counts as automatic, or None for a mail a person seems to have sent."""
    return _submitted(message) or _marked(message) or _away(message) or _listed(message)


def _submitted(message: Message) -> Automatic | None:
    """Auto-Submitted (RFC 3834 section 5): anything but "no" is automatic."""
    word = re.split(r"[\s;(]", (message.header("Auto-Submitted") or "no").strip().lower())[0]
    if word in {"no", ""}:
        return None
    return Automatic.GENERATED if word in {"auto-generated", "auto-notified"} else Automatic.REPLIED


def _marked(message: Message) -> Automatic | None:
    """The older marks of answering machines, and Precedence."""
    if any(message.header(name) is not None for name in ANSWERING):
        return Automatic.REPLIED
    word = (message.header("Precedence") or message.header("X-Precedence") or "").strip().lower()
    return PRECEDENCE.get(word)


def _away(message: Message) -> Automatic | None:
    return Automatic.REPLIED if AWAY.match(message.subject) else None


def _listed(message: Message) -> Automatic | None:
    """RFC 2369 and RFC 2919 fields."""
    return Automatic.LIST if any(message.header(name) is not None for name in LISTS) else None
