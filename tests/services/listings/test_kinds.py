"""What an act is called: a rollback is no transfer, whatever its type, in every list."""

from __future__ import annotations

import pytest

from app.models.codes import AccountType, SupplementaryType, TransactionType
from app.models.errors import UsageError
from app.models.serials.reading import read_serial
from app.services.listings.awaiting import list_awaiting
from app.services.listings.page import PageRequest
from app.services.listings.search import search
from app.services.listings.serial_history import list_block_moves
from app.services.listings.transactions import list_transactions
from app.services.listings.words import KIND_WORDS, kind_word, read_kind_word
from app.services.registry.context import Actor
from app.services.transactions.acts import BufferHold, Rollback
from app.views.presenters.inbox import kind_key
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    """A transfer that was rolled back, and a buffer's act that awaits its approval."""
    made = Desk(ledger, people, clock)
    made.complete(ledger.issuance())
    moved = made.complete(ledger.transfer(700))
    back = Rollback(transaction=moved.identifier, reason="typing", unit_type="TER", quantity=700)
    made.complete(back, "admin")
    buffer = made.built_in(AccountType.BUFFER, "T-VER")
    held = BufferHold(from_account=buffer, unit_type="TER", quantity=7, reason="A case")
    made.propose(held, "admin")
    return made


@pytest.mark.both_engines
def test_lists_call_an_act_by_its_name(desk: Desk, people: dict[str, Actor]) -> None:
    registry = desk.ledger.registry
    rows = list_transactions(registry, PageRequest()).rows
    assert [(row.type, row.kind) for row in rows] == [
        ("issuance", "issuance"),
        ("transfer", "transfer"),
        ("transfer", "rollback"),
        ("transfer", "buffer-hold"),
    ]
    assert rows[2].as_json()["kind"] == "rollback"
    found = list_transactions(registry, PageRequest(filters={"type": "rollback"})).rows
    assert [row.id for row in found] == ["TH3"]
    every = list_transactions(registry, PageRequest(filters={"type": "transfer"})).rows
    assert [row.id for row in every] == ["TH2", "TH3", "TH4"]
    by_kind = list_transactions(registry, PageRequest(sort="kind")).rows
    assert [row.kind for row in by_kind] == ["issuance", "transfer", "rollback", "buffer-hold"]
    (awaiting,) = list_awaiting(registry, PageRequest(), people["approver"]).rows
    assert kind_key(awaiting) == "transactions.types.buffer-hold"
    moves = list_block_moves(registry, read_serial("TH-TER-14-0042-2025--1-700"))
    assert [move.kind for move in moves] == ["issuance", "transfer", "rollback"]
    assert any("rollback" in result.detail for result in search(registry, "TH3"))


@pytest.mark.parametrize("key", KIND_WORDS)
def test_every_kind_is_read_back(key: tuple[TransactionType, SupplementaryType]) -> None:
    word = kind_word(*key)
    assert read_kind_word(word) == (int(key[0]), int(key[1]))


def test_a_type_stands_for_all_its_kinds_and_nothing_else_is_one() -> None:
    assert read_kind_word("transfer") == (10, None)
    assert read_kind_word("10") == (10, None)
    assert kind_word(10, 0) == "transfer"
    with pytest.raises(UsageError, match="roll"):
        read_kind_word("roll")
