"""Commitment periods: opening the next one with its built-in accounts.

Owns that periods follow one another without a gap. An administrator opens a period; another
administrator is named as having approved its accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import CommitmentPeriod
from app.services.checks.refusals import refuse
from app.services.log.append import LogWriter
from app.services.people.administrators import require_administrator
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.first_accounts import (
    BuiltInAccount,
    open_built_in_accounts,
    propose_built_in_accounts,
)
from app.services.registry.first_rows import FirstPeriod


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A commitment period, both days included."""

    number: int
    first_day: date
    last_day: date

    def as_json(self) -> dict[str, Any]:
        """Write the period as the command line gives it."""
        return {
            "period": self.number,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
        }


def list_periods(registry: OpenRegistry) -> list[PeriodRow]:
    """List the commitment periods in their order."""
    with reading(registry.engine) as connection:
        return _read(connection)


def _read(connection: Connection) -> list[PeriodRow]:
    rows = connection.execute(
        select(*CommitmentPeriod.__table__.columns).order_by(CommitmentPeriod.number)
    )
    return [PeriodRow(row.number, row.first_day, row.last_day) for row in rows]


def open_period(
    registry: OpenRegistry, actor: Actor, approver: Actor, *, last_day: date
) -> PeriodRow:
    """Open the period after the last one, up to `last_day`, with its built-in accounts.

    Raises RulesBroken when the day does not follow, or the two are not two administrators.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        _require_two(connection, actor, approver)
        before = _read(connection)[-1]
        period = PeriodRow(before.number + 1, before.last_day + timedelta(days=1), last_day)
        if period.last_day <= period.first_day:
            raise refuse(
                9650,
                number=period.number,
                first_day=period.first_day,
                last_day=last_day,
                before=before.number,
                before_ends=before.last_day,
            )
        accounts = _propose(connection, registry, actor, period)
        if registry.engine_for(approver) is registry.engine_for(actor):
            _open(connection, registry, accounts, actor, approver)
            accounts = []
        unit.commit()
    if accounts:
        _open_as_themselves(registry, accounts, actor, approver)
    return period


def _require_two(connection: Connection, actor: Actor, approver: Actor) -> None:
    require_administrator(connection, actor)
    require_administrator(connection, approver)
    if actor.id == approver.id:
        raise refuse(9616, user=actor.user_name)


def _propose(
    connection: Connection, registry: OpenRegistry, actor: Actor, period: PeriodRow
) -> list[BuiltInAccount]:
    now, log = registry.now(), LogWriter(connection)
    connection.execute(
        insert(CommitmentPeriod),
        {"number": period.number, "first_day": period.first_day, "last_day": period.last_day},
    )
    log.append(
        "commitment-period-opened",
        at=now,
        persons={"done": actor.user_name},
        body=period.as_json(),
    )
    accounts = propose_built_in_accounts(
        connection,
        log,
        country=registry.country,
        period=FirstPeriod(period.number, period.first_day, period.last_day),
        proposer=actor,
        now=now,
    )
    log.flush()
    return accounts


def _open(
    connection: Connection,
    registry: OpenRegistry,
    accounts: list[BuiltInAccount],
    actor: Actor,
    approver: Actor,
) -> None:
    log = LogWriter(connection)
    open_built_in_accounts(
        connection, log, accounts, approver=approver, proposer=actor, now=registry.now()
    )
    log.flush()


def _open_as_themselves(
    registry: OpenRegistry, accounts: list[BuiltInAccount], actor: Actor, approver: Actor
) -> None:
    """Open the accounts through the other administrator's own connection to the server.

    Should it be cut, the accounts stand as proposals, which an approver opens one by one.
    """
    with UnitOfWork(registry.engine_for(approver)) as unit:
        _open(unit.connection, registry, accounts, actor, approver)
        unit.commit()
