"""What awaits a decision: pending transactions and proposed accounts, oldest first.

Owns which of them await a person and which of the person's own await others; what is known
of one is `transaction_detail`'s and `account_detail`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Select,
    Subquery,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.models.codes import (
    AccountState,
    PersonState,
    Role,
    RuleKind,
    Stage,
    TransactionStatus,
    TransactionType,
)
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    AccountChange,
    Person,
    Rule,
    TransactionRow,
    Vote,
)
from app.models.tables.base import AnyRow, UtcTime, read_time, time_text
from app.services.listings.keyset import contains
from app.services.listings.page import Page, PageRequest
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.voting import QUORUM_WITHOUT_RULE


class Awaiting(StrEnum):
    """What kind of thing awaits a decision."""

    TRANSACTION = "transaction"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class AwaitingRow:
    """One thing that awaits; `type` is None and the units 0 for a proposed account.

    `key` is the transaction's identifier such as TH12, or the account's number. `is_own` says
    that the person who asked proposed it.
    """

    what: Awaiting
    id: int
    key: str
    type: TransactionType | None
    unit_type: str
    quantity: int
    from_number: str
    from_name: str
    to_number: str
    to_name: str
    proposed_by: str
    proposed_at: datetime
    is_own: bool
    supplementary_type: int = 0


_FROM = aliased(Account)
_TO = aliased(Account)
_PENDING = (TransactionStatus.PROPOSED, TransactionStatus.CHECKED)


def list_awaiting(registry: OpenRegistry, request: PageRequest, actor: Actor) -> Page[AwaitingRow]:
    """List what the person may decide on and what of theirs awaits others, oldest first."""
    rows = _everything(registry, actor)
    order = (rows.c.at, rows.c.what, rows.c.id)
    statement = select(rows).order_by(*order)
    if request.filter_text:
        named = (rows.c.key, rows.c.from_name, rows.c.to_name, rows.c.proposer)
        statement = statement.where(contains(named, request.filter_text))
    if request.after is not None:
        moment, what, row_id = request.after
        after = (literal(read_time(str(moment)), UtcTime), literal(what), literal(row_id))
        statement = statement.where(tuple_(*order) > tuple_(*after))
    with reading(registry.engine) as connection:
        found = connection.execute(statement.limit(request.limit + 1)).all()
    kept = found[: request.limit]
    more = len(found) > request.limit
    return Page(
        tuple(_row(row, actor) for row in kept),
        next=(time_text(kept[-1].at), kept[-1].what, kept[-1].id) if more else None,
    )


def count_awaiting(registry: OpenRegistry, actor: Actor) -> int:
    """Count what awaits this person's own decision."""
    if actor.role not in (Role.APPROVER, Role.COMMITTEE):
        return 0
    rows = _everything(registry, actor)
    with reading(registry.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())


def _everything(registry: OpenRegistry, actor: Actor) -> Subquery:
    return union_all(_transactions(registry, actor), _accounts(actor)).subquery()


