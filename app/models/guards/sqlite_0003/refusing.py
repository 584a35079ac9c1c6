"""How a guard is written: a trigger whose message begins with `teak:`.

Belongs to the migration of the same number and is never edited after its release.
"""

from __future__ import annotations


def refuse(name: str, event: str, table: str, message: str, condition: str = "") -> str:
    """Write a trigger that refuses an event where the condition holds."""
    when = f"WHEN {condition} " if condition else ""
    return (
        f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, 'teak: {message}'); END"
    )


def never_replaced(table: str, what: str, *keys: str) -> str:
    """Refuse a row whose key exists: `INSERT OR REPLACE` deletes without a delete trigger."""
    exists = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})" for key in keys)
    return refuse(f"{table}_replace", "INSERT", table, f"{what} cannot be replaced", exists)


def append_only(table: str, what: str) -> tuple[str, str]:
    """Refuse every change and deletion."""
    return (
        refuse(f"{table}_update", "UPDATE", table, f"{what} cannot be changed"),
        refuse(f"{table}_delete", "DELETE", table, f"{what} cannot be deleted"),
    )
