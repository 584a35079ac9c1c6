"""The state behind the rule tables: what applies today, what is to come, changes awaiting a word.

Owns grouping the rows into lines and reading a form into a change; whether it fits is the
service's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app.models.codes import NO_EXPIRY_CODE, Role, RuleKind
from app.services.listings.choices import (
    UnitTypeChoice,
    list_domestic_unit_types,
    list_foreign_unit_types,
)
from app.services.listings.page import PageRequest
from app.services.listings.rule_changes import RuleChangeRow, list_rule_changes
from app.services.listings.rules import RuleRow, list_rules
from app.services.registry.context import Actor, OpenRegistry
from app.services.rules.changes import (
    RuleChangeOutcome,
    RulePreview,
    approve_rule,
    preview_rule,
    propose_rule,
    reject_rule,
    withdraw_rule,
)
from app.services.rules.kinds import KINDS
from app.services.rules.new_rule import NewRule
from app.views.components.fields import Option
from app.views.presenters.act_form import Gap, Values, ValuesReader
from app.views.presenters.phrases import Phrase, say

_SHARES = (RuleKind.LEVY_RATE, RuleKind.CARRY_OVER_LIMIT)
_MOST_RULES = 5_000


@dataclass(frozen=True)
class RuleLine:
    """A kind of rule for one unit type, with all its rows by day.

    `now` is the row that applies today, `next` the first to come.
    """

    kind: str
    unit_type: str
    rows: tuple[RuleRow, ...]
    now: RuleRow | None
    next: RuleRow | None
    pending: str

    @property
    def key(self) -> str:
        """A name for good."""
        return f"{self.kind}/{self.unit_type}"


class ChangeAct(StrEnum):
    """What can be done with a change that awaits."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class ReadRule:
    """The change that a form's values make, or what is missing."""

    rule: NewRule | None
    gaps: tuple[Gap, ...] = ()


class RuleTables:
    """Reads and changes the tables; called off the window's thread but for `acts` and `read`."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_lines(self) -> tuple[RuleLine, ...]:
        """Group every row by kind and unit type, in the order of the kinds."""
        rows = list_rules(self.registry, PageRequest(sort="kind", limit=_MOST_RULES)).rows
        pending = {
            (str(each.kind), each.unit_type): f"R{each.id}"
            for each in list_rule_changes(self.registry, status="proposed")
        }
        groups: dict[tuple[str, str], list[RuleRow]] = defaultdict(list)
        for row in rows:
            groups[row.kind, row.unit_type].append(row)
        today, order = self.registry.today(), [str(kind) for kind in RuleKind]
        return tuple(
            _line(kind, unit_type, found, today, pending.get((kind, unit_type), ""))
            for (kind, unit_type), found in sorted(
                groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
            )
        )

    def list_changes(self) -> tuple[RuleChangeRow, ...]:
        """List the changes, the newest first."""
        return tuple(list_rule_changes(self.registry))

    def list_unit_types(self) -> tuple[UnitTypeChoice, ...]:
        """List every unit type, this registry's own first."""
        return (
            *list_domestic_unit_types(self.registry),
            *list_foreign_unit_types(self.registry),
        )

    def reason_against_proposing(self) -> str:
        """Say why this person proposes no rules; nothing when they do."""
        return "" if self.actor.role is Role.ADMINISTRATOR else "rules.only_administrators"

    def acts(self, change: RuleChangeRow) -> tuple[ChangeAct, ...]:
        """Give what this person may do with a change."""
        if change.status != "proposed":
            return ()
        if change.proposed_by == self.actor.user_name:
            return (ChangeAct.WITHDRAW,)
        if self.actor.role is Role.APPROVER:
            return (ChangeAct.REJECT, ChangeAct.APPROVE)
        return ()

    def carry_out(self, change: int, act: ChangeAct, comment: str) -> RuleChangeOutcome:
        """Approve, reject or withdraw. Raises RulesBroken."""
        if act is ChangeAct.APPROVE:
            return approve_rule(self.registry, self.actor, change, comment=comment)
        if act is ChangeAct.REJECT:
            return reject_rule(self.registry, self.actor, change, comment=comment)
        return withdraw_rule(self.registry, self.actor, change, comment=comment)

    def earliest(self) -> date:
        """Give the first day a change can take effect."""
        return self.registry.today() + timedelta(days=1)

    def read(self, values: Values) -> ReadRule:
        """Read a form's values into a change."""
        reader = ValuesReader(values)
        kind = reader.needed("kind", "rules.missing_kind")
        unit_type = reader.needed("unit_type", "acts.missing_unit_type")
        text = reader.needed("value", "rules.missing_value")
        first = reader.day("valid_from", "acts.missing_day")
        last = reader.optional_day("valid_to")
        gaps = reader.gaps
        try:
            value = Decimal(text or "0")
            if not value.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            value = Decimal(0)
            gaps = (*gaps, Gap("value", say("rules.not_a_number", value=text), is_empty=False))
        if gaps:
            return ReadRule(None, gaps)
        return ReadRule(
            NewRule(
                kind=RuleKind(kind),
                unit_type=unit_type,
                value=value,
                valid_from=first,
                valid_to=last,
                reason=reader.text("reason"),
            )
        )

    def preview(self, rule: NewRule) -> RulePreview:
        """Tell what approving the change would do; its reason may still be missing."""
        return preview_rule(self.registry, replace(rule, reason=rule.reason or "…"))

    def propose(self, rule: NewRule, *, request_id: str | None = None) -> RuleChangeOutcome:
        """Propose the change. Raises RulesBroken."""
        return propose_rule(self.registry, self.actor, rule, request_id=request_id)


