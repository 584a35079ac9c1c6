"""Guards and functions by which a PostgreSQL registry itself refuses.

The statements stand in the `.sql` files beside, in the order of `FILES`, each file divided by
`split_statements`. They name tables bare when they alter them (the migration's search path says
where they are) and by the schema `teak` inside functions, where nothing but that schema may
answer. The rights of the database roles are in `rights`: they carry the registry's prefix, so
they are given when a registry is created or migrated.

These statements belong to the migration of the same number and are never edited afterwards.
"""

from __future__ import annotations

import re
from pathlib import Path

from app.models.guards.postgresql_0002.rights import rights

__all__ = ["STATEMENTS", "rights", "split_statements"]

FILES = (
    "sessions",
    "people",
    "refusals",
    "identity",
    "record_guards",
    "transaction_guards",
    "unit_guards",
    "lean",
    "summaries",
    "log_guards",
    "notifying",
    "logging",
    "issuing",
    "proposing",
    "completing",
    "voting",
    "ending",
)

_FOLDER = Path(__file__).parent
_PIECE = re.compile(r"(?P<tag>\$\w*\$).*?(?P=tag)|'(?:[^']|'')*'|--[^\n]*|;|[^$';-]+|.", re.DOTALL)


def split_statements(script: str) -> tuple[str, ...]:
    """Divide a script at its semicolons, but not at those in texts, comments and bodies."""
    statements, current = [], ""
    for found in _PIECE.finditer(script):
        piece = found[0]
        if piece == ";":
            statements.append(current.strip())
            current = ""
        elif not piece.startswith("--"):
            current += piece
    return tuple(statement for statement in (*statements, current.strip()) if statement)


STATEMENTS: tuple[str, ...] = tuple(
    statement
    for name in FILES
    for statement in split_statements((_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
)
