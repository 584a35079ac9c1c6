"""Averages of a station and a reference beside it, made into calibration points.

Owns grouping pairs into levels of the reference. Each pair's reading is moved to its level's mean
reference by their difference, so that what scatters in a level is the station and not the air.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from app.services.calibration.evaluation import PointReadings
from app.services.calibration.findings import CalibrationRefused, Finding
from app.services.calibration.reference_materials import ReferenceMaterial

LEVELS = 5
FEWEST_IN_A_LEVEL = 4


def colocated_points(
    pairs: Sequence[tuple[float, float]], instrument: ReferenceMaterial, *, levels: int = LEVELS
) -> tuple[PointReadings, ...]:
    """Make points of (reference, reading) pairs; `instrument` says who vouches for the reference.

    CalibrationRefused for fewer pairs than four a level.
    """
    if len(pairs) < levels * FEWEST_IN_A_LEVEL:
        raise CalibrationRefused(
            Finding(
                "too-few-pairs",
                f"{len(pairs)} paired averages; {levels * FEWEST_IN_A_LEVEL} are needed.",
                f"มีค่าเฉลี่ยที่จับคู่ได้ {len(pairs)} คู่ ต้องมีอย่างน้อย {levels * FEWEST_IN_A_LEVEL} คู่",
            ),
            hint="Let both stand side by side for longer.",
        )
    ordered = sorted(pairs)
    points = []
    for number in range(levels):
        start, end = (len(ordered) * place // levels for place in (number, number + 1))
        group = ordered[start:end]
        mean = fmean(reference for reference, _ in group)
        readings = tuple(reading - reference + mean for reference, reading in group)
        points.append(PointReadings(replace(instrument, value=mean), readings))
    return tuple(points)
