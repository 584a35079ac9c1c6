"""A calibration's row beside its signed record: what must be the same in both.

Owns reading a row from a record, and the comparison. The row is what the board and corrections
are read from; the record is the evidence.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.models.tables import Calibration, ReadingRecord, SensorChannel
from app.services.readings.record import SignedRecord, time_of_us

_NUMBERS = ("slope", "intercept", "u_slope", "u_intercept", "covariance")


def calibration_row(record: SignedRecord) -> dict[str, Any]:
    """Read what a signed calibration says, as columns of `calibration`.

    Raises KeyError, ValueError, TypeError for a record that says it otherwise.
    """
    said = record.said()
    body = said["body"]
    due = body.get("next_due_on")
    return {
        "code": str(body["calibration"]),
        "method": str(body["method"]),
        "applies_from": time_of_us(body["applies_from_us"]),
        "next_due_on": None if due is None else date.fromisoformat(due),
        **{name: float(body[name]) for name in _NUMBERS},
        "written_to_device": bool(body["written_to_device"]),
        "verdict_as_found": str(body["verdict_as_found"]),
        "verdict_as_left": str(body["verdict_as_left"]),
        "details": record.payload.decode("utf-8"),
        "technician": str(said["by"]),
    }


def unsigned_calibration(connection: Connection, sensor_id: int) -> str:
    """Name the first calibration of a sensor that is not kept as it was signed; "" for none."""
    rows = connection.execute(
        select(
            *Calibration.__table__.columns,
            SensorChannel.channel,
            ReadingRecord.header,
            ReadingRecord.payload,
            ReadingRecord.signature,
        )
        .join(SensorChannel, SensorChannel.id == Calibration.channel_id)
        .outerjoin(
            ReadingRecord,
            (ReadingRecord.sensor_id == SensorChannel.sensor_id)
            & (ReadingRecord.sequence == Calibration.sequence),
        )
        .where(SensorChannel.sensor_id == sensor_id)
        .order_by(Calibration.id)
    )
    for row in rows:
        if row.header is None or not _is_as_signed(row):
            return f"calibration {row.code}: it is not kept as it was signed"
    return ""


def _is_as_signed(row: Any) -> bool:
    record = SignedRecord(bytes(row.header), bytes(row.payload), bytes(row.signature))
    try:
        signed = calibration_row(record)
        channel = record.said()["body"]["channel"]
    except (KeyError, ValueError, TypeError):
        return False
    if "next_due_on" not in record.said()["body"]:
        # Records made before it was signed say nothing of it.
        signed["next_due_on"] = row.next_due_on
    return channel == row.channel and all(
        getattr(row, name) == value for name, value in signed.items()
    )
