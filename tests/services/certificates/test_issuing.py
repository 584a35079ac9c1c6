"""A certificate is issued once, by those who may change the registry, and reprinted by all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.models.errors import UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry
from app.services.certificates.issuing import issue_certificate
from app.services.checks.violation import RulesBroken
from app.services.people.administration import revoke_person
from app.services.registry.context import Actor
from tests.fixtures.ledger import Ledger


@pytest.fixture
def cancelled(ledger: Ledger) -> int:
    ledger.complete(ledger.issuance())
    return ledger.complete(ledger.cancellation(1_500)).transaction_id


def entries(ledger: Ledger) -> int:
    with reading(ledger.registry.engine) as connection:
        return connection.execute(select(func.count(LogEntry.sequence))).scalar_one()


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [violation.code for violation in error.value.violations]


@pytest.mark.parametrize("name", ["auditor", "technician", "committee1"])
def test_who_changes_nothing_reprints_only(
    ledger: Ledger, people: dict[str, Actor], cancelled: int, name: str
) -> None:
    before = entries(ledger)
    with pytest.raises(RulesBroken) as error:
        issue_certificate(ledger.registry, cancelled, actor=people[name])
    assert codes(error) == [9602]
    assert entries(ledger) == before
    first = issue_certificate(ledger.registry, cancelled, actor=ledger.officer)
    again = issue_certificate(ledger.registry, cancelled, actor=people[name])
    assert again.statement == first.statement
    assert entries(ledger) == before + 1


def test_a_revoked_officer_issues_none(
    ledger: Ledger, people: dict[str, Actor], cancelled: int
) -> None:
    revoke_person(ledger.registry, people["admin"], "officer", reason="Left the office")
    with pytest.raises(RulesBroken) as error:
        issue_certificate(ledger.registry, cancelled, actor=ledger.officer)
    assert codes(error) == [9104]


def test_only_a_completed_cancellation_has_one(ledger: Ledger, cancelled: int) -> None:
    pending = ledger.propose(ledger.cancellation(10)).transaction_id
    issuance = 1
    for transaction in (pending, issuance):
        with pytest.raises(RulesBroken) as error:
            issue_certificate(ledger.registry, transaction, actor=ledger.officer)
        assert codes(error) == [9601]


def test_a_real_registry_issues_in_somebodys_name(ledger: Ledger, cancelled: int) -> None:
    """Whoever only reads may reprint; the first printing is somebody's act, logged as theirs."""
    real = replace(ledger.registry, is_demo=False)
    with pytest.raises(UsageError, match="has no certificate yet"):
        issue_certificate(real, cancelled)
    first = issue_certificate(real, cancelled, actor=ledger.officer)
    assert issue_certificate(real, cancelled).pdf == first.pdf
