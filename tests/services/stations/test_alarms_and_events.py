"""Alarms tremble about their limit without noise, and people see what was touched and when."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from app.models.errors import GuardRefused, NotFound
from app.models.storage.unit_of_work import UnitOfWork
from app.services.checks.violation import RulesBroken
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.alarms import (
    EndReason,
    NewLimit,
    Side,
    acknowledge_alarm,
    end_alarm_limit,
    list_alarm_limits,
    list_alarms,
    set_alarm_limit,
)
from app.services.stations.events import EventKind, NewEvent, list_events, record_event
from app.services.stations.listing import get_station
from app.services.stations.registering import register_station
from app.services.stations.values import NewStation, SensorState
from tests.fixtures.stations import BEGIN, FieldStation, frame, make_station


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    return make_station(registry, people["technician"])


def limit(station: FieldStation, side: Side, at: int, clear: int) -> NewLimit:
    return NewLimit(
        station.channel_id("co2"), side, Decimal(at), Decimal(clear), "Open the window."
    )


@pytest.mark.both_engines
def test_an_alarm_has_hysteresis_and_is_acknowledged_once(
    station: FieldStation, people: dict[str, Actor]
) -> None:
    registry = station.registry
    set_alarm_limit(registry, station.technician, limit(station, Side.HIGH, 1000, 900))
    ingest = station.ingest()
    for second, value in enumerate((950, 1001, 999, 1002, 950, -9999, 1003, 899, 1000)):
        ingest.take(frame(second, co2=value))
    ingest.close()
    newest, oldest = list_alarms(registry)
    assert (oldest.raised_value, newest.raised_value) == (Decimal(1001), Decimal(1000))
    assert oldest.ended_at == BEGIN + timedelta(seconds=7)
    assert newest.ended_at is None
    assert oldest.message == "Open the window."
    acknowledge_alarm(registry, people["officer"], oldest.id, comment="Seen.")
    with pytest.raises(RulesBroken, match="9705"):
        acknowledge_alarm(registry, station.technician, oldest.id)
    assert [alarm.id for alarm in list_alarms(registry, open_only=True)] == [newest.id]
    with pytest.raises(NotFound):
        acknowledge_alarm(registry, station.technician, 999)


@pytest.mark.both_engines
def test_a_restart_keeps_an_open_alarm_and_a_new_limit_ends_the_old(
    station: FieldStation,
) -> None:
    registry = station.registry
    set_alarm_limit(registry, station.technician, limit(station, Side.LOW, 350, 360))
    for _ in range(2):
        ingest = station.ingest()
        ingest.take(frame(0, co2=340))
        ingest.close()
    assert len(list_alarms(registry)) == 1
    set_alarm_limit(registry, station.technician, limit(station, Side.LOW, 300, 310))
    assert [
        item.limit.raise_at for item in list_alarm_limits(registry, station.channel_id("co2"))
    ] == [Decimal(300)]
    end_alarm_limit(registry, station.technician, station.channel_id("co2"), Side.LOW)
    assert list_alarm_limits(registry, station.channel_id("co2")) == ()


@pytest.mark.both_engines
def test_an_alarm_ends_with_its_limit_and_says_so(station: FieldStation) -> None:
    registry, technician = station.registry, station.technician
    channel = station.channel_id("co2")
    set_alarm_limit(registry, technician, limit(station, Side.HIGH, 1000, 900))
    ingest = station.ingest()
    ingest.take(frame(0, co2=1100))
    set_alarm_limit(registry, technician, limit(station, Side.HIGH, 1050, 1040))
    (replaced,) = list_alarms(registry)
    assert (replaced.ended_at, replaced.end_reason) == (registry.now(), EndReason.LIMIT_ENDED)
    # The collector has not yet heard of it: it neither ends that alarm again nor raises another.
    for second, value in enumerate((800, 1100), 1):
        ingest.take(frame(second, co2=value))
    assert [alarm.id for alarm in list_alarms(registry)] == [replaced.id]
    ingest.reload()
    ingest.take(frame(3, co2=1100))
    newest = list_alarms(registry)[0]
    assert (newest.raise_at, newest.end_reason) == (Decimal(1050), EndReason.GOES_ON)
    ingest.take(frame(4, co2=1000))
    assert list_alarms(registry)[0].end_reason is EndReason.CLEARED
    ingest.take(frame(5, co2=1200))
    end_alarm_limit(registry, technician, channel, Side.HIGH)
    ingest.close()
    assert [alarm.end_reason for alarm in list_alarms(registry)] == [
        EndReason.LIMIT_ENDED,
        EndReason.CLEARED,
        EndReason.LIMIT_ENDED,
    ]


def test_the_database_keeps_how_an_alarm_ended(station: FieldStation) -> None:
    registry = station.registry
    set_alarm_limit(registry, station.technician, limit(station, Side.HIGH, 1000, 900))
    ingest = station.ingest()
    ingest.take(frame(0, co2=1100))
    for attack in (
        "UPDATE alarm SET end_reason = 'cleared'",
        "UPDATE alarm SET ended_at = '2026-11-21T03:00:00.000000+00:00'",
    ):
        with pytest.raises(IntegrityError), UnitOfWork(registry.engine) as unit:
            unit.connection.exec_driver_sql(attack)
    end_alarm_limit(registry, station.technician, station.channel_id("co2"), Side.HIGH)
    ingest.close()
    with pytest.raises(GuardRefused, match="ends once"), UnitOfWork(registry.engine) as unit:
        unit.connection.exec_driver_sql("UPDATE alarm SET end_reason = 'cleared'")


@pytest.mark.parametrize(("side", "at", "clear"), [(Side.HIGH, 5, 6), (Side.LOW, 5, 4)])
def test_a_limit_that_could_never_clear_is_refused(
    station: FieldStation, side: Side, at: int, clear: int
) -> None:
    with pytest.raises(RulesBroken, match="9704"):
        set_alarm_limit(station.registry, station.technician, limit(station, side, at, clear))


@pytest.mark.both_engines
def test_what_was_touched_is_told_and_never_changed(
    station: FieldStation, people: dict[str, Actor]
) -> None:
    registry, technician = station.registry, station.technician
    at = station.sensor.station_id
    events = [
        NewEvent(at, EventKind.SEAL_APPLIED, BEGIN, value="TH-0001"),
        NewEvent(at, EventKind.MAINTENANCE_BEGUN, BEGIN + timedelta(hours=1), note="New pump."),
        NewEvent(
            at,
            EventKind.MOVED,
            BEGIN + timedelta(hours=2),
            latitude=Decimal("13.7367"),
            longitude=Decimal("100.5232"),
        ),
    ]
    for item in events:
        record_event(registry, technician, item)
    listed = list_events(registry, at)
    assert [item.event for item in listed] == events[::-1]
    assert {item.by for item in listed} == {"technician"}
    detail = get_station(registry, "ST-01")
    assert detail.state is SensorState.MAINTENANCE
    assert detail.location() == {"type": "Point", "coordinates": [100.5232, 13.7367]}
    with pytest.raises(RulesBroken, match="9706"):
        record_event(registry, technician, NewEvent(at, EventKind.SEAL_BROKEN, BEGIN))
    with pytest.raises(RulesBroken, match="9701"):
        record_event(registry, people["auditor"], events[0])
    with pytest.raises(RulesBroken, match="9702"):
        register_station(registry, technician, NewStation("ST-01", "Again"))


def test_the_database_keeps_the_history_of_a_station(station: FieldStation) -> None:
    at = station.sensor.station_id
    record_event(station.registry, station.technician, NewEvent(at, EventKind.NOTE, BEGIN))
    for attack in (
        "UPDATE station_event SET note = 'other'",
        "DELETE FROM station_event",
        "DELETE FROM station_key",
        "UPDATE station_key SET private_key = NULL",
        "UPDATE sensor SET code = 'X'",
        "UPDATE station SET origin = 'X'",
        "UPDATE sensor_channel SET unit = 'ppb'",
    ):
        with pytest.raises(GuardRefused), UnitOfWork(station.registry.engine) as unit:
            unit.connection.exec_driver_sql(attack)
