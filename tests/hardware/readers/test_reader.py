"""A reader on a real terminal: samples, gaps, return after a pull, commands, wrong devices."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.hardware.channels import Channel
from app.hardware.decoding import Flag
from app.hardware.errors import HardwareError, NoAnswer, PortLost, ReaderStopped
from app.hardware.ports.listing import PortInfo, UsbIdentity
from app.hardware.readers.clocks import Clocks
from app.hardware.readers.console import ConsoleLine
from app.hardware.readers.conversation import Conversation
from app.hardware.readers.events import ClockJumped, GapBegan, GapEnded, Problem
from app.hardware.readers.modbus_host import ModbusHost
from app.hardware.readers.polling import StationPlan
from app.hardware.simulators.faults import Fault
from app.hardware.simulators.gmp252 import Gmp252
from app.hardware.simulators.models import MODELS
from app.hardware.simulators.serving import StationServer
from tests.fixtures.simulated_stations import (
    make,
    reading,
    served,
    still_air,
    take_event,
    take_samples,
    wait_until,
)

_WEATHER = (Channel.TEMPERATURE, Channel.HUMIDITY, Channel.PRESSURE)
_GASES = {"thermo42": ("no", "no2", "nox"), "thermo49": ("o3",)}


def _plan(name: str, interval_s: float = 0.05) -> StationPlan:
    protocol = MODELS[name].protocol
    return StationPlan(
        protocol,
        interval_s=interval_s,
        channels=_WEATHER if protocol == "sdi12" else (),
        gases=_GASES.get(name, ("co",)),
    )


@pytest.mark.parametrize("name", [name for name in MODELS if name not in ("csv", "pms7003")])
def test_every_model_is_read_and_shows_its_air(name: str) -> None:
    device = make(name)
    streams = name not in ("gmp252", "mgp261", "s8", "mhz19b", "gmp343", "sdi12")
    with served(device, speed=10.0 if streams else 1.0) as station:
        with reading(station.port, _plan(name)) as reader:
            wanted = 2 if name in ("gmp252", "wxt5xx", "nmea", "thermo42") else 1
            frames = [sample.frame for sample in take_samples(reader, wanted)]
        values = {}
        for frame in frames:
            for read in frame.readings:
                values[read.channel] = read
        gas = MODELS[name].gas
        assert values[gas].flag is Flag.GOOD
        sensor = device.sensors[gas]
        truth = sensor.settled(station.now_s())
        shown = values[gas].value
        assert shown is not None
        assert float(shown) == pytest.approx(truth, abs=6 * sensor.noise + 0.6)


def test_a_gas_applied_is_what_the_reader_reads() -> None:
    with served("gmp252") as station, reading(station.port, "gmp252") as reader:
        station.apply_gas(Channel.CO2, 1000.0)
        time.sleep(0.1)
        reader.events.take(0)
        value = take_samples(reader, 3)[-1].frame.readings[0].value
    assert value is not None
    assert float(value) == pytest.approx(9.0 + 1.022 * 1000.0, abs=4.0)


@pytest.mark.parametrize("fault", [Fault.NOISE, Fault.CHECKSUM, Fault.SPLIT])
@pytest.mark.parametrize("name", ["gmp252", "pms5003", "sps30", "windsonic"])
def test_a_bad_line_costs_frames_and_never_the_reader(name: str, fault: Fault) -> None:
    with served(make(name), fault=fault, speed=10.0) as station:
        with reading(station.port, _plan(name, 0.02)) as reader:
            samples = take_samples(reader, 4)
            if fault is Fault.CHECKSUM:
                wait_until(lambda: reader.counters().dropped.total > 0)
            dropped, running = reader.counters().dropped, reader.is_running
    assert running
    gas = MODELS[name].gas
    for sample in samples:
        for read in sample.frame.readings:
            if read.channel is gas and read.value is not None:
                assert 0 <= read.value < 1000, "a damaged value was let through"
    if fault is Fault.SPLIT:
        assert dropped.checksum == dropped.length == 0


def test_a_pulled_cable_is_a_gap_with_start_and_end(tmp_path: Path) -> None:
    link = tmp_path / "station"
    with served("s8", link=link) as station, reading(str(link), "s8") as reader:
        last_good = take_samples(reader, 3)[-1]
        station.unplug()
        began = take_event(reader, GapBegan)
        assert isinstance(began, GapBegan)
        assert began.code in ("port-lost", "port-missing")
        assert "cable" in began.hint or "Plug" in began.hint
        assert began.at >= last_good.at
        time.sleep(0.2)
        station.plug_in()
        ended = take_event(reader, GapEnded)
        assert isinstance(ended, GapEnded)
        assert ended.began == began.at
        assert 0.2 <= ended.seconds < 3.0
        assert ended.seconds == pytest.approx((ended.at - ended.began).total_seconds(), abs=0.1)
        take_samples(reader, 2)
        counters = reader.counters()
    assert (counters.gaps, counters.openings) == (1, 2)


def test_an_adapter_that_returns_in_another_socket_is_found_by_its_identity() -> None:
    identity = UsbIdentity(0x0403, 0x6001, "A50285BI")
    with served("s8") as one, served("s8") as other:
        ports = [PortInfo(one.port, usb=identity)]
        with reading(str(identity), "s8", lister=lambda: ports) as reader:
            take_samples(reader)
            one.unplug()
            ports[:] = []
            take_event(reader, GapBegan)
            ports[:] = [PortInfo(other.port, usb=identity)]
            take_event(reader, GapEnded)
            assert reader.counters().openings == 2


def test_a_station_that_falls_silent_is_a_gap_and_ends_when_it_speaks() -> None:
    device = make("s8")
    with served(device) as station, reading(station.port, "s8") as reader:
        take_samples(reader)
        station._wire.fault = Fault.SILENCE
        began = take_event(reader, GapBegan)
        assert isinstance(began, GapBegan)
        assert began.code == "no-answer"
        assert "power, cable, address" in began.hint
        station._wire.fault = Fault.NONE
        ended = take_event(reader, GapEnded)
        assert isinstance(ended, GapEnded)
        assert ended.seconds >= 0.6
        assert reader.counters().unanswered > 0


def test_the_wrong_device_is_said_with_what_was_seen_and_what_it_looks_like() -> None:
    with served(make("pms5003"), speed=10.0) as station:
        with reading(station.port, "windsonic") as reader:
            began = take_event(reader, GapBegan)
    assert isinstance(began, GapBegan)
    assert began.code == "wrong-answer"
    assert "42 4D 00 1C" in began.message
    assert "looks like pms5003" in began.message
    assert "model" in began.hint


def test_a_busy_port_is_waited_for_and_said_once() -> None:
    with served("s8") as station:
        with reading(station.port, "s8") as first:
            take_samples(first)
            with reading(station.port, "s8") as second:
                began = take_event(second, GapBegan)
                assert isinstance(began, GapBegan)
                assert began.code == "port-busy"
                time.sleep(0.2)
                assert second.events.take(0) == []
                first.stop()
                take_event(second, GapEnded)


def test_a_port_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    link = tmp_path / "station"
    with reading(str(link), "s8") as reader:
        began = take_event(reader, GapBegan)
        assert isinstance(began, GapBegan)
        assert began.code == "port-missing"
        with served("s8", link=link):
            take_event(reader, GapEnded)


def test_commands_go_over_the_readers_own_thread() -> None:
    probe = Gmp252(still_air(), warm_up_s=0)
    with served(probe) as station, reading(station.port, "gmp252") as reader:
        take_samples(reader)

        def set_pressure(conversation: Conversation) -> tuple[float, str]:
            host = ModbusHost(conversation, device_id=240)
            host.write_float(0x0208, 987.5)
            return host.read_float(0x0208), threading.current_thread().name

        value, thread = reader.execute(set_pressure)
        assert value == 987.5
        assert thread == f"reader {station.port}"
        take_samples(reader, 2)
        reader.stop()
        with pytest.raises(ReaderStopped):
            reader.execute(set_pressure)


def test_what_a_command_raises_is_raised_where_it_was_asked_and_reading_goes_on() -> None:
    def fail(_conversation: Conversation) -> None:
        raise ValueError("no such gas")

    with served("s8") as station, reading(station.port, "s8") as reader:
        take_samples(reader)
        with pytest.raises(ValueError, match="no such gas"):
            reader.execute(fail)
        take_samples(reader, 2)


def test_a_command_while_the_cable_is_pulled_fails_at_once(tmp_path: Path) -> None:
    link = tmp_path / "station"
    with served("s8", link=link) as station, reading(str(link), "s8") as reader:
        take_samples(reader)
        station.unplug()
        take_event(reader, GapBegan)
        began = time.monotonic()
        with pytest.raises(HardwareError) as told:
            reader.execute(lambda conversation: conversation.receive(0.1))
        assert told.value.code in ("port-missing", "port-lost")
        assert time.monotonic() - began < 2.0


def test_the_console_shows_every_byte_beside_its_frame() -> None:
    probe = Gmp252(still_air(), warm_up_s=0)
    probe.core.fixed_co2 = 465.6599731445
    seen: list[ConsoleLine] = []
    with served(probe) as station, reading(station.port, "gmp252") as reader:
        end = reader.console.follow(seen.append)
        take_samples(reader, 2)
        end()
        lines = reader.console.lines()
    sent = [line for line in lines if line.is_sent]
    assert sent[0].hex == "F0 03 08 00 00 02 D3 4A"
    decoded = [line for line in lines if line.frames and line.frames[0].readings]
    assert decoded[0].hex.startswith("F0 03 0C D4 7A 43 E8")
    assert decoded[0].decoded.startswith("co2 465.65997 ppm, ")
    assert set(decoded[0].text) - {"."}
    assert seen
    assert all(line in lines for line in seen)


class _MovedClock:
    """A wall clock that somebody moves."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved


