"""One row of a registry's export as a value: a block of units, its project, what became of it.

Owns the shapes alone; readers make them, reconciling and carrying out read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.models.serials.serial_range import SerialRange, print_serial


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProject:
    """A project as the source tells of it; `sectoral_scope` is 0 where it names none."""

    code: str
    name: str
    country: str
    kind: str = ""
    methodology: str = ""
    proponent: str = ""
    sectoral_scope: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """That the source retired or cancelled the units: its word, day and reason for it."""

    word: str
    on: date
    reason: str = ""
    beneficiary: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A block of units issued, held when `ending` is None.

    `holder` is empty where the source names none; `issued_on` is None where it does not tell,
    and then there is an ending.
    """

    row: int
    serial: SerialRange
    project: SourceProject
    holder: str
    issued_on: date | None
    ending: Ending | None

    @property
    def printed(self) -> str:
        """The whole range as its registry prints it."""
        return print_serial(self.serial)

    @property
    def account_name(self) -> str:
        """The name of the account the units belong to, and of its holder."""
        return self.holder or f"Imported, holder unknown: {self.serial.origin}"

    @property
    def registered_on(self) -> date:
        """The day by which the registration is put in order."""
        day = self.issued_on or (None if self.ending is None else self.ending.on)
        assert day is not None, "a reader gives every row a day"
        return day
