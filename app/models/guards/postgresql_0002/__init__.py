"""Guards, roles and functions by which a PostgreSQL registry itself refuses.

These statements belong to the migration of the same number.
"""

from __future__ import annotations

from app.models.guards.postgresql_0002.identity import IDENTITY

STATEMENTS: tuple[str, ...] = (*IDENTITY,)
