"""Ports are opened for one program alone, and every failure has one name and says what to do."""

from __future__ import annotations

import errno
import fcntl
import os
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from serial import SerialException, SerialTimeoutException

from app.hardware.errors import HardwareError, PortBusy, PortLost, PortMissing, PortRefused
from app.hardware.ports.failures import opening_failure, translated_use
from app.hardware.ports.opening import LineSettings, SerialLine, open_line
from tests.fixtures.simulated_stations import make, served

_9600 = LineSettings()


def test_two_programs_on_one_port_the_second_is_told_who_holds_it() -> None:
    with (
        served("s8") as station,
        open_line(station.port, _9600),
        pytest.raises(PortBusy) as told,
    ):
        open_line(station.port, _9600)
    assert station.port in told.value.message
    assert f"process {os.getpid()}" in told.value.message
    assert "Close it there" in told.value.hint


def test_a_program_that_locks_the_port_itself_is_noticed() -> None:
    with served("s8") as station, Path(station.port).open("rb+", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(PortBusy):
            open_line(station.port, _9600)


def test_a_port_can_be_opened_again_once_it_was_let_go() -> None:
    with served("s8") as station:
        for _ in range(3):
            open_line(station.port, _9600).close()


def test_no_port_of_this_name(tmp_path: Path) -> None:
    with pytest.raises(PortMissing, match="There is no port"):
        open_line(str(tmp_path / "ttyUSB7"), _9600)


def test_a_file_is_no_serial_port(tmp_path: Path) -> None:
    plain = tmp_path / "notes.txt"
    plain.write_text("no port")
    with pytest.raises(PortRefused, match="cannot be opened as a serial port"):
        open_line(str(plain), _9600)


def test_a_line_setting_no_port_has_is_refused() -> None:
    with served("s8") as station, pytest.raises(PortRefused):
        open_line(station.port, LineSettings(baud=-1))


_CALLS: dict[str, Callable[[SerialLine], object]] = {
    "read": lambda line: line.read(0.05),
    "write": lambda line: line.write(b"\xfe"),
    "discard": lambda line: line.discard_input(),
}


@pytest.mark.parametrize("call", _CALLS)
def test_every_call_on_a_pulled_port_says_it_was_lost(call: str) -> None:
    with served("s8") as station:
        line = open_line(station.port, _9600)
        station.unplug()
        with pytest.raises(PortLost, match="was lost while it was open"):
            _CALLS[call](line)
        line.close()
        line.close()


@pytest.mark.parametrize(
    "error",
    [
        SerialException("device reports readiness to read but returned no data"),
        OSError(errno.EIO, "Input/output error"),
        termios.error(5, "Input/output error"),
    ],
    ids=["serial", "system", "terminal"],
)
def test_the_three_errors_of_a_pulled_cable_are_one(error: Exception) -> None:
    with pytest.raises(PortLost) as told, translated_use("/dev/ttyUSB0"):
        raise error
    assert told.value.code == "port-lost"
    assert "/dev/ttyUSB0" in told.value.message
    assert "error((" not in told.value.message


def test_a_line_that_takes_nothing_more_is_no_lost_port() -> None:
    with pytest.raises(PortRefused, match="takes no more bytes"), translated_use("/dev/ttyUSB0"):
        raise SerialTimeoutException("Write timeout")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SerialException(errno.ENOENT, "could not open port"), PortMissing),
        (SerialException(errno.EACCES, "could not open port"), PortRefused),
        (SerialException(errno.EBUSY, "could not open port"), PortBusy),
        (SerialException("Could not exclusively lock port x: [Errno 11]"), PortBusy),
        (
            SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.')"),
            PortRefused,
        ),
        (SerialException("could not open port 'COM9': FileNotFoundError(2)"), PortRefused),
        (ValueError("Not a valid baudrate"), PortRefused),
    ],
)
def test_why_a_port_does_not_open(error: Exception, expected: type[HardwareError]) -> None:
    failure = opening_failure("/dev/ttyUSB0", error)
    assert type(failure) is expected
    assert failure.hint
    assert "/dev/ttyUSB0" in failure.message


def test_bytes_pass_both_ways_unchanged() -> None:
    device = make("pms5003")
    with served(device) as station, open_line(station.port, _9600) as line:
        line.write(bytes.fromhex("42 4D E1 00 00 01 70"))
        answer = line.read(1.0)
        while len(answer) < 8:
            answer += line.read(1.0)
    assert answer == bytes.fromhex("42 4D 00 04 E1 00 01 74")
