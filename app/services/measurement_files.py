"""Rows of a CSV file of measurements, a few columns of them, in memory that does not grow.

Owns how such a file is opened, its header found and a written time read; must not judge values.
Rows count from 1, the header not counted. Problems of a single field are left to the caller: the
text comes as it stands, None where the row is too short.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.models.errors import UsageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECONDS_FROM = 100_000_000.0
"""Bare numbers from here on (1973) are seconds since 1970; a year alone is not."""
_SHOWN_COLUMNS = 20


class MeasurementFileError(UsageError):
    """The file cannot be read as a table of measurements."""

    code = "measurement-file"


@dataclass(frozen=True)
class WrittenRow:
    """One row as written: the text of each wanted column, None where the row ends before it."""

    number: int
    texts: Mapping[str, str | None]


@dataclass(frozen=True)
class MeasurementFile:
    """A CSV file with a header: how to read it."""

    path: Path
    delimiter: str = ","
    skip_lines: int = 0
    encoding: str = "utf-8-sig"

    def header(self) -> tuple[str, ...]:
        """Give the names of the columns; MeasurementFileError when there are none."""
        with self._opened() as reader:
            return self._header(reader)

    def rows(self, columns: Sequence[str]) -> Iterator[WrittenRow]:
        """Give each row's text in these columns; empty lines are passed over uncounted."""
        with self._opened() as reader:
            header = self._header(reader)
            places = {column: self._place(header, column) for column in columns}
            number = 0
            for fields in reader:
                if fields:
                    number += 1
                    yield WrittenRow(
                        number,
                        {
                            column: fields[place] if place < len(fields) else None
                            for column, place in places.items()
                        },
                    )

    @contextmanager
    def _opened(self) -> Iterator[Iterator[list[str]]]:
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for _ in range(self.skip_lines):
                    file.readline()
                yield csv.reader(file, delimiter=self.delimiter)
        except OSError as error:
            raise MeasurementFileError(f"“{self.path}” cannot be read: {error.strerror}.") from None
        except UnicodeError:
            raise MeasurementFileError(
                f"“{self.path}” is not text in {self.encoding.removesuffix('-sig').upper()}.",
                hint="Save it as UTF-8.",
            ) from None
        except csv.Error as error:
            raise MeasurementFileError(f"“{self.path}” is not CSV: {error}.") from None

    def _header(self, reader: Iterator[list[str]]) -> tuple[str, ...]:
        header = next((fields for fields in reader if fields), None)
        if header is None:
            raise MeasurementFileError(
                f"“{self.path}” is empty.", hint="The first line must name the columns."
            )
        return tuple(name.strip() for name in header)

    def _place(self, header: tuple[str, ...], column: str) -> int:
        if header.count(column.strip()) == 1:
            return header.index(column.strip())
        shown = ", ".join(name or "(no name)" for name in header[:_SHOWN_COLUMNS])
        what = "has two columns" if column.strip() in header else "has no column"
        raise MeasurementFileError(
            f"“{self.path}” {what} “{column}”.", hint=f"Columns there: {shown}."
        )


def find_zone(name: str) -> tzinfo:
    """Give a time zone by name (Asia/Bangkok) or offset (+07:00); UsageError for neither."""
    try:
        offset = datetime.strptime(name, "%z").utcoffset()
        return timezone(offset or timedelta())
    except ValueError:
        pass
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"“{name}” is no time zone.",
            hint="Write an offset as +07:00 or a name as Asia/Bangkok.",
        ) from None


def read_time_us(text: str, *, zone: tzinfo = UTC, form: str | None = None) -> int | None:
    """Read a written time as microseconds since 1970; None when it cannot be read.

    ISO 8601, or seconds since 1970, or `form` after strptime; `zone` where the text names none.
    A time that clocks went past in spring is none; of an hour they repeat in autumn the first.
    """
    return LocalTimes(zone=zone, form=form).read(text)


class LocalTimes:
    """Reads the written times of one file in their order.

    The hour that clocks repeat in autumn is told apart by what came before: a time that goes back
    within it is of the second. `was_skipped`: the last time read does not exist in the zone.
    """

    def __init__(self, *, zone: tzinfo = UTC, form: str | None = None) -> None:
        self.was_skipped = False
        self._zone = zone
        self._form = form
        self._last: int | None = None
        self._step = 0

    def read(self, text: str) -> int | None:
        """Read the next time as microseconds since 1970; None when it cannot be read."""
        self.was_skipped = False
        try:
            time_us = self._read(text.strip())
        except (ValueError, OverflowError):
            return None
        if time_us is not None:
            self._step = 0 if self._last is None else time_us - self._last
            self._last = time_us
        return time_us

    def _read(self, text: str) -> int | None:
        if self._form is not None:
            moment = datetime.strptime(text, self._form)  # noqa: DTZ007 - the zone is added below
        else:
            seconds = _seconds(text)
            if seconds is not None:
                return round(seconds * 1_000_000)
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return _us_of(moment)
        local = moment.replace(tzinfo=self._zone)
        if isinstance(self._zone, timezone):
            return _us_of(local)
        if local.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) != moment:
            self.was_skipped = True
            return None
        return self._of_repeated(_us_of(local), _us_of(local.replace(fold=1)))

    def _of_repeated(self, first: int, second: int) -> int:
        """Choose between the two moments of one written time; nearly always they are one."""
        last = self._last
        if second <= first or last is None:
            return first
        # An hourly logger writes the same hour twice; any other wrote one line twice.
        is_hourly = last == first and self._step >= second - first
        return second if last > first or is_hourly else first


def _us_of(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def print_time(time_us: int) -> str:
    """Write microseconds since 1970 as ISO 8601 UTC, with a fraction only where there is one."""
    moment = _EPOCH + timedelta(microseconds=time_us)
    return moment.isoformat().replace("+00:00", "Z")


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    plausible = math.isfinite(seconds) and _SECONDS_FROM <= seconds < 253_402_300_800
    return seconds if plausible and "_" not in text else None
