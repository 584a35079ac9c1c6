"""Importing a Verra export, against the raw driver writing the same blocks.

The rival reads the same file and writes every row the import leaves behind, batch, blocks and
chained log entries included, as many at a commit; it checks and reconciles nothing. At full size
a million rows are imported once: time, disk and memory are stated.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from app.services.imports.registry_export import import_registry_export
from benchmarks.measuring import (
    FULL,
    Peak,
    Ratio,
    Scale,
    disk_mb,
    interleave,
    rate,
    watch_memory,
)
from benchmarks.raw_import import RawImporter
from benchmarks.sample_registry import SampleRegistry, sample_registry

_REPEATS = 3
_PROJECTS = 40
_BLOCK = 1_000


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare the time of an import with that of the bare writing."""
    is_long = scale is FULL
    rows, repeats = scale.import_rows, 1 if is_long else min(_REPEATS, scale.repeats)
    peaks: list[Peak | None] = []
    files = iter([_write_export(folder, number, rows) for number in range(repeats + 1)])
    other_files = iter([_write_export(folder, number, rows) for number in range(repeats + 1)])
    with (
        sample_registry(folder / "imported.teak") as ours,
        sample_registry(folder / "written.teak") as theirs,
    ):
        rival = RawImporter(theirs)
        pair = interleave(
            lambda: peaks.append(watch_memory(lambda: _import(ours, next(files), rows))),
            lambda: rival.write(next(other_files)),
            repeats,
            warm=not is_long,
        )
        rival.close()
        sound = watch_memory(ours.require_sound)
        theirs.require_sound()
        disk = disk_mb(folder / "imported.teak")
    yield Ratio(
        "import of a Verra export, ours / rows written by the raw driver",
        pair.speeds(),
        f"{rows:,} rows; {rate(rows, pair.ours)} against {rate(rows, pair.theirs)}; "
        f"{disk:,} MB on disk; {peaks[0] or 'memory not told here'}; verifying it afterwards: "
        f"{sound or 'memory not told here'}",
    )


def _import(sample: SampleRegistry, file: Path, rows: int) -> None:
    report = import_registry_export(
        sample.registry, file, format="verra", proposer=sample.officer, approver=sample.approver
    )
    assert report.imported == rows, report


def _write_export(folder: Path, number: int, rows: int) -> Path:
    """Write a synthetic export: its own batch of numbers, some dozens of projects."""
    path = folder / f"export-{number}.csv"
    first = count(number * rows * _BLOCK + 1, _BLOCK)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            (
                "Issuance Date",
                "Vintage Start",
                "Vintage End",
                "ID",
                "Name",
                "Quantity Issued",
                "Serial Number",
                "Retirement/Cancellation Date",
                "Retirement Beneficiary",
                "Retirement Reason",
                "Retirement Details",
            )
        )
        for row in range(rows):
            start, project = next(first), 1 + row % _PROJECTS
            serial = (
                f"9000-{start}-{start + _BLOCK - 1}-VCS-VCU-262-VER-TH-1-{project}"
                "-01012021-31122021-0"
            )
            writer.writerow(
                (
                    "2022-03-05",
                    "2021-01-01",
                    "2021-12-31",
                    project,
                    f"Sample {project}",
                    _BLOCK,
                    serial,
                    "",
                    "",
                    "",
                    "",
                )
            )
    return path
