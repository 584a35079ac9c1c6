"""The log alone tells what was received, redated, carried over, sent and replaced."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.log.replay import Attributes, DoesNotFollow, Replay

FOREST, ABROAD, REPLACEMENT = "TH-100-1-0-1", "TH-904-18-1-1", "TH-411-12-1-1"
NOTHING = Attributes()


def body(kind: int, source: str | None, target: str, last: int = 10, **more: Any) -> dict[str, Any]:
    move = {"series": "RW-5", "start": 1, "end": last, "from": source, "to": target}
    return {"type": kind, "unit_type": "CER", "quantity": last, "moves": [move], **more}


def received() -> Replay:
    replay = Replay()
    replay.apply(body(3, None, FOREST), Attributes(period=2))
    return replay


def test_received_units_are_not_issued_ones() -> None:
    replay = received()
    assert (replay.received["CER"], replay.issued["CER"]) == (10, 0)


def test_periods_and_dates_change_where_units_stay() -> None:
    replay = received()
    replay.apply(body(7, FOREST, FOREST, last=4), Attributes(period=3))
    replay.apply(body(8, FOREST, FOREST, last=2), Attributes(expiry="2030-12-31"))
    found = [
        (start, each.end, each.account, each.period, each.expiry)
        for start, each in replay.intervals("RW-5")
    ]
    assert found == [
        (1, 2, FOREST, 3, "2030-12-31"),
        (3, 4, FOREST, 3, None),
        (5, 10, FOREST, 2, None),
    ]


@pytest.mark.parametrize("kind", [3, 7, 8, 10])
def test_nothing_leaves_or_changes_what_was_sent(kind: int) -> None:
    replay = received()
    replay.apply(body(3, FOREST, ABROAD), NOTHING)
    with pytest.raises(DoesNotFollow, match="nothing leaves"):
        replay.apply(body(kind, ABROAD, ABROAD), Attributes(period=3))


def test_a_unit_is_replaced_once() -> None:
    replay = received()
    named = {"series": "RW-6", "start": 1, "end": 5, "account": FOREST}
    replay.apply(body(6, FOREST, REPLACEMENT, last=5, replaced=[named]), NOTHING)
    again = body(6, FOREST, REPLACEMENT, replaced=[named | {"start": 5, "end": 9}])
    again["moves"][0]["start"] = 6
    again["quantity"] = 5
    with pytest.raises(DoesNotFollow, match="replaced twice"):
        replay.apply(again, NOTHING)
