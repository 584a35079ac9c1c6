"""Changing the registry's signing key: the old one is retired and vouches for the new.

Owns the order and what the log says. What a retired key signed stays valid.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, update

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import SigningKey
from app.services.log.append import append_entry
from app.services.people.administrators import require_administrator
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import Signer, add_signing_key, current_signer, registry_id


def rotate_signing_key(
    registry: OpenRegistry, actor: Actor, *, secret: bytes | None = None
) -> bytes:
    """Retire the key that signs and make a new one; give the new public key, 32 bytes.

    What the retired key signed stays valid: its public half stays, in the log as well. Of a
    networked registry only those who have the worker's secret can do it. Raises RulesBroken
    when the actor is no administrator, SigningKeyClosed without the secret.
    """
    with UnitOfWork(registry.engine) as unit:
        connection, now = unit.connection, registry.now()
        require_administrator(connection, actor)
        signer = change_signing_key(connection, actor.user_name, now=now, secret=secret)
        unit.commit()
    return signer.public_key


def change_signing_key(
    connection: Connection, user_name: str, *, now: datetime, secret: bytes | None
) -> Signer:
    """Retire and replace the signing key within the caller's unit of work, and log both."""
    retired = current_signer(connection, secret=secret)
    connection.execute(update(SigningKey).where(SigningKey.id == retired.id).values(retired_at=now))
    private_key = Ed25519PrivateKey.generate()
    number = add_signing_key(connection, private_key, now=now, secret=secret)
    signer = Signer(number, private_key)
    by = {"done": user_name}
    body = {"algorithm": "Ed25519", "public_key": retired.public_key.hex()}
    append_entry(connection, "signing-key-retired", at=now, persons=by, body=body)
    # The old key vouches for the new one: whoever trusts the old can follow.
    vouched = retired.private_key.sign(vouching_bytes(registry_id(connection), signer.public_key))
    body = {
        "algorithm": "Ed25519",
        "public_key": signer.public_key.hex(),
        "vouched_by": retired.public_key.hex(),
        "signature": vouched.hex(),
    }
    append_entry(connection, "signing-key-added", at=now, persons=by, body=body)
    return signer


def vouching_bytes(registry: str, public_key: bytes) -> bytes:
    """Give what a retiring key signs to vouch for the next one (`docs/formats.md`)."""
    return f"teak-next-signing-key-v1\n{registry}\n{public_key.hex()}\n".encode()
