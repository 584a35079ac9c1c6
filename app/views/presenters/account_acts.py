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
    """A change of state; `reason_key` says why it is off, and is empty when it is not.

    `text_key` names the act in full, `short_key` on its button in the pane.
    """

    state: AccountState
    text_key: str
    short_key: str
    reason_key: str = ""
    is_grave: bool = False


_NEXT = {
    "proposed": (AccountState.OPEN, AccountState.REJECTED),
    "open": (AccountState.SUSPENDED, AccountState.LOCKED, AccountState.CLOSED),
    "suspended": (AccountState.OPEN, AccountState.CLOSED),
    "locked": (AccountState.OPEN,),
}
_NAMES = {
    AccountState.OPEN: "reopen",
    AccountState.REJECTED: "reject",
    AccountState.SUSPENDED: "suspend",
    AccountState.LOCKED: "lock",
    AccountState.CLOSED: "close",
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
            text_key=f"accounts.act.{_name(state, is_proposed=is_proposed)}",
            short_key=f"accounts.short.{_name(state, is_proposed=is_proposed)}",
            reason_key=reason,
            is_grave=state in (AccountState.CLOSED, AccountState.REJECTED),
        )
        for state in _NEXT.get(account.state, ())
    )


def _name(state: AccountState, *, is_proposed: bool) -> str:
    return "open" if is_proposed and state is AccountState.OPEN else _NAMES[state]


def _reason_against_deciding(account: AccountRow, actor: Actor) -> str:
    if actor.role is not Role.APPROVER:
        return "accounts.only_approver"
    return "accounts.own_proposal" if account.proposed_by == actor.user_name else ""


def _reason_against(actor: Actor) -> str:
    return "" if actor.role is Role.ADMINISTRATOR else "accounts.only_administrator"
