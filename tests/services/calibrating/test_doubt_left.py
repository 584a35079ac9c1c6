"""Doubtful data left as they are: who, when and why is kept, and printed on the certificate."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.services.calibrating.certifying import issue_calibration_certificate
from app.services.calibrating.doubt import mark_open_doubt
from app.services.calibrating.doubt_left import leave_doubt, read_doubt, tell_doubt
from app.services.calibrating.recording import keep_calibration
from app.services.checks.violation import RulesBroken
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.ingest import SensorIngest
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.events import EventKind, list_events
from app.services.stations.values import SensorDetail
from tests.fixtures.benches import bench, finished, register_bench
from tests.fixtures.registries import START


@pytest.fixture
def sensor(registry: OpenRegistry, people: dict[str, Actor]) -> SensorDetail:
    technician = people["technician"]
    made = register_bench(registry, technician)
    ingest = SensorIngest(registry, technician, made.id)
    for number in range(30):
        at = START - timedelta(minutes=10) + timedelta(seconds=10 * number)
        ingest.take(Arrived(at, (ArrivedValue("co2", Decimal(430), "ppm"),), b"\x01"))
    ingest.close()
    return made


@pytest.fixture
def code(registry: OpenRegistry, people: dict[str, Actor], sensor: SensorDetail) -> str:
    """A calibration that found the sensor out of tolerance."""
    done = finished(sensor.channels[0].id, bench(), at=START)
    return keep_calibration(registry, people["technician"], done)


@pytest.mark.both_engines
def test_leaving_is_recorded_with_person_time_and_reason(
    registry: OpenRegistry, people: dict[str, Actor], sensor: SensorDetail, code: str
) -> None:
    technician = people["technician"]
    assert read_doubt(registry, code).is_open
    for reason in ("", "  "):
        with pytest.raises(RulesBroken) as refused:
            leave_doubt(registry, technician, code, reason=reason)
        (violation,) = refused.value.violations
        assert violation.code == 9709
        assert code in violation.message
        assert code in violation.message_th
    with pytest.raises(RulesBroken, match="9701"):
        leave_doubt(registry, people["auditor"], code, reason="The auditor may not.")
    leave_doubt(registry, technician, code, reason=" The gas line leaked. ")
    standing = read_doubt(registry, code)
    assert standing.left is not None
    assert (standing.left.by, standing.left.reason) == ("technician", "The gas line leaked.")
    assert not standing.is_open
    assert standing.unmarked is not None
    (told,) = list_events(registry, sensor.station_id)
    assert (told.event.kind, told.event.value, told.event.sensor_id) == (
        EventKind.DATA_LEFT,
        code,
        sensor.id,
    )
    sequence = mark_open_doubt(registry, technician, code, note="The verifier asked.")
    after = read_doubt(registry, code)
    assert (after.unmarked, after.marked_by, after.left) == (None, sequence, standing.left)
    assert len(tell_doubt(after)) == 2


def test_the_certificate_says_what_was_done_with_the_data(
    registry: OpenRegistry, people: dict[str, Actor], code: str
) -> None:
    leave_doubt(registry, people["technician"], code, reason="The gas line leaked.")
    issued = issue_calibration_certificate(registry, people["technician"], code)
    said = [each for each in issued.statement.remarks if "left as they are" in each.en]
    (told,) = said
    assert told.en == (
        "The data since the last good check were left as they are by technician, 2026-11-21: "
        "The gas line leaked."
    )
    assert "คงไว้ตามเดิมโดย technician" in told.th


def test_what_passed_as_found_casts_no_doubt(
    registry: OpenRegistry, people: dict[str, Actor], sensor: SensorDetail
) -> None:
    good = bench(offset=0.1, gain=1.0)
    done = finished(sensor.channels[0].id, good, at=START)
    standing = read_doubt(registry, keep_calibration(registry, people["technician"], done))
    assert (standing.unmarked, standing.marked_by, standing.left) == (None, None, None)
    assert tell_doubt(standing) == ()
