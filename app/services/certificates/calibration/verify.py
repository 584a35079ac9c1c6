"""Calibration certificates judged by the registry's public key, with nothing but the file.

Owns the verdict; the signatures are checked as the offset certificate's are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.models.errors import TeakError
from app.services.certificates.calibration.statement import (
    CalibrationStatement,
    calibration_statement_of,
)
from app.services.certificates.verify import HELD, signed_statement


@dataclass(frozen=True, slots=True)
class VerifiedCalibration:
    """The verdict; `statement` is None unless `ok`, so that nothing unproven is passed on."""

    ok: bool
    reason: str
    statement: CalibrationStatement | None = None

    @property
    def json(self) -> dict[str, Any]:
        """The answer of `teak certificate verify --json` for a calibration."""
        said = self.statement
        return {
            "ok": self.ok,
            "certificate": said.certificate if said else None,
            "calibration": said.calibration if said else None,
            "station": said.item.station if said else None,
            "sensor": said.item.sensor if said else None,
            "channel": said.item.channel if said else None,
            "calibrated_at": f"{said.calibrated_at:%Y-%m-%dT%H:%M:%SZ}" if said else None,
            "verdict_as_found": said.verdict_as_found if said else None,
            "verdict_as_left": said.verdict_as_left if said else None,
            "reason": self.reason,
        }


def verify_calibration_certificate(pdf: bytes, public_key: Ed25519PublicKey) -> VerifiedCalibration:
    """Judge a certificate's file by the registry's public key; never raises for a bad file."""
    try:
        content = signed_statement(pdf, public_key)
        return VerifiedCalibration(True, HELD, calibration_statement_of(content))
    except TeakError as error:
        return VerifiedCalibration(False, error.message)
