"""Times as loggers write them, and back."""

from __future__ import annotations

import pytest

from app.models.errors import UsageError
from app.services.measurement_files import LocalTimes, find_zone, print_time, read_time_us


@pytest.mark.parametrize(
    ("text", "zone", "form", "expected"),
    [
        ("2024-01-01T00:00:00Z", "UTC", None, "2024-01-01T00:00:00Z"),
        ("2024-01-01 07:00", "Asia/Bangkok", None, "2024-01-01T00:00:00Z"),
        ("2024-01-01T07:00:00.5+07:00", "UTC", None, "2024-01-01T00:00:00.500000Z"),
        ("1704067200", "UTC", None, "2024-01-01T00:00:00Z"),
        ("1704067200.25", "+07:00", None, "2024-01-01T00:00:00.250000Z"),
        ("20240101", "+07:00", None, "2023-12-31T17:00:00Z"),
        ("8/1/2019 7:11", "-05:00", "%m/%d/%Y %H:%M", "2019-08-01T12:11:00Z"),
    ],
)
def test_a_time_is_read(text: str, zone: str, form: str | None, expected: str) -> None:
    time = read_time_us(text, zone=find_zone(zone), form=form)
    assert time is not None
    assert print_time(time) == expected


@pytest.mark.parametrize("text", ["", "now", "2024-02-30", "24:00", "nan", "1e400", "-1", "12"])
def test_no_time(text: str) -> None:
    assert read_time_us(text) is None


@pytest.mark.parametrize("name", ["", "Bangkok", "+7", "../etc/passwd", "Asia"])
def test_no_zone(name: str) -> None:
    with pytest.raises(UsageError):
        find_zone(name)


def _read_all(zone: str, *texts: str) -> list[str | None]:
    times = LocalTimes(zone=find_zone(zone))
    read = [times.read(text) for text in texts]
    return [None if time is None else print_time(time) for time in read]


def test_the_hour_that_clocks_repeat_is_told_apart_by_what_came_before() -> None:
    assert _read_all(
        "Europe/Berlin",
        *("2026-10-25 02:00", "2026-10-25 02:30", "2026-10-25 02:00", "2026-10-25 02:30"),
        "2026-10-25 03:00",
    ) == [
        *("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z"),
        *("2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"),
    ]
    hourly = ("2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 03:00")
    assert _read_all("Europe/Berlin", *hourly) == [
        *("2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z"),
        *("2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
    ]


def test_a_line_that_came_twice_in_that_hour_stays_a_repetition() -> None:
    lines = ("2026-10-25 02:10", "2026-10-25 02:11", "2026-10-25 02:11", "2026-10-25 02:12")
    assert _read_all("Europe/Berlin", *lines) == [
        *("2026-10-25T00:10:00Z", "2026-10-25T00:11:00Z"),
        *("2026-10-25T00:11:00Z", "2026-10-25T00:12:00Z"),
    ]


def test_a_time_that_clocks_went_past_is_none_and_said() -> None:
    times = LocalTimes(zone=find_zone("Europe/Berlin"))
    assert times.read("2026-03-29 02:30") is None
    assert bool(times.was_skipped)
    for text, is_read in (("2026-03-29 03:30", True), ("nonsense", False)):
        assert (times.read(text) is not None) is is_read
        assert not bool(times.was_skipped)
    assert read_time_us("2026-03-29 02:30", zone=find_zone("Europe/Berlin")) is None
