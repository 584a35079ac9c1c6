"""Readings on their way into the registry: nothing is lost, and nothing changed in silence."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import select

from app.models.errors import GuardRefused, NotFound
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import ReadingRecord
from app.services.checks.violation import RulesBroken
from app.services.quality.flags import Flag
from app.services.readings import columns
from app.services.readings.arriving import (
    Arrived,
    ArrivedValue,
    ClockMoved,
    FramesLost,
    GapClosed,
    GapOpened,
)
from app.services.readings.chain import chain_from, records_between
from app.services.readings.columns import Rows
from app.services.readings.ingest import IngestSettings, SensorIngest
from app.services.readings.packing import unpack_rows
from app.services.readings.record import RecordKind
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.stations import BEGIN, FieldStation, frame, make_station, steady_frames


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    return make_station(registry, people["technician"])


def stored(station: FieldStation) -> list[Rows]:
    with reading(station.registry.engine) as connection:
        kept = list(chain_from(connection, station.sensor.id, 1))
    return [unpack_rows(k.record.payload) for k in kept if k.kind is RecordKind.READINGS]


def kinds(station: FieldStation) -> list[str]:
    with reading(station.registry.engine) as connection:
        return [str(kept.kind) for kept in chain_from(connection, station.sensor.id, 1)]


@pytest.mark.both_engines
def test_every_frame_is_kept_with_its_bytes_value_flag_and_place(station: FieldStation) -> None:
    ingest = station.ingest()
    frames = list(steady_frames(150))
    for item in frames:
        ingest.take(item)
    ingest.close()
    rows = stored(station)
    assert [raw for item in rows for raw in item.frames] == [item.raw for item in frames]
    sent = [value.value for item in frames for value in item.values if value.channel == "co2"]
    assert [raw for item in rows for column in item.of("co2") for raw in column.raw] == sent
    assert kinds(station) == ["readings"] * 3
    assert ingest.rows_written == 150
    with reading(station.registry.engine) as connection:
        for kept in chain_from(connection, station.sensor.id, 1):
            assert kept.record.said()["by"] == "technician"


@pytest.mark.both_engines
def test_the_database_refuses_to_change_delete_or_misplace_a_record(
    station: FieldStation,
) -> None:
    ingest = station.ingest()
    for item in steady_frames(5):
        ingest.take(item)
    ingest.close()
    engine = station.registry.engine_for(station.technician)
    copied = "sensor_id, sequence + {step}, kind, first_us, last_us, row_count, header, payload, "
    names = "sensor_id, sequence, kind, first_us, last_us, row_count, header, payload, "
    rest = "hash, signature, key_id, recorded_by"
    is_embedded = engine.dialect.name == "sqlite"
    table = "reading_record" if is_embedded else "teak.reading_record"
    attacks = [
        f"INSERT INTO {table} ({names}{rest}) SELECT {copied.format(step=step)}{rest} FROM {table}"
        for step in (0, 1, 2)
    ]
    if is_embedded:
        attacks += [f"UPDATE {table} SET payload = header", f"DELETE FROM {table}"]
    for attack in attacks:
        with pytest.raises(GuardRefused), UnitOfWork(engine) as unit:
            unit.connection.exec_driver_sql(attack)


def test_nothing_of_what_a_device_sends_is_lost_or_silently_changed(
    station: FieldStation,
) -> None:
    """Sentinels, no value, another unit, no unit, the same time twice, a channel said twice."""
    ingest = station.ingest()
    odd = [
        frame(0, co2=420),
        frame(1, co2="-9999"),
        frame(2, co2=None),
        Arrived(BEGIN + timedelta(seconds=3), (ArrivedValue("co2", Decimal("0.04"), "%"),), b"%"),
        Arrived(BEGIN + timedelta(seconds=4), (ArrivedValue("co2", Decimal(421), ""),), b"u"),
        frame(5, co2=422),
        frame(5, co2=423),
        Arrived(
            BEGIN + timedelta(seconds=6),
            (ArrivedValue("co2", Decimal(424), "ppm"), ArrivedValue("co2", Decimal(7), "ppm")),
            b"2",
        ),
        Arrived(
            BEGIN + timedelta(seconds=7),
            (ArrivedValue("co2", Decimal(425), "ppm", "bad", "warming up"),),
            b"w",
        ),
    ]
    for item in odd:
        ingest.take(item)
    ingest.close()
    (rows,) = stored(station)
    (column,) = rows.of("co2")
    sent = (420, -9999, None, "0.04", 421, 422, 423, 424, 425)
    assert column.raw == tuple(None if v is None else Decimal(v) for v in sent)
    tests = [columns.tests_of(int(mask)) for mask in column.tests]
    assert "missing" in tests[1]
    assert "missing" in tests[2]
    assert tests[3] == tests[4] == ("unit",)
    assert "timing" in tests[6]
    assert "device" in tests[8]
    assert column.flags[8] == Flag.FAIL
    # What is in another unit never passes for a value in ours.
    assert np.isnan(column.value[[2, 3, 4]]).all()
    notes = {(note.row, note.reason, note.unit) for note in rows.notes}
    assert (3, "", "%") in notes
    assert (4, "", "no unit") in notes
    assert (7, "also in this frame: 7", "ppm") in notes
    assert (8, "warming up", "") in notes


@pytest.mark.both_engines
def test_gaps_jumps_and_losses_stand_in_the_chain_between_the_readings(
    station: FieldStation,
) -> None:
    ingest = station.ingest()
    for item in steady_frames(3):
        ingest.take(item)
    ingest.take(GapOpened(BEGIN + timedelta(seconds=2), "port-lost", "The cable was pulled."))
    ingest.take(GapClosed(BEGIN + timedelta(seconds=60), BEGIN + timedelta(seconds=2), "port-lost"))
    ingest.take(ClockMoved(BEGIN + timedelta(seconds=61), -3600.0))
    ingest.take(FramesLost(BEGIN + timedelta(seconds=62), 12))
    for item in steady_frames(3, start=BEGIN - timedelta(hours=1)):
        ingest.take(item)
    ingest.take(GapOpened(BEGIN, "no-answer"))
    ingest.close()
    assert kinds(station) == ["readings", "gap", "clock-moved", "frames-lost", "readings", "gap"]
    assert sum(item.times.size for item in stored(station)) == 6


@pytest.mark.both_engines
def test_a_start_after_a_kill_marks_what_was_not_collected(station: FieldStation) -> None:
    first = station.ingest(IngestSettings(period_s=10))
    for item in steady_frames(25):
        first.take(item)
    # The first is gone with what it had not written: at most a period and the frame at hand.
    again = station.ingest(IngestSettings(period_s=10))
    for item in steady_frames(5, start=BEGIN + timedelta(hours=2)):
        again.take(item)
    again.close()
    with reading(station.registry.engine) as connection:
        (gap,) = records_between(
            connection, station.sensor.id, kind=RecordKind.GAP, start_us=0, end_us=2**60
        )
    assert gap.record.said()["body"]["code"] == "not-collected"
    kept = sum(item.times.size for item in stored(station))
    assert 25 - 12 <= kept - 5 <= 25


def test_memory_stays_bounded_while_the_registry_cannot_be_written(
    station: FieldStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = station.ingest(IngestSettings(period_s=10, most_waiting=50))
    monkeypatch.setattr(SensorIngest, "flush", lambda _self: None)
    for item in steady_frames(200):
        ingest.take(item)
    assert ingest.waiting == 50
    monkeypatch.undo()
    ingest.close()
    assert kinds(station)[-1] == "frames-lost"
    assert sum(item.times.size for item in stored(station)) == 50


@pytest.mark.both_engines
def test_a_channel_that_first_arrives_later_is_added(station: FieldStation) -> None:
    ingest = station.ingest()
    ingest.take(frame(0, co2=420))
    ingest.take(frame(1, co2=420, wind_speed=2))
    ingest.close()
    assert ingest.sensor.channel("wind_speed") is not None
    assert [column.raw for column in stored(station)[0].of("wind_speed")] == [(Decimal(2),)]


def test_a_provisional_flag_is_revised_by_the_next_reading(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    from app.services.stations.registering import set_channel_rules

    station = make_station(registry, people["technician"], channels=("co2",))
    rules = {"spike": {"suspect": 5, "fail": 50, "method": "differential"}}
    set_channel_rules(registry, station.technician, station.channel_id("co2"), rules)
    ingest = station.ingest()
    ingest.take(frame(0, co2=420))
    (live,) = ingest.take(frame(1, co2=900))
    assert live.is_provisional
    ingest.take(frame(2, co2=421))
    ingest.take(frame(3, co2=421))
    ingest.close()
    (column,) = stored(station)[0].of("co2")
    assert column.flags.tolist()[1] == Flag.FAIL
    assert columns.tests_of(int(column.tests[1])) == ("spike",)


def test_only_those_collect_who_may(station: FieldStation, people: dict[str, Actor]) -> None:
    with pytest.raises(RulesBroken, match="9701"):
        SensorIngest(station.registry, people["officer"], station.sensor.id)
    with pytest.raises(NotFound):
        SensorIngest(station.registry, station.technician, 99)


def test_a_station_month_costs_the_bytes_that_are_stated(station: FieldStation) -> None:
    """Ten minutes of nine channels, as a month in `benchmarks.stations`: at most 16 bytes each."""
    drawn = random.Random(3)
    names = [f"count_{n}" for n in range(9)]
    ingest = station.ingest()
    for second in range(600):
        values = tuple(
            ArrivedValue(name, Decimal(drawn.randrange(900, 1100)), "1/0.1L") for name in names
        )
        ingest.take(
            Arrived(BEGIN + timedelta(seconds=second), values, drawn.randbytes(32)), watched=False
        )
    ingest.close()
    with reading(station.registry.engine) as connection:
        sizes = connection.execute(
            select(ReadingRecord.header, ReadingRecord.payload, ReadingRecord.signature)
        )
        total = sum(len(cell) for row in sizes for cell in row)
    # Frames of pure chance do not pack at all: 32 bytes a row are 3.6 a reading of these.
    assert total / (600 * 9) < 16


def test_a_reload_takes_up_a_new_state(station: FieldStation) -> None:
    ingest = station.ingest()
    ingest.take(frame(0, co2=420))
    ingest.reload()
    ingest.take(replace(frame(1, co2=421)))
    ingest.close()
    assert ingest.rows_written == 2
