"""Rules as written: read, laid over each other, refused with their place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.services.quality.rule_files import (
    BadRules,
    load_proposed_rules,
    read_rule_file,
    read_rules,
)
from app.services.quality.rules import SENTINELS, FlatLine, Gap, GrossRange, RateOfChange, Spike


def read(text: str, site: str | None = None) -> object:
    return read_rules(tomllib.loads(text), site=site).columns["a"]


def test_a_column_as_the_contract_writes_it() -> None:
    rules = read_rules(
        tomllib.loads(
            """
            [a]
            gross_range = {suspect = [0, 250], fail = [1000, -5]}
            spike = {suspect = 3, fail = 9, method = "differential"}
            rate_of_change = {per_hour = 60}
            flat_line = {suspect_h = 0.5, fail_h = 3, tolerance = 0.1}
            gap = 2
            """
        )
    ).columns["a"]
    assert rules.gross_range == GrossRange((0, 250), (-5, 1000))
    assert rules.spike == Spike(3, 9, "differential")
    assert rules.rate_of_change == RateOfChange(60)
    assert rules.flat_line == FlatLine(0.5, 3, 0.1)
    assert rules.gap == Gap(fail_h=2)
    assert rules.missing == SENTINELS
    assert rules.asked == ("gross_range", "spike", "rate_of_change", "flat_line", "gap")


def test_a_gap_in_three_ways() -> None:
    for written, gap in (
        ("gap = 2.5", Gap(fail_h=2.5)),
        ("gap = true", Gap(fail_h=2)),
        ("gap = {suspect_h = 1, fail_h = 24}", Gap(1, 24)),
    ):
        assert read_rules(tomllib.loads(f"[a]\n{written}")).columns["a"].gap == gap


def test_a_site_lays_its_own_over_the_general() -> None:
    text = "[a]\ngap = 2\nspike = {suspect = 1}\n[site.trang.a]\ngap = 5\n[site.trang.b]\ngap = 1"
    rules = read_rules(tomllib.loads(text), site="trang").columns
    assert (rules["a"].gap, rules["a"].spike) == (Gap(fail_h=5), Spike(1))
    assert rules["b"].gap == Gap(fail_h=1)
    assert read_rules(tomllib.loads(text)).columns["a"].gap == Gap(fail_h=2)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a = 3", "“a” is 3, not a table"),
        ("[a]\nspikes = {suspect = 1}", "“spikes”"),
        ("[a]\nspike = {suspect = 1, fall = 2}", "[a] spike has “fall”"),
        ("[a]\nspike = {suspect = '1'}", "[a] spike.suspect is '1'"),
        ("[a]\nspike = {suspect = nan}", "[a] spike.suspect is nan"),
        ("[a]\nspike = {suspect = -1}", "below zero"),
        ("[a]\nspike = {suspect = 1, method = 'mean'}", "spike.method"),
        ("[a]\nspike = {}", "[a] spike has no threshold"),
        ("[a]\ngross_range = {fail = [1]}", "gross_range.fail"),
        ("[a]\ngross_range = {suspect = [0, 9], fail = [1, 5]}", "reaches outside fail"),
        ("[a]\nrate_of_change = {}", "says nothing of per_hour"),
        ("[a]\nflat_line = {tolerance = 1}", "flat_line has no threshold"),
        ("[a]\ngap = 'two'", "[a] gap.fail_h is 'two'"),
        ("[a]\nagreement = {columns = [], suspect = 1}", "agreement.columns"),
        ("[a]\nmissing = -999", "[a] missing"),
        ("site = 1", "[site]"),
    ],
)
def test_a_mistake_names_its_place(text: str, part: str) -> None:
    with pytest.raises(BadRules) as refused:
        read(text)
    assert part in refused.value.message


def test_an_unknown_site_names_those_known() -> None:
    with pytest.raises(BadRules) as refused:
        read("[a]\ngap = 1\n[site.trang.a]\ngap = 2", site="krabi")
    assert "trang" in refused.value.hint


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    broken, foreign = tmp_path / "broken.toml", tmp_path / "foreign.toml"
    broken.write_text("[a", encoding="utf-8")
    foreign.write_bytes(b"\xff\xfe")
    for path in (broken, foreign, tmp_path / "none.toml", tmp_path):
        with pytest.raises(BadRules) as refused:
            read_rule_file(path)
        assert str(path) in refused.value.message


def test_the_shipped_rules_are_proposals_for_the_channels() -> None:
    rules = load_proposed_rules()
    assert rules.is_proposal
    assert {"co2", "ch4", "pm2_5", "pm10", "co", "nox", "o3", "temperature"} <= set(rules.columns)
    assert rules.columns["co2"].gross_range == GrossRange((350, 1000), (0, 2000))
    assert all(column.asked for column in rules.columns.values())
