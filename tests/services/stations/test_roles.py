"""Who sees and who writes stations, on both engines: auditors read all of it and write nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.services.calibrating.certifying import issue_calibration_certificate
from app.services.calibrating.doubt import find_open_doubt, mark_open_doubt
from app.services.calibrating.due import list_due
from app.services.calibrating.recording import keep_calibration
from app.services.calibrating.requesting import read_certificate_state
from app.services.checks.violation import RulesBroken
from app.services.quality.flags import Flag
from app.services.readings.bundle import export_bundle
from app.services.readings.ingest import SensorIngest
from app.services.readings.marking import Marking, mark_readings
from app.services.readings.marks import list_marks
from app.services.readings.queries import calendar, latest_values, read_series
from app.services.readings.record import us_of_time
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.alarms import NewLimit, Side, list_alarms, set_alarm_limit
from app.services.stations.events import EventKind, NewEvent, list_events, record_event
from app.services.stations.kept_calibrations import get_calibration
from app.services.stations.keys import change_station_key
from app.services.stations.listing import list_stations
from app.services.stations.registering import register_station
from app.services.stations.standards import add_standard, list_standards
from app.services.stations.values import NewStation, SensorDetail
from tests.fixtures.benches import bench, finished, gas, register_bench
from tests.fixtures.stations import BEGIN, steady_frames

pytestmark = pytest.mark.both_engines


@pytest.fixture
def sensor(registry: OpenRegistry, people: dict[str, Actor]) -> SensorDetail:
    """A sensor with readings before a calibration that found it out of tolerance."""
    technician = people["technician"]
    made = register_bench(registry, technician)
    ingest = SensorIngest(registry, technician, made.id)
    for item in steady_frames(10):
        ingest.take(item)
    ingest.close()
    keep_calibration(registry, technician, finished(made.channels[0].id, bench()))
    return made


def as_seen_by(registry: OpenRegistry, user: str) -> OpenRegistry:
    """Give the registry as a person has it open: on a server with that person's own rights."""
    if registry.server is None:
        return registry
    return replace(registry.colleagues[user], colleagues=registry.colleagues)


def test_everybody_reads_what_stations_measured(
    registry: OpenRegistry, people: dict[str, Actor], sensor: SensorDetail
) -> None:
    channel = sensor.channels[0].id
    span = {"start_us": us_of_time(BEGIN), "end_us": us_of_time(BEGIN + timedelta(days=2))}
    code = list_due(registry)[0].last_code or ""
    for user in ("auditor", "approver", "admin", "technician"):
        seen = as_seen_by(registry, user)
        assert list_stations(seen)[0].sensors[0].code == sensor.code
        assert len(read_series(seen, channel, **span).times_us) == 10
        assert latest_values(seen, sensor.id)
        assert len(calendar(seen, channel, first=date(2026, 11, 20), last=date(2026, 11, 20))) == 1
        assert list_marks(seen, sensor.id, **span)
        assert list_events(seen, sensor.station_id) == ()
        assert list_alarms(seen) == ()
        assert list_standards(seen) == ()
        assert get_calibration(seen, code).details["as_found"]
        assert find_open_doubt(seen, code) is not None
        assert read_certificate_state(seen, code).number is None
        assert verify_readings(seen).ok


def test_who_is_no_technician_writes_nothing(
    registry: OpenRegistry, people: dict[str, Actor], sensor: SensorDetail, tmp_path: Path
) -> None:
    channel, now = sensor.channels[0].id, registry.now()
    code = list_due(registry)[0].last_code or ""
    marking = Marking(("co2",), BEGIN, now, Flag.SUSPECT, "x")
    event = NewEvent(sensor.station_id, EventKind.NOTE, now, note="x")
    limit = NewLimit(channel, Side.HIGH, 500, 490, "x")  # type: ignore[arg-type]
    span = {"station": "LPG-01", "start": BEGIN, "end": now}
    acts: tuple[Callable[[Actor], object], ...] = (
        lambda actor: register_station(registry, actor, NewStation("X", "X")),
        lambda actor: SensorIngest(registry, actor, sensor.id),
        lambda actor: mark_readings(registry, actor, sensor.id, marking),
        lambda actor: mark_open_doubt(registry, actor, code),
        lambda actor: keep_calibration(registry, actor, finished(channel, bench())),
        lambda actor: issue_calibration_certificate(registry, actor, code, wait_s=0),
        lambda actor: record_event(registry, actor, event),
        lambda actor: set_alarm_limit(registry, actor, limit),
        lambda actor: add_standard(registry, actor, gas("G", 400)),
        lambda actor: change_station_key(registry, actor, "LPG-01", reason="x"),
        lambda actor: export_bundle(registry, actor, tmp_path / "b.zip", **span),  # type: ignore[arg-type]
    )
    for user in ("auditor", "officer"):
        for act in acts:
            with pytest.raises(RulesBroken):
                act(people[user])
