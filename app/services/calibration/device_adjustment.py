"""Which corrections a station can be told to keep itself, and why the others stay in the registry.

Owns what each protocol allows, from its maker's documents; must not talk to a device. Whoever
wires hardware answers `DeviceAdjuster`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.services.calibration.limits import CorrectionLimit, Procedure
from app.services.calibration.reference_materials import ReferenceMaterial

FRESH_AIR_PPM = 400.0
_FRESH_AIR_WITHIN_PPM = 10.0
_SPAN_PPM = (1000.0, 5000.0)


class Adjustment(StrEnum):
    """What a device can be told to do while a reference is led to it."""

    BACKGROUND = "background"
    ZERO = "zero"
    SPAN = "span"


@dataclass(frozen=True)
class DeviceAdjustment:
    """One command to a device: it takes the present gas as `reference`, in the channel's unit."""

    protocol: str
    kind: Adjustment
    channel: str
    reference: float


@dataclass(frozen=True)
class NotInDevice:
    """Why the correction cannot be written to the device, and stays in the registry."""

    code: str
    message: str
    message_th: str


@dataclass(frozen=True)
class AdjustmentAnswer:
    """What the device answered; `confirmed` False: it carries the command out without a word."""

    confirmed: bool
    detail: str


class DeviceAdjuster(Protocol):
    """Tells a station to adjust itself. Raises TeakError where it does not."""

    def adjust(self, adjustment: DeviceAdjustment) -> AdjustmentAnswer:
        """Carry out one adjustment; may take seconds."""


VAISALA_LIMIT = CorrectionLimit(absolute=1000.0, relative=0.25)
"""What a GMP252's own adjustment may correct: 1000 ppm and 25 % of the uncorrected reading."""

LIMITS: Mapping[str, CorrectionLimit] = {
    "gmp252": VAISALA_LIMIT,
    "gmp252-ascii": VAISALA_LIMIT,
}


def adjustment_for(
    protocol: str, procedure: Procedure, channel: str, references: Sequence[ReferenceMaterial]
) -> DeviceAdjustment | NotInDevice:
    """Give the command that writes a correction of these references to the device, or why none."""
    if protocol in LIMITS:
        return _only_by_its_maker()
    kinds = _KINDS.get(protocol)
    if kinds is None:
        return NotInDevice(
            "no-adjustment",
            f"{protocol or 'This station'} has no documented command for an adjustment.",
            f"{protocol or 'สถานีนี้'} ไม่มีคำสั่งปรับค่าที่มีเอกสารรองรับ",
        )
    if procedure not in (Procedure.ONE_POINT_OFFSET, Procedure.ONE_POINT_GAIN):
        return NotInDevice(
            "one-point-only",
            "The device can shift or stretch at one point, not lay a line through several.",
            "อุปกรณ์ปรับได้เฉพาะจุดเดียว ไม่สามารถปรับตามเส้นที่ผ่านหลายจุด",
        )
    reference = references[0].value if references else float("nan")
    return kinds(protocol, procedure, channel, reference)


def _only_by_its_maker() -> NotInDevice:
    return NotInDevice(
        "maker-only",
        "Vaisala does not publish the words of its adjustment command: adjust with Vaisala's own "
        "program and say so here, or keep the correction in the registry.",
        "Vaisala ไม่ได้เผยแพร่รูปแบบคำสั่งปรับค่า ให้ปรับด้วยโปรแกรมของ Vaisala แล้วแจ้งไว้ที่นี่ "
        "หรือเก็บค่าแก้ไว้ในทะเบียน",
    )


def _carbon_dioxide(
    protocol: str, procedure: Procedure, channel: str, reference: float
) -> DeviceAdjustment | NotInDevice:
    if channel != "co2":
        return _other_channel(protocol, channel)
    shifts = procedure is Procedure.ONE_POINT_OFFSET
    if shifts and abs(reference - FRESH_AIR_PPM) <= _FRESH_AIR_WITHIN_PPM:
        return DeviceAdjustment(protocol, Adjustment.BACKGROUND, channel, FRESH_AIR_PPM)
    if protocol == "s8":
        if shifts and abs(reference) <= 1.0:
            return DeviceAdjustment(protocol, Adjustment.ZERO, channel, 0.0)
        return _not_at(reference, "400 ppm (background) and 0 ppm (nitrogen), shifting")
    if not shifts and _SPAN_PPM[0] <= reference <= _SPAN_PPM[1] and reference == round(reference):
        return DeviceAdjustment(protocol, Adjustment.SPAN, channel, reference)
    return _not_at(reference, "400 ppm, shifting, and whole ppm from 1000 to 5000, stretching")


def _analyser(
    protocol: str, procedure: Procedure, channel: str, reference: float
) -> DeviceAdjustment | NotInDevice:
    if channel not in ("co", "no", "no2", "o3"):
        return _other_channel(protocol, channel)
    if procedure is Procedure.ONE_POINT_OFFSET and reference == 0:
        return DeviceAdjustment(protocol, Adjustment.ZERO, channel, 0.0)
    return _not_at(reference, "its background on zero gas")


def _not_at(reference: float, can: str) -> NotInDevice:
    return NotInDevice(
        "not-at-this-reference",
        f"The device cannot adjust itself at {reference:g}; it can at {can}.",
        f"อุปกรณ์ปรับค่าที่ {reference:g} ไม่ได้ ปรับได้ที่ {can}",
    )


def _other_channel(protocol: str, channel: str) -> NotInDevice:
    return NotInDevice(
        "other-channel",
        f"{protocol} has no command to adjust {channel}.",
        f"{protocol} ไม่มีคำสั่งปรับช่อง {channel}",
    )


_KINDS = {"s8": _carbon_dioxide, "mhz19b": _carbon_dioxide, "thermo": _analyser}
