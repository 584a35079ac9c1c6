"""Calibrations are recorded once, signed, applied from then on, and due again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from app.models.errors import GuardRefused, StorageError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.calibration.evaluation import (
    CalibrationSettings,
    PointReadings,
    evaluate_calibration,
)
from app.services.calibration.limits import Procedure
from app.services.calibration.reference_materials import ReferenceMaterial
from app.services.calibration.tolerance import Tolerance
from app.services.checks.violation import RulesBroken
from app.services.documents import add_document
from app.services.readings.chain import records_between
from app.services.readings.queries import latest_values
from app.services.readings.record import RecordKind
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.calibrations import (
    NewCalibration,
    attach_certificate_within,
    record_calibration,
)
from app.services.stations.kept_calibrations import due_board, get_calibration
from app.services.stations.registering import Within
from app.services.stations.standards import add_standard, list_standards, retire_standard
from tests.fixtures.stations import BEGIN, FieldStation, frame, make_station


def gas(name: str, value: float) -> ReferenceMaterial:
    return ReferenceMaterial(name, "co2", value, "ppm", 2.0, 2.0, "C-1", "NIMT", date(2027, 6, 1))


def record_two_points(
    station: FieldStation, *, at: datetime, written_to_device: bool = False
) -> str:
    """Calibrate the station's CO2 with two gases: it shows 10 ppm more than there is."""
    points = tuple(
        PointReadings(gas(f"G{value}", value), (value + 10.0, value + 10.2, value + 9.8))
        for value in (400.0, 1000.0)
    )
    settings = CalibrationSettings(Procedure.TWO_POINT, "co2", "ppm", Tolerance(5.0), 0, 2000)
    outcome = evaluate_calibration(settings, points, on=date(2026, 11, 20))
    return record_calibration(
        station.registry,
        station.technician,
        NewCalibration(
            station.channel_id("co2"),
            at,
            outcome,
            at,
            date(2027, 5, 20),
            written_to_device,
            as_found=points,
        ),
    )


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    return make_station(registry, people["technician"])


@pytest.mark.both_engines
def test_a_calibration_is_signed_and_applied(station: FieldStation) -> None:
    registry = station.registry
    code = record_two_points(station, at=BEGIN)
    assert code == f"CAL-2026-{station.sensor.id:04}-01"
    assert record_two_points(station, at=BEGIN - timedelta(days=1)).endswith("-02")
    kept = get_calibration(registry, code)
    assert kept.verdict_as_found == "fail"
    assert kept.correction.intercept == pytest.approx(10, abs=0.1)
    assert kept.details["verdict"] if "verdict" in kept.details else kept.details["as_found"]
    with reading(registry.engine) as connection:
        signed = records_between(
            connection, station.sensor.id, kind=RecordKind.CALIBRATION, start_us=0, end_us=2**60
        )
    assert {item.record.said()["body"]["calibration"] for item in signed} >= {code}
    ingest = station.ingest()
    for second in range(3):
        ingest.take(frame(second, co2=430))
    ingest.close()
    (latest,) = latest_values(registry, station.sensor.id)
    assert latest.calibration == code
    assert latest.raw == Decimal(430)
    assert latest.value == pytest.approx(420, abs=0.2)
    assert latest.uncertainty > 0


def test_a_calibration_is_given_its_certificate_once(station: FieldStation) -> None:
    registry, technician = station.registry, station.technician
    code = record_two_points(station, at=BEGIN)
    kept = get_calibration(registry, code)
    paper = add_document(
        registry, technician, name="c.pdf", media_type="application/pdf", content=b"%PDF-"
    )

    def attach(number: str) -> None:
        with UnitOfWork(registry.engine) as unit:
            within = Within(unit.connection, registry, technician, registry.now())
            attach_certificate_within(
                within, kept.id, code, number=number, document_sha256=paper.sha256
            )
            unit.commit()

    attach("C-7")
    with pytest.raises(GuardRefused):
        attach("C-8")
    assert get_calibration(registry, code).certificate_number == "C-7"


@pytest.mark.both_engines
def test_what_was_written_to_the_device_is_not_corrected_twice(station: FieldStation) -> None:
    record_two_points(station, at=BEGIN, written_to_device=True)
    ingest = station.ingest()
    ingest.take(frame(0, co2=430))
    ingest.close()
    assert latest_values(station.registry, station.sensor.id)[0].value == pytest.approx(430)


@pytest.mark.both_engines
def test_the_board_says_what_is_due(station: FieldStation) -> None:
    record_two_points(station, at=BEGIN)
    (due,) = due_board(station.registry)
    assert (due.channel, due.due_on) == ("co2", date(2027, 5, 20))
    assert due.days_left == (date(2027, 5, 20) - station.registry.today()).days


@pytest.mark.both_engines
def test_only_technicians_calibrate_and_keep_standards(
    station: FieldStation, people: dict[str, Actor]
) -> None:
    registry = station.registry
    made = add_standard(registry, station.technician, gas("G400", 400))
    with pytest.raises(RulesBroken, match="9702"):
        add_standard(registry, station.technician, gas("G400", 500))
    with pytest.raises(RulesBroken, match="9701"):
        add_standard(registry, people["officer"], gas("G500", 500))
    assert list_standards(registry)[0].material == gas("G400", 400)
    retire_standard(registry, station.technician, made)
    assert list_standards(registry)[0].is_retired
    with (
        pytest.raises(StorageError, match=r"never changed|permission denied"),
        UnitOfWork(registry.engine_for(station.technician)) as unit,
    ):
        unit.connection.exec_driver_sql("UPDATE reference_standard SET value = 1")