def _line(
    kind: str, unit_type: str, rows: Sequence[RuleRow], today: date, pending: str
) -> RuleLine:
    ordered = tuple(sorted(rows, key=lambda row: row.valid_from))
    now = next((row for row in ordered if row.valid_from <= today <= row.valid_to), None)
    coming = next((row for row in ordered if row.valid_from > today), None)
    return RuleLine(kind, unit_type, ordered, now, coming, pending)


def kind_name(kind: str, language: str) -> str:
    """Name a kind of rule."""
    found = KINDS[RuleKind(kind)]
    return found.name_th if language == "th" else found.name


def value_wanted(kind: str, language: str) -> str:
    """Say what a value of the kind must be; nothing for no kind."""
    if not kind:
        return ""
    found = KINDS[RuleKind(kind)]
    return found.wanted_th if language == "th" else found.wanted


def write_value(kind: str, value: Decimal) -> str:
    """Write a rule's value as people read it: a share in per cent, else its number."""
    if RuleKind(kind) in _SHARES:
        return f"{(value * 100).normalize():f} %"
    return f"{value.normalize():,f}"


def say_value(kind: str, value: Decimal) -> Phrase:
    """Say a rule's value with what it counts: years, working days, votes."""
    if kind == RuleKind.DEFAULT_EXPIRY and value == NO_EXPIRY_CODE:
        return say("rules.in_words.never")
    if kind == RuleKind.STRANGERS_ALLOWED:
        return say("common.yes" if value else "common.no")
    counted = "share" if RuleKind(kind) in _SHARES else kind
    return say(f"rules.in_words.{counted}", value=write_value(kind, value))


def kind_options(language: str) -> tuple[Option, ...]:
    """Offer the kinds of rule."""
    return tuple(Option(str(kind), kind_name(str(kind), language)) for kind in KINDS)


def unit_type_options(found: Sequence[UnitTypeChoice], language: str) -> tuple[Option, ...]:
    """Offer the unit types."""
    return tuple(
        Option(
            each.code,
            f"{each.code} · {(each.name_th if language == 'th' else each.name_en) or each.code}",
        )
        for each in found
    )
