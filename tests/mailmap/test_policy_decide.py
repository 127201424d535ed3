"""The rule table, rule by rule: what becomes of a mail, and why."""

from __future__ import annotations

import pytest

from mailmap.directory.address import May
from mailmap.directory.answers import Leads, Where
from mailmap.directory.proof import Proof
from mailmap.document.document import Fields, Secrecy
from mailmap.document.fields import read_fields
from mailmap.mail.message import Mailbox
from mailmap.mail.report import Action, Report, Reported, ReportKind
from mailmap.policy.decision import AddRecipients, Earlier, Lock, Note, Outcome, Register
from tests.mailmap.cases import (
    CLERK,
    HAI_HAU,
    HAI_LONG,
    HAI_PHUC,
    LOGO,
    PDF,
    POLICY,
    SYMBOL,
    TODAY,
    WHY,
    answer_facts,
    facts,
    judge,
    keyed,
    letter,
    message,
    to,
    told,
    who,
)

EARLIER = Earlier(1, 100, "LT-7K3Q-9F2M-X", frozenset({HAI_HAU.id}))


def ends(decision: object) -> tuple[str, Outcome]:
    """Rule and outcome of a decision."""
    return decision.rule, decision.outcome  # type: ignore[attr-defined]


def test_a_document_is_registered() -> None:
    """A proven clerk's công văn with its PDF becomes a document with its number, date, kind and trích yếu."""
    decision = judge(facts())
    assert ends(decision) == ("correspondence", Outcome.REGISTERED)
    (act,) = decision.acts
    assert isinstance(act, Register)
    assert (act.origin, act.recipients, act.missing, act.enclosures) == (HAI_PHUC, (HAI_HAU,), (), (PDF,))
    assert act.fields.symbol is not None
    assert act.fields.symbol.value == SYMBOL


def test_what_is_not_sure_is_asked_for_and_not_registered() -> None:
    """A number on which subject and file name disagree is left out of the register, and the receipt asks for it."""
    read = read_fields("Công văn số 54/UBND-VP ngày 15/10/2016 V/v thiên tai", [PDF.name], "", TODAY)
    (act,) = judge(facts(fields=read)).acts
    assert isinstance(act, Register)
    assert act.fields.symbol is None
    assert act.missing == ("symbol",)


def test_pictures_that_decorate_a_mail_are_no_document() -> None:
    """A logo is neither filed with the document nor a document by itself (lesson 25)."""
    (act,) = judge(facts(enclosures=(PDF, LOGO))).acts
    assert isinstance(act, Register)
    assert act.enclosures == (PDF,)
    alone = judge(facts(enclosures=(LOGO,), fields=Fields()), message("Chào buổi sáng"))
    assert ends(alone) == ("no-document", Outcome.REFUSED)
    assert told(alone) == ["no-document"]


def test_a_mail_that_keeps_failing_is_buried() -> None:
    """After the last attempt a mail goes to the dead letters, whatever it says."""
    assert ends(judge(facts(attempts=POLICY.max_attempts + 1))) == ("poison", Outcome.DEAD)
    assert judge(facts(attempts=POLICY.max_attempts)).rule == "correspondence"


@pytest.mark.parametrize("mail", [message(loop=("Cong.NamDinh.example",)), message(hops=26)])
def test_our_own_mail_coming_back_is_ignored(mail: object) -> None:
    """Our own loop marker, or too many hops, ends a circle (lesson 31)."""
    assert ends(judge(facts(), mail)) == ("own-loop", Outcome.IGNORED)  # type: ignore[arg-type]


def test_another_gateways_marker_is_no_loop() -> None:
    """A mail that passed another gateway of this kind is a mail."""
    assert judge(facts(), message(loop=("cong.thaibinh.example",), hops=25)).rule == "correspondence"


def report_facts(*reported: Reported, **changes: object) -> object:
    """A report that came to the return path of letter 7."""
    report = Report(ReportKind.DSN, reported)
    given = {"where": (keyed(7, Leads.RETURN),), "addressed": (letter(),), "report": report, "who": who(None, "")}
    return facts(**{**given, "proof": Proof.NONE, **changes})


def test_a_report_is_noted_on_its_letter() -> None:
    """A bounce to the return path is noted with the peer's own words; nobody must be proven for it."""
    known = report_facts(Reported("a@b", Action.FAILED, "5.1.1", "550 no such user"))
    decision = judge(known, sender=None)  # type: ignore[arg-type]
    assert ends(decision) == ("report", Outcome.REPORT)
    assert decision.acts == (Note(7, Action.FAILED, "5.1.1", "550 no such user"),)


