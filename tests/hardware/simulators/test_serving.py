"""The simulated plug, the faults of its wire, and the air a simulated sensor stands in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.hardware.channels import Channel
from app.hardware.errors import PortLost, UnknownModel
from app.hardware.ports.opening import LineSettings, open_line
from app.hardware.protocols import PROTOCOLS
from app.hardware.simulators.faults import Fault, FaultyWire
from app.hardware.simulators.models import MODELS, find_model
from app.hardware.simulators.surroundings import Sensor, Surroundings
from tests.fixtures.simulated_stations import make, served, still_air, wait_until

_FRAME = bytes(range(1, 33))
_MORNING = datetime(2026, 11, 21, 5, tzinfo=UTC)


def _carried(fault: Fault, count: int = 10) -> list[bytes]:
    wire = FaultyWire(fault, seed=7)
    return [b"".join(piece for _, piece in wire.carry(_FRAME)) for _ in range(count)]


def test_a_good_wire_changes_nothing_and_a_dead_one_carries_nothing() -> None:
    assert set(_carried(Fault.NONE)) == {_FRAME}
    assert set(_carried(Fault.UNPLUG)) == {_FRAME}
    assert set(_carried(Fault.SILENCE)) == {b""}


def test_noise_stands_before_whole_frames() -> None:
    carried = _carried(Fault.NOISE)
    assert all(frame.endswith(_FRAME) for frame in carried)
    assert sum(frame != _FRAME for frame in carried) == 5


def test_every_second_frame_has_one_bit_turned() -> None:
    carried = _carried(Fault.CHECKSUM)
    assert [frame == _FRAME for frame in carried] == [True, False] * 5
    for frame in carried[1::2]:
        turned = [one ^ other for one, other in zip(frame, _FRAME, strict=True)]
        assert sum(bits.bit_count() for bits in turned) == 1


def test_split_frames_lose_nothing() -> None:
    wire = FaultyWire(Fault.SPLIT, seed=7)
    pieces = [wire.carry(_FRAME) for _ in range(10)]
    assert all(b"".join(piece for _, piece in frame) == _FRAME for frame in pieces)
    assert all(1 < len(frame) <= 4 for frame in pieces)
    assert all(delay == 0.02 for frame in pieces for delay, _ in frame[1:])


def test_faults_repeat_with_their_seed() -> None:
    assert _carried(Fault.NOISE) == _carried(Fault.NOISE)


def test_a_link_leads_to_the_port_also_after_it_was_pulled(tmp_path: Path) -> None:
    link = tmp_path / "station"
    with served("s8", link=link) as station:
        assert station.port == str(link)
        line = open_line(str(link), LineSettings())
        station.unplug()
        assert not link.exists()
        with pytest.raises(PortLost):
            line.read(1.0)
        line.close()
        station.plug_in()
        open_line(str(link), LineSettings()).close()
    assert not link.is_symlink()


def test_the_unplug_fault_pulls_and_returns(tmp_path: Path) -> None:
    link = tmp_path / "station"
    with served("s8", fault=Fault.UNPLUG, link=link, speed=20.0) as station:
        for holds in (True, False, True):
            wait_until(lambda wanted=holds: station.is_plugged_in is wanted)  # type: ignore[misc]
            assert link.exists() is holds or station.is_plugged_in is not holds


class _Flood:
    """Sends more than any line holds."""

    sensors: dict[object, object] = {}  # noqa: RUF012 - none, and never changed

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        return []

    def emit(self, now_s: float) -> list[bytes]:
        return [b"x" * 4000]


def test_a_station_nobody_listens_to_runs_on_and_counts_what_is_lost() -> None:
    with served(_Flood()) as station:  # type: ignore[arg-type]
        wait_until(lambda: station.lost_bytes > 0)
        with open_line(station.port, LineSettings()) as line:
            line.discard_input()
            assert len(line.read(1.0)) > 0


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with served("s8") as station:
            station.unplug()
            station.plug_in()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_every_protocol_can_be_simulated() -> None:
    assert {model.protocol for model in MODELS.values()} == {*PROTOCOLS, "csv"}
    assert set(PROTOCOLS) <= set(MODELS)
    with pytest.raises(UnknownModel, match="“gmp999” is no station model"):
        find_model("gmp999")


@pytest.mark.parametrize("name", MODELS)
def test_no_device_minds_any_bytes(name: str) -> None:
    device = make(name)
    for step, data in enumerate(
        [b"", b"\x00" * 300, bytes(range(256)) * 2, b"\xff" * 600, b"\r!?"]
    ):
        device.receive(data, step * 0.01)
        device.emit(step * 0.01)
    assert MODELS[name].gas in device.sensors


def test_the_air_repeats_with_its_seed_and_follows_the_day() -> None:
    one, same, other = (Surroundings(seed=seed, began=_MORNING) for seed in (1, 1, 2))
    sensors = [Sensor(air, Channel.CO2, noise=1.0) for air in (one, same, other)]
    values = [[sensor.value(float(second)) for second in range(50)] for sensor in sensors]
    assert values[0] == values[1] != values[2]
    dawn, afternoon = one.value(Channel.CO2, 0.0), one.value(Channel.CO2, 12 * 3600.0)
    assert dawn - afternoon > 20


def test_an_applied_gas_is_reached_slowly_and_the_air_returns() -> None:
    air = Surroundings(began=_MORNING, flush_s=10.0)
    before = air.value(Channel.CO2, 100.0)
    air.apply(Channel.CO2, 1000.0, 100.0)
    assert air.value(Channel.CO2, 100.0) == pytest.approx(before)
    assert air.value(Channel.CO2, 110.0) == pytest.approx(
        1000 + (before - 1000) / 2.71828, rel=1e-3
    )
    assert air.value(Channel.CO2, 300.0) == pytest.approx(1000.0)
    air.apply(Channel.CO2, None, 300.0)
    assert air.value(Channel.CO2, 301.0) < 500


def test_a_sensors_true_error_is_what_an_adjustment_corrects() -> None:
    air = still_air()
    sensor = Sensor(air, Channel.CO2, offset=9.0, gain=1.022)
    for ppm in (0.0, 1000.0):
        air.apply(Channel.CO2, ppm, 0.0)
        assert sensor.value(1.0) == pytest.approx(9.0 + 1.022 * ppm)
    sensor.adjust_two_points((9.0, 0.0), (1031.0, 1000.0))
    assert sensor.value(1.0) == pytest.approx(1000.0)
    assert (sensor.correction_offset, sensor.correction_gain) == pytest.approx((9.0, 1.022))
