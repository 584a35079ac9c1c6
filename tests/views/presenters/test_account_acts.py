"""Who may change an account's state, and what is said to those who may not."""

from __future__ import annotations

import pytest

from app.models.codes import AccountState, AccountType, Role
from app.services.listings.accounts import AccountRow
from app.services.registry.context import Actor
from app.views.presenters.account_acts import account_acts, reason_against_proposing


def account(state: str, *, kind: AccountType = AccountType.HOLDING) -> AccountRow:
    return AccountRow(
        id=1,
        number="TH-100-1042-0-52",
        type="holding",
        type_code=int(kind),
        name="Ban Huai Sak",
        holder="Ban Huai Sak",
        holder_th="",
        state=state,
        opened_on=None,
        proposed_by="officer",
        approved_by=None,
    )


def person(role: Role, user_name: str = "somebody") -> Actor:
    return Actor(7, user_name, "Somebody", role)


@pytest.mark.parametrize(
    ("state", "role", "user_name", "expected"),
    [
        ("proposed", Role.APPROVER, "approver", {"open": "", "rejected": ""}),
        (
            "proposed",
            Role.APPROVER,
            "officer",
            {"open": "accounts.own_proposal", "rejected": "accounts.own_proposal"},
        ),
        (
            "proposed",
            Role.ADMINISTRATOR,
            "admin",
            {"open": "accounts.only_approver", "rejected": "accounts.only_approver"},
        ),
        ("open", Role.ADMINISTRATOR, "admin", {"suspended": "", "locked": "", "closed": ""}),
        (
            "suspended",
            Role.APPROVER,
            "approver",
            {"open": "accounts.only_administrator", "closed": "accounts.only_administrator"},
        ),
        ("locked", Role.ADMINISTRATOR, "admin", {"open": ""}),
        ("closed", Role.ADMINISTRATOR, "admin", {}),
        ("rejected", Role.APPROVER, "approver", {}),
    ],
)
def test_what_may_follow_a_state(
    state: str, role: Role, user_name: str, expected: dict[str, str]
) -> None:
    acts = account_acts(account(state), person(role, user_name))
    assert {str(act.state): act.reason_key for act in acts} == expected


def test_nobody_changes_a_built_in_account() -> None:
    built_in = account("open", kind=AccountType.BUFFER)
    assert account_acts(built_in, person(Role.ADMINISTRATOR)) == ()


def test_opening_is_named_after_what_it_follows() -> None:
    names = {
        state: [act.text_key for act in account_acts(account(state), person(Role.ADMINISTRATOR))]
        for state in ("proposed", "suspended")
    }
    assert names["proposed"][0] == "accounts.act.open"
    assert names["suspended"][0] == "accounts.act.reopen"


def test_what_cannot_be_taken_back_is_grave() -> None:
    acts = account_acts(account("open"), person(Role.ADMINISTRATOR))
    assert [act.state for act in acts if act.is_grave] == [AccountState.CLOSED]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICER])
def test_only_officers_propose(role: Role) -> None:
    assert reason_against_proposing(person(role)) == "accounts.only_officer"
    assert reason_against_proposing(person(Role.OFFICER)) == ""
