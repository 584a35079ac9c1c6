"""What became of a file's rows and units.

Owns the counts and their shape in JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.services.imports.faults import RejectedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Rows counted, and the units this import issued, cancelled and left held.

    `refused` says that the whole file was, because of `strict`; `stopped` that it was cancelled
    half way and can be run again.
    """

    rows: int
    imported: int = 0
    already_there: int = 0
    rejected: tuple[RejectedRow, ...] = ()
    units_issued: int = 0
    units_cancelled: int = 0
    units_held: int = 0
    refused: bool = False
    stopped: bool = False

    def as_json(self) -> dict[str, Any]:
        """Write the report as the command line gives it."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "already_there": self.already_there,
            "rejected": [item.as_json() for item in self.rejected],
            "units_issued": self.units_issued,
            "units_cancelled": self.units_cancelled,
            "units_held": self.units_held,
            "refused": self.refused,
            "stopped": self.stopped,
        }
