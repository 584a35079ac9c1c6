"""Calibration points from a CSV file.

Owns which fields of a row make a point, and refuses what is none by row and column; must not
fit. A missing value is refused too, unless the caller says to leave such rows out: then they
are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.errors import UsageError
from app.services.calibration.line_points import LinePoint
from app.services.measurement_files import MeasurementFile, WrittenRow
from app.services.quality.missing import ReadValue, read_value


class BadPoint(UsageError):
    """A row of the file gives no calibration point; row and column are named."""

    code = "calibration-input"


@dataclass(frozen=True)
class PointColumns:
    """The columns of a point; those of uncertainty may be None."""

    reference: str
    measured: str
    u_reference: str | None = None
    u_measured: str | None = None

    @property
    def all(self) -> tuple[str, ...]:
        named = (self.reference, self.measured, self.u_reference, self.u_measured)
        return tuple(dict.fromkeys(name for name in named if name is not None))


@dataclass(frozen=True)
class FilePoints:
    """The points of a file, and how many rows were left out because a value was missing."""

    points: tuple[LinePoint, ...]
    left_out: int


def read_points(
    file: MeasurementFile, columns: PointColumns, *, skip_missing: bool = False
) -> FilePoints:
    """Read every point of a file; BadPoint names row and column of what is none."""
    points = []
    left_out = 0
    for row in file.rows(columns.all):
        values = {column: _value(row, column) for column in columns.all}
        if skip_missing and any(value.reason for value in values.values()):
            left_out += 1
            continue
        for column, value in values.items():
            if value.reason:
                what = "is empty" if not value.text.strip() else f"“{value.text}” is no value"
                raise BadPoint(
                    f"Row {row.number}, column “{column}”: {what}.",
                    hint="Correct it, or leave such rows out with --skip-missing.",
                )
        points.append(_point(row, columns, values))
    return FilePoints(tuple(points), left_out)


def _value(row: WrittenRow, column: str) -> ReadValue:
    read = read_value(row.texts[column] or "")
    if read.reason == "unreadable":
        raise BadPoint(
            f"Row {row.number}, column “{column}”: “{read.text}” is no number.",
            hint="Correct it; decimals are written with a point.",
        )
    return read


def _point(row: WrittenRow, columns: PointColumns, values: dict[str, ReadValue]) -> LinePoint:
    uncertainties = []
    for column in (columns.u_reference, columns.u_measured):
        u = None if column is None else values[column].value
        if u is not None and u < 0:
            raise BadPoint(
                f"Row {row.number}, column “{column}”: {u:g}; an uncertainty is not below zero.",
                hint="Write the standard uncertainty without its sign.",
            )
        uncertainties.append(u)
    return LinePoint(
        values[columns.reference].value, values[columns.measured].value, *uncertainties
    )
