"""GMP252, MGP261 and S8. The bytes are from Vaisala M211897EN-D page 120, from Senseair's TDE2067
as told by the cycbox guide, and from public drivers; each CRC was computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.hardware.channels import Channel
from app.hardware.crc16 import modbus_crc
from app.hardware.decoding import Flag, Frame, Reading
from app.hardware.protocols import gmp252, make_decoder, mgp261, s8
from tests.fixtures.station_samples import GMP252_REPLY, GMP252_REQUEST, S8_REPLY, S8_REQUEST


def decode(
    protocol: str, reply: str | bytes, *, request: bytes | None = None, names: str = ""
) -> Frame:
    channels = [None if name == "-" else Channel(name) for name in names.split()]
    decoder = make_decoder(protocol, request=request, channels=channels)
    data = bytes.fromhex(reply) if isinstance(reply, str) else reply
    (frame,) = decoder.feed(data)
    assert decoder.finish() == []
    assert decoder.dropped.total == 0
    assert frame.raw == data
    return frame


def framed(text: str) -> bytes:
    body = bytes.fromhex(text)
    return body + modbus_crc(body)


def words(function: int, *values: int) -> bytes:
    data = b"".join(value.to_bytes(2, "big") for value in values)
    body = bytes((240, function, len(data))) + data
    return body + modbus_crc(body)


@pytest.mark.parametrize(
    ("request_bytes", "documented"),
    [
        (gmp252.co2_request(), "F0 03 00 00 00 02 D1 2A"),
        (gmp252.temperature_request(), "F0 03 00 04 00 02 90 EB"),
        (gmp252.status_request(), "F0 03 08 00 00 02 D3 4A"),
        (
            gmp252.compensation_request("pressure", Decimal(1000)),
            "F0 10 02 08 00 02 04 00 00 44 7A 5E 75",
        ),
        (s8.measurement_request(), "FE 04 00 00 00 04 E5 C6"),
        (s8.co2_request(), "FE 04 00 03 00 01 D5 C5"),
        (s8.clear_acknowledgement_request(), "FE 06 00 00 00 00 9D C5"),
        (s8.background_calibration_request(), "FE 06 00 01 7C 06 6C C7"),
        (s8.zero_calibration_request(), "FE 06 00 01 7C 07 AD 07"),
        (s8.acknowledgement_request(), "FE 03 00 00 00 01 90 05"),
        (s8.abc_period_request(0), "FE 06 00 1F 00 00 AC 03"),
    ],
)
def test_requests_are_the_documented_bytes(request_bytes: bytes, documented: str) -> None:
    assert request_bytes == bytes.fromhex(documented)


def test_vaisalas_own_reply_gives_its_float_exactly() -> None:
    frame = decode("gmp252", GMP252_REPLY, request=GMP252_REQUEST)
    assert frame.readings == (Reading(Channel.CO2, Decimal("465.65997"), "ppm"),)
    assert decode("gmp252", GMP252_REPLY, names="co2").readings == frame.readings


@pytest.mark.parametrize(
    ("request_hex", "reply", "co2"),
    [
        ("FE 04 00 00 00 04 E5 C6", "FE 04 08 00 00 00 00 01 90 01 90 17 37", 400),
        ("FE 04 00 03 00 01 D5 C5", "FE 04 02 03 88 AD B2", 904),
        ("FE 04 00 03 00 01 D5 C5", "FE 04 02 01 90 AC D8", 400),
    ],
)
def test_documented_replies_of_the_s8(request_hex: str, reply: str, co2: int) -> None:
    frame = decode("s8", reply, request=bytes.fromhex(request_hex))
    assert frame.readings == (Reading(Channel.CO2, Decimal(co2), "ppm"),)


def test_the_checksum_a_public_readme_prints_is_refused() -> None:
    decoder = make_decoder("s8", request=s8.co2_request())
    assert decoder.feed(bytes.fromhex("FE 04 02 03 88 D5 C5")) == []
    assert (decoder.finish(), decoder.dropped.by_cause()["checksum"]) == ([], 1)


def test_a_calibration_that_was_carried_out_is_acknowledged() -> None:
    done = decode("s8", "FE 03 02 00 20 AD 88", request=s8.acknowledgement_request())
    assert done.details["acknowledgement"] == s8.BACKGROUND_DONE
    echo = decode("s8", "FE 06 00 01 7C 06 6C C7", request=s8.background_calibration_request())
    assert (echo.kind, echo.details["register"], echo.details["value"]) == (
        "acknowledgement", 1, 0x7C06,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "flag"),
    [(0, Flag.GOOD), (0x01, Flag.BAD), (0x02, Flag.SUSPICIOUS), (0x20, Flag.BAD)],
)
def test_the_s8s_meter_status_marks_its_reading(status: int, flag: Flag) -> None:
    reply = framed(f"FE 04 08 {status:04x} 00 00 00 00 01 90")
    (reading,) = decode("s8", reply, request=S8_REQUEST).readings
    assert (reading.flag, bool(reading.reason), reading.value) == (
        flag,
        bool(status),
        Decimal(400),
    )


def test_quiet_not_a_number_is_a_bad_reading_and_no_silence() -> None:
    reply = framed("F0 03 04 00 00 7F C0")
    (reading,) = decode("gmp252", reply, request=GMP252_REQUEST).readings
    assert (reading.value, reading.flag) == (None, Flag.BAD)
    assert "not a number" in reading.reason


@pytest.mark.parametrize("unavailable", [0, 0x8000])
def test_unavailable_whole_numbers_are_bad(unavailable: int) -> None:
    request = framed("F0 03 01 00 00 02")
    frame = decode("gmp252", words(3, unavailable, 45), request=request)
    (reading,) = frame.readings
    assert reading.flag is Flag.BAD
    assert frame.details["co2_again"] == 45


@pytest.mark.parametrize(
    ("status", "flag", "reason"),
    [
        ((0, 0), Flag.GOOD, ""),
        ((1, 0), Flag.BAD, "critical"),
        ((4, 0), Flag.SUSPICIOUS, "warning"),
        ((6, 0), Flag.BAD, "error of the probe; warning"),
        ((0, 2), Flag.BAD, "not reliable"),
        ((0, 256), Flag.BAD, "not ready"),
    ],
)
def test_status_words_of_the_gmp252_have_meanings(
    status: tuple[int, int], flag: Flag, reason: str
) -> None:
    frame = decode("gmp252", words(3, *status), request=gmp252.status_request())
    marks = gmp252.marks_of_status(dict(frame.details))
    assert max((mark for mark, _ in marks), default=Flag.GOOD, key=list(Flag).index) is flag
    assert reason in "; ".join(said for _, said in marks)


def test_range_exceeded_is_a_mark() -> None:
    assert gmp252.marks_of_status({"error_code": 0x1000}) == [(Flag.BAD, "out of range")]


def test_one_request_reads_concentration_and_temperature() -> None:
    reply = words(3, 0xD47A, 0x43E8, 0x0000, 0x41C8, 0x0000, 0x41CC)
    frame = decode("gmp252", reply, request=gmp252.measurement_request())
    assert [(reading.channel, reading.value) for reading in frame.readings] == [
        (Channel.CO2, Decimal("465.65997")),
        (Channel.TEMPERATURE, Decimal("25.5")),
    ]
    assert frame.details["compensation_temperature"] == "25"


def test_a_word_swapped_float_of_another_makers_capture() -> None:
    # E+E EE895, temperature at 0x03EA: 0x41DC0000 = 27.5; its register is not ours to name.
    frame = decode("gmp252", "5F 03 04 00 00 41 DC 74 3F", names="temperature")
    assert frame.readings == (Reading(Channel.TEMPERATURE, Decimal("27.5"), "°C"),)


def test_the_mgp261_reads_all_it_measures() -> None:
    floats = [0x0000, 0x4120] * 9
    frame = decode("mgp261", words(3, *floats), request=mgp261.measurement_request())
    assert {reading.channel: reading.value for reading in frame.readings} == dict.fromkeys(
        (*mgp261.MEASUREMENTS, Channel.SENSOR_TEMPERATURE), Decimal(10)
    )
    whole = decode("mgp261", words(3, 123), request=framed("F0 03 01 00 00 01"))
    assert whole.readings == (Reading(Channel.CH4, Decimal(12300), "ppm"),)


def test_the_mgp261s_status_bits_are_told_apart() -> None:
    frame = decode("mgp261", words(3, 1 << 8, 0, 0, 0, 0, 0, 0, 4), request=mgp261.status_request())
    assert mgp261.marks_of_status(dict(frame.details)) == [
        (Flag.SUSPICIOUS, "warning of the probe"),
        (Flag.BAD, "ch4 not ready"),
    ]


def test_an_exception_is_a_frame_that_says_so() -> None:
    frame = decode("gmp252", framed("F0 83 02"), request=GMP252_REQUEST)
    assert (frame.kind, frame.details["exception"]) == ("exception", 2)
    assert frame.readings == ()


@pytest.mark.parametrize(
    ("names", "expected"),
    [("co2 -", [Channel.CO2]), ("- temperature", [Channel.TEMPERATURE])],
)
def test_named_values_may_be_passed_over(names: str, expected: Sequence[Channel]) -> None:
    frame = decode("gmp252", words(3, 0xD47A, 0x43E8, 0x0000, 0x41C8), names=names)
    assert [reading.channel for reading in frame.readings] == expected


def test_replies_are_found_between_requests_and_noise() -> None:
    decoder = make_decoder("s8", request=S8_REQUEST)
    stream = b"\xfe\xfe\x04" + S8_REQUEST + S8_REPLY + b"\xfe\x04\x08" + S8_REPLY
    frames = decoder.feed(stream) + decoder.finish()
    assert [frame.raw for frame in frames] == [S8_REPLY, S8_REPLY]


@pytest.mark.parametrize(
    ("name", "value"), [("pressure", 2000), ("temperature", -60), ("salt", 1), ("humidity", -1)]
)
def test_what_a_probe_does_not_take_is_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name):
        gmp252.compensation_request(name, Decimal(value))


def test_a_period_the_s8_does_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="3 h"):
        s8.abc_period_request(3)
