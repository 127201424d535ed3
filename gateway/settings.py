"""The settings: every name, its shape and its default. config/lienthong.toml explains each in a sentence.

Promises:  a Settings is whole, checked and immutable; ``load`` finds all mistakes of a file at once, with their
           lines. The reference file and this module agree in both directions (a test compares them).
Never:     reads the environment, except LIENTHONG_CONFIG, which only names the file.
Fails:     ``BadSettings`` with every mistake; a program that has it must not start.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from gateway.mistakes import Mistake, explained, syntax, unreadable
from gateway.shapes import (
    Count,
    CountOrNone,
    Domain,
    DomainOrNone,
    Endpoint,
    Flag,
    Folder,
    Listener,
    Network,
    OptionalEndpoint,
    OptionalFile,
    Port,
    Share,
    Text,
    TimeZone,
)
from gateway.words import Language

VARIABLE = "LIENTHONG_CONFIG"
INSTALLED = Path("/etc/lienthong/lienthong.toml")


class Section(BaseModel):
    """One [section] of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    language: Language = Language.VIETNAMESE
    state_directory: Folder = Path("/var/lib/lienthong")
    time_zone: TimeZone = ZoneInfo("Asia/Ho_Chi_Minh")

    @property
    def name(self) -> str:
        """What we call ourselves in greetings and trace fields."""
        return self.host_name or self.domains[0]


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

    @model_validator(mode="after")
    def _certificate_with_key(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            absent = "tls_key" if self.tls_key is None else "tls_certificate"
            raise PydanticCustomError("pair", "one without the other", {"at": absent})
        return self

    @model_validator(mode="after")
    def _doors_apart(self) -> Self:
        seen: set[Endpoint] = set()
        for name in ("mx", "submission", "submissions"):
            for endpoint in getattr(self, name):
                if endpoint in seen and endpoint.port:
                    raise PydanticCustomError("twice", "used twice", {"at": name, "endpoint": str(endpoint)})
                seen.add(endpoint)
        return self


class SpoolSection(Section):
    """Where mail lies before anyone reads it."""

    min_free_mib: Count = 256
    doorbook_max_age_min: Count = 60


class DatabaseSection(Section):
    """The memory: PostgreSQL."""

    url: Text = ""
    connections: Count = 10

    @model_validator(mode="after")
    def _postgresql(self) -> Self:
        if self.url and not self.url.startswith(("postgresql://", "postgresql+psycopg://")):
            raise PydanticCustomError("database_url", "not PostgreSQL", {"at": "url"})
        return self


class BlobsSection(Section):
    """Where the octets of mails and attachments lie."""

    url: Text = ""
    endpoint: Text = ""
    region: Text = ""
    credentials: OptionalFile = None

    @model_validator(mode="after")
    def _place(self) -> Self:
        if self.url and not self.url.startswith("s3://"):
            raise PydanticCustomError("blobs_url", "not s3", {"at": "url"})
        return self


class TrustSection(Section):
    """Whom we believe, and how far."""

    relay_networks: tuple[Network, ...] = ()
    register_confidence: Share = 0.8
    max_hops: Count = 25


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

    @model_validator(mode="after")
    def _login_with_password(self) -> Self:
        if bool(self.smarthost_login) != bool(self.smarthost_password):
            absent = "smarthost_login" if self.smarthost_password else "smarthost_password"
            raise PydanticCustomError("pair", "one without the other", {"at": absent})
        return self

    @model_validator(mode="after")
    def _warning_before_the_end(self) -> Self:
        if self.delay_warning_h >= self.retry_lifetime_h:
            raise PydanticCustomError("too_late", "after the end", {"at": "delay_warning_h"})
        return self


class WorkSection(Section):
    """The hands that register and dispatch."""

    processes: Count = 1
    concurrency: Count = 4
    batch: Count = 20
    max_attempts: Count = 5


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
    send: SendSection = SendSection()
    work: WorkSection = WorkSection()
    books: BooksSection = BooksSection()
    log: LogSection = LogSection()


class BadSettings(ValueError):
    """The settings file has mistakes."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(f"{path}: {len(mistakes)} mistakes")
        self.path = path
        self.mistakes = mistakes


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """The file that holds: the one LIENTHONG_CONFIG names, else the installed one."""
    return Path(environment.get(VARIABLE) or INSTALLED).expanduser().absolute()


def load(path: Path) -> Settings:
    """The settings in ``path``; BadSettings names every mistake at once, in the order of the file."""
    try:
        text = path.read_text("utf-8")
        return Settings.model_validate(tomllib.loads(text), context={"folder": path.absolute().parent})
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(path, (unreadable(error),)) from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(path, (syntax(error),)) from None
    except ValidationError as error:
        raise BadSettings(path, explained(error, text, Settings)) from None
