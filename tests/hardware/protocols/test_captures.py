"""Captures of real sensors against what PyPMS, another program, made of them."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import cast

import pytest
from pms.core import Sensor

from app.hardware.decoding import Frame
from app.hardware.protocols import make_decoder
from tests.fixtures.station_samples import CAPTURES, captured

MASS = {"pm01": "pm1", "pm25": "pm2_5", "pm04": "pm4", "pm10": "pm10"}
RAW = {"raw01": "pm1_cf1", "raw25": "pm2_5_cf1", "raw10": "pm10_cf1"}
COUNTS = {
    "n0_3": "count_0_3", "n0_5": "count_0_5", "n1_0": "count_1", "n2_5": "count_2_5",
    "n5_0": "count_5", "n10_0": "count_10",
}  # fmt: skip
NUMBERS = {
    "n0_5": "number_0_5", "n1_0": "number_1", "n2_5": "number_2_5", "n4_0": "number_4",
    "n10_0": "number_10", "diam": "particle_size",
}  # fmt: skip
AIR = {"temp": "temperature", "rhum": "humidity", "CO2": "co2"}
SENSORS = {
    "pms5003": ("PMSx003", MASS | RAW | COUNTS),
    "pms5003t": ("PMS5003T", MASS | RAW | COUNTS | AIR),
    "sps30": ("SPS30", MASS | NUMBERS),
    "sds011": ("SDS01x", MASS),
    "mhz19b": ("MHZ19B", AIR),
}


def rows(name: str) -> list[dict[str, str]]:
    with (CAPTURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def frames_of(protocol: str, name: str) -> list[Frame]:
    decoder = make_decoder(protocol)
    frames = decoder.feed(b"".join(captured(name))) + decoder.finish()
    assert decoder.dropped.total == 0
    return frames


@pytest.mark.parametrize("protocol", SENSORS)
def test_a_capture_gives_the_values_published_with_it(protocol: str) -> None:
    name, channels = SENSORS[protocol]
    expected = rows(name)
    frames = frames_of(protocol, name)
    assert len(frames) == len(expected) > 0
    for frame, row in zip(frames, expected, strict=True):
        read = {str(reading.channel): reading.value for reading in frame.readings}
        shown = {column: text for column, text in row.items() if column != "time"}
        assert {channels[column] for column in shown} == set(read)
        for column, text in shown.items():
            value = cast(Decimal, read[channels[column]])
            if channels[column].startswith("count"):
                value /= 100  # PyPMS gives particles in 1 cm³, the sensor in 0.1 L.
            assert value.quantize(Decimal(text)) == Decimal(text), column


@pytest.mark.parametrize("protocol", SENSORS)
def test_pypms_reads_the_same_numbers_from_the_same_bytes(protocol: str) -> None:
    name, channels = SENSORS[protocol]
    for raw, frame in zip(captured(name), frames_of(protocol, name), strict=True):
        theirs = Sensor[name].decode(raw, time=1)
        for column, channel in channels.items():
            if not hasattr(theirs, column):
                continue
            (ours,) = (reading for reading in frame.readings if reading.channel == channel)
            assert ours.value is not None
            scale = 100 if channel.startswith("count") else 1
            assert float(ours.value) / scale == pytest.approx(getattr(theirs, column), rel=1e-6)
