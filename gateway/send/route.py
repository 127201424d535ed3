"""Where a mail for a domain goes: to the smarthost, or to the domain's own servers.

Promises:  hosts in the order to try them: by preference, chance among equals (RFC 5321 section 5.1); a domain without
           MX is its own host; ``MX .`` takes no mail (RFC 7505); hosts less preferred than ourselves are left out.
Never:     asks the world for a domain when there is a smarthost.
Fails:     ``NoRoute`` with an enhanced status: 5.x when asking again cannot help, 4.x when DNS may answer later.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol

import dns.exception
import dns.name
import dns.resolver

SMTP_PORT = 25


class NoRoute(Exception):
    """There is nobody to give this mail to, now or ever."""

    def __init__(self, status: str, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Host:
    """A server: the name it must prove, where to connect ('' to look the name up), and the port."""

    name: str
    port: int = SMTP_PORT
    address: str = ""


class Routes(Protocol):
    """Finds the hosts for a domain."""

    def to(self, domain: str) -> tuple[Host, ...]:
        """One or more hosts, best first; NoRoute otherwise."""


@dataclass(frozen=True, slots=True)
class Smarthost:
    """Everything to one relay, the normal way."""

    host: Host

    def to(self, domain: str) -> tuple[Host, ...]:  # noqa: ARG002 the relay knows all domains
        """The relay."""
        return (self.host,)


@dataclass(frozen=True, slots=True)
class Exchangers:
    """Straight to the MX hosts of each domain. ``own`` are our own names, lower case."""

    resolver: dns.resolver.Resolver
    own: Collection[str] = ()
    port: int = SMTP_PORT
    chance: random.Random = field(default_factory=random.Random)

    def to(self, domain: str) -> tuple[Host, ...]:
        """The hosts that take mail for ``domain``, which may be an address literal ("[192.0.2.1]")."""
        if domain.startswith("["):
            return (self._literal(domain),)
        hosts = tuple(host for name in self._exchanges(_alabels(domain)) for host in self._addresses(name))
        if not hosts:
            raise NoRoute("5.4.4", f"{domain}: its mail servers have no addresses")
        return hosts

    def _literal(self, domain: str) -> Host:
        try:
            address = str(ip_address(domain.strip("[]").removeprefix("IPv6:")))
        except ValueError:
            raise NoRoute("5.1.3", f"{domain} is no address") from None
        return Host(address, self.port, address)

    def _exchanges(self, domain: str) -> list[str]:
        try:
            records = list(self.resolver.resolve(domain, "MX"))
        except dns.resolver.NoAnswer:
            return [domain]
        except dns.resolver.NXDOMAIN:
            raise NoRoute("5.1.2", f"{domain} does not exist") from None
        except (dns.exception.DNSException, OSError) as error:
            raise NoRoute("4.4.3", f"{domain}: DNS does not answer ({type(error).__name__})") from None
        if any(record.exchange == dns.name.root for record in records):
            raise NoRoute("5.1.10", f"{domain} takes no mail (null MX)")
        ours = min((r.preference for r in records if _text(r.exchange) in self.own), default=None)
        others = [r for r in records if ours is None or r.preference < ours]
        if not others:
            raise NoRoute("5.4.6", f"{domain}: its mail would come back to us")
        others.sort(key=lambda record: (record.preference, self.chance.random()))
        return [_text(record.exchange) for record in others]

    def _addresses(self, name: str) -> Iterator[Host]:
        for kind in ("AAAA", "A"):
            try:
                found = list(self.resolver.resolve(name, kind))
            except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
                continue
            except (dns.exception.DNSException, OSError) as error:
                raise NoRoute("4.4.3", f"{name}: DNS does not answer ({type(error).__name__})") from None
            yield from (Host(name, self.port, record.address) for record in found)


def _alabels(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").rstrip(".").lower()
    except UnicodeError:
        raise NoRoute("5.1.2", f"{domain} is no domain") from None


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
