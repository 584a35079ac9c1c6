"""The co-location report on the EPA's data as the registry keeps it, against the file's own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from app.services.averaging.averages import average_averages
from app.services.averaging.periods import Period
from app.services.calibrating.comparing import read_colocated_points, report_colocation
from app.services.calibrating.recording import keep_calibration
from app.services.calibration.colocation import EPA_TARGETS, evaluate_colocation
from app.services.calibration.findings import CalibrationRefused
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.benches import bench, finished
from tests.fixtures.colocated import keep_averages, register_pair
from tests.services.calibration.test_colocation import RULE, hourly


@pytest.fixture
def technician(people: dict[str, Actor]) -> Actor:
    return people["technician"]


@pytest.mark.parametrize("channel", ["pm2_5", "o3"])
def test_the_registry_says_of_the_epas_data_what_the_file_says(
    registry: OpenRegistry, technician: Actor, channel: str
) -> None:
    targets = EPA_TARGETS[channel]
    reference, sensor = hourly(channel)
    if targets.period is Period.DAY:
        reference = average_averages(reference, period=Period.DAY, rule=RULE)
        sensor = average_averages(sensor, period=Period.DAY, rule=RULE)
    ids = register_pair(registry, technician, channel, targets.unit)
    for each, averages in zip(ids, (reference, sensor), strict=True):
        keep_averages(registry, each, targets.period, averages)
    report = report_colocation(registry, reference_id=ids[0], measured_id=ids[1])
    expected = evaluate_colocation(targets, reference=reference, measured=sensor)
    assert asdict(report) == asdict(expected)
    assert len(report.pairs.points) >= 20
    met = {judged.figure: judged.met for judged in report.judged}
    assert met["sd"] is None, "one sensor alone tells nothing of precision"


def test_hours_beside_a_calibrated_instrument_become_points(
    registry: OpenRegistry, technician: Actor
) -> None:
    reference, sensor = hourly("o3")
    ids = register_pair(registry, technician, "o3", "ppb")
    for each, averages in zip(ids, (reference, sensor), strict=True):
        keep_averages(registry, each, Period.HOUR, averages)
    with pytest.raises(CalibrationRefused, match="no calibration"):
        read_colocated_points(registry, reference_id=ids[0], measured_id=ids[1])
    made = bench(offset=0.2, gain=1.0)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    keep_calibration(registry, technician, finished(ids[0], made, at=at))
    points = read_colocated_points(registry, reference_id=ids[0], measured_id=ids[1])
    values = [point.material.value for point in points]
    assert len(points) == 5
    assert values == sorted(values)
    assert points[0].material.certificate.startswith("CAL-2026-")


def test_other_quantities_are_not_compared(registry: OpenRegistry, technician: Actor) -> None:
    ids = register_pair(registry, technician, "co2", "ppm")
    with pytest.raises(CalibrationRefused, match="no targets for co2 in ppm") as refused:
        report_colocation(registry, reference_id=ids[0], measured_id=ids[1])
    assert refused.value.hint
