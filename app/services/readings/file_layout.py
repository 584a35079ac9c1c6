"""How a logged file is laid out: proposed from the file, chosen by a person, then read by it.

Owns finding header, time and columns of PCD-style CSV and JSON, TOA5, and CSV with a preamble;
and the conversion of a written unit to a channel's. Proposals are for the preview: nothing is
assumed in silence.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from app.models.errors import UsageError
from app.services.measurement_files import read_time_us

_MOST_HEAD_LINES = 60
_LARGEST_JSON = 128 * 1024 * 1024
_FEWEST_FIELDS = 2
_TOA5_UNITS = 2
_TOA5_HEAD = 4

TIME_FORMS = (None, "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")
"""Written times tried in this order; None is ISO 8601."""

_NAMES = {
    "pm1": "pm1",
    "pm25": "pm2_5",
    "pm2.5": "pm2_5",
    "pm2_5": "pm2_5",
    "pm10": "pm10",
    "o3": "o3",
    "co": "co",
    "co2": "co2",
    "ch4": "ch4",
    "no": "no",
    "no2": "no2",
    "nox": "nox",
    "so2": "so2",
    "ws": "wind_speed",
    "wd": "wind_direction",
    "temp": "temperature",
    "temperature": "temperature",
    "airtc": "temperature",
    "rh": "humidity",
    "humidity": "humidity",
    "dp": "dew_point",
    "bp": "pressure",
    "pressure": "pressure",
    "batt_volt": "supply_voltage",
    "ptemp": "sensor_temperature",
}
_USUAL_UNITS = {
    "pm1": "µg/m³",
    "pm2_5": "µg/m³",
    "pm10": "µg/m³",
    "o3": "ppb",
    "no": "ppb",
    "no2": "ppb",
    "nox": "ppb",
    "so2": "ppb",
    "co": "ppm",
    "co2": "ppm",
    "ch4": "ppm",
    "wind_speed": "m/s",
    "wind_direction": "°",
    "temperature": "°C",
    "humidity": "%",
    "dew_point": "°C",
    "pressure": "hPa",
    "supply_voltage": "V",
    "sensor_temperature": "°C",
}
"""As the Pollution Control Department publishes them."""
_SPELLINGS = {
    "ug/m3": "µg/m³",
    "μg/m³": "µg/m³",
    "ug/m³": "µg/m³",
    "c": "°C",
    "deg c": "°C",
    "degc": "°C",
    "f": "°F",
    "deg": "°",
    "degrees": "°",
    "volts": "V",
    "v": "V",
    "hpa": "hPa",
    "mbar": "hPa",
}
_CONVERSIONS = {
    ("ppb", "ppm"): (Decimal(0), Decimal("0.001")),
    ("ppm", "ppb"): (Decimal(0), Decimal(1000)),
    ("mg/m³", "µg/m³"): (Decimal(0), Decimal(1000)),
    ("km/h", "m/s"): (Decimal(0), Decimal(10) / Decimal(36)),
    ("kn", "m/s"): (Decimal(0), Decimal(1852) / Decimal(3600)),
    ("°F", "°C"): (Decimal(32), Decimal(5) / Decimal(9)),
    ("K", "°C"): (Decimal("273.15"), Decimal(1)),
    ("kPa", "hPa"): (Decimal(0), Decimal(10)),
    ("Pa", "hPa"): (Decimal(0), Decimal("0.01")),
}


class UnreadableFile(UsageError):
    """The file cannot be read as logged measurements."""

    code = "measurement-file"


@dataclass(frozen=True)
class ColumnChoice:
    """A column of the file and what it is taken for; no channel: passed over."""

    column: str
    channel: str | None
    unit: str


@dataclass(frozen=True)
class FileLayout:
    """How a file is read; `skip` rows stand before its header, `below` between it and the rows.

    `missing` are written values that mean none, beside empty cells and the usual codes.
    """

    form: str
    columns: tuple[ColumnChoice, ...]
    time_column: str
    time_form: str | None = None
    zone: str = "Asia/Bangkok"
    missing: tuple[str, ...] = ()
    skip: int = 0
    below: int = 0
    delimiter: str = ","

    def choosing(
        self, *, channels: dict[str, str | None] | None = None, units: dict[str, str] | None = None
    ) -> FileLayout:
        """Give the layout with other channels or units for some columns, named by the column."""
        given, said = channels or {}, units or {}
        unknown = (set(given) | set(said)) - {item.column for item in self.columns}
        if unknown:
            names = ", ".join(item.column for item in self.columns)
            raise UnreadableFile(
                f"The file has no column “{min(unknown)}”.", hint=f"Columns there: {names}."
            )
        return replace(
            self,
            columns=tuple(
                ColumnChoice(
                    item.column,
                    given.get(item.column, item.channel),
                    spelled(said.get(item.column, item.unit)),
                )
                for item in self.columns
            ),
        )


@dataclass(frozen=True)
class LoggedRow:
    """One row as written: its number from 1, its text, and the cells by column."""

    number: int
    raw: str
    cells: dict[str, str]
    is_short: bool = False


def propose_layout(path: Path) -> FileLayout:
    """Propose how a file is laid out; UnreadableFile when no table of times is found."""
    head = _head(path)
    if not head:
        raise UnreadableFile(f"“{path}” is empty.")
    if head[0].lstrip().startswith(("{", "[")):
        return _of_json(path)
    if head[0].lstrip('"').startswith("TOA5"):
        return _of_toa5(path, head)
    return _of_csv(path, head)


def read_logged_rows(path: Path, layout: FileLayout) -> Iterator[LoggedRow]:
    """Give the rows of a file one by one; a row that ends too early is told as short."""
    if layout.form == "json":
        for number, item in enumerate(_json_rows(path), 1):
            raw = json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)
            cells = {name: "" if value is None else str(value) for name, value in item.items()}
            yield LoggedRow(number, raw, cells)
        return
    wanted = [layout.time_column, *(item.column for item in layout.columns)]
    with _opened(path) as stream:
        lines: list[str] = []
        reader = csv.reader(_kept(stream, lines), delimiter=layout.delimiter)
        header = _header(reader, layout, path)
        places = {name: header.index(name) for name in wanted}
        lines.clear()
        number = 0
        for fields in reader:
            raw, is_empty = "".join(lines).rstrip("\r\n"), not any(fields)
            lines.clear()
            if is_empty:
                continue
            number += 1
            cells = {name: fields[at] for name, at in places.items() if at < len(fields)}
            yield LoggedRow(number, raw, cells, len(cells) < len(places))


def spelled(unit: str) -> str:
    """Give a unit in the desk's spelling."""
    plain = unit.strip()
    return _SPELLINGS.get(plain.lower(), plain)


