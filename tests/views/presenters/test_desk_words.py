"""What the pages say: greeting, two-line transactions, requests, certificates, project names."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.codes import Role
from app.models.errors import NotFound
from app.services.checks.violation import RulesBroken
from app.services.listings.page import PageRequest
from app.services.listings.transaction_detail import get_transaction
from app.services.registry.context import Actor
from app.services.transactions.acts import Registration
from app.views.presenters.certificate_reading import read_certificate
from app.views.presenters.home import (
    greeting_key,
    list_recent,
    read_home,
    waiting_key,
)
from app.views.presenters.phrases import Phrase
from app.views.presenters.project_key import read_project_key, write_project_key
from app.views.presenters.transaction_words import (
    has_certificate,
    is_pending,
    reason_against_certificate,
    request_lines,
)
from tests.fixtures.ledger import Ledger


def key_of(phrase: Phrase) -> str:
    return phrase.key


@pytest.mark.parametrize(
    ("hour", "key"),
    [
        (0, "home.morning"),
        (11, "home.morning"),
        (12, "home.afternoon"),
        (16, "home.afternoon"),
        (17, "home.evening"),
        (23, "home.evening"),
    ],
)
def test_the_greeting_follows_the_hour(hour: int, key: str) -> None:
    assert greeting_key(hour) == key


def test_what_waits_is_said_in_words() -> None:
    assert [waiting_key(count) for count in (0, 1, 2, 40)] == [
        "home.nothing_waits",
        "home.one_waits",
        "home.some_wait",
        "home.some_wait",
    ]


def test_the_first_page_tells_of_this_registrys_units(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    ledger.complete(ledger.cancellation(400))
    ledger.propose(ledger.transfer(100))
    state = read_home(ledger.registry, ledger.approver)
    assert state.unit_type == "TER"
    assert (state.held.own, state.issued.own, state.offset.own) == (9_600, 10_000, 400)
    assert (state.held.other, state.pending, state.awaiting_me) == (0, 1, 1)
    assert (state.months[-1].issued_t, state.months[-1].offset_t) == (10_000, 400)


def test_a_recent_transaction_is_told_in_two_lines(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    ledger.complete(ledger.transfer(100))
    ledger.complete(ledger.cancellation(400))
    page = list_recent(ledger.registry, PageRequest(sort="id"), key_of)
    assert [row.what for row in page.rows] == [
        "home.new_units",
        "home.to_account",
        "home.for_good",
    ]
    assert all(row.whose for row in page.rows)


def test_a_pending_transaction_has_no_certificate(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    pending = ledger.propose(ledger.cancellation(400))
    detail = get_transaction(ledger.registry, pending.identifier)
    assert is_pending(detail)
    assert not has_certificate(detail)


def test_a_completed_cancellation_has_its_certificate_made_once(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    done = ledger.complete(ledger.cancellation(400, beneficiary="Somebody"))
    registry, officer = ledger.registry, ledger.officer
    auditor = Actor(12, "auditor", "Auditor", Role.AUDITOR)
    detail = get_transaction(registry, done.identifier)
    assert has_certificate(detail)
    assert reason_against_certificate(detail, officer) == ""
    assert reason_against_certificate(detail, auditor) == "transactions.no_certificate_yet"
    first = read_certificate(registry, officer, done.identifier, "both")
    again = read_certificate(registry, auditor, first.key, "th")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.issued.number == first.issued.number
    assert reason_against_certificate(get_transaction(registry, done.identifier), auditor) == ""


def test_what_has_no_certificate_says_so(ledger: Ledger) -> None:
    issued = ledger.complete(ledger.issuance(10_000))
    with pytest.raises(RulesBroken):
        read_certificate(ledger.registry, ledger.officer, issued.identifier, "both")
    with pytest.raises(NotFound, match="TH-OC-2026-000099"):
        read_certificate(ledger.registry, ledger.officer, "TH-OC-2026-000099", "both")


def test_a_request_is_told_without_its_empty_parts(ledger: Ledger) -> None:
    lines = {line.label_key: line.value for line in request_lines(ledger.issuance())}
    assert lines["transactions.verified"] == 10_000
    assert lines["transactions.period_to"] == date(2025, 12, 31)
    lines = {line.label_key: line.value for line in request_lines(ledger.cancellation(5))}
    assert lines == {
        "transactions.beneficiary": "Bangkok Half Marathon",
        "transactions.purpose": "Race of 2569",
        "transactions.choice": "transactions.fifo",
    }
    registration = Registration(
        origin="Verra",
        project="VCS259",
        account="TH-100-1000-0-68",
        unit_type="VCU",
        quantity=5,
        vintage=None,
        serial="1-5-VCS-VCU-259-VER-IN-1-1491-01012018-31122018-0",
        issued_on=None,
    )
    assert [line.value for line in request_lines(registration)] == ["Verra VCS259"]


def test_a_project_is_named_with_its_registry() -> None:
    key = write_project_key("Gold Standard", "GS4788")
    assert read_project_key(key) == ("Gold Standard", "GS4788")
