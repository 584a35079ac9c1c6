"""Notices recorded as they come, and closed when what they ask for is done.

Owns a notice's life: open, incomplete while a part is fulfilled, completed. How much is fulfilled
follows from the completed transactions that name it, never from a figure somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from app.models.codes import Role, TransactionStatus
from app.models.errors import NotFound, UsageError
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.serials.serial_range import LARGEST_NUMBER
from app.models.storage.prepared import Prepared, Read, at_most, read_together
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.storage.writes import Writes, keys_ahead
from app.models.tables import Account, CommitmentPeriod, Notice, Project, TransactionRow, UnitType
from app.models.tables.base import AnyRow
from app.services.checks.refusals import refuse
from app.services.log.append import LogWriter
from app.services.notices.kinds import NOTICE_KINDS
from app.services.people.administrators import administrator_ahead, require_administrator
from app.services.registry.context import Actor, OpenRegistry

TERM_DAYS = 30
"""The clock of a notice that names no day. Source: domain, Compliance."""

OPEN, INCOMPLETE, COMPLETED = 1, 2, 3
STATUS_WORDS = {
    OPEN: ("open", "เปิด"),
    INCOMPLETE: ("incomplete", "ดำเนินการบางส่วน"),
    COMPLETED: ("completed", "เสร็จสมบูรณ์"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice to record; without `due_on` it is due in thirty days."""

    number: str
    type: int
    message: str
    unit_type: str | None = None
    project: str | None = None
    account: str | None = None
    target_quantity: int | None = None
    period: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice and how far it is fulfilled, in units."""

    number: str
    type: int
    status: int
    message: str
    unit_type: str
    project: str
    account: str
    target_quantity: int | None
    fulfilled: int
    pending: int
    received_at: datetime
    due_on: date
    is_overdue: bool

    def as_json(self) -> dict[str, Any]:
        """Write the notice as the command line gives it."""
        return {
            "number": self.number,
            "type": self.type,
            "name": NOTICE_KINDS[self.type].name,
            "status": self.status,
            "status_name": STATUS_WORDS[self.status][0],
            "message": self.message,
            "unit_type": self.unit_type or None,
            "project": self.project or None,
            "account": self.account or None,
            "target_quantity": self.target_quantity,
            "fulfilled": self.fulfilled,
            "pending": self.pending,
            "due_on": self.due_on.isoformat(),
            "overdue": self.is_overdue,
        }


def record_notice(registry: OpenRegistry, actor: Actor, notice: NewNotice) -> int:
    """Record a notice; an administrator does. Raises RulesBroken for what it cannot say."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        read_together(connection, _asked_of_record(actor, notice))
        require_administrator(connection, actor)
        values = _require_notice(connection, registry, notice)
        notice_id = writes.insert(
            Notice,
            {
                **values,
                "status": OPEN,
                "received_at": registry.now(),
                "recorded_by": actor.id,
            },
        )
        body = {
            "notice": notice.number,
            "type": notice.type,
            "due_on": values["due_on"].isoformat(),
            "target_quantity": notice.target_quantity,
            "unit_type": notice.unit_type,
        }
        _log(writes, connection, registry, actor, "notice-recorded", body)
        writes.flush()
        unit.commit()
    return notice_id


_TAKEN = Prepared(select(Notice.id).where(Notice.number == bindparam("wanted")))
_UNIT_TYPE = Prepared(select(UnitType.code).where(UnitType.code == bindparam("wanted")))
_PROJECT = Prepared(at_most(select(Project.id).where(Project.code == bindparam("wanted")), 1))
_ACCOUNT = Prepared(select(Account.id).where(Account.number == bindparam("wanted")))
_PERIODS = Prepared(select(CommitmentPeriod.number))


def _asked_of_record(actor: Actor, notice: NewNotice) -> Iterator[Read]:
    """Give what recording a notice is sure to ask for, so that a server is asked once."""
    yield administrator_ahead(actor)
    yield _TAKEN, {"wanted": notice.number.strip()}
    named = ((_UNIT_TYPE, notice.unit_type), (_PROJECT, notice.project), (_ACCOUNT, notice.account))
    for statement, wanted in named:
        if wanted:
            yield statement, {"wanted": wanted}
    if notice.period is not None:
        yield _PERIODS, {}
    if actor.role is Role.ADMINISTRATOR:
        yield from keys_ahead(Notice)


