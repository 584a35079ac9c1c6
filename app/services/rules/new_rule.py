"""A row of the rule tables as somebody asks for it, read from JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.models.codes import RuleKind
from app.models.errors import UsageError
from app.models.plain_text import require_plain_text

MOST_DIGITS = 20
"""Before and after the point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A row to propose; without `valid_to` it runs until its commitment period ends."""

    kind: RuleKind
    unit_type: str
    value: Decimal
    valid_from: date
    valid_to: date | None = None
    period: int | None = None
    reason: str


def read_new_rule(content: Mapping[str, Any]) -> NewRule:
    """Read a rule to propose from JSON; UsageError names the field that is wrong."""
    if not isinstance(content, Mapping):
        raise UsageError("A rule change must be a JSON object.")
    known = {"kind", "unit_type", "value", "valid_from", "valid_to", "period", "reason"}
    unknown = sorted(set(content) - known)
    if unknown:
        raise UsageError(
            f"The rule has a field “{unknown[0]}” that Teak does not know.",
            hint="Fields: " + ", ".join(sorted(known)) + ".",
        )
    period = content.get("period")
    if period is not None and (not isinstance(period, int) or isinstance(period, bool)):
        raise UsageError(f"“period” is {period!r}.", hint="Give a period's number, such as 1.")
    return NewRule(
        kind=_kind(content.get("kind")),
        unit_type=_text(content, "unit_type", "a unit type such as TER"),
        value=read_rule_value(content.get("value")),
        valid_from=_day(content.get("valid_from"), "valid_from"),
        valid_to=None if content.get("valid_to") is None else _day(content["valid_to"], "valid_to"),
        period=period,
        reason=_text(content, "reason", "a sentence"),
    )


def _text(content: Mapping[str, Any], key: str, wanted: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"“{key}” is {value!r}.", hint=f"Give {wanted}.")
    return require_plain_text(value, what=key)


def _kind(value: object) -> RuleKind:
    try:
        return RuleKind(str(value))
    except ValueError:
        raise UsageError(
            f"“kind” is {value!r}.", hint="Give one of " + ", ".join(RuleKind) + "."
        ) from None


def read_rule_value(value: object) -> Decimal:
    """Read a number by its digits: a whole one, an exact decimal, or its text.

    Raises UsageError for any other, and for one of more digits than a rule can need: written out,
    1e999999999 would fill the memory.
    """
    try:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise InvalidOperation
        read = Decimal(str(value))
        if not read.is_finite() or not _is_short(read):
            raise InvalidOperation
    except (InvalidOperation, ValueError):
        raise UsageError(f"“value” is {value!r}.", hint="Give a number such as 0.05.") from None
    return read


def _is_short(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return (
        isinstance(exponent, int) and exponent >= -MOST_DIGITS and number.adjusted() < MOST_DIGITS
    )


def _day(value: object, key: str) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise UsageError(f"“{key}” is {value!r}.", hint="Give a day as YYYY-MM-DD.")
