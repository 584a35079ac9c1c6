"""The registry's signing keys: which one signs now, and how each is kept.

Owns wrapping: inside an encrypted file the private key lies as it is (`none`); in a networked
registry it is wrapped under a secret that only the registry's worker is given, so that no
person's connection, and no administrator of the database, can sign.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select

from app.models.errors import TeakError
from app.models.tables import RegistryRow, SigningKey
from app.models.tables.base import AnyRow, inserted_id

UNWRAPPED = "none"
WRAPPED = "aes-256-gcm"
SECRET_BYTES = 32
_NONCE_BYTES = 12
_KEYS = select(SigningKey.id, SigningKey.public_key, SigningKey.private_key, SigningKey.wrapping)
_WORKER_ONLY = "The registry's worker signs: start `teak work`, or look whether it is running."


class SigningKeyClosed(TeakError):
    """The private key is wrapped, and its secret is not here or not the right one."""

    code = "signing-key-closed"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs: its row's id and the private key, in memory alone."""

    id: int
    private_key: Ed25519PrivateKey = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes of the public key."""
        return self.private_key.public_key().public_bytes_raw()


def new_secret() -> bytes:
    """Draw the secret under which a networked registry's keys are wrapped, 32 bytes."""
    return os.urandom(SECRET_BYTES)


def wrap_private_key(private_key: bytes, *, public_key: bytes, secret: bytes) -> bytes:
    """Wrap 32 raw bytes of a private key: nonce (12) and AES-256-GCM ciphertext with tag (48).

    The public key is bound in as associated data.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, private_key, _bound_to(public_key))


def unwrap_private_key(
    kept: bytes, *, wrapping: str, public_key: bytes, secret: bytes | None
) -> Ed25519PrivateKey:
    """Give the private key of what a row keeps; raises SigningKeyClosed."""
    if wrapping == UNWRAPPED:
        return Ed25519PrivateKey.from_private_bytes(kept)
    if secret is None or wrapping != WRAPPED:
        raise SigningKeyClosed("The registry's signing key is closed here.", hint=_WORKER_ONLY)
    nonce, wrapped = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
    try:
        raw = AESGCM(secret).decrypt(nonce, wrapped, _bound_to(public_key))
    except InvalidTag:
        raise SigningKeyClosed(
            "The worker's secret does not open the registry's signing key.",
            hint="Use the worker file that was written when this registry was created.",
        ) from None
    return Ed25519PrivateKey.from_private_bytes(raw)


def current_signer(connection: Connection, *, secret: bytes | None = None) -> Signer:
    """Give the key that signs now; raises SigningKeyClosed where it is wrapped."""
    row = connection.execute(
        _KEYS.where(SigningKey.retired_at.is_(None)).order_by(SigningKey.id.desc()).limit(1)
    ).one()
    return _open(row, secret)


def signer_of(connection: Connection, key_id: int, *, secret: bytes | None = None) -> Signer:
    """Give a key by its id, retired or not; raises SigningKeyClosed where it is wrapped."""
    return _open(connection.execute(_KEYS.where(SigningKey.id == key_id)).one(), secret)


def _open(row: AnyRow, secret: bytes | None) -> Signer:
    key = unwrap_private_key(
        bytes(row.private_key),
        wrapping=row.wrapping,
        public_key=bytes(row.public_key),
        secret=secret,
    )
    return Signer(row.id, key)


def add_signing_key(
    connection: Connection, private_key: Ed25519PrivateKey, *, now: datetime, secret: bytes | None
) -> int:
    """Write a key's row, wrapped where there is a secret; give its id."""
    public_key = private_key.public_key().public_bytes_raw()
    raw = private_key.private_bytes_raw()
    kept = raw if secret is None else wrap_private_key(raw, public_key=public_key, secret=secret)
    return inserted_id(
        connection.execute(
            insert(SigningKey),
            {
                "public_key": public_key,
                "private_key": kept,
                "wrapping": UNWRAPPED if secret is None else WRAPPED,
                "created_at": now,
            },
        )
    )


def registry_id(connection: Connection) -> str:
    """Read which registry this is."""
    return str(connection.execute(select(RegistryRow.registry_id)).scalar_one())


def _bound_to(public_key: bytes) -> bytes:
    return b"teak-signing-key\n1\n" + public_key.hex().encode("ascii")
