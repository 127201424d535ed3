"""The shapes a setting can have, and how each is read from TOML.

Promises:  what comes out is ready to use: paths are absolute, networks and endpoints are parsed, numbers are numbers.
Never:     guesses: "25" is not the number 25 and 1 is not true.
Fails:     pydantic's ValidationError; the error types named here are keys under ``mistake.`` in config/locale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

_DOMAIN = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_LOCAL_PART = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?")
_MAILBOX = re.compile(r"[a-z0-9._+=-]{1,64}")
_PORT = re.compile(r"\d{1,5}", re.ASCII)
_PORT_MAX = 65535


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place to listen on or to connect to; port 0 means any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        """As it is written in the settings: ``host:port``, IPv6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _endpoint(text: object) -> object:
    host, colon, port = text.rpartition(":") if isinstance(text, str) else ("", "", "")
    if not (colon and host and _PORT.fullmatch(port) and int(port) <= _PORT_MAX):
        raise PydanticCustomError("endpoint", "not host:port")
    return Endpoint(host.removeprefix("[").removesuffix("]"), int(port))


def _local_endpoint(endpoint: Endpoint) -> Endpoint:
    try:
        ip_address(endpoint.host)
    except ValueError:
        raise PydanticCustomError("own_address", "not an IP address") from None
    return endpoint


def _network(text: object) -> object:
    try:
        return ip_network(text if isinstance(text, str) else "")
    except ValueError:
        raise PydanticCustomError("network", "not a network") from None


def _domain(text: str) -> str:
    """Lower case, in A-labels (RFC 5890), at least two labels."""
    if not _DOMAIN.fullmatch(folded := text.lower()):
        raise PydanticCustomError("domain", "not a domain name")
    return folded


def _local_part(text: str) -> str:
    """Lower case, without a tag: what stands before the @."""
    if not _LOCAL_PART.fullmatch(folded := text.lower()):
        raise PydanticCustomError("local_part", "not a local part")
    return folded


def _mailbox(text: str) -> str:
    """A mail address, lower case; what stands before the @ is ASCII and needs no quotes."""
    local, at, domain = text.lower().rpartition("@")
    if not (at and _MAILBOX.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise PydanticCustomError("mailbox", "not a mail address")
    return f"{local}@{domain}"


def _time_zone(name: object) -> object:
    if not isinstance(name, str) or name not in available_timezones():
        raise PydanticCustomError("time_zone", "not a time zone")
    return ZoneInfo(name)


def _path(text: object, about: ValidationInfo) -> object:
    """Absolute; a relative path starts at the settings file's folder."""
    if not isinstance(text, str) or not text:
        raise PydanticCustomError("path", "not a path")
    folder: Path = (about.context or {}).get("folder", Path.cwd())
    return (folder / Path(text).expanduser()).absolute()


def _optional_file(text: object, about: ValidationInfo) -> object:
    if text == "":
        return None
    path = Path(str(_path(text, about)))
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise PydanticCustomError("file", "cannot be read", {"reason": error.strerror or "?"}) from None


# What may follow a default: the shape is written once here and named in the sections.
Text = Annotated[str, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1)]
CountOrNone = Annotated[int, Field(strict=True, ge=0)]
Port = Annotated[int, Field(strict=True, ge=1, le=_PORT_MAX)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Domain = Annotated[str, AfterValidator(_domain)]
DomainOrNone = Annotated[str, AfterValidator(lambda text: _domain(text) if text else "")]
LocalPart = Annotated[str, AfterValidator(_local_part)]
Mailbox = Annotated[str, Field(strict=True), AfterValidator(_mailbox)]
Listener = Annotated[Endpoint, BeforeValidator(_endpoint), AfterValidator(_local_endpoint)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
TimeZone = Annotated[ZoneInfo, BeforeValidator(_time_zone)]
Folder = Annotated[Path, BeforeValidator(_path)]
OptionalFile = Annotated[Path | None, BeforeValidator(_optional_file)]
OptionalEndpoint = Annotated[Endpoint | None, BeforeValidator(lambda text: _endpoint(text) if text else None)]
