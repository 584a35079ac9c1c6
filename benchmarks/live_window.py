"""The desk itself with twelve stations read at 10 Hz: what is measured is what a person sees.

Owns the registry, the lines that give frames as readers would, and the main window; the readings
are recorded by the desk's own collector meanwhile, judged, chained and signed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.models.codes import Role
from app.models.storage.unit_of_work import reading
from app.models.tables import Person
from app.services.people.sign_in import SignedIn
from app.services.readings.arriving import Arrival, Arrived, ArrivedValue
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewChannel, NewSensor, NewStation, SensorDetail
from app.views.desk import Desk
from app.views.desk_session import DeskSession
from app.views.main_window import MainWindow
from app.views.presenters.charts.collected import StationAccess
from app.views.presenters.charts.live_source import (
    ConsoleRow,
    LiveBlock,
    PortAnswer,
    PortRow,
)
from app.views.presenters.charts.ring import Block
from benchmarks.live_sample import QUANTITIES, STEP_US, SampleStations

if TYPE_CHECKING:
    from app.views.pages.live import LivePage

_PLACES = ("Ban Huai Sak", "Doi Tung", "Mae Moh", "Sakaerat", "Khao Yai", "Trang")


class PacedLine:
    """Gives the frames of nine channels that are due by now, as a reader of a port would."""

    def __init__(self, sensor: SensorDetail, begin: datetime) -> None:
        self._sensor = sensor
        self._begin = begin
        self._started_s = 0.0
        self._given = 0

    @property
    def sensor_id(self) -> int:
        """The sensor it belongs to."""
        return self._sensor.id

    @property
    def problem(self) -> str:
        """Nothing is ever wrong with it."""
        return ""

    @property
    def problem_told(self) -> tuple[str, Mapping[str, str]]:
        """So there is no code of what is wrong."""
        return "", {}

    def start(self) -> None:
        """Begin to count."""
        self._started_s = time.monotonic()

    def stop(self) -> None:
        """End; there is nothing to close."""

    def take(self, timeout_s: float) -> Sequence[Arrival]:
        """Give the frames that are due, waiting for one if none is."""
        due = self._due()
        if due == self._given:
            time.sleep(min(timeout_s, STEP_US / 1e6))
            due = self._due()
        frames = [self._frame(number) for number in range(self._given, due)]
        self._given = due
        return frames

    def counted(self) -> tuple[int, int]:
        """Count frames; no byte is dropped."""
        return self._given, 0

    def console(self) -> Sequence[ConsoleRow]:
        """Keep no bytes."""
        return ()

    def _due(self) -> int:
        return int((time.monotonic() - self._started_s) * 1e6 / STEP_US)

    def _frame(self, number: int) -> Arrived:
        values = tuple(
            ArrivedValue(name, Decimal(f"{base + spread * _wave(number, place):.2f}"), unit)
            for place, (name, unit, base, spread) in enumerate(QUANTITIES)
        )
        at = self._begin + timedelta(microseconds=number * STEP_US)
        return Arrived(at, values, f"{number}".encode())


class NoPorts:
    """Lists no port."""

    def ports(self) -> Sequence[PortRow]:
        """List none."""
        return ()

    def ask(self, path: str) -> PortAnswer:
        """Say that nothing answers."""
        return PortAnswer(path, "", "", "", "Nothing answered.")


@dataclass
class LiveWindow:
    """The desk of a technician whose live page is in view."""

    session: DeskSession
    page: LivePage

    @property
    def window(self) -> MainWindow:
        """The main window."""
        return self.session.window

    def drawn(self) -> list[int]:
        """Count the redraws of each chart."""
        return [view.redraws for view in self.page.grid.views]

    def show_hour(self, readings: int) -> None:
        """Let every chart remember so many readings up to now, and show them all."""
        live, now_us = self.page.live, int(time.time() * 1e6)
        sample = SampleStations(len(live.charts), readings=readings)
        blocks, _marks = sample.take()
        shift = now_us // STEP_US * STEP_US - int(blocks[0].readings.times[-1]) - STEP_US
        keys = {
            f"{channel.station}/{channel.channel}": key
            for key, channel in live.live.channels.items()
        }
        for channel, block in zip(sample.channels(), blocks, strict=True):
            found = block.readings
            past = Block(found.times + shift, found.values, found.raw, found.flags)
            live.live.fill([LiveBlock(keys[f"{channel.station}/{channel.channel}"], past)])
        live.span.choose_width(readings * STEP_US)


@contextmanager
def live_window(
    application: QApplication,
    desk: Desk,
    registry: OpenRegistry,
    technician: Actor,
    *,
    stations: int = 12,
) -> Iterator[LiveWindow]:
    """Register stations, open the desk on its live page and record; closing it ends all."""
    for number in range(1, stations + 1):
        _register(registry, technician, number)
    begin = registry.now()
    access = StationAccess(lambda sensor: PacedLine(sensor, begin), NoPorts())
    session = DeskSession(
        application, desk, SignedIn(registry, technician), host="benchmark", access=access
    )
    session.start()
    session.window.show_page("live")
    made = LiveWindow(session, cast("LivePage", session.window.page("live")))
    try:
        _wait(application, lambda: made.page.live.memory.newest_us is not None)
        yield made
    finally:
        session.end()


def person_of(registry: OpenRegistry, role: Role) -> Actor:
    """Give the registry's first person of a role."""
    with reading(registry.engine) as connection:
        row = connection.execute(
            select(Person.id, Person.user_name, Person.name).where(Person.role == role).limit(1)
        ).one()
    return Actor(row.id, row.user_name, row.name, role)


def _register(registry: OpenRegistry, technician: Actor, number: int) -> None:
    code = f"SEN-{number:04d}"
    name = f"{_PLACES[number % len(_PLACES)]}, tower {number}"
    register_station(registry, technician, NewStation(code, name))
    sensor = NewSensor(
        "A1",
        "co2",
        tuple(NewChannel(name, unit) for name, unit, _base, _spread in QUANTITIES),
        protocol="gmp252",
        port=f"/dev/ttyUSB{number}",
        interval_ms=STEP_US // 1000,
    )
    register_sensor(registry, technician, code, sensor)


def _wave(number: int, place: int) -> float:
    return math.sin(number / 6000 + place) + 0.01 * math.cos(number * 1.7 + place)


def _wait(
    application: QApplication, is_ready: Callable[[], bool], *, within_s: float = 60.0
) -> None:
    ends = time.monotonic() + within_s
    while not is_ready():
        if time.monotonic() > ends:
            raise TimeoutError("the desk read no station in time")
        application.processEvents()
        time.sleep(0.005)
