"""The two failures a caller may tell apart: try again, or say no.

Promises:  every exception of ours that is not a bug descends from one of these two.
Never:     stands for bad mail; bad mail is data with defects, and no exception.
Fails:     nothing here can fail. Whatever descends from neither class is a bug and is treated as one.
"""

from __future__ import annotations


class Temporary(Exception):
    """Our trouble or a peer's, expected to pass: the same step may be tried again unchanged."""


class Permanent(Exception):
    """Trying again cannot help: say no once, and tell why."""
