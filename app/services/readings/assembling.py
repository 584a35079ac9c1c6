"""From judged frames to the columns of a record, calibrated by what is in force.

Owns putting them together; must not write them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.services.quality.flags import Flag
from app.services.readings.columns import ChannelColumn, Note, Rows
from app.services.readings.corrections import CorrectionInForce, Corrections, calibrate
from app.services.readings.judging import JudgedFrame, JudgedValue
from app.services.readings.packing import pack_rows
from app.services.readings.record import RecordContent, RecordKind
from app.services.stations.values import SensorDetail

_Cell = tuple[int, JudgedValue]


def assemble_rows(
    frames: Sequence[JudgedFrame], sensor: SensorDetail, corrections: Mapping[str, Corrections]
) -> Rows:
    """Make the rows of a record of frames, each channel and calibration a column."""
    cells: dict[tuple[str, str], list[_Cell]] = defaultdict(list)
    steps: dict[tuple[str, str], CorrectionInForce] = {}
    notes: list[Note] = []
    for row, frame in enumerate(frames):
        for name, value in frame.values.items():
            step = corrections.get(name, Corrections()).at(frame.time_us)
            cells[name, step.code].append((row, value))
            steps[name, step.code] = step
            notes.extend(_notes(row, value))
        notes.extend(
            Note(row, item.channel, f"also in this frame: {item.value}", item.as_sent, item.unit)
            for item in frame.repeated
        )
    columns = tuple(_column(sensor, key, cells[key], steps[key]) for key in sorted(cells))
    times = np.array([frame.time_us for frame in frames], dtype=np.int64)
    return Rows(times, tuple(frame.raw for frame in frames), columns, tuple(notes))


def readings_content(rows: Rows) -> RecordContent:
    """Make the content of a record of readings."""
    return RecordContent(
        RecordKind.READINGS,
        int(rows.times.min()),
        int(rows.times.max()),
        {
            "rows": int(rows.times.size),
            "readings": rows.reading_count,
            "channels": [_summary(column) for column in rows.columns],
        },
        pack_rows(rows),
        int(rows.times.size),
    )


def _summary(column: ChannelColumn) -> dict[str, Any]:
    return {
        "channel": column.channel,
        "unit": column.unit,
        "calibration": column.calibration,
        "good": column.count(Flag.GOOD),
        "suspicious": column.count(Flag.SUSPECT, Flag.NOT_EVALUATED),
        "bad": column.count(Flag.FAIL, Flag.MISSING),
    }


def _column(
    sensor: SensorDetail, key: tuple[str, str], cells: list[_Cell], step: CorrectionInForce
) -> ChannelColumn:
    channel = sensor.channel(key[0])
    uncertainty = channel.uncertainty if channel is not None else None
    numbers = np.array([value.number for _, value in cells], dtype=np.float64)
    values, uncertainties = calibrate(
        numbers, step.correction, u_raw=None if uncertainty is None else float(uncertainty)
    )
    return ChannelColumn(
        key[0],
        channel.unit if channel is not None else cells[0][1].unit,
        key[1],
        np.array([row for row, _ in cells], dtype=np.int64),
        tuple(value.raw for _, value in cells),
        values,
        np.where(np.isnan(values), np.nan, uncertainties),
        np.array([value.flag for _, value in cells], dtype=np.uint8),
        np.array([value.tests for _, value in cells], dtype=np.uint16),
    )


def _notes(row: int, value: JudgedValue) -> list[Note]:
    other_unit = "" if value.is_in_unit else value.unit or "no unit"
    as_sent = value.as_sent if value.raw is None or other_unit else ""
    if not (value.reason or as_sent or other_unit):
        return []
    return [Note(row, value.channel, value.reason, as_sent, other_unit)]
