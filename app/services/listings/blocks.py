"""Unit blocks as a listing.

Owns reading only; blocks by their serial number are `serial_history`. A block's serial is
printed in its own grammar, as its registry writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.models.errors import UsageError
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, print_from_template
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Project, Series, UnitBatch, UnitBlock
from app.models.tables.base import AnyRow
from app.services.listings.keyset import Source, equals, equals_number, fetch_page, whole_number
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import day_json
from app.services.registry.context import OpenRegistry

RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A unit block; `state` is reserved while a pending transaction holds it.

    `reserved_by` and `moved_by` are transaction identifiers.
    """

    id: int
    serial: str
    series: str
    origin: str
    unit_type: str
    project: str
    project_name: str
    vintage: int | None
    start: int
    end: int
    quantity: int
    account: str
    account_name: str
    state: str
    expiry: date | None
    reserved_by: str | None
    moved_by: str | None

    def as_json(self) -> dict[str, Any]:
        """Write the block as the command line gives it."""
        return {
            "serial": self.serial,
            "series": self.series,
            "origin": self.origin,
            "unit_type": self.unit_type,
            "project": self.project,
            "project_name": self.project_name,
            "vintage": self.vintage,
            "start": self.start,
            "end": self.end,
            "quantity": self.quantity,
            "account": self.account,
            "state": self.state,
            "expiry": day_json(self.expiry),
            "reserved_by": self.reserved_by,
            "moved_by": self.moved_by,
        }


def _in_account(number: str) -> ColumnElement[bool]:
    """Keep an account's blocks, by the two indexes of free and of reserved blocks."""
    account = select(Account.id).where(Account.number == number).scalar_subquery()
    return or_(
        and_(UnitBlock.account_id == account, UnitBlock.reserved_by.is_(None)),
        and_(UnitBlock.account_id == account, UnitBlock.reserved_by.is_not(None)),
    )


def _in_state(word: str) -> ColumnElement[bool]:
    if word == RESERVED:
        return UnitBlock.reserved_by.is_not(None)
    return and_(UnitBlock.state == word, UnitBlock.reserved_by.is_(None))


def _of_transaction(identifier: str) -> ColumnElement[bool]:
    digits = identifier[2:] if identifier[:2].isalpha() else identifier
    return UnitBlock.reserved_by == whole_number(digits, "reserved_by")


def _with_serial(text: str) -> ColumnElement[bool]:
    try:
        serial = read_serial(text)
    except SerialError as error:
        raise UsageError(
            str(error), hint="Give a block's serial as the listing prints it."
        ) from None
    return and_(
        UnitBlock.series == serial.series,
        UnitBlock.series_id
        == select(Series.id).where(Series.key == serial.series).scalar_subquery(),
        UnitBlock.first_serial == serial.start,
    )


_QUANTITY = UnitBlock.last_serial - UnitBlock.first_serial + 1

BLOCKS = Source(
    statement=select(
        UnitBlock.id,
        UnitBlock.series,
        UnitBlock.first_serial,
        UnitBlock.last_serial,
        UnitBlock.unit_type,
        UnitBlock.state,
        UnitBlock.reserved_by,
        UnitBlock.moved_by,
        UnitBatch.origin,
        UnitBatch.vintage,
        UnitBlock.fifo_expiry,
        UnitBatch.template,
        Project.code,
        Project.name_en,
        Account.number,
        Account.name.label("account_name"),
    )
    .outerjoin(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
    .outerjoin(Project, Project.id == UnitBatch.project_id)
    .outerjoin(Account, Account.id == UnitBlock.account_id),
    key=(UnitBlock.id,),
    sorts={
        "id": (),
        # By series in the order they came, then by number: an index gives it at any size.
        "serial": (UnitBlock.series_id, UnitBlock.first_serial),
        "start": (UnitBlock.first_serial,),
        "end": (UnitBlock.last_serial,),
        "quantity": (_QUANTITY,),
        "unit_type": (UnitBlock.unit_type,),
        "origin": (func.coalesce(UnitBatch.origin, ""),),
        "project": (func.coalesce(Project.code, ""),),
        "vintage": (UnitBlock.fifo_vintage,),
        "expiry": (UnitBlock.fifo_expiry,),
        "account": (func.coalesce(Account.number, ""),),
        "state": (UnitBlock.state,),
        # The order in which units leave an account.
        "fifo": (
            UnitBlock.fifo_expiry,
            UnitBlock.fifo_vintage,
            UnitBlock.series,
            UnitBlock.first_serial,
        ),
    },
    default_sort="serial",
    filters={
        "account": _in_account,
        "unit_type": equals(UnitBlock.unit_type),
        "project": equals(Project.code),
        "origin": equals(UnitBatch.origin),
        "vintage": equals_number(UnitBatch.vintage, "vintage"),
        "state": _in_state,
        "series": equals(UnitBlock.series),
        "serial": _with_serial,
        "reserved_by": _of_transaction,
    },
    texts=(UnitBlock.series, Project.code, Project.name_en, Account.number, Account.name),
)


def list_blocks(registry: OpenRegistry, request: PageRequest) -> Page[BlockRow]:
    """List unit blocks.

    Filters: account, unit_type, project, origin, vintage, state (held, reserved, cancelled …),
    series, serial, reserved_by. Sort `fifo` is the order in which units leave an account.
    """
    request = with_own_sort(request)
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, BLOCKS, request)
    return Page(tuple(block_row(registry, row) for row in rows), following)


def identifier(registry: OpenRegistry, transaction_id: int | None) -> str | None:
    """Write a transaction's identifier, such as TH12."""
    return None if transaction_id is None else f"{registry.country}{transaction_id}"


def with_own_sort(request: PageRequest) -> PageRequest:
    """Sort the blocks of one account as they will leave it, unless another sort is asked for.

    The index by which that account's blocks are found gives it.
    """
    if request.sort or not request.filters.get("account"):
        return request
    return replace(request, sort="fifo")


def block_row(registry: OpenRegistry, row: AnyRow) -> BlockRow:
    """Make a block's row from a row of `BLOCKS`."""
    return BlockRow(
        id=row.id,
        serial=print_from_template(row.template, row.first_serial, row.last_serial),
        series=row.series,
        origin=row.origin,
        unit_type=row.unit_type,
        project=row.code,
        project_name=row.name_en,
        vintage=row.vintage,
        start=row.first_serial,
        end=row.last_serial,
        quantity=row.last_serial - row.first_serial + 1,
        account=row.number,
        account_name=row.account_name,
        state=row.state if row.reserved_by is None else RESERVED,
        expiry=None if row.fifo_expiry == date.max else row.fifo_expiry,
        reserved_by=identifier(registry, row.reserved_by),
        moved_by=identifier(registry, row.moved_by),
    )
