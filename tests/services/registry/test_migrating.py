"""A registry of the first schema, brought up to date: nothing of it is lost, and it works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.codes import AccountType, TransactionStatus
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.certificates.issuing import issue_certificate
from app.services.copying.sides import Source
from app.services.listings.log_entries import list_log_entries
from app.services.listings.page import PageRequest
from app.services.listings.rules import list_rules
from app.services.log.verification import verify_registry
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.projects import NewProject, register_project
from app.services.registry.context import OpenRegistry
from app.services.registry.migrating import migrate_registry
from app.services.registry.opening import SCHEMA_REVISION, close_registry, open_demo
from app.services.registry.periods import open_period
from app.services.transactions.acts import (
    BufferCancellation,
    BufferHold,
    Cancellation,
    Issuance,
    Retirement,
    Rollback,
    Transfer,
)
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import approve, propose
from tests.fixtures.registries import FrozenClock, copy_registry, read_people

FIRST = Path(__file__).parents[2] / "data" / "registries" / "demo-0001.teak"
ADDED_ACCOUNTS = (
    *(AccountType.BUFFER,) * 3,
    AccountType.NET_SOURCE_CANCELLATION,
    AccountType.NON_COMPLIANCE_CANCELLATION,
    AccountType.EXCESS_ISSUANCE_CANCELLATION,
    AccountType.REPLACEMENT,
    AccountType.REPLACEMENT_LCER_EXPIRY,
    AccountType.REPLACEMENT_LCER_REVERSAL,
    AccountType.REPLACEMENT_LCER_REPORT,
    AccountType.RESERVE,
    AccountType.OTHER_PURPOSE,
    AccountType.SENT_ELSEWHERE,
)
"""What the first schema knew nothing of: the buffers of the later schemes among them."""
FOREST, GREEN = "TH-100-1000-0-68", "TH-100-1001-0-63"
BUFFER = "TH-901-5-1-62"


@pytest.fixture
def migrated(tmp_path: Path, clock: FrozenClock) -> Iterator[OpenRegistry]:
    """The registry of the first schema after `teak migrate`, a day after its last entry."""
    path = copy_registry(FIRST, tmp_path / "demo.teak")
    clock.advance(days=1)
    for before in ("0001", SCHEMA_REVISION):
        result = migrate_registry(path, passphrase=DEMO_PASSPHRASE, clock=clock)
        assert (result.before, result.after) == (before, SCHEMA_REVISION)
    registry = open_demo(path, clock=clock)
    assert registry is not None
    yield registry
    close_registry(registry)


def test_everything_in_it_still_follows_from_its_log(migrated: OpenRegistry) -> None:
    result = verify_registry(migrated)
    assert (result.failed_at, result.failure) == ("", "")
    added = 4 + 3 + 2 * len(ADDED_ACCOUNTS)
    assert (result.entries, result.blocks, result.certificates) == (132 + added, 36, 5)


def test_what_was_added_is_the_migrations_act_and_in_no_persons_name(
    migrated: OpenRegistry,
) -> None:
    page = list_log_entries(migrated, PageRequest(limit=500)).rows
    added = [row for row in page if row.persons == "migration"]
    assert Counter(row.kind for row in added) == {
        "scheme-added": 4,
        "rule-added": 3,
        "account-proposed": len(ADDED_ACCOUNTS),
        "account-open": len(ADDED_ACCOUNTS),
    }
    opened = {row.body["type"] for row in added if row.kind == "account-proposed"}
    assert opened == {int(kind) for kind in ADDED_ACCOUNTS}
    rules = {
        (str(row.kind), row.unit_type, row.value)
        for row in list_rules(migrated, PageRequest(limit=500)).rows
    }
    assert rules >= {
        ("rollback-window", "TER", Decimal(5)),
        ("rollback-window", "EPC", Decimal(5)),
        ("committee-quorum", "TER", Decimal(3)),
    }


def test_a_buffers_act_and_a_rollback_work(migrated: OpenRegistry, clock: FrozenClock) -> None:
    people = read_people(migrated)
    for act in (
        BufferHold(from_account=BUFFER, unit_type="TER", quantity=7, reason="A case"),
        BufferCancellation(
            from_account=BUFFER,
            unit_type="TER",
            quantity=5,
            reversed_project="0042",
            reason="A fire",
        ),
    ):
        done = propose(migrated, act, people["admin"])
        assert approve(migrated, done.transaction_id, people["approver"]).status == 4
    moved = Transfer(from_account=FOREST, to_account=GREEN, unit_type="TER", quantity=70)
    transfer = propose(migrated, moved, people["officer"])
    approve(migrated, transfer.transaction_id, people["approver"])
    rollback = Rollback(
        transaction=transfer.identifier, reason="A typing error", unit_type="TER", quantity=70
    )
    back = propose(migrated, rollback, people["admin"])
    assert approve(migrated, back.transaction_id, people["approver"]).status == 4
    excess = Cancellation(
        from_account=FOREST, unit_type="TER", quantity=3, kind="excess-issuance", purpose="Recount"
    )
    ended = propose(migrated, excess, people["officer"])
    assert approve(migrated, ended.transaction_id, people["approver"]).status == 4
    assert verify_registry(migrated).ok


def test_an_edited_account_of_the_migration_is_found(migrated: OpenRegistry) -> None:
    with UnitOfWork(migrated.engine) as unit:
        unit.connection.exec_driver_sql("DROP TRIGGER guard_account_proposed_again")
        unit.connection.exec_driver_sql(
            "UPDATE account SET approved_by = (SELECT id FROM person WHERE user_name = 'admin2') "
            "WHERE type_code = 903 OR type_code = 902"
        )
        unit.commit()
    result = verify_registry(migrated)
    assert not result.ok
    assert "approved_by" in result.failure


def test_the_rules_that_applied_are_those_of_the_log(migrated: OpenRegistry) -> None:
    query = text(
        "SELECT t.type, count(r.rule_id) AS rules FROM registry_transaction t "
        "LEFT JOIN transaction_rule r ON r.transaction_id = t.id WHERE t.status = 4 "
        "GROUP BY t.id"
    )
    with reading(migrated.engine) as connection:
        found = {tuple(row) for row in connection.execute(query)}
    assert found == {(1, 2), (4, 0), (10, 0)}


def test_what_was_pending_completes_and_its_units_go_on(migrated: OpenRegistry) -> None:
    people = read_people(migrated)
    for pending in (25, 26, 27):
        approved = approve(migrated, pending, people["approver"])
        assert approved.status is TransactionStatus.COMPLETED
    act = Transfer(from_account=FOREST, to_account=GREEN, unit_type="TER", quantity=7_000)
    proposed = propose(migrated, act, people["officer"])
    assert approve(migrated, proposed.transaction_id, people["approver"]).status == 4
    retired = Retirement(from_account=GREEN, unit_type="TER", quantity=12)
    assert preview(migrated, retired, people["officer"]).violations == ()
    assert verify_registry(migrated).ok


def test_new_projects_and_a_further_period_find_their_schemes(migrated: OpenRegistry) -> None:
    people = read_people(migrated)
    new = NewProject(
        origin="TH", code="0999", name_en="Rice fields", country="TH", sectoral_scope=15
    )
    register_project(migrated, people["officer"], new, accounts=(FOREST,))
    issued = Issuance(
        project="0999",
        account=FOREST,
        unit_type="TER",
        vintage=2025,
        quantity=1_000,
        period_from=date(2025, 1, 1),
        period_to=date(2025, 12, 31),
        verified_quantity=1_000,
        verified_reference="VR-2025",
        document_sha256="a" * 64,
    )
    proposed = propose(migrated, issued, people["officer"])
    assert approve(migrated, proposed.transaction_id, people["approver"]).status == 4
    open_period(migrated, people["admin"], people["admin2"], last_day=date(2035, 12, 31))
    held = BufferHold(from_account=BUFFER, unit_type="TER", quantity=7, reason="A case")
    assert preview(migrated, held, people["admin"]).violations == ()
    assert verify_registry(migrated).ok


@pytest.mark.postgres
def test_its_certificates_are_issued_and_it_moves_to_a_server(
    migrated: OpenRegistry, request: pytest.FixtureRequest
) -> None:
    people = read_people(migrated)
    approve(migrated, 27, people["approver"])
    assert issue_certificate(migrated, 27).statement.quantity == 860
    before = verify_registry(migrated)
    assert before.ok
    copied = request.getfixturevalue("copy_target").copy(Source(migrated.engine))
    assert (copied.entries, copied.root) == (before.entries, before.root)
