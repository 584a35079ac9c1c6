"""Ports are listed, an adapter is known again by its USB identity, and plugging is noticed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.hardware.errors import PortMissing
from app.hardware.ports.listing import PortInfo, UsbIdentity, find_port, list_ports
from app.hardware.ports.watching import PortsChanged, PortWatcher, find_changes
from tests.fixtures.simulated_stations import served

_FTDI = UsbIdentity(0x0403, 0x6001, "A50285BI")
_CLONE = UsbIdentity(0x1A86, 0x7523)


def _port(path: str, usb: UsbIdentity | None = None, stable: str = "") -> PortInfo:
    return PortInfo(path, usb=usb, stable_path=stable)


@pytest.mark.parametrize(
    ("port", "identity"),
    [
        (_port("/dev/ttyUSB0", _FTDI), "usb:0403:6001:A50285BI"),
        (_port("/dev/ttyUSB0", _CLONE), "usb:1a86:7523:"),
        (_port("/dev/ttyUSB0", _CLONE, "/dev/serial/by-id/usb-1a86"), "/dev/serial/by-id/usb-1a86"),
        (_port("/dev/ttyS0"), "/dev/ttyS0"),
    ],
)
def test_what_is_remembered_of_a_port(port: PortInfo, identity: str) -> None:
    assert port.identity == identity


@pytest.mark.parametrize("identity", [_FTDI, _CLONE, UsbIdentity(1, 2, "with:colon")])
def test_an_identity_reads_back(identity: UsbIdentity) -> None:
    assert UsbIdentity.parse(str(identity)) == identity


@pytest.mark.parametrize("text", ["", "/dev/ttyUSB0", "usb:0403:6001", "usb:xyz:6001:A", "COM3"])
def test_a_path_is_no_identity(text: str) -> None:
    assert UsbIdentity.parse(text) is None


def test_the_adapter_is_found_in_another_socket() -> None:
    before, after = [_port("/dev/ttyUSB0", _FTDI)], [_port("/dev/ttyUSB3", _FTDI)]
    assert find_port(str(_FTDI), lambda: before) == "/dev/ttyUSB0"
    assert find_port(str(_FTDI), lambda: after) == "/dev/ttyUSB3"


def test_an_adapter_that_is_nowhere_or_twice_is_said() -> None:
    with pytest.raises(PortMissing, match="not plugged in"):
        find_port(str(_FTDI), list)
    twins = [_port("/dev/ttyUSB0", _CLONE), _port("/dev/ttyUSB1", _CLONE)]
    with pytest.raises(PortMissing, match="more than once: /dev/ttyUSB0, /dev/ttyUSB1"):
        find_port(str(_CLONE), lambda: twins)


def test_a_path_given_by_hand_needs_no_list(tmp_path: Path) -> None:
    with served("s8") as station:
        assert station.port not in [port.path for port in list_ports()]
        assert find_port(station.port, list) == station.port
    with pytest.raises(PortMissing):
        find_port(str(tmp_path / "gone"), list)


def test_changes_between_two_lists() -> None:
    one, other = _port("/dev/ttyUSB0", _FTDI), _port("/dev/ttyUSB1", _CLONE)
    assert find_changes([one], [one]) is None
    assert find_changes([one], [other]) == PortsChanged(plugged=(other,), pulled=(one,))


def test_the_watcher_tells_of_plugging_and_pulling_and_survives_a_failing_list() -> None:
    port = _port("/dev/ttyUSB0", _FTDI)
    looks: list[list[PortInfo] | OSError] = [[], [port], OSError(5, "gone while listed"), []]
    told: list[PortsChanged] = []
    done = threading.Event()

    def lister() -> list[PortInfo]:
        look = looks.pop(0) if looks else []
        if isinstance(look, OSError):
            raise look
        return look

    def tell(changes: PortsChanged) -> None:
        told.append(changes)
        if len(told) == 2:
            done.set()

    watcher = PortWatcher(tell, lister=lister, interval_s=0.01)
    watcher.start()
    assert done.wait(5)
    watcher.stop()
    assert told == [PortsChanged((port,), ()), PortsChanged((), (port,))]
