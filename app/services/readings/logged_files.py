"""Importing logged files: a preview that changes nothing, then the import of what it showed.

Owns turning a file's rows into arrivals of a registered sensor. Each row's text is kept as the
raw frame; a value that cannot be read keeps its text and is flagged; a row whose time cannot be
read is refused and named. A file is imported for a sensor once; an import that was cut off is
taken up where it ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from app.models.errors import TeakError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import ReadingImport, ReadingRecord
from app.models.tables.base import inserted_id
from app.services.measurement_files import LocalTimes, find_zone, print_time
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.bundle_reading import file_digest
from app.services.readings.file_layout import (
    FileLayout,
    LoggedRow,
    convert_unit,
    read_logged_rows,
    read_number,
    spelled,
)
from app.services.readings.ingest import IngestSettings, SensorIngest
from app.services.readings.record import RecordKind, time_of_us
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.listing import get_sensor
from app.services.stations.registering import Within

_SHOWN = 20
_MOST_REFUSED = 100
_ONE_DAY_S = 86_000.0
_ROWS_A_RECORD = 1_440


class AlreadyImported(TeakError):
    """The same file was imported for this sensor before."""

    code = "already-imported"


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be read: time in UTC, then value, unit or remark by channel."""

    number: int
    at: str
    values: dict[str, str]


@dataclass(frozen=True)
class RefusedRow:
    """A row that would not be read, and why."""

    number: int
    reason: str
    raw: str


@dataclass(frozen=True)
class FilePreview:
    """What an import would do; `remarks` says what is wrong with units and columns."""

    layout: FileLayout
    sha256: str
    rows: int
    refused_count: int
    first: tuple[PreviewRow, ...]
    refused: tuple[RefusedRow, ...]
    begins: str
    ends: str
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What an import of a file did."""

    rows: int
    refused: int
    records: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {"ok": True, **{name: getattr(self, name) for name in self.__slots__}}


def preview_file(path: Path, layout: FileLayout) -> FilePreview:
    """Read a whole file as the layout says and show what would come of it; UnreadableFile."""
    first: list[PreviewRow] = []
    refused: list[RefusedRow] = []
    rows = refused_count = 0
    low = high = None
    for item in _arrivals(path, layout):
        if isinstance(item, RefusedRow):
            refused_count += 1
            if len(refused) < _MOST_REFUSED:
                refused.append(item)
            continue
        number, time_us, arrived = item
        rows += 1
        low = time_us if low is None else min(low, time_us)
        high = time_us if high is None else max(high, time_us)
        if len(first) < _SHOWN:
            first.append(PreviewRow(number, print_time(time_us), _shown(arrived)))
    return FilePreview(
        layout,
        file_digest(path),
        rows,
        refused_count,
        tuple(first),
        tuple(refused),
        "" if low is None else print_time(low),
        "" if high is None else print_time(high),
        _remarks(layout),
    )


def import_file(
    registry: OpenRegistry,
    actor: Actor,
    sensor_id: int,
    path: Path,
    layout: FileLayout,
    *,
    told: Callable[[int, int], None] | None = None,
) -> ImportedFile:
    """Import a file for a sensor; `told` hears rows done and rows in all.

    Raises AlreadyImported, UnreadableFile, RulesBroken, NotFound, StationKeyAbsent.
    """
    preview = preview_file(path, layout)
    units = {item.channel: item.unit for item in get_sensor(registry, sensor_id).channels}
    import_id, done = _begin(registry, actor, sensor_id, path, preview)
    settings = IngestSettings(period_s=_ONE_DAY_S, rows_a_record=_ROWS_A_RECORD, marks_start=False)
    ingest = SensorIngest(registry, actor, sensor_id, settings=settings, import_id=import_id)
    seen = 0
    for item in _arrivals(path, layout, units):
        if isinstance(item, RefusedRow):
            continue
        seen += 1
        if seen > done:
            ingest.take(item[2], watched=False)
        if told is not None and seen % _ROWS_A_RECORD == 0:
            told(seen, preview.rows)
    ingest.close()
    return ImportedFile(
        ingest.rows_written, preview.refused_count, ingest.records_written, preview.sha256
    )


def _begin(
    registry: OpenRegistry, actor: Actor, sensor_id: int, path: Path, preview: FilePreview
) -> tuple[int, int]:
    """Record the import, or find one that was cut off; gives its id and the rows it has."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        require_technician(connection, actor, act="imports readings", act_th="นำเข้าค่าที่วัด")
        within = Within(connection, registry, actor, registry.now())
        found = connection.execute(
            select(ReadingImport.id, ReadingImport.settings).where(
                ReadingImport.sha256 == preview.sha256, ReadingImport.subject == str(sensor_id)
            )
        ).one_or_none()
        settings = json.dumps(asdict(preview.layout), ensure_ascii=False, sort_keys=True)
        if found is not None:
            done = connection.execute(
                select(func.coalesce(func.sum(ReadingRecord.row_count), 0)).where(
                    ReadingRecord.sensor_id == sensor_id,
                    ReadingRecord.kind == str(RecordKind.READINGS),
                    ReadingRecord.import_id == found.id,
                )
            ).scalar_one()
            if done >= preview.rows or found.settings != settings:
                raise AlreadyImported(
                    f"“{path}” was imported for this sensor already.",
                    hint="Each file is imported once; mark readings instead of importing anew.",
                )
            return int(found.id), int(done)
        made = inserted_id(
            connection.execute(
                insert(ReadingImport),
                {
                    "sha256": preview.sha256,
                    "subject": str(sensor_id),
                    "form": preview.layout.form,
                    "file_name": path.name,
                    "settings": settings,
                    "row_count": preview.rows,
                    "refused_count": preview.refused_count,
                    "imported_at": within.now,
                    "imported_by": actor.id,
                },
            )
        )
        within.log("readings-imported", {"sha256": preview.sha256, "form": preview.layout.form})
        unit.commit()
    return made, 0


