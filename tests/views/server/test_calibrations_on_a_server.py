"""Calibrations at desks of a server: the certificate is asked for, waited for, and then there."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QTableView

from app.services.calibrating import requesting
from app.services.calibrating.recording import keep_calibration
from app.services.registry.context import Actor, OpenRegistry, system_clock
from app.services.stations.kept_calibrations import get_calibration
from app.views.pages.calibrations import CalibrationsPage
from tests.fixtures.benches import bench, finished, keep_gases, register_bench
from tests.fixtures.networked import NetworkedDemo, open_with_colleagues
from tests.fixtures.registries import read_people
from tests.views.server.conftest import Camera, ServerVisit, Visits
from tests.views.server.test_live_refresh import listening, work_once

pytestmark = pytest.mark.postgres


@pytest.fixture
def field(networked_demo: NetworkedDemo) -> tuple[OpenRegistry, str]:
    """A station with a calibration that nobody has certified."""
    registry = open_with_colleagues(networked_demo, system_clock)
    technician: Actor = read_people(registry)["technician"]
    sensor = register_bench(registry, technician)
    keep_gases(registry, technician)
    done = finished(sensor.channels[0].id, bench())
    return registry, keep_calibration(registry, technician, done)


def board(made: ServerVisit) -> CalibrationsPage:
    page = made.show("calibrations")
    assert isinstance(page, CalibrationsPage)
    page.due.view.selectRow(0)
    made.settle()
    return page


def test_it_says_that_the_worker_is_waited_for_and_then_shows_the_certificate(
    visit: Visits,
    field: tuple[OpenRegistry, str],
    networked_demo: NetworkedDemo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry, code = field
    monkeypatch.setattr(requesting, "LONGEST_WAIT_S", 0.5)
    made = visit("technician")
    camera = Camera(made.hand)
    made.hand.wait_for(lambda: listening(made), "the line")
    page = board(made)
    assert page.certificate.said.text() == f"Calibration {code} has no certificate yet."
    camera.take("board-without-certificate")
    page.certificate.issue.button.click()
    assert "waiting for the registry’s worker to sign it" in page.certificate.said.text()
    said = made.hand.read(r"^(The certificate of calibration .+ no worker .+ running\.)$")
    assert "is queued" in said
    made.hand.wait_for(lambda: "was asked for at" in page.certificate.said.text(), "the request")
    camera.take("waiting-for-the-worker")
    # The desk hears of it: nobody presses anything.
    work_once(networked_demo.worker_file, networked_demo)
    made.hand.wait_for(lambda: "Certificate CC-TH-" in page.certificate.said.text(), "the answer")
    number = get_calibration(registry, code).certificate_number or ""
    assert number in page.certificate.said.text()
    page.message.clear()
    camera.take("certificate-made")
    made.hand.click("Show the certificate")
    assert made.hand.read(rf"^({number}\.pdf)$")
    camera.take("certificate-shown")
    made.hand.click("Close")
    made.show("stations")
    camera.take("station")


@pytest.mark.parametrize("user", ["technician", "auditor"])
def test_every_page_of_stations_opens_with_one(
    visit: Visits, field: tuple[OpenRegistry, str], user: str
) -> None:
    made = visit(user)
    camera = Camera(made.hand)
    for key in ("stations", "live", "colocation", "calibrations"):
        page = made.show(key)
        for table in page.findChildren(QTableView):
            if table.isVisible() and table.model().rowCount():
                table.selectRow(0)
                made.settle()
        camera.take(f"{user}-{key}")
    page = made.session.window.page("calibrations")
    assert isinstance(page, CalibrationsPage)
    may_issue = user == "technician"
    assert page.certificate.issue.button.isEnabled() is may_issue
    assert bool(page.certificate.issue.button.toolTip()) is not may_issue
