"""Whether an error is within tolerance, under the decision rule agreed on.

Owns tolerances and decision rules (ILAC-G8, JCGM 106): simple acceptance judges the error
alone; with a guard band the expanded uncertainty is taken off the tolerance first, so that at
most one in forty passed by it is wrong. Must not know where errors come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.services.calibration.findings import CalibrationRefused, Finding


class DecisionRule(StrEnum):
    """How uncertainty enters the verdict."""

    SIMPLE = "simple"
    GUARD_BAND = "guard-band"


class Verdict(StrEnum):
    """What is said of an error, or of a whole calibration."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"


@dataclass(frozen=True)
class Tolerance:
    """What is allowed either way: an amount in the unit, and a share of the reference."""

    absolute: float = 0.0
    relative: float = 0.0

    def __post_init__(self) -> None:
        for value in (self.absolute, self.relative):
            if not math.isfinite(value) or value < 0:
                raise CalibrationRefused(
                    Finding(
                        "bad-tolerance",
                        f"The tolerance {value:g} is no number of zero or more.",
                        f"ค่าความคลาดเคลื่อนที่ยอมรับ {value:g} ต้องเป็นตัวเลขตั้งแต่ศูนย์ขึ้นไป",
                    ),
                    hint="Write it without its sign, in the channel's unit.",
                )

    def at(self, reference: float) -> float:
        """Give what is allowed at a reference value."""
        return self.absolute + self.relative * abs(reference)


@dataclass(frozen=True)
class Judged:
    """One error against its tolerance; `limit` is what was left after the guard band."""

    verdict: Verdict
    reference: float
    error: float
    tolerance: float
    limit: float
    expanded: float
    warns: bool


def judge_error(
    *,
    reference: float,
    measured: float,
    tolerance: Tolerance,
    expanded: float = 0.0,
    rule: DecisionRule = DecisionRule.SIMPLE,
) -> Judged:
    """Judge one error; it `warns` when it passes but has used up half of what is allowed."""
    allowed = tolerance.at(reference)
    limit = allowed - expanded if rule is DecisionRule.GUARD_BAND else allowed
    error = measured - reference
    passes = abs(error) <= limit
    return Judged(
        Verdict.PASS if passes else Verdict.FAIL,
        reference,
        error,
        allowed,
        limit,
        expanded,
        passes and abs(error) > allowed / 2,
    )


def overall_verdict(judged: Sequence[Judged]) -> Verdict | None:
    """Pass when every point passes; None when there is none."""
    if not judged:
        return None
    fails = any(one.verdict is Verdict.FAIL for one in judged)
    return Verdict.FAIL if fails else Verdict.PASS
