"""The registry's public key, as outsiders are given it.

Owns reading only; the private half never passes here.
"""

from __future__ import annotations

from sqlalchemy import select

from app.models.storage.unit_of_work import reading
from app.models.tables import SigningKey
from app.services.registry.context import OpenRegistry


def read_public_keys(registry: OpenRegistry) -> tuple[bytes, ...]:
    """Give the raw public keys the registry ever signed with, the one that signs now first."""
    with reading(registry.engine) as connection:
        keys = connection.execute(
            select(SigningKey.public_key).order_by(
                SigningKey.retired_at.is_not(None), SigningKey.id.desc()
            )
        ).scalars()
        return tuple(bytes(key) for key in keys)
