"""Simulated devices send what the documents print, byte for byte; no decoder of ours judges."""

from __future__ import annotations

import pytest

from app.hardware.channels import Channel
from app.hardware.simulators.gmp252 import Gmp252
from app.hardware.simulators.mhz19b import MhZ19b
from app.hardware.simulators.plantower import Plantower, make_frame
from app.hardware.simulators.s8 import S8
from app.hardware.simulators.sdi12 import Sdi12, sdi12_crc
from app.hardware.simulators.sps30 import Sps30, stuff
from app.hardware.simulators.thermo import Thermo
from app.hardware.simulators.weather import WindSonic, Wxt5xx, xor_checksum
from tests.fixtures.simulated_stations import make, still_air


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _gmp252(co2: float) -> Gmp252:
    probe = Gmp252(still_air(), warm_up_s=0)
    probe.core.fixed_co2 = co2
    return probe


def test_the_frame_of_vaisalas_own_manual() -> None:
    answer = _gmp252(465.6599731445).receive(_hex("F0 03 00 00 00 02 D1 2A"), 100.0)
    assert answer == [_hex("F0 03 04 D4 7A 43 E8 33 AB")]


def test_a_probe_takes_the_compensation_pressure_and_gives_it_back() -> None:
    probe = _gmp252(400.0)
    assert probe.receive(_hex("F0 10 02 08 00 02 04 00 00 44 7A 5E 75"), 1.0)
    assert probe.receive(_hex("F0 03 02 08 00 02 50 B4")[:6] + _crc("F0 03 02 08 00 02"), 1.1) == [
        _hex("F0 03 04 00 00 44 7A") + _crc("F0 03 04 00 00 44 7A")
    ]
    assert probe.eeprom_writes == 0


def _crc(text: str) -> bytes:
    # Another way to the same CRC than the simulator's: the table-free form over bits, MSB first.
    crc = 0xFFFF
    for byte in _hex(text):
        crc ^= byte
        for _ in range(8):
            carry = crc & 1
            crc >>= 1
            if carry:
                crc ^= 0xA001
    return bytes([crc & 0xFF, crc >> 8])


@pytest.mark.parametrize(
    ("co2", "request_hex", "answer_hex"),
    [
        (400, "FE 04 00 00 00 04 E5 C6", "FE 04 08 00 00 00 00 01 90 01 90 17 37"),
        (904, "FE 04 00 03 00 01 D5 C5", "FE 04 02 03 88 AD B2"),
    ],
)
def test_the_s8_answers_as_its_guide_prints(co2: int, request_hex: str, answer_hex: str) -> None:
    sensor = S8(still_air(), warm_up_s=0)
    sensor.fixed_co2 = sensor.output_status = co2
    assert sensor.receive(_hex(request_hex), 100.0) == [_hex(answer_hex)]


def test_the_s8_calibrates_in_the_documented_steps() -> None:
    sensor = S8(still_air(), warm_up_s=0)
    air = sensor.sensors[Channel.CO2].surroundings
    air.apply(Channel.CO2, 400.0, 0.0)
    read = _hex("FE 04 00 03 00 01 D5 C5")
    before = int.from_bytes(sensor.receive(read, 10.0)[0][3:5], "big")
    assert abs(before - 418) <= 3  # 9 + 1.022 × 400: its true error
    clear, background = _hex("FE 06 00 00 00 00 9D C5"), _hex("FE 06 00 01 7C 06 6C C7")
    acknowledgement = _hex("FE 03 00 00 00 01 90 05")
    assert sensor.receive(clear, 10.1) == [clear]
    assert sensor.receive(background, 10.2) == [background]
    assert sensor.receive(acknowledgement, 10.3) == [_hex("FE 03 02 00 00 AC 50")]
    assert sensor.receive(acknowledgement, 12.5) == [_hex("FE 03 02 00 20 AD 88")]
    after = int.from_bytes(sensor.receive(read, 20.0)[0][3:5], "big")
    assert abs(after - 400) <= 3


