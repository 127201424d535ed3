"""What peers report about a letter of ours, as events, and what the sender of its document hears of it.

Promises:  a report moves a letter only as the table of transport allows; it is told once, where it was asked for.
Never:     decides what a report means; ``mailmap.mail.report`` read it.
Fails:     what the scribe's register raises.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.work.case import Case
from gateway.work.scribe import Scribe
from gateway.work.telling import News, awaited, tell
from mailmap.document import events as e
from mailmap.mail.report import Action
from mailmap.policy.decision import Addressed, Note
from mailmap.policy.lifecycle import HANDLING, TRANSPORT
from storage import letters, lookup

_NOTED: Mapping[Action, type[e.LetterTold]] = {
    Action.FAILED: e.LetterFailed,
    Action.DELAYED: e.LetterDelayed,
    Action.DELIVERED: e.LetterDelivered,
    Action.DISPLAYED: e.LetterDisplayed,
}
# In which words the sender hears of it; a list that spreads a mail tells nothing more (RFC 3464 section 2.3.3).
_TOLD_ON = {each: each for each in (Action.FAILED, Action.DELAYED, Action.DELIVERED, Action.RELAYED)}
_TOLD_ON[Action.EXPANDED] = Action.RELAYED
_ONCE = frozenset({Action.RELAYED, Action.DELAYED})  # no state remembers these


def note(scribe: Scribe, case: Case, act: Note) -> int | None:
    """Write what was reported; the document it concerns, if any."""
    known = next((one for one in case.facts.addressed if one.letter == act.letter), None)
    if known is None:
        return None
    happened = _NOTED.get(act.action)
    if (happened or e.LetterDelivered).__name__ not in TRANSPORT[known.transport]:
        return known.document
    if happened is not None:
        scribe.events.append(happened(known.document, known.letter, 0, scribe.stamp, act.status, act.diagnostic))
        _arrive(scribe, known, act.action)
    _pass_on(scribe, case, known, act)
    return known.document


def _arrive(scribe: Scribe, known: Addressed, action: Action) -> None:
    """What reached the mailbox has arrived, for the register."""
    reached = action in {Action.DELIVERED, Action.DISPLAYED} and "DeliveryArrived" in HANDLING[known.handling]
    if reached and known.delivery is not None:
        scribe.events.append(e.DeliveryArrived(known.document, known.delivery, scribe.stamp))


def _pass_on(scribe: Scribe, case: Case, known: Addressed, act: Note) -> None:
    """What the peer reports is told to the sender of the document in plain words, where that was asked for."""
    action = _TOLD_ON.get(act.action)
    row = letters.current(scribe.tx, [known.letter])[known.letter]
    if action is None or not awaited(row, action):
        return
    if action in _ONCE and f"delivery-{action.value}" in lookup.reported(scribe.tx, known.delivery):
        return
    matter = letters.matters(scribe.tx, [known.document])[known.document]
    tell(scribe, row, matter, case.directory, News(action, act.status, act.diagnostic))
