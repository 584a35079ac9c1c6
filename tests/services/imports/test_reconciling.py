"""Planning a row against what is known: tables of situations, and any order of any records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.codes import AccountState, AccountType
from app.models.serials.reading import read_serial
from app.services.imports.export_row import Ending, ExportRow, SourceProject
from app.services.imports.faults import RowRefused
from app.services.imports.known_units import KnownAccount, KnownBlock
from app.services.imports.reconciling import RowPlan, Span, plan_row

HOLDER = KnownAccount("TH-100-1000-0-1", "A", AccountType.HOLDING, AccountState.OPEN)
ENDED = Ending(word="Retired", on=date(2026, 5, 1))


def row(first: int, last: int, *, ended: bool = False) -> ExportRow:
    return ExportRow(
        row=1,
        serial=read_serial(f"GS1-1-UG-GS11236-16-2024-30307-{first}-{last}"),
        project=SourceProject(code="GS11236", name="Stoves", country="UG"),
        holder="A",
        issued_on=date(2026, 4, 1),
        ending=ENDED if ended else None,
    )


def block(
    first: int, last: int, *, held: bool = True, records: tuple[Span, ...] = ()
) -> KnownBlock:
    return KnownBlock(
        first=first,
        last=last,
        printed=f"{first}-{last}",
        is_held=held,
        account=HOLDER,
        reserved_by=None,
        origin="Gold Standard",
        project="GS11236",
        vintage=2024,
        unit_type="VER",
        records=records or ((first, last),),
    )


def plan(planned: ExportRow, *known: KnownBlock) -> RowPlan:
    return plan_row(planned, known, HOLDER, country="TH")


@pytest.mark.parametrize(
    ("planned", "known", "missing", "standing"),
    [
        (row(1, 100), [], [(1, 100)], []),
        (row(1, 100, ended=True), [], [(1, 100)], []),
        (row(1, 100), [block(1, 100)], [], []),
        (row(1, 100), [block(1, 100, held=False)], [], []),
        (row(1, 100, ended=True), [block(1, 100, held=False)], [], []),
        (row(1, 100, ended=True), [block(1, 100)], [], [(1, 100)]),
        (row(10, 20, ended=True), [block(1, 100)], [], [(10, 20)]),
        (row(1, 100), [block(10, 20, held=False)], [(1, 9), (21, 100)], []),
        (row(1, 100, ended=True), [block(10, 20)], [(1, 9), (21, 100)], [(10, 20)]),
        (row(1, 100), [block(1, 5), block(96, 100)], [(6, 95)], []),
        (row(1, 100, ended=True), [block(1, 50), block(51, 100, held=False)], [], [(1, 50)]),
    ],
)
def test_a_row_asks_for_what_is_not_so_yet(
    planned: ExportRow, known: list[KnownBlock], missing: list[Span], standing: list[Span]
) -> None:
    found = plan(planned, *known)
    assert list(found.missing) == missing
    assert [units.span for units in found.standing] == standing
    assert found.is_done == (not missing and not standing)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (replace(block(50, 60), project="GS1"), 9513),
        (replace(block(50, 60), vintage=2023), 9513),
        (replace(block(50, 60), origin="Verra"), 9513),
        (replace(block(50, 60), unit_type="VCU"), 9513),
        (block(50, 150), 9513),
        (block(100, 100, records=((100, 120),)), 9513),
        (replace(block(1, 100), reserved_by=7), 9514),
        (replace(block(1, 100), account=replace(HOLDER, state=AccountState.LOCKED)), 9515),
        (replace(block(1, 100), account=replace(HOLDER, type=AccountType.BUFFER)), 9515),
    ],
)
def test_a_row_at_odds_with_the_registry_is_refused(known: KnownBlock, code: int) -> None:
    with pytest.raises(RowRefused) as refused:
        plan(row(1, 100, ended=True), known)
    assert refused.value.code == code


# --- any records of one source, in any order -----------------------------------------------

UNITS = 24


@st.composite
def records_in_two_orders(draw: st.DrawFn) -> tuple[list[ExportRow], list[ExportRow]]:
    """Give records that contain one another or are apart; endings are apart from each other."""
    cuts = sorted(draw(st.sets(st.integers(1, UNITS - 1), max_size=6)))
    edges = [0, *cuts, UNITS]
    parts = [row(first + 1, last, ended=draw(st.booleans())) for first, last in pairwise(edges)]
    wide = draw(st.lists(st.sampled_from([row(1, UNITS)]), max_size=1))
    records = draw(st.lists(st.sampled_from([*parts, *wide]), min_size=1, max_size=12))
    return records, draw(st.permutations(records))


class ModelOfRegistry:
    """Carries plans out on a list of blocks, as the ledger does on its tables."""

    def __init__(self) -> None:
        self.blocks: list[KnownBlock] = []

    def take_in(self, planned: ExportRow) -> None:
        start, end = planned.serial.start, planned.serial.end
        known = [item for item in self.blocks if item.first <= end and item.last >= start]
        found = plan(planned, *known)
        for first, last in found.missing:
            self.blocks.append(block(first, last, records=((start, end),)))
        if planned.ending is not None:
            for first, last in (*found.missing, *(units.span for units in found.standing)):
                self.cancel(first, last, (start, end))
        self.blocks.sort(key=lambda item: item.first)

    def cancel(self, first: int, last: int, record: Span) -> None:
        (whole,) = [item for item in self.blocks if item.first <= first and item.last >= last]
        assert whole.is_held
        self.blocks.remove(whole)
        for part_first, part_last in ((whole.first, first - 1), (last + 1, whole.last)):
            if part_first <= part_last:
                self.blocks.append(replace(whole, first=part_first, last=part_last))
        records = (*whole.records, record)
        self.blocks.append(replace(whole, first=first, last=last, is_held=False, records=records))

    def units(self) -> dict[int, bool]:
        held: dict[int, bool] = {}
        for item in self.blocks:
            for number in range(item.first, item.last + 1):
                assert number not in held
                held[number] = item.is_held
        return held


@given(records_in_two_orders())
def test_the_end_is_the_same_in_any_order_and_when_repeated(
    orders: tuple[list[ExportRow], list[ExportRow]],
) -> None:
    expected: dict[int, bool] = {}
    for record in orders[0]:
        for number in range(record.serial.start, record.serial.end + 1):
            expected[number] = expected.get(number, True) and record.ending is None
    for records in orders:
        registry = ModelOfRegistry()
        for record in records:
            registry.take_in(record)
        assert registry.units() == expected
        assert all(plan(record, *known_to(registry, record)).is_done for record in records)


def known_to(registry: ModelOfRegistry, planned: ExportRow) -> list[KnownBlock]:
    start, end = planned.serial.start, planned.serial.end
    return [item for item in registry.blocks if item.first <= end and item.last >= start]
