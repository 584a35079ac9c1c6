"""What a sensor cannot tell apart is never an event: proposals respect its resolution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.quality.flags import Flag
from app.services.quality.resolutions import documented_resolution, respect_resolution
from app.services.quality.rule_files import load_proposed_rules, read_rules
from app.services.quality.rules import ColumnRules, FlatLine, RateOfChange, Spike
from app.services.quality.series_tests import SECOND, flag_rate_of_change, flag_spike
from app.services.quality.streaming import make_testers

PROPOSED = load_proposed_rules().columns
CHANNELS = sorted(name for name, rules in PROPOSED.items() if rules.rate_of_change is not None)


@pytest.mark.parametrize("channel", CHANNELS)
@given(
    resolution=st.sampled_from((0.001, 0.01, 0.1, 0.5, 1.0, 10.0)),
    steps=st.lists(st.integers(-2, 2), min_size=3, max_size=40),
    begin=st.integers(-1000, 1000),
)
def test_one_or_two_steps_at_1_hz_are_never_suspicious(
    channel: str, resolution: float, steps: list[int], begin: int
) -> None:
    rules = respect_resolution(PROPOSED[channel], resolution)
    rate, spike = rules.rate_of_change, respect_resolution(SPIKES, resolution).spike
    assert rate is not None
    assert spike is not None
    values = resolution * (begin + np.cumsum(steps)).astype(float)
    # One or two steps off, and back: a spike's neighbours are then the same.
    spikes = resolution * (begin + np.array(steps)).clip(begin - 1, begin + 1).astype(float)
    times = np.arange(values.size) * SECOND
    assert Flag.SUSPECT not in flag_rate_of_change(values, times, rate)
    assert {int(flag) for flag in flag_spike(spikes, spike)} <= {1, 2}


SPIKES = ColumnRules(spike=Spike(1e-9, 1e-8))


def test_a_greater_step_is_suspicious_as_before() -> None:
    rate = respect_resolution(PROPOSED["co2"], 1.0).rate_of_change
    assert rate == RateOfChange(1200, None, 10)
    times = np.arange(3) * SECOND
    assert flag_rate_of_change(np.array([400.0, 411.0, 412.0]), times, rate).tolist() == [1, 3, 1]
    # Slowly, twelve parts in five minutes are what five minutes may bring; a hundred and more not.
    slow = np.arange(2) * 300 * SECOND
    assert flag_rate_of_change(np.array([400.0, 412.0]), slow, rate).tolist() == [1, 1]
    assert flag_rate_of_change(np.array([400.0, 501.0]), slow, rate).tolist() == [1, 3]


@given(
    values=st.lists(st.sampled_from((0.0, 1.0, 2.0, 2.5, 9.0, float("nan"))), max_size=30),
    least=st.sampled_from((0.0, 1.0, 2.5)),
)
def test_reading_by_reading_is_the_whole_series(values: list[float], least: float) -> None:
    settings = RateOfChange(3600.0, 7200.0, least)
    tester = make_testers(ColumnRules(rate_of_change=settings), interval_s=1.0)["rate_of_change"]
    one_by_one = [int(tester.push(n * SECOND, value).flag) for n, value in enumerate(values)]
    times = np.arange(len(values)) * SECOND
    assert one_by_one == flag_rate_of_change(np.array(values), times, settings).tolist()


def test_what_somebody_adopted_is_taken_at_its_word() -> None:
    table = {"co2": {"rate_of_change": {"per_hour": 60, "least": 3}}}
    assert read_rules(table).columns["co2"].rate_of_change == RateOfChange(60, None, 3)
    assert respect_resolution(PROPOSED["co2"], None) is PROPOSED["co2"]


def test_a_coarse_display_gets_longer_to_move() -> None:
    flat = ColumnRules(flat_line=FlatLine(1, 12, 0.1))
    assert respect_resolution(flat, 1.0).flat_line == FlatLine(10, 120, 0.1)
    assert respect_resolution(flat, 0.05).flat_line == FlatLine(1, 12, 0.1)


def test_what_is_documented() -> None:
    assert documented_resolution("mhz19b", "temperature") == 1
    assert documented_resolution("sps30", "pm2_5") is None
    assert documented_resolution("nothing-known", "co2") is None
