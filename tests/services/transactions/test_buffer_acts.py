"""The buffer's own acts, corrective and closure transfers, on a real registry."""

from __future__ import annotations

import pytest

from app.models.codes import AccountState, AccountType, NoticeType
from app.services.accounts import change_account
from app.services.listings.transaction_detail import get_transaction
from app.services.registry.context import Actor
from app.services.transactions.acts import (
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    ClosureTransfer,
    CorrectiveTransfer,
)
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

WHY = "Decided by the board"

pytestmark = pytest.mark.both_engines


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    """Ten thousand TER of project 0042: 9,500 in `forest`, 500 in the buffer of T-VER."""
    made = Desk(ledger, people, clock)
    made.complete(ledger.issuance())
    return made


def buffer(desk: Desk, scheme: str = "T-VER") -> str:
    return desk.built_in(AccountType.BUFFER, scheme)


def test_deposit_hold_return_and_release(desk: Desk) -> None:
    forest, pool = desk.ledger.forest, buffer(desk)
    deposit = BufferDeposit(
        from_account=forest, to_account=pool, unit_type="TER", quantity=100, reason=WHY
    )
    done = desk.complete(deposit, "admin")
    row = get_transaction(desk.ledger.registry, done.identifier).transaction
    assert (row.type_code, row.supplementary_type) == (10, 9021)
    assert desk.ledger.holding(pool) == (600, 0)

    hold = BufferHold(from_account=pool, unit_type="TER", quantity=200, reason=WHY)
    desk.complete(hold, "admin")
    reserve = desk.built_in(AccountType.RESERVE)
    assert (desk.ledger.holding(pool)[0], desk.ledger.holding(reserve)[0]) == (400, 200)
    back = BufferReturn(
        from_account=reserve, to_account=pool, unit_type="TER", quantity=200, reason=WHY
    )
    desk.complete(back, "admin")
    assert desk.ledger.holding(pool) == (600, 0)

    release = BufferRelease(
        from_account=pool, to_account=forest, unit_type="TER", quantity=50, reason=WHY
    )
    desk.complete(release, "admin")
    assert desk.ledger.holding(forest) == (9_450, 0)
    assert desk.verify().units["TER"]["held"] == 10_000


def test_each_scheme_has_its_own_buffer(desk: Desk) -> None:
    for scheme in ("LCC", "T-COP"):
        act = BufferDeposit(
            from_account=desk.ledger.forest,
            to_account=buffer(desk, scheme),
            unit_type="TER",
            quantity=100,
            reason=WHY,
        )
        assert desk.refused(act, "admin") == [2006]
    desk.project("TH", "0050", scheme="LCC")
    reversal = BufferCancellation(
        from_account=buffer(desk),
        unit_type="TER",
        quantity=10,
        reversed_project="0050",
        reason=WHY,
    )
    assert desk.refused(reversal, "admin") == [9263]


def test_the_administrator_proposes_and_another_decides(desk: Desk) -> None:
    act = BufferHold(from_account=buffer(desk), unit_type="TER", quantity=10, reason=WHY)
    assert desk.refused(act, "officer") == [9101]
    assert desk.refused(act, "approver") == [9101]
    unexplained = BufferHold(from_account=buffer(desk), unit_type="TER", quantity=10)
    assert desk.refused(unexplained, "admin") == [9225]
    transfer = desk.ledger.transfer(10, from_account=buffer(desk))
    assert desk.refused(transfer) == [1007]


def test_a_release_goes_to_an_account_of_the_units_project(desk: Desk) -> None:
    act = BufferRelease(
        from_account=buffer(desk),
        to_account=desk.ledger.green,
        unit_type="TER",
        quantity=10,
        reason=WHY,
    )
    assert desk.refused(act, "admin") == [9260]


def test_a_reversal_is_made_good_from_the_pool(desk: Desk) -> None:
    desk.notice("N-4", NoticeType.REVERSAL_OF_STORAGE)
    act = BufferCancellation(
        from_account=buffer(desk),
        unit_type="TER",
        quantity=40,
        reversed_project="0042",
        reference="Fire of 2569",
        notice="N-4",
        reason=WHY,
    )
    desk.complete(act, "admin")
    assert desk.held(AccountType.MANDATORY_CANCELLATION) == 40
    assert desk.verify().units["TER"]["cancelled"] == 40


def test_over_issuance_is_compensated_up_to_what_was_issued(desk: Desk) -> None:
    small = desk.complete(desk.ledger.issuance(100, vintage=2024))
    desk.project("CDM", "7014")
    desk.receive("CER")

    def compensation(quantity: int, unit_type: str = "TER") -> BufferCompensation:
        return BufferCompensation(
            from_account=desk.ledger.forest,
            unit_type=unit_type,
            quantity=quantity,
            over_issued=small.identifier,
            reason=WHY,
        )

    desk.complete(compensation(30), "admin")
    desk.complete(compensation(40, "CER"), "admin")
    assert desk.refused(compensation(31), "admin") == [9267]
    desk.propose(compensation(30), "admin")
    assert desk.refused(compensation(1), "admin") == [9267]
    units = desk.verify().units
    assert (units["TER"]["cancelled"], units["CER"]["cancelled"]) == (30, 40)


def test_a_correction_names_what_went_wrong(desk: Desk) -> None:
    wrong = desk.complete(desk.ledger.transfer(300))
    act = CorrectiveTransfer(
        from_account=desk.ledger.green,
        to_account=desk.ledger.forest,
        unit_type="TER",
        quantity=300,
        corrects=wrong.identifier,
        reason=WHY,
    )
    assert desk.refused(act, "officer") == [9101]
    done = desk.complete(act, "admin")
    row = get_transaction(desk.ledger.registry, done.identifier).transaction
    assert (row.type_code, row.supplementary_type) == (10, 92)
    assert desk.ledger.holding(desk.ledger.forest) == (9_500, 0)
    river = desk.ledger.open_account("River")
    other = CorrectiveTransfer(
        from_account=desk.ledger.forest,
        to_account=river,
        unit_type="TER",
        quantity=1,
        corrects="TH999",
        reason=WHY,
    )
    assert desk.refused(other, "admin") == [9257]


def test_everything_leaves_an_account_that_then_closes(desk: Desk) -> None:
    forest, green = desk.ledger.forest, desk.ledger.green

    def closing(quantity: int) -> ClosureTransfer:
        return ClosureTransfer(
            from_account=forest, to_account=green, unit_type="TER", quantity=quantity
        )

    assert desk.refused(closing(9_500)) == [9256]
    assert desk.refused(closing(9_499), "admin") == [9255]
    desk.complete(closing(9_500), "admin")
    assert desk.ledger.holding(forest) == (0, 0)
    registry = desk.ledger.registry
    change_account(registry, desk.people["admin"], forest, AccountState.CLOSED, reason=WHY)
    desk.verify()


def test_a_closing_account_is_rid_of_expired_units_first(desk: Desk) -> None:
    desk.clock.advance(days=365 * 6)
    act = ClosureTransfer(
        from_account=desk.ledger.forest,
        to_account=desk.ledger.green,
        unit_type="TER",
        quantity=9_500,
    )
    assert desk.refused(act, "admin") == [3005]
