"""The end is the same whatever file comes first, and nothing that ended comes back."""

from __future__ import annotations

from itertools import permutations

import pytest

from app.models.codes import AccountState
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.log.verification import verify_registry
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts import Cancellation, Transfer
from app.services.transactions.proposing import approve, propose
from tests.fixtures.export_rows import ENDED, VERRA_ACCOUNT, Row, acr_row, verra_row
from tests.fixtures.imported_state import (
    Rows,
    account_number,
    block_rows,
    has_ever_held,
    holdings,
    log_end,
)
from tests.services.imports.conftest import Importer

CANCELLED_ACCOUNT = "Voluntary cancellation, 2026–2030"

BATCH = "GS1-1-UG-GS11236-16-2024-30307"


def issued(rows: Rows, *ranges: tuple[int, int]) -> list[Row]:
    return [
        rows["issuances"][0]
        | {"Serial Number": f"{BATCH}-{first}-{last}", "Quantity": str(last - first + 1)}
        for first, last in ranges
    ]


def retired(rows: Rows, *ranges: tuple[int, int]) -> list[Row]:
    shared = {
        name: value
        for name, value in rows["issuances"][0].items()
        if name in rows["retirements"][0] and name != "Credit Status"
    }
    return [
        rows["retirements"][0]
        | shared
        | {"Serial Number": f"{BATCH}-{first}-{last}", "Quantity": str(last - first + 1)}
        | {"Retirement Date": "2026-04-20", "Note": f"for {first}"}
        for first, last in ranges
    ]


def spans(registry: OpenRegistry) -> list[tuple[str, str]]:
    return [(block["serial"].split("30307-")[-1], block["state"]) for block in block_rows(registry)]


