"""Domestic units issued and offset in each of the last months, for the first page's chart.

Owns reading only. An imported act counts from the day its source records, any other from the
day of its completion, as in `home_figures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.models.codes import SupplementaryType, TransactionStatus, TransactionType
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionRow, UnitType
from app.services.registry.context import BANGKOK, OpenRegistry

MONTHS_SHOWN = 12
VOLUNTARY = SupplementaryType.VOLUNTARY_CANCELLATION
"""The one kind of cancellation that offsets."""
_ISSUED, _OFFSET = TransactionType.ISSUANCE, TransactionType.CANCELLATION


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Domestic units issued and offset in one month, in tonnes of CO2 equivalent."""

    year: int
    month: int
    issued_t: int
    offset_t: int


def monthly_figures(
    registry: OpenRegistry, *, months: int = MONTHS_SHOWN
) -> tuple[MonthFigures, ...]:
    """Read the figures of the last months, this one last, in one query."""
    firsts = _first_days(registry.today(), months)
    columns = []
    for first, following in pairwise(firsts):
        within = _between(first, following)
        for kind in (_ISSUED, _OFFSET):
            wanted = and_(within, TransactionRow.type == int(kind))
            if kind is _OFFSET:
                wanted = and_(wanted, TransactionRow.supplementary_type == int(VOLUNTARY))
            columns.append(func.sum(case((wanted, TransactionRow.quantity), else_=0)))
    statement = (
        select(*columns)
        .select_from(TransactionRow)
        .join(UnitType, UnitType.code == TransactionRow.unit_type)
        .where(
            TransactionRow.status == int(TransactionStatus.COMPLETED),
            UnitType.is_domestic,
            UnitType.measure == "tCO2e",
            _between(firsts[0], firsts[-1]),
        )
    )
    with reading(registry.engine) as connection:
        sums = [int(each or 0) for each in connection.execute(statement).one()]
    return tuple(
        MonthFigures(first.year, first.month, sums[2 * place], sums[2 * place + 1])
        for place, first in enumerate(firsts[:-1])
    )


def _first_days(today: date, months: int) -> list[date]:
    """Give the first days of the last months and of the one to come."""
    last = today.year * 12 + today.month
    numbers = range(last - months, last + 1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _between(first: date, following: date) -> ColumnElement[bool]:
    return or_(
        and_(TransactionRow.effective_on >= first, TransactionRow.effective_on < following),
        and_(
            TransactionRow.effective_on.is_(None),
            TransactionRow.completed_at >= _moment(first),
            TransactionRow.completed_at < _moment(following),
        ),
    )


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BANGKOK).astimezone(UTC)
