"""Proof: how it was shown, for one very mail, that the sender is who the From field says.

Promises:  a higher proof suffices wherever a lower one does.
Never:     says how it is found out; that is ``mailmap.policy.trust``.
"""

from __future__ import annotations

from enum import IntEnum


class Proof(IntEnum):
    """How it was proven, for this very mail, that the sender is who the From field says; higher is stronger."""

    NONE = 0
    RELAY = 1
    LOGIN = 2
    PERSON = 3
