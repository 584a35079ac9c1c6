"""Thermo replies as the manuals of 48C, 42i and 49i print them; the TOA5 example of Campbell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.hardware.channels import Channel
from app.hardware.csv_lines import Column, CsvDecoder, CsvLayout
from app.hardware.decoding import Cause, Decoder, Flag, Frame
from app.hardware.protocols import make_decoder, thermo
from tests.fixtures.station_samples import TOA5_HEADER

RECORD = (
    "13:00 08-12-05 flags 1C00554A o3 0.000 hio3 0.000 cellai 0.000 cellbi 0.000 bncht 999.900 "
    "lmpt 999.900 o3lt 0.000 flowa 0.000 flowb 0.000 pres 0.000"
)


def only(decoder: Decoder, data: bytes) -> Frame:
    (frame,) = decoder.feed(data)
    assert decoder.dropped.total == 0
    return frame


@pytest.mark.parametrize(
    ("reply", "channel", "value"),
    [
        (b"o3 45.2 ppb\r", Channel.O3, "45.2"),
        (b"no 1.234E+1 ppb\r", Channel.NO, "12.34"),
        (b"nox 0.0125 ppm\r", Channel.NOX, "12.5000"),
        (b"co 4.000E+1 ppm\r", Channel.CO, "40.00"),
        (b"\xaaco 0.4 ppm*\r", Channel.CO, "0.4"),
        (b"\xffno2 21.0 ppb\r\n", Channel.NO2, "21.0"),
    ],
)
def test_concentrations(reply: bytes, channel: Channel, value: str) -> None:
    decoder = make_decoder("thermo")
    (frame,) = decoder.feed(reply)
    (reading,) = frame.readings
    assert (reading.channel, str(reading.value), reading.flag) == (channel, value, Flag.GOOD)


def test_mass_per_volume_is_not_taken_for_a_fraction() -> None:
    (reading,) = only(make_decoder("thermo"), b"o3 90.1 ug/m3\r").readings
    assert (reading.value, reading.unit, reading.flag) == (
        Decimal("90.1"), "µg/m³", Flag.SUSPICIOUS,
    )  # fmt: skip


def test_the_sum_the_manual_prints_holds() -> None:
    frame = only(make_decoder("thermo"), b"set format 01 ok\nsum 0570\r")
    assert frame.kind == "answer"
    wrong = make_decoder("thermo")
    assert wrong.feed(b"set format 01 ok\nsum 0571\r") == []
    assert wrong.dropped.checksum == 1


@pytest.mark.parametrize("separator", [b"\nsum ", b"\x80sum "])
def test_sums_of_both_series(separator: bytes) -> None:
    message = b"o3 45.2 ppb"
    line = message + separator + b"%04x\r" % sum(message)
    assert only(make_decoder("thermo"), line).raw == line[:-1]
    assert thermo.reply(message.decode(), summed=True) == message + b"\nsum %04x\r" % sum(message)


def test_replies_are_given_as_soon_as_they_end() -> None:
    decoder = make_decoder("thermo")
    assert len(decoder.feed(b"o3 45.2 ppb\r")) == 1
    assert len(decoder.feed(b"o3 45.3 ppb\n")) == 0
    assert len(decoder.feed(b"o3 45.4 ppb\r")) == 2


def test_a_logged_record_gives_what_it_names_without_a_unit() -> None:
    frame = only(make_decoder("thermo"), RECORD.encode() + b"\r")
    (reading,) = frame.readings
    assert (reading.channel, str(reading.value), reading.flag) == (
        Channel.O3, "0.000", Flag.SUSPICIOUS,
    )  # fmt: skip
    assert (frame.details["flags"], frame.details["hio3"]) == ("1C00554A", "0.000")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"co bkg 1.400 ppm\r", "answer"),
        (b"flags 80028000\r", "answer"),
        (b"set instrument id 50 ok\r", "answer"),
        (b"instrument id 42\r", "answer"),
        (b"range mode single\r", "answer"),
        (b"pres 753.4 mmHg\r", "answer"),
        (b"bad cmd\r", "refusal"),
        (b"set cal co bkg can't, wrong settings\r", "refusal"),
    ],
)
def test_other_replies_are_no_readings(reply: bytes, kind: str) -> None:
    frame = only(make_decoder("thermo"), reply)
    assert (frame.kind, frame.readings) == (kind, ())


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (b"o3 45.2\r", Cause.LENGTH),
        (b"o3 45.2 pp\r", Cause.LENGTH),
        (b"o3 45.2 ppb\nsum 05\r", Cause.LENGTH),
        (b"what is that\r", Cause.UNKNOWN),
        (b"\x01\x02\x03 \xe9\x01a\x02b\r", Cause.UNKNOWN),
    ],
)
def test_broken_replies(line: bytes, cause: Cause) -> None:
    decoder = make_decoder("thermo")
    assert decoder.feed(line) == []
    assert decoder.dropped.total >= 1
    assert decoder.dropped.by_cause()[cause] == 1 or cause is Cause.UNKNOWN


def test_requests_of_the_analysers() -> None:
    assert thermo.concentration_request("o3") == b"o3\r"
    assert thermo.concentration_request("co", 48) == b"\xb0co\r"
    assert thermo.background_request("co") == b"set cal co bkg\r"
    assert thermo.gas_mode_request("span") == b"set span\r"
    with pytest.raises(ValueError, match="ch4"):
        thermo.concentration_request("ch4")
    with pytest.raises(ValueError, match="128"):
        thermo.flags_request(128)


def rows(text: str, *, header: bytes = TOA5_HEADER) -> tuple[list[Frame], Decoder]:
    decoder = make_decoder("toa5")
    return decoder.feed(header + text.encode()) + decoder.finish(), decoder


def test_campbells_own_example() -> None:
    (frame,), decoder = rows('"2004-11-11 15:03:45",0,13.7,24.92\r\n')
    assert {str(reading.channel): str(reading.value) for reading in frame.readings} == {
        "supply_voltage": "13.7", "sensor_temperature": "24.92",
    }  # fmt: skip
    assert dict(frame.details) == {"TIMESTAMP": "2004-11-11 15:03:45", "RECORD": "0"}
    assert decoder.dropped.total == 0


HEADER = (
    b'"TOA5","CPU","CR1000X","1","OS","prog","2","Met"\n'
    b'"TIMESTAMP","RECORD","AirTC_Avg","RH","BP_kPa_Avg","WS_ms_S_WVT","CO2_Avg","O3_Avg","Note"\n'
    b'"TS","RN","Deg C","%","kPa","meters/second","umol/mol","",""\n'
    b'"","","Avg","Smp","Avg","WVc","Avg","Avg","Smp"\n'
)


def test_columns_are_known_by_name_and_converted_by_unit() -> None:
    (frame,), _ = rows('"2026-01-01 00:05:00",7,25.1,80,101.3,3.2,412.5,31,"x, y"\n', header=HEADER)
    read = {str(reading.channel): reading for reading in frame.readings}
    assert {name: str(reading.value) for name, reading in read.items()} == {
        "temperature": "25.1", "humidity": "80", "pressure": "1013.0", "wind_speed": "3.2",
        "co2": "412.5", "o3": "31",
    }  # fmt: skip
    assert read["pressure"].as_sent == "101.3 kPa"
    assert (read["o3"].flag, read["co2"].flag) == (Flag.SUSPICIOUS, Flag.GOOD)
    assert "no unit" in read["o3"].reason
    assert frame.details["Note"] == "x, y"


@pytest.mark.parametrize("text", ['"NAN"', "NAN", '"INF"', "-9999", "-200", '""', "1e5x"])
def test_no_value_in_a_table(text: str) -> None:
    (frame,), _ = rows(f'"2004-11-11 15:03:45",0,{text},24.92\r\n')
    first, second = frame.readings
    assert (first.flag, second.flag) == (Flag.BAD, Flag.GOOD)
    assert first.reason


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ('"2004-11-11 15:03:45",0,13.7', Cause.LENGTH),
        ('"2004-11-11 15:03:45",0,13.7,24.92,1', Cause.LENGTH),
        ('"2004-11-1 15:03:45",0,13.7,24.92', Cause.GARBAGE),
        ('"2004-11-11 15:03:45",x,13.7,24.92', Cause.GARBAGE),
    ],
)
def test_broken_rows(row: str, cause: Cause) -> None:
    frames, decoder = rows(row + "\r\n")
    assert frames == []
    assert decoder.dropped.by_cause()[cause] == decoder.dropped.total == 1


def test_rows_without_a_header_are_unknown() -> None:
    frames, decoder = rows('"2004-11-11 15:03:45",0,13.7,24.92\r\n', header=b"")
    assert (frames, decoder.dropped.unknown) == ([], 1)


def test_columns_can_be_named_by_hand() -> None:
    decoder = make_decoder("toa5", channels=[None, Channel.TEMPERATURE])
    (frame,) = decoder.feed(TOA5_HEADER + b'"2004-11-11 15:03:45",0,13.7,24.92\r\n')
    assert [(reading.channel, str(reading.value)) for reading in frame.readings] == [
        (Channel.TEMPERATURE, "24.92")
    ]


def test_the_last_value_of_a_row_without_an_end_is_doubted() -> None:
    (frame,), _ = rows('"2004-11-11 15:03:45",0,13.7,24.9')
    assert [reading.flag for reading in frame.readings] == [Flag.GOOD, Flag.SUSPICIOUS]


LAYOUT = CsvLayout(
    (Column("time"), Column("wind", Channel.WIND_SPEED, "km/h"), Column("o3", Channel.O3)),
    delimiter=";",
    decimal_comma=True,
    no_value=("99.99",),
)


def test_lines_of_a_configured_layout() -> None:
    decoder = CsvDecoder(LAYOUT)
    frames = decoder.feed(b"time;wind;o3\r\n2026-01-01 00:00;3,6;99,99\r\n\r\n1;2\r\n")
    (frame,) = frames
    wind, ozone = frame.readings
    assert (str(wind.value), wind.unit) == ("1.000000", "m/s")
    assert (ozone.flag, str(ozone.value)) == (Flag.BAD, "99.99")
    assert decoder.dropped.by_cause() == {"checksum": 0, "length": 1, "garbage": 0, "unknown": 1}
