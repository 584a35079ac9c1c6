"""The blocks of an account that may be picked by hand, first in, first out.

Owns the keyset pages of the block picker; what may be picked in the end the checks say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_

from app.models.serials.serial_range import print_from_template
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Project, UnitBatch, UnitBlock
from app.models.tables.base import AnyRow
from app.services.listings.keyset import contains
from app.services.listings.page import Page, PageRequest
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class FreeBlock:
    """An unreserved, unexpired block; `template` prints any part of it."""

    series: str
    first: int
    last: int
    template: str
    project: str
    project_name: str
    vintage: int | None
    expires_on: date | None

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.last - self.first + 1

    @property
    def serial(self) -> str:
        """Print the whole block in its own grammar."""
        return self.print(self.first, self.last)

    @property
    def key(self) -> str:
        """Name the block for as long as it is whole."""
        return f"{self.series} {self.first}"

    def print(self, first: int, last: int) -> str:
        """Print a part of the block in its own grammar."""
        return print_from_template(self.template, first, last)


_ORDER = (
    UnitBlock.fifo_expiry,
    UnitBlock.fifo_vintage,
    UnitBlock.series,
    UnitBlock.first_serial,
)
_BLOCKS = (
    select(
        UnitBlock.series,
        UnitBlock.first_serial,
        UnitBlock.last_serial,
        UnitBlock.fifo_expiry,
        UnitBlock.fifo_vintage,
        UnitBatch.template,
        UnitBatch.vintage,
        Project.code,
        Project.name_en,
    )
    .join(Account, Account.id == UnitBlock.account_id)
    .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
    .join(Project, Project.id == UnitBatch.project_id)
    .where(UnitBlock.reserved_by.is_(None))
    .order_by(*_ORDER)
)


def list_free_blocks(
    registry: OpenRegistry, request: PageRequest, *, account_number: str, unit_type: str
) -> Page[FreeBlock]:
    """List free blocks in the order in which they would leave; filters by project or series."""
    statement = _BLOCKS.where(
        Account.number == account_number,
        UnitBlock.unit_type == unit_type,
        UnitBlock.fifo_expiry >= registry.today(),
    )
    if request.filter_text:
        named = (UnitBlock.series, Project.name_en, Project.name_th, Project.code)
        statement = statement.where(contains(named, request.filter_text))
    if request.after is not None:
        expiry, vintage, series, first = request.after
        after = (date.fromisoformat(str(expiry)), vintage, series, first)
        statement = statement.where(tuple_(*_ORDER) > after)
    with reading(registry.engine) as connection:
        rows = connection.execute(statement.limit(request.limit + 1)).all()
    more = len(rows) > request.limit
    kept = rows[: request.limit]
    return Page(tuple(_block(row) for row in kept), next=_cursor(kept[-1]) if more else None)


def _cursor(row: AnyRow) -> tuple[str | int | None, ...]:
    return (row.fifo_expiry.isoformat(), row.fifo_vintage, row.series, row.first_serial)


def _block(row: AnyRow) -> FreeBlock:
    return FreeBlock(
        series=row.series,
        first=row.first_serial,
        last=row.last_serial,
        template=row.template,
        project=row.code,
        project_name=row.name_en,
        vintage=row.vintage,
        expires_on=None if row.fifo_expiry == date.max else row.fifo_expiry,
    )
