"""What an import's preview promises is what the import then does, to the unit."""

from __future__ import annotations

import pytest

from app.models.resource_files import resource_path
from app.services.imports.registry_export import (
    import_registry_export,
    preview_registry_export,
)
from app.services.registry.context import Actor, OpenRegistry

FILES = [
    ("verra__transactions.csv", "verra"),
    ("american-carbon-registry__retirements.csv", "acr"),
    ("gold-standard__retirements.sample.csv", "gold-standard"),
]


@pytest.mark.parametrize(("name", "source"), FILES)
def test_the_preview_counts_what_the_import_does(
    registry: OpenRegistry, people: dict[str, Actor], name: str, source: str
) -> None:
    file = resource_path("demo", "registries", name)
    preview = preview_registry_export(registry, file, format=source)
    report = import_registry_export(
        registry,
        file,
        format=source,
        proposer=people["officer"],
        approver=people["approver"],
    )
    assert preview.rows == report.rows > 0
    assert preview.new_rows == report.imported > 0
    assert preview.rejected == report.rejected
    assert preview.units_issued == report.units_issued > 0
    assert preview.units_cancelled == report.units_cancelled
    again = preview_registry_export(registry, file, format=source)
    assert (again.new_rows, again.units_issued, again.units_cancelled) == (0, 0, 0)
