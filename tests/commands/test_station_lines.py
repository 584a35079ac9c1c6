"""Lines of the calibration bench over real readers on pseudo-terminals."""

from __future__ import annotations

import pytest

from app.commands.station_lines import DeviceNotAdjusted, ReaderLines, SharedLine, SharedLines
from app.commands.station_sources import make_source
from app.hardware.channels import Channel
from app.hardware.readers.shared_port import SharedPorts
from app.services.calibration.device_adjustment import Adjustment, DeviceAdjustment
from app.services.readings.arriving import Arrived
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.benches import register_bench
from tests.fixtures.simulated_stations import make, served, wait_until

BACKGROUND = DeviceAdjustment("s8", Adjustment.BACKGROUND, "co2", 400.0)


def test_a_port_that_is_collected_from_is_shared_and_goes_on(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    with served(make("s8"), speed=4.0) as server:
        server.apply_gas(Channel.CO2, 400.0)
        sensor = register_bench(registry, people["technician"], port=server.port)
        ports = SharedPorts()
        collected = make_source(sensor, ports)
        lines = SharedLines(ports)
        lines.share(collected)
        collected.start()
        try:
            line = lines.open(sensor)
            assert isinstance(line, SharedLine)
            line.start()
            taken = [arrival for _ in range(20) for arrival in collected.take(0.1)]
            heard = line.take(0.0)
            assert [each for each in heard if isinstance(each, Arrived)]
            assert list(heard) == taken, "the collector loses nothing to the bench"
            assert line.adjust(BACKGROUND).confirmed
            line.stop()
            assert collected.reader.is_running
            assert collected.take(1.0)
            assert line.take(0.0) == []
        finally:
            collected.stop()


def test_a_port_nobody_reads_is_opened_and_freed(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    with served(make("s8")) as server:
        sensor = register_bench(registry, people["technician"], port=server.port)
        for lines in (SharedLines(SharedPorts()), ReaderLines(SharedPorts())):
            line = lines.open(sensor)
            line.start()
            wait_until(lambda line=line: bool(line.take(0.1)))  # type: ignore[misc]
            line.stop()


def test_what_the_device_cannot_do_is_told_with_a_hint(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    with served(make("s8")) as server:
        sensor = register_bench(registry, people["technician"], port=server.port)
        line = ReaderLines(SharedPorts()).open(sensor)
        line.start()
        try:
            with pytest.raises(DeviceNotAdjusted, match="no command for span") as refused:
                line.adjust(DeviceAdjustment("s8", Adjustment.SPAN, "co2", 2000.0))
            assert "registry" in refused.value.hint
        finally:
            line.stop()
