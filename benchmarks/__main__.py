"""`make bench`: runs the benchmarks and prints each figure as a ratio.

    python -m benchmarks [--size small|full|tiny] [NAME ...]

The size may also stand in the environment as SIZE; names are those of the modules.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import SCALES, Ratio, Scale

NAMES = (
    *("transfers", "growth", "certificates", "cold_start", "verification", "imports"),
    *("decoding", "stations", "charts"),
    *("networked", "server_growth", "read_then_insert", "round_trips"),
)
Measure = Callable[[Scale, Path], Iterator[Ratio]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmarks named, or all; the exit status tells nothing of speed."""
    options = _options().parse_args(argv)
    scale = SCALES[options.size]
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, size {scale.name}.")
    print("Each line: the median ratio (least–most of so many repeats), what it is of, the aim.")
    for name in options.names or NAMES:
        _run(name, scale)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=list(SCALES), default=os.environ.get("SIZE", "small"))
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME")
    return parser


def _run(name: str, scale: Scale) -> None:
    measure: Measure = import_module(f"benchmarks.{name}").measure
    begun = time.perf_counter()
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="teak-bench-") as folder:
        for ratio in measure(scale, Path(folder)):
            print(ratio, flush=True)
    print(f"        ({time.perf_counter() - begun:.0f} s in all)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
