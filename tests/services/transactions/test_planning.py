"""Which blocks move: first in first out, hand-picked, levy. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.transactions.facts import BlockFacts
from app.services.transactions.planning import (
    default_expiry,
    fifo_key,
    levy_quantity,
    plan_fifo,
)


def block(
    first: int, last: int, *, series: str = "TH-TER-14-0042-2024-", vintage: int | None = 2024,
    expires: int | None = 2030, key: int = 1,
) -> BlockFacts:  # fmt: skip
    return BlockFacts(
        id=key,
        batch_id=1,
        series_id=1,
        series=series,
        first=first,
        last=last,
        template=series + "-{start}-{end}",
        project="0042",
        project_name="Ban Huai Sak",
        vintage=vintage,
        expires_on=None if expires is None else date(expires, 12, 31),
        period=1,
        issued_to=1,
        moved_by=None,
    )


def test_the_domains_example() -> None:
    """Held 1–8000 (2024, expires 2030), 8001–27500 (2025, 2031), A-1–20700 (2025, no expiry)."""
    held = [
        block(1, 20700, series="TH-TER-14-0042-2025-A", vintage=2025, expires=None),
        block(8001, 27500, series="TH-TER-14-0042-2025-", vintage=2025, expires=2031),
        block(1, 8000),
    ]
    pieces = plan_fifo(held, 12_500)
    assert [(piece.first, piece.last) for piece in pieces] == [(1, 8000), (8001, 12500)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (block(9, 9, expires=2029), block(1, 1, expires=2030)),
        (block(9, 9, expires=2030), block(1, 1, expires=None)),
        (block(9, 9, vintage=2023), block(1, 1, vintage=2024)),
        (block(9, 9, vintage=2024), block(1, 1, vintage=None)),
        (block(9, 9, series="A"), block(1, 1, series="B")),
        (block(1, 1), block(2, 2)),
    ],
)
def test_order(first: BlockFacts, second: BlockFacts) -> None:
    assert sorted([second, first], key=fifo_key) == [first, second]


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=12),
    st.integers(1, 700),
    st.randoms(use_true_random=False),
)
def test_exactly_what_is_asked_moves_and_one_block_splits_at_most(
    sizes: list[int], quantity: int, random: object
) -> None:
    position, held = 1, []
    for index, size in enumerate(sizes):
        held.append(block(position, position + size - 1, key=index))
        position += size
    shuffled = list(held)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pieces = plan_fifo(shuffled, quantity)
    moved = sum(piece.last - piece.first + 1 for piece in pieces)
    assert moved == min(quantity, sum(sizes))
    assert sum(piece.last != piece.block.last for piece in pieces) <= 1
    assert all(piece.first == piece.block.first for piece in pieces)
    assert [piece.first for piece in pieces] == sorted(piece.first for piece in pieces)


@pytest.mark.parametrize(
    ("quantity", "rate", "levied"),
    [
        (10_000, "0.05", 500),
        (10, "0.05", 1),
        (9, "0.05", 0),
        (1, "0", 0),
        (7, "1", 7),
        (30, "0.05", 2),
    ],
)
def test_the_levy_rounds_half_up(quantity: int, rate: str, levied: int) -> None:
    assert levy_quantity(quantity, Decimal(rate)) == levied


def test_default_expiry() -> None:
    assert default_expiry(2024, Decimal(6)) == date(2030, 12, 31)
    assert default_expiry(2024, Decimal(99)) is None
