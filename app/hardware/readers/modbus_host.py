"""Modbus RTU as a host: pymodbus on a line of ours.

Owns one request and its answer. pymodbus makes and judges the frames; the bytes travel on the
reader's own line, because there every byte is counted and shown and every failure has one name,
and because pymodbus's own serial client waits by the wall clock, which may jump.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable

from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.mei_message import ReadDeviceInformationResponse
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from app.hardware.errors import DeviceRefused, HardwareError
from app.hardware.readers.conversation import Conversation

_PAUSE_S = 0.1
EXCEPTIONS = {
    1: "it does not know this function",
    2: "it has no such register",
    3: "it does not take this value",
    4: "it has failed",
    6: "it is busy",
}

# Without a handler Python prints a library's warnings to standard error; our own errors say more.
logging.getLogger("pymodbus").addHandler(logging.NullHandler())


class _LineClient(ModbusSerialClient):
    """pymodbus's client with its serial port taken out."""

    def __init__(self, conversation: Conversation, timeout_s: float) -> None:
        super().__init__(conversation.line.path, timeout=timeout_s, retries=0)
        self._conversation = conversation
        self._timeout_s = timeout_s
        self._ends_s = 0.0
        self.sent = b""
        self.received = bytearray()

    def connect(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the line open: it is not this client's."""

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:  # noqa: ARG002
        unread = self._conversation.line.discard_input()
        if unread:
            self._conversation.show(unread)
        self.received.clear()
        self.sent = request
        self._conversation.send(request)
        self._ends_s = self._conversation.clocks.steady() + self._timeout_s
        return len(request)

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002 - whatever there is
        left_s = self._ends_s - self._conversation.clocks.steady()
        if self.received:
            # An answer comes in one go: a pause in it is its end, whole or not.
            left_s = min(left_s, _PAUSE_S)
        data = self._conversation.receive(left_s) if left_s > 0 else b""
        self.received += data
        return data


class ModbusHost:
    """Asks the device at one address; every method is one request."""

    def __init__(
        self, conversation: Conversation, *, device_id: int, timeout_s: float = 0.5
    ) -> None:
        self.device_id = device_id
        self._conversation = conversation
        self._client = _LineClient(conversation, timeout_s)

    @property
    def received(self) -> bytes:
        """The bytes that came since the last request was sent."""
        return bytes(self._client.received)

    def read_holding(self, start: int, count: int) -> list[int]:
        """Read holding registers from a wire address on.

        Raises NoAnswer, WrongAnswer, DeviceRefused or PortLost, as all that follow.
        """
        return list(
            self._carried_out(
                lambda: self._client.read_holding_registers(
                    start, count=count, device_id=self.device_id
                )
            ).registers
        )

    def read_input(self, start: int, count: int) -> list[int]:
        """Read input registers from a wire address on."""
        return list(
            self._carried_out(
                lambda: self._client.read_input_registers(
                    start, count=count, device_id=self.device_id
                )
            ).registers
        )

    def read_float(self, start: int) -> float:
        """Read a 32-bit float, its least significant word first, as Vaisala sends them."""
        low, high = self.read_holding(start, 2)
        (value,) = struct.unpack(">f", struct.pack(">HH", high, low))
        return float(value)

    def write_register(self, place: int, value: int) -> None:
        """Write one register."""
        self._carried_out(
            lambda: self._client.write_register(place, value, device_id=self.device_id)
        )

    def write_float(self, start: int, value: float) -> None:
        """Write a 32-bit float, its least significant word first."""
        high, low = struct.unpack(">HH", struct.pack(">f", value))
        self._carried_out(
            lambda: self._client.write_registers(start, [low, high], device_id=self.device_id)
        )

    def identify(self) -> dict[int, str]:
        """Give the objects of the device identification (function 43) by number."""
        response = self._carried_out(
            lambda: self._client.read_device_information(
                read_code=3, object_id=0, device_id=self.device_id
            )
        )
        if not isinstance(response, ReadDeviceInformationResponse):
            return {}
        return {
            number: bytes(text).decode("latin-1").strip()
            for number, text in response.information.items()
        }

    def exchange(self, request: bytes) -> bytes:
        """Send a whole frame that asks to read or write registers; give the answer's bytes.

        An exception of the device is an answer too and raises nothing here.
        """
        pdu = _request_of(request)
        self._carried_out(lambda: self._client.execute(False, pdu), refusals=False)
        return self.received

    def _carried_out(self, request: Callable[[], ModbusPDU], *, refusals: bool = True) -> ModbusPDU:
        self._conversation.count_asked()
        try:
            response = request()
        except ModbusException:
            raise self._failure() from None
        if refusals and isinstance(response, ExceptionResponse):
            reason = EXCEPTIONS.get(response.exception_code, "it does not say why")
            raise DeviceRefused(
                f"The device at address {self.device_id} refused with exception "
                f"{response.exception_code:02}: {reason}.",
                hint="Check that the model is the one on the label.",
            )
        return response

    def _failure(self) -> HardwareError:
        return self._conversation.no_answer(self._client.sent, self.received)


def _request_of(frame: bytes) -> ModbusPDU:
    """Give pymodbus's request for a frame of ours. Raises ValueError for any other function."""
    address, function, start, word = struct.unpack(">BBHH", frame[:6])
    if function == 3:
        return ReadHoldingRegistersRequest(address=start, count=word, dev_id=address)
    if function == 4:
        return ReadInputRegistersRequest(address=start, count=word, dev_id=address)
    if function == 6:
        return WriteSingleRegisterRequest(address=start, registers=[word], dev_id=address)
    if function == 16:
        values = list(struct.unpack(f">{word}H", frame[7 : 7 + 2 * word]))
        return WriteMultipleRegistersRequest(address=start, registers=values, dev_id=address)
    raise ValueError(f"function {function} reads or writes no register")
