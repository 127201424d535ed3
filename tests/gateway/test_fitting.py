"""The settings arrive in every room."""

from __future__ import annotations

import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.certificate import own_certificate
from gateway.fitting import doors, manner, named_certificate, policy, routes
from gateway.receive.smtp.settings import Certificate, Limits, Listener, Tls
from gateway.send.peer import Protection
from gateway.send.route import Exchangers, Host, Smarthost
from gateway.settings import Settings
from gateway.settings_file import load
from gateway.state import State
from mailmap.mail.envelope import Door

PAIR = Certificate(Path("chain.pem"), Path("key.pem"))


def settings(tmp_path: Path, text: str) -> Settings:
    """Settings from a file with these lines."""
    path = tmp_path / "lienthong.toml"
    path.write_text(f'[gateway]\ndomains = ["nd.example"]\nstate_directory = "state"\n{text}')
    return load(path)


def test_the_defaults_are_the_rooms_own(tmp_path: Path) -> None:
    """A gateway with nothing but a domain has the limits the doors would choose themselves."""
    fitted = doors(settings(tmp_path, ""), PAIR)
    assert fitted.limits == Limits()
    assert fitted.hostname == "nd.example"
    assert fitted.listeners == (
        Listener(Door.MX, "0.0.0.0", 25),
        Listener(Door.SUBMISSION, "0.0.0.0", 587),
        Listener(Door.SUBMISSION, "0.0.0.0", 465, Tls.IMPLICIT),
    )


def test_doors_get_what_is_set(tmp_path: Path) -> None:
    """Sizes become octets, ports behind a load balancer are marked, relay networks are trusted."""
    text = """
host_name = "mail.nd.example"
[smtp]
mx = ["127.0.0.1:2525", "[::1]:2526"]
submission = []
submissions = []
proxy_ports = [2526]
max_mail_mib = 7
max_recipients = 12
[spool]
min_free_mib = 3
[trust]
relay_networks = ["10.1.0.0/16"]
"""
    fitted = doors(settings(tmp_path, text), PAIR)
    assert fitted.hostname == "mail.nd.example"
    assert [(at.host, at.port, at.proxy) for at in fitted.listeners] == [
        ("127.0.0.1", 2525, False),
        ("::1", 2526, True),
    ]
    assert (fitted.limits.size, fitted.limits.recipients, fitted.limits.free) == (7 << 20, 12, 3 << 20)
    assert fitted.trusted_networks == (ip_network("10.1.0.0/16"),)


def test_a_smarthost_is_the_route(tmp_path: Path) -> None:
    """With a smarthost everything goes there, with its login, the password without its line end, and its protection."""
    (tmp_path / "password").write_text("s3cret\n")
    text = """[send]
smarthost = "relay.example:587"
smarthost_tls = "required"
smarthost_login = "nd"
smarthost_password = "password"
connect_s = 5
"""
    fitted = settings(tmp_path, text)
    found = manner(fitted)
    assert routes(fitted) == Smarthost(Host("relay.example", 587))
    assert (found.login, found.password, found.protection) == ("nd", "s3cret", Protection.REQUIRED)
    assert (found.name, found.connect_s, found.reply_s) == ("nd.example", 5, 300)


def test_without_a_smarthost_mail_goes_to_the_exchangers(tmp_path: Path) -> None:
    """Straight to MX, never to ourselves."""
    found = routes(settings(tmp_path, 'host_name = "mail.nd.example"\n'))
    assert isinstance(found, Exchangers)
    assert set(found.own) == {"mail.nd.example", "nd.example"}


def test_the_rules_get_their_numbers(tmp_path: Path) -> None:
    """Confidence, hops and attempts reach the policy."""
    found = policy(settings(tmp_path, "[trust]\nregister_confidence = 0.5\nmax_hops = 9\n[work]\nmax_attempts = 2\n"))
    assert (found.register_confidence, found.max_hops, found.max_attempts) == (0.5, 9, 2)
    assert found.own_names == {"nd.example"}


def test_our_own_certificate_works_and_stays(tmp_path: Path) -> None:
    """The pair is made once, loads into a server, and only its owner reads the key."""
    first = own_certificate(State(tmp_path), "nd.example")
    octets = first.chain.read_bytes()
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(first.chain, first.key)
    assert own_certificate(State(tmp_path), "nd.example") == first
    assert first.chain.read_bytes() == octets
    assert first.key.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", ["name", "key", "garbage"])
def test_a_certificate_that_does_not_fit_is_made_anew(tmp_path: Path, harm: str) -> None:
    """Another host name, another key, or damaged octets: a new pair, which loads."""
    first = own_certificate(State(tmp_path), "nd.example")
    octets = first.chain.read_bytes()
    if harm == "key":
        other = own_certificate(State(tmp_path / "other"), "nd.example")
        first.key.write_bytes(other.key.read_bytes())
    if harm == "garbage":
        first.chain.write_bytes(b"no certificate")
    made = own_certificate(State(tmp_path), "mail.nd.example" if harm == "name" else "nd.example")
    assert made.chain.read_bytes() != octets
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made.chain, made.key)


def test_a_named_certificate_is_used(tmp_path: Path) -> None:
    """What the settings name is used as it is; without one, nothing is named."""
    own_certificate(State(tmp_path), "nd.example")
    text = '[smtp]\ntls_certificate = "certificate.pem"\ntls_key = "certificate-key.pem"\n'
    assert named_certificate(settings(tmp_path, text)) == Certificate(
        tmp_path / "certificate.pem", tmp_path / "certificate-key.pem"
    )
    assert named_certificate(settings(tmp_path, "")) is None
