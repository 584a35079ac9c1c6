"""What a technician notes beside the figures: whose sensor, in what condition, in what air.

Owns these values; they are kept with the calibration and printed on its certificate.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CalibrationNotes:
    """Notes of one calibration; air in °C, % and hPa, None where nobody measured it.

    `adjustment` says what was done to the device, in both languages, "" where nothing was.
    """

    customer: str = ""
    place: str = ""
    condition: str = ""
    temperature_c: float | None = None
    humidity_percent: float | None = None
    pressure_hpa: float | None = None
    adjustment: str = ""
    adjustment_th: str = ""
    remarks: str = ""
