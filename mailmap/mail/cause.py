"""Why a mail was not delivered, in one word of a closed set, from a status code and the words of a mail server.

Promises:  one cause for any status and words, in whatever language servers speak; words that say it plainly count
           before a code, and a code before vague words (servers put 5.0.0 and 5.7.1 on everything).
Never:     says what to do: each cause has its sentence in config/locale (cause.<name>).
Fails:     never; what says nothing is ``UNKNOWN``.
"""

from __future__ import annotations

import re

from mailmap.mail.cause_signs import PLAIN, Cause

MAX_WORDS = 2_000  # characters of a server's words that are read
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
SAID = {Cause.LATER, Cause.NO_ANSWER, Cause.REFUSED, Cause.EXPIRED}  # vague words: a plain code counts before them
CODES: dict[str, Cause] = {
    **dict.fromkeys(("1.1", "1.0", "1.6", "1.10", "2.4"), Cause.NO_USER),
    **dict.fromkeys(("1.2", "1.3", "4.4", "1.8"), Cause.NO_DOMAIN),
    "2.1": Cause.LOCKED,
    **dict.fromkeys(("2.2", "3.1", "5.2"), Cause.FULL),
    **dict.fromkeys(("2.3", "3.4"), Cause.TOO_BIG),
    "4.6": Cause.LOOP,
    "4.7": Cause.EXPIRED,
    **dict.fromkeys(("4.0", "4.1", "4.2", "4.3", "4.5", "3.2"), Cause.NO_ANSWER),
    **dict.fromkeys(("7.9", "7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26"), Cause.UNAUTHENTICATED),
}


def explain(status: str, words: str, whole: str = "", *, failed: bool) -> Cause:
    """As ``cause_of``, and from the ``whole`` notice where that says nothing; a delay without a cause is one."""
    found = cause_of(status, words, failed=failed)
    if found is Cause.UNKNOWN and whole:
        found = cause_of(status, whole, failed=failed)
    return Cause.LATER if not failed and found in {Cause.UNKNOWN, Cause.EXPIRED} else found


def cause_of(status: str, words: str, *, failed: bool) -> Cause:
    """Why; ``status`` is d.d.d or '', ``words`` a server's own; ``failed`` says that nobody tries again.

    What stayed a passing trouble until the time was over has expired.
    """
    words = words[:MAX_WORDS]
    found = _told(_status(status, words), words)
    if failed and found is Cause.LATER:
        return Cause.EXPIRED if _passing(status, words) else Cause.REFUSED
    if failed and found is Cause.NO_ANSWER and _says(Cause.EXPIRED, words):
        return Cause.EXPIRED
    return found


def _told(status: str, words: str) -> Cause:
    said = next((cause for cause, phrases in PLAIN if phrases.search(words)), None)
    code = Cause.NO_ANSWER if status == "4.4.4" else CODES.get(status[2:])  # a name that may yet be found
    if code is Cause.NO_DOMAIN and said is Cause.NO_USER and status == "5.1.2":
        return code
    if said is not None and (said not in SAID or code is None):
        return said
    if code is not None:
        return code
    if status[2:4] == "7." or status[2:4] == "6.":
        return Cause.LATER if status.startswith("4") else Cause.REFUSED
    return Cause.NO_ANSWER if status[:4] in {"4.4.", "5.4."} else Cause.UNKNOWN


def _status(status: str, words: str) -> str:
    """The code that says most: the server's own where the report has only x.0.0."""
    if status and not status.endswith(".0.0"):
        return status
    told = STATUS.search(words)
    return told[1] if told else status


def _passing(status: str, words: str) -> bool:
    """Whether the trouble was one of those that pass."""
    return _status(status, words).startswith("4") or _says(Cause.EXPIRED, words) or bool(re.search(r"\b4\d\d\b", words))


def _says(cause: Cause, words: str) -> bool:
    return any(kind is cause and phrases.search(words) for kind, phrases in PLAIN)
