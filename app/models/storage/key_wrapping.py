"""Turns a passphrase into the wrapping of a database key, and back.

Owns the cryptography of a key slot: Argon2id derives a wrapping key from the passphrase,
AES-256-GCM wraps the database key under it and authenticates what the slot is bound to.
Must not touch a file. The format is final: docs/formats.md, "Key-slot file".
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.models.storage.database_key import KEY_SIZE, DatabaseKey

KDF_SALT_SIZE = 16
NONCE_SIZE = 12
WRAPPED_SIZE = KEY_SIZE + 16


@dataclass(frozen=True)
class KdfProfile:
    """The cost of one passphrase guess: passes, memory in KiB, lanes."""

    passes: int
    memory_kib: int
    lanes: int

    def is_sane(self) -> bool:
        """Tell whether the cost is one that Argon2 accepts and a desk can bear."""
        return (
            1 <= self.passes <= 32
            and 1 <= self.lanes <= 16
            and 8 * self.lanes <= self.memory_kib <= 1024 * 1024
        )


STANDARD = KdfProfile(passes=3, memory_kib=64 * 1024, lanes=4)
"""RFC 9106's second recommended option."""

LIGHT = KdfProfile(passes=1, memory_kib=8 * 1024, lanes=1)
"""For demonstration registries and tests alone: it makes guessing cheap."""


@dataclass(frozen=True)
class WrappedKey:
    """A database key under one passphrase, with all that is needed to unwrap it."""

    profile: KdfProfile
    kdf_salt: bytes
    nonce: bytes
    ciphertext: bytes = field(repr=False)


def describe_profile(profile: KdfProfile) -> str:
    """Write the derivation and its cost as it is authenticated."""
    cost = f"t={profile.passes} m={profile.memory_kib} p={profile.lanes}"
    return f"argon2id v={ARGON2_VERSION} {cost}"


def wrap_key(
    key: DatabaseKey, *, passphrase: str, profile: KdfProfile, bound_to: str
) -> WrappedKey:
    """Wrap the key under a passphrase; `bound_to` must be said again to unwrap it."""
    kdf_salt = secrets.token_bytes(KDF_SALT_SIZE)
    nonce = secrets.token_bytes(NONCE_SIZE)
    wrapping_key = _derive(passphrase, kdf_salt, profile)
    ciphertext = AESGCM(wrapping_key).encrypt(
        nonce, bytes(key), _associated_data(bound_to, profile, kdf_salt)
    )
    return WrappedKey(profile, kdf_salt, nonce, ciphertext)


def unwrap_key(wrapped: WrappedKey, *, passphrase: str, bound_to: str) -> DatabaseKey | None:
    """Return the key, or None when passphrase, binding or any byte of the slot is wrong."""
    wrapping_key = _derive(passphrase, wrapped.kdf_salt, wrapped.profile)
    bound = _associated_data(bound_to, wrapped.profile, wrapped.kdf_salt)
    try:
        return DatabaseKey(AESGCM(wrapping_key).decrypt(wrapped.nonce, wrapped.ciphertext, bound))
    except InvalidTag:
        return None


def decoy(profile: KdfProfile) -> WrappedKey:
    """Make a wrapping that no passphrase opens, at the cost of one that might."""
    return WrappedKey(
        profile,
        secrets.token_bytes(KDF_SALT_SIZE),
        secrets.token_bytes(NONCE_SIZE),
        secrets.token_bytes(WRAPPED_SIZE),
    )


def _derive(passphrase: str, kdf_salt: bytes, profile: KdfProfile) -> bytes:
    return hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode(errors="surrogatepass"),
        kdf_salt,
        time_cost=profile.passes,
        memory_cost=profile.memory_kib,
        parallelism=profile.lanes,
        hash_len=KEY_SIZE,
        type=Type.ID,
        version=ARGON2_VERSION,
    )


def _associated_data(bound_to: str, profile: KdfProfile, kdf_salt: bytes) -> bytes:
    return f"{bound_to}\n{describe_profile(profile)}\n{kdf_salt.hex()}".encode()
