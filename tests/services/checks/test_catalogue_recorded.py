"""What a changed client could write of a transaction beside a harmless request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import Facts, RecordedFacts
from tests.services.checks.test_catalogue import account, deciding, transfer

ACT = transfer().act
HONEST = RecordedFacts(int(ACT.type), int(ACT.supplementary_type), ACT.quantity)
ELSEWHERE = "TH-100-1002-0-58"


def recorded(**changes: object) -> Facts:
    facts = deciding(transfer())
    assert facts.deciding is not None
    row = replace(HONEST, **changes)  # type: ignore[arg-type]
    return replace(facts, deciding=replace(facts.deciding, recorded=row))


SITUATIONS: list[tuple[str, Callable[[], Facts], list[int]]] = [
    ("as a desk writes it", recorded, []),
    ("another type", lambda: recorded(type=4), [9145]),
    ("another supplementary type", lambda: recorded(supplementary_type=48), [9145]),
    ("more units", lambda: recorded(quantity=ACT.quantity + 1), [9145]),
    ("another expiry", lambda: recorded(to_expiry=date(2099, 12, 31)), [9145]),
    ("another period", lambda: recorded(to_period=2), [9145]),
    ("to another account", lambda: replace(recorded(), acquiring=account(ELSEWHERE)), [9145]),
    ("from another account", lambda: replace(recorded(), transferring=account(ELSEWHERE)), [9145]),
]


@pytest.mark.parametrize(
    ("facts", "expected"), [case[1:] for case in SITUATIONS], ids=[case[0] for case in SITUATIONS]
)
def test_situation(facts: Callable[[], Facts], expected: list[int]) -> None:
    assert [item.code for item in evaluate(facts()).violations] == expected
