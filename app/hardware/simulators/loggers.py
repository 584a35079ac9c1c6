"""Simulated data loggers that send rows: Campbell TOA5, and comma-separated lines.

Owns the header and the rows. TOA5: four header lines before every third row, a row a second with
its own time: who listens late needs the header too. CSV: a header line, then a row a second. A
carriage return asks either for its header.
"""

from __future__ import annotations

from datetime import timedelta

from app.hardware.channels import Channel
from app.hardware.simulators.device import Metronome
from app.hardware.simulators.surroundings import Surroundings, make_sensors

_ROWS_A_HEADER = 3
TOA5_COLUMNS = (
    ("co2", "ppm", Channel.CO2, 2),
    ("temperature", "Deg C", Channel.TEMPERATURE, 2),
    ("humidity", "%", Channel.HUMIDITY, 2),
    ("pressure", "hPa", Channel.PRESSURE, 1),
    ("wind_speed", "meters/second", Channel.WIND_SPEED, 3),
    ("wind_direction", "degrees", Channel.WIND_DIRECTION, 1),
)
CSV_COLUMNS = (
    ("co2", Channel.CO2, 1),
    ("pm2_5", Channel.PM2_5, 1),
    ("temperature", Channel.TEMPERATURE, 2),
    ("humidity", Channel.HUMIDITY, 1),
)


class Toa5:
    """A Campbell logger that sends its table: 115200 8N1."""

    def __init__(self, surroundings: Surroundings, *, interval_s: float = 1.0) -> None:
        self.sensors = make_sensors(surroundings, *(column[2] for column in TOA5_COLUMNS))
        self._surroundings = surroundings
        self._output = Metronome(interval_s, first_s=0.0)
        self._record = 0

    def receive(self, data: bytes, now_s: float) -> list[bytes]:  # noqa: ARG002 - any time will do
        return [self._header()] if b"\r" in data else []

    def emit(self, now_s: float) -> list[bytes]:
        if not self._output.is_due(now_s):
            return []
        frames = [] if self._record % _ROWS_A_HEADER else [self._header()]
        moment = self._surroundings.began + timedelta(seconds=round(now_s, 1))
        shown = moment.strftime("%Y-%m-%d %H:%M:%S")
        values = ["12.9"] + [
            f"{self.sensors[channel].value(now_s):.{decimals}f}"
            for _, _, channel, decimals in TOA5_COLUMNS
        ]
        frames.append(f'"{shown}",{self._record},{",".join(values)}\r\n'.encode("ascii"))
        self._record += 1
        return frames

    def _header(self) -> bytes:
        names = ["TIMESTAMP", "RECORD", "batt_volt_Min", *(name for name, *_ in TOA5_COLUMNS)]
        units = ["TS", "RN", "Volts", *(unit for _, unit, *_ in TOA5_COLUMNS)]
        kinds = ["", "", "Min", *("Smp" for _ in TOA5_COLUMNS)]
        first = ["TOA5", "CR1000", "CR1000", "1031", "CR1000.Std.32", "CPU:Teak.CR1", "4062"]
        lines = ([*first, "Teak"], names, units, kinds)
        text = "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
        return text.encode("ascii")


class CsvLogger:
    """A logger of comma-separated lines: 9600 8N1."""

    def __init__(self, surroundings: Surroundings, *, interval_s: float = 1.0) -> None:
        self.sensors = make_sensors(surroundings, *(column[1] for column in CSV_COLUMNS))
        self._surroundings = surroundings
        self._output = Metronome(interval_s, first_s=0.0)
        self._has_header = False

    def receive(self, data: bytes, now_s: float) -> list[bytes]:  # noqa: ARG002 - any time will do
        return [self._header()] if b"\r" in data else []

    def emit(self, now_s: float) -> list[bytes]:
        if not self._output.is_due(now_s):
            return []
        frames = [] if self._has_header else [self._header()]
        self._has_header = True
        moment = self._surroundings.began + timedelta(seconds=round(now_s, 1))
        values = [
            f"{self.sensors[channel].value(now_s):.{decimals}f}"
            for _, channel, decimals in CSV_COLUMNS
        ]
        frames.append(f"{moment:%Y-%m-%dT%H:%M:%SZ},{','.join(values)}\r\n".encode("ascii"))
        return frames

    def _header(self) -> bytes:
        return ("time," + ",".join(name for name, *_ in CSV_COLUMNS) + "\r\n").encode("ascii")