def _arrivals(
    path: Path, layout: FileLayout, units: dict[str, str] | None = None
) -> Iterator[tuple[int, int, Arrived] | RefusedRow]:
    times = LocalTimes(zone=find_zone(layout.zone), form=layout.time_form)
    for row in read_logged_rows(path, layout):
        text = row.cells.get(layout.time_column, "")
        time_us = times.read(text)
        if row.is_short:
            yield RefusedRow(row.number, "the row ends before its last column", row.raw)
        elif times.was_skipped:
            why = f"the time “{text}” does not exist in {layout.zone}, where clocks went forward: "
            yield RefusedRow(row.number, why + "give the offset the logger keeps", row.raw)
        elif time_us is None:
            yield RefusedRow(row.number, f"the time “{text}” cannot be read", row.raw)
        else:
            values = tuple(_values(row, layout, units or {}))
            yield row.number, time_us, Arrived(time_of_us(time_us), values, row.raw.encode())


def _values(row: LoggedRow, layout: FileLayout, units: dict[str, str]) -> Iterator[ArrivedValue]:
    for choice in layout.columns:
        if choice.channel is None:
            continue
        text = row.cells.get(choice.column, "").strip()
        written = spelled(choice.unit)
        number = None if text in layout.missing else read_number(text)
        if number is None:
            reason = "" if not text or text in layout.missing else f"“{text}” is no number"
            yield ArrivedValue(choice.channel, None, written, "good", reason, text)
            continue
        wanted = units.get(choice.channel, written)
        converted = convert_unit(number, written, wanted)
        if converted is None:
            yield ArrivedValue(choice.channel, number, written)
        else:
            sent = "" if written == wanted else f"{text} {written}"
            yield ArrivedValue(choice.channel, converted, wanted, as_sent=sent)


def _shown(arrived: Arrived) -> dict[str, str]:
    return {
        item.channel: f"{item.value} {item.unit}" if item.value is not None else "no value"
        for item in arrived.values
    }


def _remarks(layout: FileLayout) -> tuple[str, ...]:
    found = [
        f"Column “{item.column}” is taken for {item.channel} but has no unit: choose one."
        for item in layout.columns
        if item.channel is not None and not item.unit
    ]
    passed = [item.column for item in layout.columns if item.channel is None]
    if passed:
        found.append(f"Passed over, though kept with each row's text: {', '.join(passed)}.")
    names = [item.channel for item in layout.columns if item.channel is not None]
    found.extend(
        f"Two columns are taken for {name}: choose one."
        for name in sorted(set(names))
        if names.count(name) > 1
    )
    return tuple(found)