def test_a_moved_clock_is_noticed_and_a_gap_keeps_its_true_length(tmp_path: Path) -> None:
    clock, link = _MovedClock(), tmp_path / "station"
    with served("s8", link=link) as station:
        with reading(str(link), "s8", clocks=Clocks(wall=clock)) as reader:
            take_samples(reader)
            clock.moved = timedelta(hours=-1)
            jump = take_event(reader, ClockJumped)
            assert isinstance(jump, ClockJumped)
            assert jump.seconds == pytest.approx(-3600, abs=1)
            take_samples(reader)
            station.unplug()
            take_event(reader, GapBegan)
            clock.moved = timedelta(hours=1)
            time.sleep(0.1)
            station.plug_in()
            ended = take_event(reader, GapEnded)
    assert isinstance(ended, GapEnded)
    assert ended.seconds < 5
    assert (ended.at - ended.began).total_seconds() > 7000


def test_unplugging_in_the_middle_of_an_answer_is_no_crash(tmp_path: Path) -> None:
    link = tmp_path / "station"
    with served("gmp252", link=link, fault=Fault.SPLIT) as station:
        with reading(str(link), _plan("gmp252", 0.01)) as reader:
            take_samples(reader)
            for _ in range(4):
                station.unplug()
                take_event(reader, GapBegan)
                station.plug_in()
                take_event(reader, GapEnded)
            assert reader.is_running


