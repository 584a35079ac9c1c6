"""Keeps the traceback of a fault nobody foresaw, so that nobody has to read it on a terminal.

Owns the place of the file; must never fail itself. Values of variables stay out of the file:
they may be secrets.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from app import __version__


def keep_traceback(error: BaseException) -> Path | None:
    """Write the traceback into a file for its owner alone; None when no place can be written."""
    moment = datetime.now(UTC)
    text = f"Teak {__version__}, {moment.isoformat()}\n\n" + "".join(
        traceback.format_exception(error)
    )
    name = f"fault-{moment:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    for folder in (_state_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            continue
        return path
    return None


def _state_folder() -> Path:
    named = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    home = Path(named) if named else Path.home() / ".local" / "state"
    return home / "teak" / "faults"
