"""A certificate asked for at a desk: made by the worker, or said plainly that none runs."""

from __future__ import annotations

import pytest

from app.services.certificates.requesting import request_certificate
from app.services.registry.context import system_clock
from tests.fixtures.ledger import settle
from tests.fixtures.networked import NetworkedDemo, open_with_colleagues
from tests.fixtures.registries import read_people
from tests.views.server.conftest import Visits
from tests.views.server.test_live_refresh import work_once

pytestmark = pytest.mark.postgres


def test_without_a_worker_it_is_said_and_the_request_is_kept(
    visit: Visits, networked_demo: NetworkedDemo, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = request_certificate.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "wait_s", 2.0)
    registry = open_with_colleagues(networked_demo, system_clock)
    ledger = settle(registry, read_people(registry))
    ledger.complete(ledger.issuance(1_000))
    cancelled = ledger.complete(ledger.cancellation(10)).identifier
    made = visit("officer")
    made.session.window.show_page("certificates", cancelled)
    made.hand.read(r"^(The certificate is being made)$")
    made.show("accounts")
    made.session.window.show_page("certificates")
    said = made.hand.read(r"^(The certificate of .+ no worker of the registry is running\.)$")
    assert cancelled in said
    work_once(networked_demo.worker_file, networked_demo)
    made.session.window.show_page("certificates", cancelled)
    assert made.hand.read(r"^(TH-OC-\d{4}-\d{6})$")
