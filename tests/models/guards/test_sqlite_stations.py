"""Attacks on stations of a registry file by somebody who has its key: what the guards refuse."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.models.errors import GuardRefused, TeakError
from app.models.storage.unit_of_work import UnitOfWork
from app.services.calibrating.recording import keep_calibration
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.events import EventKind, NewEvent, record_event
from app.services.stations.keys import change_station_key
from tests.fixtures.benches import bench, finished, register_bench

_COPY = (
    "INSERT INTO reading_record SELECT sensor_id, {sequence}, kind, first_us, last_us, row_count, "
    "header, payload, {hash}, signature, {key}, recorded_by, import_id FROM reading_record "
    "WHERE sequence = 2"
)
_CALIBRATION = (
    "INSERT INTO calibration SELECT NULL, {code}, channel_id, sequence, method, performed_at, "
    "applies_from, next_due_on, slope, intercept, u_slope, u_intercept, covariance, "
    "written_to_device, verdict_as_found, verdict_as_left, {details}, NULL, NULL, technician, "
    "performed_by, recorded_at, import_id FROM calibration"
)
_KEY = (
    "INSERT INTO station_key SELECT NULL, station_id, x'01', {private}, added_at, added_by, "
    "{retired} FROM station_key WHERE id = 2"
)

ATTACKS = {
    "change a record": ("UPDATE reading_record SET payload = x'00'", "cannot be changed"),
    "delete a record": ("DELETE FROM reading_record", "cannot be deleted"),
    "replace a record": (
        "INSERT OR REPLACE INTO reading_record SELECT * FROM reading_record WHERE sequence = 1",
        "follow one another|in use",
    ),
    "leave a hole in a chain": (
        _COPY.format(sequence=4, hash="hash", key="2"),
        "follow one another",
    ),
    "fork a chain": (_COPY.format(sequence=3, hash="hash", key="2"), "names the one before"),
    "rewrite a station's history": ("UPDATE station_event SET note = 'x'", "cannot be changed"),
    "delete a station's history": ("DELETE FROM station_event", "cannot be deleted"),
    "exchange a key": ("UPDATE station_key SET public_key = x'00'", "never changed"),
    "bring a retired key back": (
        "UPDATE station_key SET retired_at = NULL WHERE id = 1",
        "never changed",
    ),
    "delete a key": ("DELETE FROM station_key", "cannot be deleted"),
    "two keys at once": (
        _KEY.format(private="private_key", retired="NULL"),
        "UNIQUE",
    ),
    "enrol a key as a technician": (
        _KEY.format(private="NULL", retired="added_at"),
        "active administrator",
    ),
    "better a calibration": (
        "UPDATE calibration SET verdict_as_found = 'pass'",
        "gets its certificate once",
    ),
    "a calibration that nobody signed": (
        _CALIBRATION.format(code="'CAL-X'", details="details"),
        "as its signed record says",
    ),
    "a calibration with other figures": (
        _CALIBRATION.format(code="code || 'x'", details="'{}'"),
        "as its signed record says",
    ),
    "replace a calibration": (
        _CALIBRATION.replace("INSERT", "INSERT OR REPLACE").format(code="code", details="details"),
        "cannot be replaced",
    ),
    "better the points": ("UPDATE calibration_point SET error = 0", "cannot be changed"),
}


@pytest.fixture
def field(registry: OpenRegistry, people: dict[str, Actor]) -> OpenRegistry:
    """A station whose key was changed after a calibration, and an event."""
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    change_station_key(registry, technician, "LPG-01", reason="Yearly change")
    event = NewEvent(sensor.station_id, EventKind.NOTE, registry.now(), note="Inlet cleaned")
    record_event(registry, technician, event)
    return registry


def test_the_file_itself_refuses(field: OpenRegistry) -> None:
    said = {}
    for name, (statement, words) in ATTACKS.items():
        try:
            with UnitOfWork(field.engine) as unit:
                unit.connection.execute(text(statement))
                unit.commit()
        except (TeakError, IntegrityError) as error:
            said[name] = None if re.search(words, str(error)) else str(error)
        else:
            said[name] = "done"
    assert {name: problem for name, problem in said.items() if problem} == {}
    assert verify_readings(field).ok


def test_a_retired_key_signs_no_more(field: OpenRegistry) -> None:
    header = "(SELECT '{\"previous\":\"' || lower(hex(hash)) || '\"}' FROM reading_record "
    header += "WHERE sequence = 2)"
    statement = (
        "INSERT INTO reading_record SELECT sensor_id, 3, 'gap', first_us, last_us, 0, "
        f"CAST({header} AS BLOB), x'', hash, signature, 1, recorded_by, NULL "
        "FROM reading_record WHERE sequence = 2"
    )
    with (
        pytest.raises(GuardRefused, match="a key of its station that is in use"),
        UnitOfWork(field.engine) as unit,
    ):
        unit.connection.execute(text(statement))
