"""NMEA sentences and WindSonic lines: printed checksums that hold are read, others refused."""

from __future__ import annotations

from decimal import Decimal

import pynmea2
import pytest

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Flag, Frame
from app.hardware.protocols import make_decoder, nmea, windsonic
from tests.fixtures.station_samples import WXT_SENTENCE


def frame_of(protocol: str, line: bytes) -> Frame:
    decoder = make_decoder(protocol)
    (frame,) = decoder.feed(line.rstrip() + b"\r\n")
    assert decoder.dropped.total == 0
    return frame


def values_of(frame: Frame) -> dict[str, str]:
    return {str(reading.channel): str(reading.value) for reading in frame.readings}


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        # Gill GMX500, in knots.
        (b"$WIMWV,332.0,T,05.33,N,A*22", {"wind_direction": "332.0", "wind_speed": "2.741989"}),
        # Vaisala M210822EN.
        (b"$WIMWV,39,R,1.3,M,A*06", {"wind_direction": "39", "wind_speed": "1.3"}),
        (b"$WIMWV,61,R,1.0,M,A*08", {"wind_direction": "61", "wind_speed": "1.0"}),
        (b"$WIMWV,39,R,0.5,M,A*01", {"wind_direction": "39", "wind_speed": "0.5"}),
        (b"$WIMWV,59,R,1.2,M,A*01", {"wind_direction": "59", "wind_speed": "1.2"}),
        # Vaisala WXT530.
        (
            WXT_SENTENCE,
            {
                "wind_direction": "57", "wind_speed": "0.6", "temperature": "22.6",
                "humidity": "27.1", "pressure": "1013.6", "rain_amount": "0.0762",
                "heater_voltage": "12.0", "supply_voltage": "12.4",
            },
        ),
    ],
)  # fmt: skip
def test_printed_sentences_whose_checksum_holds(sentence: bytes, values: dict[str, str]) -> None:
    assert values_of(frame_of("nmea", sentence)) == values


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("WIMTA,022.2,C", {"temperature": "22.2"}),
        ("WIMTA,072.0,F", {"temperature": "22.222222"}),
        ("WIMMB,29.92,I,1.0132,B", {"pressure": "1013.2000"}),
        ("WIMMB,29.92,I,,", {"pressure": "1013.2075888"}),
        ("WIMHU,045.2,,012.3,C", {"humidity": "45.2", "dew_point": "12.3"}),
        ("WIMWD,270.0,T,268.5,M,12.4,N,6.38,M", {"wind_direction": "270.0", "wind_speed": "6.38"}),
        ("WIMWD,,,268.5,M,10.0,N,,", {"wind_direction": "268.5", "wind_speed": "5.144444"}),
        (
            "WIMDA,29.92,I,1.0132,B,21.5,C,,,65.0,,14.6,C,270.0,T,268.5,M,12.4,N,6.38,M",
            {
                "pressure": "1013.2000", "temperature": "21.5", "humidity": "65.0",
                "dew_point": "14.6", "wind_direction": "270.0", "wind_speed": "6.38",
            },
        ),
        ("YXXDR,C,19.5,C,TempAir,P,1.0121,B,Barometer,A,4.1,D,PTCH", {
            "temperature": "19.5", "pressure": "1012.1000",
        }),
    ],
)  # fmt: skip
def test_sentences_of_other_makers(body: str, values: dict[str, str]) -> None:
    assert values_of(frame_of("nmea", nmea.sentence(body))) == values


@pytest.mark.parametrize(
    "body",
    [
        "WIMWV,332.0,T,05.33,M,A",
        "WIMWD,270.0,T,268.5,M,12.4,N,6.38,M",
        "WIMDA,29.92,I,1.0132,B,21.5,C,,,65.0,,14.6,C,270.0,T,268.5,M,12.4,N,6.38,M",
    ],
)
def test_pynmea2_reads_the_same_fields(body: str) -> None:
    ours = values_of(frame_of("nmea", nmea.sentence(body)))
    theirs = pynmea2.parse(nmea.sentence(body).decode().strip(), check=True)
    fields = {
        "wind_direction": ("wind_angle", "direction_true"),
        "wind_speed": ("wind_speed", "wind_speed_meters"),
        "temperature": ("temperature", "air_temp"),
        "humidity": ("rel_humidity",),
        "dew_point": ("dew_point",),
    }
    compared = 0
    for channel, names in fields.items():
        for name in names:
            if channel in ours and hasattr(theirs, name):
                assert Decimal(str(getattr(theirs, name))) == Decimal(ours[channel])
                compared += 1
    assert compared >= 1


