"""Built-in accounts of a commitment period: proposed by one administrator, opened by another.

Owns their rows, history and log entries, which look as those of any other account do. On a server
each of the two acts through their own connection, so proposing and opening are two steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from app.models.account_number import AccountNumber
from app.models.codes import AccountState, AccountType
from app.models.tables import Account, AccountChange
from app.services.registry.context import BANGKOK, Actor
from app.services.registry.entry_writer import EntryWriter
from app.services.registry.first_rows import (
    BUILT_IN_ACCOUNTS,
    FirstPeriod,
    built_in_account_name,
)

_REASON = "Built-in account of the commitment period"

BuiltInKind = tuple[AccountType, str, str | None]
"""Type, name, and the scheme whose buffer it is; as in `BUILT_IN_ACCOUNTS`."""


@dataclass(frozen=True, slots=True)
class BuiltInAccount:
    """A built-in account just proposed."""

    id: int
    number: str


def propose_built_in_accounts(
    connection: Connection,
    log: EntryWriter,
    *,
    country: str,
    period: FirstPeriod,
    proposer: Actor,
    now: datetime,
    wanted: Iterable[tuple[int, BuiltInKind]] = tuple(enumerate(BUILT_IN_ACCOUNTS, start=1)),
    done_by: str | None = None,
) -> list[BuiltInAccount]:
    """Propose the period's built-in accounts, numbered 1 and up.

    A migration adds those `wanted` that a period lacks, under numbers of their own, and says so
    in the log: `done_by`.
    """
    proposed, reason = [], _reason(done_by)
    for identifier, (kind, name, scheme) in wanted:
        number = AccountNumber(country, int(kind), identifier, period.number)
        account_name = built_in_account_name(name, period)
        account_id = _insert_account(
            connection, number, account_name, scheme=scheme, proposer=proposer
        )
        _insert_change(
            connection, account_id, AccountState.PROPOSED, person=proposer, now=now, reason=reason
        )
        body: dict[str, Any] = {
            "account": str(number),
            "reason": reason,
            "type": int(kind),
            "name": account_name,
            "holder": None,
            "representatives": 0,
        }
        if scheme is not None:
            body["scheme"] = scheme
        by = {"done": done_by or proposer.user_name}
        log.append("account-proposed", at=now, persons=by, body=body)
        proposed.append(BuiltInAccount(account_id, str(number)))
    return proposed


def open_built_in_accounts(
    connection: Connection,
    log: EntryWriter,
    accounts: Sequence[BuiltInAccount],
    *,
    approver: Actor | None,
    proposer: Actor,
    now: datetime,
    done_by: str | None = None,
) -> None:
    """Open accounts that were proposed.

    Without `approver`, for a registry that has one administrator only or where a migration
    adds them (`done_by`), nobody is named as having approved them.
    """
    opener, reason = approver or proposer, _reason(done_by)
    for account in accounts:
        connection.execute(
            update(Account)
            .where(Account.id == account.id)
            .values(
                state=str(AccountState.OPEN),
                opened_on=now.astimezone(BANGKOK).date(),
                approved_by=None if approver is None else approver.id,
            )
        )
        _insert_change(
            connection, account.id, AccountState.OPEN, person=opener, now=now, reason=reason
        )
        body = {"account": account.number, "reason": reason}
        by = {"done": done_by or opener.user_name}
        log.append("account-open", at=now, persons=by, body=body)


def _reason(done_by: str | None) -> str:
    """Say why; an account's history names a person where the log names a migration."""
    return _REASON if done_by is None else f"{_REASON}, added by the {done_by}"


def _insert_account(
    connection: Connection,
    number: AccountNumber,
    name: str,
    *,
    scheme: str | None,
    proposer: Actor,
) -> int:
    result = connection.execute(
        insert(Account).returning(Account.id),
        {
            "number": str(number),
            "country": number.country,
            "type_code": number.type_code,
            "identifier": number.identifier,
            "period": number.period,
            "name": name,
            "state": str(AccountState.PROPOSED),
            "unit_state": str(AccountType(number.type_code).unit_state),
            "scheme": scheme,
            "proposed_by": proposer.id,
        },
    )
    return int(result.scalar_one())


def _insert_change(
    connection: Connection,
    account_id: int,
    state: AccountState,
    *,
    person: Actor,
    now: datetime,
    reason: str,
) -> None:
    connection.execute(
        insert(AccountChange),
        {
            "account_id": account_id,
            "state": str(state),
            "at": now,
            "person_id": person.id,
            "reason": reason,
        },
    )
