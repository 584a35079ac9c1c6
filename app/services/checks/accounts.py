"""Checks of the accounts an act names: that they exist, their type and their state."""

from __future__ import annotations

from app.models.codes import AccountState
from app.services.checks.engine import Values
from app.services.transactions.acts import Disposal
from app.services.transactions.facts import AccountFacts, Facts
from app.services.transactions.planning import Plan


def _in_state(account: AccountFacts | None, state: AccountState) -> Values | None:
    if account is None or account.state is not state:
        return None
    return {"number": account.number}


def check_transferring_exists(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a transferring account that is not in this registry."""
    if facts.transferring is not None or not isinstance(facts.act, Disposal):
        return None
    return {"number": facts.act.transferring_number}


def check_acquiring_exists(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an acquiring account that is not in this registry."""
    number = facts.act.acquiring_number
    return None if facts.acquiring is not None or number is None else {"number": number}


def check_destination_account(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an act whose units have no open built-in account to enter."""
    kind = facts.act.destination
    return None if kind is None or facts.acquiring is not None else {"type": int(kind)}


def check_buffer_account(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an issuance with a levy where no buffer account is open."""
    rule = facts.levy_rule
    return {} if rule is not None and rule.value > 0 and facts.buffer is None else None


def check_transferring_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse taking units from an account of a type the act takes none from."""
    account = facts.transferring
    if account is None or account.type in facts.act.transferring_types:
        return None
    return {"number": account.number, "type": int(account.type)}


def check_acquiring_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse giving units to an account of a type the act does not reach."""
    account = facts.acquiring
    if account is None or account.type in facts.act.acquiring_types:
        return None
    return {"number": account.number, "type": int(account.type)}


def check_accounts_differ(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a transfer from an account to itself."""
    if facts.transferring is None or facts.transferring != facts.acquiring:
        return None
    return {"number": facts.transferring.number}


def check_transferring_closed(facts: Facts, plan: Plan) -> Values | None:
    """Refuse taking units from a closed account."""
    return _in_state(facts.transferring, AccountState.CLOSED)


def check_transferring_suspended(facts: Facts, plan: Plan) -> Values | None:
    """Refuse taking units from a suspended account."""
    return _in_state(facts.transferring, AccountState.SUSPENDED)


def check_transferring_locked(facts: Facts, plan: Plan) -> Values | None:
    """Refuse taking units from an account locked before a compliance action."""
    return _in_state(facts.transferring, AccountState.LOCKED)


def check_transferring_open(facts: Facts, plan: Plan) -> Values | None:
    """Refuse taking units from an account that was never opened."""
    account = facts.transferring
    return _in_state(account, AccountState.PROPOSED) or _in_state(account, AccountState.REJECTED)


def check_acquiring_closed(facts: Facts, plan: Plan) -> Values | None:
    """Refuse giving units to a closed account."""
    return _in_state(facts.acquiring, AccountState.CLOSED)


def check_acquiring_suspended(facts: Facts, plan: Plan) -> Values | None:
    """Refuse giving units to a suspended account."""
    return _in_state(facts.acquiring, AccountState.SUSPENDED)


def check_acquiring_locked(facts: Facts, plan: Plan) -> Values | None:
    """Refuse giving units to an account locked before a compliance action."""
    return _in_state(facts.acquiring, AccountState.LOCKED)


def check_acquiring_open(facts: Facts, plan: Plan) -> Values | None:
    """Refuse giving units to an account that was never opened."""
    account = facts.acquiring
    return _in_state(account, AccountState.PROPOSED) or _in_state(account, AccountState.REJECTED)