EXPECTED = [
    ("1-9", "held"),
    ("10-19", "cancelled"),
    ("20-49", "held"),
    ("50-59", "cancelled"),
    ("60-100", "held"),
    ("101-200", "cancelled"),
    ("201-300", "held"),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_issuances_and_retirements_come_in_any_order(
    order: tuple[int, ...], importer: Importer, real_rows: Rows
) -> None:
    files = [
        issued(real_rows, (1, 100), (101, 300)),
        retired(real_rows, (10, 19), (101, 200)),
        retired(real_rows, (50, 59)),
    ]
    reports = [importer.import_rows(files[index], "gold-standard") for index in order]

    assert [report.rejected for report in reports] == [(), (), ()]
    assert spans(importer.registry) == EXPECTED
    assert sum(report.units_issued for report in reports) == 300
    assert sum(report.units_cancelled for report in reports) == 120
    assert holdings(importer.registry) == {
        ("Imported, holder unknown: Gold Standard", "VER"): 180,
        (CANCELLED_ACCOUNT, "VER"): 120,
    }
    ended = [block for block in block_rows(importer.registry) if block["state"] == "cancelled"]
    assert [block["purpose"] for block in ended] == ["for 10", "for 50", "for 101"]

    before = log_end(importer.registry)
    for file in files:
        again = importer.import_rows(file, "gold-standard")
        assert (again.imported, again.already_there) == (0, len(file))
    assert log_end(importer.registry) == before
    assert verify_registry(importer.registry).ok


def test_rows_of_one_file_come_in_any_order(importer: Importer, real_rows: Rows) -> None:
    report = importer.import_rows(list(reversed(real_rows["verra"])))
    assert (report.imported, report.units_issued) == (200, 4_029_227)


# --- an older and a newer export of the same registry --------------------------------------

OLDER = [verra_row(1, 1000)]
NEWER = [
    verra_row(1, 399, changes={ENDED: "2026-06-01", "Retirement Beneficiary": "A"}),
    verra_row(400, 499),
    verra_row(500, 700, changes={ENDED: "2026-05-01", "Retirement Beneficiary": "B"}),
    verra_row(701, 1000),
]


def endings(registry: OpenRegistry) -> list[tuple[int, str, str]]:
    """Neighbours that say the same are one: where a held block is cut is nobody's affair."""
    merged: list[tuple[int, str, str]] = []
    for block in block_rows(registry):
        entry = (block["quantity"], block["state"], block["beneficiary"])
        if merged and merged[-1][1:] == entry[1:]:
            entry = (merged.pop()[0] + entry[0], *entry[1:])
        merged.append(entry)
    return merged


@pytest.mark.parametrize("files", [(OLDER, NEWER), (NEWER, OLDER), (NEWER,)])
def test_an_older_export_revives_nothing(files: tuple[list[Row], ...], importer: Importer) -> None:
    for rows in files:
        assert importer.import_rows(rows).rejected == ()
    assert endings(importer.registry) == [
        (399, "cancelled", "A"),
        (100, "held", ""),
        (201, "cancelled", "B"),
        (300, "held", ""),
    ]
    assert holdings(importer.registry) == {
        (VERRA_ACCOUNT, "VCU"): 400,
        (CANCELLED_ACCOUNT, "VCU"): 600,
    }


def test_a_later_export_cancels_what_was_held(importer: Importer) -> None:
    importer.import_rows(OLDER)
    report = importer.import_rows(NEWER)
    assert (report.imported, report.already_there) == (2, 2)
    assert (report.units_issued, report.units_cancelled, report.units_held) == (0, 600, 0)


def test_a_later_export_cancels_in_whatever_accounts_the_units_are(
    importer: Importer,
) -> None:
    importer.import_rows([acr_row()], "acr")
    importer.import_rows(OLDER)
    source = account_number(importer.registry, VERRA_ACCOUNT)
    target = account_number(importer.registry, "Duke University")
    act = Transfer(from_account=source, to_account=target, unit_type="VCU", quantity=300)
    carry_out(importer, act)

    ended = [verra_row(201, 500, changes={ENDED: "2026-06-01"})]
    report = importer.import_rows(ended)
    assert (report.imported, report.units_issued, report.units_cancelled) == (1, 0, 300)
    assert holdings(importer.registry)[("Duke University", "VCU")] == 200
    assert holdings(importer.registry)[(VERRA_ACCOUNT, "VCU")] == 500
    assert importer.import_rows(ended).already_there == 1
    assert (
        importer.import_rows([verra_row(250, 350, changes={ENDED: "2026-06-01"})]).already_there
        == 1
    )
    assert verify_registry(importer.registry).ok


def test_what_was_cancelled_here_is_not_cancelled_again(importer: Importer) -> None:
    importer.import_rows(OLDER)
    source = account_number(importer.registry, VERRA_ACCOUNT)
    act = Cancellation(from_account=source, unit_type="VCU", quantity=10, beneficiary="Here")
    carry_out(importer, act)

    report = importer.import_rows([verra_row(1, 1000, changes={ENDED: "2026-06-01"})])
    assert report.units_cancelled == 990
    assert endings(importer.registry) == [(10, "cancelled", "Here"), (990, "cancelled", "")]


def test_a_holder_with_a_checked_identity_never_receives_units_by_name_alone(
    importer: Importer,
) -> None:
    holder = NewHolder(name_en="Duke University", identity_check="passed")
    number = propose_account(
        importer.registry,
        importer.people["officer"],
        NewAccount(name="Duke University", holder=holder),
    )
    change_account(
        importer.registry, importer.people["approver"], number, AccountState.OPEN, reason=""
    )
    importer.import_rows([acr_row()], "acr")
    assert sum(holdings(importer.registry).values()) == 10
    assert not has_ever_held(importer.registry, number)


def carry_out(importer: Importer, act: Transfer | Cancellation) -> None:
    outcome = propose(importer.registry, act, importer.people["officer"])
    approve(importer.registry, outcome.transaction_id, importer.people["approver"])
