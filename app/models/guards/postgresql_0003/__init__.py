"""Guards of sensor stations by which a PostgreSQL registry itself refuses.

The statements stand in the `.sql` files beside, as those of revision 0002 do; `rights` are all
rights of a registry at this revision.

These statements belong to the migration of the same number and are never edited afterwards.
"""

from __future__ import annotations

from pathlib import Path

from app.models.guards.postgresql_0002 import split_statements
from app.models.guards.postgresql_0003.rights import rights

__all__ = ["STATEMENTS", "rights"]

_FOLDER = Path(__file__).parent

STATEMENTS: tuple[str, ...] = tuple(
    statement
    for name in ("kept", "stations", "readings", "calibrations")
    for statement in split_statements((_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
)
