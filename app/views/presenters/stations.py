"""What the page of stations shows: rows, one station's whole standing, its score and course.

Owns putting the services' answers together, off the window's thread; no Qt, and no query of its
own. What is not known is said to be so, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

import numpy as np

from app.services.listings.page import Page, PageRequest
from app.services.quality.score import Course, Score, StationFacts, follow_course, score_station
from app.services.readings.queries import LatestValue, calendar, latest_values, read_series
from app.services.readings.rollup_rows import Rollup
from app.services.registry.context import OpenRegistry
from app.services.stations.alarms import AlarmDetail, list_alarms
from app.services.stations.events import EventDetail, list_events
from app.services.stations.kept_calibrations import DueCalibration, due_board
from app.services.stations.listing import list_stations
from app.services.stations.values import StationDetail
from app.views.presenters.charts.live_source import LineReport, LineState
from app.views.presenters.charts.ticks import microseconds, moment

SCORED_DAYS = 30
COURSE_WEEKS = 12
_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class StationRow:
    """One station in the list; `state` is the line's where one is open, else the registered."""

    code: str
    name: str
    state: str
    sensors: int
    last_at: datetime | None
    due_on: date | None
    days_left: int | None
    alarms: int


@dataclass(frozen=True)
class StationView:
    """One station as its pane shows it."""

    station: StationDetail
    state: str
    latest: tuple[LatestValue, ...]
    due: tuple[DueCalibration, ...]
    alarms: tuple[AlarmDetail, ...]
    history: tuple[EventDetail, ...]
    score: Score
    weeks: tuple[float | None, ...]
    course: Course
    key_fingerprint: str
    """Of the public key that signs now, in groups of four to be read aloud; "" for none."""


def list_rows(
    registry: OpenRegistry, lines: Sequence[LineReport], request: PageRequest
) -> Page[StationRow]:
    """List stations as a table asks; they are few, so that they come in one page."""
    words = request.filter_text.strip().lower()
    due = due_board(registry)
    alarms = list_alarms(registry, open_only=True)
    rows = [
        _row(registry, station, due, alarms, lines)
        for station in list_stations(registry)
        if words in f"{station.code} {station.name}".lower()
    ]
    rows.sort(key=lambda row: row.code, reverse=request.descending)
    return Page(tuple(rows), None, len(rows))


def read_station(registry: OpenRegistry, code: str, lines: Sequence[LineReport]) -> StationView:
    """Read all that is known of one station."""
    station = next(each for each in list_stations(registry) if each.code == code)
    due = tuple(each for each in due_board(registry) if each.station == code)
    latest = tuple(
        value for sensor in station.sensors for value in latest_values(registry, sensor.id)
    )
    today = registry.now().date()
    rollups = _daily(registry, station, today)
    scored = {on: found for on, found in rollups.items() if on > today - timedelta(SCORED_DAYS)}
    weeks = tuple(
        score_station(_facts(_week(rollups, today, back), due, longest_gap_s=0.0)).value
        for back in range(COURSE_WEEKS - 1, -1, -1)
    )
    gap_s = longest_gap_s(registry, station)
    return StationView(
        station,
        line_state(station, lines),
        latest,
        due,
        tuple(alarm for alarm in list_alarms(registry) if alarm.station == code),
        list_events(registry, station.id),
        score_station(_facts(scored, due, longest_gap_s=gap_s)),
        weeks,
        follow_course(weeks),
        _fingerprint(station.public_key),
    )


def _fingerprint(public_key: bytes) -> str:
    if not public_key:
        return ""
    told = sha256(public_key).hexdigest()
    return " ".join(told[place : place + 4] for place in range(0, len(told), 4))


def line_state(station: StationDetail, lines: Sequence[LineReport]) -> str:
    """Say how a station stands: the worst of its open lines, else what is registered."""
    worst = (LineState.LOST, LineState.SILENT, LineState.STOPPED, LineState.READING)
    states = {line.state for line in lines if line.station == station.code}
    return next((str(state) for state in worst if state in states), str(station.state))


def longest_gap_s(registry: OpenRegistry, station: StationDetail) -> float:
    """Give the longest stretch without a reading of the station's first channel, in seconds."""
    channels = [channel for sensor in station.sensors for channel in sensor.channels]
    if not channels:
        return 0.0
    end = microseconds(registry.now())
    start = end - SCORED_DAYS * _DAY_US
    series = read_series(registry, channels[0].id, start_us=start, end_us=end)
    used = series.counts > 0
    if not used.any():
        return 0.0
    starts, ends = series.times_us[used], series.ends_us[used]
    between = np.maximum(starts[1:] - ends[:-1], 0)
    tail = max(0, end - int(ends[-1]))
    return float(max(int(between.max(initial=0)), tail)) / 1e6


def _row(
    registry: OpenRegistry,
    station: StationDetail,
    due: Sequence[DueCalibration],
    alarms: Sequence[AlarmDetail],
    lines: Sequence[LineReport],
) -> StationRow:
    newest = [
        value.at_us for sensor in station.sensors for value in latest_values(registry, sensor.id)
    ]
    dated = [each for each in due if each.station == station.code and each.due_on is not None]
    first = min(dated, key=lambda each: each.due_on or date.max, default=None)
    return StationRow(
        code=station.code,
        name=station.name,
        state=line_state(station, lines),
        sensors=len(station.sensors),
        last_at=moment(max(newest)) if newest else None,
        due_on=first.due_on if first is not None else None,
        days_left=first.days_left if first is not None else None,
        alarms=sum(alarm.station == station.code for alarm in alarms),
    )


def _daily(registry: OpenRegistry, station: StationDetail, today: date) -> dict[date, list[Rollup]]:
    first = today - timedelta(days=7 * COURSE_WEEKS - 1)
    found: dict[date, list[Rollup]] = {}
    for sensor in station.sensors:
        for channel in sensor.channels:
            for day in calendar(registry, channel.id, first=first, last=today):
                if day.rollup is not None:
                    found.setdefault(day.on, []).append(day.rollup)
    return found


def _week(rollups: dict[date, list[Rollup]], today: date, back: int) -> dict[date, list[Rollup]]:
    last = today - timedelta(days=7 * back)
    return {on: each for on, each in rollups.items() if last - timedelta(7) < on <= last}


def _facts(
    days: dict[date, list[Rollup]], due: Sequence[DueCalibration], *, longest_gap_s: float
) -> StationFacts:
    rollups = [rollup for found in days.values() for rollup in found]
    return StationFacts(
        expected=sum(each.expected for each in rollups),
        good=sum(each.good for each in rollups),
        suspicious=sum(each.suspicious for each in rollups),
        bad=sum(each.bad for each in rollups),
        longest_gap_s=longest_gap_s,
        calibrated_share=_calibrated_share(tuple(days), due),
    )


def _calibrated_share(days: Sequence[date], due: Sequence[DueCalibration]) -> float | None:
    """Give the share of days on which every dated calibration was in date; None without any."""
    dates = [each.due_on for each in due if each.due_on is not None]
    if not dates or not days:
        return None
    return sum(on <= min(dates) for on in days) / len(days)
