"""The settings: every name, its shape and its default. config/lienthong.toml explains each in a sentence.

Promises:  a Settings is whole and immutable. The reference file and this module agree in both directions (a test
           compares them). ``conflicts`` names what is wrong between the settings of one section.
Never:     reads a file or the environment; ``settings_file`` does.
Fails:     pydantic's ValidationError.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from gateway.shapes import (
    Count,
    CountOrNone,
    Domain,
    DomainOrNone,
    Endpoint,
    Flag,
    Folder,
    Listener,
    LocalPart,
    Mailbox,
    Network,
    OptionalEndpoint,
    OptionalFile,
    Port,
    Share,
    Text,
    TimeZone,
)
from gateway.words import Language
from mailmap.directory.directory import KEYED, SYSTEM


@dataclass(frozen=True, slots=True)
class Conflict:
    """Settings of one section that do not go together: where to mend it, and the sentence ``mistake.<wrong>``."""

    at: str
    wrong: str
    facts: tuple[tuple[str, str], ...] = ()


class Section(BaseModel):
    """One [section] of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def conflicts(self) -> Iterator[Conflict]:
        """What is wrong between settings that are each right."""
        return iter(())


class Tls(StrEnum):
    """How a connection to the smarthost is protected."""

    NONE = "none"
    OPPORTUNISTIC = "opportunistic"
    REQUIRED = "required"


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important line that is still written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class GatewaySection(Section):
    """Who we are and where we keep things."""

    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    host_name: DomainOrNone = ""
    intake: tuple[LocalPart, ...] = ("vanban",)
    language: Language = Language.VIETNAMESE
    state_directory: Folder = Path("/var/lib/lienthong")
    time_zone: TimeZone = ZoneInfo("Asia/Ho_Chi_Minh")

    @property
    def name(self) -> str:
        """What we call ourselves in greetings and trace fields."""
        return self.host_name or self.domains[0]

    def conflicts(self) -> Iterator[Conflict]:
        """A name of the intake address that means something else already."""
        for name in self.intake:
            if name in SYSTEM | KEYED:
                yield Conflict("intake", "reserved", (("name", name),))


class SmtpSection(Section):
    """The doors by which mail comes in."""

    mx: tuple[Listener, ...] = (Endpoint("0.0.0.0", 25),)  # noqa: S104  a mail server listens to the world
    submission: tuple[Listener, ...] = (Endpoint("0.0.0.0", 587),)  # noqa: S104  the same
    submissions: tuple[Listener, ...] = (Endpoint("0.0.0.0", 465),)  # noqa: S104  the same
    proxy_ports: tuple[Port, ...] = ()
    processes: Count = 2
    tls_certificate: OptionalFile = None
    tls_key: OptionalFile = None
    foreign_recipients: Flag = False
    max_mail_mib: Count = 50
    max_recipients: Count = 1000
    max_connections: Count = 1000
    max_connections_per_address: Count = 100
    max_commands: Count = 10_000
    max_errors: Count = 50
    max_wrong_passwords: Count = 3
    login_threads: Count = 2
    idle_s: Count = 300
    block_s: Count = 180
    handshake_s: Count = 30
    stopping_s: CountOrNone = 30

    def conflicts(self) -> Iterator[Conflict]:
        """A certificate without its key, and two doors in one place."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            yield Conflict("tls_key" if self.tls_key is None else "tls_certificate", "pair")
        doors = [(name, door) for name in ("mx", "submission", "submissions") for door in getattr(self, name)]
        for place, (name, door) in enumerate(doors):
            if door.port and door in (earlier for _, earlier in doors[:place]):
                yield Conflict(name, "twice", (("endpoint", str(door)),))


class SpoolSection(Section):
    """Where mail lies before anyone reads it."""

    min_free_mib: Count = 256
    doorbook_max_age_min: Count = 1440


class DatabaseSection(Section):
    """The memory: PostgreSQL."""

    url: Text = ""
    connections: Count = 10

    def conflicts(self) -> Iterator[Conflict]:
        """A database that is not PostgreSQL."""
        if self.url and not self.url.startswith(("postgresql://", "postgresql+psycopg://")):
            yield Conflict("url", "database_url")


class BlobsSection(Section):
    """Where the octets of mails and attachments lie."""

    url: Text = ""
    endpoint: Text = ""
    region: Text = ""
    credentials: OptionalFile = None

    def conflicts(self) -> Iterator[Conflict]:
        """A store of another kind."""
        if self.url and not self.url.startswith("s3://"):
            yield Conflict("url", "blobs_url")


class TrustSection(Section):
    """Whom we believe, and how far."""

    relay_networks: tuple[Network, ...] = ()
    register_confidence: Share = 0.8
    max_hops: Count = 25


class ClassifiedSection(Section):
    """Mails with a mark of state secrecy."""

    officers: tuple[Mailbox, ...] = ()


class SendSection(Section):
    """How mail goes out."""

    smarthost: OptionalEndpoint = None
    smarthost_tls: Tls = Tls.OPPORTUNISTIC
    smarthost_login: Text = ""
    smarthost_password: OptionalFile = None
    dsn: Flag = True
    concurrency: Count = 10
    connect_s: Count = 30
    reply_s: Count = 300
    retry_lifetime_h: Count = 120
    delay_warning_h: CountOrNone = 4

    def conflicts(self) -> Iterator[Conflict]:
        """A login without its password, and a warning that would come after the end."""
        if bool(self.smarthost_login) != bool(self.smarthost_password):
            yield Conflict("smarthost_login" if self.smarthost_password else "smarthost_password", "pair")
        if self.delay_warning_h >= self.retry_lifetime_h:
            yield Conflict("delay_warning_h", "too_late")


class WorkSection(Section):
    """The hands that register and dispatch."""

    processes: Count = 1
    concurrency: Count = 4
    scans: Count = 1
    max_attempts: Count = 5
    takeover_s: Count = 30


class BooksSection(Section):
    """The legal books."""

    first_number: Count = 1
    automatic_acceptance: Flag = False


class LogSection(Section):
    """What the gateway writes about its own work."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.TEXT


class Settings(Section):
    """All of them, by section."""

    gateway: GatewaySection
    smtp: SmtpSection = SmtpSection()
    spool: SpoolSection = SpoolSection()
    database: DatabaseSection = DatabaseSection()
    blobs: BlobsSection = BlobsSection()
    trust: TrustSection = TrustSection()
    classified: ClassifiedSection = ClassifiedSection()
    send: SendSection = SendSection()
    work: WorkSection = WorkSection()
    books: BooksSection = BooksSection()
    log: LogSection = LogSection()
