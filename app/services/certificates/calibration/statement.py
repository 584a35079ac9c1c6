"""What a calibration certificate says: the contents of ISO/IEC 17025:2017, 7.8.2, 7.8.4 and 7.8.6.

Owns the fields and their JSON form. Numbers with a fraction are text, since canonical JSON has
none. Must not draw, sign or read files. There is no recommended interval (7.8.4.3): when a sensor
is next due stands in the registry.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, TypeVar, get_args, get_type_hints

from app.models.errors import UsageError
from app.services.log.canonical import canonical_bytes

STATEMENT_VERSION = 1
STATEMENT_TYPE = "teak-calibration-certificate"
LONGEST_TEXT = 2000
MOST_POINTS = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Who calibrated: the registry and the place where it was done."""

    id: str
    name_en: str
    name_th: str
    place: str


@dataclass(frozen=True, slots=True)
class Item:
    """What was calibrated, and the condition it came in; range in the unit, None if not known."""

    station: str
    station_name: str
    sensor: str
    manufacturer: str
    model: str
    serial_number: str
    channel: str
    unit: str
    range_low: float
    range_high: float
    resolution: float
    condition: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """The air while it was done; None where it was not measured."""

    temperature_c: float | None
    humidity_percent: float | None
    pressure_hpa: float | None


@dataclass(frozen=True, slots=True)
class StatedReference:
    """A reference used; U is `expanded` at coverage factor `factor`."""

    identification: str
    value: float
    expanded: float
    factor: float
    certificate: str
    issuer: str
    expires_on: date | None
    traceable_to: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One result; `limit` is the tolerance after the guard band."""

    reference: float
    identification: str
    reading: float
    count: int
    error: float
    expanded: float
    factor: float
    tolerance: float
    limit: float
    verdict: str


@dataclass(frozen=True, slots=True)
class StatedLine:
    """The line measured = intercept + slope × reference; residuals in the order of as found."""

    method: str
    slope: float
    intercept: float
    u_slope: float | None
    u_intercept: float | None
    covariance: float | None
    residuals: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something found that does not stand in the way, in both languages."""

    en: str
    th: str


@dataclass(frozen=True, slots=True)
class CalibrationStatement:
    """All a calibration certificate says; times are aware UTC, kept to the second."""

    certificate: str
    calibration: str
    laboratory: Laboratory
    customer: str
    item: Item
    procedure: str
    calibrated_at: datetime
    issued_at: datetime
    conditions: Conditions
    references: tuple[StatedReference, ...]
    as_found: tuple[ResultLine, ...]
    line: StatedLine | None
    kept_in: str
    adjustment: Remark
    as_left: tuple[ResultLine, ...]
    decision_rule: str
    coverage: float
    verdict_as_found: str
    verdict_as_left: str
    technician: str
    authoriser: str
    authoriser_role: Remark
    remarks: tuple[Remark, ...]
    note: str

    def __post_init__(self) -> None:
        for name in ("calibrated_at", "issued_at"):
            moment = getattr(self, name)
            if moment.tzinfo is None:
                raise UsageError(f"{name} {moment} names no time zone.")
            object.__setattr__(self, name, moment.astimezone(UTC).replace(microsecond=0))
        if not self.certificate or not self.calibration:
            raise UsageError("A calibration certificate has a number and names its calibration.")
        if len(self.as_found) > MOST_POINTS or len(self.as_left) > MOST_POINTS:
            raise UsageError(f"A calibration certificate holds {MOST_POINTS} points at most.")


def calibration_statement_bytes(statement: CalibrationStatement) -> bytes:
    """Write the statement as canonical JSON, the bytes that are signed."""
    body = _plain(statement)
    return canonical_bytes({"type": STATEMENT_TYPE, "version": STATEMENT_VERSION} | body)


def calibration_statement_of(content: bytes) -> CalibrationStatement:
    """Read a statement back; UsageError for anything that is none, or not in canonical form."""
    try:
        body = json.loads(content)
        if body.get("type") != STATEMENT_TYPE or body.get("version") != STATEMENT_VERSION:
            raise UsageError("The statement is no calibration's.")
        made = _made(CalibrationStatement, body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"The statement cannot be read: {error}.") from None
    # Whatever was left out above, such as an unknown field, would not come back.
    if calibration_statement_bytes(made) != content:
        raise UsageError("The statement is not in canonical form, or has a field not known.")
    return made


def is_calibration_statement(content: bytes) -> bool:
    """Tell whether bytes claim to be the statement of a calibration."""
    try:
        return bool(json.loads(content).get("type") == STATEMENT_TYPE)
    except (ValueError, AttributeError, RecursionError):
        return False


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else value


def _made(kind: type[T], body: Any) -> T:
    """Make a dataclass of JSON by its own annotations; raises ValueError, KeyError, TypeError."""
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], body[name]) for name in names})


def _value(hint: Any, given: Any) -> Any:
    options = get_args(hint)
    if type(None) in options:
        present = next(each for each in options if each is not type(None))
        return None if given is None else _value(present, given)
    if options and options[-1] is Ellipsis:
        if not isinstance(given, list):
            raise TypeError(f"{given!r} is no list")
        return tuple(_value(options[0], each) for each in given)
    if hasattr(hint, "__dataclass_fields__"):
        return _made(hint, given)
    if hint is int and type(given) is int:
        return given
    if not isinstance(given, str) or len(given) > LONGEST_TEXT:
        raise TypeError(f"{str(given)[:60]!r} is no text of at most {LONGEST_TEXT} characters")
    return _of_text(hint, given)


def _of_text(hint: Any, given: str) -> Any:
    if hint is float:
        number = float(given)
        if not math.isfinite(number):
            raise ValueError(f"{given} is no number")
        return number
    if hint is datetime:
        return datetime.strptime(given, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if hint is date:
        return date.fromisoformat(given)
    return given
