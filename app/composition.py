"""The composition root: the one place that sees every room.

With a command it runs the command; alone it opens the desk. Owns no rule. Heavy imports stay
inside, so that `teak --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_INTERRUPTED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run `teak` with these arguments, else the process's own; gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments and arguments[0] not in _DESK_OPTIONS:
            from app.commands.main import run_command

            return run_command(arguments)
        return open_desk(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED


_DESK_OPTIONS = ("--demo",)
"""What `teak` may be given and still open the desk."""


def open_desk(argv: Sequence[str]) -> int:
    """Open the desk; without a display or Qt's libraries, say what is missing (status 2)."""
    del argv
    missing = _missing_display()
    if missing:
        return _refuse(missing)
    return _refuse("The desk's windows are not wired yet.")


def _missing_display() -> str:
    has_display = any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    if has_display or not sys.platform.startswith("linux"):
        return ""
    return (
        "There is no display to open the desk on. `teak --help` lists the commands that need none."
    )


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"teak: {sentence}\n")
    return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
