"""Containers opened: archives, winmail.dat, .msg, .p7m, and mails as files; one level, or all the way down.

Promises:  every content ends in ``Opened`` or, when its reader ran out of time or memory or was crashed, in
           ``Refused``. One budget of files, octets and ratio holds for all levels together. A container inside that is
           broken, locked or too deep stays as a file, and the defect is told.
Never:     reads an octet of a container in this process; looks into documents (Word, Excel, OpenDocument, PDF) or at
           signatures. A mail at the outermost level is given whole: its attachments are for who reads mail. Only what
           lies in containers among them stands beside it as files.
Fails:     with SandboxDown when no process can be started: try again.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from gateway.examine.containers.kinds import CARRIERS, KINDS
from gateway.examine.containers.naming import placed
from gateway.examine.containers.opened import Budget, Defect, Enclosed, Opened
from gateway.examine.containers.tray import NotATray, Taken, distinct, loaded
from gateway.examine.filetype import MAIL
from gateway.examine.sandbox import Reason, Refused, Sandbox
from gateway.examine.walls import Limits

MODULE = "gateway.examine.containers.tasks"
TAKE, PARTS = f"{MODULE}:take", f"{MODULE}:parts"
LISTED = 8 << 20  # octets of an answer beyond the contents
WORKING = 512 << 20  # octets of memory beyond what is taken out: dictionaries of 7z and RAR
__all__ = ["KINDS", "MODULE", "Opener"]
ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".lzma", ".z", ".p7m")
WHY = {Reason.UNREADABLE: Defect.DAMAGED, Reason.CRASH: Defect.DAMAGED, Reason.MEMORY: Defect.TOO_BIG}


class Opener:
    """Opens containers in a sandbox that was started with ``MODULE``; for many threads."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def open(self, content: bytes, kind: str, limits: Budget | None = None) -> Opened | Refused:
        """What is inside, one level deep."""
        if kind == MAIL:
            return Opened((), content)
        taken = self.taken(TAKE, content, kind, (limits or Budget()).within(len(content)))
        return taken if isinstance(taken, Refused) else taken.opened

    def unwrap(self, content: bytes, kind: str, limits: Budget | None = None) -> Opened | Refused:
        """What is inside, down to what is no container any more."""
        budget = (limits or Budget()).within(len(content))
        taken = self.below(content, kind, budget)
        if isinstance(taken, Refused):
            return taken
        work = _Unwrapping(self, budget)
        work.level(taken, "", 1)
        if taken.opened.mail is not None and kind in CARRIERS:
            work.behind(taken.opened.mail)
        return Opened(distinct(work.files), taken.opened.mail, tuple(work.defects))

    def below(self, content: bytes, kind: str, budget: Budget) -> Taken | Refused:
        """One level, with the kinds of what is there; a mail is its own content."""
        if kind == MAIL:
            return Taken(Opened((), content), (), 0)
        return self.taken(TAKE, content, kind, budget)

    def taken(self, task: str, content: bytes, kind: str, budget: Budget) -> Taken | Refused:
        """What one child found; damage is a defect, only what a child could not finish is refused."""
        limits = Limits(memory=WORKING + 3 * budget.total + 2 * len(content), answer=budget.total + LISTED)
        named: dict[str, object] = {"kind": kind} if task == TAKE else {}
        answer = self._sandbox.keep(task, content, limits=limits, budget=asdict(budget), **named)
        if isinstance(answer, Refused):
            return _nothing(answer)
        with answer.file:
            try:
                return loaded(answer.file)
            except NotATray:
                return _nothing(Refused(Reason.UNREADABLE, "NotATray"))


