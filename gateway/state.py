"""What lies where in the state folder.

Promises:  every program of one gateway finds the same things in the same places.
Never:     makes or opens anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class State:
    """The state folder of one gateway."""

    root: Path

    @classmethod
    def of(cls, settings: Settings) -> State:
        """The state folder the settings name."""
        return cls(settings.gateway.state_directory)

    @property
    def spool(self) -> Path:
        """Mail that was taken and not yet carried over, one folder per door process."""
        return self.root / "spool"

    @property
    def postgres(self) -> Path:
        """The built-in database."""
        return self.root / "postgres"

    @property
    def blobs(self) -> Path:
        """Octets by their SHA-256, unless they lie in an object store."""
        return self.root / "blobs"

    @property
    def doorbook(self) -> Path:
        """What the doors must know of the directory."""
        return self.root / "doorbook"

    @property
    def keys(self) -> Path:
        """The keys; the one file that must be kept in a second, safe place."""
        return self.root / "keys.json"

    @property
    def crowd(self) -> Path:
        """Who is connected, shared by the door processes."""
        return self.root / "crowd"

    @property
    def own_certificate(self) -> Path:
        """The self-signed certificate, used when the settings name none."""
        return self.root / "certificate.pem"

    @property
    def own_key(self) -> Path:
        """Its private key."""
        return self.root / "certificate-key.pem"
