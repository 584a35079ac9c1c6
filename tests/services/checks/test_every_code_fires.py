"""Every row of the catalogue fires in some situation of the tables beside this file.

A family of acts has its own `test_catalogue_….py` with `SITUATIONS` (what is wrong, the facts,
the codes that refuse) and `NOTES` (what is worth saying, the facts, the codes that note).
"""

from __future__ import annotations

import importlib
from pathlib import Path

from app.services.checks.catalogue import CATALOGUE
from app.services.transactions.evaluation import evaluate


def fired() -> set[int]:
    codes: set[int] = set()
    for path in sorted(Path(__file__).parent.glob("test_catalogue*.py")):
        family = importlib.import_module(f"tests.services.checks.{path.stem}")
        for _, facts, _ in getattr(family, "SITUATIONS", ()):
            codes |= {item.code for item in evaluate(facts()).checks.violations}
        for _, facts, _ in getattr(family, "NOTES", ()):
            codes |= {note.code for note in evaluate(facts).checks.notes}
    return codes


def test_every_row_fires_somewhere() -> None:
    assert {check.code for check in CATALOGUE} == fired()
