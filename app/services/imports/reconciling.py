"""What of a row is still to be done, given what the registry knows of its units. Pure.

Owns the rule that makes imports repeatable and their order free: units are registered when
they are missing, cancelled when the source says so and they are still held, and never revived.
Records of one source contain one another or are apart; one that cuts across another is at odds
with it and refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.imports.export_row import ExportRow
from app.services.imports.faults import (
    ACCOUNT_UNUSABLE,
    OVERLAPS_UNITS,
    RESERVED,
    RowRefused,
)
from app.services.imports.known_units import KnownAccount, KnownBlock

Span = tuple[int, int]
"""First and last serial number."""


@dataclass(frozen=True, slots=True)
class StandingUnits:
    """Held units of an account that the source has ended since."""

    account: str
    span: Span


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A row with the ranges to register and the units held already that are to be cancelled.

    What is registered is cancelled as well when the row has an ending.
    """

    row: ExportRow
    missing: tuple[Span, ...]
    standing: tuple[StandingUnits, ...]

    @property
    def is_done(self) -> bool:
        """Whether the registry says already what the row says."""
        return not self.missing and not self.standing


def plan_row(
    row: ExportRow, known: Sequence[KnownBlock], account: KnownAccount | None, *, country: str
) -> RowPlan:
    """Plan a row against the `known` blocks that meet its range, in order of their numbers.

    `account` is the one its holder has, if any. Raises RowRefused where row and registry
    contradict each other or an account cannot be used.
    """
    for block in known:
        _refuse_other_units(row, block)
    missing = _gaps(row, known)
    if missing and account is not None:
        _require_usable(account)
    standing = []
    for block in known if row.ending is not None else ():
        if block.is_held:
            _require_free(block, country)
            span = (max(block.first, row.serial.start), min(block.last, row.serial.end))
            standing.append(StandingUnits(block.account.number, span))
    return RowPlan(row, missing, tuple(standing))


def _gaps(row: ExportRow, known: Sequence[KnownBlock]) -> tuple[Span, ...]:
    gaps: list[Span] = []
    next_number = row.serial.start
    for block in known:
        if block.first > next_number:
            gaps.append((next_number, block.first - 1))
        next_number = max(next_number, block.last + 1)
    if next_number <= row.serial.end:
        gaps.append((next_number, row.serial.end))
    return tuple(gaps)


def _refuse_other_units(row: ExportRow, block: KnownBlock) -> None:
    serial = row.serial
    stated = (serial.origin, row.project.code, serial.vintage, serial.unit_type)
    is_same = stated == (block.origin, block.project, block.vintage, block.unit_type)
    if not is_same or any(_cut_across(row, record) for record in block.records):
        raise RowRefused(OVERLAPS_UNITS, serial=row.printed, existing=block.printed)


def _cut_across(row: ExportRow, record: Span) -> bool:
    """Tell whether two ranges that meet have parts of their own each."""
    (first, last), start, end = record, row.serial.start, row.serial.end
    if last < start or end < first:
        return False
    contains = first <= start and end <= last
    is_contained = start <= first and last <= end
    return not contains and not is_contained


def _require_usable(account: KnownAccount) -> None:
    if not account.is_usable:
        state = str(account.state) if account.type.is_holding else f"of type {int(account.type)}"
        raise RowRefused(ACCOUNT_UNUSABLE, number=account.number, name=account.name, state=state)


def _require_free(block: KnownBlock, country: str) -> None:
    _require_usable(block.account)
    if block.reserved_by is not None:
        transaction = f"{country}{block.reserved_by}"
        raise RowRefused(RESERVED, existing=block.printed, transaction=transaction)
