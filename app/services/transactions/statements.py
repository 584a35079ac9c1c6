"""The queries from which facts are gathered, built once.

Owns the SQL of the reading side of an act; what every act reads is prepared.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.models.codes import MAX_BLOCKS_PER_TRANSACTION, AccountState, PersonState, Role
from app.models.storage.prepared import Prepared, at_most
from app.models.tables import (
    Account,
    CommitmentPeriod,
    Holding,
    Person,
    Project,
    ProjectAccount,
    Rule,
    Series,
    SourceUnit,
    TransactionBlock,
    TransactionRow,
    UnitBatch,
    UnitBlock,
    UnitType,
    VerifiedReduction,
    Vote,
)

_WANTED_TYPE: ColumnElement[str] = bindparam("unit_type")

_Acting, _Proposer = aliased(Person), aliased(Person)
_From, _To = aliased(Account), aliased(Account)
_FromHolding, _ToHolding = aliased(Holding), aliased(Holding)


def _person(person: type[Person]) -> tuple[Any, ...]:
    """Give the columns of a person, in the order in which their facts are made."""
    return (person.id, person.user_name, person.role, person.state)


PERSON = select(*_person(Person)).where(Person.id == bindparam("person_id"))


def account_columns(account: type[Account], holding: type[Holding]) -> tuple[Any, ...]:
    """Give the columns of an account, in the order in which its facts are made."""
    return (
        account.id,
        account.number,
        account.name,
        account.type_code,
        account.state,
        account.unit_state,
        holding.quantity,
        holding.reserved,
        account.scheme,
        account.holder_id,
    )


def _of(
    account: type[Account], holding: type[Holding], unit_type: Any = _WANTED_TYPE
) -> ColumnElement[bool]:
    return and_(holding.account_id == account.id, holding.unit_type == unit_type)


_SURROUNDINGS = (
    *_person(_Acting),
    UnitType.code,
    UnitType.measure,
    UnitType.is_domestic,
    *account_columns(_From, _FromHolding),
    *account_columns(_To, _ToHolding),
    TransactionRow.id,
    TransactionRow.status,
    TransactionRow.act,
)

PROPOSAL = Prepared(
    select(*_SURROUNDINGS, TransactionRow.proposed_by)
    .select_from(_Acting)
    .outerjoin(UnitType, UnitType.code == bindparam("unit_type"))
    .outerjoin(_From, _From.number == bindparam("from_number"))
    .outerjoin(_FromHolding, _of(_From, _FromHolding))
    .outerjoin(_To, _To.number == bindparam("to_number"))
    .outerjoin(_ToHolding, _of(_To, _ToHolding))
    .outerjoin(TransactionRow, TransactionRow.request_id == bindparam("request_id"))
    .where(_Acting.id == bindparam("person_id"))
)
"""What surrounds an act that is proposed; the transaction is an earlier one of the same request."""

DECISION = Prepared(
    select(
        *_SURROUNDINGS,
        *_person(_Proposer),
        TransactionRow.not_before,
        TransactionRow.type,
        TransactionRow.supplementary_type,
        TransactionRow.quantity,
        TransactionRow.to_expiry,
        TransactionRow.to_period,
        TransactionRow.proposed_at,
    )
    .select_from(TransactionRow)
    .join(_Proposer, _Proposer.id == TransactionRow.proposed_by)
    .join(_Acting, _Acting.id == bindparam("person_id"))
    .join(UnitType, UnitType.code == TransactionRow.unit_type)
    .outerjoin(_From, _From.id == TransactionRow.from_account_id)
    .outerjoin(_FromHolding, _of(_From, _FromHolding, TransactionRow.unit_type))
    .join(_To, _To.id == TransactionRow.to_account_id)
    .outerjoin(_ToHolding, _of(_To, _ToHolding, TransactionRow.unit_type))
    .where(TransactionRow.id == bindparam("transaction_id"))
)
"""What surrounds the decision on a transaction."""


def _any_or(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Narrow the choice by a parameter, unless it is None."""
    wanted = bindparam(name, type_=column.type)
    return or_(wanted.is_(None), column == wanted)


_SchemeOf = aliased(Project)
_SCHEME = (
    select(_SchemeOf.scheme)
    .where(_SchemeOf.code == bindparam("of_project"), _SchemeOf.origin == bindparam("country"))
    .scalar_subquery()
)

