r"""SMTP talks as text, played against a real door.

A talk is a file of lines; the first is the rule it proves.

    # The rule, one sentence.
    door: mx                    mx, plain, submission (STARTTLS), submissions (implicit TLS), proxy (mx behind one)
    set: recipients=1 idle=0.2  limits, and foreign_recipients=1
    world: stale                stale, room=0, full, broken, lock=clerk (see PaperDoorbook and PoorDisk)
    c: EHLO client.test         the client says a line
    raw: MAIL\r\n                 the client sends octets, escapes as in Python
    s: 250 door.test            the door says a line; * matches anything, a line of ... skips lines up to the next one
    login: clerk right          AUTH PLAIN with that login and password
    tls                         the client encrypts
    stop                        the server is asked to stop
    hang up                     the client goes
    closed                      the door says nothing more and closes
    kept: 1                     so many mails are durable
    octets: Subject: x\r\n        the last one, without our trace fields
    mail sender: a@b.test       a field of the last one, its envelope or its arrival, as text
    c2: / s2: / closed2         the same on a second connection, which opens when it is first named

Promises:  plays every line in order; a line the door does not say, or says otherwise, fails with its number. What is
           only said and heard can be played to a door that runs elsewhere, too.
"""

from __future__ import annotations

import ast
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from gateway.receive.smtp.settings import DoorSettings, Listener, Tls
from mailmap.mail.envelope import Door
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import MX, RunningDoor, settings
from tests.fakes.tls import certificate, trusting

FOLDER = Path(__file__).parent / "talks"
DOORS = {
    "mx": replace(MX, tls=Tls.STARTTLS),
    "plain": MX,
    "proxy": replace(MX, proxy=True),
    "submission": Listener(Door.SUBMISSION, "127.0.0.1", 0, Tls.STARTTLS),
    "submissions": Listener(Door.SUBMISSION, "127.0.0.1", 0, Tls.IMPLICIT),
}
ABOUT_THE_DOOR = ("door", "set", "world")


class Unexpected(AssertionError):
    """The door did not say what the talk says it says."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk: its number, its verb, the number of the connection, what follows."""

    number: int
    verb: str
    connection: str
    rest: str


def talks() -> list[Path]:
    """All talks, by name."""
    return sorted(FOLDER.glob("*.txt"))


def lines(talk: Path) -> list[Line]:
    """The lines of a talk without its rule and blank lines."""
    return [
        _line(number, text)
        for number, text in enumerate(talk.read_text("utf-8").splitlines(), 1)
        if text.strip() and not text.startswith("#")
    ]


def _line(number: int, text: str) -> Line:
    verb, _, rest = text.partition(":")
    bare, connection = verb, ""
    if verb[-1:].isdigit() and not verb.startswith("mail "):
        bare, connection = verb[:-1], verb[-1]
    return Line(number, bare, connection, rest.removeprefix(" "))


def _settings(said: list[Line], folder: Path) -> DoorSettings:
    told = {line.verb: line.rest for line in said if line.verb in ABOUT_THE_DOOR}
    chosen = dict(word.split("=") for word in told.get("set", "").split())
    foreign = chosen.pop("foreign_recipients", "0") == "1"
    limits = {name: float(value) if "." in value else int(value) for name, value in chosen.items()}
    made = settings(DOORS[told.get("door", "mx")], certificate=certificate(folder), **limits)
    return replace(made, foreign_recipients=foreign)


def play(talk: Path, folder: Path) -> None:
    """Play one talk; Unexpected when it goes otherwise."""
    said = lines(talk)
    with RunningDoor(folder / "spool", _settings(said, folder)) as door:
        stage = Stage(door, Conversation(door.port))
        _perform(talk, said, stage.perform, stage.conversation)


def converse(talk: Path, port: int) -> list[str]:
    """Say what a client says in a talk to a door that runs elsewhere, and hear what is said there.

    The numbers of the mails that were stored, in order; Unexpected when the door says something else.
    """
    conversation = Conversation(port)
    said = [line for line in lines(talk) if line.verb in SPOKEN]
    _perform(talk, said, conversation.perform, conversation)
    return [heard.rpartition(" ")[2] for heard in conversation.heard if heard.startswith("250 2.0.0 Stored as ")]


