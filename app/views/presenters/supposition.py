"""What an act would be under another rule, said as differences.

Owns which rules can be assumed for an act, reading what is assumed, and the words of what
differs; judging is `evaluation.preview` with the assumption, or the comparison of a completed
issuance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.models.codes import RuleKind
from app.services.checks.violation import Violation
from app.services.rules.kinds import KINDS
from app.services.rules.supposing import Supposition
from app.services.transactions.evaluation import Evaluation
from app.services.transactions.planning import Plan
from app.views.components.fields import Option
from app.views.presenters.phrases import Phrase, say

_SUPPOSABLE = (
    RuleKind.LEVY_RATE,
    RuleKind.DEFAULT_EXPIRY,
    RuleKind.MAXIMUM_TRANSFER,
    RuleKind.RESERVE,
    RuleKind.CARRY_OVER_LIMIT,
    RuleKind.STRANGERS_ALLOWED,
    RuleKind.STRANGER_DELAY,
)
"""Kinds by which what an act does is planned or judged, in the order in which they are offered."""


@dataclass(frozen=True)
class Assumption:
    """A rule that is assumed, or what keeps it from being one."""

    rule: RuleKind | None = None
    value: Decimal = Decimal(0)
    problem: Phrase | None = None

    @property
    def as_mapping(self) -> Mapping[RuleKind, Decimal]:
        """Give it as a preview takes it."""
        return {} if self.rule is None else {self.rule: self.value}


@dataclass(frozen=True)
class Differences:
    """What would be otherwise: sentences, then checks that refuse only there or only here."""

    sentences: tuple[Phrase, ...]
    refused_there: tuple[Violation, ...] = ()
    refused_here: tuple[Violation, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether nothing would differ."""
        return not (self.sentences or self.refused_there or self.refused_here)


def rule_options(kinds: frozenset[RuleKind], language: str) -> tuple[Option, ...]:
    """Offer the rules an act goes by."""
    return tuple(
        Option(str(kind), KINDS[kind].name_th if language == "th" else KINDS[kind].name)
        for kind in _SUPPOSABLE
        if kind in kinds
    )


def wanted_of(kind: str, language: str) -> str:
    """Say what the value of a rule must be."""
    if kind not in set(RuleKind):
        return ""
    found = KINDS[RuleKind(kind)]
    return found.wanted_th if language == "th" else found.wanted


def read_assumption(kind: str, value: str, language: str) -> Assumption:
    """Read what is assumed, and say what is wrong with it."""
    if kind not in set(RuleKind):
        return Assumption(problem=say("suppose.missing_rule"))
    rule = RuleKind(kind)
    try:
        number = Decimal(value.strip().replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not KINDS[rule].accepts(number):
        wanted = wanted_of(kind, language)
        return Assumption(problem=say("suppose.wrong_value", value=value.strip(), wanted=wanted))
    return Assumption(rule, number)


def differences(here: Evaluation, there: Evaluation) -> Differences:
    """Compare an act by the rules in force with the same act under the assumed one."""
    codes_here = {each.code for each in here.violations}
    codes_there = {each.code for each in there.violations}
    return Differences(
        sentences=tuple(_plan_differences(here, there)),
        refused_there=tuple(each for each in there.violations if each.code not in codes_here),
        refused_here=tuple(each for each in here.violations if each.code not in codes_there),
    )


def _plan_differences(here: Evaluation, there: Evaluation) -> Iterator[Phrase]:
    levied, would_be = _levied(here.plan), _levied(there.plan)
    if levied != would_be:
        yield say("suppose.levied", was=levied, would_be=would_be)
        kept = here.plan.quantity - levied
        yield say("suppose.kept", was=kept, would_be=there.plan.quantity - would_be)
    if here.plan.expires_on != there.plan.expires_on:
        yield _expiry(here.plan.expires_on, there.plan.expires_on)
    if here.facts.not_before != there.facts.not_before:
        yield _delay(here, there)


def _levied(plan: Plan) -> int:
    return sum(move.quantity for move in plan.levy)


def _expiry(was: object, would_be: object) -> Phrase:
    if was is None:
        return say("suppose.expiry_from_never", would_be=would_be)
    if would_be is None:
        return say("suppose.expiry_to_never", was=was)
    return say("suppose.expiry", was=was, would_be=would_be)


def _delay(here: Evaluation, there: Evaluation) -> Phrase:
    if there.facts.not_before is None:
        return say("suppose.no_delay", was=here.facts.not_before)
    return say("suppose.delay", would_be=there.facts.not_before)


def issuance_differences(found: Supposition) -> Differences:
    """Compare a completed issuance as it was with what it would have been."""
    was, would_be = found.was, found.would_be
    sentences = []
    if was.levied != would_be.levied:
        sentences.append(say("suppose.levied", was=was.levied, would_be=would_be.levied))
        sentences.append(say("suppose.kept", was=was.kept, would_be=would_be.kept))
    if was.expires_on != would_be.expires_on:
        sentences.append(_expiry(was.expires_on, would_be.expires_on))
    return Differences(tuple(sentences))
