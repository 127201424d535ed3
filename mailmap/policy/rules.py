"""The ordered table of rules: the order is the policy.

Promises:  the last rule applies to every mail; each rule has one name, one sentence in ``config/locale`` (rule.<name>),
           and one outcome.
Never:     mails anything to a sender who is not proven; registers what bears a mark of state secrecy; guesses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mailmap.directory.address import May
from mailmap.directory.answers import Leads, Sentence
from mailmap.document.document import Secrecy
from mailmap.document.spelling import plain, tidy
from mailmap.mail.attachment import Role
from mailmap.mail.report import Action, Reported
from mailmap.policy import answering, asking, automatic, recipients
from mailmap.policy.case import Case
from mailmap.policy.decision import Decision, Lock, Note, Outcome
from mailmap.policy.verdicts import Verdict, ends, refuses, tells


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, when it applies, and what follows."""

    name: str
    applies: Callable[[Case], bool]
    verdict: Verdict


# --- does a person stand behind it ---


def _loops(case: Case) -> bool:
    own = {name.casefold() for name in case.policy.own_names}
    return case.message.hops > case.policy.max_hops or any(mark.strip().casefold() in own for mark in case.message.loop)


def _reports(case: Case) -> bool:
    return case.facts.report is not None and bool(case.facts.report.recipients) and bool(case.facts.addressed)


_TELLING = (
    Action.FAILED, Action.DISPLAYED, Action.DELETED, Action.DELIVERED, Action.RELAYED, Action.EXPANDED, Action.DELAYED,
)  # fmt: skip


def _note(rule: str, case: Case) -> Decision:
    """A letter of ours goes to one address; when a list stands behind it, the most telling action counts."""
    reported = case.facts.report.recipients if case.facts.report else ()
    most: Reported = min(reported, key=lambda each: _TELLING.index(each.action))
    notes = (Note(one.letter, most.action, most.status, most.diagnostic) for one in case.facts.addressed)
    return Decision(rule, Outcome.REPORT, Sentence.of(f"rule.{rule}", action=most.action.value), tuple(notes))


def _unreadable_report(case: Case) -> bool:
    """A mail to a return path is a report, whether or not we can read it."""
    if case.facts.report is not None:
        return bool(case.facts.addressed)
    to_return = all(where.leads is Leads.RETURN for where in case.facts.where) and bool(case.facts.where)
    return to_return and not automatic.answers_itself(case.message)


def _automatic(case: Case) -> bool:
    return automatic.answers_itself(case.message) or (not case.papers and automatic.machine_made(case.message))


def _classified(rule: str, case: Case) -> Decision:
    """Neutral: the sentence names nobody and nothing. Of people, only a proven one of ours hears that it stays here."""
    seen, machine = case.facts.fields.secrecy, case.envelope.sender is None or case.facts.report is not None
    person = case.proven and not case.vouched and not machine and not _automatic(case) and not _loops(case)
    told = person and case.facts.who.unit is not None and case.facts.told < case.policy.max_notices
    locks = Lock(seen.value if seen else Secrecy.CONFIDENTIAL, case.sender if told else "")
    return Decision(rule, Outcome.HELD, Sentence.of(f"rule.{rule}"), (locks,))


# --- who sends it ---


def _from_unclear(case: Case) -> bool:
    """No sender, or several, be it in one field or in two (RFC 5322 section 3.6: exactly one field)."""
    fields = sum(name.lower() == "from" for name, _ in case.message.headers)
    return fields > 1 or len(case.message.from_) != 1 or "@" not in case.message.from_[0].address


def _for_the_operator(case: Case) -> bool:
    return bool(case.facts.where) and all(where.leads is Leads.POSTMASTER for where in case.facts.where)


# --- what it sends, and where ---


def _open(rule: str, case: Case) -> Decision:
    """A person says who takes the place of a unit that ended; the sender is told so once, and nothing is lost."""
    names = ", ".join(unit.name for unit in case.unsettled)
    told = tells(Outcome.HELD, "successor-open", None, units=names)(rule, case)
    again = case.vouched or case.facts.earlier is not None
    return replace(told, acts=()) if again else told


def _meanwhile(verdict: Verdict) -> Verdict:
    """As that verdict for whoever can be reached; the mail waits for the person all the same."""

    def both(rule: str, case: Case) -> Decision:
        names = ", ".join(unit.name for unit in case.unsettled)
        reached = ", ".join(unit.name for unit in case.new_recipients)
        sentence = Sentence.of(f"rule.{rule}", units=names, reached=reached)
        return replace(verdict(rule, case), outcome=Outcome.HELD, sentence=sentence)

    return both


def _known(case: Case) -> bool:
    return case.facts.earlier is not None and case.facts.earlier.document is not None


_ATTACHES = ("dinh kem", "gui kem", "kem theo", "file kem", "tep kem", "xem file", "attached", "attachment")


