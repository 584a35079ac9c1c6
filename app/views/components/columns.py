"""How one column of a table reads and writes a row.

Owns the column's description and the text, export value and chip of a cell; must not
draw. Rows are frozen values; a column never queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from app.views.language import Language
from app.views.theme.tokens import Tone

CellValue: TypeAlias = str | int | Decimal | date | datetime | bool | None


class CellKind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    QUANTITY = "quantity"
    DATE = "date"
    DATETIME = "datetime"
    CHIP = "chip"
    SERIAL = "serial"


@dataclass(frozen=True)
class ChipLook:
    """The tone and the text key of one value of a chip column."""

    tone: Tone
    text_key: str


@dataclass(frozen=True)
class Column:
    """One column: `key` names the row's attribute, the sort and the export heading.

    `width` is in pixels; a `stretch` column takes what is left. `value` computes the value
    instead of the attribute. `second` names an attribute written muted on a second line.
    `chips` gives the values of a chip column their tone and word.
    """

    key: str
    title_key: str
    width: int = 120
    stretch: bool = False
    kind: CellKind = CellKind.TEXT
    right: bool | None = None
    hideable: bool = True
    hidden: bool = False
    sortable: bool = True
    strong: bool = False
    second: str = ""
    value: Callable[[Any], CellValue] | None = None
    chips: Mapping[str, ChipLook] = field(default_factory=dict)

    @property
    def aligned_right(self) -> bool:
        """Whether the cell is right-aligned; quantities are unless said otherwise."""
        return self.kind is CellKind.QUANTITY if self.right is None else self.right

    def value_of(self, row: Any) -> CellValue:
        """Return the value of a row's cell."""
        value: CellValue = self.value(row) if self.value else getattr(row, self.key)
        return value

    def text_of(self, row: Any, language: Language) -> str:
        """Write the cell as people read it."""
        value = self.value_of(row)
        if value is None or value == "":
            return "–" if self.kind is CellKind.QUANTITY else ""
        if self.kind is CellKind.CHIP:
            look = self.chips.get(str(value))
            return language.text(look.text_key) if look else str(value)
        if isinstance(value, datetime) and self.kind is CellKind.DATE:
            return language.day(language.local(value).date())
        return language.show(value)

    def second_line_of(self, row: Any, language: Language) -> str:
        """Write the muted second line; empty when the column has none."""
        return language.show(getattr(row, self.second) or "") if self.second else ""

    def tone_of(self, row: Any) -> Tone:
        """Return the tone of a chip cell."""
        look = self.chips.get(str(self.value_of(row)))
        return look.tone if look else Tone.QUIET
