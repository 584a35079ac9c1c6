"""Co-location figures on the EPA's own data, against the same worked out with pandas."""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.services.averaging.averages import (
    Average,
    AveragingRule,
    average_averages,
    average_readings,
)
from app.services.averaging.periods import SECOND, Period
from app.services.calibration.colocation import (
    EPA_TARGETS,
    evaluate_colocation,
    measure_precision,
    pair_averages,
)
from app.services.calibration.findings import CalibrationRefused

DATA = Path(__file__).parents[2] / "data" / "stations" / "epa-collocation"
EASTERN = timezone(timedelta(hours=-5))
RULE = AveragingRule(zone=EASTERN)
PARAMETERS = {"pm2_5": ("PM2.5-88101", "PM2.5 (µg/m³)"), "o3": ("O3", "O3 (ppb)")}


def reference_rows() -> Iterator[dict[str, str]]:
    with (DATA / "reference_hourly.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@cache
def minutes() -> tuple[dict[str, str], ...]:
    with gzip.open(DATA / "sensor_RT01_minutes.csv.gz", "rt", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %H:%M").replace(tzinfo=EASTERN)


def microseconds(texts: list[str]) -> Any:
    return np.array([round(moment(text).timestamp()) * SECOND for text in texts], dtype=np.int64)


@cache
def hourly(channel: str) -> tuple[tuple[Average, ...], tuple[Average, ...]]:
    """Reference and sensor by the hour."""
    parameter, column = PARAMETERS[channel]
    rows = [row for row in reference_rows() if row["Param"] == parameter]
    reference = average_readings(
        microseconds([f"{row['Date (LST)']} {row['Time (LST)']}" for row in rows]),
        np.array([float(row["Value"]) for row in rows]),
        period=Period.HOUR,
        interval_s=3600,
        flags=np.array([1 if row["QC Code"] == "0" else 9 for row in rows], dtype=np.uint8),
        rule=RULE,
    )
    sensor = average_readings(
        microseconds([row["Time"] for row in minutes()]),
        np.array([float(row[column] or "nan") for row in minutes()]),
        period=Period.HOUR,
        interval_s=60,
        rule=RULE,
    )
    return reference, sensor


def with_pandas(channel: str) -> Any:
    """The same pairs by another's resampling; a column each for reference and sensor."""
    parameter, column = PARAMETERS[channel]
    stored = pd.DataFrame(list(reference_rows()))
    stored = stored[(stored["Param"] == parameter) & (stored["QC Code"] == "0")]
    when = pd.to_datetime(
        stored["Date (LST)"] + " " + stored["Time (LST)"], format="%m/%d/%Y %H:%M"
    )
    reference = pd.Series(stored["Value"].astype(float).to_numpy(), index=when)
    raw = pd.DataFrame(list(minutes()))
    when = pd.to_datetime(raw["Time"], format="%m/%d/%Y %H:%M")
    series = pd.Series(pd.to_numeric(raw[column]).to_numpy(), index=when)
    sensor = series.resample("1h").mean().where(series.resample("1h").count() >= 45)
    if channel == "pm2_5":
        reference = reference.resample("1D").mean().where(reference.resample("1D").count() >= 18)
        sensor = sensor.resample("1D").mean().where(sensor.resample("1D").count() >= 18)
    return pd.DataFrame({"reference": reference, "sensor": sensor}).dropna()


@pytest.mark.parametrize("channel", ["pm2_5", "o3"])
def test_the_epas_data(channel: str) -> None:
    targets = EPA_TARGETS[channel]
    reference, sensor = hourly(channel)
    if targets.period is Period.DAY:
        reference = average_averages(reference, period=Period.DAY, rule=RULE)
        sensor = average_averages(sensor, period=Period.DAY, rule=RULE)
    report = evaluate_colocation(targets, reference=reference, measured=sensor)
    theirs = with_pandas(channel)
    x, y = theirs["reference"].to_numpy(), theirs["sensor"].to_numpy()
    slope, intercept = np.polyfit(x, y, 1)
    figures = report.agreement
    assert figures.n == len(x) == len(report.pairs.points)
    assert figures.fit.slope == pytest.approx(slope, rel=1e-9)
    assert figures.fit.intercept == pytest.approx(intercept, rel=1e-9)
    assert figures.r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, rel=1e-9)
    assert figures.rmse == pytest.approx(math.sqrt(np.mean((y - x) ** 2)), rel=1e-9)
    assert figures.nrmse == pytest.approx(figures.rmse / np.mean(x), rel=1e-9)
    assert figures.bias == pytest.approx(np.mean(y - x), rel=1e-9)
    above = x > 0
    share = 1 - np.abs(y - x)[above] / x[above]
    assert figures.accuracy.percent == pytest.approx(100 * np.mean(share), rel=1e-9)
    judged = {one.figure: one.met for one in report.judged}
    assert judged["slope"] is bool(targets.slope[0] <= slope <= targets.slope[1])
    assert (judged["sd"], judged["cv_percent"]) == (None, None)


def test_what_the_figures_are() -> None:
    """Kept as numbers, so that a change of averaging does not pass unseen."""
    reference, sensor = hourly("o3")
    ozone = evaluate_colocation(EPA_TARGETS["o3"], reference=reference, measured=sensor)
    days = [average_averages(one, period=Period.DAY, rule=RULE) for one in hourly("pm2_5")]
    dust = evaluate_colocation(EPA_TARGETS["pm2_5"], reference=days[0], measured=days[1])
    figures = [
        (one.agreement.n, round(one.agreement.fit.slope, 3), round(one.agreement.rmse, 2))
        for one in (ozone, dust)
    ]
    assert figures == [(665, 0.937, 3.65), (28, 0.862, 3.28)]
    assert {one.figure for one in ozone.judged if one.met is False} == set()
    assert {one.figure for one in dust.judged if one.met is False} == {"r2"}


def day(number: int, value: float | None) -> Average:
    length = 86_400 * SECOND
    return Average(number * length, (number + 1) * length, value, None, None, 24, 0, 24)


def days(*values: float | None) -> list[Average]:
    return [day(number, value) for number, value in enumerate(values)]


def test_only_complete_periods_of_both_pair() -> None:
    pairs = pair_averages(days(1, None, 3, 4), days(1, 2, None))
    assert pairs.starts_us == (0,)
    assert (pairs.only_reference, pairs.only_measured) == (2, 1)


def test_precision_is_that_of_the_epas_formula() -> None:
    precision = measure_precision([days(10, 20, None), days(12, 20, 5), days(11, 26, 5)])
    assert precision is not None
    squares = 1 + 1 + 0 + 4 + 4 + 16
    assert (precision.sensors, precision.periods) == (3, 2)
    assert precision.sd == pytest.approx(math.sqrt(squares / 5))
    assert precision.cv_percent == pytest.approx(100 * precision.sd / 16.5)
    assert measure_precision([days(1, 2)]) is None
    assert measure_precision([days(1, None), days(None, 1)]) is None


@pytest.mark.parametrize(
    ("measured", "missed"),
    [
        ((10, 20, 30, 40), set()),
        ((16, 26, 36, 46), {"intercept"}),
        ((5, 10, 15, 20), {"slope", "rmse", "nrmse_percent"}),
        ((12, 12, 40, 25), {"r2", "intercept", "rmse", "nrmse_percent"}),
        # Far off in µg/m³, yet a small share of what there is.
        ((10, 20, 30, 58), {"intercept", "slope", "rmse", "nrmse_percent"}),
    ],
)
def test_targets(measured: tuple[float, ...], missed: set[str]) -> None:
    report = evaluate_colocation(
        EPA_TARGETS["pm2_5"],
        reference=days(10, 20, 30, 40),
        measured=days(*measured),
        beside=[days(*measured)],
    )
    assert {one.figure for one in report.judged if one.met is False} == missed
    assert report.meets_all is (not missed)


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(CalibrationRefused, match="1 points"):
        evaluate_colocation(EPA_TARGETS["o3"], reference=days(1, 2), measured=days(1))
