"""`teak simulate-station` as a process: its first line, its end by signal, its faults and gases."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import minimalmodbus
import pytest
from serial import Serial

from tests.commands.conftest import TEAK, run_teak


@contextmanager
def _started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [TEAK, "simulate-station", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["port"]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _co2(port: str) -> float:
    host = minimalmodbus.Instrument(port, 240)
    host.serial.timeout = 0.3
    try:
        return float(host.read_float(0, byteorder=minimalmodbus.BYTEORDER_LITTLE_SWAP))
    finally:
        host.serial.close()


def _is_lost(host: Serial) -> bool:
    try:
        host.read(64)
    except OSError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    with _started("gmp252", "--warm-up", "0") as (process, port):
        assert Path(port).is_char_device()
        assert 350 < _co2(port) < 550
        process.send_signal(number)
        assert process.wait(5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert not Path(port).exists()


def test_a_gas_is_applied_from_the_start_and_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "gas"
    with _started("gmp252", "--warm-up", "0", "--gas", "400", "--gas-file", str(file)) as (_, port):
        time.sleep(0.2)
        before = _co2(port)
        file.write_text("co2=2000")
        time.sleep(1.2)
        assert _co2(port) > before + 100


def test_it_ends_after_its_duration() -> None:
    began = time.monotonic()
    ran = run_teak("simulate-station", "nmea", "--duration", "0.3")
    assert ran.status == 0
    assert [set(line) for line in ran.lines] == [{"port"}]
    assert time.monotonic() - began < 5


def test_the_unplugged_port_goes_and_returns_under_its_name() -> None:
    with _started("pms5003", "--fault", "unplug", "--fault-after", "1") as (_, port):
        with Serial(port, 9600, timeout=0.2) as host:
            began = time.monotonic()
            while not _is_lost(host):
                assert time.monotonic() - began < 8, "the port did not go"
        while not Path(port).exists():
            assert time.monotonic() - began < 14, "the port did not come back"
            time.sleep(0.05)
        Serial(port, 9600).close()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["gmp999"], "unknown-model"),
        (["gmp252", "--fault", "fire"], "usage"),
        (["gmp252", "--duration", "-1"], "usage"),
        (["gmp252", "--fault-after", "nan"], "usage"),
        (["gmp252", "--gas", "o3=5"], "usage"),
        (["gmp252", "--gas", "much"], "usage"),
        (["gmp252", "--link", "/no/such/folder/link"], "port-refused"),
        ([], "usage"),
    ],
)
def test_what_it_cannot_do_it_says(arguments: list[str], code: str) -> None:
    ran = run_teak("simulate-station", *arguments, "--json")
    assert ran.status == 2
    assert ran.json["error"]["code"] == code
    assert ran.json["error"]["message"]
