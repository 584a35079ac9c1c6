"""The queries from which facts are gathered, built once.

Owns the SQL of the reading side of an act; statements are module constants so that SQLAlchemy
compiles each once.
"""

from __future__ import annotations

from sqlalchemy import and_, bindparam, or_, select, tuple_

from app.models.codes import AccountState, RuleKind
from app.models.tables import (
    Account,
    Holding,
    Person,
    Project,
    ProjectAccount,
    Rule,
    Series,
    TransactionRow,
    UnitBatch,
    UnitBlock,
    UnitType,
    VerifiedReduction,
)

_ACCOUNT = select(
    Account.id,
    Account.number,
    Account.name,
    Account.type_code,
    Account.state,
    Account.unit_state,
    Holding.quantity,
    Holding.reserved,
).outerjoin(
    Holding,
    and_(Holding.account_id == Account.id, Holding.unit_type == bindparam("unit_type")),
)

ACCOUNTS_BY_NUMBER = _ACCOUNT.where(
    or_(
        Account.number == bindparam("one"),
        Account.number == bindparam("other"),
    )
)

BUILT_IN_ACCOUNT = (
    _ACCOUNT.where(Account.type_code == bindparam("type_code"), Account.state == AccountState.OPEN)
    .order_by(Account.period.desc(), Account.identifier)
    .limit(1)
)

UNIT_TYPE = select(UnitType.code, UnitType.measure, UnitType.is_domestic).where(
    UnitType.code == bindparam("code")
)

_BLOCK = (
    select(
        UnitBlock.id,
        UnitBlock.batch_id,
        UnitBlock.series_id,
        UnitBlock.series,
        UnitBlock.first_serial,
        UnitBlock.last_serial,
        UnitBlock.fifo_expiry,
        UnitBlock.fifo_vintage,
        UnitBatch.template,
        UnitBatch.vintage,
        UnitBatch.expires_on,
        Project.code,
        Project.name_en,
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

FREE_BLOCKS = (
    _BLOCK.where(
        UnitBlock.account_id == bindparam("account_id"),
        UnitBlock.unit_type == bindparam("unit_type"),
        UnitBlock.reserved_by.is_(None),
        UnitBlock.fifo_expiry >= bindparam("today"),
    )
    .order_by(*_FIFO_ORDER)
    .limit(bindparam("most"))
)

FREE_BLOCKS_AFTER = FREE_BLOCKS.where(
    tuple_(*_FIFO_ORDER)
    > tuple_(
        bindparam("after_expiry", type_=UnitBlock.fifo_expiry.type),
        bindparam("after_vintage", type_=UnitBlock.fifo_vintage.type),
        bindparam("after_series", type_=UnitBlock.series.type),
        bindparam("after_first", type_=UnitBlock.first_serial.type),
    )
)

BLOCK_HOLDING = (
    _BLOCK.add_columns(
        UnitBlock.account_id, UnitBlock.unit_type, UnitBlock.reserved_by, UnitBlock.state
    )
    .where(
        UnitBlock.series_id == bindparam("series_id"),
        UnitBlock.first_serial <= bindparam("first"),
    )
    .order_by(UnitBlock.first_serial.desc())
    .limit(1)
)

RESERVED_BLOCKS = _BLOCK.where(UnitBlock.reserved_by == bindparam("transaction_id")).order_by(
    *_FIFO_ORDER
)

SERIES_ID = select(Series.id).where(Series.key == bindparam("key"))

LAST_BLOCK_UP_TO = (
    select(UnitBlock.first_serial, UnitBlock.last_serial, UnitBatch.template)
    .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
    .where(
        UnitBlock.series_id == bindparam("series_id"),
        UnitBlock.first_serial <= bindparam("last"),
    )
    .order_by(UnitBlock.first_serial.desc())
    .limit(1)
)

PROJECTS_BY_CODE = select(
    Project.id,
    Project.origin,
    Project.code,
    Project.name_en,
    Project.country,
    Project.sectoral_scope,
    Project.state,
).where(Project.code == bindparam("code"))

BOUND_ACCOUNTS = select(ProjectAccount.account_id).where(
    ProjectAccount.project_id == bindparam("project_id")
)

REDUCTIONS_MEETING = (
    select(
        VerifiedReduction.id,
        VerifiedReduction.period_from,
        VerifiedReduction.period_to,
        VerifiedReduction.quantity,
        VerifiedReduction.reference,
        VerifiedReduction.document_sha256,
        VerifiedReduction.issued_by,
    )
    .where(
        VerifiedReduction.project_id == bindparam("project_id"),
        VerifiedReduction.period_from <= bindparam("period_to"),
        VerifiedReduction.period_to >= bindparam("period_from"),
    )
    .order_by(VerifiedReduction.period_from)
)

RULES_IN_FORCE = select(Rule.id, Rule.kind, Rule.value).where(
    Rule.unit_type == bindparam("unit_type"),
    Rule.kind.in_([RuleKind.LEVY_RATE, RuleKind.DEFAULT_EXPIRY]),
    Rule.valid_from <= bindparam("today"),
    Rule.valid_to >= bindparam("today"),
)

PERSON = select(Person.id, Person.user_name, Person.role, Person.state).where(
    Person.id == bindparam("person_id")
)

PENDING = (
    select(
        TransactionRow.id,
        TransactionRow.status,
        TransactionRow.act,
        TransactionRow.type,
        TransactionRow.supplementary_type,
        TransactionRow.unit_type,
        TransactionRow.quantity,
        TransactionRow.proposed_at,
        TransactionRow.from_account_id,
        TransactionRow.to_account_id,
        Person.id.label("person_id"),
        Person.user_name,
        Person.role,
        Person.state,
    )
    .join(Person, Person.id == TransactionRow.proposed_by)
    .where(TransactionRow.id == bindparam("transaction_id"))
)

BY_REQUEST = select(TransactionRow.id, TransactionRow.act).where(
    TransactionRow.request_id == bindparam("request_id")
)
