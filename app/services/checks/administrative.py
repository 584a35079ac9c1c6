"""Checks of corrective and account-closure transfers."""

from __future__ import annotations

from app.models.codes import MAX_BLOCKS_PER_TRANSACTION, Role, TransactionStatus
from app.services.checks.engine import Values
from app.services.transactions.acts.administrative import CorrectiveTransfer
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan


def check_corrected(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a correction that names no completed transaction of these units and accounts."""
    act, named, account = facts.act, facts.named, facts.transferring
    assert isinstance(act, CorrectiveTransfer)
    if account is None:
        return None
    if (
        named is not None
        and named.status is TransactionStatus.COMPLETED
        and named.unit_type == act.unit_type
        and account.id in (named.to_account_id, named.from_account_id)
    ):
        return None
    return {"transaction": act.corrects, "number": account.number, "unit_type": act.unit_type}


def check_same_holder(facts: Facts, plan: Plan) -> Values | None:
    """Refuse closing an account into another holder's, unless an administrator chose it."""
    giver, receiver = facts.transferring, facts.acquiring
    proposer = facts.deciding.proposer if facts.deciding else facts.person
    if giver is None or receiver is None or proposer.role is Role.ADMINISTRATOR:
        return None
    if giver.holder_id is not None and giver.holder_id == receiver.holder_id:
        return None
    return {"number": giver.number, "other": receiver.number}


def check_everything_moves(facts: Facts, plan: Plan) -> Values | None:
    """Refuse leaving units behind in an account that is to close.

    More blocks than one transaction takes go in several.
    """
    account, quantity = facts.transferring, facts.act.quantity
    if account is None or quantity == account.quantity:
        return None
    if len(plan.moves) == MAX_BLOCKS_PER_TRANSACTION and quantity < account.quantity:
        return None
    return {
        "number": account.number,
        "held": f"{account.quantity:,}",
        "unit_type": facts.act.unit_type,
        "quantity": f"{quantity:,}",
    }