class _Unwrapping:
    """One container on its way to the bottom: what came out of it, and what is left of its budget."""

    def __init__(self, opener: Opener, budget: Budget) -> None:
        self._opener = opener
        self._budget = budget
        self.files: list[Enclosed] = []
        self.defects: dict[str, None] = {}

    def level(self, taken: Taken, folder: str, depth: int) -> None:
        """Keep the files of one level, and open what is a container among them."""
        self._budget = self._budget.without(0, taken.spent)
        self.defects.update(dict.fromkeys(taken.opened.defects))
        for file, kind in zip(taken.opened.files, taken.kinds, strict=True):
            inside = replace(file, folder=_joined(folder, file.folder))
            if kind not in KINDS:
                self._keep(inside)
            elif depth >= self._budget.depth:
                self._keep(inside)
                self.defects[Defect.BOMB.value] = None
            else:
                self._descend(inside, kind, depth)

    def behind(self, mail: bytes) -> None:
        """Open the containers among the files of the outermost mail; the mail itself keeps them all."""
        taken = self._opener.taken(PARTS, mail, MAIL, self._budget)
        if isinstance(taken, Refused):
            self.defects[WHY.get(taken.reason, Defect.TOO_BIG).value] = None
            return
        self._budget = self._budget.without(0, taken.spent)
        for file, kind in zip(taken.opened.files, taken.kinds, strict=True):
            if kind in KINDS - {MAIL}:
                self._descend(file, kind, 1, kept=True)

    def _keep(self, file: Enclosed) -> None:
        """One file more."""
        if self._budget.files <= 0:
            self.defects[Defect.TOO_MANY.value] = None
            return
        self._budget = self._budget.without(1, 0)
        self.files.append(file)

    def _descend(self, file: Enclosed, kind: str, depth: int, *, kept: bool = False) -> None:
        """Open a container inside; one that could not be opened whole stays a file, unless it is ``kept`` already."""
        taken = self._opener.below(file.content, kind, self._budget)
        if isinstance(taken, Refused):
            self.defects[WHY.get(taken.reason, Defect.TOO_BIG).value] = None
            taken = Taken(Opened((), None, tuple(self.defects)), (), 0)
        mail = taken.opened.mail
        if not kept and (taken.opened.defects or (mail is None and not taken.opened.files)):
            self._keep(file)
        if mail is not None:
            self._keep(Enclosed(_stem(file.name, ".eml"), mail, file.folder))
        self.level(_named(taken, file.name), _joined(file.folder, file.name or ""), depth + 1)
        if mail is not None and kind in CARRIERS:
            self._carried(mail, _joined(file.folder, file.name or ""), depth + 1)

    def _carried(self, mail: bytes, folder: str, depth: int) -> None:
        """The files of a mail that lay in an archive."""
        taken = self._opener.taken(PARTS, mail, MAIL, self._budget)
        if isinstance(taken, Refused):
            self.defects[WHY.get(taken.reason, Defect.TOO_BIG).value] = None
            return
        self.level(taken, folder, depth)


def _nothing(refused: Refused) -> Taken | Refused:
    """Damage is a defect of the container; that its reader had no time left is the caller's to tell."""
    if refused.reason not in WHY:
        return refused
    return Taken(Opened((), None, (WHY[refused.reason].value,)), (), 0)


def _named(taken: Taken, container: str | None) -> Taken:
    """What had no name in its container is called as the container is, without its ending."""
    if not container or all(file.name for file in taken.opened.files):
        return taken
    files = tuple(file if file.name else replace(file, name=_bare(container)) for file in taken.opened.files)
    return replace(taken, opened=replace(taken.opened, files=files))


def _bare(name: str) -> str:
    ending = next((each for each in ENDINGS if name.lower().endswith(each) and len(name) > len(each)), "")
    return name[: len(name) - len(ending)]


def _stem(name: str | None, ending: str) -> str | None:
    """A container's name with the ending of what came out of it."""
    if not name or name.lower().endswith(ending):
        return name
    stem, dot, _ = name.rpartition(".")
    return f"{stem if dot else name}{ending}"


def _joined(*folders: str) -> str:
    return placed("/".join([*filter(None, folders), "x"])).folder
