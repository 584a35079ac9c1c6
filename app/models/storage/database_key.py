"""The secret that opens a registry file, and the mark by which its first bytes are known.

Owns the two values made once when a registry file is created: the random database key and
the salt that stands in the file's first sixteen bytes. Must not touch a file.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Self

KEY_SIZE = 32
SALT_SIZE = 16
_SALT_RANDOM_SIZE = 12
_SALT_MARK = b"teak registry file\x00"


class DatabaseKey(bytes):
    """The 32 random bytes that decrypt every page; they never show themselves in a text."""

    def __new__(cls, value: bytes) -> Self:
        """Take exactly 32 bytes; ValueError otherwise, without saying which."""
        if len(value) != KEY_SIZE:
            raise ValueError(f"a database key has {KEY_SIZE} bytes, not {len(value)}")
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return "DatabaseKey(hidden)"

    __str__ = __repr__


def new_database_key() -> DatabaseKey:
    """Draw a key from the system's randomness."""
    return DatabaseKey(secrets.token_bytes(KEY_SIZE))


def new_salt() -> bytes:
    """Draw a salt of 16 bytes: 12 random, then 4 that follow from them (docs/formats.md)."""
    drawn = secrets.token_bytes(_SALT_RANDOM_SIZE)
    return drawn + _mark(drawn)


def is_registry_salt(first_bytes: bytes) -> bool:
    """Tell whether a file that begins with these bytes was created as a registry."""
    if len(first_bytes) != SALT_SIZE:
        return False
    drawn = first_bytes[:_SALT_RANDOM_SIZE]
    return first_bytes[_SALT_RANDOM_SIZE:] == _mark(drawn)


def _mark(drawn: bytes) -> bytes:
    digest = hashlib.sha256(_SALT_MARK + drawn).digest()
    return digest[: SALT_SIZE - _SALT_RANDOM_SIZE]
