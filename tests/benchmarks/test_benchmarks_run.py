"""Every benchmark runs at a tiny size and prints its ratios; how large they are is no test's."""

from __future__ import annotations

import re

import pytest

from benchmarks.__main__ import NAMES, main
from benchmarks.measuring import Aim, Pair, Ratio, interleave

RATIO = re.compile(r"^ +[0-9]+\.[0-9]{2}  \([0-9.]+–[0-9.]+, [0-9]+ repeats\)  .+", re.MULTILINE)
LEAST_LINES = {"transfers": 2, "growth": 2, "certificates": 2, "cold_start": 2}


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_prints_its_ratios(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--size", "tiny", name]) == 0
    printed = capsys.readouterr().out
    assert len(RATIO.findall(printed)) >= LEAST_LINES.get(name, 1), printed


def test_works_are_measured_in_turn_and_the_first_round_is_not_counted() -> None:
    order: list[str] = []
    pair = interleave(lambda: order.append("a"), lambda: order.append("b"), 2)
    assert order == ["a", "b", "a", "b", "b", "a"]
    assert len(pair.ours) == len(pair.theirs) == 2


def test_a_pair_gives_speed_and_cost_repeat_by_repeat() -> None:
    pair = Pair(ours=(2.0, 4.0), theirs=(1.0, 1.0))
    assert pair.speeds() == (0.5, 0.25)
    assert pair.costs() == (2.0, 4.0)


@pytest.mark.parametrize(
    ("aim", "verdict"),
    [(Aim(least=0.5), "met"), (Aim(least=0.6), "NOT met"), (Aim(most=0.4), "NOT met")],
)
def test_a_ratio_says_its_median_and_whether_the_aim_is_met(aim: Aim, verdict: str) -> None:
    line = str(Ratio("ours / theirs", (0.4, 0.5, 0.9), "three", aim))
    assert line.strip().startswith("0.50  (0.40–0.90, 3 repeats)  ours / theirs")
    assert line.splitlines()[0].endswith(f": {verdict}")
