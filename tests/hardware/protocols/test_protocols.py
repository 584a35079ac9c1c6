from __future__ import annotations

import pytest

from app.hardware.channels import Channel
from app.hardware.protocols import NAMELESS, PROTOCOLS, CannotDecode, make_decoder

# The names are a contract with programs outside this project.
CONTRACT = (
    "gmp252 gmp252-ascii mgp261 gmp343 s8 mhz19b pms3003 pms5003 pms5003t sps30 sds011 sdi12 "
    "wxt5xx nmea windsonic thermo toa5"
)


def test_the_protocols_are_those_of_the_command_line() -> None:
    assert " ".join(PROTOCOLS) == CONTRACT


@pytest.mark.parametrize("protocol", [name for name in PROTOCOLS if name not in NAMELESS])
def test_a_decoder_needs_nothing_where_frames_name_their_channels(protocol: str) -> None:
    decoder = make_decoder(protocol)
    assert (decoder.feed(b""), decoder.finish(), decoder.dropped.total) == ([], [], 0)


@pytest.mark.parametrize("protocol", sorted(NAMELESS))
def test_replies_without_names_need_the_request_or_the_channels(protocol: str) -> None:
    with pytest.raises(CannotDecode):
        make_decoder(protocol)
    make_decoder(protocol, channels=[Channel.CO2])


@pytest.mark.parametrize(
    "request_hex",
    ["", "F0 03", "F0 03 00 00 00 02 D1 2B", "F0 07 00 00 00 00 00 00", "F0 03 00 00 00 7E 00 00"],
)
def test_a_request_that_is_none_is_refused(request_hex: str) -> None:
    with pytest.raises(CannotDecode):
        make_decoder("gmp252", request=bytes.fromhex(request_hex))


def test_an_unknown_protocol_is_refused_with_those_there_are() -> None:
    with pytest.raises(CannotDecode, match="pms5003"):
        make_decoder("pms9")


def test_the_units_are_those_of_the_command_line() -> None:
    units = {
        "co2": "ppm", "ch4": "ppm", "pm1": "µg/m³", "pm2_5": "µg/m³", "pm4": "µg/m³",
        "pm10": "µg/m³", "co": "ppm", "no": "ppb", "no2": "ppb", "nox": "ppb", "o3": "ppb",
        "temperature": "°C", "humidity": "%", "pressure": "hPa", "wind_speed": "m/s",
        "wind_direction": "°",
    }  # fmt: skip
    assert {name: Channel(name).unit for name in units} == units
