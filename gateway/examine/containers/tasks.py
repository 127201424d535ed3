"""What a sandbox's child does with one container. Runs in the sandbox's children.

Promises:  ``take`` answers for every kind of ``TAKERS`` with what is inside, one level deep, as ``tray.loaded`` reads
           it; what stands in the way is a defect. ``parts`` does the same for the files a mail carries.
Never:     runs in a door or a registrar: see ``sandbox``. Opens a file after ``warm``.
Fails:     with the errors of the readers on what they did not expect; the parent takes that as damage.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable
from dataclasses import asdict
from mmap import mmap
from typing import Any

from gateway.examine.containers import archive, cms, outlook, small, tnef, zipped
from gateway.examine.containers.entity import is_entity
from gateway.examine.containers.letter import Written
from gateway.examine.containers.naming import Place, placed, read_path
from gateway.examine.containers.obstacles import SAID, Broken, Enough, Locked, Strange, TooBig
from gateway.examine.containers.opened import Budget, Defect
from gateway.examine.containers.tray import Tray
from gateway.examine.filetype import CMS, OUTLOOK, TNEF, ZIP, sniff
from mailmap.mail.attachment import Role
from mailmap.mail.charset import SAFE
from mailmap.mail.parse import parse


def take(content: bytes | mmap, *, kind: str, budget: dict[str, Any]) -> bytearray:
    """What is in a container, one level deep; ``budget`` holds the fields of a Budget."""
    tray = Tray(Budget(**budget))
    return _answered(tray, lambda: TAKERS.get(kind, _archive(kind))(bytes(content), tray))


def parts(content: bytes | mmap, *, budget: dict[str, Any]) -> bytearray:
    """The files a mail carries, without its logos and the pictures inside its text."""
    tray = Tray(Budget(**budget))
    return _answered(tray, lambda: _parts(bytes(content), tray))


def warm() -> None:
    """Open one small container of each kind, and find every charset, so that nothing has to be imported later."""
    for name in SAFE:
        codecs.lookup(name)
    budget = asdict(Budget())
    for kind, octets in small.containers().items():
        take(octets, kind=kind, budget=budget)
    for mail in small.mails():
        parts(mail, budget=budget)
    for words in small.WORDS:
        read_path(words)


def _answered(tray: Tray, work: Callable[[], None]) -> bytearray:
    """The tray after the work, whatever stopped it."""
    try:
        work()
    except Enough as error:
        tray.tell(error.defect)
    except (Locked, Broken, Strange, TooBig) as error:
        tray.tell(SAID[type(error)])
    return tray.answer()


def _archive(kind: str) -> Callable[[bytes, Tray], None]:
    return lambda content, tray: archive.take(content, kind, tray)


def _zip(content: bytes, tray: Tray) -> None:
    """By its directory; libarchive reads what is packed in a rare way, and saves what it can of one that is cut."""
    try:
        zipped.take(content, tray, alone=archive.LIBRARY is None)
    except zipped.Foreign:
        archive.take(content, ZIP, tray)
    except zipped.NoDirectory:
        tray.tell(Defect.DAMAGED)
        if archive.LIBRARY is not None:
            archive.take(content, ZIP, tray)


def _tnef(content: bytes, tray: Tray) -> None:
    found = tnef.read(content)
    _put_words(found.mail, tray)
    for carried in found.mail.files:
        tray.put(placed((carried.name or "").replace("/", "-")), [carried.content])
    if not found.whole:
        tray.tell(Defect.DAMAGED)


def _put_words(mail: Written, tray: Tray) -> None:
    """What a winmail.dat says in words, as a mail without files."""
    if mail.has_text():
        tray.put_mail(Written(mail.properties, mail.recipients).octets())


def _msg(content: bytes, tray: Tray) -> None:
    found = outlook.read(content)
    signed = outlook.signed_whole(found.mail)
    tray.put_mail(found.mail.octets() if signed is None else found.mail.around(signed))
    if not found.whole:
        tray.tell(Defect.DAMAGED)


def _cms(content: bytes, tray: Tray) -> None:
    found = cms.content_of(content)
    if found is None:
        return
    pieces, deflated = found
    if not deflated:
        _put_signed(b"".join(pieces), tray)
        return
    _put_signed(b"".join(tray.counted(zipped.inflated(b"".join(pieces), zlib.MAX_WBITS))), tray)


def _put_signed(octets: bytes, tray: Tray) -> None:
    """A MIME entity is a mail; anything else, such as a PDF that was signed as it is, a file."""
    if is_entity(octets):
        tray.put_mail(octets)
    else:
        tray.put(Place(None), [octets])


def _parts(content: bytes, tray: Tray) -> None:
    for each in parse(content, sniff).attachments:
        if each.role not in {Role.LOGO, Role.INLINE}:
            tray.put(placed((each.name or "").replace("/", "-")), [each.content])


TAKERS: dict[str, Callable[[bytes, Tray], None]] = {ZIP: _zip, TNEF: _tnef, OUTLOOK: _msg, CMS: _cms}
