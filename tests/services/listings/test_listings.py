"""What each listing says of a small ledger whose every act is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import NotFound
from app.services.certificates.issuing import issue_certificate
from app.services.listings.account_detail import get_account
from app.services.listings.accounts import list_accounts
from app.services.listings.blocks import list_blocks
from app.services.listings.certificates import list_certificates
from app.services.listings.checks import list_checks
from app.services.listings.holdings import HoldingRow, holdings
from app.services.listings.home_figures import HomeFigures, home_figures
from app.services.listings.log_entries import list_log_entries
from app.services.listings.page import Page, PageRequest
from app.services.listings.people import list_people
from app.services.listings.projects import (
    bound_accounts,
    list_projects,
    list_verified_reductions,
)
from app.services.listings.rules import list_rules
from app.services.listings.search import search
from app.services.listings.transaction_detail import get_transaction
from app.services.listings.transactions import list_transactions
from app.services.registry.context import OpenRegistry
from app.services.transactions.proposing import reject
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock

ALL = PageRequest()


@pytest.fixture
def traded(ledger: Ledger, clock: FrozenClock) -> Ledger:
    """10,000 issued (some levied), 3,000 moved, 500 cancelled, 700 awaiting approval."""
    ledger.complete(ledger.issuance())
    clock.advance(minutes=1)
    ledger.complete(ledger.transfer(3000))
    clock.advance(minutes=1)
    ledger.complete(ledger.cancellation(500, from_account=ledger.green))
    clock.advance(minutes=1)
    ledger.propose(ledger.transfer(700))
    return ledger


LISTINGS: dict[str, Callable[[OpenRegistry, PageRequest], Page[Any]]] = {
    "accounts": list_accounts,
    "projects": list_projects,
    "reductions": list_verified_reductions,
    "transactions": list_transactions,
    "blocks": list_blocks,
    "certificates": list_certificates,
    "people": list_people,
    "rules": list_rules,
    "log": list_log_entries,
    "checks": lambda registry, request: list_checks(request),
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("noun", list(LISTINGS))
def test_every_listing_pages_one_row_at_a_time(traded: Ledger, noun: str, descending: bool) -> None:
    fetch = LISTINGS[noun]
    issue_certificate(traded.registry, 3)
    whole = fetch(traded.registry, PageRequest(descending=descending, limit=1000)).rows
    request = PageRequest(descending=descending, limit=1)
    rows: list[Any] = []
    for _ in range(len(whole)):
        page = fetch(traded.registry, request)
        rows.extend(page.rows)
        after = None if page.next is None else tuple(json.loads(json.dumps(page.next)))
        request = PageRequest(descending=descending, limit=1, after=after)
    assert tuple(rows) == whole
    assert whole
    assert request.after is None
    for row in whole:
        json.dumps(row.as_json())


SOURCES_SORTS = {
    "accounts": "id number type name holder state opened_on",
    "projects": "id code origin name country kind sectoral_scope methodology proponent state "
    "created_at",
    "reductions": "id project project_name period_from period_to quantity reference",
    "transactions": "id type status from_account to_account unit_type quantity proposed_by "
    "decided_by proposed_at decided_at completed_at",
    "blocks": "id serial start end quantity unit_type origin project vintage expiry account "
    "state fifo",
    "certificates": "id number transaction issued_at issued_by account unit_type",
    "people": "id user name email role state created_at",
    "rules": "id kind unit_type period valid_from valid_to",
    "log": "sequence at kind",
    "checks": "code name category source",
}


@pytest.mark.parametrize("noun", list(SOURCES_SORTS))
def test_every_sort_of_every_listing_pages(traded: Ledger, noun: str) -> None:
    issue_certificate(traded.registry, 3)
    for sort in SOURCES_SORTS[noun].split():
        whole = LISTINGS[noun](traded.registry, PageRequest(sort=sort, limit=1000)).rows
        first = LISTINGS[noun](traded.registry, PageRequest(sort=sort, limit=1))
        if first.next is None:
            assert len(whole) == 1
            continue
        rest = LISTINGS[noun](
            traded.registry, PageRequest(sort=sort, limit=1000, after=first.next)
        ).rows
        assert first.rows + rest == whole, sort


def test_a_transaction_says_what_moved_and_who_decided(traded: Ledger) -> None:
    rows = list_transactions(traded.registry, ALL).rows
    assert [row.id for row in rows] == ["TH1", "TH2", "TH3", "TH4"]
    assert [row.type for row in rows] == ["issuance", "transfer", "cancellation", "transfer"]
    transfer, pending = rows[1].as_json(), rows[3].as_json()
    assert transfer["status"] == "completed"
    assert (transfer["from"], transfer["to"]) == (traded.forest, traded.green)
    assert (transfer["proposed_by"], transfer["approved_by"]) == ("officer", "approver")
    assert transfer["completed_at"] == "2026-11-21T03:01:00.000000Z"
    assert sum(block["end"] - block["start"] + 1 for block in transfer["blocks"]) == 3000
    assert (pending["status"], pending["status_code"], pending["stage_code"]) == (
        "awaiting approval", 2, 9001,
    )  # fmt: skip
    assert pending["approved_by"] is None
    assert pending["completed_at"] is None
    assert pending["codes"] == []


def test_an_issuance_lists_its_levy(traded: Ledger) -> None:
    issued = list_transactions(traded.registry, PageRequest(filters={"id": "TH1"})).rows[0]
    assert sum(block.quantity for block in issued.blocks) == 10_000
    assert {block.role for block in issued.blocks} == {"move", "levy"}
    assert {block.from_account for block in issued.blocks} == {None}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "completed"}, ["TH1", "TH2", "TH3"]),
        ({"status": "awaiting approval"}, ["TH4"]),
        ({"status": "rejected"}, []),
        ({"type": "transfer"}, ["TH2", "TH4"]),
        ({"type": "cancellation"}, ["TH3"]),
        ({"account": "green"}, ["TH2", "TH3", "TH4"]),
        ({"from": "green"}, ["TH3"]),
        ({"to": "green"}, ["TH2", "TH4"]),
        ({"proposed_by": "approver"}, []),
        ({"unit_type": "EPC"}, []),
    ],
)
def test_transactions_filter(traded: Ledger, filters: dict[str, str], expected: list[str]) -> None:
    named = {key: traded.green if value == "green" else value for key, value in filters.items()}
    rows = list_transactions(traded.registry, PageRequest(filters=named)).rows
    assert [row.id for row in rows] == expected


def test_a_transaction_in_detail_has_its_whole_history(traded: Ledger) -> None:
    rejected = reject(traded.registry, 4, traded.approver, comment="Not now").identifier
    detail = get_transaction(traded.registry, rejected)
    assert [(step.status, step.by) for step in detail.history] == [
        ("proposed", "officer"),
        ("awaiting approval", "officer"),
        ("rejected", "approver"),
    ]
    assert detail.history[-1].comment == "Not now"
    assert detail.log_entry is None
    completed = get_transaction(traded.registry, "TH2")
    assert completed.log_entry is not None
    assert completed.act == traded.transfer(3000)
    entry = list_log_entries(traded.registry, PageRequest(filters={"transaction": "TH2"})).rows[0]
    assert (entry.sequence, entry.leaf_hash) == (completed.log_entry, completed.leaf_hash)
    with pytest.raises(NotFound):
        get_transaction(traded.registry, "TH99")


def test_blocks_are_printed_and_a_reserved_one_says_by_what(traded: Ledger) -> None:
    rows = list_blocks(traded.registry, ALL).rows
    assert sum(row.quantity for row in rows) == 10_000
    assert {row.serial for row in rows} == {
        f"TH-TER-14-0042-2025--{row.start}-{row.end}" for row in rows
    }
    reserved = [row for row in rows if row.state == "reserved"]
    assert [(row.quantity, row.reserved_by) for row in reserved] == [(700, "TH4")]
    of_state = list_blocks(traded.registry, PageRequest(filters={"state": "reserved"})).rows
    assert list(of_state) == reserved
    of_account = list_blocks(traded.registry, PageRequest(filters={"account": traded.green})).rows
    assert sum(row.quantity for row in of_account) == 2500
    cancelled = list_blocks(traded.registry, PageRequest(filters={"state": "cancelled"})).rows
    assert sum(row.quantity for row in cancelled) == 500


def as_map(rows: tuple[HoldingRow, ...]) -> dict[str, int]:
    return {row.account: row.quantity for row in rows}


def test_holdings_at_a_moment_follow_from_completed_transactions(
    traded: Ledger, clock: FrozenClock
) -> None:
    start = clock() - timedelta(minutes=3)
    assert as_map(holdings(traded.registry, at=start - timedelta(seconds=1))) == {}
    issued = as_map(holdings(traded.registry, at=start))
    assert sum(issued.values()) == 10_000
    assert traded.green not in issued
    moved = as_map(holdings(traded.registry, at=start + timedelta(minutes=1)))
    assert moved[traded.green] == 3000
    assert moved[traded.forest] == issued[traded.forest] - 3000
    now = holdings(traded.registry)
    assert as_map(holdings(traded.registry, at=clock())) == as_map(now)
    assert as_map(now)[traded.green] == 2500
    mine = holdings(traded.registry, account=traded.forest)
    assert [(row.quantity, row.reserved) for row in mine] == [(moved[traded.forest], 700)]


def test_an_account_in_detail(traded: Ledger) -> None:
    detail = get_account(traded.registry, traded.green)
    assert detail.account.name == "Green Thai Co., Ltd."
    assert detail.holder is not None
    assert detail.holder.name_en == "Green Thai Co., Ltd."
    assert [(event.state, event.by) for event in detail.history] == [
        ("proposed", "officer"),
        ("open", "approver"),
    ]
    assert [row.quantity for row in detail.holdings] == [2500]
    built_in = list_accounts(traded.registry, PageRequest(filters={"kind": "built-in"})).rows
    assert get_account(traded.registry, built_in[0].number).holder is None


def test_projects_and_reductions(traded: Ledger, tmp_path: Path) -> None:
    project = list_projects(traded.registry, ALL).rows[0]
    assert project.code == "0042"
    assert bound_accounts(traded.registry, project.id) == (traded.forest,)
    traded.record_reduction(tmp_path, 5, vintage=2024)
    traded.propose(traded.issuance(5, vintage=2024))
    rows = list_verified_reductions(traded.registry, ALL).rows
    assert [(row.quantity, row.state, row.issued_by) for row in rows] == [
        (10_000, "issued", "TH1"),
        (5, "claimed", "TH5"),
    ]
    reject(traded.registry, 5, traded.approver, comment="no")
    still_open = list_verified_reductions(traded.registry, PageRequest(filters={"state": "open"}))
    assert [row.quantity for row in still_open.rows] == [5]


def test_a_certificate_is_listed_as_its_statement_says(traded: Ledger) -> None:
    issued = issue_certificate(traded.registry, 3)
    row = list_certificates(traded.registry, PageRequest(filters={"transaction": "TH3"})).rows[0]
    assert row.number == issued.number
    assert (row.quantity, row.beneficiary) == (500, "Bangkok Half Marathon")
    assert get_transaction(traded.registry, "TH3").certificate == issued.number
    found = list_certificates(traded.registry, PageRequest(filter_text="half marathon")).rows
    assert [item.number for item in found] == [issued.number]


def test_search_answers_what_a_text_may_mean(traded: Ledger) -> None:
    certificate = issue_certificate(traded.registry, 3).number

    def found(text: str) -> list[tuple[str, str]]:
        return [(str(item.kind), item.key) for item in search(traded.registry, text)]

    assert found("TH2") == [("transaction", "TH2")]
    assert found("th3") == [("transaction", "TH3")]
    assert ("account", traded.green) in found("green thai")
    assert found(traded.forest) == [("account", traded.forest)]
    assert found("Ban Huai Sak")[-1] == ("project", "0042")
    assert found(certificate) == [("certificate", certificate)]
    assert found("   ") == []
    assert found("no such thing") == []
    cancelled = list_blocks(traded.registry, PageRequest(filters={"state": "cancelled"})).rows[0]
    one = f"TH-TER-14-0042-2025--{cancelled.start + 3}-{cancelled.start + 3}"
    assert found(one) == [
        ("block", cancelled.serial),
        ("transaction", "TH1"),
        ("transaction", "TH2"),
        ("transaction", "TH3"),
    ]
    assert found("TH-TER-14-0042-2025--90000-90001") == []


def test_home_figures_count_this_years_acts(traded: Ledger, clock: FrozenClock) -> None:
    figures = home_figures(traded.registry)
    assert HomeFigures.total(figures.held) == 9_500
    assert HomeFigures.total(figures.issued_this_year) == 10_000
    assert HomeFigures.total(figures.offset_this_year) == 500
    assert (figures.pending, figures.year) == (1, 2026)
    clock.advance(days=60)
    later = home_figures(traded.registry)
    assert (later.issued_this_year, later.offset_this_year) == ((), ())
    assert later.held == figures.held


def test_checks_are_listed_from_the_catalogue() -> None:
    rows = list_checks(PageRequest(limit=1000)).rows
    assert {"code", "name", "category", "types", "message", "message_th", "source"} <= set(
        rows[0].as_json()
    )
    of_type = list_checks(PageRequest(filters={"type": "transfer"}, limit=1000)).rows
    assert 0 < len(of_type) < len(rows)
    assert all("transfer" in row.types for row in of_type)


def test_people_are_listed_without_their_secrets(registry: OpenRegistry) -> None:
    rows = list_people(registry, PageRequest(filters={"role": "administrator"})).rows
    assert [row.user for row in rows] == ["admin", "admin2"]
    assert all(row.is_enrolled for row in rows)
    assert "secret" not in json.dumps([row.as_json() for row in rows])


@pytest.mark.parametrize("text", ['"', "unit_type", "voluntary\\", "_", '{"'])
def test_the_form_of_a_request_is_not_searched(traded: Ledger, text: str) -> None:
    issue_certificate(traded.registry, 3)
    assert list_certificates(traded.registry, PageRequest(filter_text=text)).rows == ()
    assert list_transactions(traded.registry, PageRequest(filter_text=text)).rows == ()
