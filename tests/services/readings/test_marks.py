"""Everything that stands beside readings is listed once, in order of time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.services.quality.flags import Flag
from app.services.readings.arriving import ClockMoved, GapClosed
from app.services.readings.marking import Marking, mark_readings
from app.services.readings.marks import list_marks
from app.services.readings.record import us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.alarms import NewLimit, Side, set_alarm_limit
from app.services.stations.events import EventKind, NewEvent, record_event
from tests.fixtures.stations import BEGIN, frame, make_station
from tests.services.stations.test_calibrations import record_two_points


@pytest.mark.both_engines
def test_marks_of_every_kind(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    station = make_station(registry, people["technician"])
    technician, sensor_id = station.technician, station.sensor.id
    limit = NewLimit(
        station.channel_id("co2"), Side.HIGH, Decimal(1000), Decimal(900), "Open the window."
    )
    set_alarm_limit(registry, technician, limit)
    ingest = station.ingest()
    ingest.take(frame(0, co2=420))
    ingest.take(GapClosed(BEGIN + timedelta(minutes=2), BEGIN + timedelta(minutes=1), "port-lost"))
    ingest.take(ClockMoved(BEGIN + timedelta(minutes=3), 7200.0))
    ingest.take(frame(240, co2=1200))
    ingest.close()
    at = BEGIN + timedelta(minutes=5)
    record_event(
        registry,
        technician,
        NewEvent(station.sensor.station_id, EventKind.CLEANED, at, note="Inlet."),
    )
    code = record_two_points(station, at=BEGIN + timedelta(minutes=6))
    marking = Marking(
        ("co2",), BEGIN + timedelta(minutes=7), BEGIN + timedelta(minutes=8), Flag.FAIL, "Smoke."
    )
    mark_readings(registry, technician, sensor_id, marking)
    start = us_of_time(BEGIN)
    marks = list_marks(registry, sensor_id, start_us=start, end_us=start + 3_600_000_000)
    assert [(mark.kind, mark.words) for mark in marks] == [
        ("gap", "port-lost"),
        ("clock-moved", ""),
        ("alarm", "Open the window."),
        ("cleaned", "Inlet."),
        ("calibration", code),
        ("flags", "Smoke."),
    ]
    assert marks[0].last_us - marks[0].first_us == 60_000_000
    assert marks[-1].channels == ("co2",)
    # Only the alarm, which nobody ended, is about a later hour.
    later = list_marks(
        registry, sensor_id, start_us=start + 3_600_000_000, end_us=start + 7_200_000_000
    )
    assert [mark.kind for mark in later] == ["alarm"]
