"""What stands against a calibration, in both languages: values, and the error that carries one.

Owns the form of a finding; must not judge. A finding that `blocks` must be cleared before the
calibration counts; the others are told and kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.errors import TeakError


@dataclass(frozen=True)
class Finding:
    """One thing found: permanent code, what it is with its value and what to do."""

    code: str
    message: str
    message_th: str
    blocks: bool = True


class CalibrationRefused(TeakError):
    """The figures asked for cannot be had from these readings; `finding` says why."""

    code = "calibration-refused"

    def __init__(self, finding: Finding, *, hint: str = "") -> None:
        super().__init__(finding.message, hint=hint)
        self.finding = finding
