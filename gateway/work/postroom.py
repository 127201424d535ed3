"""The postroom: claimed letters become parcels, and what leaves is kept as evidence first.

Promises:  a letter's octets are made once: every later attempt sends the frame that was posted before. A file that
           several letters carry is fetched and encoded once per portion. A portion's files stay within ``MOST_OCTETS``.
Never:     lets one letter that cannot be written hold up the others: it comes back as Spoiled.
Fails:     BlobsAway (Temporary) when the store does not answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.send.courier import Parcel
from gateway.work.matter import letter_of
from mailmap.directory.answers import Directory
from mailmap.mail.envelope import Notify, Return
from mailmap.writing.compose import Composed, compose, return_path
from mailmap.writing.evidence import freeze, thaw
from mailmap.writing.letter import Kind, Letter, Letterhead
from mailmap.writing.parts import Encoded, encode
from mailmap.writing.templates import Templates
from storage.blobs import Blobs, NoBlob
from storage.letters import Matter, Posted, Row
from storage.trouble import Temporary

MOST_OCTETS = 32 << 20
_EVERY_REPORT = frozenset({Notify.SUCCESS, Notify.FAILURE, Notify.DELAY})


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter whose attempt has begun: its row as it was before, and what hangs on it."""

    row: Row
    attempt: int
    matter: Matter | None
    posted: Posted | None

    @property
    def octets(self) -> int:
        """About how much room its files take while it is written."""
        sheet = self.matter.sheet if self.matter else None
        if self.row.kind != Kind.DELIVERY or not sheet:
            return 0
        return sum(each["size"] for each in sheet["enclosures"])


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that can leave; ``posted`` is what must be kept before it does, None when it is kept already."""

    claimed: Claimed
    parcel: Parcel
    posted: Posted | None


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A letter that cannot be written, and why."""

    claimed: Claimed
    error: Exception


@dataclass(frozen=True, slots=True)
class Postroom:
    """Writes letters. ``asks`` says whether we want reports about deliveries from peers that know DSN."""

    blobs: Blobs
    templates: Templates
    head: Letterhead
    asks: bool = True

    def make_ready(self, claimed: Sequence[Claimed], directory: Directory) -> Iterator[Ready | Spoiled]:
        """Each letter as a parcel, in order."""
        files: dict[str, Encoded] = {}
        for one in claimed:
            try:
                yield self._again(one, one.posted, files) if one.posted else self._first(one, files, directory)
            except Temporary:
                raise
            except Exception as error:  # noqa: BLE001  whatever it is, it is this letter's, and the others go on
                yield Spoiled(one, error)

    def _first(self, one: Claimed, files: dict[str, Encoded], directory: Directory) -> Ready:
        letter = letter_of(one.row, one.matter, directory)
        carried = letter.about.enclosures if letter.about and letter.kind is Kind.DELIVERY else ()
        encoded = [self._file(each.sha256, files) for each in carried]
        composed = compose(letter, self.head, self.templates, encoded, self._returned(one, letter))
        parcel = self._parcel(composed, one)
        return Ready(one, parcel, Posted(letter.id, composed.message_id, freeze(composed.pieces), parcel.size))

    def _again(self, one: Claimed, posted: Posted, files: dict[str, Encoded]) -> Ready:
        pieces = thaw(posted.frame, lambda sha256: self._file(sha256, files))
        sender = return_path(Kind(one.row.kind), one.row.id, self.head)
        composed = Composed(posted.message_id, sender, one.row.to, pieces)
        return Ready(one, self._parcel(composed, one), None)

    def _parcel(self, composed: Composed, one: Claimed) -> Parcel:
        notify = frozenset({Notify.NEVER})
        if one.row.kind == Kind.DELIVERY:
            notify = _EVERY_REPORT if self.asks else frozenset({Notify.FAILURE, Notify.DELAY})
        envid = composed.message_id.strip("<>")
        return Parcel(
            one.row.id, composed.sender, composed.recipient, composed.octets(), notify, envid, ret=Return.HDRS
        )  # fmt: skip

    def _file(self, sha256: str, files: dict[str, Encoded]) -> Encoded:
        if sha256 not in files:
            files[sha256] = encode(self.blobs.get(sha256), sha256)
        return files[sha256]

    def _returned(self, one: Claimed, letter: Letter) -> bytes:
        if letter.spec.fate is None or one.matter is None or one.matter.blob is None:
            return b""
        try:
            return self.blobs.get(one.matter.blob)
        except NoBlob:  # purged: a report is whole without it
            return b""


def portions(claimed: Sequence[Claimed]) -> Iterator[list[Claimed]]:
    """The letters in order, in portions whose files take no more room than MOST_OCTETS, or of one letter."""
    portion: list[Claimed] = []
    documents: dict[int | None, int] = {}
    for one in claimed:
        grown = documents | {one.row.document: one.octets}
        if portion and sum(grown.values()) > MOST_OCTETS:
            yield portion
            portion, grown = [], {one.row.document: one.octets}
        portion.append(one)
        documents = grown
    if portion:
        yield portion
