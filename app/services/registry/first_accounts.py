"""Built-in accounts of a commitment period: proposed by one administrator, opened by another.

Owns their rows, history and log entries, which look as those of any other account do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

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


def open_built_in_accounts(
    connection: Connection,
    log: EntryWriter,
    *,
    country: str,
    period: FirstPeriod,
    proposer: Actor,
    approver: Actor | None,
    now: datetime,
) -> None:
    """Open the period's built-in accounts, numbered 1 and up.

    Without `approver`, for a registry that has one administrator only, nobody is named as
    having approved them.
    """
    for identifier, (kind, name, scheme) in enumerate(BUILT_IN_ACCOUNTS, start=1):
        number = AccountNumber(country, int(kind), identifier, period.number)
        account_name = built_in_account_name(name, period)
        account_id = _insert_account(
            connection,
            number,
            account_name,
            scheme=scheme,
            proposer=proposer,
            approver=approver,
            now=now,
        )
        _insert_history(connection, account_id, proposer=proposer, approver=approver, now=now)
        body = {"account": str(number), "reason": _REASON}
        content: dict[str, Any] = {
            "type": int(kind),
            "name": account_name,
            "holder": None,
            "representatives": 0,
        }
        if scheme is not None:
            content["scheme"] = scheme
        log.append(
            "account-proposed",
            at=now,
            persons={"done": proposer.user_name},
            body={**body, **content},
        )
        log.append(
            "account-open", at=now, persons={"done": (approver or proposer).user_name}, body=body
        )


def _insert_account(
    connection: Connection,
    number: AccountNumber,
    name: str,
    *,
    scheme: str | None,
    proposer: Actor,
    approver: Actor | None,
    now: datetime,
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
            "state": str(AccountState.OPEN),
            "unit_state": str(AccountType(number.type_code).unit_state),
            "scheme": scheme,
            "opened_on": now.astimezone(BANGKOK).date(),
            "proposed_by": proposer.id,
            "approved_by": None if approver is None else approver.id,
        },
    )
    return int(result.scalar_one())


def _insert_history(
    connection: Connection,
    account_id: int,
    *,
    proposer: Actor,
    approver: Actor | None,
    now: datetime,
) -> None:
    steps = ((AccountState.PROPOSED, proposer), (AccountState.OPEN, approver or proposer))
    connection.execute(
        insert(AccountChange),
        [
            {
                "account_id": account_id,
                "state": str(state),
                "at": now,
                "person_id": person.id,
                "reason": _REASON,
            }
            for state, person in steps
        ],
    )