def _perform(talk: Path, said: list[Line], perform: Callable[[Line], None], conversation: Conversation) -> None:
    try:
        for line in said:
            perform(line)
    except (Unexpected, AssertionError) as error:
        raise Unexpected(f"{talk.name}:{line.number}: {line.verb}: {line.rest}: {error}") from error
    finally:
        conversation.end()


SPOKEN = frozenset({"c", "raw", "login", "s", "tls", "closed", "hang up"})


@dataclass
class Conversation:
    """Connections to the door at that port, by their number in the talk, and every line that was heard."""

    port: int
    clients: dict[str, RawClient] = field(default_factory=dict)
    skipping: bool = False
    heard: list[str] = field(default_factory=list)

    def perform(self, line: Line) -> None:
        """Say the line, or hear it."""
        act: dict[str, Callable[[Line], None]] = {
            "c": lambda line: self._send(line, line.rest.encode() + b"\r\n"),
            "raw": lambda line: self._send(line, _unescaped(line.rest)),
            "login": lambda line: self._send(line, b"AUTH PLAIN " + plain(*line.rest.split()) + b"\r\n"),
            "s": self._hear,
            "tls": lambda line: self._client(line).encrypt(trusting()),
            "closed": lambda line: self._client(line).expect_closed(),
            "hang up": lambda line: self.clients.pop(line.connection).socket.close(),
        }
        act[line.verb](line)

    def end(self) -> None:
        """Everybody goes."""
        for client in self.clients.values():
            client.socket.close()

    def _client(self, line: Line) -> RawClient:
        if line.connection not in self.clients:
            self.clients[line.connection] = RawClient(self.port, greeted=False)
        return self.clients[line.connection]

    def _send(self, line: Line, octets: bytes) -> None:
        self._client(line).send(octets)

    def _hear(self, line: Line) -> None:
        if line.rest == "...":
            self.skipping = True
            return
        said = self._client(line).line()
        while self.skipping and said and not fnmatchcase(said, _pattern(line.rest)):
            said = self._client(line).line()
        self.skipping = False
        self.heard.append(said)
        _expect(said, line.rest)


@dataclass
class Stage:
    """A door of the test's own and a conversation with it."""

    door: RunningDoor
    conversation: Conversation

    def perform(self, line: Line) -> None:
        """Do what the line says, or check it."""
        act: dict[str, Callable[[Line], None]] = {
            "stop": lambda _line: self.door.stop(),
            "kept": lambda line: _expect(str(len(self.door.mails())), line.rest),
            "octets": lambda line: _expect(repr(self.door.mails()[-1].octets), repr(_unescaped(line.rest))),
            "world": self._change_world,
            "door": lambda _line: None,
            "set": lambda _line: None,
        }
        if line.verb.startswith("mail "):
            self._look(line)
        else:
            act.get(line.verb, self.conversation.perform)(line)

    def _look(self, line: Line) -> None:
        mail, name = self.door.mails()[-1], line.verb.removeprefix("mail ")
        thing = next(thing for thing in (mail.envelope, mail.arrival, mail) if hasattr(thing, name))
        _expect(str(getattr(thing, name)), line.rest)

    def _change_world(self, line: Line) -> None:
        what, _, value = line.rest.partition("=")
        if what == "stale":
            self.door.doorbook.stale = True
        elif what == "room":
            self.door.disk.room = int(value)
        elif what == "lock":
            self.door.doorbook.lock(value)
        else:
            setattr(self.door.disk, what, True)


def _expect(found: str, pattern: str) -> None:
    if not fnmatchcase(found, _pattern(pattern)):
        raise Unexpected(f"found {found!r}")


def _pattern(text: str) -> str:
    return text.replace("[", "[[]").replace("?", "[?]")


def _unescaped(text: str) -> bytes:
    octets: bytes = ast.literal_eval(f"b{text!r}".replace("\\\\", "\\"))
    return octets


def plain(login: str, password: str) -> bytes:
    """What AUTH PLAIN says, in base64 (RFC 4616)."""
    return b64encode(f"\0{login}\0{password}".encode())
