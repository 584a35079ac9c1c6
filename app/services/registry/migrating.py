"""Bringing a registry of an earlier version up to this one.

Owns the order: the file is examined as at any opening, then migrated, then its log is told what
the migration added, and accounts that this version's acts need are opened. All of it is the
migration's act in the log, nobody's: no person decided on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from app.models.codes import AccountType, Role
from app.models.storage.registry_file import open_registry_file
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Account, CommitmentPeriod, LogEntry, Person, RegistryRow, Rule, Scheme
from app.services.accounts import FIRST_HOLDING_IDENTIFIER
from app.services.log.administrative_replay import MIGRATION
from app.services.log.append import LogWriter
from app.services.registry.context import Actor, Clock, system_clock
from app.services.registry.first_accounts import (
    BuiltInKind,
    open_built_in_accounts,
    propose_built_in_accounts,
)
from app.services.registry.first_rows import BUILT_IN_ACCOUNTS, FirstPeriod

_BY = {"done": MIGRATION}


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema revisions a registry was at before and is at now."""

    before: str | None
    after: str | None

    def as_json(self) -> dict[str, Any]:
        """Write the result as the command line gives it."""
        return {"ok": True, "from_revision": self.before, "revision": self.after}


def migrate_registry(path: Path, *, passphrase: str, clock: Clock = system_clock) -> Migrated:
    """Run the migrations a registry lacks; one that lacks none is left as it is.

    Raises what `open_registry_file` raises, and NewerRegistry.
    """
    from app.models.storage.migrate import current_revision, head_revision, upgrade

    file = open_registry_file(path, passphrase=passphrase)
    try:
        before = current_revision(file.engine)
        if before != head_revision():
            upgrade(file.engine)
        with UnitOfWork(file.engine) as unit:
            _tell_what_was_added(unit.connection, clock())
            unit.commit()
        return Migrated(before, current_revision(file.engine))
    finally:
        file.engine.dispose()


def _tell_what_was_added(connection: Connection, now: datetime) -> None:
    """Log what a migration added and open what it could not; again if it was cut short."""
    log = LogWriter(connection)
    _log_schemes(connection, log, now)
    _log_rules(connection, log, now)
    _add_accounts(connection, log, now)
    log.flush()


def _logged(connection: Connection, kind: str) -> Iterator[dict[str, Any]]:
    """Give the body of every entry of a kind."""
    entries = connection.execute(select(LogEntry.entry).where(LogEntry.kind == kind))
    return (json.loads(bytes(entry))["body"] for entry in entries.scalars())


def _log_schemes(connection: Connection, log: LogWriter, now: datetime) -> None:
    known = {body["code"] for body in _logged(connection, "scheme-added")}
    columns = (Scheme.code, Scheme.name_en, Scheme.name_th, Scheme.unit_type)
    for row in connection.execute(select(*columns).order_by(Scheme.code)).all():
        if row.code not in known:
            log.append("scheme-added", at=now, persons=_BY, body=row._asdict())


def _log_rules(connection: Connection, log: LogWriter, now: datetime) -> None:
    known = {body["rule"] for body in _logged(connection, "rule-added")}
    columns = (Rule.id, Rule.kind, Rule.unit_type, Rule.period, Rule.value)
    rows = connection.execute(select(*columns, Rule.valid_from, Rule.valid_to).order_by(Rule.id))
    for row in rows.all():
        if row.id not in known:
            body = {
                "rule": row.id,
                "kind": row.kind,
                "unit_type": row.unit_type,
                "period": row.period,
                "value": format(row.value, "f"),
                "valid_from": row.valid_from.isoformat(),
                "valid_to": row.valid_to.isoformat(),
            }
            log.append("rule-added", at=now, persons=_BY, body=body)


def _add_accounts(connection: Connection, log: LogWriter, now: datetime) -> None:
    """Open the built-in accounts that a period of an earlier version lacks."""
    country = connection.execute(select(RegistryRow.country)).scalar_one()
    columns = (CommitmentPeriod.number, CommitmentPeriod.first_day, CommitmentPeriod.last_day)
    for row in connection.execute(select(*columns).order_by(CommitmentPeriod.number)).all():
        lacking = _lacking(connection, row.number)
        if not lacking:
            continue
        somebody = _any_administrator(connection)
        accounts = propose_built_in_accounts(
            connection,
            log,
            country=country,
            period=FirstPeriod(row.number, row.first_day, row.last_day),
            proposer=somebody,
            now=now,
            wanted=lacking,
            done_by=MIGRATION,
        )
        open_built_in_accounts(
            connection,
            log,
            accounts,
            approver=None,
            proposer=somebody,
            now=now,
            done_by=MIGRATION,
        )


def _lacking(connection: Connection, period: int) -> list[tuple[int, BuiltInKind]]:
    """Give the built-in accounts a period has not, numbered after those it has."""
    rows = connection.execute(
        select(Account.type_code, Account.scheme, Account.identifier).where(
            Account.period == period, Account.identifier < FIRST_HOLDING_IDENTIFIER
        )
    ).all()
    there = {(AccountType(row.type_code), row.scheme) for row in rows}
    lacking = [each for each in BUILT_IN_ACCOUNTS if (each[0], each[2]) not in there]
    highest = max((row.identifier for row in rows), default=0)
    return list(enumerate(lacking, start=highest + 1))


def _any_administrator(connection: Connection) -> Actor:
    """Give the registry's first administrator: a row of an account must name a person."""
    first = select(func.min(Person.id)).where(Person.role == str(Role.ADMINISTRATOR))
    row = connection.execute(
        select(Person.id, Person.user_name, Person.name).where(Person.id == first.scalar_subquery())
    ).one()
    return Actor(row.id, row.user_name, row.name, Role.ADMINISTRATOR)
