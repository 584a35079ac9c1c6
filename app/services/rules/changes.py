"""Changing a row of the business logic tables: proposed by one person, approved by another.

Owns the life of a rule change and the rows that follow from an approved one. A change takes
effect on a day to come, so that nothing already judged is judged otherwise; the row before it
ends the day before. Every step is logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from app.models.codes import Role, RuleKind
from app.models.errors import NotFound
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.prepared import Read, read_together
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.storage.writes import Writes, keys_ahead
from app.models.tables import Rule, RuleChange
from app.models.tables.base import AnyRow
from app.services.checks.refusals import refuse, refuse_repeated
from app.services.checks.violation import RulesBroken, Violation
from app.services.log.append import LogWriter
from app.services.people.access import access_ahead, require_access, require_role
from app.services.registry.context import Actor, OpenRegistry
from app.services.rules import statements
from app.services.rules.kinds import KINDS
from app.services.rules.new_rule import NewRule

STATUS_TH = {
    "proposed": "เสนอแล้ว",
    "approved": "อนุมัติแล้ว",
    "rejected": "ถูกปฏิเสธ",
    "withdrawn": "ถอนแล้ว",
}
_NUMBER = re.compile(r"R?([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class RuleChangeOutcome:
    """A rule change and how it stands; its identifier looks like R3."""

    id: int
    status: str

    @property
    def identifier(self) -> str:
        """Give the identifier that people use."""
        return f"R{self.id}"


@dataclass(frozen=True, slots=True)
class EndedRule:
    """A row that a change ends, with the day it would have ended and the day it will."""

    value: Decimal
    valid_from: date
    valid_to: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What approving a change would do, or why it cannot even be proposed.

    `ends` are the rows in force that would end the day before; `period` is the commitment
    period the row lies in, None where there is a violation.
    """

    violations: tuple[Violation, ...] = ()
    ends: tuple[EndedRule, ...] = ()
    period: int | None = None
    valid_to: date | None = None


def preview_rule(registry: OpenRegistry, rule: NewRule) -> RulePreview:
    """Tell what approving a rule would do; never raises for rules."""
    with reading(registry.engine) as connection:
        try:
            fit = _require_fit(connection, registry, rule)
            _require_none_pending(connection, rule)
        except RulesBroken as error:
            return RulePreview(violations=error.violations)
        before = rule.valid_from - timedelta(days=1)
        ends = tuple(
            EndedRule(row.value, row.valid_from, row.valid_to, before) for row in fit.overlapping
        )
    last = rule.valid_to or fit.period.last_day
    return RulePreview(ends=ends, period=fit.period.number, valid_to=last)


def propose_rule(
    registry: OpenRegistry, actor: Actor, rule: NewRule, *, request_id: str | None = None
) -> RuleChangeOutcome:
    """Propose a row of the rule tables; it is valid only once another person approves it.

    A repeated `request_id` of the same person with the same rule gives the change of the first
    time. Raises RulesBroken when it was used for another rule or by another person, the actor
    is no administrator, the value is out of bounds, or the days do not fit.
    """
    if request_id is not None:
        request_id = require_plain_text(request_id, what="request id", longest=LONGEST_NAME)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection = unit.connection
        read_together(connection, _asked_of_proposal(actor, rule, request_id))
        require_access(connection, actor)
        require_role(actor, Role.ADMINISTRATOR, "proposes rules", "เสนอกฎ")
        earlier = _find_request(connection, request_id)
        if earlier is not None:
            _require_own_repetition(earlier, rule, actor)
            return RuleChangeOutcome(earlier.id, earlier.status)
        period = _require_fit(connection, registry, rule).period
        _require_none_pending(connection, rule)
        values = {
            "kind": str(rule.kind),
            "unit_type": rule.unit_type,
            "period": period.number,
            "value": rule.value,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to or period.last_day,
        }
        reason = require_plain_text(rule.reason, what="reason")
        writes = Writes(connection)
        change_id = writes.insert(
            RuleChange,
            {
                **values,
                "request_id": request_id or uuid4().hex,
                "reason": reason,
                "status": "proposed",
                "proposed_by": actor.id,
                "proposed_at": registry.now(),
                "comment": "",
            },
        )
        outcome = RuleChangeOutcome(change_id, "proposed")
        _log(_Acting(connection, writes, registry, actor), "rule-proposed", outcome, values, reason)
        writes.flush()
        unit.commit()
    return outcome


