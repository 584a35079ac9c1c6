from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.documents import read_document
from app.views.pages.issuance import IssuancePage
from tests.views.pages.conftest import Surroundings

REPORT = b"%PDF verified"


@pytest.fixture
def page(
    surroundings: Surroundings, shown: Callable[[QWidget], None], qtbot: QtBot
) -> IssuancePage:
    made = IssuancePage(surroundings.context(surroundings.ledger.officer))
    shown(made)
    made.enter("0042")
    qtbot.waitUntil(lambda: made.form.values()["account"] == surroundings.ledger.forest)
    return made


def fill(page: IssuancePage, report: Path, qtbot: QtBot, **changes: str) -> None:
    page.form.set_values({"document": str(report)})
    page.form.field("document").edited.emit()
    digest = sha256(REPORT).hexdigest()
    qtbot.waitUntil(lambda: page.form.values()["document_sha256"] == digest)
    values = {
        "unit_type": "TER",
        "vintage": "2025",
        "period_from": "2568-01-01",
        "period_to": "2568-12-31",
        "verified_quantity": "10000",
        "quantity": "10000",
        "verified_reference": "VR-2025-01",
    }
    page.form.set_values(values | changes)
    qtbot.waitUntil(lambda: page.panel.outcome is not None)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(REPORT)
    return path


def test_an_issuance_is_proposed_with_its_report(
    page: IssuancePage, surroundings: Surroundings, report: Path, qtbot: QtBot
) -> None:
    fill(page, report, qtbot)
    outcome = page.panel.outcome
    assert outcome is not None
    assert outcome.is_clear
    assert [line.moves for line in outcome.lines] == [9_500, 500]
    page.form.act.click()
    qtbot.waitUntil(lambda: "is proposed" in page.message.title)
    assert read_document(surroundings.ledger.registry, sha256(REPORT).hexdigest()) == REPORT


def test_checks_stand_at_the_fields_of_this_form(
    page: IssuancePage, report: Path, qtbot: QtBot
) -> None:
    fill(page, report, qtbot, quantity="10001", vintage="2020")
    qtbot.waitUntil(lambda: page.form.problem_of("quantity") != "")
    assert page.form.problem_of("quantity").startswith("9205")
    assert page.form.problem_of("vintage").startswith("9209")
    page.form.set_values({"account": "TH-100-1042-0-52"})
    qtbot.waitUntil(lambda: page.form.problem_of("account").startswith("2002"))


def test_a_file_that_cannot_be_read_is_said_at_its_field(
    page: IssuancePage, tmp_path: Path, qtbot: QtBot
) -> None:
    page.form.set_values({"document": str(tmp_path / "gone.pdf")})
    page.form.field("document").edited.emit()
    qtbot.waitUntil(lambda: "gone.pdf" in page.form.problem_of("document"))
