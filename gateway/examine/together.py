"""Several mails read by few children: forking one for each costs more than reading it.

Promises:  the mails of one sender are read by one child, their PDFs too: a file that took over its reader could falsify
           nothing but its own sender's. Mails of many senders are parsed by a child that runs nothing but our own
           readers; a mail whose files only libmagic can tell is left out, and PDFs have a child for each mail. What is
           left out, or breaks its child, is None or absent: whoever asks reads it alone, and finds the one at fault.
Never:     puts what two senders sent before one reader of PDFs, or before libmagic.
Fails:     with SandboxDown when no process can be started: try again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.examine.filetype import PDF
from gateway.examine.parcel import Parcel, papers_of, unpacked
from gateway.examine.plain import NotPlain, Part, loaded
from gateway.examine.sandbox import Refused, Sandbox
from gateway.examine.walls import Limits

MOST = 8 << 20  # octets that one child is given
SPARE = 64 << 20  # as for one mail
LONGEST_REASON = 40


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail's octets and who sent them, as the connection proved it."""

    raw: bytes
    sender: str


@dataclass(frozen=True, slots=True)
class Together:
    """Reads batches with the functions of one module in a sandbox."""

    sandbox: Sandbox
    module: str
    limits: Limits

    def parcels(self, mails: Sequence[Sent], pages: dict[str, int]) -> list[Parcel | None]:
        """What each mail says, with the texts of its PDFs; None for one that must be read alone."""
        found: list[Parcel | None] = [None] * len(mails)
        groups = [[*places] for places in _by_sender(mails).values()]
        for places in groups:
            if len(places) > 1:
                self._parse(places, mails, found, {"papers": True, **pages})
        single = [places[0] for places in groups if len(places) == 1]
        self._parse(single, mails, found, {"papers": False})
        for place in single:
            self._read([place], found, pages)
        return found

    def _parse(
        self, places: Sequence[int], mails: Sequence[Sent], found: list[Parcel | None], how: dict[str, int | bool]
    ) -> None:
        """Parse these mails, as many at a time as one child is given; what is read alone anyway is left."""
        left = list(places)
        for batch in _batches([mails[place].raw for place in places]):
            chosen, left = left[: len(batch)], left[len(batch) :]
            parcels = self._parsed(batch, how) if len(batch) > 1 else [None]
            for place, parcel in zip(chosen, parcels, strict=True):
                found[place] = parcel

    def _parsed(self, raws: Sequence[bytes], how: dict[str, int | bool]) -> list[Parcel | None]:
        limits = replace(self.limits, answer=3 * sum(map(len, raws)) + SPARE)
        lengths = [len(raw) for raw in raws]
        told = self.sandbox.run(f"{self.module}:look_many", b"".join(raws), limits=limits, lengths=lengths, **how)
        try:
            cut = [] if isinstance(told, Refused) else list(_cut(told, len(raws)))
            return [unpacked(octets) if octets else None for octets in cut] or [None] * len(raws)
        except NotPlain:
            return [None] * len(raws)

    def _read(self, places: Sequence[int], found: list[Parcel | None], pages: dict[str, int]) -> None:
        """The PDFs of one sender; their texts go to the parcels they belong to."""
        pdfs = [(place, file) for place in places if (parcel := found[place]) for file in _pdfs(parcel)]
        for batch in _batches([_content(found[place], file) for place, file in pdfs]):
            chosen, pdfs = pdfs[: len(batch)], pdfs[len(batch) :]
            lengths = [len(content) for content in batch]
            told = self.sandbox.run(
                f"{self.module}:read_many", b"".join(batch), limits=self.limits, lengths=lengths, **pages
            )
            for (place, file), part in zip(chosen, _parts(told, len(batch)), strict=True):
                parcel = found[place]
                if parcel is not None and part is not None:
                    found[place] = _with(parcel, file, part)


def joined(octets: Sequence[Sequence[bytes]]) -> bytes:
    """Octets of several, each in pieces, as one: a line with their lengths, then one after the other."""
    lengths = [sum(map(len, pieces)) for pieces in octets]
    return b"".join([json.dumps(lengths).encode(), b"\n", *(piece for pieces in octets for piece in pieces)])


def _by_sender(mails: Sequence[Sent]) -> dict[str, list[int]]:
    """The places of each sender's mails."""
    found: dict[str, list[int]] = {}
    for place, mail in enumerate(mails):
        found.setdefault(mail.sender, []).append(place)
    return found


def _cut(octets: bytes, count: int) -> Iterator[bytes]:
    """What ``joined`` put together."""
    line, _, rest = octets.partition(b"\n")
    try:
        lengths = json.loads(line)
    except ValueError:
        raise NotPlain(NotPlain.__doc__) from None
    whole = isinstance(lengths, list) and len(lengths) == count
    if not whole or not all(isinstance(each, int) and each >= 0 for each in lengths) or sum(lengths) != len(rest):
        raise NotPlain(NotPlain.__doc__)
    start = 0
    for length in lengths:
        yield rest[start : start + length]
        start += length


def _parts(told: bytes | Refused, count: int) -> list[Part | str | None]:
    """Each file's text, or the class of the error its reader ended with; None where nobody knows."""
    try:
        cut = [b""] * count if isinstance(told, Refused) else list(_cut(told, count))
        return [_part(octets) for octets in cut]
    except NotPlain:
        return [None] * count


def _part(octets: bytes) -> Part | str | None:
    if not octets:
        return None
    return loaded(octets[1:]) if octets[:1] == b"+" else octets[1 : 1 + LONGEST_REASON].decode("ascii", "replace")


def _with(parcel: Parcel, file: int, part: Part | str) -> Parcel:
    if isinstance(part, Part):
        return replace(parcel, parts={**parcel.parts, file: part})
    return replace(parcel, failed={**parcel.failed, file: part})


def _pdfs(parcel: Parcel) -> list[int]:
    files = parcel.message.attachments
    return [place for place in papers_of(files) if files[place].type == PDF] if parcel.report is None else []


def _content(parcel: Parcel | None, file: int) -> bytes:
    return parcel.message.attachments[file].content if parcel else b""


def _batches(octets: Sequence[bytes]) -> Iterator[list[bytes]]:
    """In their order, as many at a time as one child is given."""
    batch: list[bytes] = []
    for each in octets:
        if batch and sum(map(len, batch)) + len(each) > MOST:
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch
