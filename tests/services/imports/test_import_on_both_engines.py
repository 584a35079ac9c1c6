"""An import in a registry file and on a server: the same units, once, whatever broke meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.models.codes import AccountState
from app.models.errors import ConnectionLost
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken
from app.services.imports import import_writers
from app.services.listings.accounts import list_accounts
from app.services.listings.page import PageRequest
from app.services.listings.projects import list_projects
from app.services.listings.transactions import list_transactions
from app.services.log.verification import verify_registry
from app.services.registry.context import OpenRegistry
from app.services.transactions.proposing import reject
from tests.fixtures.imported_state import Rows, block_rows, holdings
from tests.services.imports.conftest import Importer, real_file

pytestmark = pytest.mark.both_engines

ISSUANCES = "gold-standard__issuances.sample.csv"
RETIREMENTS = "gold-standard__retirements.sample.csv"


@dataclass
class Breaking:
    """Breaks the line once, after so many calls."""

    left: int

    def __call__(self, act: Callable[..., object]) -> Callable[..., object]:
        def breaking(*arguments: object, **options: object) -> object:
            self.left -= 1
            if self.left == 0:
                raise ConnectionLost("the line broke")
            return act(*arguments, **options)

        return breaking


def test_real_exports_come_in_once(importer: Importer, seal: Callable[[], None]) -> None:
    first = importer.import_file(real_file(ISSUANCES), "gold-standard")
    assert (first.imported, first.rejected) == (first.rows, ())
    second = importer.import_file(real_file(RETIREMENTS), "gold-standard")
    assert second.imported > 0
    before = block_rows(importer.registry), holdings(importer.registry)
    again = importer.import_file(real_file(ISSUANCES), "gold-standard")
    assert (again.imported, again.already_there) == (0, again.rows)
    assert (block_rows(importer.registry), holdings(importer.registry)) == before
    seal()
    found = verify_registry(importer.registry)
    assert (found.ok, found.failure) == (True, "")
    issued = sum(counts["issued"] for counts in found.units.values())
    assert issued == first.units_issued + second.units_issued


@pytest.mark.parametrize(
    ("broken", "at"),
    [("approve", 3), ("change_account", 1), ("propose", 3), ("register_project", 2)],
)
def test_an_import_that_broke_off_is_completed_and_nothing_is_done_twice(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, storage: str, broken: str, at: int
) -> None:
    name = broken if storage == "networked" else f"{broken}_within"
    act = getattr(import_writers, name)
    with monkeypatch.context() as patch:
        patch.setattr(import_writers, name, Breaking(at)(act))
        with pytest.raises(ConnectionLost):
            importer.import_file(real_file(ISSUANCES), "gold-standard")
    report = importer.import_file(real_file(ISSUANCES), "gold-standard")
    assert report.imported + report.already_there == report.rows
    assert report.rejected == ()
    names = [account for account, *_ in accounts(importer.registry)]
    assert len(names) == len(set(names))
    assert verify_registry(importer.registry).ok


def test_what_an_import_left_behind_and_somebody_rejected_is_told_as_rejected(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, storage: str
) -> None:
    """On a server a proposal lasts by itself; a registry file keeps none of a broken step."""
    name = "approve" if storage == "networked" else "approve_within"
    with monkeypatch.context() as patch:
        patch.setattr(import_writers, name, Breaking(3)(getattr(import_writers, name)))
        with pytest.raises(ConnectionLost):
            importer.import_file(real_file(ISSUANCES), "gold-standard")
    waiting = PageRequest(filters={"status": "awaiting approval"})
    left = [int(row.id[2:]) for row in list_transactions(importer.registry, waiting).rows]
    for number in left:
        reject(importer.registry, number, importer.people["approver"], comment="what is this?")
    report = importer.import_file(real_file(ISSUANCES), "gold-standard")
    assert len(left) == (storage == "networked")
    assert [item.code for item in report.rejected] == [9141] * len(left)
    assert report.imported + report.already_there + len(left) == report.rows


def accounts(registry: OpenRegistry) -> list[tuple[str, str]]:
    """Give name and state of every holder's account."""
    rows = list_accounts(registry, PageRequest(limit=500)).rows
    return [(row.name, str(row.state)) for row in rows]


def names_of(registry: OpenRegistry) -> list[str]:
    return [row.code for row in list_projects(registry, PageRequest(limit=500)).rows]


@pytest.mark.parametrize("strict", [True, False])
def test_strict_writes_nothing_when_only_the_acts_own_checks_refuse_a_row(
    importer: Importer, strict: bool
) -> None:
    """The retirements of the file have no cancellation account to go to."""
    registry, people = importer.registry, importer.people
    built_in = list_accounts(registry, PageRequest(filters={"type": "voluntary-cancellation"}))
    for row in built_in.rows:
        change_account(registry, people["admin"], row.number, AccountState.CLOSED, reason="x")
    before = (accounts(registry), names_of(registry))
    report = importer.import_file(real_file(RETIREMENTS), "gold-standard", strict=strict)
    assert {item.code for item in report.rejected} == {9111}
    assert report.refused is strict
    if strict:
        assert (report.imported, block_rows(registry)) == (0, [])
        assert list_transactions(registry, PageRequest()).rows == ()
        assert (accounts(registry), names_of(registry)) == before


def test_strict_takes_a_good_file_whole(importer: Importer) -> None:
    issued = importer.import_file(real_file(ISSUANCES), "gold-standard", strict=True)
    assert (issued.imported, issued.rejected, issued.refused) == (issued.rows, (), False)
    report = importer.import_file(real_file(RETIREMENTS), "gold-standard", strict=True)
    assert report.imported + report.already_there == report.rows
    assert (report.rejected, report.stopped) == ((), False)
    assert verify_registry(importer.registry).ok


def test_strict_takes_all_rows_or_says_where_it_stopped(
    importer: Importer, real_rows: Rows
) -> None:
    rows = [dict(row) for row in real_rows["issuances"][:3]]
    rows[1]["Quantity"] = "not a number"
    report = importer.import_rows(rows, "gold-standard", strict=True)
    assert report.refused
    assert block_rows(importer.registry) == []


@pytest.mark.parametrize(("proposer", "approver"), [("officer", "officer2"), ("admin", "approver")])
def test_people_of_other_roles_leave_nothing_behind(
    importer: Importer, proposer: str, approver: str
) -> None:
    before = accounts(importer.registry)
    people = {"proposer": importer.people[proposer], "approver": importer.people[approver]}
    with pytest.raises(RulesBroken) as broken:
        importer.import_file(real_file(ISSUANCES), "gold-standard", **people)
    assert [item.code for item in broken.value.violations] == [9402]
    assert accounts(importer.registry) == before
    assert list_transactions(importer.registry, PageRequest()).rows == ()


@pytest.mark.postgres
@pytest.mark.embedded_only(reason="in a file nothing is half done; this runs on a server alone")
@pytest.mark.parametrize("storage", ["networked"])
def test_another_officer_completes_what_broke_off(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        act = getattr(import_writers, "approve")  # noqa: B009 (not exported)
        patch.setattr(import_writers, "approve", Breaking(3)(act))
        with pytest.raises(ConnectionLost):
            importer.import_file(real_file(ISSUANCES), "gold-standard")
    report = importer.import_file(
        real_file(ISSUANCES), "gold-standard", proposer=importer.people["officer2"]
    )
    assert report.imported + report.already_there == report.rows
    assert report.rejected == ()
    pending = list_transactions(
        importer.registry, PageRequest(filters={"status": "awaiting approval"})
    ).rows
    assert pending == ()
