"""Our own self-signed certificate, for a gateway whose settings name none.

Promises:  ``own_certificate`` returns the pair in the state folder, and makes it when it is missing, belongs to another
           name or is about to run out; several processes may ask at once. The key is readable by its owner only.
Never:     stands in for a real certificate: clients that check whom they talk to will ask their person.
Fails:     OSError when the state folder cannot be written.
"""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.receive.smtp.settings import Certificate
from gateway.state import State

LIFETIME = timedelta(days=825)  # the longest that mail clients still take
RENEW_BEFORE = timedelta(days=30)


def own_certificate(state: State, name: str) -> Certificate:
    """The pair for the host ``name``."""
    state.root.mkdir(parents=True, exist_ok=True)
    with (state.root / "certificate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _good(state, name):
            _make(state, name)
    return Certificate(state.own_certificate, state.own_key)


def _good(state: State, name: str) -> bool:
    try:
        found = x509.load_pem_x509_certificate(state.own_certificate.read_bytes())
        key = serialization.load_pem_private_key(state.own_key.read_bytes(), None)
    except (OSError, ValueError):
        return False
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = datetime.now(UTC) + RENEW_BEFORE < found.not_valid_after_utc
    return lasts and name in names.get_values_for_type(x509.DNSName) and key.public_key() == found.public_key()


def _make(state: State, name: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])  # X.520 bounds it; clients read the other
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    _replace(state.own_key, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    _replace(state.own_certificate, certificate.public_bytes(pem))


def _replace(path: Path, octets: bytes) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
