"""Two channels of the registry side by side: the co-location report, and points of a calibration.

Owns fetching their averages; the figures are `app.services.calibration.colocation`'s.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import SensorChannel
from app.services.averaging.averages import Average
from app.services.averaging.periods import Period
from app.services.calibration.colocated_points import colocated_points
from app.services.calibration.colocation import (
    EPA_TARGETS,
    CoLocation,
    evaluate_colocation,
    pair_averages,
)
from app.services.calibration.evaluation import PointReadings
from app.services.calibration.findings import CalibrationRefused, Finding
from app.services.calibration.reference_materials import ReferenceMaterial, check_reference
from app.services.readings.record import us_of_time
from app.services.readings.rollup_rows import read_rollups
from app.services.registry.context import OpenRegistry
from app.services.stations.kept_calibrations import list_calibrations

_FIRST_US = us_of_time(datetime(1990, 1, 1, tzinfo=UTC))


def report_colocation(registry: OpenRegistry, *, reference_id: int, measured_id: int) -> CoLocation:
    """Evaluate all that two channels measured together against the EPA's targets.

    CalibrationRefused for quantities without targets, other units, or too few pairs.
    """
    with reading(registry.engine) as connection:
        channel, unit = _same(connection, reference_id, measured_id)
        targets = EPA_TARGETS.get(channel)
        if targets is None or targets.unit != unit:
            raise _no_targets(channel, unit)
        reference, measured = _averages(
            connection, registry, targets.period, reference_id, measured_id
        )
    return evaluate_colocation(targets, reference=reference, measured=measured)


def read_colocated_points(
    registry: OpenRegistry, *, reference_id: int, measured_id: int
) -> tuple[PointReadings, ...]:
    """Give the hours of two channels as calibration points; the reference must be calibrated here.

    CalibrationRefused naming what is missing: no calibration of the reference, or too few hours.
    """
    with reading(registry.engine) as connection:
        channel, unit = _same(connection, reference_id, measured_id)
        reference, measured = _averages(
            connection, registry, Period.HOUR, reference_id, measured_id
        )
    instrument = _instrument(registry, reference_id, channel, unit)
    for finding in check_reference(instrument, on=registry.today(), unit=unit):
        if finding.blocks:
            raise CalibrationRefused(finding)
    pairs = pair_averages(reference, measured).points
    return colocated_points([(pair.reference, pair.measured) for pair in pairs], instrument)


def _instrument(
    registry: OpenRegistry, channel_id: int, channel: str, unit: str
) -> ReferenceMaterial:
    """Describe the reference instrument by its own last calibration."""
    kept = next(iter(list_calibrations(registry, channel_id=channel_id)), None)
    if kept is None:
        raise CalibrationRefused(
            Finding(
                "reference-uncalibrated",
                "The reference instrument has no calibration in this registry.",
                "เครื่องอ้างอิงยังไม่มีผลการสอบเทียบในทะเบียนนี้",
            ),
            hint="Calibrate it against a reference material first.",
        )
    expanded = max(
        (
            float(point["budget"]["combined"]) * float(point["budget"]["factor"])
            for point in kept.details["as_left"]
        ),
        default=0.0,
    )
    return ReferenceMaterial(
        f"{kept.station} {kept.sensor}",
        channel,
        0.0,
        unit,
        expanded,
        2.0,
        kept.certificate_number or kept.code,
        registry.name_en,
        kept.next_due_on,
    )


def _same(connection: Connection, reference_id: int, measured_id: int) -> tuple[str, str]:
    """Give quantity and unit of both channels; refused where they differ."""
    rows = {
        row.id: (str(row.channel), str(row.unit))
        for row in connection.execute(
            select(SensorChannel.id, SensorChannel.channel, SensorChannel.unit).where(
                SensorChannel.id.in_((reference_id, measured_id))
            )
        )
    }
    if reference_id not in rows or measured_id not in rows or reference_id == measured_id:
        raise NotFound("Choose two channels of this registry.")
    if rows[reference_id] != rows[measured_id]:
        first, second = (" in ".join(rows[each]) for each in (reference_id, measured_id))
        raise CalibrationRefused(
            Finding(
                "other-quantity",
                f"The reference measures {first}, the sensor {second}: they cannot be compared.",
                f"เครื่องอ้างอิงวัด {first} แต่เซนเซอร์วัด {second} เปรียบเทียบกันไม่ได้",
            ),
            hint="Choose channels of one quantity and one unit.",
        )
    return rows[reference_id]


def _averages(
    connection: Connection,
    registry: OpenRegistry,
    period: Period,
    reference_id: int,
    measured_id: int,
) -> tuple[list[Average], list[Average]]:
    found = read_rollups(
        connection,
        (reference_id, measured_id),
        period,
        start_us=_FIRST_US,
        end_us=us_of_time(registry.now()),
    )
    reference, measured = (
        [rollup.average() for rollup in found.get(each, [])] for each in (reference_id, measured_id)
    )
    return reference, measured


def _no_targets(channel: str, unit: str) -> CalibrationRefused:
    known = ", ".join(f"{each.channel} in {each.unit}" for each in EPA_TARGETS.values())
    return CalibrationRefused(
        Finding(
            "no-targets",
            f"The EPA gives no targets for {channel} in {unit}; it does for {known}.",
            f"EPA ไม่ได้กำหนดเป้าหมายสำหรับ {channel} หน่วย {unit} มีเฉพาะ {known}",
        ),
        hint="Choose one of these quantities.",
    )
