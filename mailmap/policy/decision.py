"""The nouns of a decision: what was known (facts), what is to be done (acts), and how the mail ends (outcome).

Promises:  facts and decisions are whole and immutable; a decision names its rule and says one plain sentence.
Never:     does anything; the registrar carries a decision out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mailmap.directory.answers import Found, Sentence, Where, Who
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit
from mailmap.document.document import Enclosure, Fields, Secrecy, Symbol
from mailmap.mail.report import Action, Report
from mailmap.policy.commands import Command
from mailmap.policy.lifecycle import Handling, Life, TakeBack, Transport
from mailmap.policy.looking import Record
from mailmap.policy.orders import Order
from mailmap.policy.question import Question, Wording


class Outcome(StrEnum):
    """How an accepted mail ends; exactly one each."""

    REGISTERED = "registered"
    REPLY = "reply"
    REPORT = "report"
    HELD = "held"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    DEAD = "dead-letter"


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that rules consult.

    ``max_questions`` bounds how often one exchange is asked again, ``max_notices`` how many notices one address gets
    in a day: a robot at the other end that answers every mail must run dry.
    """

    own_names: frozenset[str]
    register_confidence: float = 0.8
    needed_proof: Proof = Proof.RELAY
    max_hops: int = 25
    max_attempts: int = 5
    max_questions: int = 2
    max_notices: int = 30


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same mail seen before: its document (None when it did not become one) and the units it reached.

    ``letters`` are the letters whose REPLY addresses it came to; ``at_intake`` says whether it came to the general
    intake address: what is unclear about the names in it was asked then.
    """

    mail: int
    document: int | None
    code: str
    units: frozenset[str]
    letters: frozenset[int] = frozenset()
    at_intake: bool = False


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a keyed address of this mail points at: a letter of ours and all that hangs on it.

    ``delivery`` is None when the letter was a receipt or notice to the sender of the document. ``unit`` stood for the
    unit the letter went to on the day the mail was accepted, so its people may answer; ``heir`` stands for it now and
    takes what is taken now (None: ``unit`` itself), ``settled`` is False when a person must say who does. ``before``
    is the name of the unit the letter went to, when another stands for it. ``sent_to`` and ``author`` are the ids of
    the units the letter went to and the document came from, as the register has them. ``booked`` says whether the
    outgoing book already has this document's number; ``issued`` is its date, None when not known. ``origin_address`` is
    where the sender is told, '' once purged. ``asked`` counts the questions (``answering.QUESTIONS``) mailed to this
    unit about this document in the last day. ``question`` is what the letter asked about recipients, None
    when it did not; ``offered`` has the unit behind each of its numbers, as it is today; ``reached`` are the ids of all
    units the document has a delivery to. ``template`` is the letter's; ``take_back``, ``life``, ``confirmed`` say how
    its delivery, its document and its legal standing stand. A mail that answers no letter but names its document has a
    ``letter`` of 0.
    """

    letter: int
    document: int
    code: str
    unit: Unit
    origin: Unit
    delivery: int | None
    handling: Handling
    transport: Transport
    symbol: Symbol | None
    booked: bool
    origin_address: str = ""
    asked: int = 0
    issued: date | None = None
    question: Question | None = None
    offered: Mapping[int, Unit] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()
    heir: Unit | None = None
    settled: bool = True
    before: str = ""
    sent_to: str = ""
    author: str = ""
    template: str = ""
    take_back: TakeBack = TakeBack.NONE
    life: Life = Life.REGISTERED
    confirmed: bool = False

    @property
    def received(self) -> bool:
        """Whether the letter went to the receiving unit; the sender of a document never answers in its place."""
        apart = self.sent_to != self.author if self.sent_to else self.unit.id != self.origin.id
        return self.delivery is not None and apart

    @property
    def takes(self) -> Unit:
        """The unit that takes the document now, into its own book."""
        return self.heir or self.unit


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why; ``name`` None is the mail itself, '' a file without a name.

    ``reason`` is a key below ``reading`` in config/locale; those of ``HARMFUL`` say that it broke whoever read it.
    ``sentence`` is the key that tells it best.
    """

    NAMELESS: ClassVar[str] = "?"
    LOCKED: ClassVar[str] = "encrypted"
    DAMAGED: ClassVar[str] = "unreadable"
    HARMFUL: ClassVar[frozenset[str]] = frozenset({"too-slow", "too-big", "too-long", "crashed"})
    name: str | None
    reason: str
    told: str = ""

    @property
    def sentence(self) -> str:
        """The locale key of what to say of it."""
        return self.told or f"reading.{self.reason}"

    @property
    def harmful(self) -> bool:
        """Whether it broke whoever read it."""
        return self.reason in self.HARMFUL


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one mail beside its own words.

    ``where`` has one answer per envelope recipient, in their order; ``addressed`` has one entry per keyed address
    that still leads somewhere; ``holder`` is the tracking code of the document that already holds this symbol in the
    sender's outgoing book of that year, or None (``decide.would_book`` says which symbol to look for); ``attempts``
    counts this one (1 is the first). ``answer`` is the text a person wrote, without quotes and signatures; ``report``
    what a DSN or MDN says, None when the mail is none or cannot be read as one; ``told`` counts the notices mailed to
    the sender's address in the last day. ``found`` is what the recipients mean that are named in the text: of a mail to
    the general intake address, or of an answer to a question about recipients; ``wording`` is how its sender is
    told of them. ``accepted`` is the day the mail came (None: that of ``now``); ``unread`` are unread files.
    ``fresh`` is the question or order of a mail that answers no letter, ``ordered`` the documents it names that its
    sender may order about; ``records`` is what the register may tell its sender of what it asks for.
    """

    who: Who
    proof: Proof
    where: tuple[Where, ...]
    fields: Fields
    enclosures: tuple[Enclosure, ...]
    now: datetime
    earlier: Earlier | None = None
    addressed: tuple[Addressed, ...] = ()
    holder: str | None = None
    attempts: int = 1
    released_by: str | None = None
    answer: str = ""
    report: Report | None = None
    told: int = 0
    found: tuple[Found, ...] = ()
    wording: Wording = field(default_factory=Wording)
    accepted: date | None = None
    unread: tuple[Unread, ...] = ()
    fresh: Command | None = None
    ordered: tuple[Addressed, ...] = ()
    records: tuple[Record, ...] = ()

    @property
    def damaged(self) -> tuple[str, ...]:
        """The names of files that are not what they claim to be, or only in part."""
        return self.names_of({Unread.DAMAGED})

    def names_of(self, reasons: Collection[str]) -> tuple[str, ...]:
        """The names of files that were not read for one of these reasons."""
        return tuple(one.name or Unread.NAMELESS for one in self.unread if one.reason in reasons)


