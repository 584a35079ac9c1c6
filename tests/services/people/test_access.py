"""Somebody whose access was revoked does nothing more, though their desk still stands open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.codes import AccountState
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.checks.violation import RulesBroken
from app.services.documents import add_document
from app.services.imports.verified_reductions import import_verified_reductions
from app.services.people.administration import revoke_person
from app.services.projects import NewProject, register_project
from app.services.registry.context import Actor
from tests.fixtures.ledger import Ledger

NEW = NewAccount(name="Late", holder=NewHolder(name_en="Late"))
PROJECT = NewProject(origin="TH", code="0099", name_en="Late", country="TH")
RECORD = (
    "project,period_from,period_to,quantity,reference,document_sha256\n"
    f"0042,2021-01-01,2021-12-31,5,VR-1,{'a' * 64}\n"
)


def record_reduction(ledger: Ledger) -> object:
    file = Path(ledger.registry.file.path if ledger.registry.file else "").with_name("late.csv")
    file.write_text(RECORD)
    return import_verified_reductions(ledger.registry, file, actor=ledger.officer)


ACTS: dict[str, Callable[[Ledger], object]] = {
    "account": lambda ledger: propose_account(ledger.registry, ledger.officer, NEW),
    "project": lambda ledger: register_project(ledger.registry, ledger.officer, PROJECT),
    "reduction": record_reduction,
    "document": lambda ledger: add_document(
        ledger.registry, ledger.officer, name="a", media_type="text/plain", content=b"a"
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_revoked_officer_adds_nothing(ledger: Ledger, people: dict[str, Actor], act: str) -> None:
    revoke_person(ledger.registry, people["admin"], "officer", reason="Left the office")
    with pytest.raises(RulesBroken) as refused:
        ACTS[act](ledger)
    assert [item.code for item in refused.value.violations] == [9104]


@pytest.mark.parametrize("act", ACTS)
def test_the_same_act_is_done_for_an_active_one(ledger: Ledger, act: str) -> None:
    assert ACTS[act](ledger)


def test_a_revoked_approver_opens_no_account(ledger: Ledger, people: dict[str, Actor]) -> None:
    number = propose_account(ledger.registry, ledger.officer, NEW)
    revoke_person(ledger.registry, people["admin"], "approver", reason="Left the office")
    with pytest.raises(RulesBroken) as refused:
        change_account(ledger.registry, ledger.approver, number, AccountState.OPEN, reason="")
    assert [item.code for item in refused.value.violations] == [9104]
