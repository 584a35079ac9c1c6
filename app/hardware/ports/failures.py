"""The one place where what a serial driver raises becomes a `HardwareError`.

Owns the translation and the words. pyserial raises `SerialException`, the system `OSError`, and
the terminal layer `termios.error`, for one pulled cable, depending on the call it struck.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serial import SerialException, SerialTimeoutException

from app.hardware.errors import HardwareError, PortBusy, PortLost, PortMissing, PortRefused

try:
    from termios import error as TerminalError  # noqa: N812 - the class has no name of its own
except ImportError:  # Windows has no termios; nothing raises it there
    TerminalError = SerialException  # type: ignore[assignment,misc]

DRIVER_ERRORS = (SerialException, OSError, TerminalError, ValueError)
"""All that a call on a serial port may raise; ValueError for a setting no port has."""

_IN_USE = {errno.EBUSY, errno.EAGAIN}
_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


@contextmanager
def translated_opening(path: str) -> Iterator[None]:
    """Turn whatever opening the port raises into PortMissing, PortBusy or PortRefused."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise opening_failure(path, error) from error


@contextmanager
def translated_use(path: str) -> Iterator[None]:
    """Turn whatever using an open port raises into PortLost; a full line into PortRefused."""
    try:
        yield
    except SerialTimeoutException as error:
        raise PortRefused(
            f"{path} takes no more bytes: what was sent before has not left it.",
            hint="Look at the cable and at flow control, which no station here uses.",
        ) from error
    except DRIVER_ERRORS as error:
        raise PortLost(
            f"{path} was lost while it was open: {_reason(error)}.",
            hint="Look at the cable and at the station's power. "
            "Reading goes on by itself when the same adapter is back.",
        ) from error


def opening_failure(path: str, error: BaseException) -> HardwareError:
    """Say why a port could not be opened, and what to do."""
    number = _error_number(error)
    reason = _reason(error)
    if number in _IN_USE or "exclusively lock" in str(error):
        holder = _holder(path)
        return PortBusy(
            f"Another program uses {path}" + (f": {holder}." if holder else "."),
            hint="Close it there (a terminal, the maker's own software, a second Teak), "
            "then try again.",
            values={"holder": holder},
        )
    if number in _GONE or isinstance(error, FileNotFoundError):
        return PortMissing(
            f"There is no port {path}.",
            hint="Plug the station in, or choose its port from the list; names may change from "
            "one plug to the next.",
        )
    if number in _FORBIDDEN or isinstance(error, PermissionError):
        if "PermissionError(13" in str(error):
            return PortBusy(
                f"Another program uses {path}, or this person may not open it.",
                hint="Close the other program, then try again.",
            )
        return PortRefused(
            f"You may not open {path}.",
            hint="On Linux, join the group that owns the port (often `dialout`) and sign in again.",
        )
    return PortRefused(
        f"{path} cannot be opened as a serial port: {reason}.",
        hint="Choose a serial port from the list.",
        values={"reason": reason},
    )


def _error_number(error: BaseException) -> int | None:
    for candidate in (error, error.__cause__, error.__context__):
        number = getattr(candidate, "errno", None)
        if isinstance(number, int):
            return number
    return None


def _reason(error: BaseException) -> str:
    """Give the driver's own words, without the name of a Python class around them."""
    if isinstance(error, TerminalError) and len(error.args) > 1:
        return str(error.args[1]).rstrip(".")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.rstrip(".")
    return (str(error) or type(error).__name__).rstrip(".")


def _holder(path: str) -> str:
    """Name a process that holds the port, where the system tells (Linux, one's own processes)."""
    try:
        wanted = Path(path).resolve()
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and _holds(process, wanted):
                name = (process / "comm").read_text(encoding="utf-8").strip()
                return f"{name} (process {process.name})"
    except OSError:
        return ""
    return ""


def _holds(process: Path, wanted: Path) -> bool:
    try:
        return any(link.readlink() == wanted for link in (process / "fd").iterdir())
    except OSError:
        return False