@dataclass(frozen=True, slots=True)
class Register:
    """Make it a document of ``origin`` with these fields; below-confidence fields are already None in ``fields``.

    ``missing`` names the fields the receipt asks for. One delivery per unit in ``recipients``. The outgoing
    book takes ``fields.symbol`` when it is there. ``question`` is mailed back when recipients are not clear.
    """

    origin: Unit
    fields: Fields
    enclosures: tuple[Enclosure, ...]
    recipients: tuple[Unit, ...]
    missing: tuple[str, ...] = ()
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class AddRecipients:
    """A copy of a known mail, or an answer, named more recipients: each gets a delivery of the same document.

    ``answers`` is the letter whose question was answered, None for a copy; ``question`` is what is asked now: with an
    answer, what is still open.
    """

    document: int
    recipients: tuple[Unit, ...]
    question: Question | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Handle:
    """The receiving unit answered: move the delivery's handling to ``to``; ``words`` is its own text."""

    delivery: int
    to: Handling
    words: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """The sender completed missing fields of its document."""

    document: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class Note:
    """Peers reported about a letter of ours."""

    letter: int
    action: Action
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Lock:
    """Put the mail under lock: it bears a mark of state secrecy. ``to`` hears that it did not travel, '' is nobody."""

    degree: Secrecy
    to: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Mail a notice to a proven sender; ``template`` is a name in config/templates, facts fill it."""

    template: str
    to: str
    facts: tuple[tuple[str, str], ...] = ()
    document: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Mail a question about recipients to a proven sender; ``answers`` is the letter that asked it before, if any."""

    template: str
    to: str
    question: Question
    document: int
    answers: int | None = None


Act = Register | AddRecipients | Handle | Complete | Note | Tell | Ask | Lock | Order


@dataclass(frozen=True, slots=True)
class Decision:
    """How one mail ends, by which rule, said in one sentence, and what is to be done."""

    rule: str
    outcome: Outcome
    sentence: Sentence
    acts: tuple[Act, ...] = ()
