"""The command that simulates a station: a serial port with a device's behaviour behind it.

Owns arguments, the first line of output and the end by signal; the devices are the hardware's.
"""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common, named_path
from app.models.errors import TeakError, UsageError

if TYPE_CHECKING:
    from app.hardware.channels import Channel
    from app.hardware.simulators.models import Model
    from app.hardware.simulators.serving import StationServer

_FAULTS = ("none", "noise", "checksum", "split", "silence", "unplug")
_WARM_UP_S = 2.0
_GAS_LOOK_S = 0.25


class StationFailed(TeakError):
    """What failed at the hardware, with the hardware's own code."""

    def __init__(self, code: str, message: str, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.code = code


def add_commands(commands: Commands) -> None:
    """Add simulate-station."""
    parser = commands.add(
        "simulate-station",
        "behave like a sensor station on a serial port of its own",
        example="teak simulate-station gmp252 --fault noise --duration 60",
        run=_simulate,
        more="The first line says the port: open it as you would a real one. Serves until the "
        "duration is over, or until it is told to stop (Ctrl+C, SIGTERM). "
        "A gas is led to the station with --gas co2=1000, or while it runs by writing that into "
        "the file of --gas-file; an empty file leads the air again. With --fault unplug the port "
        "goes for three seconds, again and again, and comes back under the same name.",
    )
    parser.add_argument("model", metavar="MODEL", help="the model, such as gmp252 or pms5003")
    parser.add_argument("--fault", choices=_FAULTS, default="none", help="what goes wrong")
    parser.add_argument(
        "--fault-after",
        type=float,
        metavar="S",
        help="begin with the fault after S seconds (else at once; unplug: 5)",
    )
    parser.add_argument("--duration", type=float, metavar="S", help="end after S seconds")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another N, other air")
    parser.add_argument(
        "--warm-up",
        type=float,
        default=_WARM_UP_S,
        metavar="S",
        help=f"seconds until values count (else at most {_WARM_UP_S:g}; a real one may take 180)",
    )
    parser.add_argument("--link", metavar="PATH", help="a link that always leads to the port")
    parser.add_argument(
        "--gas", action="append", default=[], metavar="[CHANNEL=]VALUE", help="apply a gas"
    )
    parser.add_argument("--gas-file", metavar="FILE", help="read the gas to apply from FILE")
    add_common(parser, registry=False)


@contextmanager
def hardware_failures_told() -> Iterator[None]:
    """Turn a failure of the hardware into one of the program, code, words and hint kept."""
    from app.hardware.errors import HardwareError

    try:
        yield
    except HardwareError as error:
        raise StationFailed(error.code, error.message, hint=error.hint) from error


def _simulate(arguments: Namespace, output: Output) -> int:
    from app.hardware.simulators.faults import Fault
    from app.hardware.simulators.models import find_model, make_device
    from app.hardware.simulators.serving import StationServer
    from app.hardware.simulators.surroundings import Surroundings

    _require_sense(arguments)
    with hardware_failures_told():
        model = find_model(arguments.model)
    device = make_device(
        model,
        Surroundings(seed=arguments.seed),
        warm_up_s=min(arguments.warm_up, model.warm_up_s)
        if arguments.warm_up == _WARM_UP_S
        else arguments.warm_up,
    )
    fault = Fault(arguments.fault)
    gases = [_gas(text, model, device.sensors) for text in arguments.gas]
    stop = _stopped_by_signals()
    with tempfile.TemporaryDirectory(prefix="teak-station-") as folder:
        link = named_path(arguments.link) if arguments.link else None
        if link is None and fault is Fault.UNPLUG:
            link = Path(folder) / model.name
        server = StationServer(
            device,
            fault=fault,
            fault_after_s=arguments.fault_after,
            seed=arguments.seed,
            link=link,
        )
        with hardware_failures_told(), server:
            for channel, value in gases:
                server.apply_gas(channel, value)
            output.document({"port": server.port})
            output.flush()
            _serve(server, model, arguments, output, stop)
    return DONE


def _require_sense(arguments: Namespace) -> None:
    for name in ("duration", "warm_up", "fault_after"):
        value = getattr(arguments, name)
        if value is not None and not 0 <= value < 1e9:
            raise UsageError(f"--{name.replace('_', '-')} takes seconds from 0 on, not {value}.")


def _stopped_by_signals() -> threading.Event:
    """Give the event that SIGTERM and SIGINT set; only a main thread may listen to them."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _serve(
    server: StationServer,
    model: Model,
    arguments: Namespace,
    output: Output,
    stop: threading.Event,
) -> None:
    """Wait for the end; look meanwhile whether another gas is asked for."""
    ends_s = None if arguments.duration is None else time.monotonic() + arguments.duration
    asked = ""
    while not stop.is_set():
        left_s = _GAS_LOOK_S if ends_s is None else min(_GAS_LOOK_S, ends_s - time.monotonic())
        if left_s <= 0:
            return
        if arguments.gas_file:
            asked = _follow_gas(server, model, arguments.gas_file, asked, output)
        stop.wait(left_s)


def _follow_gas(server: StationServer, model: Model, name: str, before: str, output: Output) -> str:
    """Apply what the file asks for, when it asks for something new."""
    try:
        asked = named_path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return before
    if asked == before:
        return before
    try:
        if not asked:
            for channel in server.device.sensors:
                server.apply_gas(channel, None)
        for text in asked.split():
            server.apply_gas(*_gas(text, model, server.device.sensors))
    except UsageError as error:
        output.tell(f"teak: {error.message}")
    return asked


def _gas(text: str, model: Model, sensors: object) -> tuple[Channel, float]:
    """Read `co2=1000`, or `1000` for what the model measures first."""
    from app.hardware.channels import Channel

    name, _, value = text.rpartition("=")
    known = list(sensors) if isinstance(sensors, dict) else []
    channel = next((item for item in Channel if item.value == name), None) if name else model.gas
    try:
        amount = float(value)
    except ValueError:
        amount = float("nan")
    if channel is None or channel not in known or not -1e6 < amount < 1e9:
        raise UsageError(
            f"“{text}” is no gas for {model.name}.",
            hint=f"Write CHANNEL=VALUE with one of {', '.join(str(item) for item in known)}.",
        )
    return channel, amount
