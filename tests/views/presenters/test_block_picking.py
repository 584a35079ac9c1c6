from __future__ import annotations

from app.models.serials.reading import read_serial
from app.services.listings.free_blocks import FreeBlock
from app.views.presenters.block_picking import BlockPicking, quantity_of

BLOCK = FreeBlock(
    series="TH-TER-14-0042-2025-",
    first=1,
    last=1_000,
    template="TH-TER-14-0042-2025--{start}-{end}",
    project="0042",
    project_name="Ban Huai Sak",
    vintage=2025,
    expires_on=None,
)


def test_a_tick_takes_the_whole_block_and_the_next_lets_it_go() -> None:
    picking = BlockPicking()
    picking.toggle(BLOCK)
    assert picking.is_picked(BLOCK)
    assert picking.serials() == ("TH-TER-14-0042-2025--1-1000",)
    assert picking.total == 1_000
    picking.toggle(BLOCK)
    assert picking.serials() == ()
    assert picking.total == 0


def test_a_part_of_a_block_is_counted_and_printed() -> None:
    picking = BlockPicking()
    picking.toggle(BLOCK)
    (number,) = picking.picks
    picking.set_part(number, first=101)
    picking.set_part(number, last=200)
    assert picking.serials() == ("TH-TER-14-0042-2025--101-200",)
    assert picking.total == 100
    assert picking.is_sound


def test_a_part_outside_its_block_is_not_sound() -> None:
    picking = BlockPicking()
    picking.toggle(BLOCK)
    (number,) = picking.picks
    for first, last in ((0, 10), (900, 1_001), (20, 10), (-1, 5)):
        picking.set_part(number, first=first, last=last)
        assert not picking.is_sound
        assert picking.total == 0
    picking.drop(number)
    assert picking.is_sound


def test_what_was_picked_earlier_finds_its_block_again() -> None:
    series = "TH-TER-14-0042-2025--"
    earlier = (f"{series}1-10", f"{series}21-30", "TH-TER-14-0042-2024--5-6")
    picking = BlockPicking(earlier)
    assert picking.total == 10 + 10 + 2
    block = FreeBlock(
        read_serial(earlier[0]).series, 1, 1_000, BLOCK.template, "0042", "", 2025, None
    )
    picking.place([block])
    assert picking.is_picked(block)
    assert [pick.quantity for pick in picking.picks.values()] == [10, 10]
    assert sorted(picking.serials()) == sorted(earlier)
    picking.toggle(block)
    assert picking.serials() == (earlier[2],)


def test_what_is_no_serial_counts_nothing() -> None:
    assert quantity_of("nonsense") == 0
