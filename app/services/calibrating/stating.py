"""What a calibration's certificate says, derived from what the registry keeps.

Owns that derivation. Nobody brings a statement along; issuing is `certifying`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.services.calibrating.doubt_left import read_doubt, tell_doubt
from app.services.certificates.calibration.statement import (
    CalibrationStatement,
    Conditions,
    Item,
    Laboratory,
    Remark,
    ResultLine,
    StatedLine,
    StatedReference,
)
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.kept_calibrations import KeptCalibration
from app.services.stations.listing import get_sensor, list_stations


def derive_calibration_statement(
    registry: OpenRegistry, actor: Actor, kept: KeptCalibration
) -> CalibrationStatement:
    """Derive what a certificate says from the calibration as it is kept."""
    details, notes = kept.details, kept.details.get("notes", {})
    settings = details["settings"]
    return CalibrationStatement(
        certificate=f"CC-{registry.country}-{kept.code.removeprefix('CAL-')}",
        calibration=kept.code,
        laboratory=Laboratory(
            registry.registry_id,
            registry.name_en,
            registry.name_th,
            notes.get("place", ""),
        ),
        customer=notes.get("customer", ""),
        item=_item(registry, kept, settings, notes.get("condition", "")),
        procedure=kept.method,
        calibrated_at=kept.performed_at,
        issued_at=registry.now(),
        conditions=Conditions(
            _number(notes.get("temperature_c")),
            _number(notes.get("humidity_percent")),
            _number(notes.get("pressure_hpa")),
        ),
        references=_references(details),
        as_found=tuple(_result(point) for point in details["as_found"]),
        line=_line(details["fit"]),
        kept_in="device" if kept.written_to_device else "registry",
        adjustment=Remark(notes.get("adjustment", ""), notes.get("adjustment_th", "")),
        as_left=tuple(_result(point) for point in details["as_left"]),
        decision_rule=settings["rule"],
        coverage=float(settings["coverage"]),
        verdict_as_found=kept.verdict_as_found,
        verdict_as_left=kept.verdict_as_left,
        technician=actor.name if kept.performed_by == actor.user_name else kept.performed_by,
        authoriser=actor.name,
        authoriser_role=Remark(actor.role.words, actor.role.words_th),
        remarks=(
            *(Remark(each["message"], each["message_th"]) for each in details["findings"]),
            *(Remark(*told) for told in tell_doubt(read_doubt(registry, kept.reference))),
        ),
        note=notes.get("remarks", ""),
    )


def _item(
    registry: OpenRegistry, kept: KeptCalibration, settings: dict[str, Any], condition: str
) -> Item:
    sensor = get_sensor(registry, kept.sensor_id)
    station = next(each for each in list_stations(registry) if each.id == sensor.station_id)
    return Item(
        station.code,
        station.name,
        sensor.code,
        sensor.manufacturer,
        sensor.model_number,
        sensor.serial_number,
        kept.channel,
        kept.unit,
        float(settings["range_low"]),
        float(settings["range_high"]),
        float(settings["resolution"]),
        condition,
    )


def _references(details: dict[str, Any]) -> tuple[StatedReference, ...]:
    """Name each reference once, in the order of use."""
    found: dict[str, StatedReference] = {}
    for point in (*details["as_found"], *details["as_left"]):
        material = point["material"]
        expires = material["expires_on"]
        found.setdefault(
            material["identification"],
            StatedReference(
                material["identification"],
                float(material["value"]),
                float(material["expanded"]),
                float(material["factor"]),
                material["certificate"],
                material["issuer"],
                None if expires is None else date.fromisoformat(expires),
                material["traceable_to"],
            ),
        )
    return tuple(found.values())


def _result(point: dict[str, Any]) -> ResultLine:
    judged, budget = point["judged"], point["budget"]
    return ResultLine(
        float(point["material"]["value"]),
        point["material"]["identification"],
        float(point["mean"]),
        int(point["count"]),
        float(judged["error"]),
        float(budget["combined"]) * float(budget["factor"]),
        float(budget["factor"]),
        float(judged["tolerance"]),
        float(judged["limit"]),
        judged["verdict"],
    )


def _line(fit: dict[str, Any] | None) -> StatedLine | None:
    if fit is None:
        return None
    return StatedLine(
        fit["method"],
        float(fit["slope"]),
        float(fit["intercept"]),
        _number(fit["u_slope"]),
        _number(fit["u_intercept"]),
        _number(fit["covariance"]),
        tuple(float(each) for each in fit["residuals"]),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
