"""Which serial ports there are, and how a station's adapter is known again.

Owns the list and USB identities; opens nothing. What lists the ports is handed in, because a
pseudo-terminal is listed by no system: a path can always be given by hand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.hardware.errors import PortMissing

_BY_ID = Path("/dev/serial/by-id")


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """What stays the same wherever an adapter is plugged in: vendor, product, serial number."""

    vendor_id: int
    product_id: int
    serial_number: str = ""

    def __str__(self) -> str:
        """Give the form kept in settings: `usb:0403:6001:A50285BI`."""
        return f"usb:{self.vendor_id:04x}:{self.product_id:04x}:{self.serial_number}"

    @staticmethod
    def parse(text: str) -> UsbIdentity | None:
        """Read the form kept in settings; None when the text is no USB identity."""
        parts = text.split(":", 3)
        if len(parts) != 4 or parts[0] != "usb":
            return None
        try:
            return UsbIdentity(int(parts[1], 16), int(parts[2], 16), parts[3])
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class PortInfo:
    """One port as the system lists it."""

    path: str
    description: str = ""
    usb: UsbIdentity | None = None
    stable_path: str = ""
    """A name that follows the adapter (`/dev/serial/by-id/…`), where the system has one."""

    @property
    def identity(self) -> str:
        """Give what to remember: the USB identity, else the stable path, else the path."""
        if self.usb is not None and self.usb.serial_number:
            return str(self.usb)
        if self.stable_path:
            return self.stable_path
        return str(self.usb) if self.usb is not None else self.path


PortLister = Callable[[], Sequence[PortInfo]]


def list_ports() -> list[PortInfo]:
    """List the system's serial ports in the order of their names; pseudo-terminals are not."""
    from serial.tools.list_ports import comports

    stable = _stable_paths(_BY_ID)
    found = []
    for port in comports():
        usb = None
        if port.vid is not None and port.pid is not None:
            usb = UsbIdentity(port.vid, port.pid, port.serial_number or "")
        described = port.description if port.description not in (None, "n/a") else ""
        found.append(PortInfo(port.device, described, usb, stable.get(port.device, "")))
    return sorted(found, key=lambda port: port.path)


def find_port(identity: str, lister: PortLister = list_ports) -> str:
    """Give the path where an adapter is plugged in now, by USB identity or by path.

    Raises PortMissing when it is nowhere, or when two adapters cannot be told apart.
    """
    wanted = UsbIdentity.parse(identity)
    if wanted is None:
        if os.name == "posix" and not Path(identity).exists():
            raise PortMissing(
                f"There is no port {identity}.",
                hint="Plug the station in, or choose its port from the list.",
            )
        return identity
    matching = [port.path for port in lister() if port.usb == wanted]
    if not matching:
        raise PortMissing(
            f"The adapter {identity} is not plugged in.",
            hint="Plug it in; any socket will do.",
        )
    if len(matching) > 1:
        raise PortMissing(
            f"The adapter {identity} is plugged in more than once: {', '.join(matching)}.",
            hint="These adapters carry no serial number to tell them apart: "
            "name the port by its path.",
        )
    return matching[0]


def _stable_paths(folder: Path) -> dict[str, str]:
    try:
        links = sorted(folder.iterdir())
    except OSError:
        return {}
    return {str(link.resolve()): str(link) for link in links}
