"""What limits a transfer: own units, trust and the delay for strangers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.models.codes import RuleKind
from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import Facts, OwnUnitsFacts, RuleFacts
from tests.services.checks.test_catalogue import BLOCK, deciding, transfer

OWN = transfer()
ASKED = OWN.act.quantity


def limited(kind: RuleKind, value: int, *, issued: int = 100, passed_on: int = 0) -> Facts:
    assert OWN.transferring is not None
    return transfer(
        rules={kind: RuleFacts(9, Decimal(value))},
        own_units=(OwnUnitsFacts(BLOCK.period, issued, passed_on),),
        candidates=(replace(BLOCK, issued_to=OWN.transferring.id),),
    )


def acquired(facts: Facts) -> Facts:
    return replace(facts, candidates=(replace(BLOCK, issued_to=-1),))


def waiting() -> Facts:
    facts = deciding(transfer())
    assert facts.deciding is not None
    pending = replace(facts.deciding, not_before=facts.now + timedelta(hours=1))
    return replace(facts, deciding=pending)


SITUATIONS: list[tuple[str, Callable[[], Facts], list[int]]] = [
    ("own units past the maximum", lambda: limited(
        RuleKind.MAXIMUM_TRANSFER, ASKED + 4, passed_on=5), [9662]),
    ("own units up to the maximum", lambda: limited(
        RuleKind.MAXIMUM_TRANSFER, ASKED + 5, passed_on=5), []),
    ("acquired units past the maximum", lambda: acquired(limited(
        RuleKind.MAXIMUM_TRANSFER, 0)), []),
    ("own units into the reserve", lambda: limited(
        RuleKind.RESERVE, 100 - ASKED + 1), [9663]),
    ("own units down to the reserve", lambda: limited(
        RuleKind.RESERVE, 100 - ASKED), []),
    ("acquired units with a reserve", lambda: acquired(limited(RuleKind.RESERVE, 100)), []),
    ("a stranger where none are allowed", lambda: transfer(
        is_stranger=True, rules={RuleKind.STRANGERS_ALLOWED: RuleFacts(9, Decimal(0))}), [2507]),
    ("a stranger where they are allowed", lambda: transfer(
        is_stranger=True, rules={RuleKind.STRANGERS_ALLOWED: RuleFacts(9, Decimal(1))}), []),
    ("a decision before the delay is over", waiting, [9661]),
    ("a delay that its proposal does not say", lambda: replace(
        deciding(transfer()), not_before=OWN.now + timedelta(hours=1)), [9661]),
    ("a delay that is over", lambda: replace(
        deciding(transfer()), not_before=OWN.now - timedelta(hours=1)), []),
]  # fmt: skip

NOTES: list[tuple[str, Facts, list[int]]] = [
    ("a delay", transfer(is_stranger=True, not_before=OWN.now + timedelta(days=1)), [9660]),
]


@pytest.mark.parametrize(
    ("facts", "expected"), [case[1:] for case in SITUATIONS], ids=[case[0] for case in SITUATIONS]
)
def test_situation(facts: Callable[[], Facts], expected: list[int]) -> None:
    assert [item.code for item in evaluate(facts()).violations] == expected


@pytest.mark.parametrize(
    ("facts", "expected"), [case[1:] for case in NOTES], ids=[case[0] for case in NOTES]
)
def test_note(facts: Facts, expected: list[int]) -> None:
    assert [note.code for note in evaluate(facts).checks.notes] == expected
