"""From a source serial to the domestic one that stands for it, and back.

Owns the arithmetic between the two: units are reissued one for one, in order, so that a part of
a range on one side is a part of the same size on the other. Reading only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import (
    SerialRange,
    print_from_template,
    print_serial,
    with_range,
)
from app.models.storage.unit_of_work import reading
from app.models.tables import SourceUnit, UnitBatch
from app.models.tables.base import AnyRow
from app.services.registry.context import OpenRegistry

MOST_FOUND = 1000


@dataclass(frozen=True, slots=True)
class ReissuedRange:
    """Source units and the domestic ones that stand for them, unit for unit in order.

    `registered` is the whole range as its record names it, `transaction` the conversion.
    """

    source: str
    source_series: str
    source_first: int
    source_last: int
    domestic: str
    domestic_series: str
    domestic_first: int
    domestic_last: int
    registered: str
    transaction: str

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.source_last - self.source_first + 1

    def as_json(self) -> dict[str, Any]:
        """Write the pair as the command line gives it."""
        return {
            "source": self.source,
            "source_series": self.source_series,
            "source_start": self.source_first,
            "source_end": self.source_last,
            "domestic": self.domestic,
            "domestic_series": self.domestic_series,
            "domestic_start": self.domestic_first,
            "domestic_end": self.domestic_last,
            "quantity": self.quantity,
            "registered": self.registered,
            "transaction": self.transaction,
        }


def find_reissue(registry: OpenRegistry, serial: SerialRange) -> tuple[ReissuedRange, ...]:
    """Follow a serial from either end to the other, cut to the units asked for.

    A source serial leads to the domestic units that stand for it, a domestic one to the source
    units it stands for. Nothing for units that were never converted; at most 1,000 ranges.
    """
    with reading(registry.engine) as connection:
        rows = connection.execute(_meeting(serial)).all()
    return tuple(_pair(registry, row, serial) for row in rows)


def _meeting(serial: SerialRange) -> Select[*tuple[Any, ...]]:
    as_source = and_(
        SourceUnit.series == serial.series,
        SourceUnit.first_serial <= serial.end,
        SourceUnit.last_serial >= serial.start,
    )
    as_domestic = and_(
        SourceUnit.reissued_series == serial.series,
        SourceUnit.reissued_first <= serial.end,
        SourceUnit.reissued_last >= serial.start,
    )
    return (
        select(
            SourceUnit.serial,
            SourceUnit.series,
            SourceUnit.first_serial,
            SourceUnit.last_serial,
            SourceUnit.reissued_series,
            SourceUnit.reissued_first,
            SourceUnit.converted_by,
            UnitBatch.template,
        )
        .join(UnitBatch, UnitBatch.created_by == SourceUnit.converted_by)
        .where(SourceUnit.reissued_first.is_not(None), or_(as_source, as_domestic))
        .order_by(SourceUnit.series, SourceUnit.first_serial)
        .limit(MOST_FOUND)
    )


def _pair(registry: OpenRegistry, row: AnyRow, serial: SerialRange) -> ReissuedRange:
    """Cut a registered range and its reissue to the units asked for."""
    offset = row.reissued_first - row.first_serial
    first, last = serial.start, serial.end
    if serial.series != row.series:
        first, last = first - offset, last - offset
    first, last = max(first, row.first_serial), min(last, row.last_serial)
    registered = read_serial(row.serial)
    return ReissuedRange(
        source=_print_source(registered, first, last),
        source_series=row.series,
        source_first=first,
        source_last=last,
        domestic=print_from_template(row.template, first + offset, last + offset),
        domestic_series=row.reissued_series,
        domestic_first=first + offset,
        domestic_last=last + offset,
        registered=row.serial,
        transaction=f"{registry.country}{row.converted_by}",
    )


def _print_source(registered: SerialRange, first: int, last: int) -> str:
    return print_serial(with_range(registered, first, last))
