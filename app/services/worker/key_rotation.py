"""Changing a networked registry's signing key: for whoever has the worker's secret.

Owns doing it while no other worker signs. What a change is stands in `signing_key_rotation`.
"""

from __future__ import annotations

from app.models.storage.unit_of_work import UnitOfWork
from app.services.registry.context import OpenRegistry
from app.services.signing_key_rotation import change_signing_key
from app.services.worker.lease import Lease, LeaseLost, new_holder


def rotate_key(registry: OpenRegistry, secret: bytes) -> bytes:
    """Retire the key that signs and make another; give its public half, 32 bytes.

    Raises LeaseLost while a worker is at work: it would sign with the retired key's own block.
    """
    lease = Lease(new_holder())
    with UnitOfWork(registry.engine) as unit:
        if not lease.take(unit.connection):
            raise LeaseLost(
                "A worker is at work with the key.",
                hint="Stop `teak work`, change the key, and start it again.",
            )
        signer = change_signing_key(unit.connection, "worker", now=registry.now(), secret=secret)
        lease.release(unit.connection)
        unit.commit()
    return signer.public_key
