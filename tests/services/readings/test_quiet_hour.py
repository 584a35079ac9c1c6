"""A quiet hour of every shipped simulator at 1 Hz, its noise as it comes, is hardly suspicious."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from app.hardware.simulators.models import MODELS, Model
from app.services.quality.flags import Flag
from app.services.quality.resolutions import documented_resolution
from app.services.readings.arriving import Arrived
from app.services.readings.judging import SensorJudge
from app.services.stations.values import ChannelDetail, SensorDetail, SensorState
from tests.fixtures.quiet_hours import quiet_hour

# The others send the very same bytes: a PMS7003 those of a PMS5003, a Thermo those of a 48i.
NAMES = [name for name in MODELS if name not in ("pms7003", "thermo")]


def sensor_of(model: Model, hour: list[Arrived]) -> SensorDetail:
    """Give a sensor as it is after its channels came: nobody registered a resolution."""
    units = {each.channel: each.unit for arrived in hour for each in arrived.values}
    channels = tuple(
        ChannelDetail(number, 1, channel, unit, None, None, None, None, None, None)
        for number, (channel, unit) in enumerate(units.items(), 1)
    )
    protocol = "" if model.name == "csv" else model.protocol
    return SensorDetail(
        *(1, 1, "ST-01", "A", protocol, "", "", "", None, protocol, "", "", {}, 1000, "", ()),
        "serial",
        "grid",
        SensorState.ACTIVE,
        channels,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_quiet_hour_at_1_hz_is_less_than_one_percent_suspicious(name: str) -> None:
    model = MODELS[name]
    hour = list(quiet_hour(model))
    assert len(hour) >= 3600
    sensor = sensor_of(model, hour)
    judge = SensorJudge(sensor)
    frames = [judge.push(arrived) for arrived in hour]
    judge.settle()
    flags = {channel.channel: Counter[Flag]() for channel in sensor.channels}
    for frame in frames:
        for channel, value in frame.values.items():
            flags[channel][value.flag] += 1
    for channel, counted in flags.items():
        assert counted.total() == 3600
        assert counted[Flag.SUSPECT] < 36, f"{channel}: {counted}"
        assert counted[Flag.FAIL] == counted[Flag.MISSING] == 0


@pytest.mark.parametrize("name", NAMES)
def test_what_is_documented_is_the_step_of_what_is_sent(name: str) -> None:
    model = MODELS[name]
    seen: dict[str, set[Decimal]] = {}
    for arrived in quiet_hour(model, seconds=300):
        for each in arrived.values:
            if each.value is not None:
                seen.setdefault(each.channel, set()).add(each.value)
    for channel, values in seen.items():
        resolution = documented_resolution(model.protocol, channel)
        if resolution is not None:
            step = Decimal(str(resolution))
            assert not [value for value in values if value % step], channel
            steps = {abs(one - other) for one in values for other in values if one != other}
            assert not steps or min(steps) == step, f"{channel} moves by {min(steps)}"
