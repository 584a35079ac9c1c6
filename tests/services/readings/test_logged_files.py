"""Logged files: previewed as they would be read, imported once, nothing dropped in silence."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.storage.unit_of_work import reading
from app.models.tables import ReadingImport
from app.services.quality.flags import Flag
from app.services.readings.chain import chain_from
from app.services.readings.columns import Rows
from app.services.readings.file_layout import UnreadableFile, convert_unit, propose_layout
from app.services.readings.ingest import SensorIngest
from app.services.readings.logged_files import AlreadyImported, import_file, preview_file
from app.services.readings.packing import unpack_rows
from app.services.readings.queries import read_series
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewChannel, NewSensor, NewStation

PCD = """,DATETIMEDATA,PM25,PM10,O3,CO,WS,WD
0,2024-01-01 00:00:00,11.5,20.0,23.0,0.20,2,15
1,2024-01-01 01:00:00,11.2,18.0,,0.27,2,352
2,2024-01-01 02:00:00,-999,17.0,19.0,abc,2,348
3,yesterday,9.7,17.0,17.0,0.2,2,1
4,2024-01-01 04:00:00,8.7
5,2024-01-01 05:00:00,8.6,16.0,11.0,0.34,2,344
"""
EPA = """Serial ID: Toco 01\r
Instrument Data Export\r
8/1/2019 to 8/31/2019\r
Averaging period: 1 minute\r
\r
Time,NO2 (ppb),O3 (ppb),PM2.5 (µg/m³),TEMP (°C),Inlet\r
8/1/2019 7:11,,,5.4,24.8,Sample\r
8/1/2019 7:12,5.5,0,5.5,24.88,Sample\r
"""
TOA5 = """"TOA5","CR1000","CR1000","1031","CR1000.Std.00.60","CPU:Test.CR1","4062","Test"
"TIMESTAMP","RECORD","batt_volt_Min","AirTC_Avg"
"TS","RN","Volts","Deg C"
"","","Min","Avg"
"2004-11-11 15:03:45",0,13.7,24.92
"2004-11-11 15:03:46",1,"NAN",24.93
"""
JSON = json.dumps(
    {
        "stations": [
            {
                "stationID": "100t",
                "data": [
                    {"DATETIMEDATA": "2024-01-01 00:00:00", "PM25": 11.5, "CO": None},
                    {"DATETIMEDATA": "2024-01-01 01:00:00", "PM25": 11.25, "CO": 0.2},
                ],
            }
        ]
    }
)


def written(tmp_path: Path, content: str, name: str = "logged.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8-sig"))
    return path


def make_sensor(registry: OpenRegistry, technician: Actor, **units: str) -> int:
    register_station(registry, technician, NewStation("PCD", "PCD"))
    new = NewSensor(
        "S",
        "pm",
        tuple(NewChannel(name, unit) for name, unit in units.items()),
        interval_ms=3_600_000,
    )
    return register_sensor(registry, technician, "PCD", new)


def stored(registry: OpenRegistry, sensor_id: int) -> list[Rows]:
    with reading(registry.engine) as connection:
        return [unpack_rows(kept.record.payload) for kept in chain_from(connection, sensor_id, 1)]


@pytest.mark.parametrize(
    ("content", "form", "time_column", "found"),
    [
        (PCD, "csv", "DATETIMEDATA", {"PM25": ("pm2_5", "µg/m³"), "CO": ("co", "ppm")}),
        (EPA, "csv", "Time", {"PM2.5 (µg/m³)": ("pm2_5", "µg/m³"), "Inlet": (None, "")}),
        (
            TOA5,
            "toa5",
            "TIMESTAMP",
            {"batt_volt_Min": ("supply_voltage", "V"), "AirTC_Avg": ("temperature", "°C")},
        ),
        (JSON, "json", "DATETIMEDATA", {"PM25": ("pm2_5", "µg/m³")}),
        (PCD.replace(",", ";"), "csv", "DATETIMEDATA", {"PM10": ("pm10", "µg/m³")}),
    ],
)
def test_the_layout_of_a_file_is_proposed(
    tmp_path: Path,
    content: str,
    form: str,
    time_column: str,
    found: dict[str, tuple[str | None, str]],
) -> None:
    layout = propose_layout(written(tmp_path, content))
    assert (layout.form, layout.time_column) == (form, time_column)
    named = {item.column: (item.channel, item.unit) for item in layout.columns}
    assert found.items() <= named.items()
    assert preview_file(written(tmp_path, content), layout).rows >= 2


def test_the_preview_says_what_would_be_read_and_what_refused_and_why(tmp_path: Path) -> None:
    path = written(tmp_path, PCD)
    layout = replace(propose_layout(path), missing=("-999",))
    preview = preview_file(path, layout)
    assert (preview.rows, preview.refused_count) == (4, 2)
    # Midnight in Bangkok is five in the afternoon of the day before.
    assert preview.first[0].at == "2023-12-31T17:00:00Z"
    assert preview.first[2].values["pm2_5"] == "no value"
    assert [(row.number, row.reason) for row in preview.refused] == [
        (4, "the time “yesterday” cannot be read"),
        (5, "the row ends before its last column"),
    ]
    elsewhere = preview_file(path, replace(layout, zone="+00:00"))
    assert elsewhere.first[0].at == "2024-01-01T00:00:00Z"


def test_a_time_that_summer_time_left_out_is_refused_with_what_to_do(tmp_path: Path) -> None:
    times = ("2026-03-29 01:30:00", "2026-03-29 02:30:00", "2026-03-29 03:30:00")
    path = written(tmp_path, "time,co2\n" + "".join(f"{each},412\n" for each in times))
    preview = preview_file(path, replace(propose_layout(path), zone="Europe/Berlin"))
    (refused,) = preview.refused
    assert preview.rows == 2
    assert "does not exist in Europe/Berlin, where clocks went forward" in refused.reason
    assert "give the offset the logger keeps" in refused.reason
    assert times[1] in refused.raw, "the row is kept as it stood"


@pytest.mark.both_engines
def test_a_file_is_imported_once_with_every_text_kept(
    registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path
) -> None:
    technician = people["technician"]
    sensor_id = make_sensor(registry, technician, pm2_5="µg/m³", co="ppb")
    path = written(tmp_path, PCD)
    layout = replace(propose_layout(path), missing=("-999",))
    done = import_file(registry, technician, sensor_id, path, layout)
    assert (done.rows, done.refused) == (4, 2)
    (rows,) = stored(registry, sensor_id)
    assert rows.frames[0].decode() == "0,2024-01-01 00:00:00,11.5,20.0,23.0,0.20,2,15"
    (pm,) = rows.of("pm2_5")
    assert pm.raw == (Decimal("11.5"), Decimal("11.2"), None, Decimal("8.6"))
    (co,) = rows.of("co")
    # The file is in ppm, the sensor's channel in ppb.
    assert co.raw == (Decimal(200), Decimal(270), None, Decimal(340))
    assert int(co.flags[2]) == Flag.MISSING
    assert any("abc" in note.reason for note in rows.notes)
    with pytest.raises(AlreadyImported):
        import_file(registry, technician, sensor_id, path, layout)
    with reading(registry.engine) as connection:
        kept = connection.execute(
            select(ReadingImport.sha256, ReadingImport.row_count, ReadingImport.form)
        ).one()
    assert tuple(kept) == (done.sha256, 4, "csv")
    assert verify_readings(registry).ok


@pytest.mark.both_engines
def test_an_import_that_was_cut_off_is_taken_up(
    registry: OpenRegistry,
    people: dict[str, Actor],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    technician = people["technician"]
    sensor_id = make_sensor(registry, technician, pm2_5="µg/m³")
    lines = [f"{n},2024-01-{1 + n // 24:02} {n % 24:02}:00:00,{n}.5" for n in range(24 * 20)]
    path = written(tmp_path, "\n".join([",DATETIMEDATA,PM25", *lines]))
    layout = propose_layout(path)

    def killed(_self: SensorIngest) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SensorIngest, "close", killed)
        with pytest.raises(KeyboardInterrupt):
            import_file(registry, technician, sensor_id, path, layout)
    before = sum(rows.times.size for rows in stored(registry, sensor_id))
    assert 0 < before < 480
    done = import_file(registry, technician, sensor_id, path, layout)
    assert done.rows == 480 - before
    every = [value for rows in stored(registry, sensor_id) for value in rows.of("pm2_5")[0].raw]
    assert every == [Decimal(f"{n}.5") for n in range(480)]
    channel_id = 1
    hours = read_series(registry, channel_id, start_us=0, end_us=2**52)
    assert hours.times_us.size in (20, 480)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "{}", "no table at all", "\x00\x01"])
def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFile):
        propose_layout(written(tmp_path, content))


@pytest.mark.parametrize(
    ("value", "written_in", "wanted", "expected"),
    [
        ("0.27", "ppm", "ppb", "270"),
        ("50", "°F", "°C", "10"),
        ("36", "km/h", "m/s", "10"),
        ("1", "mg/m³", "ppb", None),
        ("5.40", "ppm", "ppm", "5.40"),
    ],
)
def test_units_are_converted_exactly_or_not_at_all(
    value: str, written_in: str, wanted: str, expected: str | None
) -> None:
    found = convert_unit(Decimal(value), written_in, wanted)
    assert (None if found is None else round(found, 9)) == (
        None if expected is None else Decimal(expected)
    )
