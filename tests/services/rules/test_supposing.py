"""What an issuance would have been under another rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.models.codes import RuleKind
from app.models.errors import NotFound, UsageError
from app.services.rules.supposing import require_assumption, suppose_issuance
from app.services.transactions.evaluation import preview
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines


def test_a_completed_issuance_is_compared(ledger: Ledger) -> None:
    done = ledger.complete(ledger.issuance(quantity=10_000, vintage=2025))
    assumed = {RuleKind.LEVY_RATE: Decimal("0.07"), RuleKind.DEFAULT_EXPIRY: Decimal(99)}
    found = suppose_issuance(ledger.registry, done.transaction_id, assumed)
    assert (found.was.levied, found.was.kept) == (500, 9_500)
    assert found.was.expires_on == date(2031, 12, 31)
    assert found.was.rules[RuleKind.LEVY_RATE] == Decimal("0.05")
    assert (found.would_be.levied, found.would_be.kept) == (700, 9_300)
    assert found.would_be.expires_on is None
    same = suppose_issuance(ledger.registry, done.transaction_id, {})
    assert same.was == same.would_be


def test_an_act_to_come_is_previewed_under_assumed_rules(ledger: Ledger) -> None:
    act = ledger.issuance(quantity=1_000)
    usual = preview(ledger.registry, act, ledger.officer)
    other = preview(
        ledger.registry, act, ledger.officer, assumed={RuleKind.LEVY_RATE: Decimal("0.5")}
    )
    assert sum(move.quantity for move in usual.plan.levy) == 50
    assert sum(move.quantity for move in other.plan.levy) == 500
    ledger.complete(act)
    limited = preview(
        ledger.registry,
        ledger.transfer(100),
        ledger.officer,
        assumed={RuleKind.MAXIMUM_TRANSFER: Decimal(99)},
    )
    assert [item.code for item in limited.violations] == [9662]


def test_only_a_completed_issuance_is_compared(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    moved = ledger.complete(ledger.transfer(10))
    with pytest.raises(UsageError):
        suppose_issuance(ledger.registry, moved.transaction_id, {})
    with pytest.raises(NotFound):
        suppose_issuance(ledger.registry, 999, {})


@pytest.mark.parametrize(("kind", "value"), [("levy", "0.1"), ("levy-rate", "1.5")])
def test_an_assumption_is_of_a_known_kind_and_within_bounds(kind: str, value: str) -> None:
    with pytest.raises(UsageError):
        require_assumption(kind, Decimal(value))
