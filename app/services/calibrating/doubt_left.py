"""Doubtful data that somebody left as they are: who, when and why, and how it stands altogether.

Owns recording that answer and telling it. It is kept in the history of the station, which is only
ever added to, and stands in the log. Marking is `doubt`'s; data that were left may be marked later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.models.storage.unit_of_work import reading
from app.services.calibrating.doubt import find_open_doubt
from app.services.calibrating.recording import reason_begins
from app.services.calibration.evaluation import DoubtfulSpan
from app.services.calibration.tolerance import Verdict
from app.services.checks.refusals import refuse
from app.services.readings.later import LaterFlag, later_records
from app.services.readings.record import us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.events import EventKind, NewEvent, list_events, record_event
from app.services.stations.kept_calibrations import get_calibration
from app.services.stations.listing import get_sensor


@dataclass(frozen=True, slots=True)
class LeftAsIs:
    """Who left the data as they are, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DoubtStanding:
    """How the doubt that a calibration cast on the data before it stands.

    `unmarked` are the data nobody marked, None where there are none or they are marked by record
    `marked_by`. Without `unmarked`, `marked_by` and `left` there was never a doubt.
    """

    unmarked: DoubtfulSpan | None
    marked_by: int | None
    left: LeftAsIs | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to say what is to be done."""
        return self.unmarked is not None and self.left is None


def leave_doubt(registry: OpenRegistry, actor: Actor, code: str, *, reason: str) -> None:
    """Record that the data before a calibration are left as they are, and why.

    Raises RulesBroken without a reason or for somebody else's act, NotFound.
    """
    if not reason.strip():
        raise refuse(9709, calibration=code)
    kept = get_calibration(registry, code)
    record_event(
        registry,
        actor,
        NewEvent(
            get_sensor(registry, kept.sensor_id).station_id,
            EventKind.DATA_LEFT,
            registry.now(),
            sensor_id=kept.sensor_id,
            value=kept.code,
            note=reason.strip(),
        ),
    )


def read_doubt(registry: OpenRegistry, code: str) -> DoubtStanding:
    """Say how the doubt of a calibration stands; NotFound.

    Of one that came in a bundle nothing is asked here: its own registry answers.
    """
    kept = get_calibration(registry, code)
    if kept.verdict_as_found != Verdict.FAIL or kept.is_of_elsewhere:
        return DoubtStanding(None, None, None)
    station_id = get_sensor(registry, kept.sensor_id).station_id
    with reading(registry.engine) as connection:
        start_us, end_us = 0, us_of_time(kept.performed_at) + 1
        later = later_records(connection, kept.sensor_id, start_us=start_us, end_us=end_us)
    marks = [
        each.sequence
        for each in later
        if isinstance(each, LaterFlag) and each.reason.startswith(reason_begins(kept.code))
    ]
    left = next(
        (
            LeftAsIs(told.by, told.event.at, told.event.note)
            for told in list_events(registry, station_id, sensor_id=kept.sensor_id)
            if told.event.kind is EventKind.DATA_LEFT and told.event.value == kept.code
        ),
        None,
    )
    return DoubtStanding(find_open_doubt(registry, code), marks[0] if marks else None, left)


def tell_doubt(standing: DoubtStanding) -> tuple[tuple[str, str], ...]:
    """Say in both languages what was done with the data, for a certificate."""
    told = []
    if standing.left is not None:
        left = standing.left
        who = f"{left.by}, {left.at:%Y-%m-%d}: {left.reason}"
        told.append(
            (
                f"The data since the last good check were left as they are by {who}",
                f"ข้อมูลตั้งแต่การตรวจสอบที่ผ่านครั้งล่าสุดคงไว้ตามเดิมโดย {who}",
            )
        )
    if standing.marked_by is not None:
        number = standing.marked_by
        told.append(
            (
                f"The data since the last good check are marked suspicious by record {number}.",
                f"ข้อมูลตั้งแต่การตรวจสอบที่ผ่านครั้งล่าสุดถูกทำเครื่องหมายว่าน่าสงสัยด้วยบันทึกหมายเลข {number}",
            )
        )
    return tuple(told)
