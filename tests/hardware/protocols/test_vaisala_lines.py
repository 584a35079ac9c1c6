"""GMP252 ASCII, GMP343 and WXT5xx lines: from Vaisala's guides, and real lines quoted in public
drivers; checksums that the guides print wrong must be refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Flag, Frame
from app.hardware.protocols import gmp252_ascii, gmp343, make_decoder, wxt5xx

WIND = "0R1,Dn=236D,Dm=283D,Dx=031D,Sn=0.0M,Sm=1.0M,Sx=2.2M"


def frame_of(protocol: str, line: str) -> Frame:
    decoder = make_decoder(protocol)
    frames = decoder.feed(line.encode("latin-1") + b"\r\n")
    assert len(frames) == 1, decoder.dropped
    assert decoder.dropped.total == 0
    return frames[0]


def values_of(frame: Frame) -> dict[str, str]:
    return {str(reading.channel): str(reading.value) for reading in frame.readings}


def cause_of(protocol: str, line: str) -> Cause:
    decoder = make_decoder(protocol)
    assert decoder.feed(line.encode("latin-1") + b"\r\n") == []
    (cause,) = [name for name, count in decoder.dropped.by_cause().items() if count]
    return Cause(cause)


@pytest.mark.parametrize(
    ("line", "ppm"),
    [
        ("CO2=   452 ppm", "452"),
        ("CO2=  1702 ppm", "1702"),
        ("CO2=  3563 ppm 9F", "3563"),
        ("CO2=  3562 ppm 9E", "3562"),
        ("CO2=  3559 ppm A4", "3559"),
        ("CO2=  3563 ppm 039F", "3563"),
        ("CO2=  3559 ppm 03a4", "3559"),
    ],
)
def test_lines_of_the_gmp252(line: str, ppm: str) -> None:
    assert values_of(frame_of("gmp252-ascii", line)) == {"co2": ppm}


def test_a_csx_checksum_is_the_exclusive_or() -> None:
    text = b"CO2=  3563 ppm "
    assert gmp252_ascii.checksums(text)[1:] == (b"9F", b"%02X" % _xor(text))
    assert values_of(frame_of("gmp252-ascii", f"{text.decode()}{_xor(text):02X}")) == {
        "co2": "3563"
    }


def _xor(text: bytes) -> int:
    total = 0
    for octet in text:
        total ^= octet
    return total


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("CO2=  3558 ppm A4", Cause.CHECKSUM),
        ("CO2=  3563 ppm 049F", Cause.CHECKSUM),
        ("CO2=   45", Cause.LENGTH),
        ("CO2=   452 pp", Cause.LENGTH),
        ("what is this", Cause.UNKNOWN),
        ("\x01\x02\xff", Cause.GARBAGE),
        ("T=1 " * 200 + "!", Cause.UNKNOWN),
    ],
)
def test_broken_lines_of_the_gmp252(line: str, cause: Cause) -> None:
    assert cause_of("gmp252-ascii", line) is cause


@pytest.mark.parametrize("line", ["Address : 5", "line closed", "Output interval     : 5 S", "OK"])
def test_answers_of_the_gmp252_are_frames_without_readings(line: str) -> None:
    frame = frame_of("gmp252-ascii", line)
    assert (frame.kind, frame.details["text"], frame.readings) == ("answer", line, ())


def test_stars_are_a_bad_reading() -> None:
    (reading,) = frame_of("gmp252-ascii", "CO2= ****** ppm").readings
    assert (reading.value, reading.flag) == (None, Flag.BAD)


def test_commands_of_the_gmp252() -> None:
    assert gmp252_ascii.read_request() == b"send\r"
    assert gmp252_ascii.interval_request(5) == b"intv 5 s\r"
    assert gmp252_ascii.default_form_request() == b'form 6.0 "CO2=" CO2 " " U3 #r #n\r'
    with pytest.raises(ValueError, match="256 s"):
        gmp252_ascii.interval_request(256)


@pytest.mark.parametrize("prompt", ["", ">", "> ", "  "])
def test_lines_of_the_gmp343(prompt: str) -> None:
    frame = frame_of("gmp343", f"{prompt}395.1 398.2 402.30 23.4 (R C C+F T)")
    assert values_of(frame) == {"co2": "402.30", "temperature": "23.4"}
    assert frame.details["co2_raw"] == "398.2"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("GMP343 - Version STD 2.1", "answer"),
        ("Copyright: Vaisala Oyj 2004 - 2010", "answer"),
        ("OK: No errors detected.", "answer"),
        ("Unknown command", "refusal"),
    ],
)
def test_answers_of_the_gmp343(line: str, kind: str) -> None:
    assert frame_of("gmp343", line).kind == kind


@pytest.mark.parametrize("line", ["395.1 398.2 402.3", "395.1 398.2 402.3 23.4 (R C C"])
def test_a_line_of_the_gmp343_cut_short(line: str) -> None:
    assert cause_of("gmp343", line) is Cause.LENGTH


def test_commands_of_the_gmp343() -> None:
    assert gmp343.form_request() == b'form CO2RAWUC CO2RAW CO2 T "(R C C+F T)"\r\n'
    assert gmp343.pressure_request(Decimal("1013.2")) == b"p 1013.2\r\n"
    with pytest.raises(ValueError, match="1400"):
        gmp343.pressure_request(Decimal(1400))


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            WIND,
            {
                "wind_direction_min": "236", "wind_direction": "283", "wind_direction_max": "31",
                "wind_speed_min": "0.0", "wind_speed": "1.0", "wind_speed_max": "2.2",
            },
        ),
        (
            "0R2,Ta=23.6C,Ua=14.2P,Pa=1026.6H",
            {"temperature": "23.6", "humidity": "14.2", "pressure": "1026.6"},
        ),
        (
            "0R3,Rc=0.01M,Rd=10s,Ri=0.6M,Hc=0.0M,Hd=0s,Hi=0.0M",
            {
                "rain_amount": "0.01", "rain_duration": "10", "rain_intensity": "0.6",
                "hail_amount": "0.0", "hail_duration": "0", "hail_intensity": "0.0",
            },
        ),
        (
            "0R5,Th=16.0C,Vh=14.1N,Vs=14.3V,Vr=3.621V",
            {
                "heater_temperature": "16.0", "heater_voltage": "14.1", "supply_voltage": "14.3",
                "reference_voltage": "3.621",
            },
        ),
        ("0R1,Sm=3.6K,Ta=50.0F,Pa=1.01B", {
            "wind_speed": "1.000000", "temperature": "10.000000", "pressure": "1010.00",
        }),
    ],
)  # fmt: skip
def test_lines_of_the_wxt(line: str, values: dict[str, str]) -> None:
    assert values_of(frame_of("wxt5xx", line)) == values


def test_a_converted_value_keeps_what_was_sent() -> None:
    (reading,) = frame_of("wxt5xx", "0R1,Sm=11.9K").readings
    assert (reading.value, reading.unit, reading.as_sent) == (
        Decimal("3.305556"), "m/s", "11.9 km/h",
    )  # fmt: skip


def test_a_hash_marks_a_bad_reading() -> None:
    frame = frame_of("wxt5xx", "0R5,Th=25.4C,Vh=0.0#,Vs=14.3V,Vr=3.491V")
    flags = {str(reading.channel): reading.flag for reading in frame.readings}
    assert flags["heater_voltage"] is Flag.BAD
    assert flags["supply_voltage"] is Flag.GOOD
    hurt = next(reading for reading in frame.readings if reading.flag is Flag.BAD)
    assert (hurt.value, hurt.as_sent) == (None, "0.0#")


def test_messages_of_the_wxt() -> None:
    assert frame_of("wxt5xx", "0TX,Start-up").details["text"] == "0TX,Start-up"
    assert frame_of("wxt5xx", "0tX,Use chksum GoeIU~").details["text"] == "0tX,Use chksum Goe"


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        # Vaisala prints LFj; the bytes give J\Y.
        ("0r1" + WIND[3:] + "LFj", Cause.CHECKSUM),
        ("0r1" + WIND[3:], Cause.CHECKSUM),
        ("0tX,Use chksum GoeIU}", Cause.CHECKSUM),
        (WIND + "Z", Cause.LENGTH),
        (WIND[:-1], Cause.LENGTH),
        ("0R1,Dn=23", Cause.LENGTH),
        ("hello there", Cause.UNKNOWN),
    ],
)
def test_broken_lines_of_the_wxt(line: str, cause: Cause) -> None:
    assert cause_of("wxt5xx", line) is cause


def test_the_true_checksum_of_that_line_is_taken() -> None:
    frame = frame_of("wxt5xx", "0r1" + WIND[3:] + "J\\Y")
    assert values_of(frame)["wind_speed"] == "1.0"


@pytest.mark.parametrize(
    ("part", "documented"),
    [(1, b"0r1Goe\r\n"), (2, b"0r2Gje\r\n"), (3, b"0r3Kid\r\n"), (5, b"0r5Kcd\r\n"),
     (0, b"0r0Kld\r\n")],
)  # fmt: skip
def test_requests_of_the_wxt_carry_the_documented_checksum(part: int, documented: bytes) -> None:
    assert wxt5xx.data_request(part) == documented
    assert wxt5xx.data_request(part, checked=False) == b"0R%d\r\n" % part


def test_the_wxts_composite_request() -> None:
    assert wxt5xx.all_request() == b"0rBVT\r\n"
    with pytest.raises(ValueError, match="4"):
        wxt5xx.data_request(4)


def test_a_garbled_start_does_not_hide_the_line() -> None:
    decoder = make_decoder("wxt5xx")
    (frame,) = decoder.feed(b"$\xff\x00Dn=1" + WIND.encode() + b"\r\n")
    assert frame.raw == WIND.encode()
    assert decoder.dropped.garbage == 1


def test_the_wxt_also_speaks_nmea() -> None:
    frame = frame_of("wxt5xx", "$WIMWV,332.0,T,05.33,N,A*22")
    assert {reading.channel for reading in frame.readings} == {
        Channel.WIND_DIRECTION, Channel.WIND_SPEED,
    }  # fmt: skip