def _concerns(actor: Actor, proposed_by: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """An approver decides on what others proposed; an officer waits for what is their own."""
    if actor.role is Role.APPROVER:
        return proposed_by != actor.id
    if actor.role is Role.OFFICER:
        return proposed_by == actor.id
    return false()


def _is_decided_by_what_is_cast(today: date) -> ColumnElement[bool]:
    """A vote whose quorum is reached, or out of reach, without a further vote: see `concluding`."""
    active = and_(Person.role == str(Role.COMMITTEE), Person.state == str(PersonState.ACTIVE))
    members = select(func.count(Person.id)).where(active).correlate(None).scalar_subquery()

    def cast_so(choice: str) -> ColumnElement[int]:
        return (
            select(func.count())
            .select_from(Vote)
            .join(Person, Person.id == Vote.person_id)
            .where(active, Vote.transaction_id == TransactionRow.id, Vote.choice == choice)
            .correlate(TransactionRow)
            .scalar_subquery()
        )

    rule = (
        select(cast(cast(type_coerce(Rule.value, Text), Numeric), Integer))
        .where(
            Rule.kind == str(RuleKind.COMMITTEE_QUORUM),
            Rule.unit_type == TransactionRow.unit_type,
            Rule.valid_from <= today,
            Rule.valid_to >= today,
        )
        .correlate(TransactionRow)
        .scalar_subquery()
    )
    quorum = func.coalesce(rule, QUORUM_WITHOUT_RULE)
    return or_(cast_so("yes") >= quorum, members - cast_so("no") < quorum)


def _concerns_pending(actor: Actor, today: date) -> ColumnElement[bool]:
    """A member awaits what their vote, or their word, decides; an administrator their own."""
    is_others = TransactionRow.proposed_by != actor.id
    if actor.role is Role.APPROVER:
        return and_(is_others, TransactionRow.stage == int(Stage.AWAITING_APPROVAL))
    if actor.role is Role.COMMITTEE:
        voted = exists().where(Vote.transaction_id == TransactionRow.id, Vote.person_id == actor.id)
        awaits = or_(~voted, _is_decided_by_what_is_cast(today))
        return and_(is_others, TransactionRow.stage == int(Stage.AWAITING_COMMITTEE), awaits)
    if actor.role is Role.ADMINISTRATOR:
        return TransactionRow.proposed_by == actor.id
    return _concerns(actor, TransactionRow.proposed_by)


def _transactions(registry: OpenRegistry, actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(Awaiting.TRANSACTION.value).label("what"),
            TransactionRow.id.label("id"),
            literal(registry.country).concat(cast(TransactionRow.id, Text)).label("key"),
            TransactionRow.type.label("type"),
            TransactionRow.supplementary_type.label("supplementary_type"),
            TransactionRow.unit_type.label("unit_type"),
            TransactionRow.quantity.label("quantity"),
            _FROM.number.label("from_number"),
            _FROM.name.label("from_name"),
            _TO.number.label("to_number"),
            _TO.name.label("to_name"),
            TransactionRow.proposed_by.label("proposed_by"),
            Person.user_name.label("proposer"),
            TransactionRow.proposed_at.label("at"),
        )
        .join(Person, Person.id == TransactionRow.proposed_by)
        .join(_TO, _TO.id == TransactionRow.to_account_id)
        .outerjoin(_FROM, _FROM.id == TransactionRow.from_account_id)
        .where(
            TransactionRow.status.in_([int(status) for status in _PENDING]),
            _concerns_pending(actor, registry.today()),
        )
    )


def _accounts(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(Awaiting.ACCOUNT.value).label("what"),
            Account.id.label("id"),
            Account.number.label("key"),
            null().label("type"),
            literal(0).label("supplementary_type"),
            literal("").label("unit_type"),
            literal(0).label("quantity"),
            null().label("from_number"),
            null().label("from_name"),
            Account.number.label("to_number"),
            Account.name.label("to_name"),
            Account.proposed_by.label("proposed_by"),
            Person.user_name.label("proposer"),
            AccountChange.at.label("at"),
        )
        .join(Person, Person.id == Account.proposed_by)
        .join(
            AccountChange,
            and_(
                AccountChange.account_id == Account.id,
                AccountChange.state == AccountState.PROPOSED,
            ),
        )
        .where(Account.state == AccountState.PROPOSED, _concerns(actor, Account.proposed_by))
    )


def _row(row: AnyRow, actor: Actor) -> AwaitingRow:
    return AwaitingRow(
        what=Awaiting(row.what),
        id=row.id,
        key=row.key,
        type=None if row.type is None else TransactionType(row.type),
        unit_type=row.unit_type,
        quantity=row.quantity,
        from_number=row.from_number or "",
        from_name=row.from_name or "",
        to_number=row.to_number,
        to_name=row.to_name,
        proposed_by=row.proposer,
        proposed_at=row.at,
        is_own=row.proposed_by == actor.id,
        supplementary_type=row.supplementary_type,
    )