def _asked_of_proposal(actor: Actor, rule: NewRule, request_id: str | None) -> Iterator[Read]:
    """Give what a proposal is sure to ask for, so that a server is asked once."""
    yield access_ahead(actor)
    if request_id is not None:
        yield statements.REQUEST, {"request": request_id}
    yield from statements.fit_ahead(rule)
    yield statements.PENDING, statements.kind_values(rule)
    if actor.role is Role.ADMINISTRATOR:
        yield from keys_ahead(RuleChange)


@dataclass(frozen=True, slots=True)
class _Acting:
    """Who acts on which registry, and where what they do is written."""

    connection: Connection
    writes: Writes
    registry: OpenRegistry
    actor: Actor


def _find_request(connection: Connection, request_id: str | None) -> AnyRow | None:
    if request_id is None:
        return None
    return statements.REQUEST.record(connection, {"request": request_id})


def _require_own_repetition(earlier: AnyRow, rule: NewRule, actor: Actor) -> None:
    if earlier.proposed_by != actor.id:
        raise refuse_repeated(earlier.request_id, is_anothers=True)
    if not _asks_the_same(earlier, rule):
        raise refuse_repeated(earlier.request_id, is_anothers=False)


def _asks_the_same(earlier: AnyRow, rule: NewRule) -> bool:
    """Tell whether the rule is the one asked for before; what it leaves open was filled in."""
    return (
        (earlier.kind, earlier.unit_type) == (str(rule.kind), rule.unit_type)
        and (earlier.value, earlier.valid_from) == (rule.value, rule.valid_from)
        and rule.valid_to in (None, earlier.valid_to)
        and rule.period in (None, earlier.period)
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Where a rule that fits lies: its commitment period, and the rules that it ends."""

    period: AnyRow
    overlapping: list[AnyRow]


def _require_fit(connection: Connection, registry: OpenRegistry, rule: NewRule) -> _Fit:
    """Tell where the rule lies; raise for what does not fit."""
    kind = KINDS[rule.kind]
    if not kind.accepts(rule.value):
        raise refuse(
            9610,
            kind=kind.name,
            value=format(rule.value, "f"),
            wanted=kind.wanted,
            wanted_th=kind.wanted_th,
        )
    if not rule.reason.strip():
        raise refuse(9617)
    if statements.UNIT_TYPE.find(connection, {"of_type": rule.unit_type}) is None:
        raise refuse(9618, what="unit type", what_th="ชนิดหน่วย", value=rule.unit_type)
    period = _period_of(connection, rule)
    last = rule.valid_to or period.last_day
    if not period.first_day <= rule.valid_from <= last <= period.last_day:
        raise refuse(
            9611,
            valid_from=rule.valid_from,
            valid_to=last,
            period=period.number,
            first_day=period.first_day,
            last_day=period.last_day,
        )
    earliest = registry.today() + timedelta(days=1)
    if rule.valid_from < earliest:
        raise refuse(9612, valid_from=rule.valid_from, earliest=earliest)
    overlapping = _overlapping(connection, rule, last)
    _require_nothing_left(rule, overlapping, last)
    return _Fit(period, overlapping)


def _period_of(connection: Connection, rule: NewRule) -> AnyRow:
    query, values = statements.period_read(rule)
    row = query.record(connection, values)
    if row is None:
        asked = rule.valid_from.isoformat() if rule.period is None else rule.period
        raise refuse(9618, what="commitment period", what_th="ช่วงพันธกรณี", value=asked)
    return row


def _overlapping(connection: Connection, rule: NewRule, last: date) -> list[AnyRow]:
    rows = statements.FROM_DAY_ON.records(connection, statements.from_day_values(rule))
    return [row for row in rows if row.valid_from <= last]


def _require_nothing_left(rule: NewRule, overlapping: Sequence[AnyRow], last: date) -> None:
    for row in overlapping:
        if row.valid_from >= rule.valid_from or row.valid_to > last:
            raise refuse(9613, other_from=row.valid_from, other_to=row.valid_to)


def _require_none_pending(connection: Connection, rule: NewRule) -> None:
    other = statements.PENDING.find(connection, statements.kind_values(rule))
    if other is not None:
        raise refuse(9614, other=f"R{other[0]}")


def rule_change_number(identifier: str) -> int:
    """Read an identifier such as R3; raises NotFound for another form."""
    found = _NUMBER.fullmatch(identifier.strip().upper())
    if found is None:
        raise NotFound(
            f"“{identifier}” is not a rule change.",
            hint="One looks like R3; `teak rule changes` lists them.",
        )
    return int(found[1])


def approve_rule(
    registry: OpenRegistry, actor: Actor, change_id: int, *, comment: str = ""
) -> RuleChangeOutcome:
    """Approve a pending change: its row is valid from its day on, the one before it ends."""
    return _decide(registry, actor, change_id, "approved", comment)


def reject_rule(
    registry: OpenRegistry, actor: Actor, change_id: int, *, comment: str
) -> RuleChangeOutcome:
    """Reject a pending change with a comment."""
    return _decide(registry, actor, change_id, "rejected", comment)


def withdraw_rule(
    registry: OpenRegistry, actor: Actor, change_id: int, *, comment: str = ""
) -> RuleChangeOutcome:
    """Take back one's own pending change."""
    return _decide(registry, actor, change_id, "withdrawn", comment)


def _decide(
    registry: OpenRegistry, actor: Actor, change_id: int, status: str, comment: str
) -> RuleChangeOutcome:
    comment = require_plain_text(comment, what="comment")
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, wanted = unit.connection, {"change_id": change_id}
        read_together(connection, (access_ahead(actor), (statements.CHANGE, wanted)))
        require_access(connection, actor)
        row = statements.CHANGE.record(connection, wanted)
        if row is None:
            raise NotFound(
                f"There is no rule change R{change_id}.", hint="`teak rule changes` lists them."
            )
        _require_decidable(actor, row, status, comment)
        rule = NewRule(
            kind=RuleKind(row.kind),
            unit_type=row.unit_type,
            value=row.value,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            period=row.period,
            reason=row.reason,
        )
        acting = _Acting(connection, Writes(connection), registry, actor)
        ended: list[AnyRow] = []
        if status == "approved":
            read_together(connection, (*statements.fit_ahead(rule), *keys_ahead(Rule)))
            ended = _require_fit(connection, registry, rule).overlapping
        decided = {
            "status": status,
            "decided_by": actor.id,
            "decided_at": registry.now(),
            "comment": comment,
        }
        acting.writes.run(statements.DECIDE, {**decided, **wanted})
        outcome = RuleChangeOutcome(change_id, status)
        values = {key: getattr(row, key) for key in _LOGGED}
        _log(acting, f"rule-{status}", outcome, values, comment)
        if status == "approved":
            _put_in_force(acting, rule, row, ended)
        acting.writes.flush()
        unit.commit()
    return outcome


def _require_decidable(actor: Actor, row: AnyRow, status: str, comment: str) -> None:
    if row.status != "proposed":
        raise refuse(9615, change=f"R{row.id}", status=row.status, status_th=STATUS_TH[row.status])
    is_own = row.proposed_by == actor.id
    if status == "withdrawn":
        if not is_own:
            raise refuse(9144, user="the proposer")
        return
    require_role(actor, Role.APPROVER, "decides on rules", "ตัดสินกฎ")
    if is_own:
        raise refuse(9616, user=actor.user_name)
    if status == "rejected" and not comment:
        raise refuse(9143)


def _put_in_force(acting: _Acting, rule: NewRule, change: AnyRow, ended: Sequence[AnyRow]) -> None:
    ends = rule.valid_from - timedelta(days=1)
    for row in ended:
        ending = {"valid_to": ends, "ended_by": change.id, "rule_id": row.id}
        acting.writes.run(statements.END, ending)
        body = {"rule": row.id, "valid_to": ends.isoformat(), "change": f"R{change.id}"}
        _append(acting, "rule-ended", body)
    values = {key: getattr(change, key) for key in _LOGGED}
    rule_id = acting.writes.insert(Rule, {**values, "change_id": change.id})
    body = {"rule": rule_id, **_plain(values), "change": f"R{change.id}"}
    _append(acting, "rule-added", body)


_LOGGED = ("kind", "unit_type", "period", "value", "valid_from", "valid_to")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **values,
        "value": format(values["value"], "f"),
        "valid_from": values["valid_from"].isoformat(),
        "valid_to": values["valid_to"].isoformat(),
    }


def _log(
    acting: _Acting,
    kind: str,
    outcome: RuleChangeOutcome,
    values: Mapping[str, Any],
    words: str,
) -> None:
    body = {"change": outcome.identifier, **_plain(values), "reason": words}
    _append(acting, kind, body)


def _append(acting: _Acting, kind: str, body: Mapping[str, Any]) -> None:
    log = LogWriter(acting.connection, acting.writes)
    persons = {"done": acting.actor.user_name}
    log.append(kind, at=acting.registry.now(), persons=persons, body=body)
    log.flush()
