"""A registry with stations moved to a server and back: readings, calibrations and keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import GuardRefused
from app.models.storage.unit_of_work import UnitOfWork
from app.services.calibrating.certifying import issue_calibration_certificate
from app.services.calibrating.due import list_due
from app.services.calibrating.recording import keep_calibration
from app.services.copying.sides import CannotCopy, Source
from app.services.copying.to_file import copy_to_file
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.readings.ingest import IngestSettings, SensorIngest
from app.services.readings.queries import read_series
from app.services.readings.record import us_of_time
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from app.services.stations.keys import change_station_key
from app.services.stations.listing import list_stations
from tests.fixtures.benches import bench, finished, register_bench
from tests.fixtures.copies import CopyTarget, passphrases
from tests.fixtures.registries import read_people
from tests.fixtures.stations import BEGIN, steady_frames

_SPAN = {"start_us": us_of_time(BEGIN), "end_us": us_of_time(BEGIN + timedelta(hours=1))}


@pytest.fixture
def used(registry: OpenRegistry, people: dict[str, Actor]) -> OpenRegistry:
    """A station with readings, a certified calibration, and a key that was changed."""
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    collect(registry, technician, sensor.id, minutes=0)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    issue_calibration_certificate(registry, technician, code)
    change_station_key(registry, technician, "LPG-01", reason="Yearly change")
    collect(registry, technician, sensor.id, minutes=10)
    return registry


def collect(registry: OpenRegistry, actor: Actor, sensor_id: int, *, minutes: int) -> None:
    ingest = SensorIngest(registry, actor, sensor_id, settings=IngestSettings(period_s=10))
    for item in steady_frames(30, start=BEGIN + timedelta(minutes=minutes)):
        ingest.take(item)
    ingest.close()


def seen(registry: OpenRegistry) -> tuple[object, ...]:
    """Give what the desk shows of stations."""
    stations = list_stations(registry)
    channel = stations[0].sensors[0].channels[0].id
    series = read_series(registry, channel, **_SPAN)
    return stations, list_due(registry), series.value.tolist(), verify_readings(registry)


def test_stations_come_along_to_a_server_and_back(
    used: OpenRegistry, copy_target: CopyTarget, tmp_path: Path
) -> None:
    before = seen(used)
    copy_target.copy(Source(used.engine))
    signed_in = sign_in_demo_on_server(
        copy_target.place,
        user="technician",
        passphrase=DEMO_PASSPHRASE,
        host="test",
        clock=used.clock,
    )
    assert signed_in is not None
    moved = signed_in.registry
    assert seen(moved) == before
    # It is worked in there: with the station's own key, by its technician.
    technician = read_people(moved)["technician"]
    collect(moved, technician, list_stations(moved)[0].sensors[0].id, minutes=20)
    assert verify_readings(moved).rows == 90
    close_registry(moved)
    back = tmp_path / "back.teak"
    source = copy_target.as_owner()
    copy_to_file(source, back, passphrases=passphrases(source))
    source.engine.dispose()
    again = open_demo(back)
    assert again is not None
    verdict = verify_readings(again)
    assert (verdict.ok, verdict.rows) == (True, 90), verdict
    with pytest.raises(GuardRefused), UnitOfWork(again.engine) as unit:
        unit.connection.exec_driver_sql("DELETE FROM reading_record")
    close_registry(again)


def test_readings_that_do_not_hold_are_not_copied(
    used: OpenRegistry, copy_target: CopyTarget
) -> None:
    with UnitOfWork(used.engine) as unit:
        unit.connection.exec_driver_sql("DROP TRIGGER guard_reading_record_update")
        unit.connection.exec_driver_sql(
            "UPDATE reading_record SET payload = x'00' WHERE sequence = 2"
        )
        unit.commit()
    with pytest.raises(CannotCopy, match="sensor CO2-A, record 2"):
        copy_target.copy(Source(used.engine))
    assert copy_target.is_empty()