BUILT_IN_ACCOUNT = Prepared(
    at_most(
        select(*account_columns(Account, Holding))
        .outerjoin(Holding, _of(Account, Holding))
        .join(CommitmentPeriod, CommitmentPeriod.number == Account.period)
        .where(
            Account.country == bindparam("country"),
            Account.type_code == bindparam("type_code"),
            Account.state == AccountState.OPEN,
            _any_or(Account.period, "period"),
            or_(_SCHEME.is_(None), Account.scheme == _SCHEME),
        )
        .order_by(
            (CommitmentPeriod.first_day <= bindparam("today")).desc(),
            Account.period.desc(),
            Account.identifier,
        ),
        1,
    )
)
"""The open built-in account of a type, of the period that is running, else of one to come; where
a project of our own is named, of its scheme."""

_BLOCK = (
    select(
        UnitBlock.id,
        UnitBlock.batch_id,
        UnitBlock.series_id,
        UnitBlock.series,
        UnitBlock.first_serial,
        UnitBlock.last_serial,
        UnitBatch.template,
        Project.code,
        Project.name_en,
        UnitBatch.vintage,
        UnitBlock.fifo_expiry,
        UnitBlock.applicable_period,
        UnitBlock.issued_to,
        UnitBlock.moved_by,
        Project.scheme,
    )
    .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
    .join(Project, Project.id == UnitBatch.project_id)
)


_FIFO_ORDER = (
    UnitBlock.fifo_expiry,
    UnitBlock.fifo_vintage,
    UnitBlock.series,
    UnitBlock.first_serial,
)

_FREE_BLOCKS = _BLOCK.where(
    UnitBlock.account_id == bindparam("account_id"),
    UnitBlock.unit_type == bindparam("unit_type"),
    UnitBlock.reserved_by.is_(None),
    UnitBlock.fifo_expiry >= bindparam("today"),
    _any_or(UnitBlock.fifo_vintage, "vintage"),
    _any_or(UnitBlock.applicable_period, "period"),
    _any_or(Project.code, "project"),
).order_by(*_FIFO_ORDER)

FREE_BLOCKS = {
    most: Prepared(at_most(_FREE_BLOCKS, most)) for most in (32, MAX_BLOCKS_PER_TRANSACTION + 32)
}
"""Free blocks first in, first out, by how many are looked at: nearly always few are enough."""

_OF_SERIES = (
    UnitBlock.series_id == select(Series.id).where(Series.key == bindparam("key")).scalar_subquery()
)

_Keeper, _KeeperHolding = aliased(Account), aliased(Holding)
BLOCK_HOLDING = Prepared(
    at_most(
        _BLOCK.add_columns(
            UnitBlock.account_id,
            UnitBlock.unit_type,
            UnitBlock.reserved_by,
            *account_columns(_Keeper, _KeeperHolding),
        )
        .join(_Keeper, _Keeper.id == UnitBlock.account_id)
        .outerjoin(_KeeperHolding, _of(_Keeper, _KeeperHolding, UnitBlock.unit_type))
        .where(_OF_SERIES, UnitBlock.first_serial <= bindparam("first"))
        .order_by(UnitBlock.first_serial.desc()),
        1,
    )
)
"""The block that has a serial number, or the last before it, and the account that keeps it."""

RESERVED_BLOCKS = Prepared(
    _BLOCK.where(UnitBlock.reserved_by == bindparam("transaction_id")).order_by(*_FIFO_ORDER)
)

_Moved = aliased(UnitBatch)
BLOCKS_MOVED = Prepared(
    _BLOCK.add_columns(UnitBlock.reserved_by)
    .join(
        TransactionBlock,
        and_(
            UnitBlock.first_serial >= TransactionBlock.first_serial,
            UnitBlock.first_serial <= TransactionBlock.last_serial,
        ),
    )
    .join(
        _Moved,
        and_(_Moved.id == TransactionBlock.batch_id, _Moved.series_id == UnitBlock.series_id),
    )
    .where(TransactionBlock.transaction_id == bindparam("number"))
    .order_by(TransactionBlock.id, UnitBlock.first_serial)
)
"""Blocks that begin within the ranges of a transaction; blocks only split, so that is all."""

SERIES_ID = Prepared(select(Series.id).where(Series.key == bindparam("key")))

