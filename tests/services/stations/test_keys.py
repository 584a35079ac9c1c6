"""The key of a station changes as an act that stands in the log and in every chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.errors import NotFound, StorageError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import StationKey
from app.services.checks.violation import RulesBroken
from app.services.readings.chain import StationKeyAbsent, chain_from
from app.services.readings.ingest import IngestSettings
from app.services.readings.record import RecordKind
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.keys import change_station_key
from app.services.stations.listing import get_station
from app.services.stations.registering import register_sensor
from app.services.stations.values import NewChannel, NewSensor
from tests.fixtures.stations import BEGIN, FieldStation, make_station, steady_frames

pytestmark = pytest.mark.both_engines


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    return make_station(registry, people["technician"])


def kinds(station: FieldStation) -> list[RecordKind]:
    with reading(station.registry.engine) as connection:
        return [kept.kind for kept in chain_from(connection, station.sensor.id, 1)]


def test_a_collector_at_work_goes_on_with_the_new_key(station: FieldStation) -> None:
    registry, technician = station.registry, station.technician
    old = get_station(registry, "ST-01").public_key
    register_sensor(
        registry, technician, "ST-01", NewSensor("SILENT", "co2", (NewChannel("co2", "ppm"),))
    )
    ingest = station.ingest(IngestSettings(period_s=10))
    for item in steady_frames(30):
        ingest.take(item)
    new = change_station_key(registry, technician, "ST-01", reason="Yearly change")
    for item in steady_frames(30, start=BEGIN + timedelta(seconds=30)):
        ingest.take(item)
    ingest.close()
    verdict = verify_readings(registry)
    assert (verdict.ok, verdict.rows) == (True, 60), verdict
    assert kinds(station).count(RecordKind.KEY) == 1
    assert get_station(registry, "ST-01").public_key == new != old
    with reading(registry.engine) as connection:
        keys = connection.execute(
            select(StationKey.public_key, StationKey.retired_at).order_by(StationKey.id)
        ).all()
    assert [(bytes(key), retired is None) for key, retired in keys] == [(old, False), (new, True)]


def test_only_technicians_change_it_with_a_reason_where_it_is(
    station: FieldStation, people: dict[str, Actor]
) -> None:
    registry = station.registry
    with pytest.raises(RulesBroken, match="9701"):
        change_station_key(registry, people["officer"], "ST-01", reason="x")
    with pytest.raises(NotFound):
        change_station_key(registry, station.technician, "ST-02", reason="x")
    if registry.server is not None:
        with pytest.raises(StationKeyAbsent, match="only technicians sign"):
            change_station_key(registry, people["admin"], "ST-01", reason="x")
    assert len(get_station(registry, "ST-01").public_key) == 32


def test_a_retired_key_stays_as_it_is(station: FieldStation) -> None:
    change_station_key(station.registry, station.technician, "ST-01", reason="Yearly change")
    engine = station.registry.engine_for(station.technician)
    with pytest.raises(StorageError, match="retired, never changed"), UnitOfWork(engine) as unit:
        unit.connection.exec_driver_sql("UPDATE station_key SET retired_at = NULL WHERE id = 1")
