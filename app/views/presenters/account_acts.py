"""What can be done with an account in its state, by whom, and why not.

Owns the reasons shown beside acts that are off; the service decides again when one is done.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.codes import AccountState, Role
from app.services.listings.accounts import AccountRow
from app.services.registry.context import Actor


@dataclass(frozen=True)
class AccountAct:
    """A change of state; `reason_key` says why it is off, and is empty when it is not."""

    state: AccountState
    text_key: str
    reason_key: str = ""
    needs_reason: bool = True
    is_grave: bool = False


_NEXT = {
    "proposed": (AccountState.OPEN, AccountState.REJECTED),
    "open": (AccountState.SUSPENDED, AccountState.LOCKED, AccountState.CLOSED),
    "suspended": (AccountState.OPEN, AccountState.CLOSED),
    "locked": (AccountState.OPEN,),
}
_TEXTS = {
    AccountState.OPEN: "accounts.act.reopen",
    AccountState.REJECTED: "accounts.act.reject",
    AccountState.SUSPENDED: "accounts.act.suspend",
    AccountState.LOCKED: "accounts.act.lock",
    AccountState.CLOSED: "accounts.act.close",
}


def reason_against_proposing(actor: Actor) -> str:
    """Say why this person does not propose accounts; nothing when they do."""
    return "" if actor.role is Role.OFFICER else "accounts.only_officer"


def account_acts(account: AccountRow, actor: Actor) -> tuple[AccountAct, ...]:
    """List what may follow in the account's life, each on, or off with its reason."""
    if account.is_built_in:
        return ()
    is_proposed = account.state == "proposed"
    reason = _reason_against_deciding(account, actor) if is_proposed else _reason_against(actor)
    return tuple(
        AccountAct(
            state=state,
            text_key="accounts.act.open" if is_proposed and state == "open" else _TEXTS[state],
            reason_key=reason,
            needs_reason=not (is_proposed and state == "open"),
            is_grave=state in (AccountState.CLOSED, AccountState.REJECTED),
        )
        for state in _NEXT.get(account.state, ())
    )


def _reason_against_deciding(account: AccountRow, actor: Actor) -> str:
    if actor.role is not Role.APPROVER:
        return "accounts.only_approver"
    return "accounts.own_proposal" if account.proposed_by == actor.user_name else ""


def _reason_against(actor: Actor) -> str:
    return "" if actor.role is Role.ADMINISTRATOR else "accounts.only_administrator"
