"""Plantower, SPS30, SDS011 and MH-Z19B: what they are told and what else they say.

The bytes are those of the makers' data sheets as PyPMS's documents quote them, with sums that hold.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.hardware.channels import Channel
from app.hardware.decoding import Flag, Frame
from app.hardware.protocols import make_decoder, mhz19b, plantower, sds011, sps30
from tests.fixtures.station_samples import captured


def decode(protocol: str, *parts: str) -> list[Frame]:
    decoder = make_decoder(protocol)
    return [frame for part in parts for frame in decoder.feed(bytes.fromhex(part))]


@pytest.mark.parametrize(
    ("request_bytes", "documented"),
    [
        (plantower.active_mode_request(), "42 4D E1 00 01 01 71"),
        (plantower.passive_mode_request(), "42 4D E1 00 00 01 70"),
        (plantower.read_request(), "42 4D E2 00 00 01 71"),
        (plantower.sleep_request(), "42 4D E4 00 00 01 73"),
        (plantower.wake_request(), "42 4D E4 00 01 01 74"),
        (sps30.start_request(), "7E 00 00 02 01 03 F9 7E"),
        (sps30.start_request(whole_numbers=True), "7E 00 00 02 01 05 F7 7E"),
        (sps30.stop_request(), "7E 00 01 00 FE 7E"),
        (sps30.read_request(), "7E 00 03 00 FC 7E"),
        (sps30.sleep_request(), "7E 00 10 00 EF 7E"),
        (sps30.wake_request(), "FF 7E 00 7D 31 00 EE 7E"),
        (sps30.clean_request(), "7E 00 56 00 A9 7E"),
        (sps30.cleaning_interval_request(), "7E 00 80 01 00 7D 5E 7E"),
        (sps30.type_request(), "7E 00 D0 01 00 2E 7E"),
        (sps30.serial_number_request(), "7E 00 D0 01 03 2B 7E"),
        (sps30.version_request(), "7E 00 D1 00 2E 7E"),
        (sps30.status_request(), "7E 00 D2 01 00 2C 7E"),
        (sps30.reset_request(), "7E 00 D3 00 2C 7E"),
        (mhz19b.read_request(), "FF 01 86 00 00 00 00 00 79"),
        (mhz19b.zero_calibration_request(), "FF 01 87 00 00 00 00 00 78"),
        (mhz19b.span_calibration_request(2000), "FF 01 88 07 D0 00 00 00 A0"),
        (mhz19b.baseline_correction_request(on=True), "FF 01 79 A0 00 00 00 00 E6"),
        (mhz19b.baseline_correction_request(on=False), "FF 01 79 00 00 00 00 00 86"),
        (mhz19b.range_request(2000), "FF 01 99 00 00 00 07 D0 8F"),
        # Nova, Control Protocol V1.3: report by query; sleep; work; query.
        (
            sds011.passive_mode_request(),
            "AA B4 02 01 01 00 00 00 00 00 00 00 00 00 00 FF FF 02 AB",
        ),
        (sds011.sleep_request(), "AA B4 06 01 00 00 00 00 00 00 00 00 00 00 00 FF FF 05 AB"),
        (sds011.wake_request(), "AA B4 06 01 01 00 00 00 00 00 00 00 00 00 00 FF FF 06 AB"),
        (sds011.read_request(), "AA B4 04 00 00 00 00 00 00 00 00 00 00 00 00 FF FF 02 AB"),
        (
            sds011.working_period_request(1),
            "AA B4 08 01 01 00 00 00 00 00 00 00 00 00 00 FF FF 08 AB",
        ),
    ],
)
def test_requests_are_the_documented_bytes(request_bytes: bytes, documented: str) -> None:
    assert request_bytes == bytes.fromhex(documented)


def test_the_data_sheets_reply_of_the_mhz19b() -> None:
    (frame,) = decode("mhz19b", "FF 86 02 20 00 00 00 00 58")
    assert [(reading.channel, reading.value) for reading in frame.readings] == [
        (Channel.CO2, Decimal(544))
    ]


def test_atmospheric_and_factory_values_are_told_apart() -> None:
    (frame,) = decode("pms5003", captured("PMSx003")[0].hex())
    read = {str(reading.channel): reading.value for reading in frame.readings}
    assert (read["pm1"], read["pm2_5"], read["pm10"]) == tuple(map(Decimal, (0, 8, 8)))
    assert (read["pm1_cf1"], read["pm2_5_cf1"], read["pm10_cf1"]) == tuple(map(Decimal, (0, 8, 8)))
    (three,) = decode("pms5003t", captured("PMS5003T")[0].hex())
    read = {str(reading.channel): reading.value for reading in three.readings}
    assert (read["pm2_5"], read["pm2_5_cf1"], read["temperature"]) == tuple(
        map(Decimal, ("35", "39", "21.2"))
    )


def test_frost_is_a_temperature_below_zero() -> None:
    body = bytearray(captured("PMS5003T")[0][:-2])
    body[24:26] = (-53).to_bytes(2, "big", signed=True)
    (frame,) = decode("pms5003t", (body + sum(body).to_bytes(2, "big")).hex())
    read = {reading.channel: reading.value for reading in frame.readings}
    assert read[Channel.TEMPERATURE] == Decimal("-5.3")


def test_the_other_plantowers_frames_are_unknown_not_misread() -> None:
    decoder = make_decoder("pms3003")
    assert decoder.feed(captured("PMSx003")[0]) == []
    assert decoder.dropped.by_cause() == {"checksum": 0, "length": 0, "garbage": 0, "unknown": 1}


def test_a_mode_is_acknowledged() -> None:
    (frame,) = decode("pms5003", "42 4D 00 04 E1 00 01 74")
    assert (frame.kind, dict(frame.details)) == ("acknowledgement", {"command": "mode", "value": 0})


def test_zeros_of_a_cold_sensor_are_suspicious() -> None:
    body = b"BM\x00\x1c" + bytes(26)
    (frame,) = decode("pms5003", (body + sum(body).to_bytes(2, "big")).hex())
    assert {reading.flag for reading in frame.readings} == {Flag.SUSPICIOUS}


def test_the_sps30_says_why_it_gives_nothing() -> None:
    empty, refused = decode("sps30", "7E 00 03 00 00 FC 7E", "7E 00 00 43 00 BC 7E")
    assert (empty.kind, empty.readings) == ("no new data", ())
    assert (refused.kind, refused.details["state"]) == ("refusal", 0x43)


def test_what_the_host_asked_is_no_answer() -> None:
    decoder = make_decoder("sps30")
    assert decoder.feed(sps30.start_request() + sps30.read_request()) == []
    assert decoder.finish() == []
    assert decoder.dropped.by_cause() == {"checksum": 0, "length": 0, "garbage": 0, "unknown": 2}


def test_whole_numbers_of_the_sps30_are_in_nanometres_last() -> None:
    data = b"".join(value.to_bytes(2, "big") for value in (1, 2, 3, 4, 5, 6, 7, 8, 9, 750))
    content = b"\x00\x03\x00\x14" + data
    raw = b"\x7e" + sps30.stuffed(content + bytes((sps30.checksum(content),))) + b"\x7e"
    (frame,) = decode("sps30", raw.hex())
    assert [reading.value for reading in frame.readings] == [*range(1, 10), Decimal("0.750")]


def test_a_failed_laser_marks_the_readings_after_it() -> None:
    content = b"\x00\xd2\x00\x05" + (1 << 5).to_bytes(4, "big") + b"\x00"
    status = b"\x7e" + sps30.stuffed(content + bytes((sps30.checksum(content),))) + b"\x7e"
    _, frame = decode("sps30", status.hex(), captured("SPS30")[0].hex())
    assert {(reading.flag, reading.reason) for reading in frame.readings} == {
        (Flag.BAD, "laser failed")
    }


@pytest.mark.parametrize("octet", [0x7E, 0x7D, 0x11, 0x13])
def test_stuffing_is_undone(octet: int) -> None:
    content = bytes((0, octet, 1, octet))
    assert octet not in sps30.stuffed(content).replace(b"\x7d", b"") or octet == 0x7D
    assert sps30.unstuffed(sps30.stuffed(content)) == content
    assert sps30.unstuffed(b"\x7d\x00") == b""


def test_a_sds011_answers_with_its_firmware() -> None:
    # Nova, Control Protocol V1.3, section 6: firmware of 10 July 2015.
    (frame,) = decode("sds011", "AA C5 07 0F 07 0A A1 60 28 AB")
    assert frame.details["command"] == "firmware"
    assert frame.details["value"] == "0f070a"


@pytest.mark.parametrize(
    "call",
    [
        lambda: mhz19b.span_calibration_request(400),
        lambda: mhz19b.range_request(3000),
        lambda: sds011.working_period_request(31),
    ],
)
def test_what_a_sensor_does_not_take_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match="is no"):
        call()
