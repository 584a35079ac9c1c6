"""The composition root: the one place that sees every room.

With a command it runs the command; alone it opens the desk. Owns no rule. Heavy imports stay
inside, so that `teak --help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.models.server_place import ServerPlace
    from app.services.stations.values import SensorDetail
    from app.views.presenters.charts.collected import StationAccess, StationLine

_COULD_NOT_BE_TRIED = 2
_WITHOUT_DISPLAY = ("offscreen", "minimal", "vnc")
"""Qt's platforms that show nobody anything."""

_NO_DISPLAY = (
    "There is no display to open the desk on. `teak --help` lists the commands that need none."
)
_WHICH_REGISTRY = (
    "Which registry? Give --registry PATH|URL or set TEAK_REGISTRY; `teak --demo` opens a "
    "demonstration, `teak --help` lists the commands. There is no display to choose one at."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `teak` with these arguments, else the process's own; gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        options, others = _desk_options().parse_known_args(arguments)
        if others:
            from app.commands.main import run_command

            return run_command(arguments)
        return open_desk(options)
    except KeyboardInterrupt:
        return _COULD_NOT_BE_TRIED


def _desk_options() -> argparse.ArgumentParser:
    """What `teak` may be given and still open the desk; all else is for the commands."""
    parser = argparse.ArgumentParser(prog="teak", add_help=False, allow_abbrev=False)
    parser.add_argument("--registry")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("out"))
    return parser


def open_desk(options: argparse.Namespace) -> int:
    """Open the desk; without a display play the demonstration, or say what is missing."""
    from app.models.errors import TeakError

    missing = _missing_libraries()
    if missing:
        return _refuse(missing)
    try:
        return _open_demo(options.out) if options.demo else _open_registry(options.registry)
    except TeakError as error:
        return _refuse(f"{error.message} {error.hint}".strip())


def _open_registry(option: str | None) -> int:
    named = option or os.environ.get("TEAK_REGISTRY")
    if not _has_display():
        return _refuse(_NO_DISPLAY if named else _WHICH_REGISTRY)
    from app.models.server_place import is_server_address, read_server_place

    place: Path | ServerPlace | None = None
    if named:
        place = read_server_place(named) if is_server_address(named) else Path(named)
    return _run_desk(place)


def _run_desk(place: Path | ServerPlace | None) -> int:
    from app.services.desk_memory import memory_path
    from app.views.desk_launch import run_desk

    return run_desk(place, access=_station_access(), memory_file=memory_path())


def _open_demo(out: Path) -> int:
    from app.services.registry.demo import make_demo_registry

    path = out / "demo.teak"
    if not path.exists():
        out.mkdir(parents=True, exist_ok=True)
        make_demo_registry(path, told=_tell)
    if _has_display():
        _tell(f"Opening the desk on {path}")
        return _run_desk(path)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.views.demonstration import play_demonstration

    return play_demonstration(path, out, told=_tell)


def _station_access() -> StationAccess:
    """Say how the desk reads stations: by the same readers as `teak collect`."""
    from app.commands.desk_lines import LookedAtSource, PortSearch
    from app.commands.station_lines import SharedLines
    from app.hardware.readers.shared_port import SharedPorts
    from app.views.presenters.charts.collected import StationAccess
    from app.views.presenters.charts.live_source import ConsoleRow, PortAnswer, PortRow

    ports = SharedPorts()
    bench = SharedLines(ports)

    def make_line(sensor: SensorDetail) -> StationLine:
        line = LookedAtSource.of(sensor, ports, ConsoleRow)
        bench.share(line)
        return line

    return StationAccess(make_line, PortSearch(PortRow, PortAnswer), bench)


def _has_display() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform:
        return platform not in _WITHOUT_DISPLAY
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _missing_libraries() -> str:
    # SQLAlchemy first: the other order costs a fifth more.
    import sqlalchemy

    try:
        from PySide6 import QtWidgets
    except ImportError as error:
        return (
            f"The desk's windows cannot be loaded: {error}. Run `make env`: it installs what is "
            "missing, or names the one command that does."
        )
    del sqlalchemy, QtWidgets
    return ""


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"teak: {sentence}\n")
    return _COULD_NOT_BE_TRIED


if __name__ == "__main__":
    sys.exit(main())
