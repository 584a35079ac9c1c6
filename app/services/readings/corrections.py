"""Which calibration is in force for a channel at a time, and what it makes of raw values.

Owns reading them and applying them to many values at once. Fitting is `app.services.calibration`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select

from app.models.tables import Calibration, SensorChannel
from app.services.calibration.correction import NO_CORRECTION, Correction
from app.services.readings.columns import Numbers
from app.services.readings.record import us_of_time


@dataclass(frozen=True, slots=True)
class CorrectionInForce:
    """A calibration's correction and from when on it applies; code "" for none."""

    code: str
    correction: Correction
    applies_from_us: int


UNCALIBRATED = CorrectionInForce("", NO_CORRECTION, 0)


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one channel, in the order in which they come into force."""

    steps: tuple[CorrectionInForce, ...] = ()

    def at(self, time_us: int) -> CorrectionInForce:
        """Give the one in force at a time."""
        place = bisect_right(self.steps, time_us, key=lambda step: step.applies_from_us)
        return self.steps[place - 1] if place else UNCALIBRATED


def corrections_of(connection: Connection, sensor_id: int) -> dict[str, Corrections]:
    """Read the corrections of every channel of a sensor."""
    rows = connection.execute(
        select(
            SensorChannel.channel,
            Calibration.code,
            Calibration.applies_from,
            Calibration.slope,
            Calibration.intercept,
            Calibration.u_slope,
            Calibration.u_intercept,
            Calibration.covariance,
            Calibration.written_to_device,
        )
        .join(Calibration, Calibration.channel_id == SensorChannel.id)
        .where(SensorChannel.sensor_id == sensor_id)
        .order_by(Calibration.applies_from, Calibration.id)
    )
    found: dict[str, list[CorrectionInForce]] = defaultdict(list)
    for row in rows:
        # What was written to the device is in its raw values already.
        slope, intercept = (1.0, 0.0) if row.written_to_device else (row.slope, row.intercept)
        correction = Correction(slope, intercept, row.u_slope, row.u_intercept, row.covariance)
        found[row.channel].append(
            CorrectionInForce(row.code, correction, us_of_time(row.applies_from))
        )
    return {channel: Corrections(tuple(steps)) for channel, steps in found.items()}


def calibrate(
    raw: Numbers, correction: Correction, *, u_raw: float | None
) -> tuple[Numbers, Numbers]:
    """Give calibrated values and their standard uncertainties; NaN where nothing is known."""
    values = correction.apply(raw)
    if u_raw is None and correction == NO_CORRECTION:
        return values, np.full(raw.shape, np.nan)
    variance = (
        (u_raw or 0.0) ** 2
        + correction.u_intercept**2
        + (values * correction.u_slope) ** 2
        + 2 * values * correction.covariance
    )
    return values, np.sqrt(np.maximum(variance, 0.0)) / abs(correction.slope)


def correction_named(steps: Sequence[CorrectionInForce], code: str) -> CorrectionInForce | None:
    """Find a correction by the code of its calibration."""
    return next((step for step in steps if step.code == code), None)
