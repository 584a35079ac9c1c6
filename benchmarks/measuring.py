"""Repeating two things in turn and comparing them: the only figures a benchmark gives.

Owns interleaving, medians and the line a ratio is printed as. A machine's absolute speed says
nothing to another's reader, so every figure is a ratio of two things of one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured. Blocks are unit blocks in one registry file.

    `log_entries` are verified and `import_rows` imported; at full size they take so long that
    they are measured once.
    """

    name: str
    repeats: int
    transfers: int
    few_blocks: int
    many_blocks: int
    certificates: int
    starts: int
    log_entries: int
    import_rows: int


TINY = Scale("tiny", 2, 4, 40, 80, 2, 1, 30, 40)
"""For the test that the benchmarks run at all."""
SMALL = Scale("small", 11, 200, 1_000, 1_000_000, 12, 7, 100_000, 10_000)
FULL = Scale("full", 25, 400, 1_000, 10_000_000, 40, 11, 1_000_000, 1_000_000)
SCALES = {scale.name: scale for scale in (SMALL, FULL, TINY)}


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a ratio should lie: at least `least`, at most `most`."""

    least: float | None = None
    most: float | None = None

    def is_met(self, value: float) -> bool:
        """Tell whether the value lies there."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def __str__(self) -> str:
        parts = []
        if self.least is not None:
            parts.append(f"≥ {self.least:g}")
        if self.most is not None:
            parts.append(f"≤ {self.most:g}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure: what was compared, the ratio of each repeat, and the aim if there is one."""

    what: str
    values: tuple[float, ...]
    sizes: str
    aim: Aim | None = None

    @property
    def value(self) -> float:
        """Give the median of the repeats."""
        return median(self.values)

    def __str__(self) -> str:
        spread = f"{min(self.values):.2f}–{max(self.values):.2f}"
        line = f"{self.value:6.2f}  ({spread}, {len(self.values)} repeats)  {self.what}"
        if self.aim is not None:
            line += f"; aim {self.aim}: {'met' if self.aim.is_met(self.value) else 'NOT met'}"
        return f"{line}\n        {self.sizes}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of two works, measured in turn."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    def speeds(self) -> tuple[float, ...]:
        """Give our speed over theirs, repeat by repeat: 1 is as fast, 0.5 takes twice as long."""
        return tuple(other / own for own, other in zip(self.ours, self.theirs, strict=True))

    def costs(self) -> tuple[float, ...]:
        """Give our time over theirs, repeat by repeat: 1 costs the same, 2 twice as much."""
        return tuple(own / other for own, other in zip(self.ours, self.theirs, strict=True))


def seconds(work: Work) -> float:
    """Give the seconds a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


_MEMORY = Path("/proc/self/status")
_FORGET_PEAK = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True)
class Peak:
    """Resident memory of this process, in MB, before a piece of work and at its highest in it."""

    before_mb: int
    highest_mb: int

    def __str__(self) -> str:
        return f"the process {self.before_mb:,} MB before, {self.highest_mb:,} MB at most"


def watch_memory(work: Work) -> Peak | None:
    """Do a piece of work and give the process's memory; None where the system does not tell."""
    try:
        _FORGET_PEAK.write_text("5", encoding="ascii")
    except OSError:
        work()
        return None
    before = _memory_mb("VmRSS")
    work()
    return Peak(before, _memory_mb("VmHWM"))


def _memory_mb(name: str) -> int:
    for line in _MEMORY.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) // 1_000
    raise LookupError(name)


def disk_mb(file: Path) -> int:
    """Give what a registry file takes on disk with what stands beside it, in MB."""
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*")) // 1_000_000


def interleave(ours: Work, theirs: Work, repeats: int, *, warm: bool = True) -> Pair:
    """Measure two works in turn, each first in every other repeat; one round before is not counted.

    What the machine does meanwhile then falls on both alike. Without `warm` there is no round
    before: for works of many minutes.
    """
    if warm:
        ours()
        theirs()
    own: list[float] = []
    other: list[float] = []
    for repeat in range(repeats):
        if repeat % 2:
            other.append(seconds(theirs))
            own.append(seconds(ours))
        else:
            own.append(seconds(ours))
            other.append(seconds(theirs))
    return Pair(tuple(own), tuple(other))


def rate(count: int, times: tuple[float, ...]) -> str:
    """Write how many a second, from the median time of `count`."""
    return f"{count / median(times):,.0f}/s"