def test_the_most_telling_action_of_a_report_counts() -> None:
    """Where a list stands behind the address, one failure is told rather than nine deliveries."""
    known = report_facts(Reported("a@b", Action.DELIVERED), Reported("c@b", Action.FAILED, "5.2.2"))
    (note,) = judge(known, sender=None).acts  # type: ignore[arg-type]
    assert isinstance(note, Note)
    assert note.action is Action.FAILED


def test_an_unreadable_report_waits_for_the_operator() -> None:
    """What comes to a return path is a report even when we cannot read it; it is not lost (lesson 16)."""
    assert ends(judge(report_facts(), sender=None)) == ("unreadable-report", Outcome.HELD)  # type: ignore[arg-type]
    free = judge(report_facts(report=None), sender=None)  # type: ignore[arg-type]
    assert ends(free) == ("unreadable-report", Outcome.HELD)


def test_a_report_on_nothing_of_ours_is_ignored() -> None:
    """A bounce to a letter that is gone, or to a unit's address, makes no mail (lesson 30)."""
    gone = report_facts(Reported("a@b", Action.FAILED), addressed=())
    assert ends(judge(gone, sender=None)) == ("report-astray", Outcome.IGNORED)  # type: ignore[arg-type]
    backscatter = report_facts(Reported("a@b", Action.FAILED), addressed=(), where=to(HAI_HAU))
    assert judge(backscatter, sender=None).rule == "report-astray"  # type: ignore[arg-type]


def test_a_null_sender_makes_no_mail() -> None:
    """A bounce of a receipt, without a report we know, ends here (lessons 29, 30)."""
    decision = judge(facts(), sender=None)
    assert ends(decision) == ("null-sender", Outcome.IGNORED)
    assert decision.acts == ()


@pytest.mark.parametrize(
    "headers",
    [
        (("Auto-Submitted", "auto-replied (vacation)"),),
        (("Precedence", "auto_reply"),),
        (("X-Autoreply", "yes"),),
    ],
)
def test_automatic_answers_are_ignored(headers: tuple[tuple[str, str], ...]) -> None:
    """RFC 3834: no answer to an answer, also when it comes to a REPLY address (lesson 29)."""
    assert ends(judge(facts(), message(headers=headers))) == ("auto-reply", Outcome.IGNORED)
    assert ends(judge(answer_facts("Đã nhận"), message(headers=headers))) == ("auto-reply", Outcome.IGNORED)


@pytest.mark.parametrize("subject", ["Automatic reply: 45/UBND-VP", "Trả lời tự động: 45/UBND-VP", "Out of Office"])
def test_old_programs_are_known_by_their_subject(subject: str) -> None:
    """An automatic answer without any header is known by how its subject begins."""
    assert judge(answer_facts("Tôi đã nhận được thư"), message(subject)).rule == "auto-reply"


def test_a_machine_may_send_documents() -> None:
    """A scanner or another system that says auto-generated sends documents like anybody."""
    generated = message(headers=(("Auto-Submitted", "auto-generated"),))
    assert judge(facts(), generated).rule == "correspondence"
    assert judge(facts(enclosures=()), generated).rule == "auto-reply"


def test_a_mark_of_secrecy_stops_everything() -> None:
    """MẬT: locked with a sentence that names nothing, never registered, however well proven."""
    read = read_fields("[MẬT] Công văn số 45/UBND-VP", [PDF.name], "", TODAY)
    decision = judge(facts(fields=read, proof=Proof.PERSON, released_by="admin"))
    assert ends(decision) == ("classified", Outcome.HELD)
    assert decision.acts == (Lock(Secrecy.CONFIDENTIAL),)
    assert decision.sentence.facts == ()


def test_the_same_mail_twice_is_one() -> None:
    """The same mail to the same units is a duplicate; a copy of a held mail too (lessons 3, 5)."""
    assert ends(judge(facts(earlier=EARLIER))) == ("duplicate", Outcome.DUPLICATE)
    held = Earlier(1, None, "", frozenset({HAI_HAU.id}))
    assert judge(facts(earlier=held)).rule == "duplicate"


def test_a_copy_for_another_unit_adds_it() -> None:
    """Servers split recipients: the copy adds a delivery to the same document (lesson 15)."""
    decision = judge(facts(earlier=EARLIER, where=to(HAI_HAU, HAI_LONG)))
    assert ends(decision) == ("further-recipients", Outcome.REGISTERED)
    assert decision.acts == (AddRecipients(100, (HAI_LONG,)),)


def test_a_replayed_mail_adds_nobody_without_proof() -> None:
    """Who replays another's mail with new recipients is not believed."""
    decision = judge(facts(earlier=EARLIER, where=to(HAI_LONG), proof=Proof.NONE))
    assert ends(decision) == ("unproven-sender", Outcome.HELD)


