"""What the sender of a document is told about one recipient: a report, when the submitting envelope wants it.

Promises:  a report goes to the reverse path of the mail that brought the document; it has a plain notice for people
           and a status for machines (RFC 3464), with what the envelope asked for (RFC 3461).
Never:     tells anybody about a receipt, a notice or a report, or about a purged document.
Fails:     what the scribe's register raises.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.work.matter import addressee, heir_of
from gateway.work.scribe import Scribe
from mailmap.directory.answers import Directory
from mailmap.document.events import JSON
from mailmap.mail.cause import explain
from mailmap.mail.cause_signs import Cause
from mailmap.mail.report import Action
from mailmap.writing.letter import Kind, asked_of
from mailmap.writing.report import wanted
from storage.letters import Matter, Row


@dataclass(frozen=True, slots=True)
class News:
    """What became of a recipient, with status and words of the peer; ``until`` is when we give up (ISO, '': not we)."""

    action: Action
    status: str
    peer: str
    until: str = ""


def awaited(row: Row, action: Action) -> bool:
    """Whether that news of this letter is for anybody."""
    return row.kind == Kind.DELIVERY and wanted(asked_of(row.spec), action)


def tell(scribe: Scribe, row: Row, matter: Matter | None, directory: Directory, news: News) -> None:
    """Write the report, when it is awaited and there is somebody to write to.

    Whoever took the place of the unit that sent the document is written to instead of it.
    """
    if matter is None or matter.sheet is None or not awaited(row, news.action):
        return
    heir = heir_of(matter.origin, directory, scribe.now)
    to = (heir.contact if heir else "") or matter.sender or str(matter.sheet.get("sender") or "")
    if not to:
        return
    unit = addressee(row.unit, directory, row.queued_at)
    facts: dict[str, JSON] = {"unit": unit, "address": row.to, "status": news.status, "peer": news.peer}
    facts |= {"why": why(news).value, "since": row.queued_at.isoformat(), "until": news.until}
    spec: dict[str, JSON] = {
        "template": f"delivery-{news.action.value}",
        "facts": facts,
        "dsn": row.spec.get("dsn"),
        "fate": _fate(news, scribe.stamp, matter.received_at.isoformat()),
    }
    scribe.letter("report", to, spec, unit=matter.origin, of=(row.document, row.delivery))


def why(news: News) -> Cause:
    """The cause in one word; without words of a peer a fault of the mail system (RFC 3463 section 3.4) is our own."""
    if not news.peer and news.status in {"4.3.0", "5.3.0"}:
        return Cause.OURS if news.status.startswith("4") else Cause.FAULT
    return explain(news.status, news.peer, failed=news.action is Action.FAILED)


def _fate(news: News, at: str, arrived: str) -> dict[str, JSON]:
    return {
        "action": news.action.value,
        "status": news.status,
        "peer": news.peer,
        "at": at,
        "retried_until": news.until,
        "arrived_at": arrived,
    }
