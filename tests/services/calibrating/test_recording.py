"""Calibrations kept as signed records; doubtful data marked by new records, never edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.services.calibrating.doubt import find_open_doubt, mark_open_doubt
from app.services.calibrating.due import Urgency, judge_due, list_due, list_reminders
from app.services.calibrating.recording import (
    correction_in_force,
    keep_calibration,
    last_good_check,
    mark_doubtful,
)
from app.services.calibration.evaluation import DoubtfulSpan
from app.services.calibration.findings import CalibrationRefused
from app.services.checks.violation import RulesBroken
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.ingest import SensorIngest
from app.services.readings.queries import read_series
from app.services.readings.record import us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.kept_calibrations import get_calibration
from app.services.stations.standards import list_standards
from tests.fixtures.benches import bench, finished, gas, keep_gases, register_bench
from tests.fixtures.registries import START, FrozenClock


@pytest.fixture
def technician(people: dict[str, Actor]) -> Actor:
    return people["technician"]


@pytest.fixture
def channel_id(registry: OpenRegistry, technician: Actor) -> int:
    return register_bench(registry, technician).channels[0].id


@pytest.mark.both_engines
def test_a_calibration_is_kept_with_its_notes_points_and_correction(
    registry: OpenRegistry, technician: Actor, channel_id: int
) -> None:
    keep_gases(registry, technician)
    made = bench()
    code = keep_calibration(registry, technician, finished(channel_id, made))
    kept = get_calibration(registry, code)
    assert kept.verdict_as_found == "fail"
    assert kept.verdict_as_left == "pass"
    assert kept.details["notes"]["customer"] == "Mae Moh Community Forest"
    assert kept.performed_by == "technician"
    assert kept.correction == made.outcome.correction
    at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    held = correction_in_force(registry, channel_id, at=at)
    assert held.code == code
    assert held.correction.apply(9.0 + 1.022 * 600) == pytest.approx(600, abs=0.5)
    before = correction_in_force(registry, channel_id, at=at - timedelta(seconds=1))
    assert before.code == ""


def test_an_expired_reference_keeps_nothing(
    registry: OpenRegistry, technician: Actor, channel_id: int
) -> None:
    from app.services.calibration.evaluation import evaluate_calibration

    made = bench()
    old = gas("OLD", 400.0, expires_on=datetime(2026, 3, 31, tzinfo=UTC).date())
    points = (replace(made.as_found[0], material=old), made.as_found[1])
    outcome = evaluate_calibration(
        made.outcome.settings, points, on=made.outcome.on, as_left=points
    )
    done = replace(finished(channel_id, made), outcome=outcome)
    with pytest.raises(CalibrationRefused, match=r"expired on 2026-03-31"):
        keep_calibration(registry, technician, done)
    assert list_due(registry)[0].last_code is None


def test_nothing_is_kept_before_the_as_left_readings(
    registry: OpenRegistry, technician: Actor, channel_id: int
) -> None:
    done = replace(finished(channel_id, bench()), as_left=())
    with pytest.raises(CalibrationRefused, match="as-left"):
        keep_calibration(registry, technician, done)


def test_an_officer_calibrates_nothing(
    registry: OpenRegistry, people: dict[str, Actor], channel_id: int
) -> None:
    with pytest.raises(RulesBroken):
        keep_calibration(registry, people["officer"], finished(channel_id, bench()))


def _measured(registry: OpenRegistry, actor: Actor, sensor_id: int, minutes: int) -> None:
    ingest = SensorIngest(registry, actor, sensor_id)
    for number in range(minutes * 6):
        at = START - timedelta(minutes=minutes) + timedelta(seconds=10 * number)
        value = Decimal(430 + number % 7)
        ingest.take(Arrived(at, (ArrivedValue("co2", value, "ppm"),), b"\x01"))
    ingest.close()


@pytest.mark.both_engines
def test_after_asking_the_data_since_the_last_good_check_turn_suspicious_and_stay_as_read(
    registry: OpenRegistry, technician: Actor, clock: FrozenClock
) -> None:
    sensor = register_bench(registry, technician)
    channel_id = sensor.channels[0].id
    good_at = START - timedelta(minutes=40)
    good = bench(offset=0.3, gain=1.0)
    keep_calibration(registry, technician, finished(channel_id, good, at=good_at))
    _measured(registry, technician, sensor.id, 60)
    span_us = (us_of_time(START - timedelta(minutes=60)), us_of_time(START))
    before = read_series(registry, channel_id, start_us=span_us[0], end_us=span_us[1])

    clock.advance(seconds=5)
    found = last_good_check(registry, channel_id, before=registry.now())
    assert found is not None
    assert found.performed_at == good_at
    code = keep_calibration(registry, technician, finished(channel_id, bench(), at=START))
    span = find_open_doubt(registry, code)
    assert span == DoubtfulSpan(good_at, START)
    sequence = mark_doubtful(registry, technician, channel_id, span, calibration=code)
    assert sequence is not None

    after = read_series(registry, channel_id, start_us=span_us[0], end_us=span_us[1])
    assert list(after.raw) == list(before.raw)
    doubtful = after.times_us >= us_of_time(good_at)
    assert set(after.flags[doubtful].tolist()) == {3}
    assert set(after.flags[~doubtful].tolist()) == set(before.flags[~doubtful].tolist())


@pytest.mark.both_engines
def test_the_question_left_open_is_answered_later_once(
    registry: OpenRegistry, technician: Actor, clock: FrozenClock
) -> None:
    sensor = register_bench(registry, technician)
    channel_id = sensor.channels[0].id
    _measured(registry, technician, sensor.id, 10)
    failed = keep_calibration(registry, technician, finished(channel_id, bench(), at=START))
    good = bench(offset=0.3, gain=1.0)
    clock.advance(days=2)
    passed = keep_calibration(registry, technician, finished(channel_id, good, at=registry.now()))
    assert find_open_doubt(registry, passed) is None
    span = find_open_doubt(registry, failed)
    assert span == DoubtfulSpan(START - timedelta(minutes=10), START)
    assert mark_open_doubt(registry, technician, failed, note="Asked again.") is not None
    start_us, end_us = us_of_time(START - timedelta(minutes=60)), us_of_time(START)
    after = read_series(registry, channel_id, start_us=start_us, end_us=end_us)
    assert set(after.flags.tolist()) == {3}
    assert find_open_doubt(registry, failed) is None
    assert mark_open_doubt(registry, technician, failed) is None


def test_with_no_readings_there_is_nothing_to_mark(
    registry: OpenRegistry, technician: Actor, channel_id: int
) -> None:
    code = keep_calibration(registry, technician, finished(channel_id, bench(), at=START))
    assert find_open_doubt(registry, code) is None
    span = DoubtfulSpan(None, START)
    assert mark_doubtful(registry, technician, channel_id, span, calibration="CAL-X") is None


@pytest.mark.parametrize(
    ("days_left", "was_calibrated", "urgency"),
    [
        (31, True, Urgency.IN_TIME),
        (30, True, Urgency.DUE_SOON),
        (0, True, Urgency.DUE_SOON),
        (-1, True, Urgency.IN_GRACE),
        (-14, True, Urgency.IN_GRACE),
        (-15, True, Urgency.OVERDUE),
        (None, True, Urgency.NO_DATE),
        (None, False, Urgency.NEVER),
    ],
)
def test_days_left_say_how_urgent_it_is(
    days_left: int | None, was_calibrated: bool, urgency: Urgency
) -> None:
    assert judge_due(days_left, was_calibrated=was_calibrated) is urgency


def test_the_board_follows_the_calendar(
    registry: OpenRegistry, technician: Actor, channel_id: int, clock: FrozenClock
) -> None:
    assert list_due(registry)[0].urgency is Urgency.NEVER
    keep_calibration(registry, technician, finished(channel_id, bench()))
    assert list_due(registry)[0].urgency is Urgency.IN_TIME
    assert list_reminders(registry) == ()
    clock.advance(days=190)
    (line,) = list_reminders(registry)
    assert (line.urgency, line.days_left) == (Urgency.IN_GRACE, -10)


def test_reference_materials_keep_their_certificate(
    registry: OpenRegistry, technician: Actor
) -> None:
    keep_gases(registry, technician)
    kept = {each.material.identification: each.material for each in list_standards(registry)}
    assert kept["NIMT-800"] == gas("NIMT-800", 800.0, expanded=4.0)
