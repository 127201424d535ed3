"""The log as verbs: what the gateway can say of its work to the person who runs it.

Promises:  one line per unit of work, key=value or JSON, ids and counts and peers, times in UTC.
Never:     a subject, a body, a mail address or a password; an exception is told by its kind and place, and in its own
           words only when they are the system's or ours.
Fails:     never the work: a log that cannot be written is the trouble of whoever reads it.
"""

from __future__ import annotations

import logging
import traceback
from typing import TextIO, cast

import structlog

from gateway import logline
from storage.attempts import Ended, Ending
from storage.trouble import Permanent, Temporary


def _made(out: TextIO, *, as_json: bool, least: int) -> structlog.typing.FilteringBoundLogger:
    bound: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=[logline.as_json if as_json else logline.as_text],
        wrapper_class=structlog.make_filtering_bound_logger(least),
    ).bind()
    return bound


_STANDARD_ERROR = cast("TextIO", logline.StandardError())
_log = _made(_STANDARD_ERROR, as_json=False, least=logging.INFO)


def open_log(out: TextIO = _STANDARD_ERROR, *, as_json: bool = False, least: int = logging.INFO) -> None:
    """Send the log to ``out``, leaving out lines of less weight than ``least`` (the numbers of ``logging``)."""
    global _log  # noqa: PLW0603  a process has one log, and every verb speaks into it
    _log = _made(out, as_json=as_json, least=least)


def listening(door: str, host: str, port: int, tls: str) -> None:
    """A door is open."""
    _log.info("listening", door=door, host=host, port=port, tls=tls)


def stopping() -> None:
    """A door process takes no more connections; mails on their way in may finish."""
    _log.info("stopping")


def stopped() -> None:
    """A door process has let go of everything."""
    _log.info("stopped")


def stored(spool_id: str, door: str, peer: str, octets: int, recipients: int) -> None:
    """A mail is ours: durable, and 250 is being said."""
    _log.info("stored", spool=spool_id, door=door, peer=peer, octets=octets, recipients=recipients)


def refused(door: str, peer: str, command: str, code: int, status: str) -> None:
    """A peer was told no."""
    _log.info("refused", door=door, peer=peer, command=command, code=code, status=status)


def sent_away(door: str, peer: str, status: str, why: str) -> None:
    """A connection was closed by us before its time."""
    _log.warning("sent_away", door=door, peer=peer, status=status, why=why)


def hung_up(door: str, peer: str, octets: int) -> None:
    """A peer went in the middle of a mail, which was not kept."""
    _log.info("hung_up", door=door, peer=peer, octets=octets)


def logged_in(door: str, peer: str) -> None:
    """Someone proved who they are."""
    _log.info("logged_in", door=door, peer=peer)


def login_failed(door: str, peer: str, status: str) -> None:
    """Someone could not prove who they are, or may not come in."""
    _log.warning("login_failed", door=door, peer=peer, status=status)


def tls_failed(door: str, peer: str, error: BaseException) -> None:
    """No encrypted connection came about."""
    _log.info("tls_failed", door=door, peer=peer, error=type(error).__name__)


def door_failed(error: BaseException) -> None:
    """A door met trouble of ours and said 'later'; here is the story."""
    _log.error("door_failed", **_story(error))


def sent(letter: int, attempt: int, outcome: str, status: str) -> None:
    """An attempt at a letter ended, and what the peer said is recorded."""
    _log.info("sent", letter=letter, attempt=attempt, outcome=outcome, status=status)


def letter_spoiled(letter: int, error: BaseException) -> None:
    """A letter met a bug of ours; it alone is stopped."""
    _log.error("letter_spoiled", letter=letter, **_story(error))


def letter_deadly(letter: int, deaths: int) -> None:
    """A letter took its process down too often; it waits for a person."""
    _log.error("letter_deadly", letter=letter, deaths=deaths)


