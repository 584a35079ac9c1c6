"""The file that says which stations to collect from.

Owns its form and its mistakes, each named by table and key:

    as = "technician"
    [[station]]
    code = "ST-01"
    name = "Trang"
    [[station.sensor]]
    code = "SEN-CO2-0012"
    protocol = "gmp252"
    port = "/dev/ttyUSB0"
    interval_s = 1
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.models.errors import UsageError
from app.services.stations.values import NewChannel, NewSensor, NewStation

_SENSOR_KEYS = {
    "code",
    "type",
    "protocol",
    "port",
    "address",
    "interval_s",
    "manufacturer",
    "model",
    "serial",
    "channels",
    "settings",
}
_STATION_KEYS = {"code", "name", "owner", "project", "latitude", "longitude", "time_zone", "sensor"}
_KEYS = {"as", "period_s", "station"}


@dataclass(frozen=True)
class StationsFile:
    """Who collects, how often is written, and from which sensors of which stations."""

    user: str | None
    period_s: float
    stations: tuple[tuple[NewStation, tuple[NewSensor, ...]], ...]


def read_stations_file(path: Path) -> StationsFile:
    """Read the file; UsageError names what cannot be read."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"“{path}” cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"“{path}” is not TOML: {error}.") from None
    _require_known(content, _KEYS, "the file")
    stations = _tables(content, "station", "the file")
    if not stations:
        raise UsageError(f"“{path}” names no station.", hint="Write [[station]] and its sensors.")
    period_s = content.get("period_s", 60)
    if not isinstance(period_s, int | float) or not 1 <= period_s <= 3600:
        raise UsageError(f"period_s is {period_s!r}.", hint="Give 1 to 3600 seconds.")
    user = content.get("as")
    return StationsFile(
        None if user is None else str(user),
        float(period_s),
        tuple(_station(table) for table in stations),
    )


def _station(table: Mapping[str, Any]) -> tuple[NewStation, tuple[NewSensor, ...]]:
    code = _text(table, "code", "[[station]]")
    _require_known(table, _STATION_KEYS, f"station “{code}”")
    new = NewStation(
        code,
        str(table.get("name", code)),
        str(table.get("owner", "")),
        table.get("project"),
        _degrees(table, "latitude"),
        _degrees(table, "longitude"),
        time_zone=str(table.get("time_zone", "Asia/Bangkok")),
    )
    sensors = tuple(_sensor(item, code) for item in _tables(table, "sensor", f"station “{code}”"))
    if not sensors:
        raise UsageError(f"Station “{code}” names no sensor.", hint="Write [[station.sensor]].")
    return new, sensors


def _sensor(table: Mapping[str, Any], station: str) -> NewSensor:
    code = _text(table, "code", f"a sensor of station “{station}”")
    place = f"sensor “{code}”"
    _require_known(table, _SENSOR_KEYS, place)
    interval_s = table.get("interval_s", 1)
    if not isinstance(interval_s, int | float) or not 0.05 <= interval_s <= 86_400:
        raise UsageError(f"{place}: interval_s is {interval_s!r}.", hint="Give 0.05 to 86400.")
    settings = table.get("settings", {})
    channels = table.get("channels", {})
    if not isinstance(settings, dict) or not isinstance(channels, dict):
        raise UsageError(
            f"{place}: settings and channels are tables.", hint='channels = { co2 = "ppm" }'
        )
    return NewSensor(
        code,
        str(table.get("type", "")),
        tuple(NewChannel(name, str(unit)) for name, unit in channels.items()),
        str(table.get("manufacturer", "")),
        str(table.get("model", "")),
        str(table.get("serial", "")),
        None,
        _text(table, "protocol", place),
        _text(table, "port", place),
        str(table.get("address", "")),
        settings,
        round(interval_s * 1000),
    )


def _tables(table: Mapping[str, Any], name: str, place: str) -> list[dict[str, Any]]:
    found = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise UsageError(f"“{name}” in {place} is no list of tables.", hint=f"Write [[{name}]].")
    return found


def _text(table: Mapping[str, Any], key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"“{key}” of {place} is missing.", hint=f'Write {key} = "…".')
    return value.strip()


def _degrees(table: Mapping[str, Any], key: str) -> Decimal | None:
    value = table.get(key)
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise UsageError(f"“{key}” is {value!r}, no number of degrees.") from None


def _require_known(table: Mapping[str, Any], known: set[str], place: str) -> None:
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        raise UsageError(
            f"{place} has “{unknown}”, which means nothing here.",
            hint=f"Known are {', '.join(sorted(known))}.",
        )
