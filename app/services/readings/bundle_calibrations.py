"""The calibrations of a bundle: rows as their signed records say, certificates as they came.

Owns writing them once. Nothing is signed again: the record was, with the station's key, and the
certificate was, with the key of the registry that issued it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from app.models.tables import Calibration, CalibrationPoint, SensorChannel
from app.models.tables.base import inserted_id
from app.services.documents import add_document_within
from app.services.readings.bundle_reading import BundleRefused, Manifest, read_certificate
from app.services.readings.chain import KeptRecord
from app.services.readings.kept_as_signed import calibration_row
from app.services.readings.record import time_of_us
from app.services.stations.calibrations import attach_certificate_within
from app.services.stations.registering import Within


def take_calibration(within: Within, kept: KeptRecord, *, import_id: int) -> bool:
    """Put the calibration that a record tells of on the board; False when it is there already.

    Raises BundleRefused for a record that cannot be read as one.
    """
    connection = within.connection
    try:
        row = calibration_row(kept.record)
        channel_id = _channel(connection, kept.sensor_id, kept.record.said()["body"]["channel"])
        points = _points(json.loads(row["details"]))
    except (KeyError, ValueError, TypeError, LookupError) as error:
        raise BundleRefused(
            f"Record {kept.sequence} tells of a calibration that cannot be read: {error}.",
            hint="Keep the file and ask who exported it.",
        ) from None
    if _find(connection, channel_id, row["code"]) is not None:
        return False
    made = inserted_id(
        connection.execute(
            insert(Calibration),
            row
            | {
                "channel_id": channel_id,
                "sequence": kept.sequence,
                "performed_at": time_of_us(kept.first_us),
                "certificate_number": None,
                "certificate_sha256": None,
                "performed_by": within.actor.id,
                "recorded_at": within.now,
                "import_id": import_id,
            },
        )
    )
    if points:
        each = [point | {"calibration_id": made} for point in points]
        connection.execute(insert(CalibrationPoint), each)
    within.log(
        "calibration-taken-over",
        {
            "calibration": row["code"],
            "registry": kept.record.said()["registry"],
            "details_sha256": sha256(row["details"].encode()).hexdigest(),
        },
    )
    return True


def take_certificates(
    within: Within, path: Path, manifest: Manifest, sensors: Mapping[str, int]
) -> int:
    """Keep the certificates of a bundle and attach each to its calibration; give how many.

    One that is attached already is passed over. Raises BundleRefused where another is.
    """
    taken = 0
    for item in manifest.content.get("certificates", ()):
        row = _calibration(within.connection, sensors.get(item["sensor"]), item["calibration"])
        if row is None or row.certificate_sha256 == item["sha256"]:
            continue
        if row.certificate_sha256 is not None:
            raise BundleRefused(
                f"“{path}” brings certificate {item['certificate']} of calibration {row.code}, "
                f"which has {row.certificate_number} here.",
                hint="Two certificates of one calibration: keep both files and ask an auditor.",
            )
        _attach(within, row, item, read_certificate(path, item["sha256"]))
        taken += 1
    return taken


def _attach(within: Within, row: Any, item: Mapping[str, str], pdf: bytes) -> None:
    number = item["certificate"]
    document = add_document_within(
        within.connection,
        within.registry,
        within.actor,
        name=f"{number}.pdf",
        media_type="application/pdf",
        content=pdf,
    )
    attach_certificate_within(
        within, row.id, row.code, number=number, document_sha256=document.sha256
    )


def _calibration(connection: Connection, sensor_id: int | None, code: str) -> Any:
    return connection.execute(
        select(
            Calibration.id,
            Calibration.code,
            Calibration.certificate_number,
            Calibration.certificate_sha256,
        )
        .join(SensorChannel, SensorChannel.id == Calibration.channel_id)
        .where(SensorChannel.sensor_id == sensor_id, Calibration.code == code)
    ).one_or_none()


def _find(connection: Connection, channel_id: int, code: str) -> int | None:
    return connection.execute(
        select(Calibration.id).where(Calibration.channel_id == channel_id, Calibration.code == code)
    ).scalar()


def _channel(connection: Connection, sensor_id: int, channel: str) -> int:
    found = connection.execute(
        select(SensorChannel.id).where(
            SensorChannel.sensor_id == sensor_id, SensorChannel.channel == channel
        )
    ).scalar()
    if found is None:
        raise LookupError(f"its sensor has no channel “{channel}”")
    return int(found)


def _points(details: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the lines of the certificate's table; single readings stay where they were taken."""
    return [
        {
            "phase": phase,
            "number": number,
            "standard_id": None,
            "reference": Decimal(point["material"]["value"]),
            "mean": float(point["mean"]),
            "count": int(point["count"]),
            "error": float(point["judged"]["error"]),
            "expanded": float(point["budget"]["combined"]) * float(point["budget"]["factor"]),
            "coverage": float(point["budget"]["factor"]),
            "verdict": str(point["judged"]["verdict"] or ""),
            "readings": "[]",
        }
        for phase, found in (("as-found", "as_found"), ("as-left", "as_left"))
        for number, point in enumerate(details[found], 1)
    ]
