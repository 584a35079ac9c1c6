"""What surrounds every act: who acts, the unit type, the accounts it names, an earlier request.

Owns reading these in one query, since each query costs more than what it reads. Decides
nothing; `gather` adds the units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.models.codes import AccountState, AccountType, PersonState, Role, UnitState
from app.services.registry.context import Actor
from app.services.transactions import statements
from app.services.transactions.acts import Act, Disposal, Issuance, Registration, Transfer
from app.services.transactions.facts import AccountFacts, PersonFacts, UnitTypeFacts


@dataclass(frozen=True, slots=True)
class Situation:
    """The acting person as the registry knows them now, and what the act names, where found.

    `earlier` is the transaction that the same request id made, as its id and its act.
    """

    person: PersonFacts
    unit_type: UnitTypeFacts | None
    transferring: AccountFacts | None
    acquiring: AccountFacts | None
    earlier: tuple[int, str] | None


def read_situation(
    connection: Connection, act: Act, actor: Actor, *, request_id: str = ""
) -> Situation:
    """Read the situation of an act; `acquiring` is None where the act names no such account."""
    row = connection.execute(
        statements.SITUATION,
        {
            "person_id": actor.id,
            "unit_type": act.unit_type,
            "from_number": act.from_account if isinstance(act, Disposal) else "",
            "to_number": _acquiring_number(act),
            "request_id": request_id,
        },
    ).one()
    return Situation(
        person=person_facts(row[:4]),
        unit_type=None if row[4] is None else UnitTypeFacts(*row[4:7]),
        transferring=account_facts(row[7:15]),
        acquiring=account_facts(row[15:23]),
        earlier=None if row[23] is None else (row[23], row[24]),
    )


def _acquiring_number(act: Act) -> str:
    if isinstance(act, Transfer):
        return act.to_account
    return act.account if isinstance(act, Issuance | Registration) else ""


def person_facts(values: Sequence[Any]) -> PersonFacts:
    """Make the facts of a person from id, user name, role and state."""
    person_id, user_name, role, state = values
    return PersonFacts(person_id, user_name, Role(role), state == PersonState.ACTIVE)


def account_facts(values: Sequence[Any]) -> AccountFacts | None:
    """Make the facts of an account from the columns of `statements.account_columns`."""
    account_id, number, name, type_code, state, unit_state, quantity, reserved = values
    if account_id is None:
        return None
    return AccountFacts(
        id=account_id,
        number=number,
        name=name,
        type=AccountType(type_code),
        state=AccountState(state),
        unit_state=UnitState(unit_state),
        quantity=quantity or 0,
        reserved=reserved or 0,
    )
