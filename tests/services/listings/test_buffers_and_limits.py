"""Buffers, own units and evidence as the desk lists them, from a real registry."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.codes import AccountType, RuleKind
from app.services.documents import add_document
from app.services.listings.buffers import list_buffers
from app.services.listings.own_units import OwnUnitsRow, list_own_units
from app.services.listings.transaction_evidence import get_evidence
from app.services.registry.context import Actor
from app.services.transactions.acts import BufferHold
from tests.fixtures.ledger import DIGEST, Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    made = Desk(ledger, people, clock)
    made.complete(ledger.issuance(10_000))
    return made


def test_every_scheme_s_buffer_and_the_reserve_are_listed(desk: Desk) -> None:
    pool = desk.built_in(AccountType.BUFFER, "T-VER")
    hold = BufferHold(from_account=pool, unit_type="TER", quantity=200, reason="A case")
    desk.propose(hold, "admin")
    rows = {row.scheme: row for row in list_buffers(desk.ledger.registry)}
    assert {"T-VER", "LCC", "T-COP"} < set(rows)
    held = rows["T-VER"]
    assert (held.account, held.unit_type, held.quantity, held.reserved) == (pool, "TER", 500, 200)
    assert (rows["LCC"].unit_type, rows["LCC"].quantity) == ("", 0)
    assert rows[""].is_reserve
    assert held.as_json()["scheme"] == "T-VER"
    assert rows[""].as_json()["unit_type"] is None


def test_what_is_held_aside_stands_in_the_reserve(desk: Desk) -> None:
    pool = desk.built_in(AccountType.BUFFER, "T-VER")
    desk.complete(
        BufferHold(from_account=pool, unit_type="TER", quantity=200, reason="A case"), "admin"
    )
    reserve = [row for row in list_buffers(desk.ledger.registry) if row.is_reserve]
    assert [(row.unit_type, row.quantity) for row in reserve if row.quantity] == [("TER", 200)]


def test_own_units_are_counted_with_the_limits_of_the_day(desk: Desk) -> None:
    ledger = desk.ledger
    desk.rule(RuleKind.MAXIMUM_TRANSFER, "3000", valid_from=date(2026, 11, 22))
    desk.rule(RuleKind.RESERVE, "8000", valid_from=date(2026, 11, 22))
    desk.clock.advance(days=2)
    desk.complete(ledger.transfer(1_000))
    (row,) = list_own_units(ledger.registry, ledger.forest)
    assert (row.unit_type, row.issued, row.passed_on) == ("TER", 9_500, 1_000)
    assert (row.reserve, row.maximum, row.may_pass_on) == (8_000, 3_000, 500)
    assert row.as_json()["maximum"] == 3_000
    assert list_own_units(ledger.registry, ledger.green) == ()


@pytest.mark.parametrize(
    ("reserve", "maximum", "left"),
    [(None, None, None), (None, 30, 20), (95, None, 0), (10, 30, 20), (200, None, 0)],
)
def test_the_stricter_limit_counts(
    reserve: int | None, maximum: int | None, left: int | None
) -> None:
    row = OwnUnitsRow("TER", 1, issued=100, passed_on=10, reserve=reserve, maximum=maximum)
    assert row.may_pass_on == left


def test_an_issuance_rests_on_its_rules_and_its_report(desk: Desk) -> None:
    registry = desk.ledger.registry
    evidence = get_evidence(registry, "TH1")
    assert [rule.kind for rule in evidence.rules] == ["default-expiry", "levy-rate"]
    assert evidence.rules[1].as_json()["value"] == "0.05"
    assert [(each.sha256, each.is_kept) for each in evidence.documents] == [(DIGEST, False)]


def test_a_report_that_is_kept_is_named(desk: Desk) -> None:
    ledger = desk.ledger
    kept = add_document(
        ledger.registry,
        ledger.officer,
        name="report.txt",
        media_type="text/plain",
        content=b"verified",
    )
    done = desk.complete(ledger.issuance(100, 2024, document_sha256=kept.sha256))
    (document,) = get_evidence(ledger.registry, done.identifier).documents
    assert (document.name, document.size_bytes, document.is_kept) == ("report.txt", 8, True)


def test_a_transfer_without_rules_rests_on_none(desk: Desk) -> None:
    done = desk.complete(desk.ledger.transfer(10))
    evidence = get_evidence(desk.ledger.registry, done.identifier)
    assert evidence.rules == ()
    assert evidence.documents == ()
