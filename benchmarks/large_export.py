"""Makes a large Verra export out of the real one: the same rows again and again, numbers moved on.

Deterministic: the same source and number of rows give the same bytes.
"""

from __future__ import annotations

import csv
from pathlib import Path

from app.models.resource_files import resource_path
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import print_serial, with_range

REAL_EXPORT = resource_path("demo", "registries", "verra__transactions.csv")

_NUMBERS_APART = 1_000_000_000
"""More than the highest number in the real file, so that no round meets another."""


def write_large_export(target: Path, rows: int) -> Path:
    """Write a Verra export of so many rows, none of which overlaps another."""
    with REAL_EXPORT.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        header, real = list(reader.fieldnames or ()), list(reader)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        for number in range(rows):
            round_number, index = divmod(number, len(real))
            writer.writerow(real[index] | {"Serial Number": _moved(real[index], round_number)})
    return target


def _moved(row: dict[str, str], round_number: int) -> str:
    serial = read_serial(row["Serial Number"])
    by = round_number * _NUMBERS_APART
    return print_serial(with_range(serial, serial.start + by, serial.end + by))
