"""The real exports go in whole and reconcile with the files, to the unit."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.models.storage.unit_of_work import reading
from app.models.tables import Account, TransactionRow, UnitBatch
from app.services.log.verification import verify_registry
from tests.fixtures.imported_state import Rows, block_rows, holdings, log_end, projects
from tests.services.imports.conftest import Importer, real_file

FILES = {
    "verra": ("verra__transactions.csv", "verra", "Serial Number", "Quantity Issued"),
    "acr": (
        "american-carbon-registry__retirements.csv",
        "acr",
        "Credit Serial Numbers",
        "Quantity of Credits",
    ),
    "car": (
        "climate-action-reserve__retirements.csv",
        "car",
        "Offset Credit Serial Numbers",
        "Quantity of Offset Credits",
    ),
    "issuances": (
        "gold-standard__issuances.sample.csv",
        "gold-standard",
        "Serial Number",
        "Quantity",
    ),
    "retirements": (
        "gold-standard__retirements.sample.csv",
        "gold-standard",
        "Serial Number",
        "Quantity",
    ),
}


def whole(text: str) -> int:
    return int(text.replace(",", ""))


def is_ended(key: str, row: dict[str, str]) -> bool:
    return key in ("acr", "car", "retirements") or bool(row.get("Retirement/Cancellation Date"))


@pytest.mark.parametrize("key", FILES)
def test_a_real_export_reconciles_and_a_second_import_changes_nothing(
    key: str, importer: Importer, real_rows: Rows
) -> None:
    name, source, serial, quantity = FILES[key]
    rows = real_rows[key]
    issued = sum(whole(row[quantity]) for row in rows)
    cancelled = sum(whole(row[quantity]) for row in rows if is_ended(key, row))

    report = importer.import_file(real_file(name), source)

    assert report.as_json() == {
        "rows": len(rows),
        "imported": len(rows),
        "already_there": 0,
        "rejected": [],
        "units_issued": issued,
        "units_cancelled": cancelled,
        "units_held": issued - cancelled,
        "refused": False,
        "stopped": False,
    }
    blocks = block_rows(importer.registry)
    assert {(block["serial"], block["quantity"], block["state"]) for block in blocks} == {
        (row[serial], whole(row[quantity]), "cancelled" if is_ended(key, row) else "held")
        for row in rows
    }
    assert sum(holdings(importer.registry).values()) == issued

    before = log_end(importer.registry)
    again = importer.import_file(real_file(name), source)
    assert (again.imported, again.already_there, again.rejected) == (0, len(rows), ())
    assert (again.units_issued, again.units_cancelled, again.units_held) == (0, 0, 0)
    assert log_end(importer.registry) == before


def test_all_real_exports_together_verify(importer: Importer) -> None:
    for name, source, *_ in FILES.values():
        importer.import_file(real_file(name), source)
    assert verify_registry(importer.registry).ok


def test_an_ending_keeps_the_source_s_word_day_reason_and_beneficiary(
    importer: Importer, real_rows: Rows
) -> None:
    importer.import_rows([real_rows["acr"][0]], "acr")
    (block,) = block_rows(importer.registry)
    assert block["name"] == "Voluntary cancellation, 2026–2030"
    assert block["beneficiary"] == "AWS"
    assert block["source_word"] == "Retired"
    assert block["source_date"] == "2026-04-13"
    assert block["effective_on"] == date(2026, 4, 13)
    assert block["source_reason"] == "Environmental Benefit"
    assert block["purpose"].startswith("Retirement for 2025 emissions")


def test_a_missing_beneficiary_stays_empty(importer: Importer, real_rows: Rows) -> None:
    ended = "Retirement/Cancellation Date"
    rows = [row for row in real_rows["verra"] if row[ended] and not row["Retirement Beneficiary"]]
    assert len(rows) == 13
    importer.import_rows(rows)
    assert {block["beneficiary"] for block in block_rows(importer.registry)} == {""}
    assert {block["source_word"] for block in block_rows(importer.registry)} == {
        "Retirement/Cancellation"
    }


def test_a_note_of_several_lines_is_kept_without_white_space_around_it(
    importer: Importer, real_rows: Rows
) -> None:
    assert real_rows["retirements"][0]["Note"].endswith("\n")
    importer.import_rows([real_rows["retirements"][0]], "gold-standard")
    (block,) = block_rows(importer.registry)
    assert block["purpose"] == real_rows["retirements"][0]["Note"].strip()
    assert block["beneficiary"] == "Hilti Corporation"


def test_units_without_a_holder_go_to_an_account_that_says_so(importer: Importer) -> None:
    importer.import_file(real_file("verra__transactions.csv"), "verra")
    importer.import_file(real_file("gold-standard__issuances.sample.csv"), "gold-standard")
    held = {name: quantity for (name, _), quantity in holdings(importer.registry).items()}
    assert held["Imported, holder unknown: Verra"] == 3_891_681
    assert held["Imported, holder unknown: Gold Standard"] == 286_488


def test_holders_of_the_file_get_an_account_each(importer: Importer, real_rows: Rows) -> None:
    importer.import_file(real_file("climate-action-reserve__retirements.csv"), "car")
    with reading(importer.registry.engine) as connection:
        names = connection.execute(
            select(Account.name).where(Account.type_code == 100, Account.state == "open")
        ).scalars()
        assert sorted(names) == sorted({row["Account Holder"] for row in real_rows["car"]})


def test_projects_carry_what_the_source_tells(importer: Importer) -> None:
    importer.import_file(real_file("verra__transactions.csv"), "verra")
    known = {project[1]: project for project in projects(importer.registry)}
    assert len(known) == 56
    assert known["1340"] == (
        "Verra",
        "1340",
        "Bale Mountains Eco-region REDD+ project",
        "ET",
        "Agriculture Forestry and Other Land Use",
        14,
        "VM0015",
        "",
    )


def test_imported_units_have_no_levy_and_no_expiry(importer: Importer) -> None:
    importer.import_file(real_file("verra__transactions.csv"), "verra")
    assert {name for name, _ in holdings(importer.registry)} == {
        "Imported, holder unknown: Verra",
        "Voluntary cancellation, 2026–2030",
    }
    with reading(importer.registry.engine) as connection:
        expiring = select(func.count()).where(UnitBatch.expires_on.is_not(None))
        assert connection.execute(expiring).scalar() == 0


@pytest.mark.parametrize("key", FILES)
def test_acts_are_in_order_of_the_source_s_days(key: str, importer: Importer) -> None:
    name, source, *_ = FILES[key]
    importer.import_file(real_file(name), source)
    with reading(importer.registry.engine) as connection:
        days = connection.execute(
            select(TransactionRow.effective_on)
            .where(TransactionRow.effective_on.is_not(None))
            .order_by(TransactionRow.id)
        ).scalars()
        listed = [day for day in days if day is not None]
    assert len(listed) >= 12
    assert listed == sorted(listed)
