"""Data found doubtful by a calibration that is kept: whether the question is open, and its answer.

Owns finding the span of a kept calibration. Marking is `recording`'s; nothing is ever edited.
"""

from __future__ import annotations

from app.models.storage.unit_of_work import reading
from app.services.calibrating.recording import (
    first_reading,
    last_good_check,
    mark_doubtful,
    reason_begins,
)
from app.services.calibration.evaluation import DoubtfulSpan
from app.services.calibration.tolerance import Verdict
from app.services.readings.later import LaterFlag, later_records
from app.services.readings.record import us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.kept_calibrations import get_calibration


def find_open_doubt(registry: OpenRegistry, code: str) -> DoubtfulSpan | None:
    """Find the data a calibration casts doubt on and nobody has marked for it yet; NotFound.

    From the last good check before it, else the first reading, up to the calibration itself. None
    where it found the channel within tolerance, there is no reading, the data are marked, or the
    calibration came in a bundle: there its own registry marks.
    """
    kept = get_calibration(registry, code)
    if kept.verdict_as_found != Verdict.FAIL or kept.is_of_elsewhere:
        return None
    good = last_good_check(registry, kept.channel_id, before=kept.performed_at)
    with reading(registry.engine) as connection:
        since = first_reading(connection, kept.channel_id) if good is None else good.performed_at
        if since is None or since >= kept.performed_at:
            return None
        start_us, end_us = us_of_time(since), us_of_time(kept.performed_at)
        later = later_records(connection, kept.sensor_id, start_us=start_us, end_us=end_us + 1)
    told = (each.reason for each in later if isinstance(each, LaterFlag))
    if any(reason.startswith(reason_begins(kept.code)) for reason in told):
        return None
    return DoubtfulSpan(since, kept.performed_at)


def mark_open_doubt(
    registry: OpenRegistry, actor: Actor, code: str, *, note: str = ""
) -> int | None:
    """Mark the data a kept calibration casts doubt on; gives the record's sequence number.

    None where nothing is open. Raises RulesBroken, NotFound, StationKeyAbsent.
    """
    span = find_open_doubt(registry, code)
    if span is None:
        return None
    channel_id = get_calibration(registry, code).channel_id
    return mark_doubtful(registry, actor, channel_id, span, calibration=code, note=note)
