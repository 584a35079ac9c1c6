"""`teak collect`: reads configured stations without a window, for days.

Owns its arguments, its status lines and its end by signal. Reading is the hardware's, judging
and writing the services'. It acts as a technician: readings are signed for and recorded by
somebody.
"""

from __future__ import annotations

import signal
import threading
import time
from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common, add_person, named_path
from app.commands.sessions import Acting, open_for_acting
from app.models.errors import NotFound, UsageError

if TYPE_CHECKING:
    from app.commands.station_sources import ReaderSource
    from app.commands.stations_file import StationsFile
    from app.services.readings.collecting import CollectingState, Collector

_USUAL_USER = "technician"
_LOOK_S = 0.5


def add_commands(commands: Commands) -> None:
    """Add collect."""
    parser = commands.add(
        "collect",
        "read stations without a window, until told to stop",
        example="teak --registry field.teak collect --stations stations.toml --as technician",
        run=_collect,
        more="Runs until SIGTERM or SIGINT, which write what has arrived and end with status 0. "
        "Stations and sensors of the file that the registry does not know are registered. A "
        "pulled station is tried again until it returns, and the gap is marked.",
    )
    parser.add_argument("--stations", required=True, metavar="FILE", help="which stations, as TOML")
    parser.add_argument("--duration", type=float, metavar="S", help="end after S seconds")
    parser.add_argument(
        "--status-every", type=float, default=60.0, metavar="S", help="seconds between status lines"
    )
    add_person(parser)
    add_common(parser)


def _collect(arguments: Namespace, output: Output) -> int:
    from app.commands.stations_file import read_stations_file

    file = read_stations_file(named_path(arguments.stations))
    _require_sense(arguments)
    stop = _stopped_by_signals()
    arguments.acting_as = arguments.acting_as or file.user or _USUAL_USER
    with open_for_acting(arguments) as acting:
        collector, sources = _make_collector(acting, file, output)
        collector.start()
        try:
            output.tell(f"Collecting from {len(sources)} sensors as {acting.actor.user_name}.")
            _wait(collector, sources, arguments, output, stop)
        finally:
            collector.stop()
        _tell_end(collector.states(), output)
    return DONE


def _require_sense(arguments: Namespace) -> None:
    for name in ("duration", "status_every"):
        value = getattr(arguments, name)
        if value is not None and not 0 < value < 1e9:
            raise UsageError(f"--{name.replace('_', '-')} takes seconds above 0, not {value}.")


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _make_collector(
    acting: Acting, file: StationsFile, output: Output
) -> tuple[Collector, list[ReaderSource]]:
    from app.commands.station_sources import make_source
    from app.hardware.readers.shared_port import SharedPorts
    from app.services.readings.collecting import Collector
    from app.services.readings.ingest import IngestSettings
    from app.services.stations.listing import get_sensor, get_station
    from app.services.stations.registering import register_sensor, register_station
    from app.services.stations.values import SensorState

    sources, ports = [], SharedPorts()
    for new_station, new_sensors in file.stations:
        try:
            station = get_station(acting.registry, new_station.code)
            known = {sensor.code: sensor.id for sensor in station.sensors}
            station_state = station.state
        except NotFound:
            register_station(acting.registry, acting.actor, new_station)
            known, station_state = {}, SensorState.ACTIVE
        for new in new_sensors:
            sensor_id = known.get(new.code) or register_sensor(
                acting.registry, acting.actor, new_station.code, new
            )
            sensor = replace(
                get_sensor(acting.registry, sensor_id),
                protocol=new.protocol,
                port=new.port,
                address=new.address,
                settings=new.settings,
            )
            if SensorState.OFFLINE in (station_state, sensor.state):
                output.tell(_skipped(new_station.code, new.code))
                continue
            sources.append(make_source(sensor, ports))
    if not sources:
        raise UsageError(
            "Every sensor of the file is recorded as removed: there is nothing to collect.",
            hint="Record “installed” on the stations page for those that are back in their place.",
        )
    settings = IngestSettings(period_s=file.period_s)
    return Collector(acting.registry, acting.actor, sources, settings=settings), sources


def _skipped(station: str, sensor: str) -> str:
    return (
        f"Sensor “{sensor}” of station “{station}” is recorded as removed and is not read. "
        "Record “installed” on the stations page when it is back in its place."
    )


def _wait(
    collector: Collector,
    sources: list[ReaderSource],
    arguments: Namespace,
    output: Output,
    stop: threading.Event,
) -> None:
    """Wait for the end; say now and then how it stands, and at once what is new."""
    began_s = time.monotonic()
    due_s = began_s + arguments.status_every
    told: dict[int, tuple[str, str]] = {}
    while not stop.wait(_LOOK_S):
        now_s = time.monotonic()
        problems = {source.sensor_id: source.problem for source in sources}
        for state in collector.states():
            news = (state.gap, state.problem or problems[state.sensor_id])
            if now_s >= due_s or news != told.get(state.sensor_id, ("", "")):
                output.tell(_line(state, news[1]))
            told[state.sensor_id] = news
        if now_s >= due_s:
            due_s = now_s + arguments.status_every
        if arguments.duration is not None and now_s - began_s >= arguments.duration:
            return


def _line(state: CollectingState, problem: str) -> str:
    words = f"{state.sensor}: {state.frames:,} frames, {state.rows_written:,} written"
    if state.gap:
        words += f"; nothing arrives ({state.gap})"
    return f"{words}; {problem}" if problem else f"{words}."


def _tell_end(states: tuple[CollectingState, ...], output: Output) -> None:
    for state in states:
        output.tell(_line(state, state.problem))
    if output.as_json:
        content: dict[str, Any] = {
            "ok": True,
            "sensors": [
                {
                    "sensor": state.sensor,
                    "frames": state.frames,
                    "rows": state.rows_written,
                    "records": state.records_written,
                }
                for state in states
            ],
        }
        output.document(content)
