"""How much room a registry file still has: on its disk, and under the process's own limit.

Owns asking the system. Must not write to find out.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

if sys.platform != "win32":
    import resource

_NEARLY_FULL = 64 * 1024
_SHARED_INDEX = 36 * 1024
"""What opening needs beside the file: SQLite's shared index, 32 KiB, and a page to spare."""


def is_full(path: Path) -> bool:
    """Tell whether a write to the file may just have failed for want of room."""
    if _free(path) < _NEARLY_FULL:
        return True
    files = [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]
    sizes = [file.stat().st_size for file in files if file.exists()]
    return max(sizes, default=0) + _NEARLY_FULL > _largest_file()


def has_room_to_open(path: Path) -> bool:
    """Tell whether the files that opening makes beside the registry would fit."""
    if path.with_name(path.name + "-shm").exists():
        return True
    return _free(path) >= _SHARED_INDEX and _largest_file() >= _SHARED_INDEX


def _free(path: Path) -> float:
    """Return the free bytes of the file's disk; without end where that cannot be asked."""
    try:
        return shutil.disk_usage(path.absolute().parent).free
    except OSError:
        return float("inf")


def _largest_file() -> float:
    """Return the bytes to which this process may let a file grow."""
    if sys.platform == "win32":
        return float("inf")
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return float("inf") if limit == resource.RLIM_INFINITY else limit