def _forgotten(case: Case) -> bool:
    """No paper, a number, and a text that speaks of an attachment."""
    said = plain(tidy(f"{case.message.subject}\n{case.facts.answer or case.message.text}"))
    return not case.papers and case.confident.symbol is not None and any(words in said for words in _ATTACHES)


def _unsafe(rule: str, case: Case) -> Decision:
    """A file broke whoever read it: a person looks, and the sender hears it once."""
    told = tells(Outcome.HELD, "unsafe-file", None, files=", ".join(case.harmful))(rule, case)
    return replace(told, acts=()) if case.facts.earlier is not None else told


def _locked(case: Case) -> bool:
    """Every document needs a password that neither we nor the recipients have."""
    documents = [each for each in case.papers if each.role == Role.DOCUMENT] or list(case.papers)
    return bool(documents) and not case.vouched and len(case.locked) >= len(documents)


def _refuse_locked(rule: str, case: Case) -> Decision:
    return refuses("locked-file", files=", ".join(case.locked))(rule, case)


def _number_taken(case: Case) -> bool:
    return case.facts.holder is not None and case.confident.symbol is not None


def _taken(rule: str, case: Case) -> Decision:
    symbol = case.confident.symbol
    told = {"symbol": str(symbol.value) if symbol else "", "code": case.facts.holder or ""}
    return refuses("number-taken", **told)(rule, case)


def _address(case: Case) -> str:
    return ", ".join(where.recipient for where in case.facts.where)


def _no_recipient(rule: str, case: Case) -> Decision:
    wanted = refuses("nobody-named", recipients=_address(case))
    return (wanted if case.at_intake else refuses("no-recipient", recipients=_address(case)))(rule, case)


def _told_proof(rule: str, case: Case) -> Decision:
    proof = case.facts.proof.name.lower()
    return Decision(rule, Outcome.HELD, Sentence.of(f"rule.{rule}", proof=proof, address=case.sender))


def _may_not_send(rule: str, case: Case) -> Decision:
    unit = case.facts.who.unit
    return refuses("may-not-send", address=case.sender, unit=unit.name if unit else "")(rule, case)


RULES: tuple[Rule, ...] = (
    Rule("poison", lambda c: c.facts.attempts > c.policy.max_attempts, ends(Outcome.DEAD)),
    Rule("unreadable-mail", lambda c: c.broken, ends(Outcome.HELD)),
    Rule("classified", lambda c: c.classified, _classified),
    Rule("own-loop", _loops, ends(Outcome.IGNORED)),
    Rule("report", _reports, _note),
    Rule("unreadable-report", _unreadable_report, ends(Outcome.HELD)),
    Rule("report-astray", lambda c: c.facts.report is not None, ends(Outcome.IGNORED)),
    Rule("null-sender", lambda c: c.envelope.sender is None and not c.keyed, ends(Outcome.IGNORED)),
    Rule("auto-reply", _automatic, ends(Outcome.IGNORED)),
    Rule("duplicate", lambda c: c.repeated, ends(Outcome.DUPLICATE)),
    Rule("for-the-operator", _for_the_operator, ends(Outcome.HELD)),
    Rule("from-unclear", _from_unclear, ends(Outcome.HELD)),
    Rule("sender-successor-open", lambda c: c.facts.who.unit is None and bool(c.facts.who.steps), ends(Outcome.HELD)),
    Rule("unmapped-sender", lambda c: c.facts.who.unit is None, ends(Outcome.HELD)),
    Rule("unproven-sender", lambda c: not c.proven, _told_proof),
    Rule("unsafe-file", lambda c: bool(c.harmful) and not c.vouched, _unsafe),
    *(Rule(name, applies, verdict) for name, applies, verdict in (*asking.RULES, *answering.RULES)),
    Rule("may-not-send", lambda c: May.SEND not in c.facts.who.may, _may_not_send),
    Rule("successor-open", lambda c: bool(c.unsettled) and not c.new_recipients and c.question is None, _open),
    Rule("further-recipients-open", lambda c: bool(c.unsettled) and _known(c), _meanwhile(recipients.further)),
    Rule("further-recipients", lambda c: _known(c) and bool(c.new_recipients), recipients.further),
    Rule("further-unclear", lambda c: _known(c) and c.question is not None, recipients.further),
    Rule("no-recipient", lambda c: not c.recipients and c.question is None, _no_recipient),
    Rule("to-itself", lambda c: not c.others and c.question is None, refuses("to-itself")),
    Rule("forgotten-attachment", _forgotten, refuses("forgotten-attachment")),
    Rule("no-document", lambda c: not c.papers and c.confident.symbol is None, refuses("no-document")),
    Rule("locked-file", _locked, _refuse_locked),
    Rule("number-taken", _number_taken, _taken),
    Rule("correspondence-open", lambda c: bool(c.unsettled), _meanwhile(recipients.register)),
    Rule("recipients-unclear", lambda c: c.question is not None, recipients.register),
    Rule("correspondence", lambda _: True, recipients.register),
)  # fmt: skip
