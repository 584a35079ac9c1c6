"""Devices told to adjust themselves, over real pseudo-terminals."""

from __future__ import annotations

import pytest

from app.hardware.adjusting import BACKGROUND, SPAN, ZERO, make_adjusting
from app.hardware.channels import Channel
from app.hardware.errors import NoAnswer
from app.hardware.readers.polling import StationPlan
from tests.fixtures.simulated_stations import make, reading, served, take_samples, wait_until


@pytest.mark.parametrize(
    ("model", "kind", "channel", "reference", "confirmed"),
    [
        ("s8", BACKGROUND, Channel.CO2, 400.0, True),
        ("s8", ZERO, Channel.CO2, 0.0, True),
        ("mhz19b", BACKGROUND, Channel.CO2, 400.0, False),
        ("mhz19b", SPAN, Channel.CO2, 2000.0, False),
        ("thermo48", ZERO, Channel.CO, 0.0, True),
    ],
)
def test_the_device_then_shows_the_reference(
    model: str, kind: str, channel: Channel, reference: float, confirmed: bool
) -> None:
    protocol = "thermo" if model.startswith("thermo") else model
    device = make(model)
    with served(device, speed=4.0) as server:
        server.apply_gas(channel, reference)
        plan = StationPlan(protocol, interval_s=0.05, gases=("co",))
        with reading(server.port, plan) as reader:
            (before,) = take_samples(reader)[:1]
            shown = {item.channel: item.value for item in before.frame.readings}[channel]
            assert shown is not None
            command = make_adjusting(protocol, kind, channel=channel.value, reference=reference)
            assert reader.execute(command)[0] is confirmed
            within = max(3.0 if channel is Channel.CO2 else 0.05, 0.002 * reference)
            sensor = device.sensors[channel]
            wait_until(lambda: abs(sensor.value(server.now_s()) - reference) < within)


def test_a_device_that_does_not_answer_is_told() -> None:
    with served("s8") as server, reading(server.port, "s8") as reader:
        take_samples(reader)
        command = make_adjusting("s8", BACKGROUND, channel="co2", reference=400.0, address="9")
        with pytest.raises(NoAnswer):
            reader.execute(command)


def test_what_a_protocol_cannot_do_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="gmp252 has no command for span"):
        make_adjusting("gmp252", SPAN, channel="co2", reference=1000.0)