def test_pynmea2_reads_the_same_transducers() -> None:
    theirs = pynmea2.parse(WXT_SENTENCE.decode(), check=True)
    sent = {(row.type, row.id): row.value for row in map(theirs.get_transducer, range(8))}
    ours = values_of(frame_of("nmea", WXT_SENTENCE))
    assert Decimal(ours["pressure"]) == Decimal(str(sent["P", "0"]))
    assert Decimal(ours["temperature"]) == Decimal(str(sent["C", "0"]))
    assert Decimal(ours["rain_amount"]) == Decimal(str(sent["V", "0"])) * Decimal("25.4")


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        # Vaisala prints 75 and Gill 5D; the bytes give 5C and 10.
        (b"$IIMWV,120,R,002.10,M,A*5D", Cause.CHECKSUM),
        (b"$WIMWV,332.0,T,05.33,N,A*23", Cause.CHECKSUM),
        (b"$WIMWV,332.0,T,05.33,N,A*2", Cause.LENGTH),
        (b"$WIMWV,332.0,T,05.3", Cause.LENGTH),
        (b"noise", Cause.GARBAGE),
        (nmea.sentence("GPGGA,1,2,3"), Cause.UNKNOWN),
        (nmea.sentence("PLAM,1"), Cause.UNKNOWN),
    ],
)
def test_broken_sentences(line: bytes, cause: Cause) -> None:
    decoder = make_decoder("nmea")
    assert decoder.feed(line.rstrip() + b"\r\n") == []
    assert decoder.dropped.by_cause()[cause] == decoder.dropped.total == 1


@pytest.mark.parametrize(
    ("body", "channel", "reason"),
    [
        ("WIMTA,999.9,C", Channel.TEMPERATURE, "code for no value"),
        ("WIMHU,999.9,,999.9,C", Channel.HUMIDITY, "code for no value"),
        ("WIMWV,,R,,M,V", Channel.WIND_SPEED, "not valid"),
        ("WIMWV,10,R,5.0,M,V", Channel.WIND_SPEED, "not valid"),
        ("WIMWV,10,R,5.0,,A", Channel.WIND_SPEED, "unit is missing"),
        ("WIMTA,-200,C", Channel.TEMPERATURE, "no value"),
        ("WIMMB,,I,,B", Channel.PRESSURE, "no value"),
    ],
)
def test_no_value_is_a_bad_reading_with_the_reason(
    body: str, channel: Channel, reason: str
) -> None:
    frame = frame_of("nmea", nmea.sentence(body))
    (reading,) = (reading for reading in frame.readings if reading.channel is channel)
    assert reading.flag is Flag.BAD
    assert reason in reading.reason


def test_a_pressure_may_be_as_the_error_code() -> None:
    frame = frame_of("nmea", nmea.sentence("WIXDR,P,999.9,H,0"))
    assert [reading.flag for reading in frame.readings] == [Flag.GOOD]


def sonic(body: str) -> bytes:
    text = body.encode("ascii")
    return b"\x02" + text + b"\x03" + windsonic.checksum(text)


def test_the_printed_line_of_the_windsonic() -> None:
    frame = frame_of("windsonic", b"\x02Q,229,002.74,M,00,\x0316")
    assert values_of(frame) == {"wind_direction": "229", "wind_speed": "2.74"}


@pytest.mark.parametrize(
    ("body", "speed"),
    [
        ("Q,229,002.74,N,00,", "1.409578"),
        ("Q,229,003.60,K,00,", "1.000000"),
        ("Q,229,010.00,P,60,", "4.4704000"),
        ("Q,+003.00,-004.00,M,00,", "5.000000"),
    ],
)
def test_units_of_the_windsonic(body: str, speed: str) -> None:
    frame = frame_of("windsonic", sonic(body))
    assert values_of(frame)["wind_speed"] == speed
    assert {reading.flag for reading in frame.readings} == {Flag.GOOD}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Q,229,002.74,M,04,", "both axes"),
        ("Q,,000.03,M,00,", "below 0.05"),
        ("Q,229,002.74,Z,00,", "unit"),
    ],
)
def test_faults_of_the_windsonic(body: str, reason: str) -> None:
    frame = frame_of("windsonic", sonic(body))
    bad = [reading for reading in frame.readings if reading.flag is Flag.BAD]
    assert bad
    assert reason in bad[0].reason


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (b"\x02Q,229,002.74,M,00,\x0317", Cause.CHECKSUM),
        (b"\x02Q,229,002.74,M,0", Cause.LENGTH),
        (sonic("Q,229,M"), Cause.UNKNOWN),
        (b"WINDSONIC (Gill Instruments Ltd)", Cause.GARBAGE),
    ],
)
def test_broken_lines_of_the_windsonic(line: bytes, cause: Cause) -> None:
    decoder = make_decoder("windsonic")
    assert decoder.feed(line + b"\r\n") == []
    assert decoder.dropped.by_cause()[cause] == decoder.dropped.total == 1


def test_commands_of_the_windsonic() -> None:
    assert (windsonic.poll_request(), windsonic.enable_poll_request()) == (b"?Q", b"!")
