"""The calibration wizard without a window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.services.calibration.device_adjustment import (
    Adjustment,
    AdjustmentAnswer,
    DeviceAdjustment,
    NotInDevice,
)
from app.services.calibration.limits import Procedure
from app.services.readings.arriving import (
    Arrival,
    Arrived,
    ArrivedValue,
    ClockMoved,
    GapClosed,
    GapOpened,
)
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import list_stations
from app.services.stations.standards import list_standards
from app.views.presenters.calibration.steps import Keeping, Step
from app.views.presenters.calibration.wizard import CalibrationWizard
from tests.fixtures.benches import TODAY, bench, keep_gases, register_bench

BEGAN = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def frames(value: float | None, *, start_s: float = 0.0, seconds: int = 190) -> list[Arrival]:
    """Give a frame a second, scattering by a third of a ppm."""
    return [
        Arrived(
            BEGAN + timedelta(seconds=start_s + second),
            (
                ArrivedValue(
                    "co2",
                    None if value is None else Decimal(f"{value + (second % 3 - 1) * 0.3:.1f}"),
                    "ppm",
                ),
            ),
        )
        for second in range(seconds)
    ]


@pytest.fixture
def wizard(registry: OpenRegistry, people: dict[str, Actor]) -> CalibrationWizard:
    technician = people["technician"]
    register_bench(registry, technician)
    keep_gases(registry, technician)
    return CalibrationWizard(list_stations(registry), list_standards(registry), today=TODAY)


def choose(wizard: CalibrationWizard, procedure: Procedure, *names: str) -> None:
    wizard.choose_bench(wizard.benches[0].id)
    assert wizard.go_on() is None
    wizard.choose_procedure(procedure)
    assert wizard.go_on() is None
    for kept in wizard.standards:
        if kept.material.identification in names:
            wizard.toggle_reference(kept.id)
    assert wizard.go_on() is None
    from dataclasses import replace

    wizard.set_limits(replace(wizard.limits, absolute=20.0))
    assert wizard.go_on() is None
    assert wizard.go_on() is None
    assert wizard.step is Step.AS_FOUND
    wizard.begin_signal()


def read(wizard: CalibrationWizard, *values: float) -> None:
    for value in values:
        assert wizard.signal is not None
        wizard.signal.take(frames(value))
        assert wizard.take_point()


def test_no_step_is_passed_without_its_answer(wizard: CalibrationWizard) -> None:
    blocked = wizard.go_on()
    assert blocked is not None
    assert blocked.key == "calibration.why.station"
    assert wizard.step is Step.STATION
    assert not wizard.can_go_back


def test_a_method_takes_no_more_references_than_it_has_points(wizard: CalibrationWizard) -> None:
    wizard.choose_bench(wizard.benches[0].id)
    wizard.choose_procedure(Procedure.TWO_POINT)
    for name in ("NIMT-400", "NIMT-800", "NIMT-1500"):
        (kept,) = [each for each in wizard.standards if each.material.identification == name]
        wizard.toggle_reference(kept.id)
    assert [each.value for each in wizard.materials()] == [800.0, 1500.0]


def test_an_expired_reference_stays_unchosen(wizard: CalibrationWizard) -> None:
    wizard.choose_bench(wizard.benches[0].id)
    wizard.choose_procedure(Procedure.TWO_POINT)
    (old,) = [each for each in wizard.standards if each.material.identification == "OLD-600"]
    wizard.toggle_reference(old.id)
    assert wizard.chosen == ()


def test_no_point_is_taken_before_the_lamp_is_green(wizard: CalibrationWizard) -> None:
    choose(wizard, Procedure.ONE_POINT_OFFSET, "NIMT-400")
    assert wizard.signal is not None
    wizard.signal.take(frames(418.0, seconds=60))
    assert not wizard.take_point()
    wizard.signal.take(frames(418.0, start_s=60))
    assert wizard.take_point()
    assert wizard.points[0].readings
    assert wizard.signal.latest() is None, "the next gas is watched anew"


def test_a_pulled_cable_keeps_the_points_and_breaks_the_window(wizard: CalibrationWizard) -> None:
    choose(wizard, Procedure.TWO_POINT, "NIMT-400", "NIMT-800")
    read(wizard, 418.0)
    signal = wizard.signal
    assert signal is not None
    signal.take([*frames(826.0, seconds=100), GapOpened(BEGAN, "port-lost", "It is gone.")])
    assert (signal.is_plugged_in, signal.problem) == (False, "It is gone.")
    signal.take([GapClosed(BEGAN, BEGAN, "port-lost"), *frames(826.0, start_s=130, seconds=100)])
    assert signal.is_plugged_in
    assert "interrupted" in {why.code for why in signal.stability().reasons}
    assert len(wizard.as_found) == 1


def test_a_value_that_did_not_come_is_no_value(wizard: CalibrationWizard) -> None:
    choose(wizard, Procedure.ONE_POINT_OFFSET, "NIMT-400")
    assert wizard.signal is not None
    wizard.signal.take(frames(None))
    assert wizard.signal.latest() is None
    assert not wizard.take_point()


def test_back_forgets_nothing(wizard: CalibrationWizard) -> None:
    choose(wizard, Procedure.TWO_POINT, "NIMT-400", "NIMT-800")
    read(wizard, 418.0, 826.0)
    while wizard.can_go_back:
        wizard.go_back()
    assert wizard.step is Step.STATION
    wizard.choose_bench(wizard.benches[0].id)
    for _ in range(6):
        assert wizard.go_on() is None
    assert Step(wizard.step.value) is Step.FIT
    assert len(wizard.as_found) == 2


def test_the_registry_corrects_as_left_readings_and_asks_about_the_data(
    wizard: CalibrationWizard,
) -> None:
    choose(wizard, Procedure.TWO_POINT, "NIMT-400", "NIMT-800")
    read(wizard, 418.0, 827.0)
    assert wizard.go_on() is None
    assert wizard.go_on() is None
    assert isinstance(wizard.device_adjustment(), NotInDevice)
    blocked = wizard.go_on()
    assert blocked is not None
    assert blocked.key == "calibration.why.keeping"
    wizard.choose_keeping(Keeping.REGISTRY)
    assert wizard.go_on() is None
    read(wizard, 418.0, 827.0)
    outcome = wizard.outcome()
    assert outcome is not None
    assert (outcome.verdict_as_found, outcome.verdict_as_left) == ("fail", "pass")
    assert Step.DOUBT in wizard.steps()
    assert not wizard.finished(at=BEGAN, next_due_on=None).written_to_device


def test_a_device_is_adjusted_before_one_goes_on(wizard: CalibrationWizard) -> None:
    choose(wizard, Procedure.ONE_POINT_OFFSET, "NIMT-400")
    read(wizard, 412.0)
    wizard.go_on()
    wizard.go_on()
    assert wizard.device_adjustment() == DeviceAdjustment("s8", Adjustment.BACKGROUND, "co2", 400.0)
    wizard.choose_keeping(Keeping.DEVICE)
    blocked = wizard.go_on()
    assert blocked is not None
    assert blocked.key == "calibration.why.adjust"
    wizard.note_adjusted(AdjustmentAnswer(confirmed=True, detail="acknowledgement 0020h"))
    wizard.choose_keeping(Keeping.REGISTRY)
    assert wizard.keeping is Keeping.DEVICE, "an adjusted device stays adjusted"
    assert wizard.go_on() is None
    read(wizard, 400.2)
    assert wizard.go_on() is None
    assert Step.DOUBT not in wizard.steps()
    assert "0020h" in wizard.notes.adjustment


def test_co_location_reads_no_gas_and_stays_in_the_registry(wizard: CalibrationWizard) -> None:
    wizard.choose_bench(wizard.benches[0].id)
    wizard.choose_procedure(Procedure.COLOCATION)
    assert Step.AS_FOUND not in wizard.steps()
    wizard.take_colocated(bench(values=(400.0, 600.0, 800.0, 1500.0)).as_found)
    wizard.choose_keeping(Keeping.MAKER)
    assert wizard.keeping is Keeping.REGISTRY
    assert wizard.as_left == wizard.as_found


@pytest.mark.parametrize("code", [-200.0, -9999.0])
def test_a_code_for_no_value_is_no_reading_of_the_bench(
    wizard: CalibrationWizard, code: float
) -> None:
    choose(wizard, Procedure.ONE_POINT_OFFSET, "NIMT-400")
    signal = wizard.signal
    assert signal is not None
    signal.take(
        [
            Arrived(
                BEGAN + timedelta(seconds=second), (ArrivedValue("co2", Decimal(str(code)), "ppm"),)
            )
            for second in range(190)
        ]
    )
    assert signal.latest() is None
    assert signal.sent_code == str(code)
    assert not wizard.take_point(), "however steady a code is"
    signal.take(frames(418.0, start_s=190))
    assert signal.sent_code == ""


def test_a_set_clock_begins_the_window_anew_and_a_repeated_time_does_not(
    wizard: CalibrationWizard,
) -> None:
    choose(wizard, Procedure.ONE_POINT_OFFSET, "NIMT-400")
    signal = wizard.signal
    assert signal is not None
    signal.take([*frames(418.0), *frames(418.0, start_s=189, seconds=1)])
    assert signal.stability().is_stable, "a time that came twice costs nothing"
    signal.take([ClockMoved(BEGAN, 3600.0)])
    assert bool(signal.clock_moved)
    assert not signal.stability().is_stable
    signal.take(frames(418.0, start_s=3800))
    assert wizard.take_point()
    assert not bool(signal.clock_moved)
    signal.take([*frames(418.0, start_s=5000, seconds=60), *frames(418.0, seconds=60)])
    assert bool(signal.clock_moved), "a clock that went back is noticed without being told"
