"""An act and what surrounds it: who acts, the unit type, the accounts it names.

Owns reading these in one query, since each query costs more than what it reads. Decides
nothing; `gather` adds the units.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from app.models.codes import (
    AccountState,
    AccountType,
    PersonState,
    Role,
    TransactionStatus,
    UnitState,
)
from app.models.storage.prepared import Read, read_anew, read_together
from app.services.registry.context import Actor
from app.services.transactions import statements
from app.services.transactions.acts import Act, read_act
from app.services.transactions.facts import (
    AccountFacts,
    PendingFacts,
    PersonFacts,
    RecordedFacts,
    RepeatedRequest,
    UnitTypeFacts,
)
from app.services.transactions.filling_in import fill_in, is_to_be_filled_in

_PERSON, _UNIT_TYPE = slice(0, 4), slice(4, 7)
_FROM, _TO = slice(7, 17), slice(17, 27)
_TRANSACTION, _PROPOSER = slice(27, 30), slice(30, 34)
_NOT_BEFORE, _RECORDED, _PROPOSED_AT = 34, slice(35, 40), 40
_EARLIER_PROPOSER = 30


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """The transaction that the same request id made, with its act as it is kept."""

    request_id: str
    id: int
    status: TransactionStatus
    act: str
    proposer_id: int

    def repeated(self, situation: Situation) -> RepeatedRequest | None:
        """Tell what is wrong with asking again; None for the same person's same act."""
        if self.proposer_id != situation.person.id:
            return RepeatedRequest(self.request_id, is_anothers=True)
        if self.act != act_text(situation.act):
            return RepeatedRequest(self.request_id, is_anothers=False)
        return None


@dataclass(frozen=True, slots=True)
class Situation:
    """An act, the acting person as the registry knows them now, and what the act names.

    What is not found is None. `deciding` is the transaction to decide on, `earlier` another
    one that the request made before; at most one of the two is there.
    """

    act: Act
    person: PersonFacts
    unit_type: UnitTypeFacts | None
    transferring: AccountFacts | None
    acquiring: AccountFacts | None
    deciding: PendingFacts | None = None
    earlier: EarlierRequest | None = None


def read_situation(
    connection: Connection,
    act: Act,
    actor: Actor,
    *,
    today: date,
    request_id: str = "",
    ahead: Iterable[Read] = (),
) -> Situation:
    """Read the situation of an act that is, or might be, proposed.

    Rules in force on the day, and what else is known to be asked for later, come along.
    """
    read_anew(connection)
    if is_to_be_filled_in(act):
        read_together(connection, ahead)
        act, ahead = fill_in(connection, act), ()
    values = {
        "person_id": actor.id,
        "unit_type": act.unit_type,
        "from_number": act.transferring_number or "",
        "to_number": act.acquiring_number or "",
        "request_id": request_id,
    }
    asked: list[Read] = [(statements.PROPOSAL, values)]
    if act.rule_kinds:
        asked.append((statements.RULES_IN_FORCE, {"unit_type": act.unit_type, "today": today}))
    read_together(connection, chain(asked, ahead))
    row = statements.PROPOSAL.find(connection, values)
    assert row is not None, f"{actor.user_name} is no person of this registry"
    number, status, text = row[_TRANSACTION]
    earlier = None
    if number is not None:
        status = TransactionStatus(status)
        earlier = EarlierRequest(request_id, number, status, text, row[_EARLIER_PROPOSER])
    return Situation(
        act=act,
        person=_person_facts(row[_PERSON]),
        unit_type=_unit_type_facts(row[_UNIT_TYPE]),
        transferring=account_facts(row[_FROM]),
        acquiring=account_facts(row[_TO]),
        earlier=earlier,
    )


def find_decision(
    connection: Connection, transaction_id: int, actor: Actor, *, today: date
) -> Situation | None:
    """Read the situation of a decision on a transaction; None where there is no such one.

    Its units, and the rules in force on the day, come along.
    """
    values = {"person_id": actor.id, "transaction_id": transaction_id}
    of_it = {"transaction_id": transaction_id}
    read_anew(connection)
    read_together(
        connection,
        (
            (statements.DECISION, values),
            (statements.RESERVED_BLOCKS, of_it),
            (statements.RULES_OF_DECISION, {**of_it, "today": today}),
        ),
    )
    row = statements.DECISION.find(connection, values)
    if row is None:
        return None
    number, status, text = row[_TRANSACTION]
    return Situation(
        act=stored_act(text),
        person=_person_facts(row[_PERSON]),
        unit_type=_unit_type_facts(row[_UNIT_TYPE]),
        transferring=account_facts(row[_FROM]),
        acquiring=account_facts(row[_TO]),
        deciding=PendingFacts(
            number,
            TransactionStatus(status),
            _person_facts(row[_PROPOSER]),
            row[_NOT_BEFORE],
            RecordedFacts(*row[_RECORDED]),
            row[_PROPOSED_AT],
        ),
    )


def act_text(act: Act) -> str:
    """Write the request as it is kept and compared when a request id repeats."""
    return json.dumps(act.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stored_act(text: str) -> Act:
    """Read an act back from the text that a transaction keeps."""
    content = json.loads(text)
    return read_act(content["act"], content)


def _unit_type_facts(values: Sequence[Any]) -> UnitTypeFacts | None:
    code, measure, is_domestic = values
    return None if code is None else UnitTypeFacts(code, measure, is_domestic)


def read_person(connection: Connection, actor: Actor) -> PersonFacts:
    """Read a person as the registry knows them now."""
    row = connection.execute(statements.PERSON, {"person_id": actor.id}).one()
    return _person_facts(row)


def _person_facts(values: Sequence[Any]) -> PersonFacts:
    person_id, user_name, role, state = values
    return PersonFacts(person_id, user_name, Role(role), state == PersonState.ACTIVE)


def account_facts(values: Sequence[Any]) -> AccountFacts | None:
    """Make the facts of an account from its columns as `statements` selects them."""
    account_id, number, name, type_code, state, unit_state, quantity, reserved = values[:8]
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
        scheme=values[8],
        holder_id=values[9],
    )