@pytest.mark.parametrize("from_", [(), (Mailbox("", CLERK), Mailbox("", "x@y.example")), (Mailbox("UBND", ""),)])
def test_one_sender_and_no_other(from_: tuple[Mailbox, ...]) -> None:
    """No From, several, or one without an address: a person looks, nobody is told (lesson 17)."""
    decision = judge(facts(), message(from_=from_))
    assert ends(decision) == ("from-unclear", Outcome.HELD)
    assert decision.acts == ()


def test_two_from_fields_are_two_senders() -> None:
    """The first field may be the clerk's and the second somebody else's: nobody chooses between them in silence."""
    two = (("From", CLERK), ("from", "x@y.example"))
    assert ends(judge(facts(), message(headers=two))) == ("from-unclear", Outcome.HELD)
    assert judge(facts(), message(headers=two[:1])).rule == "correspondence"


def test_strangers_wait_untold() -> None:
    """An unmapped sender is held, and never written to (lesson 32)."""
    decision = judge(facts(who=who(None, "la@example.org")))
    assert ends(decision) == ("unmapped-sender", Outcome.HELD)
    assert decision.acts == ()


def test_a_name_alone_proves_nothing() -> None:
    """A mapped From that nothing proves is held, and never written to (lesson 32)."""
    decision = judge(facts(proof=Proof.NONE))
    assert ends(decision) == ("unproven-sender", Outcome.HELD)
    assert decision.acts == ()
    assert judge(facts(proof=Proof.RELAY)).rule == "correspondence"


def test_an_address_without_the_right_is_told() -> None:
    """A proven address that may only receive gets a refusal in plain words."""
    decision = judge(facts(who=who(HAI_PHUC, CLERK, frozenset({May.RECEIVE}))))
    assert ends(decision) == ("may-not-send", Outcome.REFUSED)
    assert told(decision) == ["may-not-send"]


def test_postmaster_is_read_by_the_operator() -> None:
    """Mail to postmaster or abuse waits for the operator, from strangers too (RFC 5321 section 4.5.1)."""
    where = (Where("postmaster@namdinh.example", Leads.POSTMASTER, None, WHY),)
    assert ends(judge(facts(where=where, who=who(None, "x@y"), proof=Proof.NONE))) == ("for-the-operator", Outcome.HELD)


def test_no_unit_no_document() -> None:
    """A mail that reaches no unit is refused with the addresses it named, or with how to name units in the text."""
    for leads, template in ((Leads.UNKNOWN, "no-recipient"), (Leads.INTAKE, "nobody-named")):
        decision = judge(facts(where=(Where("vanban@namdinh.example", leads, None, WHY),)))
        assert ends(decision) == ("no-recipient", Outcome.REFUSED)
        assert told(decision) == [template]
    assert dict(decision.sentence.facts)["recipients"] == "vanban@namdinh.example"


def test_a_unit_does_not_write_to_itself() -> None:
    """Sent to one's own unit alone: told; a copy to oneself beside others is no delivery."""
    assert ends(judge(facts(where=to(HAI_PHUC)))) == ("to-itself", Outcome.REFUSED)
    (act,) = judge(facts(where=to(HAI_PHUC, HAI_HAU, HAI_HAU))).acts
    assert isinstance(act, Register)
    assert act.recipients == (HAI_HAU,)


def test_a_forgotten_attachment_is_spoken_of() -> None:
    """A number, a text that says "đính kèm", and no file: told, and no number is used up."""
    decision = judge(facts(enclosures=()), message(text="Xin gửi văn bản đính kèm."))
    assert ends(decision) == ("forgotten-attachment", Outcome.REFUSED)
    assert judge(facts(enclosures=()), message(text="Nội dung công văn như sau: …")).rule == "correspondence"


def test_a_number_is_used_once() -> None:
    """A number that the book has already is refused, with the code of its document."""
    decision = judge(facts(holder="LT-AAAA-BBBB-C"))
    assert ends(decision) == ("number-taken", Outcome.REFUSED)
    assert dict(decision.sentence.facts)["code"] == "LT-AAAA-BBBB-C"
    unsure = read_fields("Tài liệu họp ngày mai", ["54-UBND-VP.pdf", PDF.name], "", TODAY)
    assert judge(facts(holder="LT-AAAA-BBBB-C", fields=unsure)).rule == "correspondence"


def test_a_robot_runs_dry() -> None:
    """Past the daily number of notices nobody is written to; a person looks (lesson 30)."""
    decision = judge(facts(enclosures=(), fields=Fields(), told=POLICY.max_notices), message("Chào"))
    assert ends(decision) == ("told-often", Outcome.HELD)
    assert decision.acts == ()
    assert judge(facts(told=POLICY.max_notices)).rule == "correspondence"
