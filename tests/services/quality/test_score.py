"""Scores: every point lost is accounted for, unknown parts are left out, goals by no rounding."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.quality.score import (
    ScoreWeights,
    Standing,
    StationFacts,
    follow_course,
    score_project,
    score_station,
    standing_of,
)

PERFECT = StationFacts(100, 100, 0, 0, 0, 1.0, 1.0)
SHARE = st.none() | st.floats(-1, 2)
FACTS = st.builds(
    StationFacts,
    st.integers(1, 1000),
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.floats(0, 1e6),
    SHARE,
    SHARE,
)


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        (PERFECT, 100),
        (StationFacts(100, 80, 0, 0, 0, 1.0, 1.0), 94),
        (StationFacts(100, 80, 20, 0, 0, 1.0, 1.0), 97),
        (StationFacts(100, 80, 0, 20, 0, 1.0, 1.0), 94),
        (StationFacts(100, 100, 0, 0, 43_200, 1.0, 1.0), 95),
        (StationFacts(100, 100, 0, 0, 0, 0.0, 1.0), 80),
        (StationFacts(100, 100, 0, 0, 0, 1.0, 0.5), 95),
        # Not known: the other seventy points become the hundred.
        (StationFacts(100, 80, 0, 0), 100 - 20 * 30 / 70),
        (StationFacts(100, 0, 0, 0, 1e6, 0.0, 0.0), 0),
        (StationFacts(100, 250, 0, 0, 0, 1.0, 1.0), 100),
    ],
)
def test_what_lowers_it_and_by_how_much(facts: StationFacts, value: float) -> None:
    assert score_station(facts).value == pytest.approx(value)


@given(FACTS)
def test_every_point_lost_is_accounted_for(facts: StationFacts) -> None:
    score = score_station(facts)
    assert score.value is not None
    assert 0 <= score.value <= 100
    assert sum(part.worth for part in score.parts) == pytest.approx(100)
    assert score.value == pytest.approx(100 - sum(part.lost for part in score.parts), abs=1e-9)
    assert [part.lost for part in score.lowered_by] == sorted(
        (part.lost for part in score.parts if part.lost > 0), reverse=True
    )
    assert len(score.parts) + len(score.left_out) == 5
    assert all(re.search("[ก-๙]", part.message_th) for part in score.parts)


def test_nothing_expected_is_no_score() -> None:
    assert score_station(StationFacts(0, 0, 0, 0)).value is None
    assert score_station(StationFacts(0, 0, 0, 0)).rounded is None
    only_calibration = ScoreWeights(0, 0, 1, 0, 0)
    assert score_station(StationFacts(10, 10, 0, 0), only_calibration).value is None


def test_no_goal_is_reached_by_rounding() -> None:
    score = score_station(StationFacts(1000, 999, 0, 0, 0, 1.0, 1.0))
    assert score.value == pytest.approx(99.97)
    assert score.rounded == 99
    assert score_station(PERFECT).rounded == 100


@pytest.mark.parametrize("weights", [(-1, 1, 1, 1, 1), (0, 0, 0, 0, 0), (math.nan, 1, 1, 1, 1)])
def test_weights_that_are_none(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        ScoreWeights(*weights)


def test_a_project_counts_stations_by_their_readings() -> None:
    good, poor = score_station(PERFECT), score_station(StationFacts(300, 0, 0, 0, 1e6, 0.0, 0.0))
    none = score_station(StationFacts(0, 0, 0, 0))
    project = score_project([("a", good), ("b", poor), ("c", none)])
    assert project.value == pytest.approx(25)
    assert [(share.station, share.lost) for share in project.stations] == [
        ("b", pytest.approx(75)),
        ("a", 0),
        ("c", 0),
    ]
    assert score_project([("c", none)]).value is None


@pytest.mark.parametrize(
    ("value", "standing"),
    [
        (None, Standing.UNKNOWN),
        (84.999, Standing.BELOW),
        (85, Standing.FIRST),
        (89.9, Standing.FIRST),
        (90, Standing.SECOND),
    ],
)
def test_goals(value: float | None, standing: Standing) -> None:
    assert standing_of(value) is standing


def test_course() -> None:
    course = follow_course([80, None, 86, 91])
    assert course.standings == (
        Standing.BELOW,
        Standing.UNKNOWN,
        Standing.FIRST,
        Standing.SECOND,
    )
    assert (course.share_at_first, course.share_at_second) == pytest.approx((2 / 3, 1 / 3))
    assert course.change == 11
    assert follow_course([None]).share_at_first is None
