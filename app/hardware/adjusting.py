"""Telling a device to adjust itself on the gas it is given: one conversation per command.

Owns the order of the bytes and what counts as carried out. Runs on the reader's own thread,
between two reads: hand it to `StationReader.execute`.
"""

from __future__ import annotations

from collections.abc import Callable

from app.hardware.errors import DeviceRefused, NoAnswer
from app.hardware.protocols import mhz19b, s8, thermo
from app.hardware.readers.conversation import Conversation
from app.hardware.readers.modbus_host import ModbusHost

BACKGROUND, ZERO, SPAN = "background", "zero", "span"
_S8_SETTLES_S = 12.0
_S8_LOOKS_EVERY_S = 0.5
_S8_COMMANDS = {BACKGROUND: (0x7C06, s8.BACKGROUND_DONE), ZERO: (0x7C07, s8.NITROGEN_DONE)}
_ACKNOWLEDGEMENT, _COMMAND = 0, 1
_TEXT_PATIENCE_S = 3.0

Adjusting = Callable[[Conversation], tuple[bool, str]]
"""Gives whether the device confirmed, and its answer as text."""


def make_adjusting(
    protocol: str, kind: str, *, channel: str, reference: float, address: str = ""
) -> Adjusting:
    """Make the conversation of an adjustment; `reference` in the channel's unit.

    Carried out, it raises NoAnswer, WrongAnswer, DeviceRefused or PortLost. ValueError for what
    the protocol has no command for.
    """
    if protocol == "s8" and kind in _S8_COMMANDS:
        return lambda talk: _adjust_s8(talk, kind, int(address, 0) if address else s8.ADDRESS)
    if protocol == "mhz19b" and kind in (BACKGROUND, SPAN):
        request = (
            mhz19b.zero_calibration_request()
            if kind == BACKGROUND
            else mhz19b.span_calibration_request(round(reference))
        )
        return lambda talk: _adjust_mhz19b(talk, request)
    if protocol == "thermo" and kind == ZERO:
        instrument = int(address) if address else 0
        return lambda talk: _adjust_thermo(talk, channel, instrument)
    raise ValueError(f"{protocol} has no command for {kind}.")


def _adjust_s8(talk: Conversation, kind: str, address: int) -> tuple[bool, str]:
    """Clear the acknowledgement, ask, and wait until the sensor says it is done."""
    command, done = _S8_COMMANDS[kind]
    host = ModbusHost(talk, device_id=address)
    host.write_register(_ACKNOWLEDGEMENT, 0)
    host.write_register(_COMMAND, command)
    ends_s = talk.clocks.steady() + _S8_SETTLES_S
    while talk.clocks.steady() < ends_s:
        talk.receive(_S8_LOOKS_EVERY_S)
        (said,) = host.read_holding(_ACKNOWLEDGEMENT, 1)
        if said & done:
            return True, f"acknowledgement {said:04X}h"
    raise NoAnswer(
        f"The sensor did not say within {_S8_SETTLES_S:g} s that the {kind} calibration was done.",
        hint="Keep the gas flowing and try again; the sensor may have found the signal unsteady.",
    )


def _adjust_mhz19b(talk: Conversation, request: bytes) -> tuple[bool, str]:
    """Send the command: the device carries it out without a word."""
    talk.send(request)
    return False, f"sent {request.hex(' ').upper()}; this device confirms nothing"


def _adjust_thermo(talk: Conversation, gas: str, instrument: int) -> tuple[bool, str]:
    words = ""
    for request in (
        thermo.remote_request(instrument),
        thermo.background_request(gas, instrument),
    ):
        answer = talk.ask_text(
            request, ends=lambda text: text.endswith(b"\r"), timeout_s=_TEXT_PATIENCE_S
        )
        words = answer.strip(b"\r\n \x80\xff*").split(b"\n")[0].decode("latin-1")
        if not words.endswith(" ok"):
            raise DeviceRefused(
                f"The analyser refused the background calibration: “{words}”.",
                hint="Look whether it is in service mode or locked at its keys.",
            )
    return True, words
