"""Every kind of bad row is reported by its number and a permanent code; the others go in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.codes import AccountState
from app.services.accounts import change_account
from app.services.imports.faults import RejectedRow
from app.services.transactions.acts import Transfer
from app.services.transactions.proposing import propose
from tests.fixtures.export_rows import ENDED, VERRA_ACCOUNT, Row, acr_row, car_row, verra_row
from tests.fixtures.imported_state import Rows, account_number, block_rows, holdings, log_end
from tests.services.imports.conftest import Importer


def codes(rejected: tuple[RejectedRow, ...]) -> list[tuple[int, int]]:
    return [(item.row, item.code) for item in rejected]


def changed(**changes: str) -> Callable[[Row], Row]:
    names = {name.replace("_", " "): value for name, value in changes.items()}
    return lambda row: row | names


BAD_VERRA_ROWS = {
    "quantity that does not match the range": (changed(Quantity_Issued="99"), 9506),
    "quantity in words": (changed(Quantity_Issued="hundred"), 9505),
    "quantity with a fraction": (changed(Quantity_Issued="100.5"), 9505),
    "quantity with misplaced commas": (changed(Quantity_Issued="1,00"), 9505),
    "quantity missing": (changed(Quantity_Issued=""), 9502),
    "serial missing": (changed(Serial_Number=" "), 9502),
    "serial of no grammar": (changed(Serial_Number="a block"), 9504),
    "serial of another registry": (
        changed(Serial_Number="ACR-FR-1129-2025-2917-30932 to 35143"),
        9504,
    ),
    "serial that ends before it starts": (
        changed(
            Serial_Number="1-100-1-VCS-VCU-1507-VER-ET-14-1340-01012020-31122020-1",
        ),
        9504,
    ),
    "no such day": (changed(Issuance_Date="2026-02-30"), 9507),
    "day in words": (changed(Issuance_Date="soon"), 9507),
    "day missing": (changed(Issuance_Date=""), 9502),
    "month before the day": (changed(Issuance_Date="04/13/2026"), 9507),
    "Buddhist year": (changed(Issuance_Date="2569-04-03"), 9507),
    "day of ending unknown": (lambda row: row | {ENDED: "n/a"}, 9507),
    "ended before issued": (lambda row: row | {ENDED: "2026-04-02"}, 9508),
    "ended tomorrow": (lambda row: row | {ENDED: "2026-11-22"}, 9516),
    "vintage that differs": (changed(Vintage_Start="2021-01-01"), 9509),
    "project that differs": (changed(ID="1341"), 9510),
    "project without a name": (changed(Name=""), 9502),
    "cell too long": (changed(Name="x" * 10_001), 9503),
    "control character": (changed(Name="Bale\x00Mountains"), 9503),
}


@pytest.mark.parametrize("kind", BAD_VERRA_ROWS)
def test_a_bad_row_is_reported_and_the_others_go_in(kind: str, importer: Importer) -> None:
    spoil, code = BAD_VERRA_ROWS[kind]
    rows = [verra_row(201, 300), spoil(verra_row()), verra_row(401, 500)]
    report = importer.import_rows(rows)
    assert codes(report.rejected) == [(2, code)]
    assert (report.rows, report.imported, report.units_issued) == (3, 2, 200)
    assert report.rejected[0].reason
    assert report.rejected[0].reason_th


@pytest.mark.parametrize("kind", BAD_VERRA_ROWS)
def test_strict_refuses_the_file_whole(kind: str, importer: Importer) -> None:
    spoil, code = BAD_VERRA_ROWS[kind]
    before = log_end(importer.registry)
    report = importer.import_rows([verra_row(201, 300), spoil(verra_row())], strict=True)
    assert codes(report.rejected) == [(2, code)]
    assert report.refused
    assert (report.rows, report.imported, report.units_issued) == (2, 0, 0)
    assert log_end(importer.registry) == before
    assert block_rows(importer.registry) == []


def test_strict_takes_a_file_without_a_bad_row(importer: Importer) -> None:
    report = importer.import_rows([verra_row(), verra_row(101, 200)], strict=True)
    assert (report.refused, report.imported, report.units_issued) == (False, 2, 200)


def test_strict_reports_every_bad_row(importer: Importer) -> None:
    rows = [
        verra_row(changes={"Quantity Issued": "1"}),
        verra_row(101, 200),
        verra_row(changes={"ID": "7"}),
    ]
    report = importer.import_rows(rows, strict=True)
    assert codes(report.rejected) == [(1, 9506), (3, 9510)]


# --- rows against one another and against the registry -------------------------------------


def test_the_same_row_twice_goes_in_once(importer: Importer) -> None:
    report = importer.import_rows([verra_row(), verra_row()])
    assert codes(report.rejected) == [(2, 9512)]
    assert "row 1" in report.rejected[0].reason
    assert report.units_issued == 100


@pytest.mark.parametrize(
    ("first", "last"), [(1, 1), (100, 150), (50, 60), (1, 300)], ids=["head", "end", "in", "over"]
)
def test_a_row_that_overlaps_an_earlier_one_is_refused(
    first: int, last: int, importer: Importer
) -> None:
    report = importer.import_rows([verra_row(), verra_row(201, 300), verra_row(first, last)])
    assert codes(report.rejected) == [(3, 9512)]
    assert report.units_issued == 200


def test_a_refused_row_takes_no_numbers(importer: Importer) -> None:
    report = importer.import_rows([verra_row(changes={"ID": "7"}), verra_row()])
    assert codes(report.rejected) == [(1, 9510)]
    assert report.units_issued == 100


def test_rows_of_other_projects_cannot_have_numbers_that_the_registry_has(
    importer: Importer,
) -> None:
    importer.import_rows([verra_row()])
    other = verra_row(
        changes={
            "ID": "1341",
            "Serial Number": "9-50-60-VCS-VCU-1507-VER-ET-14-1341-01012020-31122020-1",
            "Quantity Issued": "11",
        }
    )
    report = importer.import_rows([other])
    assert codes(report.rejected) == [(1, 9513)]
    assert report.units_issued == 0


@pytest.mark.parametrize(("first", "last"), [(51, 150), (100, 100 + 50)])
def test_a_block_that_cuts_across_a_known_one_is_refused(
    first: int, last: int, importer: Importer
) -> None:
    importer.import_rows([verra_row()])
    report = importer.import_rows([verra_row(first, last)])
    assert codes(report.rejected) == [(1, 9513)]
    assert holdings(importer.registry) == {("Imported, holder unknown: Verra", "VCU"): 100}


def test_an_ending_that_cuts_across_a_known_ending_is_refused(importer: Importer) -> None:
    ended = {ENDED: "2026-05-01"}
    importer.import_rows([verra_row(1, 1000)])
    importer.import_rows([verra_row(100, 200, changes=ended)])
    report = importer.import_rows([verra_row(150, 250, changes=ended)])
    assert codes(report.rejected) == [(1, 9513)]


def test_units_reserved_by_a_pending_transaction_are_not_cancelled(importer: Importer) -> None:
    importer.import_rows([verra_row()])
    number = account_number(importer.registry, VERRA_ACCOUNT)
    other = importer.import_file(importer.write([acr_row()], "acr.csv"), "acr")
    assert other.imported == 1
    to_account = account_number(importer.registry, "Duke University")
    act = Transfer(from_account=number, to_account=to_account, unit_type="VCU", quantity=10)
    outcome = propose(importer.registry, act, importer.people["officer"])
    report = importer.import_rows([verra_row(changes={ENDED: "2026-05-01"})])
    assert codes(report.rejected) == [(1, 9514)]
    assert outcome.identifier in report.rejected[0].reason


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.LOCKED])
def test_an_account_that_is_not_open_takes_and_gives_nothing(
    state: AccountState, importer: Importer
) -> None:
    importer.import_rows([verra_row()])
    number = account_number(importer.registry, VERRA_ACCOUNT)
    admin = importer.people["admin"]
    change_account(importer.registry, admin, number, state, reason="A case")
    rows = [verra_row(changes={ENDED: "2026-05-01"}), verra_row(101, 200)]
    report = importer.import_rows(rows)
    assert codes(report.rejected) == [(1, 9515), (2, 9515)]
    assert number in report.rejected[0].reason


@pytest.mark.parametrize("strict", [False, True])
def test_an_act_that_the_checks_refuse_sets_its_row_aside(strict: bool, importer: Importer) -> None:
    number = account_number(importer.registry, "Voluntary cancellation, 2026–2030")
    admin = importer.people["admin"]
    change_account(importer.registry, admin, number, AccountState.CLOSED, reason="Its period ended")
    ended = {ENDED: "2026-05-01"}
    rows = [
        verra_row(),
        verra_row(101, 200, ended),
        verra_row(201, 300),
        verra_row(301, 400, ended),
    ]
    before = log_end(importer.registry)
    report = importer.import_rows(rows, strict=strict)
    assert codes(report.rejected)[0] == (2, 9111)
    assert report.refused == strict
    if strict:
        assert log_end(importer.registry) == before
        return
    assert codes(report.rejected) == [(2, 9111), (4, 9111)]
    assert (report.imported, report.units_issued, report.units_held) == (2, 200, 200)
    assert sum(block["quantity"] for block in block_rows(importer.registry)) == 200


# --- rows of the wrong width, and other formats --------------------------------------------


def test_ragged_rows_are_reported(importer: Importer) -> None:
    path = importer.write([verra_row(), verra_row(101, 200), verra_row(201, 300)])
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].rsplit(",", 2)[0]
    lines[3] += ",more"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = importer.import_file(path, "verra")
    assert codes(report.rejected) == [(2, 9501), (3, 9501)]
    assert report.imported == 1


def test_blank_cells_too_many_at_the_end_are_passed_over(importer: Importer) -> None:
    path = importer.write([verra_row()])
    path.write_text(path.read_text(encoding="utf-8").rstrip() + ",,\r\n", encoding="utf-8")
    assert importer.import_file(path, "verra").imported == 1


def import_lines(
    importer: Importer, source: str, row: Row, edit: Callable[[list[str]], list[str]]
) -> tuple[int, list[int]]:
    path = importer.folder / "edited.csv"
    cells = edit(list(row.values()))
    path.write_text(",".join(row) + "\n" + ",".join(cells) + "\n", encoding="utf-8")
    report = importer.import_file(path, source)
    return report.imported, [item.code for item in report.rejected]


def without_holder(row: Row) -> Callable[[list[str]], list[str]]:
    index = list(row).index("Account Holder")
    return lambda cells: cells[:index] + cells[index + 1 :]


@pytest.mark.parametrize(("source", "row"), [("acr", acr_row()), ("car", car_row())])
def test_a_row_that_lacks_only_the_blank_last_cell_goes_in(
    source: str, row: Row, importer: Importer
) -> None:
    assert import_lines(importer, source, row, lambda cells: cells[:-1]) == (1, [])


@pytest.mark.parametrize(("source", "row"), [("acr", acr_row()), ("car", car_row())])
def test_a_row_that_lacks_its_holder_s_cell_is_ragged(
    source: str, row: Row, importer: Importer
) -> None:
    assert import_lines(importer, source, row, without_holder(row)) == (0, [9501])


def test_a_shifted_row_of_the_right_width_is_ragged(importer: Importer) -> None:
    row = car_row()
    shift = without_holder(row)
    assert import_lines(importer, "car", row, lambda cells: [*shift(cells), ""]) == (0, [9501])


def test_a_blank_holder_s_cell_goes_to_the_account_that_says_so(importer: Importer) -> None:
    importer.import_rows([car_row(Account_Holder="")], "car")
    assert account_number(importer.registry, "Imported, holder unknown: CAR")


def test_a_reason_never_seen_before_is_kept_as_it_stands(importer: Importer) -> None:
    assert importer.import_rows([car_row(Retirement_Reason="New reason")], "car").imported == 1
    assert block_rows(importer.registry)[0]["source_reason"] == "New reason"


@pytest.mark.parametrize(
    ("source", "row", "code"),
    [
        ("acr", acr_row(**{"Status Effective (GMT)": "13/04/2026 7:17:56 PM"}), 9507),
        ("acr", acr_row(**{"Date Issued (GMT)": "6/31/2025 7:43:26 PM"}), 9507),
        ("acr", acr_row(Vintage="2024"), 9509),
        ("acr", acr_row(Project_ID="ACR1195"), 9510),
        ("car", car_row(Status_Effective="27/10/2025"), 9507),
        ("car", car_row(Vintage=""), 9502),
        ("car", car_row(Project_ID="1335"), 9510),
    ],
)
def test_rows_of_acr_and_car_are_held_to_their_serials_and_days(
    source: str, row: Row, code: int, importer: Importer
) -> None:
    report = importer.import_rows([row], source)
    assert codes(report.rejected) == [(1, code)]


@pytest.mark.parametrize(
    ("key", "changes", "code"),
    [
        ("issuances", {"Credit Status": "Retired"}, 9511),
        ("retirements", {"Credit Status": "Issued"}, 9511),
        ("issuances", {"Product Type": "PER"}, 9511),
        ("issuances", {"GSID": "1"}, 9510),
        ("issuances", {"Vintage": "1999"}, 9509),
        ("issuances", {"Issuance Date": "13/04/2026"}, 9507),
        ("retirements", {"Retirement Date": "2026-03-30"}, 9508),
    ],
)
def test_rows_of_gold_standard_are_held_to_their_file(
    key: str, changes: Row, code: int, importer: Importer, real_rows: Rows
) -> None:
    report = importer.import_rows([real_rows[key][0] | changes], "gold-standard")
    assert codes(report.rejected) == [(1, code)]
