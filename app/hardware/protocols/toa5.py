"""Campbell Scientific TOA5: four lines of header, then rows, as a file or a stream.

Owns the header and the names under which loggers' programs store what we have channels for; a
column of another name is a detail, unless the channels are given. Source: Campbell Scientific,
help pages on the TOA5 format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.hardware.channels import Channel
from app.hardware.csv_lines import Column, mark_unended, read_row, split_line
from app.hardware.decoding import Cause, Decoder, Frame
from app.hardware.framing import Line, LineDecoder

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\Z", re.ASCII)
_COUNT = re.compile(r"\d{1,19}\Z", re.ASCII)
_MEAN = re.compile(r"_(?:avg|smp|s_wvt|d1_wvt|wvc\(1\)|wvc\(2\)|\d+)\Z")
_NAMES = {
    Channel.CO2: "co2 co2_ppm co2_conc",
    Channel.CH4: "ch4 ch4_ppm ch4_conc",
    Channel.CO: "co co_ppm",
    Channel.NO: "no no_ppb",
    Channel.NO2: "no2 no2_ppb",
    Channel.NOX: "nox nox_ppb",
    Channel.O3: "o3 o3_ppb ozone",
    Channel.SO2: "so2 so2_ppb",
    Channel.PM1: "pm1 pm1_0 pm01",
    Channel.PM2_5: "pm2_5 pm25 pm2.5 pm02_5",
    Channel.PM4: "pm4 pm4_0",
    Channel.PM10: "pm10",
    Channel.TEMPERATURE: "temperature temp airtc airtemp air_temp airt t_air ta at tair",
    Channel.HUMIDITY: "humidity rh rel_hum relhum",
    Channel.PRESSURE: "pressure bp bp_mbar bp_hpa bp_kpa baro p_air pa press",
    Channel.DEW_POINT: "dew_point dewpoint tdc td tdewc",
    Channel.WIND_SPEED: "wind_speed windspeed ws ws_ms wspd wnd_spd",
    Channel.WIND_DIRECTION: "wind_direction wind_dir winddir wd wdir wnd_dir",
    Channel.RAIN_AMOUNT: "rain rain_mm rain_mm_tot rain_tot",
    Channel.SENSOR_TEMPERATURE: "ptemp ptemp_c paneltemp",
    Channel.SUPPLY_VOLTAGE: "batt_volt batt_volt_min battv battv_min batt_v",
}
_CHANNEL_OF = {name: channel for channel, names in _NAMES.items() for name in names.split()}
_UNITS = {
    "c": "°C",
    "deg c": "°C",
    "deg_c": "°C",
    "degc": "°C",
    "°c": "°C",
    "f": "°F",
    "deg f": "°F",
    "degf": "°F",
    "%": "%",
    "percent": "%",
    "mbar": "hPa",
    "mb": "hPa",
    "hpa": "hPa",
    "kpa": "kPa",
    "mmhg": "mmHg",
    "m/s": "m/s",
    "meters/second": "m/s",
    "m s-1": "m/s",
    "km/h": "km/h",
    "mph": "mph",
    "miles/hour": "mph",
    "knots": "kn",
    "deg": "°",
    "degrees": "°",
    "°": "°",
    "ppm": "ppm",
    "umol/mol": "ppm",
    "ppb": "ppb",
    "nmol/mol": "ppb",
    "ug/m3": "µg/m³",
    "ug/m^3": "µg/m³",
    "µg/m3": "µg/m³",
    "µg/m³": "µg/m³",
    "mg/m3": "mg/m³",
    "mm": "mm",
    "inch": "in",
    "volts": "V",
    "volt": "V",
    "v": "V",
}


class Toa5Decoder(LineDecoder):
    """Reads the header, then rows by it; another header begins another table."""

    longest = 65_536

    def __init__(self, channels: Sequence[Channel | None] = ()) -> None:
        super().__init__()
        self._channels = tuple(channels)
        self._header: list[list[str]] = []
        self._columns: tuple[Column, ...] = ()

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        fields = split_line(line.text, ",")
        if not fields:
            return 0, Cause.GARBAGE
        if fields[0] in ("TOA5", "\ufeffTOA5"):
            self._header, self._columns = [fields], ()
            return 0, None
        if 0 < len(self._header) < 4:
            self._header.append(fields)
            return (0, self._finish_header()) if len(self._header) == 4 else (0, None)
        return 0, self._row(fields, line)

    def _finish_header(self) -> Cause | None:
        _, names, units, _ = self._header
        if len(names) != len(units):
            self._header = []
            return Cause.LENGTH
        given = iter(self._channels)
        self._columns = tuple(
            self._column(name, unit, given) for name, unit in zip(names, units, strict=True)
        )
        return None

    def _column(self, name: str, unit: str, given: Iterator[Channel | None]) -> Column:
        if name in ("TIMESTAMP", "RECORD"):
            return Column(name)
        channel = (
            next(given, None) if self._channels else _CHANNEL_OF.get(_MEAN.sub("", name.lower()))
        )
        if channel is None:
            return Column(name)
        if not unit:
            return Column(name, channel, None, f"the header names no unit: taken as {channel.unit}")
        return Column(name, channel, _UNITS.get(unit.lower(), unit))

    def _row(self, fields: list[str], line: Line) -> Frame | Cause:
        if not self._columns:
            return Cause.UNKNOWN
        if len(fields) != len(self._columns):
            return Cause.LENGTH
        for field, column in zip(fields, self._columns, strict=True):
            form = {"TIMESTAMP": _TIME, "RECORD": _COUNT}.get(column.name)
            if form is not None and not form.match(field):
                return Cause.GARBAGE
        readings, details = read_row(fields, self._columns)
        return Frame(mark_unended(readings, line), line.text, "measurement", details)


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - a logger's file answers no request
    channels: Sequence[Channel | None] = (),
) -> Decoder:
    """Make a decoder of a table; `channels` name its columns after TIMESTAMP and RECORD."""
    return Toa5Decoder(channels)
