"""Attacks on replacements with the key in hand: a temporary unit is replaced once."""

from __future__ import annotations

import re

import pytest

from app.models.errors import GuardRefused
from app.models.storage.unit_of_work import UnitOfWork
from app.services.registry.context import Actor
from app.services.transactions.acts import Replacement
from app.services.transactions.proposing import reject
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

NAMED = (
    "INSERT INTO transaction_block (transaction_id, role, series, first_serial, last_serial, "
    "serial, batch_id, from_account_id, to_account_id) SELECT {transaction}, 'replaced', series, "
    "{first}, {last}, serial, batch_id, from_account_id, to_account_id FROM transaction_block "
    "WHERE role = 'replaced' LIMIT 1"
)
PENDING = "(SELECT id FROM registry_transaction WHERE status = 2)"
COMPLETED = "(SELECT id FROM registry_transaction WHERE status = 4 AND type = 6)"
ISSUANCE = "(SELECT MIN(id) FROM registry_transaction)"

ATTACKS = {
    "units that were replaced": (NAMED.format(transaction=PENDING, first=1, last=10), "once"),
    "some of them": (NAMED.format(transaction=PENDING, first=10, last=12), "once"),
    "units that are about to be": (NAMED.format(transaction=PENDING, first=15, last=15), "once"),
    "more for a replacement that is done": (
        NAMED.format(transaction=COMPLETED, first=50, last=60),
        "only a pending replacement",
    ),
    "units for what replaces nothing": (
        NAMED.format(transaction=ISSUANCE, first=50, last=60),
        "only a pending replacement",
    ),
    "units that are not there": (
        NAMED.format(transaction=PENDING, first=95, last=101),
        "only a pending replacement",
    ),
}


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    """A hundred tCER of which ten are replaced and ten more about to be."""
    made = Desk(ledger, people, clock)
    made.project("CDM", "7014")
    made.receive("tCER")
    made.receive("CER")
    made.complete(replacement(made, 1, 10))
    made.propose(replacement(made, 11, 20))
    return made


def replacement(desk: Desk, first: int, last: int) -> Replacement:
    return Replacement(
        from_account=desk.ledger.forest,
        unit_type="CER",
        quantity=last - first + 1,
        replaced=(f"RW-6-{first}-2-2-0-7014 - RW-6-{last}-2-2-0-7014",),
        kind="tCER-expiry",
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_refuses_to_name(desk: Desk, name: str) -> None:
    statement, reason = ATTACKS[name]
    with pytest.raises(GuardRefused) as error, UnitOfWork(desk.ledger.registry.engine) as unit:
        unit.connection.exec_driver_sql(statement)
    assert re.search(reason, error.value.message)
    desk.verify()


def test_units_named_by_a_replacement_that_was_rejected_are_free_again(desk: Desk) -> None:
    pending = desk.propose(replacement(desk, 31, 40))
    reject(desk.ledger.registry, pending.transaction_id, desk.people["approver"], comment="no")
    desk.complete(replacement(desk, 31, 40))
    desk.verify()
