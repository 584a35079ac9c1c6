"""Several devices on one bus over real pseudo-terminals: one port, opened once, read in turn."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.hardware.channels import Channel
from app.hardware.errors import LineSettingsDiffer, PortBusy, PortLost, ReaderStopped
from app.hardware.ports.opening import LineSettings, open_line
from app.hardware.readers.events import GapBegan, GapEnded, Sample
from app.hardware.readers.polling import StationPlan
from app.hardware.readers.reader import StationReader
from app.hardware.readers.shared_port import SharedPorts
from app.hardware.simulators.bus import Bus
from app.hardware.simulators.device import Device
from app.hardware.simulators.sdi12 import Sdi12
from tests.fixtures.simulated_stations import (
    QUICK,
    make_probe,
    reading,
    served,
    still_air,
    take_event,
    take_samples,
    wait_until,
)

_WITHIN_S = 30.0
_CO2 = {1: 600.0, 2: 1500.0, 3: 2500.0}


def probe(address: int) -> Device:
    return make_probe(address, co2=_CO2[address])


def weather(address: str) -> Device:
    return Sdi12(still_air(int(address) + 1), address=address, measuring_s=0)


@contextmanager
def all_reading(port: str, plans: list[StationPlan]) -> Iterator[list[StationReader]]:
    """Read every plan at one port, as a desk does."""
    ports = SharedPorts()
    patience = replace(QUICK, silence_s=3.0, rest_s=2.0)
    with ExitStack() as stack:
        yield [
            stack.enter_context(reading(port, plan, opener=ports.open, patience=patience))
            for plan in plans
        ]


def plans_at(*addresses: int) -> list[StationPlan]:
    return [StationPlan("gmp252", interval_s=0.05, address=str(each)) for each in addresses]


def co2_of(samples: list[Sample]) -> list[float]:
    return [
        float(item.value)
        for sample in samples
        for item in sample.frame.readings
        if item.channel is Channel.CO2 and item.value is not None
    ]


def test_two_modbus_addresses_are_read_at_one_port_each_with_its_own_values_and_counts() -> None:
    with (
        served(Bus([probe(1), probe(2)])) as server,
        all_reading(server.port, plans_at(1, 2)) as readers,
    ):
        for address, reader in zip((1, 2), readers, strict=True):
            values = co2_of(take_samples(reader, 12, within_s=_WITHIN_S))
            assert values == pytest.approx([_CO2[address]] * len(values), rel=0.1)
        for address, reader in zip((1, 2), readers, strict=True):
            counted = reader.counters()
            assert (counted.openings, counted.gaps) == (1, 0)
            assert counted.bytes_in >= 12 * 17
            asked = {line.data[0] for line in reader.console.lines() if line.is_sent}
            assert asked == {address}, "each console shows its own bytes"


def test_two_sdi12_addresses_are_read_at_one_port() -> None:
    channels = (Channel.TEMPERATURE, Channel.HUMIDITY, Channel.PRESSURE)
    plans = [StationPlan("sdi12", 0.05, address, channels) for address in "01"]
    with (
        served(Bus([weather("0"), weather("1")])) as server,
        all_reading(server.port, plans) as readers,
    ):
        for address, reader in zip("01", readers, strict=True):
            samples = take_samples(reader, 5, within_s=_WITHIN_S)
            assert {sample.frame.details["address"] for sample in samples} == {address}


def test_a_silent_device_starves_nobody_and_its_return_is_seen() -> None:
    bus = Bus([probe(1), probe(2), probe(3)])
    bus.silent = {1, 2}
    with served(bus) as server, all_reading(server.port, plans_at(1, 2, 3)) as readers:
        good, silent, other = readers
        for reader in (silent, other):
            take_event(reader, GapBegan, within_s=_WITHIN_S)
        unanswered = silent.counters().unanswered
        began_s = time.monotonic()
        take_samples(good, 30, within_s=_WITHIN_S)
        # A turn is two questions of half a second, and between two turns it rests.
        turns = (time.monotonic() - began_s) / 2.0 + 2
        assert silent.counters().unanswered - unanswered <= 2 * turns
        assert good.counters().gaps == 0
        bus.silent = set()
        for reader in (silent, other):
            take_event(reader, GapEnded, within_s=_WITHIN_S)


def test_a_pulled_cable_marks_the_gap_of_all_and_all_come_back(tmp_path: Path) -> None:
    with (
        served(Bus([probe(1), probe(2)]), link=tmp_path / "port") as server,
        all_reading(server.port, plans_at(1, 2)) as readers,
    ):
        for reader in readers:
            take_samples(reader, within_s=_WITHIN_S)
        server.unplug()
        for reader in readers:
            began = take_event(reader, GapBegan, within_s=_WITHIN_S)
            assert isinstance(began, GapBegan)
            assert began.code in ("port-lost", "port-missing")
        server.plug_in()
        for reader in readers:
            take_event(reader, GapEnded, within_s=_WITHIN_S)
            take_samples(reader, 3, within_s=_WITHIN_S)
            assert reader.counters().gaps == 1


def test_the_last_one_to_stop_frees_the_port() -> None:
    ports = SharedPorts()
    with served(Bus([probe(1), probe(2)])) as server:
        one, other = (
            StationReader(server.port, plan, opener=ports.open) for plan in plans_at(1, 2)
        )
        one.start()
        other.start()
        take_samples(one, within_s=_WITHIN_S)
        take_samples(other, within_s=_WITHIN_S)
        one.stop()
        with pytest.raises(PortBusy):
            open_line(server.port, LineSettings())
        take_samples(other, 5, within_s=_WITHIN_S)
        other.stop()
        open_line(server.port, LineSettings()).close()


def test_a_command_has_the_bus_alone() -> None:
    with (
        served(Bus([probe(1), probe(2)])) as server,
        all_reading(server.port, plans_at(1, 2)) as readers,
    ):
        take_samples(readers[1], within_s=_WITHIN_S)
        release, began = threading.Event(), threading.Event()

        def hold(_conversation: object) -> str:
            began.set()
            assert release.wait(_WITHIN_S)
            return threading.current_thread().name

        told: list[str] = []
        asking = threading.Thread(target=lambda: told.append(readers[0].execute(hold)))
        asking.start()
        assert began.wait(_WITHIN_S)
        sent = readers[1].counters().bytes_out
        asking.join(0.3)
        assert asking.is_alive()
        assert readers[1].counters().bytes_out == sent, "nobody speaks meanwhile"
        release.set()
        asking.join()
        assert told[0].startswith("port "), "the port's own thread carries it out"
        take_samples(readers[1], 3, within_s=_WITHIN_S)


def test_a_port_is_open_with_one_setting_and_two_names_are_one_port(tmp_path: Path) -> None:
    ports = SharedPorts()
    with served(Bus([probe(1)]), link=tmp_path / "by-id") as server:
        share = ports.open(server.port, LineSettings(19200, stop_bits=2))
        with pytest.raises(LineSettingsDiffer, match=r"19200 8N2.*9600 8N1"):
            ports.open(server.port, LineSettings())
        again = ports.open(os.path.realpath(server.port), LineSettings(19200, stop_bits=2))
        assert again.in_turn(again.discard_input, stop=threading.Event()) == b""
        third = ports.open(server.port, LineSettings(19200, stop_bits=2))
        for each in (again, again, third):
            each.close()
        assert share.in_turn(share.discard_input, stop=threading.Event()) == b"", "given back once"
        share.close()


def test_whoever_comes_after_a_loss_is_told_of_it_and_may_open_anew() -> None:
    ports, never = SharedPorts(), threading.Event()
    with served(Bus([probe(1)])) as server:
        one, other = (ports.open(server.port, LineSettings()) for _ in range(2))

        def lose() -> None:
            raise PortLost("pulled", hint="Look at the cable.")

        for share in (one, other):
            with pytest.raises(PortLost, match="pulled"):
                share.in_turn(lose if share is one else lambda: None, stop=never)
        fresh = ports.open(server.port, LineSettings())
        for share in (one, other):
            share.close()
        assert fresh.in_turn(fresh.discard_input, stop=never) == b""
        fresh.close()


def test_who_is_stopped_waits_for_no_turn() -> None:
    ports, stop, release = SharedPorts(), threading.Event(), threading.Event()
    with served(Bus([probe(1)])) as server:
        one, other = (ports.open(server.port, LineSettings()) for _ in range(2))
        holding = threading.Thread(
            target=lambda: one.in_turn(lambda: release.wait(_WITHIN_S), stop=threading.Event())
        )
        holding.start()
        stop.set()
        with pytest.raises(ReaderStopped):
            other.in_turn(lambda: None, stop=stop)
        other.close()
        release.set()
        holding.join()
        one.close()
        wait_until(lambda: not holding.is_alive())