def letters_wait(letters: int, error: BaseException) -> None:
    """Letters cannot be made ready just now; they are tried again later."""
    _log.warning("letters_wait", letters=letters, **_story(error))


def outcome_waits(letters: int, error: BaseException) -> None:
    """Peers have spoken, and the database cannot hear it just now."""
    _log.warning("outcome_waits", letters=letters, **_story(error))


def spool_cut(octets: int) -> None:
    """What a dead door had begun to write, and never answered, was cut away."""
    _log.info("spool_cut", octets=octets)


def spool_damaged(owner: str, segment: str, offset: int, end: int) -> None:
    """A stretch of the spool cannot be read as it was written; the segment stays for a person to look at."""
    _log.error("spool_damaged", owner=owner, segment=segment, offset=offset, end=end)


def forward_waits(error: BaseException) -> None:
    """Mail stays in the spool for a while: the database or the blobs do not take it."""
    _log.warning("forward_waits", **_story(error))


def concluded(spool_id: str, outcome: str, rule: str) -> None:
    """A mail has its one outcome."""
    _log.info("concluded", spool=spool_id, outcome=outcome, rule=rule)


def job_ended(ended: Ended) -> None:
    """An attempt at a job ended; only trouble is worth a line."""
    if ended.ending is Ending.DONE:
        return
    story = _story(ended.error) if ended.error else {}
    say = _log.error if ended.ending is Ending.BURIED else _log.warning
    say("job_ended", task=ended.task, job=ended.job, attempts=ended.attempts, ending=ended.ending, **story)


def jobs_wait(error: BaseException) -> None:
    """No jobs are worked on for a while: the database is away."""
    _log.warning("jobs_wait", **_story(error))


def batch_split(mails: int, error: BaseException) -> None:
    """One mail of a batch spoiled it; each will be tried alone."""
    _log.warning("batch_split", mails=mails, **_story(error))


def strays_found(mails: int, letters: int) -> None:
    """So many mails and letters waited although no job spoke of them; they have one now."""
    _log.warning("strays_found", mails=mails, letters=letters)


def rounds_wait(error: BaseException) -> None:
    """Nobody can look for strays just now: the database is away."""
    _log.warning("rounds_wait", **_story(error))


def rounds_failed(error: BaseException) -> None:
    """Looking for strays met a defect of ours."""
    _log.critical("rounds_failed", **_story(error))


def seal_waits(error: BaseException) -> None:
    """Committed rows wait for their seal: the database is away."""
    _log.warning("seal_waits", **_story(error))


def doorbook_waits(error: BaseException) -> None:
    """The doors work with an older doorbook for a while: the database or the disk does not let us write a new one."""
    _log.warning("doorbook_waits", **_story(error))


def role_started(role: str, number: int, pid: int) -> None:
    """A process of that role runs."""
    _log.info("role_started", role=role, number=number, pid=pid)


def role_ended(role: str, number: int, status: int) -> None:
    """A process of that role is gone: its exit status, or minus the signal that killed it."""
    say = _log.warning if status else _log.info
    say("role_ended", role=role, number=number, status=status)


def role_killed(pid: int) -> None:
    """A process did not end in the time it was given."""
    _log.error("role_killed", pid=pid)


def role_waits(error: BaseException) -> None:
    """The process cannot begin yet; it will be started again."""
    _log.warning("role_waits", **_story(error))


def role_refuses(error: BaseException) -> None:
    """The process cannot begin before a person has mended something."""
    _log.error("role_refuses", **_story(error))


def role_failed(error: BaseException) -> None:
    """The process met a defect of ours and ends; it will be started again."""
    _log.critical("role_failed", **_story(error))


def _story(error: BaseException) -> dict[str, str]:
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    story = {"error": type(error).__name__, "at": " < ".join(reversed(places))}
    if isinstance(error, OSError):
        story["words"] = error.strerror or ""
    elif isinstance(error, (Temporary, Permanent)):
        story["words"] = str(error)
    return story
