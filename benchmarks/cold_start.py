"""From a new process to the first window, against the bare imports of what the window needs.

The window is the sign-in window of a demo registry, painted off screen; the process ends at
once after the painting. Without cached files it is measured only where the system allows
dropping its caches, which takes the superuser.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

from benchmarks.measuring import Aim, Ratio, Scale, Work, interleave, seconds
from benchmarks.sample_registry import sample_registry

_AIM = Aim(most=1.0)
_SECONDS = "seconds over the one second that is the limit"
_BARE = "import sqlalchemy, PySide6.QtWidgets, os; os._exit(0)"
_DROP_CACHES = Path("/proc/sys/vm/drop_caches")
_COLD_REPEATS = 3


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare starts from warm files, then from cold ones where that can be done."""
    path = folder / "first.teak"
    with sample_registry(path):
        pass
    desk = _child(folder, "-m", "benchmarks.first_window", str(path))
    bare = _child(folder, "-c", _BARE)
    pair = interleave(desk, bare, scale.starts)
    yield Ratio(
        "time to the first window / to the bare imports, warm",
        pair.costs(),
        f"medians {median(pair.ours):.2f} s against {median(pair.theirs):.2f} s",
    )
    yield Ratio("time to the first window / one second, warm", pair.ours, _SECONDS, _AIM)
    if scale.starts >= _COLD_REPEATS and _drop_caches():
        times = tuple(_cold_seconds(desk) for _ in range(_COLD_REPEATS))
        yield Ratio("time to the first window / one second, cold files", times, _SECONDS, _AIM)


def _child(folder: Path, *arguments: str) -> Work:
    """Make a work that runs a Python of its own; its bytecode is compiled once, in the folder."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    environment["QT_QPA_PLATFORM"] = "offscreen"

    def run() -> None:
        subprocess.run(  # noqa: S603
            [sys.executable, *arguments],
            env=environment,
            cwd=Path(__file__).parent.parent,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    return run


def _cold_seconds(work: Work) -> float:
    _drop_caches()
    return seconds(work)


def _drop_caches() -> bool:
    """Make the system forget the files it has read; tell whether that was possible."""
    with suppress(OSError):
        os.sync()
        _DROP_CACHES.write_text("3")
        return True
    return False
