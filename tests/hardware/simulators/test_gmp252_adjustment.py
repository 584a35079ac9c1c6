"""The simulated probe warms up and is adjusted as documented, on a true error it starts with."""

from __future__ import annotations

import math
import struct

import pytest

from app.hardware.channels import Channel
from app.hardware.simulators.gmp252 import AdjustmentRefused, Gmp252
from app.hardware.simulators.gmp252_ascii import Gmp252Ascii, render_form
from tests.fixtures.simulated_stations import still_air


def _ask(probe: Gmp252Ascii, text: str, now_s: float) -> str:
    return b"".join(probe.receive(text.encode() + b"\r", now_s)).decode().strip()


def _probe() -> Gmp252Ascii:
    probe = Gmp252Ascii(still_air(), warm_up_s=0)
    _ask(probe, "s", 0.0)
    return probe


def _apply(probe: Gmp252Ascii, ppm: float, now_s: float) -> None:
    probe.sensors[Channel.CO2].surroundings.apply(Channel.CO2, ppm, now_s)


def test_the_probe_warms_up() -> None:
    probe = Gmp252(still_air(), warm_up_s=12.0)
    status = bytes.fromhex("F0 03 08 00 00 02 D3 4A")
    co2 = bytes.fromhex("F0 03 00 00 00 02 D1 2A")

    def read(now_s: float) -> tuple[int, float]:
        told = int.from_bytes(probe.receive(status, now_s)[0][5:7], "big")
        words = probe.receive(co2, now_s + 0.1)[0][3:7]
        (value,) = struct.unpack(">f", words[2:] + words[:2])
        return told, value

    assert read(1.0)[0] == 256
    assert math.isnan(read(2.0)[1])
    assert read(20.0)[0] == 2
    assert read(40.0)[0] == 0
    assert 400 < read(41.0)[1] < 520


def test_one_point_shifts_and_two_points_stretch() -> None:
    probe = _probe()
    _ask(probe, "pass 1300", 0.0)
    _apply(probe, 500.0, 1.0)
    assert abs(probe.core.co2(2.0) - 520.0) < 3.0  # 9 + 1.022 × 500
    assert _ask(probe, "cco2 -lo 500", 2.0).startswith("OK")
    assert abs(probe.core.co2(3.0) - 520.0) < 3.0, "nothing counts until it is saved"
    assert _ask(probe, "cco2 -save", 3.0) == "OK Offset: 20.00 Gain: 1.00000"
    assert abs(probe.core.co2(4.0) - 500.0) < 3.0
    _apply(probe, 2000.0, 5.0)
    assert abs(probe.core.co2(6.0) - 2033.0) < 3.0
    _ask(probe, "cco2 -lo 2000", 6.0)
    _apply(probe, 400.0, 7.0)
    assert _ask(probe, "cco2 -hi 400", 8.0).startswith("OK")
    assert _ask(probe, "cco2 -save", 8.0) == "OK Offset: 9.00 Gain: 1.02200"
    for ppm, now_s in ((400.0, 9.0), (1200.0, 10.0), (2000.0, 11.0)):
        _apply(probe, ppm, now_s)
        assert abs(probe.core.co2(now_s) - ppm) < 3.0
    _ask(probe, "cco2 -reset", 12.0)
    assert abs(probe.core.co2(12.0) - 2053.0) < 3.0


@pytest.mark.parametrize(
    ("commands", "answer"),
    [
        (["cco2 -save"], "ERROR 2: Sequence error"),
        (["cco2 -hi 500"], "ERROR 2: Sequence error"),
        (["cco2 -lo 2300"], "ERROR 3: Difference too large"),
        (["cco2 -lo 500", "cco2 -hi 520"], "ERROR 4: Points too close"),
        (["cco2 -lo -5"], "ERROR 5: Reference invalid"),
        (["cco2 -lo much"], "ERROR 5: Reference invalid"),
        (["cco2 -all 5"], "ERROR 1: Function not supported"),
    ],
)
def test_the_probe_refuses_a_wrong_adjustment(commands: list[str], answer: str) -> None:
    probe = _probe()
    _ask(probe, "pass 1300", 0.0)
    _apply(probe, 500.0, 1.0)
    replies = [_ask(probe, command, 2.0) for command in commands]
    assert replies[-1] == answer
    assert probe.sensors[Channel.CO2].correction_offset == 0.0


def test_the_largest_adjustment_is_the_documented_one() -> None:
    probe = _probe()
    _apply(probe, (5000.0 - 9.0) / 1.022, 1.0)  # it sees 5000 ppm
    adjustment = probe.core.adjustment
    adjustment.start(points=1)
    with pytest.raises(AdjustmentRefused):
        adjustment.record(5000.0 + 2251.0, 2.0)
    adjustment.record(5000.0 + 2249.0, 2.0)


def test_adjusting_needs_the_advanced_commands() -> None:
    assert _ask(_probe(), "cco2 -lo 500", 1.0).startswith("Unknown command")


@pytest.mark.parametrize(
    ("ppm", "line"),
    [(3563.0, "CO2=  3563 ppm 9F"), (3562.0, "CO2=  3562 ppm 9E"), (3559.0, "CO2=  3559 ppm A4")],
)
def test_the_checksum_lines_of_the_manual(ppm: float, line: str) -> None:
    probe = _probe()
    probe.core.fixed_co2 = ppm
    made = render_form('6.0 "CO2=" CO2 " " U3 " " CS4 #r #n', probe.core, 240, 1.0)
    assert made == line.encode() + b"\r\n"


def test_the_answers_of_the_manual() -> None:
    probe = _probe()
    probe.core.fixed_co2 = 452.0
    assert _ask(probe, "send", 1.0) == "CO2=   452 ppm"
    assert _ask(probe, "SEND", 1.0) == "CO2=   452 ppm"
    assert _ask(probe, "form", 1.0) == '6.0 "CO2=" CO2 " " U3 #r #n'
    assert _ask(probe, "addr 5", 1.0) == "Address : 5"
    assert _ask(probe, "intv 5 s", 1.0) == "Output interval     : 5 S"
    assert _ask(probe, "close", 1.0) == "line closed"
    assert _ask(probe, "addr", 1.0) == ""
    assert _ask(probe, "open 5", 1.0) != ""
    assert _ask(probe, "addr", 1.0) == "Address : 5"


def test_the_probe_runs_at_its_interval_until_it_is_stopped() -> None:
    probe = Gmp252Ascii(still_air(), warm_up_s=0)
    assert [len(probe.emit(now_s)) for now_s in (0.5, 1.0, 1.5, 2.0)] == [0, 1, 0, 1]
    _ask(probe, "intv 5 s", 2.1)
    assert [len(probe.emit(now_s)) for now_s in (3.0, 7.2, 8.0, 12.2)] == [0, 1, 0, 1]
    _ask(probe, "s", 13.0)
    assert probe.emit(30.0) == []