def test_a_fault_of_our_own_is_logged_and_reading_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults = [ZeroDivisionError("a follower's own"), None]

    def follow(_line: ConsoleLine) -> None:
        if faults and (fault := faults.pop(0)):
            raise fault

    with served("s8") as station, reading(station.port, "s8") as reader:
        take_samples(reader)
        reader.console.follow(follow)
        began = take_event(reader, GapBegan)
        assert isinstance(began, GapBegan)
        assert began.code == "hardware"
        take_event(reader, GapEnded)
    assert "a fault of its own" in caplog.text


def test_errors_of_one_kind_are_said_once(tmp_path: Path) -> None:
    with reading(str(tmp_path / "nowhere"), "s8") as reader:
        time.sleep(0.4)
        events = reader.events.take(0)
    assert [type(event) for event in events] == [GapBegan]
    assert not any(isinstance(event, Problem) for event in events)


def test_the_server_says_when_a_port_can_not_be_made(tmp_path: Path) -> None:
    server = StationServer(make("s8"), link=tmp_path / "no folder" / "link")
    with pytest.raises(HardwareError, match="No port could be made"):
        server.start()
    assert not server.is_plugged_in


def test_a_command_that_asks_a_silent_device_says_so() -> None:
    with served("s8", fault=Fault.SILENCE) as station, reading(station.port, "s8") as reader:

        def read(conversation: Conversation) -> list[int]:
            return ModbusHost(conversation, device_id=0xFE, timeout_s=0.1).read_input(3, 1)

        with pytest.raises(NoAnswer, match="did not answer FE 04 00 03 00 01 D5 C5"):
            reader.execute(read)
        assert not isinstance(NoAnswer("x"), PortLost)
