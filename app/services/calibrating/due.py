"""What is due for calibration, overdue, or in its days of grace: the board and its reminders.

Owns these classes of urgency; dates are kept by `app.services.stations.calibrations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.services.registry.context import OpenRegistry
from app.services.stations.kept_calibrations import DueCalibration, due_board
from app.services.stations.listing import list_stations

GRACE_DAYS = 14
"""Days after the due day in which data still count, with a reminder each time they are shown."""
SOON_DAYS = 30


class Urgency(StrEnum):
    """How a channel stands, the most urgent first."""

    OVERDUE = "overdue"
    IN_GRACE = "in-grace"
    NEVER = "never"
    DUE_SOON = "due-soon"
    IN_TIME = "in-time"
    NO_DATE = "no-date"


_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}
_LATE = (Urgency.OVERDUE, Urgency.IN_GRACE, Urgency.NEVER)
_REMINDED = (*_LATE, Urgency.DUE_SOON)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One channel on the board; negative `days_left`: days since it was due."""

    channel_id: int
    station: str
    sensor: str
    channel: str
    last_code: str | None
    last_at: datetime | None
    due_on: date | None
    days_left: int | None
    urgency: Urgency
    last_reference: str | None = None
    certificate_number: str | None = None

    @property
    def needs_reminder(self) -> bool:
        return self.urgency in _REMINDED

    @property
    def is_late(self) -> bool:
        return self.urgency in _LATE


def judge_due(days_left: int | None, *, was_calibrated: bool) -> Urgency:
    """Say how urgent a calibration is by the days that are left."""
    if not was_calibrated:
        return Urgency.NEVER
    if days_left is None:
        return Urgency.NO_DATE
    if days_left < -GRACE_DAYS:
        return Urgency.OVERDUE
    if days_left < 0:
        return Urgency.IN_GRACE
    return Urgency.DUE_SOON if days_left <= SOON_DAYS else Urgency.IN_TIME


def list_due(registry: OpenRegistry) -> tuple[DueLine, ...]:
    """List every channel that is calibrated or has an interval, the most urgent first."""
    lines = [_line(due) for due in due_board(registry)]
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                _ORDER[line.urgency],
                line.due_on or date.max,
                line.station,
                line.sensor,
                line.channel,
            ),
        )
    )


def list_reminders(registry: OpenRegistry) -> tuple[DueLine, ...]:
    """List what somebody must be reminded of: overdue, in grace, never done, due soon."""
    return tuple(line for line in list_due(registry) if line.needs_reminder)


def count_late(registry: OpenRegistry) -> int:
    """Count the channels that are past their day, or were never calibrated and have to be."""
    return sum(line.is_late for line in list_due(registry))


def propose_next_due(registry: OpenRegistry, channel_id: int) -> date | None:
    """Give the day a calibration of today is next due, by its interval; None without one."""
    for station in list_stations(registry):
        for sensor in station.sensors:
            for channel in sensor.channels:
                if channel.id == channel_id and channel.calibration_days is not None:
                    return registry.today() + timedelta(days=channel.calibration_days)
    return None


def _line(due: DueCalibration) -> DueLine:
    urgency = judge_due(due.days_left, was_calibrated=due.last_at is not None)
    return DueLine(
        due.channel_id,
        due.station,
        due.sensor,
        due.channel,
        due.last_code,
        due.last_at,
        due.due_on,
        due.days_left,
        urgency,
        due.last_reference,
        due.certificate_number,
    )
