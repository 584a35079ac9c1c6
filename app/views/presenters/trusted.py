"""The state behind an account's list of trusted accounts: its entries, and who may do what.

Owns the reasons and the choice of acts; the service decides again when one is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.models.codes import Role
from app.services.listings.accounts import AccountRow
from app.services.registry.context import Actor, OpenRegistry
from app.services.trust.trusted_accounts import (
    TrustedRow,
    approve_trusted,
    list_trusted,
    propose_trusted,
    reject_trusted,
    remove_trusted,
)


class TrustAct(StrEnum):
    """What can be done with an entry."""

    APPROVE = "approve"
    REJECT = "reject"
    REMOVE = "remove"


@dataclass(frozen=True)
class TrustedList:
    """An account's entries, the newest first."""

    account: str
    rows: tuple[TrustedRow, ...]


class TrustedForm:
    """Reads and changes; every method but the rules is called off the window's thread."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def read(self, number: str) -> TrustedList:
        """Read the list of an account."""
        return TrustedList(number, tuple(list_trusted(self.registry, number)))

    def propose(self, number: str, trusted: str, note: str) -> None:
        """Propose an entry. Raises RulesBroken."""
        propose_trusted(self.registry, self.actor, number, trusted.strip(), note=note)

    def carry_out(self, act: TrustAct, entry: int, reason: str) -> None:
        """Approve, reject or remove an entry. Raises RulesBroken."""
        if act is TrustAct.APPROVE:
            approve_trusted(self.registry, self.actor, entry)
        elif act is TrustAct.REJECT:
            reject_trusted(self.registry, self.actor, entry, comment=reason)
        else:
            remove_trusted(self.registry, self.actor, entry, reason=reason)

    def acts_on(self, row: TrustedRow) -> tuple[TrustAct, ...]:
        """Give what this person may do with an entry."""
        role = self.actor.role
        if row.state == "proposed" and role is Role.APPROVER:
            own = row.proposed_by == self.actor.user_name
            return () if own else (TrustAct.REJECT, TrustAct.APPROVE)
        if row.state == "approved" and role in (Role.OFFICER, Role.ADMINISTRATOR):
            return (TrustAct.REMOVE,)
        return ()

    def reason_against_proposing(self, account: AccountRow) -> str:
        """Say why this person does not propose an entry; nothing when they do."""
        if account.state != "open":
            return "trusted.not_open"
        return "" if self.actor.role is Role.OFFICER else "trusted.only_officers"
