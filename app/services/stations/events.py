"""The history of a station: seals, inspections, maintenance, moves, notes.

Owns recording and listing them. An event is never changed: what was wrong is told by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import insert, select, update

from app.models.errors import NotFound
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Person, Sensor, Station, StationEvent
from app.models.tables.base import inserted_id
from app.services.checks.refusals import refuse
from app.services.documents import require_document
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.registering import Within, require_position

_LONGEST_NOTE = 2_000


class EventKind(StrEnum):
    """What was done or seen."""

    INSTALLED = "installed"
    SEAL_APPLIED = "seal-applied"
    SEAL_INTACT = "seal-intact"
    SEAL_BROKEN = "seal-broken"
    INSPECTION = "inspection"
    MAINTENANCE_BEGUN = "maintenance-begun"
    MAINTENANCE_ENDED = "maintenance-ended"
    PART_REPLACED = "part-replaced"
    CLEANED = "cleaned"
    MOVED = "moved"
    REMOVED = "removed"
    NOTE = "note"
    DATA_LEFT = "data-left"


TOLD = tuple(kind for kind in EventKind if kind is not EventKind.DATA_LEFT)
"""What people record by hand; that doubtful data are left belongs to a calibration."""
_SEALS = (EventKind.SEAL_APPLIED, EventKind.SEAL_INTACT, EventKind.SEAL_BROKEN)
_STATES = {
    EventKind.INSTALLED: "active",
    EventKind.MAINTENANCE_BEGUN: "maintenance",
    EventKind.MAINTENANCE_ENDED: "active",
    EventKind.REMOVED: "offline",
}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, when; `value` is a seal's number. A move says where to."""

    station_id: int
    kind: EventKind
    at: datetime
    sensor_id: int | None = None
    value: str = ""
    note: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    document_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An event as it was recorded, and by whom."""

    id: int
    event: NewEvent
    by: str
    recorded_at: datetime


def record_event(registry: OpenRegistry, actor: Actor, new: NewEvent) -> int:
    """Record what happened at a station or to one of its sensors; a move changes the position.

    Maintenance, removal and installing change the state of the sensor named, else the station's.

    Raises RulesBroken for somebody else's act or a seal without a number, NotFound for a station,
    sensor or document that is not there, UsageError for a position that is nowhere.
    """
    if new.kind in _SEALS and not new.value.strip():
        raise refuse(9706)
    require_position(new.latitude, new.longitude)
    note = require_plain_text(new.note, what="note", longest=_LONGEST_NOTE) if new.note else ""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(
            unit.connection,
            actor,
            act="records what was done at a station",
            act_th="บันทึกสิ่งที่ทำที่สถานี",
        )
        _require_place(within, new)
        made = _write(within, new, note)
        _follow(within, new)
        within.log(
            "station-event",
            {"station": new.station_id, "event": str(new.kind), "value": new.value, "id": made},
        )
        unit.commit()
    return made


def list_events(
    registry: OpenRegistry,
    station_id: int,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    sensor_id: int | None = None,
    most: int = 500,
) -> tuple[EventDetail, ...]:
    """List what was touched and when, the newest first."""
    statement = (
        select(*StationEvent.__table__.columns, Person.user_name)
        .join(Person, Person.id == StationEvent.person_id)
        .where(StationEvent.station_id == station_id)
        .order_by(StationEvent.at.desc(), StationEvent.id.desc())
        .limit(most)
    )
    if start is not None:
        statement = statement.where(StationEvent.at >= start)
    if end is not None:
        statement = statement.where(StationEvent.at < end)
    if sensor_id is not None:
        statement = statement.where(
            (StationEvent.sensor_id == sensor_id) | StationEvent.sensor_id.is_(None)
        )
    with reading(registry.engine) as connection:
        rows = connection.execute(statement).all()
    return tuple(
        EventDetail(
            row.id,
            NewEvent(
                row.station_id,
                EventKind(row.kind),
                row.at,
                row.sensor_id,
                row.value,
                row.note,
                row.latitude,
                row.longitude,
                row.document_sha256,
            ),
            row.user_name,
            row.recorded_at,
        )
        for row in rows
    )


def _require_place(within: Within, new: NewEvent) -> None:
    station = select(Station.id).where(Station.id == new.station_id)
    if within.connection.execute(station).scalar() is None:
        raise NotFound(f"There is no station {new.station_id} in this registry.")
    if new.sensor_id is not None:
        sensor = select(Sensor.id).where(
            Sensor.id == new.sensor_id, Sensor.station_id == new.station_id
        )
        if within.connection.execute(sensor).scalar() is None:
            raise NotFound(f"There is no sensor {new.sensor_id} at this station.")
    if new.document_sha256 is not None:
        require_document(within.connection, new.document_sha256)


def _write(within: Within, new: NewEvent, note: str) -> int:
    return inserted_id(
        within.connection.execute(
            insert(StationEvent),
            {
                "station_id": new.station_id,
                "sensor_id": new.sensor_id,
                "kind": str(new.kind),
                "at": new.at,
                "value": new.value.strip(),
                "note": note,
                "latitude": new.latitude,
                "longitude": new.longitude,
                "document_sha256": new.document_sha256,
                "person_id": within.actor.id,
                "recorded_at": within.now,
            },
        )
    )


def _follow(within: Within, new: NewEvent) -> None:
    """Carry over to the station what an event says of it."""
    if new.kind is EventKind.MOVED and new.latitude is not None and new.longitude is not None:
        within.connection.execute(
            update(Station)
            .where(Station.id == new.station_id)
            .values(latitude=new.latitude, longitude=new.longitude)
        )
    state = _STATES.get(new.kind)
    if state is None:
        return
    if new.sensor_id is not None:
        within.connection.execute(
            update(Sensor).where(Sensor.id == new.sensor_id).values(state=state)
        )
    else:
        within.connection.execute(
            update(Station).where(Station.id == new.station_id).values(state=state)
        )