def convert_unit(value: Decimal, written: str, wanted: str) -> Decimal | None:
    """Convert a value between units; None where that needs to know more."""
    if written == wanted:
        return value
    steps = _CONVERSIONS.get((written, wanted))
    if steps is None:
        return None
    return ((value - steps[0]) * steps[1]).normalize()


def read_number(text: str) -> Decimal | None:
    """Read a written number exactly; None when it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and "_" not in text else None


def _of_toa5(path: Path, head: Sequence[str]) -> FileLayout:
    rows = list(csv.reader(head[:_TOA5_HEAD]))
    if len(rows) < _TOA5_HEAD:
        raise UnreadableFile(f"“{path}” is TOA5 but ends within its header.")
    units = dict(zip(rows[1], rows[_TOA5_UNITS], strict=False))
    columns = tuple(
        _choice(name, units.get(name, ""))
        for name in rows[1]
        if name not in ("TIMESTAMP", "RECORD")
    )
    return FileLayout("toa5", columns, "TIMESTAMP", skip=1, below=2)


def _of_csv(path: Path, head: Sequence[str]) -> FileLayout:
    for delimiter in (",", ";", "\t"):
        rows = list(csv.reader(head, delimiter=delimiter))
        for place, (names, first) in enumerate(pairwise(rows)):
            if len(names) < _FEWEST_FIELDS or len(first) != len(names):
                continue
            found = _time_of(names, first)
            if found is not None:
                at, form = found
                columns = tuple(
                    _choice(name, "") for i, name in enumerate(names) if i != at and name.strip()
                )
                return FileLayout(
                    "csv",
                    columns,
                    names[at],
                    form,
                    skip=place,
                    delimiter=delimiter,
                )
    raise UnreadableFile(
        f"“{path}” shows no header above rows that begin with a time.",
        hint="The columns must be named on one line, and one of them hold times.",
    )


def _of_json(path: Path) -> FileLayout:
    first = next(_json_rows(path), None)
    names = list(first or {})
    texts = [str(value) for value in (first or {}).values()]
    found = _time_of(names, texts)
    if first is None or found is None:
        raise UnreadableFile(f"“{path}” holds no list of objects with a time each.")
    at, form = found
    columns = tuple(_choice(name, "") for i, name in enumerate(names) if i != at)
    return FileLayout("json", columns, names[at], form)


def _time_of(names: Sequence[str], first: Sequence[str]) -> tuple[int, str | None] | None:
    """Find the column of times, and how they are written; plain numbers are no times here."""
    for at, text in enumerate(first):
        if not names[at].strip() or re.fullmatch(r"[\d.]*", text.strip()):
            continue
        for form in TIME_FORMS:
            if read_time_us(text, form=form) is not None:
                return at, form
    return None


def _choice(name: str, unit: str) -> ColumnChoice:
    """Guess what a column is from its name: “PM2.5 (µg/m³)”, “PM25”, “batt_volt_Min”."""
    match = re.fullmatch(r"\s*([^()]+?)\s*(?:\(([^()]*)\))?\s*", name)
    stem = (match[1] if match else name).lower()
    written = spelled(unit or (match[2] if match and match[2] else ""))
    stem = re.sub(r"_(avg|min|max|smp|std|tot)$", "", stem)
    channel = _NAMES.get(stem)
    return ColumnChoice(name, channel, written or _USUAL_UNITS.get(channel or "", ""))


def _head(path: Path) -> list[str]:
    with _opened(path) as stream:
        return list(islice(stream, _MOST_HEAD_LINES))


def _opened(path: Path) -> Any:
    try:
        stream = path.open(encoding="utf-8-sig", newline="")
        stream.read(1)
        stream.seek(0)
    except OSError as error:
        raise UnreadableFile(f"“{path}” cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"“{path}” is not UTF-8 text.", hint="Save it as UTF-8.") from None
    return stream


def _kept(stream: Iterator[str], lines: list[str]) -> Iterator[str]:
    """Pass lines on and keep those that the row at hand is made of."""
    try:
        for line in stream:
            lines.append(line)
            yield line
    except UnicodeDecodeError:
        raise UnreadableFile("The file is not UTF-8 text.", hint="Save it as UTF-8.") from None


def _header(reader: Any, layout: FileLayout, path: Path) -> list[str]:
    for _ in range(layout.skip):
        next(reader, None)
    header = next(reader, None)
    for _ in range(layout.below):
        next(reader, None)
    wanted = {layout.time_column, *(item.column for item in layout.columns)}
    missing = wanted - set(header or [])
    if header is None or missing:
        raise UnreadableFile(
            f"“{path}” has no column “{min(missing, default='')}” where the layout says.",
            hint="Look at the preview anew.",
        )
    return list(header)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise UnreadableFile(f"“{path}” is larger than Teak reads JSON.", hint="Use CSV.")
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise UnreadableFile(f"“{path}” cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"“{path}” is not JSON: {error}.") from None
    yield from _objects(content)


def _objects(content: Any) -> Iterator[dict[str, Any]]:
    """Find the list of flat objects: bare, or under stations, data and the like."""
    if isinstance(content, list):
        for item in content:
            if isinstance(item, dict):
                inner = [value for value in item.values() if isinstance(value, list)]
                if inner:
                    yield from _objects(inner[0])
                else:
                    yield item
    elif isinstance(content, dict):
        for value in content.values():
            if isinstance(value, list | dict):
                yield from _objects(value)
