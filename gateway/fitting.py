"""The settings as each room wants them.

Promises:  every setting that a room has a name for arrives there; what the settings leave out keeps the room's default.
Never:     opens a connection. The password file of the smarthost is read here, once.
Fails:     OSError when that file has gone since the settings were checked.
"""

from __future__ import annotations

import dns.resolver

from gateway.receive.smtp.settings import Certificate, DoorSettings, Limits, Listener, Tls
from gateway.send.peer import Manner, Protection
from gateway.send.route import Exchangers, Host, Routes, Smarthost
from gateway.settings import Settings, SmtpSection
from gateway.shapes import Endpoint
from mailmap.mail.envelope import Door
from mailmap.policy.decision import Policy

MIB = 1 << 20


def doors(settings: Settings, certificate: Certificate) -> DoorSettings:
    """What a door process needs to know; ``certificate`` is the named one or our own."""
    asked = settings.smtp
    return DoorSettings(
        hostname=settings.gateway.name,
        listeners=_listeners(asked),
        certificate=certificate,
        limits=_limits(settings),
        trusted_networks=settings.trust.relay_networks,
        foreign_recipients=asked.foreign_recipients,
        login_threads=asked.login_threads,
    )


def named_certificate(settings: Settings) -> Certificate | None:
    """The certificate the settings name, None when they leave it to us."""
    chain, key = settings.smtp.tls_certificate, settings.smtp.tls_key
    return Certificate(chain, key) if chain and key else None


def manner(settings: Settings) -> Manner:
    """How we talk to peers."""
    asked = settings.send
    password = asked.smarthost_password.read_text("utf-8").strip() if asked.smarthost_password else ""
    protection = Protection(asked.smarthost_tls.value) if asked.smarthost else Protection.OPPORTUNISTIC
    return Manner(settings.gateway.name, protection, asked.smarthost_login, password, asked.connect_s, asked.reply_s)


def routes(settings: Settings) -> Routes:
    """Where mail for a domain goes."""
    relay = settings.send.smarthost
    if relay is not None:
        return Smarthost(Host(relay.host, relay.port))
    return Exchangers(dns.resolver.Resolver(), own={settings.gateway.name, *settings.gateway.domains})


def policy(settings: Settings) -> Policy:
    """What the rules consult."""
    own = frozenset({settings.gateway.name, *settings.gateway.domains})
    asked = settings.trust
    return Policy(
        own,
        register_confidence=asked.register_confidence,
        max_hops=asked.max_hops,
        max_attempts=settings.work.max_attempts,
    )


def _listeners(asked: SmtpSection) -> tuple[Listener, ...]:
    def each(places: tuple[Endpoint, ...], door: Door, tls: Tls) -> list[Listener]:
        return [Listener(door, at.host, at.port, tls, proxy=at.port in asked.proxy_ports) for at in places]

    return (
        *each(asked.mx, Door.MX, Tls.STARTTLS),
        *each(asked.submission, Door.SUBMISSION, Tls.STARTTLS),
        *each(asked.submissions, Door.SUBMISSION, Tls.IMPLICIT),
    )


def _limits(settings: Settings) -> Limits:
    asked = settings.smtp
    return Limits(
        size=asked.max_mail_mib * MIB,
        recipients=asked.max_recipients,
        connections=asked.max_connections,
        connections_per_address=asked.max_connections_per_address,
        commands=asked.max_commands,
        errors=asked.max_errors,
        wrong_passwords=asked.max_wrong_passwords,
        idle=asked.idle_s,
        block=asked.block_s,
        handshake=asked.handshake_s,
        stopping=asked.stopping_s,
        free=settings.spool.min_free_mib * MIB,
    )
