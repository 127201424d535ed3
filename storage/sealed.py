"""Octets shut under a key: AES-256-GCM (NIST SP 800-38D) with a fresh nonce before them.

Promises:  what ``shut`` wrote ``opened`` reads with the same key and the same binding, and with no other.
Never:     keeps a key; uses a nonce twice but by chance (96 bits of it).
Fails:     InvalidTag when key, binding or octets are not those that were shut.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


def fresh_key() -> bytes:
    """A new key from the system's source of randomness."""
    return secrets.token_bytes(KEY)


def shut(key: bytes, octets: bytes | bytearray, bound: bytes) -> bytes:
    """Nonce, then the octets and their tag; ``bound`` says whose they are, and is not in them."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, octets, bound)


def opened(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What was shut."""
    return AESGCM(key).decrypt(sealed[:NONCE], memoryview(sealed)[NONCE:], bound)
