from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.models.codes import AccountState
from app.services.accounts import change_account
from app.services.registry.context import Actor
from app.views.pages.expiry import ExpiryPage
from app.views.presenters.expiry import ExpiryForm, foretell
from app.views.walk import Hand
from tests.fixtures.registries import FrozenClock
from tests.views.pages.conftest import Surroundings

Open = Callable[[str], tuple[ExpiryPage, Hand]]
YEARS = 366 * 8


@pytest.fixture
def expired(surroundings: Surroundings, clock: FrozenClock) -> Surroundings:
    """10,000 TER issued, 1,000 of them moved to `green`; then all of them past their date."""
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    ledger.complete(ledger.transfer(1_000))
    clock.advance(days=YEARS)
    return surroundings


@pytest.fixture
def open_expiry(surroundings: Surroundings, people: dict[str, Actor], qtbot: QtBot) -> Open:
    def make(user: str) -> tuple[ExpiryPage, Hand]:
        page = ExpiryPage(surroundings.context(people[user]))
        qtbot.addWidget(page)
        page.resize(1200, 760)
        page.show()
        page.activateWindow()
        page.enter()
        qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
        return page, Hand(10)

    return make


def test_where_nothing_has_expired_the_page_says_so(open_expiry: Open) -> None:
    _page, hand = open_expiry("admin")
    hand.read(r"^(Nothing has expired)$")
    hand.read(r"^(Nothing has expired, so there is nothing to propose\.)$")
    assert not hand.see("Propose their cancellation", QAbstractButton).isEnabled()


def test_the_run_proposes_each_account_s_and_says_what_became_of_it(
    expired: Surroundings, open_expiry: Open, qtbot: QtBot
) -> None:
    page, hand = open_expiry("admin")
    hand.read(r"^(The run proposes the mandatory cancellation of 10,000 TER \(accounts: 3\), .+)$")
    hand.click("Propose their cancellation")
    hand.read(r"^(Transactions proposed by the run: 3\. Accounts refused: 0\.)$")
    qtbot.waitUntil(lambda: not expired.desk.tasks.open_tasks)
    assert page.result is not None
    assert page.result.proposed == ("TH3", "TH4", "TH5")
    assert expired.ledger.holding(expired.ledger.green) == (1_000, 1_000)
    hand.read(r"^(Nothing has expired)$")
    hand.click("TH4 is proposed")
    assert expired.opened == [("transactions", "TH4")]


def test_what_is_refused_is_shown_with_its_reasons(
    expired: Surroundings, open_expiry: Open, people: dict[str, Actor]
) -> None:
    ledger = expired.ledger
    change_account(
        ledger.registry, people["admin"], ledger.green, AccountState.SUSPENDED, reason="A case"
    )
    page, hand = open_expiry("admin")
    hand.click("Propose their cancellation")
    hand.read(r"^(Transactions proposed by the run: 2\. Accounts refused: 1\.)$")
    hand.read(rf"^({ledger.green}: 1,000 TER were refused\.)$")
    assert page.result is not None
    code, english, thai = page.result.refused[0].reasons[0]
    hand.read(rf"^({code} · .*{ledger.green}.*)$")
    expired.desk.language.set_code("th")
    hand.read(f"^({code} · {re.escape(thai)})$")
    assert english != thai


def test_only_an_administrator_starts_the_run(expired: Surroundings, open_expiry: Open) -> None:
    _page, hand = open_expiry("officer")
    hand.read(r"^(Only a registry administrator starts the run\.)$")
    assert not hand.see("Propose their cancellation", QAbstractButton).isEnabled()
    presenter = ExpiryForm(expired.ledger.registry, expired.ledger.officer)
    found = presenter.list_expired()
    assert sum(each.quantity for each in found) == 10_000
    assert foretell(()) == ()
