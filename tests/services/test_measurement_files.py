"""Times as loggers write them, and back."""

from __future__ import annotations

import pytest

from app.models.errors import UsageError
from app.services.measurement_files import find_zone, print_time, read_time_us


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
