"""What goes wrong on a station's line, as the stations page tells it: what it is and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.composition import _station_access
from app.hardware.ports.opening import LineSettings, open_line
from app.hardware.simulators.faults import Fault
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewChannel, NewSensor, NewStation
from app.views.pages.context import PageContext
from app.views.pages.stations import StationsPage
from app.views.presenters.charts.collected import CollectedStations
from app.views.presenters.charts.live_source import StationFeed
from tests.fixtures.live_stations import TwoPorts
from tests.fixtures.simulated_stations import served
from tests.views.pages.conftest import Surroundings

_WITHIN_MS = 20_000


@contextmanager
def collected(
    registry: OpenRegistry, actor: Actor, port: str, protocol: str
) -> Iterator[StationFeed]:
    """Collect from a sensor that was registered at a port, as the desk does."""
    register_station(registry, actor, NewStation("SEN-0001", "Trang"))
    channels = (NewChannel("co2", "ppm"),)
    sensor = NewSensor("A1", "co2", channels, protocol=protocol, port=port, interval_ms=200)
    register_sensor(registry, actor, "SEN-0001", sensor)
    stations = CollectedStations(registry, actor, _station_access())
    stations.start()
    try:
        yield StationFeed(stations, TwoPorts())
    finally:
        stations.stop()


def told(
    context: PageContext,
    feed: StationFeed,
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
    wanted: str,
) -> str:
    """Give what the page says of the station once it matches."""
    page = StationsPage(replace(context, stations=feed))
    shown(page)

    def words() -> str:
        labels = page.pane.findChildren(QLabel)
        return "\n".join(each.text() for each in labels if each.isVisible())

    def is_told() -> bool:
        page.enter("SEN-0001")
        return re.search(wanted, words().replace("\u200b", ""), re.DOTALL) is not None

    qtbot.waitUntil(is_told, timeout=_WITHIN_MS)
    return words().replace("\u200b", "")


@pytest.fixture
def context(surroundings: Surroundings, people: dict[str, Actor]) -> PageContext:
    return surroundings.context(people["technician"])


def test_the_wrong_device_on_the_port_is_named(
    context: PageContext, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    with (
        served("pms5003", speed=10.0) as station,
        collected(context.registry, context.actor, station.port, "windsonic") as feed,
    ):
        said = told(context, feed, shown, qtbot, "looks like pms5003")
    assert "Choose the model that is on the label" in said
    assert "42 4D 00 1C" in said, "the bytes seen are told"


def test_two_programs_on_one_port_the_other_is_named(
    context: PageContext, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    with served("s8") as station:
        held = open_line(station.port, LineSettings())
        try:
            with collected(context.registry, context.actor, station.port, "s8") as feed:
                said = told(context, feed, shown, qtbot, "Another program uses")
        finally:
            held.close()
    assert "Close it there" in said


def test_a_thai_desk_tells_it_in_thai(
    context: PageContext, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    context.desk.language.set_code("th")
    with served("s8") as station:
        held = open_line(station.port, LineSettings())
        try:
            with collected(context.registry, context.actor, station.port, "s8") as feed:
                said = told(context, feed, shown, qtbot, "โปรแกรมอื่นใช้")
                (line,) = feed.source.lines()
        finally:
            held.close()
    assert station.port in said
    assert line.code == "port-busy"
    assert line.message not in said


def test_checksum_errors_are_told_with_what_to_check(
    context: PageContext, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    with (
        served("mhz19b", fault=Fault.CHECKSUM) as station,
        collected(context.registry, context.actor, station.port, "mhz19b") as feed,
    ):
        said = told(context, feed, shown, qtbot, "fails its checksum")
    assert "Look at cable, connectors" in said
