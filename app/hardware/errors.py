"""What can fail between a program and a station: a small tree, each with a permanent code.

Owns the errors of ports and devices and stands apart from the registry's own tree, because the
hardware knows no other room. Driver errors become these in one place,
`app.hardware.ports.failures`.
"""

from __future__ import annotations

from collections.abc import Mapping


class HardwareError(Exception):
    """What failed, why, and what to do.

    `code` is permanent and for programs, `message` says what failed and names the value,
    `hint` says what to do. `values` are what the message names, for words in another language.
    """

    code = "hardware"

    def __init__(
        self, message: str, *, hint: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.values = dict(values or {})


class PortMissing(HardwareError):
    """There is no port of this name, or no port with this USB identity, now."""

    code = "port-missing"


class PortBusy(HardwareError):
    """Another program uses the port."""

    code = "port-busy"


class PortRefused(HardwareError):
    """The port is there, but this person may not open it, or it is no serial port."""

    code = "port-refused"


class LineSettingsDiffer(HardwareError):
    """The port is open for another device of the bus, with other line settings."""

    code = "port-settings-differ"


class PortLost(HardwareError):
    """The port was open and is gone: the cable was pulled, or the device lost its power."""

    code = "port-lost"


class NoAnswer(HardwareError):
    """The device was asked and said nothing in time."""

    code = "no-answer"


class WrongAnswer(HardwareError):
    """Something answered that is not what was asked: another device, or a damaged frame."""

    code = "wrong-answer"


class DeviceRefused(HardwareError):
    """The device understood and refused: an exception code, a NACK, an error reply."""

    code = "device-refused"


class UnknownModel(HardwareError):
    """No station model has this name."""

    code = "unknown-model"


class ReaderStopped(HardwareError):
    """The reader of this port no longer runs; nothing was sent to the device."""

    code = "reader-stopped"
