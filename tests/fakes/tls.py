"""A certificate authority of our own, for one test run.

Promises:  what ``certificate`` writes is valid for door.test and 127.0.0.1, and clients with ``trusting`` believe it.
"""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

import trustme

from gateway.receive.smtp.settings import Certificate


@cache
def _authority() -> tuple[trustme.CA, trustme.LeafCert]:
    authority = trustme.CA()
    return authority, authority.issue_cert("door.test", "127.0.0.1")


def certificate(folder: Path) -> Certificate:
    """Chain and key as files in that folder."""
    _, leaf = _authority()
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    key.write_bytes(leaf.private_key_pem.bytes())
    return Certificate(chain, key)


def trusting() -> ssl.SSLContext:
    """A client that believes our authority only."""
    authority, _ = _authority()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context
