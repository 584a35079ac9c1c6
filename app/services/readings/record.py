"""The form of a record of readings: its header, its hash and its signature.

Owns the canonical header, version 1 (`docs/formats.md`, “Readings”). Pure: no database, no
clock. What a record says can only be said again by another record, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.models.tables.base import time_text
from app.services.log.canonical import canonical_bytes
from app.services.log.hashing import leaf_hash

VERSION = 1
CHAIN_START = bytes(32)
"""What the first record of a sensor names as the hash before it."""
_SIGNED = b"teak-reading-record-v1\n"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RecordKind(StrEnum):
    """What a record says."""

    READINGS = "readings"
    GAP = "gap"
    CLOCK = "clock-moved"
    LOST = "frames-lost"
    FLAGS = "flags"
    CALIBRATION = "calibration"
    RECALIBRATION = "recalibration"
    KEY = "key-changed"
    """The last record of a key: names the one by which all after it are signed."""


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Whose record it is and where it stands in the chain of its sensor."""

    registry: str
    station: str
    sensor: str
    sequence: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class RecordContent:
    """What a record says; `body` is what its kind says beside what every record says."""

    kind: RecordKind
    first_us: int
    last_us: int
    body: Mapping[str, Any]
    payload: bytes = b""
    row_count: int = 0


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A record as it is kept, exported and verified."""

    header: bytes
    payload: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """The hash that the next record names: SHA-256(0x00 ‖ header)."""
        return leaf_hash(self.header)

    def said(self) -> dict[str, Any]:
        """Read the header."""
        content: dict[str, Any] = json.loads(self.header)
        return content

    def fault(self, public_key: bytes) -> str:
        """Say what does not hold of the record alone, "" when all does."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(
                self.signature, _SIGNED + self.header
            )
        except (InvalidSignature, ValueError):
            return "the signature does not fit the header"
        if self.said().get("payload_sha256") != sha256(self.payload).hexdigest():
            return "the payload is not the one that was signed"
        return ""


def sign_record(
    place: RecordPlace,
    content: RecordContent,
    *,
    recorded_at: datetime,
    by: str,
    key: Ed25519PrivateKey,
) -> SignedRecord:
    """Write and sign a record."""
    header = canonical_bytes(
        {
            "version": VERSION,
            "kind": str(content.kind),
            "registry": place.registry,
            "station": place.station,
            "sensor": place.sensor,
            "sequence": place.sequence,
            "previous": place.previous.hex(),
            "from": time_text(time_of_us(content.first_us)),
            "to": time_text(time_of_us(content.last_us)),
            "recorded_at": time_text(recorded_at),
            "by": by,
            "payload_sha256": sha256(content.payload).hexdigest(),
            "body": dict(content.body),
        }
    )
    return SignedRecord(header, content.payload, key.sign(_SIGNED + header))


def key_after(said: Mapping[str, Any], public_key: bytes) -> bytes:
    """Give the public key that signs the record after one signed by `public_key`."""
    if said.get("kind") != RecordKind.KEY:
        return public_key
    return bytes.fromhex(said["body"]["public_key"])


def us_of_time(moment: datetime) -> int:
    """Give an aware time in whole microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def time_of_us(time_us: int) -> datetime:
    """Give microseconds since 1970 as an aware UTC time."""
    return _EPOCH + timedelta(microseconds=int(time_us))


def number_text(value: float) -> str:
    """Write a float so that it reads back the same: headers hold no number with a fraction."""
    return repr(float(value))