LAST_BLOCK_UP_TO = Prepared(
    at_most(
        select(UnitBlock.first_serial, UnitBlock.last_serial, UnitBatch.template)
        .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
        .where(_OF_SERIES, UnitBlock.first_serial <= bindparam("last"))
        .order_by(UnitBlock.first_serial.desc()),
        1,
    )
)

_Allotting = aliased(Project)
_SCOPE = (
    select(cast(_Allotting.sectoral_scope, String))
    .where(_Allotting.code == bindparam("project"), _Allotting.origin == bindparam("country"))
    .scalar_subquery()
)
ALLOTTED = Prepared(
    at_most(
        select(Series.key, Series.id, UnitBlock.last_serial)
        .outerjoin(UnitBlock, UnitBlock.series_id == Series.id)
        .where(
            Series.key
            == func.upper(bindparam("before", type_=String) + _SCOPE + bindparam("after"))
        )
        .order_by(UnitBlock.first_serial.desc()),
        1,
    )
)
"""The series from which a project's units of a vintage are numbered, and its last number.

Its name holds the project's scope, which the act does not say.
"""

SOURCE_GRAMMARS = frozenset({"kyoto"})
"""Grammars in which source units of a conversion are numbered."""

SOURCE_MEETING = Prepared(
    at_most(
        select(SourceUnit.serial).where(
            SourceUnit.series == bindparam("in_series"),
            SourceUnit.first_serial <= bindparam("last"),
            SourceUnit.last_serial >= bindparam("first"),
        ),
        1,
    )
)

PROJECTS_BY_CODE = Prepared(
    select(
        Project.id,
        Project.origin,
        Project.code,
        Project.name_en,
        Project.country,
        Project.sectoral_scope,
        Project.state,
        Project.scheme,
    ).where(Project.code == bindparam("code"))
)

BOUND_ACCOUNTS = Prepared(
    select(ProjectAccount.project_id, ProjectAccount.account_id)
    .join(Project, Project.id == ProjectAccount.project_id)
    .where(Project.code == bindparam("code"))
)

REDUCTIONS_MEETING = Prepared(
    select(
        VerifiedReduction.id,
        VerifiedReduction.period_from,
        VerifiedReduction.period_to,
        VerifiedReduction.quantity,
        VerifiedReduction.reference,
        VerifiedReduction.document_sha256,
        VerifiedReduction.issued_by,
    )
    .join(Project, Project.id == VerifiedReduction.project_id)
    .where(
        Project.code == bindparam("project"),
        Project.origin == bindparam("country"),
        VerifiedReduction.period_from <= bindparam("period_to"),
        VerifiedReduction.period_to >= bindparam("period_from"),
    )
    .order_by(VerifiedReduction.period_from)
)

PERIODS = Prepared(
    select(CommitmentPeriod.number, CommitmentPeriod.first_day, CommitmentPeriod.last_day).order_by(
        CommitmentPeriod.number
    )
)

RULES_IN_FORCE = Prepared(
    select(Rule.id, Rule.kind, Rule.value).where(
        Rule.unit_type == bindparam("unit_type"),
        Rule.valid_from <= bindparam("today"),
        Rule.valid_to >= bindparam("today"),
    )
)

VOTES = Prepared(
    select(
        Person.user_name,
        Person.name,
        Vote.choice,
        Vote.comment,
        Vote.at,
        Person.state,
    )
    .join(Person, Person.id == Vote.person_id)
    .where(Vote.transaction_id == bindparam("transaction_id"))
    .order_by(Vote.at, Vote.person_id)
)
"""The votes on a transaction, the earliest first."""

MEMBERS = Prepared(
    select(func.count(Person.id)).where(
        Person.role == str(Role.COMMITTEE), Person.state == str(PersonState.ACTIVE)
    )
)
"""How many members of the committee there are now."""

RULES_OF_DECISION = Prepared(
    select(Rule.id, Rule.kind, Rule.value)
    .join(TransactionRow, TransactionRow.unit_type == Rule.unit_type)
    .where(
        TransactionRow.id == bindparam("transaction_id"),
        Rule.valid_from <= bindparam("today"),
        Rule.valid_to >= bindparam("today"),
    )
)
"""The rules in force for the units of a transaction, before anybody knows which they are."""
