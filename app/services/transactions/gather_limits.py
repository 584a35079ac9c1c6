"""Reads what limits a transfer: own units, trust, and the delay for strangers.

Owns these queries, and that they cost nothing where no rule of their kind is in force. A
registry's own accounts are nobody's strangers. Source: domain, Rule tables; the EU and UK
registries' trusted account lists.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import aliased

from app.models.codes import RuleKind
from app.models.storage.prepared import Prepared, Read, Values, read_together
from app.models.tables import Account, OwnUnits, TrustedAccount
from app.services.transactions.acts import Transfer
from app.services.transactions.facts import AccountFacts, Facts, OwnUnitsFacts
from app.services.transactions.gather_disposal import first_look, gather_disposal
from app.services.transactions.gather_notice import with_notice
from app.services.transactions.steady_facts import SteadyFacts
from app.services.trust.holidays import HOLIDAYS, read_holidays
from app.services.trust.working_hours import add_working_hours

OWN_UNITS = Prepared(
    select(OwnUnits.period, OwnUnits.issued, OwnUnits.passed_on).where(
        OwnUnits.account_id == bindparam("account_id"),
        OwnUnits.unit_type == bindparam("unit_type"),
    )
)

_Owner, _Other = aliased(Account), aliased(Account)
SAME_HOLDER = Prepared(
    select(_Owner.id).where(
        _Owner.number == bindparam("from_number"),
        _Owner.holder_id
        == select(_Other.holder_id)
        .where(_Other.number == bindparam("to_number"))
        .scalar_subquery(),
    )
)

TRUSTED = Prepared(
    select(TrustedAccount.id)
    .join(Account, Account.id == TrustedAccount.account_id)
    .where(
        Account.number == bindparam("from_number"),
        TrustedAccount.trusted_number == bindparam("to_number"),
        TrustedAccount.state == "approved",
        TrustedAccount.effective_at <= bindparam("now"),
    )
)
"""An entry of the list of trusted accounts that is in force."""

LIMITS = frozenset({RuleKind.MAXIMUM_TRANSFER, RuleKind.RESERVE})
STRANGERS = frozenset({RuleKind.STRANGER_DELAY, RuleKind.STRANGERS_ALLOWED})


def gather_transfer(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks a transfer moves, and what limits it."""
    _read_together(connection, facts)
    facts = gather_disposal(connection, steady, facts, further=further)
    if facts.transferring is None:
        return facts
    if LIMITS & facts.rules.keys():
        facts = replace(facts, own_units=_own_units(connection, facts))
    if STRANGERS & facts.rules.keys():
        facts = _with_trust(connection, facts)
    return facts


def gather_external_transfer(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks sent to another registry, what limits that, and the notice it answers.

    Trust and delay are between accounts of this registry.
    """
    _read_together(connection, facts)
    facts = gather_disposal(connection, steady, facts, further=further)
    if facts.transferring is not None and LIMITS & facts.rules.keys():
        facts = replace(facts, own_units=_own_units(connection, facts))
    return with_notice(connection, facts)


def _read_together(connection: Connection, facts: Facts) -> None:
    """Read what limits the transfer by the rules in force together with its blocks."""
    if facts.transferring is None or not (LIMITS | STRANGERS) & facts.rules.keys():
        return
    reads: list[Read] = []
    if LIMITS & facts.rules.keys():
        reads.append((OWN_UNITS, _own_values(facts, facts.transferring)))
    if STRANGERS & facts.rules.keys() and isinstance(facts.act, Transfer):
        numbers = _numbers(facts)
        reads.append((SAME_HOLDER, numbers))
        reads.append((TRUSTED, {**numbers, "now": facts.now}))
        reads.append((HOLIDAYS, {}))
    read_together(connection, (*first_look(facts), *reads))


def _own_values(facts: Facts, account: AccountFacts) -> Values:
    return {"account_id": account.id, "unit_type": facts.act.unit_type}


def _numbers(facts: Facts) -> Values:
    return {
        "from_number": facts.act.transferring_number,
        "to_number": facts.act.acquiring_number,
    }


def _own_units(connection: Connection, facts: Facts) -> tuple[OwnUnitsFacts, ...]:
    assert facts.transferring is not None
    values = _own_values(facts, facts.transferring)
    return tuple(OwnUnitsFacts(*row) for row in OWN_UNITS.rows(connection, values))


def _with_trust(connection: Connection, facts: Facts) -> Facts:
    if facts.acquiring is not None and not facts.acquiring.type.is_holding:
        return facts
    numbers = _numbers(facts)
    same = SAME_HOLDER.find(connection, numbers)
    listed = TRUSTED.find(connection, {**numbers, "now": facts.now})
    if same is not None or listed is not None:
        return facts
    rule = facts.rules.get(RuleKind.STRANGER_DELAY)
    hours = 0 if rule is None else int(rule.value)
    if not hours:
        return replace(facts, is_stranger=True)
    since = facts.now
    if facts.deciding is not None and facts.deciding.proposed_at is not None:
        since = facts.deciding.proposed_at
    not_before = add_working_hours(since, hours, read_holidays(connection))
    return replace(facts, is_stranger=True, not_before=not_before)
