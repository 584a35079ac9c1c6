"""Readings handed over: from a file in the field into another registry, once, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.models.errors import GuardRefused, NotFound, TeakError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Calibration
from app.services.calibrating.certifying import issue_calibration_certificate
from app.services.calibrating.doubt import find_open_doubt
from app.services.calibrating.due import list_due
from app.services.calibrating.recording import keep_calibration
from app.services.checks.violation import RulesBroken
from app.services.readings.bundle import export_bundle
from app.services.readings.bundle_enrolment import enrol_station
from app.services.readings.bundle_import import ImportedBundle, import_bundle
from app.services.readings.bundle_reading import BundleRefused, verify_bundle
from app.services.readings.chain import find_station_key
from app.services.readings.ingest import IngestSettings
from app.services.readings.queries import read_series
from app.services.readings.record import us_of_time
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.creating import create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.services.stations.kept_calibrations import get_calibration
from app.services.stations.keys import change_station_key
from app.services.stations.listing import get_station
from app.services.stations.values import StationDetail
from tests.fixtures.benches import bench, finished, register_bench
from tests.fixtures.registries import FrozenClock, read_people
from tests.fixtures.stations import BEGIN, FieldStation, frame, make_station, steady_frames
from tests.services.readings.test_bundles import run_script

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Centre:
    """The registry that readings are handed over to."""

    registry: OpenRegistry
    people: dict[str, Actor]

    def enrol(self, path: Path, key: bytes, user: str = "admin") -> None:
        enrol_station(self.registry, self.people[user], path, public_key=key)

    def take(self, path: Path, user: str = "technician") -> ImportedBundle:
        return import_bundle(self.registry, self.people[user], path)

    def station(self, code: str, field: OpenRegistry) -> StationDetail:
        return get_station(self.registry, code, origin=field.registry_id)


ON_BOTH = pytest.mark.parametrize(
    "centre",
    ["embedded", pytest.param("networked", marks=pytest.mark.postgres)],
    indirect=True,
)


@pytest.fixture
def centre(request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock) -> Iterator[Centre]:
    """In a file, unless the test is `ON_BOTH`; what is handed over comes from a file anyway."""
    if getattr(request, "param", "embedded") == "networked":
        there: OpenRegistry = request.getfixturevalue("networked_registry")
        yield Centre(there, read_people(there))
        return
    path = tmp_path / "centre.teak"
    made = create_registry(path, new=DEMO_REGISTRY, people=DEMO_PEOPLE, clock=clock).registry
    yield Centre(made, read_people(made))
    close_registry(made)


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    made = make_station(registry, people["technician"])
    collect(made, 50, BEGIN)
    return made


def collect(station: FieldStation, count: int, start: datetime) -> None:
    ingest = station.ingest(IngestSettings(period_s=10))
    for item in steady_frames(count, start=start):
        ingest.take(item)
    ingest.close()


def exported(
    registry: OpenRegistry,
    technician: Actor,
    path: Path,
    code: str = "ST-01",
    *,
    start: datetime = ALWAYS[0],
) -> bytes:
    return export_bundle(
        registry, technician, path, station=code, start=start, end=ALWAYS[1]
    ).public_key


@ON_BOTH
def test_readings_are_handed_over_once_however_often_they_are_sent(
    station: FieldStation, centre: Centre, tmp_path: Path
) -> None:
    first_file, second_file = tmp_path / "first.zip", tmp_path / "second.zip"
    key = exported(station.registry, station.technician, first_file)
    with pytest.raises(NotFound, match="enrol"):
        centre.take(first_file)
    with pytest.raises(RulesBroken, match="9420"):
        centre.enrol(first_file, key, user="technician")
    with pytest.raises(BundleRefused):
        centre.enrol(first_file, bytes(32))
    centre.enrol(first_file, key)
    with pytest.raises(RulesBroken, match="9701"):
        centre.take(first_file, user="auditor")
    first, again = centre.take(first_file), centre.take(first_file)
    assert (first.rows, again.records, again.already_there) == (50, 0, first.records)
    collect(station, 30, BEGIN + timedelta(hours=1))
    exported(station.registry, station.technician, second_file)
    second = centre.take(second_file)
    assert (second.rows, second.already_there) == (30, first.records)
    (there,) = centre.station("ST-01", station.registry).sensors
    channel = there.channel("co2")
    assert channel is not None
    span = {"start_us": us_of_time(BEGIN), "end_us": us_of_time(BEGIN + timedelta(hours=2))}
    ours = read_series(station.registry, station.channel_id("co2"), **span)
    theirs = read_series(centre.registry, channel.id, **span)
    assert theirs.value.tolist() == ours.value.tolist()
    assert verify_readings(centre.registry).rows == 80
    with pytest.raises(TeakError, match="not kept here"):
        FieldStation(centre.registry, centre.people["technician"], there).ingest()


def test_a_bundle_with_a_hole_before_it_is_refused(
    station: FieldStation, centre: Centre, tmp_path: Path
) -> None:
    late = tmp_path / "late.zip"
    key = exported(station.registry, station.technician, tmp_path / "whole.zip")
    centre.enrol(tmp_path / "whole.zip", key)
    exported(station.registry, station.technician, late, start=BEGIN + timedelta(seconds=30))
    assert verify_bundle(late, key).ok
    with pytest.raises(BundleRefused, match="begins with record"):
        centre.take(late)
    assert verify_readings(centre.registry).records == 0


def test_a_channel_that_came_later_comes_with_the_next_bundle(
    station: FieldStation, centre: Centre, tmp_path: Path
) -> None:
    key = exported(station.registry, station.technician, tmp_path / "first.zip")
    centre.enrol(tmp_path / "first.zip", key)
    centre.take(tmp_path / "first.zip")
    ingest = station.ingest()
    for second in range(3):
        ingest.take(frame(100 + second, wind_speed="2.5"))
    ingest.close()
    exported(station.registry, station.technician, tmp_path / "second.zip")
    centre.take(tmp_path / "second.zip")
    (there,) = centre.station("ST-01", station.registry).sensors
    assert there.channel("wind_speed") is not None


@ON_BOTH
def test_calibrations_come_as_they_were_signed_with_their_certificates(
    registry: OpenRegistry, people: dict[str, Actor], centre: Centre, tmp_path: Path
) -> None:
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    key = exported(registry, technician, before, "LPG-01")
    centre.enrol(before, key)
    taken = centre.take(before)
    assert (taken.calibrations, taken.certificates) == (1, 0)
    with pytest.raises(NotFound, match="no certificate of it came"):
        issue_calibration_certificate(centre.registry, centre.people["technician"], code)
    issued = issue_calibration_certificate(registry, technician, code)
    exported(registry, technician, after, "LPG-01")
    assert verify_bundle(after, key).ok
    taken, again = centre.take(after), centre.take(after)
    assert (taken.calibrations, taken.certificates) == (0, 1)
    assert (again.calibrations, again.certificates) == (0, 0)
    ours, theirs = get_calibration(registry, code), get_calibration(centre.registry, code)
    assert theirs.is_of_elsewhere
    assert theirs.reference == f"{code}@{registry.registry_id}"
    assert get_calibration(centre.registry, theirs.reference) == theirs
    for name in ("correction", "details", "performed_at", "applies_from", "next_due_on", "method"):
        assert getattr(theirs, name) == getattr(ours, name), name
    assert (theirs.performed_by, theirs.certificate_number) == ("technician", issued.number)
    (line,) = list_due(centre.registry)
    assert (line.last_code, line.certificate_number) == (code, issued.number)
    # Given as it came, not signed again; its own registry marks what it casts doubt on.
    again_there = issue_calibration_certificate(
        centre.registry, centre.people["technician"], code, language="th"
    )
    assert again_there.pdf == issued.pdf
    assert find_open_doubt(centre.registry, code) is None
    assert verify_readings(centre.registry).ok


@ON_BOTH
def test_a_changed_key_is_enrolled_and_earlier_records_still_verify(
    station: FieldStation, centre: Centre, tmp_path: Path
) -> None:
    registry, technician = station.registry, station.technician
    first_file, second_file = tmp_path / "first.zip", tmp_path / "second.zip"
    old = exported(registry, technician, first_file)
    centre.enrol(first_file, old)
    centre.take(first_file)
    new = change_station_key(registry, technician, "ST-01", reason="Laptop replaced")
    collect(station, 20, BEGIN + timedelta(hours=1))
    assert exported(registry, technician, second_file) == new
    assert verify_bundle(second_file, new).ok
    assert not verify_bundle(second_file, old).ok, "the old key vouches for nothing new"
    assert run_script(second_file, new) == (0, "all records hold\n")
    with pytest.raises(NotFound, match="Nobody enrolled"):
        centre.take(second_file)
    centre.enrol(second_file, new)
    with pytest.raises(RulesBroken, match="9702"):
        centre.enrol(second_file, new)
    assert centre.take(second_file).rows == 20
    assert centre.take(first_file).records == 0, "one from before still does no harm"
    assert verify_readings(centre.registry).ok
    assert centre.station("ST-01", registry).public_key == new


def test_a_station_enrolled_late_brings_the_keys_before(
    station: FieldStation, centre: Centre, tmp_path: Path
) -> None:
    change_station_key(station.registry, station.technician, "ST-01", reason="Yearly change")
    key = exported(station.registry, station.technician, tmp_path / "b.zip")
    centre.enrol(tmp_path / "b.zip", key)
    assert centre.take(tmp_path / "b.zip").rows == 50
    assert verify_readings(centre.registry).ok


def test_who_stole_the_old_key_adds_nothing_after_its_end(
    station: FieldStation, centre: Centre, tmp_path: Path
) -> None:
    registry, technician = station.registry, station.technician
    with reading(registry.engine) as connection:
        key_id, stolen = find_station_key(connection, station.sensor.station_id)
    change_station_key(registry, technician, "ST-01", reason="Laptop stolen")
    true_file, forged_file = tmp_path / "true.zip", tmp_path / "forged.zip"
    key = exported(registry, technician, true_file)
    centre.enrol(true_file, key)
    centre.take(true_file)
    # The thief forces the old key into the registry they hold, and goes on with it.
    with UnitOfWork(registry.engine) as unit:
        unit.connection.exec_driver_sql("DROP TRIGGER guard_station_key_kept")
        unit.connection.exec_driver_sql(
            "UPDATE station_key SET retired_at = added_at WHERE id <> ?", (key_id,)
        )
        unit.connection.exec_driver_sql(
            "UPDATE station_key SET retired_at = NULL WHERE id = ?", (key_id,)
        )
        unit.commit()
    collect(station, 20, BEGIN + timedelta(days=2))
    assert "signed with another key" in str(verify_readings(registry).first_failure)
    assert exported(registry, technician, forged_file) == stolen.public_key().public_bytes_raw()
    with pytest.raises(BundleRefused, match="does not fit the header"):
        centre.take(forged_file)
    late = tmp_path / "late.zip"
    exported(registry, technician, late, start=BEGIN + timedelta(days=2))
    assert verify_bundle(late, stolen.public_key().public_bytes_raw()).ok
    with pytest.raises(BundleRefused, match="not signed with the key that signs there"):
        centre.take(late)


@ON_BOTH
def test_two_registries_may_have_calibrations_of_one_code(
    registry: OpenRegistry, people: dict[str, Actor], centre: Centre, tmp_path: Path
) -> None:
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    key = exported(registry, technician, tmp_path / "b.zip", "LPG-01")
    theirs = centre.people["technician"]
    own = register_bench(centre.registry, theirs)
    done = finished(own.channels[0].id, bench())
    assert keep_calibration(centre.registry, theirs, done) == code
    centre.enrol(tmp_path / "b.zip", key)
    centre.take(tmp_path / "b.zip")
    assert not get_calibration(centre.registry, code).is_of_elsewhere
    assert get_calibration(centre.registry, f"{code}@{registry.registry_id}").is_of_elsewhere
    # The next of its own goes on counting its own.
    assert keep_calibration(centre.registry, theirs, done).endswith("-02")


def test_a_calibration_that_says_other_than_its_record_is_refused_or_found(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    """In a file, whose guards the key holder drops, verification names it."""
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    with reading(registry.engine) as connection:
        row = connection.execute(Calibration.__table__.select()).mappings().one()
    forged = dict(row) | {"id": None, "code": "CAL-2026-0001-99"}
    with (
        pytest.raises(GuardRefused, match="kept as its signed record says"),
        UnitOfWork(registry.engine) as unit,
    ):
        unit.connection.execute(Calibration.__table__.insert(), forged)  # type: ignore[attr-defined]
    assert verify_readings(registry).ok
    with UnitOfWork(registry.engine) as unit:
        unit.connection.exec_driver_sql("DROP TRIGGER guard_calibration_kept")
        unit.connection.exec_driver_sql("UPDATE calibration SET slope = slope * 2")
        unit.commit()
    assert "calibration CAL-2026-0001-01" in str(verify_readings(registry).first_failure)
