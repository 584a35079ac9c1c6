"""Days, quantities and texts as registries write them, and the traps in them."""

from __future__ import annotations

from datetime import date

import pytest

from app.services.imports.faults import RowRefused
from app.services.imports.row_cells import DayForm, RowCells, fit_cells


def cells(text: str) -> RowCells:
    return RowCells({"c": text}, row=1, widths=(1, 1))


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        (DayForm.ISO, "2026-04-13", date(2026, 4, 13)),
        (DayForm.ISO, " 2026-04-13T12:35:58.842275 ", date(2026, 4, 13)),
        (DayForm.ISO, "2026-04-13 23:59", date(2026, 4, 13)),
        (DayForm.ISO, "2026-04-13T23:59:00Z", date(2026, 4, 13)),
        (DayForm.MONTH_FIRST, "4/13/2026 7:17:56 PM", date(2026, 4, 13)),
        (DayForm.MONTH_FIRST, "03/04/2026", date(2026, 3, 4)),
        (DayForm.MONTH_FIRST, "2026-04-13", date(2026, 4, 13)),
        (DayForm.MONTH_FIRST, "2/29/2024 12:00:00 AM", date(2024, 2, 29)),
        (DayForm.DAY_FIRST, "13/04/2026", date(2026, 4, 13)),
        (DayForm.DAY_FIRST, "03/04/2026", date(2026, 4, 3)),
    ],
)
def test_days_are_read_in_the_form_of_their_registry(form: DayForm, text: str, day: date) -> None:
    assert cells(text).day("c", form) == day


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (DayForm.ISO, "13/04/2026"),
        (DayForm.ISO, "20260413"),
        (DayForm.ISO, "2026-W15-1"),
        (DayForm.ISO, "2026-13-01"),
        (DayForm.ISO, "2026-04-13T25:00"),
        (DayForm.ISO, "2026-4-13"),
        (DayForm.ISO, "1899-12-31"),
        (DayForm.ISO, "2569-04-13"),
        (DayForm.ISO, "46125"),
        (DayForm.ISO, "Apr 13, 2026"),
        (DayForm.MONTH_FIRST, "13/04/2026"),
        (DayForm.MONTH_FIRST, "2/29/2026"),
        (DayForm.MONTH_FIRST, "4/13/26"),
        (DayForm.MONTH_FIRST, "4/13/2026 25:00:00 PM"),
        (DayForm.MONTH_FIRST, "0/0/0000"),
        (DayForm.DAY_FIRST, "04/13/2026"),
    ],
)
def test_other_days_are_refused(form: DayForm, text: str) -> None:
    with pytest.raises(RowRefused) as refused:
        cells(text).day("c", form)
    assert refused.value.code == 9507
    assert text in refused.value.reason


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("1", 1), ("4212", 4212), ("1,454,054", 1_454_054), ("8.0", 8), (" 17 ", 17)],
)
def test_quantities_are_whole_with_or_without_commas(text: str, quantity: int) -> None:
    assert cells(text).quantity("c") == quantity


@pytest.mark.parametrize(
    "text", ["1.5", "1,2", "1,2345", "-5", "+5", "1e3", "1 000", "٣", "1_000", "nan", "0x10", ",1"]
)
def test_other_quantities_are_refused(text: str) -> None:
    with pytest.raises(RowRefused) as refused:
        cells(text).quantity("c")
    assert refused.value.code == 9505


def test_a_text_is_trimmed_and_its_lines_kept() -> None:
    assert cells("  one\r\ntwo \n").text("c") == "one\ntwo"
    assert cells("x").text("other") == ""


HEADER = ("a", "b", "Unnamed: 2", "")


@pytest.mark.parametrize(
    ("row", "is_padded"),
    [
        (("1", "2", "", ""), False),
        (("1", "2"), True),
        (("1", "2", ""), True),
        (("1", "2", "", "", " "), False),
    ],
)
def test_blank_cells_may_lack_or_be_too_many_at_the_end(
    row: tuple[str, ...], is_padded: bool
) -> None:
    fitted = fit_cells(HEADER, row, row=1)
    assert (fitted.text("a"), fitted.text("b"), fitted.is_padded) == ("1", "2", is_padded)


@pytest.mark.parametrize("row", [("1",), ("1", "2", "", "", "5")])
def test_any_other_width_is_ragged(row: tuple[str, ...]) -> None:
    with pytest.raises(RowRefused) as refused:
        fit_cells(HEADER, row, row=1)
    assert refused.value.code == 9501