@pytest.mark.parametrize(
    ("co2", "warm", "answer"),
    [
        (544, False, "FF 86 02 20 00 00 00 00 58"),
        (636, True, "FF 86 02 7C 42 00 00 00 BA"),
    ],
)
def test_the_mhz19b_answers_as_datasheet_and_capture(co2: int, warm: bool, answer: str) -> None:
    sensor = MhZ19b(still_air(), warm_up_s=0)
    sensor.fixed_co2, sensor.shows_temperature = co2, warm
    thermometer = sensor.sensors[Channel.TEMPERATURE]
    thermometer.offset = thermometer.noise = 0.0
    thermometer.surroundings.apply(Channel.TEMPERATURE, 26.0, 0.0)
    assert sensor.receive(_hex("FF 01 86 00 00 00 00 00 79"), 1.0) == [_hex(answer)]


def test_the_mhz19b_calibrates_zero_and_span_and_warms_up() -> None:
    sensor = MhZ19b(still_air(), warm_up_s=180.0)
    read = _hex("FF 01 86 00 00 00 00 00 79")

    def shown(now_s: float) -> int:
        return int.from_bytes(sensor.receive(read, now_s)[0][2:4], "big")

    assert shown(20.0) == 410
    air = sensor.sensors[Channel.CO2].surroundings
    air.apply(Channel.CO2, 400.0, 200.0)
    assert sensor.receive(_hex("FF 01 87 00 00 00 00 00 78"), 201.0) == []
    assert abs(shown(202.0) - 400) <= 3
    air.apply(Channel.CO2, 2000.0, 300.0)
    assert sensor.receive(_hex("FF 01 88 07 D0 00 00 00 A0"), 301.0) == []
    assert abs(shown(302.0) - 2000) <= 3


def test_the_plantower_frame_of_a_capture() -> None:
    capture = _hex(
        "42 4d 00 1c 00 00 00 08 00 08 00 00 00 08 00 08 00 d2 00 46 00 2d 00 1e 00 00 00 00 97 00"
        "02 c5"
    )
    assert make_frame(capture[4:-2]) == capture
    sensor = Plantower(still_air(), "pms5003", warm_up_s=0)
    sensor.fixed_fields = capture[4:-2]
    assert sensor.emit(1.0) == [capture]


def test_the_modes_of_a_plantower() -> None:
    sensor = make("pms5003")
    passive, read = _hex("42 4D E1 00 00 01 70"), _hex("42 4D E2 00 00 01 71")
    sleep, wake = _hex("42 4D E4 00 00 01 73"), _hex("42 4D E4 00 01 01 74")
    assert len(sensor.emit(1.0)) == 1
    assert sensor.receive(read, 1.1) == []
    assert sensor.receive(passive, 1.2) == [_hex("42 4D 00 04 E1 00 01 74")]
    assert sensor.emit(9.0) == []
    assert len(sensor.receive(read, 9.1)[0]) == 32
    assert sensor.receive(sleep, 9.2) == [_hex("42 4D 00 04 E4 00 01 77")]
    assert sensor.receive(read, 9.3) == []
    assert sensor.receive(wake, 9.4) == []
    assert sensor.emit(20.0) == [], "it is passive still"
    assert len(sensor.receive(read, 20.1)[0]) == 32
    assert sensor.receive(_hex("42 4D E1 00 01 01 71"), 20.2) == [_hex("42 4D 00 04 E1 01 01 75")]
    assert len(sensor.emit(21.3)) == 1


@pytest.mark.parametrize(
    ("request_hex", "answer_hex"),
    [
        ("7E 00 03 00 FC 7E", "7E 00 03 43 00 B9 7E"),  # not measuring
        ("7E 00 00 02 01 03 F9 7E", "7E 00 00 00 00 FF 7E"),
        ("7E 00 80 01 00 7D 5E 7E", "7E 00 80 00 04 00 09 3A 80 B8 7E"),  # 604 800 s
        ("7E 00 55 00 AA 7E", "7E 00 55 02 00 A8 7E"),  # no such command
        ("7E 00 03 00 FD 7E", ""),  # wrong checksum
    ],
)
def test_the_sps30_answers(request_hex: str, answer_hex: str) -> None:
    answers = Sps30(still_air()).receive(_hex(request_hex), 1.0)
    assert b"".join(answers) == _hex(answer_hex)


def test_a_second_start_is_not_allowed_in_this_state() -> None:
    sensor = Sps30(still_air())
    start = _hex("7E 00 00 02 01 03 F9 7E")
    sensor.receive(start, 1.0)
    assert sensor.receive(start, 1.1) == [_hex("7E 00 00 43 00 BC 7E")]
    assert sensor.receive(_hex("7E 00 03 00 FC 7E"), 1.2) == [_hex("7E 00 03 00 00 FC 7E")]


