"""What stops the opening of a container, or of one file in it.

Promises:  each is caught where the tray is: it ends as a defect, never as an error of the program.
"""

from __future__ import annotations

from gateway.examine.containers.opened import Defect


class Enough(Exception):
    """The budget is spent."""

    def __init__(self, defect: Defect) -> None:
        super().__init__(defect)
        self.defect = defect


class Locked(Exception):
    """A password locks this."""


class Broken(Exception):
    """Octets are missing or wrong."""


class Strange(Exception):
    """Packed in a way that nobody here knows."""


class TooBig(Exception):
    """One file alone is too big."""


SAID: dict[type[Exception], Defect] = {
    TooBig: Defect.TOO_BIG,
    Locked: Defect.ENCRYPTED,
    Broken: Defect.DAMAGED,
    Strange: Defect.UNKNOWN,
}