def _require_notice(
    connection: Connection, registry: OpenRegistry, notice: NewNotice
) -> dict[str, Any]:
    kind = NOTICE_KINDS.get(notice.type)
    if kind is None:
        raise refuse(9640, type=notice.type)
    number = require_plain_text(notice.number, what="number", longest=40)
    if not number:
        raise UsageError("The notice has no “number”.", hint="Give the number it came with.")
    if notice.target_quantity is not None and notice.target_quantity > LARGEST_NUMBER:
        raise UsageError(
            f"“target_quantity” is {notice.target_quantity:,}.",
            hint=f"Give at most {LARGEST_NUMBER:,}.",
        )
    if _TAKEN.find(connection, {"wanted": number}) is not None:
        raise refuse(9641, number=number)
    if kind.asks_for_units and (
        notice.unit_type is None or notice.target_quantity is None or notice.target_quantity < 1
    ):
        raise refuse(9642, type=notice.type)
    today = registry.today()
    if notice.due_on is not None and notice.due_on < today:
        raise refuse(9644, number=number, due_on=notice.due_on, today=today)
    return {
        "number": number,
        "type": notice.type,
        "message": require_plain_text(notice.message, what="message", longest=LONGEST_NAME * 10),
        "unit_type": _known(connection, _UNIT_TYPE, notice.unit_type, "unit type"),
        "project_id": _known(connection, _PROJECT, notice.project, "project"),
        "account_id": _known(connection, _ACCOUNT, notice.account, "account"),
        "target_quantity": notice.target_quantity,
        "period": None if notice.period is None else _known_period(connection, notice.period),
        "due_on": notice.due_on or today + timedelta(days=TERM_DAYS),
    }


def _known(connection: Connection, query: Prepared, wanted: str | None, what: str) -> Any:
    if not wanted:
        return None
    found = query.find(connection, {"wanted": wanted})
    if found is None:
        raise NotFound(f"The notice names a {what} that this registry does not know.")
    return found[0]


def _known_period(connection: Connection, number: int) -> int:
    """Find the period among all: a number that no column holds cannot be asked for."""
    if (number,) not in list(_PERIODS.rows(connection, {})):
        raise NotFound(
            f"There is no commitment period {number} in this registry.",
            hint="`teak period list` names them.",
        )
    return number


def close_notice(registry: OpenRegistry, actor: Actor, number: str, *, reason: str) -> None:
    """Close a notice: what it asks for is done, or it asks for nothing the ledger knows."""
    reason = require_plain_text(reason, what="reason")
    if not reason:
        raise refuse(9617)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        wanted = {"wanted": number}
        read_together(connection, (administrator_ahead(actor), (_NOTICE, wanted)))
        require_administrator(connection, actor)
        row = _NOTICE.record(connection, wanted)
        if row is None:
            raise NotFound(f"There is no notice {number}.", hint="`teak notice list` names them.")
        if NOTICE_KINDS[row.type].asks_for_units and row.fulfilled < (row.target_quantity or 0):
            raise refuse(
                9643,
                number=number,
                target=f"{row.target_quantity:,}",
                fulfilled=f"{row.fulfilled:,}",
                unit_type=row.unit_type,
            )
        writes.run(_CLOSE, {"status": COMPLETED, "notice_id": row.id})
        body = {"notice": number, "reason": reason}
        _log(writes, connection, registry, actor, "notice-closed", body)
        writes.flush()
        unit.commit()


_CLOSE = Prepared(update(Notice).where(Notice.id == bindparam("notice_id")))


def _log(
    writes: Writes,
    connection: Connection,
    registry: OpenRegistry,
    actor: Actor,
    kind: str,
    body: dict[str, Any],
) -> None:
    log = LogWriter(connection, writes)
    log.append(kind, at=registry.now(), persons={"done": actor.user_name}, body=body)
    log.flush()


def _linked(*statuses: TransactionStatus) -> Any:
    return (
        select(func.coalesce(func.sum(TransactionRow.quantity), 0))
        .where(
            TransactionRow.notice_id == Notice.id,
            or_(*(TransactionRow.status == status for status in statuses)),
        )
        .correlate(Notice)
        .scalar_subquery()
    )


_QUERY = (
    select(
        *Notice.__table__.columns,
        Project.code.label("project"),
        Account.number.label("account"),
        _linked(TransactionStatus.COMPLETED).label("fulfilled"),
        _linked(TransactionStatus.PROPOSED, TransactionStatus.CHECKED).label("pending"),
    )
    .outerjoin(Project, Project.id == Notice.project_id)
    .outerjoin(Account, Account.id == Notice.account_id)
    .order_by(Notice.due_on, Notice.id)
)
_NOTICE = Prepared(_QUERY.where(Notice.number == bindparam("wanted")))


def list_notices(registry: OpenRegistry) -> list[NoticeRow]:
    """List every notice, the most urgent first; a registry has few of them."""
    with reading(registry.engine) as connection:
        rows = connection.execute(_QUERY).all()
    return [_row(row, registry.today()) for row in rows]


def _row(row: AnyRow, today: date) -> NoticeRow:
    status = row.status
    if status == OPEN and row.fulfilled:
        status = INCOMPLETE
    if row.target_quantity and row.fulfilled >= row.target_quantity:
        status = COMPLETED
    return NoticeRow(
        number=row.number,
        type=row.type,
        status=status,
        message=row.message,
        unit_type=row.unit_type or "",
        project=row.project or "",
        account=row.account or "",
        target_quantity=row.target_quantity,
        fulfilled=int(row.fulfilled),
        pending=int(row.pending),
        received_at=row.received_at,
        due_on=row.due_on,
        is_overdue=status != COMPLETED and row.due_on < today,
    )
