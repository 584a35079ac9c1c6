"""The judge sees what the faults must not bring about: else its verdicts were worth nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fire.crew import Crew, Place, request_of
from tests.fire.judging import Start, judge


@pytest.fixture
def storage() -> str:
    return "embedded"


@pytest.fixture
def done(place: Place, start: Start) -> int:
    """The transaction of the writer's first act."""
    crew = Crew.board(place)
    number = crew.carry_out("writer", 0)
    crew.rest()
    return number


def test_what_was_done_is_neither_lost_nor_doubled(place: Place, start: Start, done: int) -> None:
    found = judge(place, start, {"writer": {0: done}})
    found.require()
    assert found.acknowledged == 1


@pytest.mark.parametrize(("number", "off"), [(1, 1), (0, 1)])
def test_an_acknowledgement_without_its_act_is_a_loss(
    place: Place, start: Start, done: int, number: int, off: int
) -> None:
    found = judge(place, start, {"writer": {number: done + off}})
    assert found.lost == [request_of("writer", number)]
    with pytest.raises(AssertionError):
        found.require()


def test_units_that_nobody_moved_are_seen(place: Place, start: Start, done: int) -> None:
    moved = replace(start, forest=start.forest + 1)
    assert not judge(place, moved, {"writer": {0: done}}).holdings
    made = replace(start, units=start.units - 1)
    assert not judge(place, made, {"writer": {0: done}}).conserved


def test_a_name_and_number_make_one_request() -> None:
    names = {request_of(name, number) for name in ("a", "b") for number in range(50)}
    assert len(names) == 100
