"""Two desks on one server: each soon shows what the other did, and a hidden page asks nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.services.registry.context import system_clock
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.transactions.proposing import approve, propose
from app.services.worker.serving import Worker
from app.views.pages.listing_page import ListingPage
from app.views.server_watch import LineState
from app.views.worker_state import WorkerState
from tests.fixtures.ledger import Ledger, settle
from tests.fixtures.networked import NetworkedDemo, open_with_colleagues
from tests.fixtures.registries import read_people
from tests.views.server.conftest import ServerVisit, Visits

pytestmark = pytest.mark.postgres


@pytest.fixture
def ledger(networked_demo: NetworkedDemo) -> Ledger:
    registry = open_with_colleagues(networked_demo, system_clock)
    ledger = settle(registry, read_people(registry))
    ledger.complete(ledger.issuance(100_000))
    return ledger


def listening(made: ServerVisit) -> bool:
    line = made.session.line
    return line is not None and line.watch.state is LineState.HOLDS and line.watch.has_answered


def test_two_desks_see_each_others_acts_within_two_seconds(visit: Visits, ledger: Ledger) -> None:
    officer, approver = visit("officer"), visit("approver")
    officer.hand.wait_for(lambda: listening(officer) and listening(approver), "the lines")
    inbox, transactions = approver.show("inbox"), officer.show("transactions")
    context = officer.session.context
    outcome = propose(context.registry, ledger.transfer(500), context.actor)
    started = time.monotonic()
    approver.hand.wait_for(lambda: "500" in shown(inbox), "the proposal")
    assert time.monotonic() - started < 2.5
    deciding = approver.session.context
    approve(deciding.registry, outcome.transaction_id, deciding.actor)
    started = time.monotonic()
    officer.hand.wait_for(lambda: "completed" in first_row(transactions), "the completion")
    assert time.monotonic() - started < 2.5


def shown(page: object) -> str:
    """Read every cell of a page's table."""
    assert hasattr(page, "table")
    model = page.table.view.model()
    cells = [
        str(model.index(row, column).data() or "")
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    return " ".join(cells)


def first_row(page: object) -> str:
    assert isinstance(page, ListingPage)
    model = page.table.view.model()
    return " ".join(
        str(model.index(0, column).data() or "") for column in range(model.columnCount())
    )


def test_a_hidden_page_asks_nothing(
    visit: Visits, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = visit("officer")
    made.hand.wait_for(lambda: listening(made), "the line")
    made.show("transactions")
    made.show("people")
    asked: list[str] = []
    page = made.session.window.page("transactions")
    monkeypatch.setattr(page, "refresh", lambda: asked.append("transactions"))
    heard: list[frozenset[str]] = []
    made.session.desk.changes.told.connect(heard.append)
    ledger.propose(ledger.transfer(500))
    made.hand.wait_for(lambda: any("transactions" in each for each in heard), "the news")
    made.settle()
    assert asked == []
    made.session.window.show_page("transactions")
    assert asked == ["transactions"]


def test_the_worker_is_seen_at_work_and_gone(
    visit: Visits, ledger: Ledger, networked_demo: NetworkedDemo
) -> None:
    made = visit("auditor")
    assert made.hand.read(r"^(No worker at work · \d+ to seal)$")
    work_once(networked_demo.worker_file, networked_demo)
    made.hand.wait_for(lambda: waiting(made.session.worker) == 0, "a sealed log")
    made.show("verification")
    assert made.hand.read(r"^(The server’s worker)$")
    with networked_demo.server.owner(networked_demo.place.database) as connection:
        connection.execute(
            "INSERT INTO teak.worker_lease (id, holder, expires_at, problem) VALUES "
            "(1, 'here', now() + interval '1 minute', '') ON CONFLICT (id) DO UPDATE "
            "SET holder = excluded.holder, expires_at = excluded.expires_at"
        )
    made.session.worker.refresh()
    assert made.hand.read(r"^(Worker at work)$")
    assert made.hand.read(r"^(At work)$")


def waiting(state: WorkerState) -> int:
    return -1 if state.last is None else state.last.waiting


def work_once(worker_file: Path, demo: NetworkedDemo) -> None:
    file = read_worker_file(worker_file)
    registry = open_worker(demo.place, file)
    try:
        Worker(registry, file.secret, told=lambda _said: None).work_off()
    finally:
        close_registry(registry)
