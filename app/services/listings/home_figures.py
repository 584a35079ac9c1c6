"""The figures of the desk's first page.

Owns reading only: holdings from the summary the database keeps, the year's acts from
transactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from app.models.codes import (
    AccountState,
    SupplementaryType,
    TransactionStatus,
    TransactionType,
    UnitState,
)
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Certificate, Holding, TransactionRow, UnitType
from app.services.registry.context import BANGKOK, OpenRegistry


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """Units of one type; `measure` is what one unit stands for: tCO2e or toe."""

    unit_type: str
    measure: str
    quantity: int


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """What the registry holds, and what was done this year by the day each act counts from.

    An imported act counts from the day its source records, any other from its completion.
    """

    year: int
    held: tuple[UnitFigure, ...]
    issued_this_year: tuple[UnitFigure, ...]
    offset_this_year: tuple[UnitFigure, ...]
    pending: int
    open_accounts: int
    certificates: int

    @staticmethod
    def total(figures: tuple[UnitFigure, ...], measure: str = "tCO2e") -> int:
        """Add up the units of one measure; units of different measures do not add."""
        return sum(figure.quantity for figure in figures if figure.measure == measure)


def home_figures(registry: OpenRegistry) -> HomeFigures:
    """Read the figures of the first page, as at one moment."""
    year = registry.today().year
    with reading(registry.engine) as connection:
        return HomeFigures(
            year=year,
            held=_held(connection),
            issued_this_year=_done(connection, TransactionType.ISSUANCE, year),
            offset_this_year=_done(connection, TransactionType.CANCELLATION, year),
            pending=connection.execute(
                select(func.count(TransactionRow.id)).where(
                    TransactionRow.status.in_(
                        [int(TransactionStatus.PROPOSED), int(TransactionStatus.CHECKED)]
                    )
                )
            ).scalar_one(),
            open_accounts=connection.execute(
                select(func.count(Account.id)).where(Account.state == str(AccountState.OPEN))
            ).scalar_one(),
            certificates=connection.execute(select(func.count(Certificate.id))).scalar_one(),
        )


def _held(connection: Connection) -> tuple[UnitFigure, ...]:
    rows = connection.execute(
        select(UnitType.code, UnitType.measure, func.sum(Holding.quantity))
        .select_from(Holding)
        .join(UnitType, UnitType.code == Holding.unit_type)
        .join(Account, Account.id == Holding.account_id)
        .where(Account.unit_state == str(UnitState.HELD), Holding.quantity > 0)
        .group_by(UnitType.code, UnitType.measure)
        .order_by(UnitType.code)
    )
    return tuple(UnitFigure(code, measure, int(quantity)) for code, measure, quantity in rows)


def _done(connection: Connection, kind: TransactionType, year: int) -> tuple[UnitFigure, ...]:
    rows = connection.execute(
        select(UnitType.code, UnitType.measure, func.sum(TransactionRow.quantity))
        .select_from(TransactionRow)
        .join(UnitType, UnitType.code == TransactionRow.unit_type)
        .where(
            TransactionRow.status == int(TransactionStatus.COMPLETED),
            TransactionRow.type == int(kind),
            or_(
                TransactionRow.type != int(TransactionType.CANCELLATION),
                TransactionRow.supplementary_type == int(SupplementaryType.VOLUNTARY_CANCELLATION),
            ),
            _in_year(year),
        )
        .group_by(UnitType.code, UnitType.measure)
        .order_by(UnitType.code)
    )
    return tuple(UnitFigure(code, measure, int(quantity)) for code, measure, quantity in rows)


def _in_year(year: int) -> ColumnElement[bool]:
    begin = datetime(year, 1, 1, tzinfo=BANGKOK).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=BANGKOK).astimezone(UTC)
    return or_(
        TransactionRow.effective_on.between(date(year, 1, 1), date(year, 12, 31)),
        and_(
            TransactionRow.effective_on.is_(None),
            TransactionRow.completed_at >= begin,
            TransactionRow.completed_at < end,
        ),
    )
