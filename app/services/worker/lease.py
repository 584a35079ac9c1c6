"""Which worker is the active one: a lease in the registry, by the server's own clock.

Owns taking, keeping and giving back the lease; a new worker begins without its forerunner's
problem. Whoever writes as the worker keeps the lease in the
same transaction: the row is locked until it commits, so a worker that was thought dead, and woke
up, can write nothing after another has taken over.
"""

from __future__ import annotations

import os
import platform
import secrets

from sqlalchemy import Connection, text

from app.models.errors import TeakError

LEASE_S = 15
"""How long a worker that fell silent keeps others waiting."""

_TAKE = text(
    "INSERT INTO teak.worker_lease AS held (id, holder, expires_at, problem) "
    "VALUES (1, :holder, clock_timestamp() + make_interval(secs => :seconds), '') "
    "ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at, "
    "problem = CASE WHEN held.holder = excluded.holder THEN held.problem ELSE '' END "
    "WHERE held.expires_at < clock_timestamp() OR held.holder = excluded.holder "
    "RETURNING held.id"
)
_KEEP = text(
    "UPDATE teak.worker_lease SET expires_at = clock_timestamp() + make_interval(secs => :seconds) "
    "WHERE id = 1 AND holder = :holder AND expires_at > clock_timestamp() RETURNING id"
)
_RELEASE = text(
    "UPDATE teak.worker_lease SET expires_at = clock_timestamp() WHERE id = 1 AND holder = :holder"
)


class LeaseLost(TeakError):
    """Another worker has taken over; nothing was written."""

    code = "lease-lost"


def new_holder() -> str:
    """Name this worker: machine, process, and something no other has."""
    machine = (platform.node() or "unknown")[:20]
    return f"{machine}:{os.getpid()}:{secrets.token_hex(4)}"[:40]


class Lease:
    """One worker's claim to be the active one."""

    def __init__(self, holder: str, *, seconds: int = LEASE_S) -> None:
        self._values = {"holder": holder, "seconds": seconds}

    def take(self, connection: Connection) -> bool:
        """Take the lease, or keep it; False while another worker has it."""
        return connection.execute(_TAKE, self._values).one_or_none() is not None

    def keep(self, connection: Connection) -> None:
        """Keep the lease within a transaction that writes; LeaseLost when it is gone."""
        if connection.execute(_KEEP, self._values).one_or_none() is None:
            raise LeaseLost(
                "Another worker has taken over; this one wrote nothing.",
                hint="One `teak work` for a registry is enough; a second waits its turn.",
            )

    def release(self, connection: Connection) -> None:
        """Give the lease back, so that another need not wait for it to expire."""
        connection.execute(_RELEASE, {"holder": self._values["holder"]})
