"""Accounts: what a proposal may say of its holder, and what stays out of the registry."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.codes import AccountState, AccountType
from app.models.errors import NotFound, UsageError
from app.services.accounts import (
    NewAccount,
    NewHolder,
    NewRepresentative,
    change_account,
    propose_account,
)
from app.services.checks.violation import RulesBroken
from app.services.documents import add_document
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines


def propose(ledger: Ledger, holder: NewHolder | int | None = None, **changes: Any) -> str:
    account = NewAccount(name="Solar", holder=holder or NewHolder(name_en="Solar"), **changes)
    return propose_account(ledger.registry, ledger.officer, account)


@pytest.mark.parametrize("holder", [999_999, -1, 2**70])
def test_an_unknown_holder_is_told(ledger: Ledger, holder: int) -> None:
    with pytest.raises(NotFound, match=str(holder)):
        propose(ledger, holder)


def test_a_holder_s_documents_are_in_the_registry_and_each_once(ledger: Ledger) -> None:
    for digest in ("zz", "a" * 64):
        with pytest.raises(NotFound, match=digest):
            propose(ledger, NewHolder(name_en="Solar", documents=(digest,)))
    kept = add_document(
        ledger.registry, ledger.officer, name="id.pdf", media_type="application/pdf", content=b"x"
    ).sha256
    assert propose(ledger, NewHolder(name_en="Solar", documents=(kept, kept)))


@pytest.mark.parametrize(
    "changes", [{"kind": "zzz"}, {"identity_check": "zzz"}, {"country": "Thailand"}]
)
def test_a_holder_is_told_apart_by_known_words(ledger: Ledger, changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(changes.values()))):
        propose(ledger, NewHolder(name_en="Solar", **changes))


def test_text_that_cannot_be_kept_is_refused(ledger: Ledger) -> None:
    for name in ("\ud800", "a" * 301):
        with pytest.raises(UsageError, match="representative"):
            propose(ledger, representatives=(NewRepresentative(name=name, email=""),))
    number = propose(ledger)
    with pytest.raises(UsageError, match="reason"):
        change_account(ledger.registry, ledger.approver, number, AccountState.OPEN, reason="\udcff")


@pytest.mark.parametrize("kind", [AccountType.VOLUNTARY_CANCELLATION, AccountType.BUFFER])
def test_the_registry_s_own_accounts_are_nobody_s_to_propose(
    ledger: Ledger, kind: AccountType
) -> None:
    with pytest.raises(RulesBroken) as refused:
        propose(ledger, type=kind, period=1)
    assert [violation.code for violation in refused.value.violations] == [9408]


def test_a_rejection_says_why(ledger: Ledger) -> None:
    number = propose(ledger)
    with pytest.raises(RulesBroken) as refused:
        change_account(ledger.registry, ledger.approver, number, AccountState.REJECTED, reason="  ")
    assert [item.code for item in refused.value.violations] == [9406]
    assert change_account(
        ledger.registry, ledger.approver, number, AccountState.REJECTED, reason="No documents"
    )


def test_who_and_what_state_is_said_in_the_language_of_the_sentence(ledger: Ledger) -> None:
    number = propose(ledger)
    with pytest.raises(RulesBroken) as refused:
        change_account(ledger.registry, ledger.officer, number, AccountState.OPEN, reason="")
    (violation,) = refused.value.violations
    assert violation.code == 9402
    assert "is a registry officer; only a registry approver opens accounts." in violation.message
    assert violation.message_th.endswith("มีบทบาทเป็นเจ้าหน้าที่ทะเบียน เฉพาะผู้อนุมัติทะเบียนเท่านั้นที่เปิดบัญชีได้")
    with pytest.raises(RulesBroken) as refused:
        change_account(ledger.registry, ledger.approver, number, AccountState.LOCKED, reason="")
    (violation,) = refused.value.violations
    assert violation.message == f"Account {number} is proposed; it cannot become locked."
    assert violation.message_th == f"บัญชี {number} มีสถานะเสนอแล้ว ไม่สามารถเปลี่ยนเป็นล็อก"
