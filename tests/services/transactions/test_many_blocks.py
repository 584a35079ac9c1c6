"""Acts that take more blocks than the first look at the account shows."""

from __future__ import annotations

import pytest

from app.models.codes import MAX_BLOCKS_PER_TRANSACTION
from app.models.storage.unit_of_work import UnitOfWork
from app.services.checks.violation import RulesBroken
from app.services.transactions.evaluation import BLOCKS_AHEAD, preview
from app.services.transactions.statements import FREE_BLOCKS
from tests.fixtures.ledger import Ledger

FIRST_LOOK = min(FREE_BLOCKS)


def issue(ledger: Ledger, *, pieces: int, size: int) -> None:
    """Issue a block and cut pieces of one size from its head, under the guards."""
    ledger.complete(ledger.issuance(2 * pieces * size))
    with UnitOfWork(ledger.registry.engine) as unit:
        for piece in range(1, pieces + 1):
            unit.connection.exec_driver_sql(
                "UPDATE unit_block SET first_serial = ? WHERE id = 1", (piece * size + 1,)
            )
        unit.commit()


@pytest.mark.parametrize("blocks", [FIRST_LOOK - 1, FIRST_LOOK, FIRST_LOOK + 1, 3 * FIRST_LOOK])
def test_a_transfer_takes_as_many_blocks_as_it_needs(ledger: Ledger, blocks: int) -> None:
    issue(ledger, pieces=4 * FIRST_LOOK, size=10)
    outcome = ledger.complete(ledger.transfer(blocks * 10 - 5))
    assert outcome.evaluation is not None
    moves = outcome.evaluation.plan.moves
    assert [(move.first, move.last) for move in moves[:2]] == [(1, 10), (11, 20)]
    assert len(moves) == blocks
    assert moves[-1].quantity == 5
    assert ledger.holding(ledger.green) == (blocks * 10 - 5, 0)


def test_a_preview_shows_some_blocks_that_stay(ledger: Ledger) -> None:
    issue(ledger, pieces=2 * FIRST_LOOK, size=10)
    staying = preview(ledger.registry, ledger.transfer(20), ledger.officer).staying()
    assert [block.first for block in staying] == [21 + 10 * n for n in range(BLOCKS_AHEAD)]


def test_more_blocks_than_a_transaction_may_have_are_refused(ledger: Ledger) -> None:
    issue(ledger, pieces=MAX_BLOCKS_PER_TRANSACTION + 20, size=1)
    with pytest.raises(RulesBroken) as refused:
        ledger.propose(ledger.transfer(MAX_BLOCKS_PER_TRANSACTION + 1))
    assert "3,000" in refused.value.violations[0].message
    assert ledger.complete(ledger.transfer(MAX_BLOCKS_PER_TRANSACTION)).status.is_final
