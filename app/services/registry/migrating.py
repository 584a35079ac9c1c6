"""Bringing a registry of an earlier version up to this one.

Owns the order: the file is examined as at any opening, then migrated, then nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.models.storage.registry_file import open_registry_file


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema revisions a registry was at before and is at now."""

    before: str | None
    after: str | None

    def as_json(self) -> dict[str, Any]:
        """Write the result as the command line gives it."""
        return {"ok": True, "from_revision": self.before, "revision": self.after}


def migrate_registry(path: Path, *, passphrase: str) -> Migrated:
    """Run the migrations a registry lacks; one that lacks none is left as it is.

    Raises what `open_registry_file` raises, and NewerRegistry.
    """
    from app.models.storage.migrate import current_revision, head_revision, upgrade

    file = open_registry_file(path, passphrase=passphrase)
    try:
        before = current_revision(file.engine)
        if before != head_revision():
            upgrade(file.engine)
        return Migrated(before, current_revision(file.engine))
    finally:
        file.engine.dispose()
