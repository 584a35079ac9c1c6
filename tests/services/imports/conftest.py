"""What the tests of imports share: an importer, made-up export files, a state to compare."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.models.resource_files import resource_path
from app.services.imports.import_report import ImportReport
from app.services.imports.registry_export import import_registry_export
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.imported_state import Rows


@dataclass(frozen=True)
class Importer:
    """Imports into one registry on behalf of its officer and approver."""

    registry: OpenRegistry
    people: dict[str, Actor]
    folder: Path

    def import_file(self, file: Path, source: str, **options: Any) -> ImportReport:
        people = {"proposer": self.people["officer"], "approver": self.people["approver"]}
        return import_registry_export(self.registry, file, format=source, **{**people, **options})

    def import_rows(
        self, rows: Sequence[Mapping[str, str]], source: str = "verra", **options: Any
    ) -> ImportReport:
        return self.import_file(self.write(rows), source, **options)

    def write(self, rows: Sequence[Mapping[str, str]], name: str = "export.csv") -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path


@pytest.fixture
def importer(registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path) -> Importer:
    return Importer(registry, people, tmp_path)


def real_file(name: str) -> Path:
    return resource_path("demo", "registries", name)


@pytest.fixture(scope="session")
def real_rows() -> Rows:
    """The rows of the real files, by the format they are of and what they hold."""
    names = {
        "verra": "verra__transactions.csv",
        "acr": "american-carbon-registry__retirements.csv",
        "car": "climate-action-reserve__retirements.csv",
        "issuances": "gold-standard__issuances.sample.csv",
        "retirements": "gold-standard__retirements.sample.csv",
    }
    rows: Rows = {}
    for key, name in names.items():
        with real_file(name).open(encoding="utf-8-sig", newline="") as file:
            rows[key] = list(csv.DictReader(file))
    return rows
