"""Guards, roles and functions by which a PostgreSQL registry itself refuses.

These statements belong to the migration of the same number.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = ()
