"""The rooms of the house import one way, and every rule would be noticed if it were broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
LINTER: Final = Path(sys.executable).parent / "lint-imports"

ROOMS: Final = (
    "commands",
    "hardware",
    "models",
    "models/guards",
    "models/migrations",
    "models/serials",
    "models/storage",
    "models/tables",
    "services",
    "services/checks",
    "services/transactions",
    "views",
    "views/pages",
    "views/presenters",
)

BREACHES: Final = [
    # (module that breaks the rule, what it imports, the rule)
    ("models/unit.py", "app.services", "one-way"),
    ("services/report.py", "app.views", "one-way"),
    ("services/report.py", "app.commands", "one-way"),
    ("services/report.py", "app.composition", "one-way"),
    ("views/window.py", "app.commands", "one-way"),
    ("views/window.py", "app.composition", "one-way"),
    ("commands/listing.py", "app.views", "one-way"),
    ("unplanned.py", "json", "one-way"),
    ("hardware/reader.py", "app.models", "hardware-alone"),
    ("hardware/reader.py", "app.services", "hardware-alone"),
    ("hardware/reader.py", "PySide6.QtCore", "hardware-alone"),
    ("hardware/reader.py", "sqlalchemy", "hardware-alone"),
    ("services/collect.py", "serial", "readings-handed-in"),
    ("services/collect.py", "app.hardware", "readings-handed-in"),
    ("views/pages/stations.py", "app.hardware", "readings-handed-in"),
    ("models/reading.py", "app.hardware", "readings-handed-in"),
    ("models/colour.py", "PySide6.QtGui", "qt-in-views"),
    ("services/colour.py", "PySide6.QtGui", "qt-in-views"),
    ("commands/colour.py", "PySide6.QtGui", "qt-in-views"),
    ("views/presenters/colour.py", "PySide6.QtGui", "qt-in-views"),
    ("views/presenters/colour.py", "app.views.pages.shown", "qt-in-views"),
    ("views/pages/accounts.py", "sqlalchemy", "views-no-database"),
    ("views/pages/accounts.py", "sqlcipher3", "views-no-database"),
    ("views/pages/accounts.py", "psycopg", "views-no-database"),
    ("views/pages/accounts.py", "app.models.tables", "views-no-database"),
    ("views/presenters/accounts.py", "app.models.storage", "views-no-database"),
    ("commands/accounts.py", "sqlalchemy", "commands-no-database"),
    ("commands/accounts.py", "app.models.storage", "commands-no-database"),
    ("services/checks/quantity.py", "sqlalchemy", "checks-from-facts"),
    ("services/checks/quantity.py", "app.models.tables", "checks-from-facts"),
    ("models/serials/verra.py", "sqlalchemy", "serials-are-values"),
    ("models/serials/verra.py", "app.models.tables", "serials-are-values"),
]

ALLOWED: Final = [
    ("composition.py", "app.views"),
    ("composition.py", "app.commands"),
    ("composition.py", "app.hardware"),
    ("composition.py", "app.models.storage"),
    ("__main__.py", "app.composition"),
    ("commands/listing.py", "app.services"),
    ("commands/decode.py", "app.hardware"),
    ("services/report.py", "app.models.tables"),
    ("services/report.py", "sqlalchemy"),
    ("views/window.py", "app.services"),
    ("views/window.py", "app.models.text"),
    ("views/window.py", "app.views.presenters"),
]


def rule_names() -> dict[str, str]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {rule["id"]: rule["name"] for rule in table["tool"]["importlinter"]["contracts"]}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # A wide terminal, so that no rule's name is broken over two lines.
    environment = {**os.environ, "COLUMNS": "300", "NO_COLOR": "1"}
    return subprocess.run(
        [LINTER, "--config", "pyproject.toml", "--no-cache", "--no-logo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def add_import(house: Path, module: str, imported: str) -> None:
    path = house / "app" / module
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"import {imported}\n")


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """The rooms without their furniture, under the rules of the real house."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("", *ROOMS):
        folder = tmp_path / "app" / room
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (tmp_path / "app" / "composition.py").touch()
    (tmp_path / "app" / "models" / "text.py").touch()
    add_import(tmp_path, "views/pages/shown.py", "PySide6.QtWidgets")
    return tmp_path


def test_the_house_keeps_its_rules() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_ordinary_house_breaks_no_rule(empty_house: Path) -> None:
    for module, imported in ALLOWED:
        add_import(empty_house, module, imported)
    result = lint(empty_house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("module", "imported", "rule"), BREACHES)
def test_a_breach_is_noticed(empty_house: Path, module: str, imported: str, rule: str) -> None:
    add_import(empty_house, module, imported)
    result = lint(empty_house)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{rule_names()[rule]} BROKEN" in result.stdout


def test_every_rule_has_its_breach() -> None:
    assert {rule for _, _, rule in BREACHES} == set(rule_names())
