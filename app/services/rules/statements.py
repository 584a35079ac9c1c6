"""The queries and changes of the business logic tables, built once; what is asked together.

Owns the SQL by which rules change. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, select, update

from app.models.storage.prepared import Prepared, Read, Values
from app.models.tables import CommitmentPeriod, Rule, RuleChange, UnitType
from app.services.rules.new_rule import NewRule

_CHANGES = select(*RuleChange.__table__.columns)
_PERIODS = select(*CommitmentPeriod.__table__.columns)

CHANGE = Prepared(_CHANGES.where(RuleChange.id == bindparam("change_id")))
REQUEST = Prepared(_CHANGES.where(RuleChange.request_id == bindparam("request")))
PENDING = Prepared(
    select(RuleChange.id).where(
        RuleChange.kind == bindparam("of_kind"),
        RuleChange.unit_type == bindparam("of_type"),
        RuleChange.status == "proposed",
    )
)
UNIT_TYPE = Prepared(select(UnitType.code).where(UnitType.code == bindparam("of_type")))
PERIOD_BY_NUMBER = Prepared(_PERIODS.where(CommitmentPeriod.number == bindparam("wanted")))
PERIOD_BY_DAY = Prepared(
    _PERIODS.where(
        CommitmentPeriod.first_day <= bindparam("day"),
        CommitmentPeriod.last_day >= bindparam("day"),
    )
)
FROM_DAY_ON = Prepared(
    select(Rule.id, Rule.value, Rule.valid_from, Rule.valid_to)
    .where(
        Rule.kind == bindparam("of_kind"),
        Rule.unit_type == bindparam("of_type"),
        Rule.valid_to >= bindparam("day"),
    )
    .order_by(Rule.valid_from)
)
"""The rules of a kind that are valid on a day or after it."""

DECIDE = Prepared(update(RuleChange).where(RuleChange.id == bindparam("change_id")))
END = Prepared(update(Rule).where(Rule.id == bindparam("rule_id")))


def kind_values(rule: NewRule) -> Values:
    """Give what `PENDING` is asked with."""
    return {"of_kind": str(rule.kind), "of_type": rule.unit_type}


def from_day_values(rule: NewRule) -> Values:
    """Give what `FROM_DAY_ON` is asked with."""
    return {**kind_values(rule), "day": rule.valid_from}


def period_read(rule: NewRule) -> Read:
    """Give the query for the commitment period that a rule is meant for."""
    if rule.period is not None:
        return PERIOD_BY_NUMBER, {"wanted": rule.period}
    return PERIOD_BY_DAY, {"day": rule.valid_from}


def fit_ahead(rule: NewRule) -> Iterator[Read]:
    """Give what is asked to see whether a rule fits, so that a server is asked once."""
    yield UNIT_TYPE, {"of_type": rule.unit_type}
    yield period_read(rule)
    yield FROM_DAY_ON, from_day_values(rule)
