"""Bringing a registry of an earlier version up to this one.

Owns the order: the file is examined as at any opening, then migrated, then its log is told what
the migration added.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from app.models.storage.registry_file import open_registry_file
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import LogEntry, Scheme
from app.services.log.append import LogWriter
from app.services.registry.context import Clock, system_clock

_ADDED = "scheme-added"


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema revisions a registry was at before and is at now."""

    before: str | None
    after: str | None

    def as_json(self) -> dict[str, Any]:
        """Write the result as the command line gives it."""
        return {"ok": True, "from_revision": self.before, "revision": self.after}


def migrate_registry(path: Path, *, passphrase: str, clock: Clock = system_clock) -> Migrated:
    """Run the migrations a registry lacks; one that lacks none is left as it is.

    Raises what `open_registry_file` raises, and NewerRegistry.
    """
    from app.models.storage.migrate import current_revision, head_revision, upgrade

    file = open_registry_file(path, passphrase=passphrase)
    try:
        before = current_revision(file.engine)
        if before != head_revision():
            upgrade(file.engine)
        _log_schemes(file.engine, clock)
        return Migrated(before, current_revision(file.engine))
    finally:
        file.engine.dispose()


def _log_schemes(engine: Engine, clock: Clock) -> None:
    """Log the schemes that a migration added; by nobody's hand, and again if it was cut short."""
    columns = (Scheme.code, Scheme.name_en, Scheme.name_th, Scheme.unit_type)
    with UnitOfWork(engine) as unit:
        logged = unit.connection.execute(
            select(LogEntry.sequence).where(LogEntry.kind == _ADDED).limit(1)
        )
        if logged.first() is not None:
            return
        log = LogWriter(unit.connection)
        for row in unit.connection.execute(select(*columns).order_by(Scheme.code)):
            log.append(_ADDED, at=clock(), persons={"done": "migration"}, body=row._asdict())
        log.flush()
        unit.commit()
