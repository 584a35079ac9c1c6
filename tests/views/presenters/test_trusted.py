from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.models.codes import AccountState
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken
from app.services.listings.account_detail import get_account
from app.services.registry.context import Actor
from app.services.trust.trusted_accounts import TrustedRow
from app.views.presenters.trusted import TrustAct, TrustedForm
from tests.fixtures.ledger import Ledger


def row(state: str, proposed_by: str = "officer") -> TrustedRow:
    return TrustedRow(
        id=1,
        account="TH-100-1000-0-68",
        trusted="TH-100-1001-0-63",
        trusted_name="Green Thai",
        note="",
        state=state,
        proposed_by=proposed_by,
        proposed_at=datetime(2026, 11, 21, tzinfo=UTC),
        effective_at=None,
    )


@pytest.mark.parametrize(
    ("user", "state", "acts"),
    [
        ("approver", "proposed", (TrustAct.REJECT, TrustAct.APPROVE)),
        ("approver", "approved", ()),
        ("officer", "proposed", ()),
        ("officer", "approved", (TrustAct.REMOVE,)),
        ("admin", "approved", (TrustAct.REMOVE,)),
        ("admin", "proposed", ()),
        ("auditor", "approved", ()),
        ("officer", "removed", ()),
        ("approver", "rejected", ()),
    ],
)
def test_each_role_is_offered_what_it_may_do(
    ledger: Ledger, people: dict[str, Actor], user: str, state: str, acts: tuple[TrustAct, ...]
) -> None:
    assert TrustedForm(ledger.registry, people[user]).acts_on(row(state)) == acts


def test_nobody_decides_on_their_own_entry(ledger: Ledger) -> None:
    form = TrustedForm(ledger.registry, ledger.approver)
    assert form.acts_on(row("proposed", proposed_by="approver")) == ()


def test_only_an_officer_proposes_and_only_for_an_open_account(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    account = get_account(ledger.registry, ledger.forest).account
    officer = TrustedForm(ledger.registry, ledger.officer)
    assert officer.reason_against_proposing(account) == ""
    auditor = TrustedForm(ledger.registry, people["auditor"])
    assert auditor.reason_against_proposing(account) == "trusted.only_officers"
    change_account(
        ledger.registry, people["admin"], ledger.forest, AccountState.SUSPENDED, reason="A case"
    )
    account = get_account(ledger.registry, ledger.forest).account
    assert officer.reason_against_proposing(account) == "trusted.not_open"


def test_an_entry_lives_from_proposal_to_removal(ledger: Ledger) -> None:
    officer = TrustedForm(ledger.registry, ledger.officer)
    approver = TrustedForm(ledger.registry, ledger.approver)
    officer.propose(ledger.forest, f" {ledger.green} ", "Our trader")
    (entry,) = officer.read(ledger.forest).rows
    assert (entry.trusted, entry.note, entry.state) == (ledger.green, "Our trader", "proposed")
    with pytest.raises(RulesBroken):
        approver.carry_out(TrustAct.REJECT, entry.id, "")
    approver.carry_out(TrustAct.APPROVE, entry.id, "")
    assert officer.read(ledger.forest).rows[0].state == "approved"
    officer.carry_out(TrustAct.REMOVE, entry.id, "Ended")
    assert officer.read(ledger.forest).rows[0].state == "removed"