def test_bytes_that_may_not_stand_in_a_frame_are_stuffed() -> None:
    assert stuff(_hex("11 13 7D 7E 42")) == _hex("7E 7D 31 7D 33 7D 5D 7D 5E 42 7E")


@pytest.mark.parametrize(
    ("text", "crc"),
    [("0+3.14", "OqZ"), ("0r1", "Goe"), ("0r2", "Gje"), ("0r", "BVT"), ("0r0", "Kld")],
)
def test_the_crc_of_sdi12(text: str, crc: str) -> None:
    assert sdi12_crc(text) == crc


def test_sdi12_measures_tells_and_gives_its_data() -> None:
    sensor = Sdi12(still_air(), measuring_s=1)
    assert sensor.receive(b"?!", 0.0) == [b"0\r\n"]
    assert sensor.receive(b"0M!", 1.0) == [b"00013\r\n"]
    assert sensor.emit(1.5) == []
    assert sensor.emit(2.1) == [b"0\r\n"]
    (data,) = sensor.receive(b"0D0!", 2.2)
    assert data.startswith(b"0+")
    assert data.count(b"+") == 3
    assert sensor.receive(b"5M!", 3.0) == []
    assert sensor.receive(b"0A5!", 4.0) == [b"5\r\n"]
    assert sensor.receive(b"5!", 5.0) == [b"5\r\n"]


def test_a_wxt_wants_the_checksum_it_asks_for() -> None:
    station = Wxt5xx(still_air())
    assert station.receive(b"0R1\r\n", 1.0)[0].startswith(b"0R1,Dn=")
    assert station.receive(b"0r1Goe\r\n", 1.0)[0].startswith(b"0r1,Dn=")
    assert station.receive(b"0r1\r\n", 1.0) == [b"0tX,Use chksum GoeIU~\r\n"]


def test_the_checksums_of_nmea_and_windsonic() -> None:
    assert xor_checksum("WIMWV,332.0,T,05.33,N,A") == "22"
    assert xor_checksum("Q,229,002.74,M,00,") == "16"


def test_a_windsonic_speaks_when_polled() -> None:
    station = WindSonic(still_air())
    assert len(station.emit(1.0)) == 1
    station.receive(b"?", 1.1)
    assert station.emit(5.0) == []
    assert station.receive(b"Q", 5.1)[0].startswith(b"\x02Q,")


def test_an_analyser_is_calibrated_by_its_commands() -> None:
    analyser = Thermo(still_air(), "48", warm_up_s=0)
    air = analyser.sensors[Channel.CO].surroundings

    def answer(command: str, now_s: float) -> str:
        return analyser.receive(command.encode() + b"\r", now_s)[0].decode().strip()

    air.apply(Channel.CO, 0.0, 0.0)
    assert answer("co bkg", 1.0) == "co bkg 0.000 ppm"
    assert answer("set cal co bkg", 1.1) == "set cal co bkg ok"
    assert answer("co bkg", 1.2) == "co bkg 0.040 ppm"
    air.apply(Channel.CO, 8.0, 2.0)
    assert answer("set sp conc 8.0", 2.1) == "set sp conc 8.0 ok"
    assert answer("set cal co coef", 2.2) == "set cal co coef ok"
    assert answer("co coef", 2.3) == "co coef 0.971"
    assert abs(float(answer("co", 2.4).split()[1]) - 8.0) < 0.05
    assert answer("set co coef 3", 2.5) == "set co coef 3 too high"
    assert answer("set mode local", 2.6) == "set mode local ok"
    assert answer("set co bkg 1", 2.7) == "set co bkg 1 can't, wrong settings"


def test_an_analyser_of_another_number_keeps_silent() -> None:
    analyser = Thermo(still_air(), "48", instrument_id=48)
    assert analyser.receive(b"co\r", 1.0) == []
    assert analyser.receive(b"\x99co\r", 1.0) == []
    assert analyser.receive(b"\xb0co\r", 1.0)[0].startswith(b"co ")


def test_a_reply_with_its_sum() -> None:
    analyser = Thermo(still_air(), "48")
    analyser.receive(b"set format 01\r", 1.0)
    (answer,) = analyser.receive(b"mode\r", 1.1)
    assert answer == b"mode remote\nsum %04x\r" % sum(b"mode remote")
