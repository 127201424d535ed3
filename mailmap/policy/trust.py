"""How it was proven that the sender is who the From field says.

Promises:  the proof follows only from what our own door saw; nothing that the sender could write raises it.
Never:     trusts a relay network for a login that may not send in that name: who lies at one place is not believed at
           another.
"""

from __future__ import annotations

from collections.abc import Collection

from mailmap.directory.address import fold
from mailmap.directory.answers import Sentence
from mailmap.directory.proof import Proof
from mailmap.mail.envelope import Arrival


def prove(arrival: Arrival, from_address: str, may_send_as: Collection[str]) -> Proof:
    """The proof for this very mail. ``may_send_as`` are the addresses of the account that logged in, if any."""
    if arrival.login is not None:
        return Proof.LOGIN if fold(from_address) in set(map(fold, may_send_as)) else Proof.NONE
    return Proof.RELAY if arrival.trusted and from_address else Proof.NONE


def sentence(proof: Proof, arrival: Arrival) -> Sentence:
    """The proof in words."""
    return Sentence.of(f"proof.{proof.name.lower()}", login=arrival.login or "", peer=arrival.peer)
