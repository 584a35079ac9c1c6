"""Modbus RTU over bytes: requests, register maps, and replies found in any stream.

Owns the framing that a capture needs: replies are found without the silence between frames, in
garbage too, and what is dropped is counted, which pymodbus's framer, made for a live line, does
not tell. The tests hold requests and replies against pymodbus. Which register means what is the
station's file's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.crc16 import modbus_crc
from app.hardware.decoding import Cause, Flag, Frame, Reading
from app.hardware.framing import Broken, StreamDecoder
from app.hardware.values import decimal_of_float32, reading_of_float32, reading_of_number, with_flag

READ_HOLDING, READ_INPUT, WRITE_ONE, WRITE_MANY = 3, 4, 6, 16
EXCEPTIONS = {
    1: "function not supported",
    2: "no such register",
    3: "value or count not allowed",
    4: "device failure",
    5: "accepted, takes longer",
    6: "device busy",
}

Details = dict[str, str | int]
Mark = tuple[Flag, str]


class Format(StrEnum):
    """How a value stands in registers."""

    FLOAT = "float"
    """32 bits in two registers, least significant word first, as Vaisala sends it."""
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    LONG = "long"
    """32 bits without a sign, least significant word first."""

    @property
    def width(self) -> int:
        """How many registers it takes."""
        return 2 if self in (Format.FLOAT, Format.LONG) else 1


@dataclass(frozen=True, slots=True)
class Register:
    """What stands at an address: a channel's value, or a detail under a name."""

    format: Format
    channel: Channel | None = None
    name: str = ""
    scale: Decimal | None = None
    no_value: frozenset[int] = frozenset()
    """Whole numbers that the maker's manual gives for "unavailable"."""


@dataclass(frozen=True, slots=True)
class RegisterMap:
    """The registers of a station by function code and wire address, and what its status means."""

    registers: Mapping[tuple[int, int], Register]
    marks: Callable[[Details], Sequence[Mark]]
    """From the status registers in a reply to what they say of the readings beside them."""
    address: int

    def read(
        self, *, function: int, start: int, words: Sequence[int]
    ) -> tuple[tuple[Reading, ...], Details]:
        """Read registers that stand from wire address `start` on, as 16-bit whole numbers."""
        placed: list[tuple[int, Register]] = []
        offset = 0
        while offset < len(words):
            known = self.registers.get((function, start + offset))
            if known is None or offset + known.format.width > len(words):
                known = Register(Format.UNSIGNED, name=f"register_{start + offset:04x}")
            placed.append((offset, known))
            offset += known.format.width
        return self._marked(placed, words)

    def read_named(
        self, channels: Sequence[Channel | None], words: Sequence[int]
    ) -> tuple[tuple[Reading, ...], Details]:
        """Read values that stand for these channels in turn, in the form the station has them."""
        placed: list[tuple[int, Register]] = []
        offset = 0
        for channel in channels:
            known = self.register_of(channel, wide=len(words) == 2 * len(channels))
            placed.append((offset, known))
            offset += known.format.width
        return self._marked(placed, words)

    def register_of(self, channel: Channel | None, *, wide: bool) -> Register:
        """Give the register of a channel, as two registers or as one."""
        width = 2 if wide else 1
        for register in self.registers.values():
            if register.channel is channel and channel and register.format.width == width:
                return register
        plain = Format.FLOAT if wide else Format.SIGNED
        return Register(plain, channel, name="" if channel else "passed_over")

    def _marked(
        self, placed: Sequence[tuple[int, Register]], words: Sequence[int]
    ) -> tuple[tuple[Reading, ...], Details]:
        readings: dict[Channel, Reading] = {}
        details: Details = {}
        for offset, register in placed:
            own = words[offset : offset + register.format.width]
            if register.channel is None or register.channel in readings:
                name = register.name or f"{register.channel}_again"
                details[name] = _detail(register, own)
            else:
                readings[register.channel] = _reading(register, register.channel, own)
        marks = self.marks(details)
        for flag, reason in marks:
            for channel, reading in readings.items():
                readings[channel] = with_flag(reading, flag, reason)
        return tuple(readings.values()), details


def _reading(register: Register, channel: Channel, words: Sequence[int]) -> Reading:
    if register.format is Format.FLOAT:
        return reading_of_float32(channel, _float_bits(words), scale=register.scale)
    number = _whole(register, words)
    value = Decimal(number) if register.scale is None else number * register.scale
    if number in register.no_value:
        reason = f"{number} stands for unavailable in this register"
        return Reading(channel, value, channel.unit, Flag.BAD, reason)
    return reading_of_number(channel, value)


def _detail(register: Register, words: Sequence[int]) -> str | int:
    if register.format is Format.FLOAT:
        value = decimal_of_float32(_float_bits(words))
        return "not a number" if value is None else str(value)
    return _whole(register, words)


def _float_bits(words: Sequence[int]) -> bytes:
    return words[1].to_bytes(2, "big") + words[0].to_bytes(2, "big")


def _whole(register: Register, words: Sequence[int]) -> int:
    if register.format is Format.LONG:
        return words[1] << 16 | words[0]
    number = words[0]
    return number - 0x10000 if register.format is Format.SIGNED and number >= 0x8000 else number


def read_request(*, address: int, function: int, start: int, count: int) -> bytes:
    """Build a request that reads `count` registers from wire address `start` on."""
    return _framed(address, function, start.to_bytes(2, "big") + count.to_bytes(2, "big"))


def write_request(*, address: int, register: int, value: int) -> bytes:
    """Build a request that writes one register (function 06)."""
    return _framed(address, WRITE_ONE, register.to_bytes(2, "big") + value.to_bytes(2, "big"))


def write_float_request(*, address: int, register: int, bits: bytes) -> bytes:
    """Build a request (function 16) that writes four big-endian float bytes, low word first."""
    head = register.to_bytes(2, "big") + b"\x00\x02\x04"
    return _framed(address, WRITE_MANY, head + bits[2:4] + bits[0:2])


def _framed(address: int, function: int, body: bytes) -> bytes:
    frame = bytes((address, function)) + body
    return frame + modbus_crc(frame)


class BadRequest(ValueError):
    """Bytes that are no Modbus request whose reply could be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for, as far as its reply can be known from it."""

    address: int
    function: int
    start: int
    count: int

    @classmethod
    def of(cls, request: bytes) -> Asked:
        """Read a request of functions 03, 04, 06 or 16; raises BadRequest."""
        if len(request) < 8 or modbus_crc(request[:-2]) != request[-2:]:
            raise BadRequest(
                f"The request {request.hex(' ')} is no Modbus frame: address, function, register "
                "and count (or value), then a CRC that holds, low byte first."
            )
        if request[1] not in (READ_HOLDING, READ_INPUT, WRITE_ONE, WRITE_MANY):
            raise BadRequest(f"Function {request[1]:02x} of the request is not one read here.")
        start, count = (int.from_bytes(request[at : at + 2], "big") for at in (2, 4))
        if request[1] in (READ_HOLDING, READ_INPUT) and not 1 <= count <= 125:
            raise BadRequest(f"The request asks for {count} registers; a reply has 1 to 125.")
        return cls(request[0], request[1], start, count)


class ModbusDecoder(StreamDecoder):
    """Finds the replies to one request, or replies whose values are named in turn."""

    def __init__(
        self,
        station: RegisterMap,
        *,
        request: bytes | None = None,
        channels: Sequence[Channel | None] = (),
    ) -> None:
        super().__init__()
        self._station = station
        self._asked = Asked.of(request) if request is not None else None
        self._channels = tuple(channels)
        self._start = re.compile(self._pattern(), re.DOTALL)

    def _pattern(self) -> bytes:
        """Write what a reply begins with: address, function, and how many bytes follow."""
        if self._asked is None:
            count = len(self._channels)
            sizes = re.escape(bytes({2 * count, 4 * count}))
            return rb"[\x01-\xfe](?:[\x03\x04](?:[%b]|\Z)|[\x83\x84]|\Z)" % sizes
        address, function = (
            re.escape(bytes((octet,))) for octet in (self._asked.address, self._asked.function)
        )
        failed = re.escape(bytes((self._asked.function | 0x80,)))
        if self._asked.function in (READ_HOLDING, READ_INPUT):
            size = re.escape(bytes((2 * self._asked.count,)))
            return rb"%b(?:%b(?:%b|\Z)|%b|\Z)" % (address, function, size, failed)
        return rb"%b(?:%b|%b|\Z)" % (address, function, failed)

    def _find(self, buffer: bytearray, position: int) -> int:
        found = self._start.search(buffer, position)
        return found.start() if found else len(buffer)

    def _size(self, buffer: bytearray, position: int) -> int | Broken | None:
        if len(buffer) - position < 3:
            return None
        function = buffer[position + 1]
        if function & 0x80:
            return 5
        return 5 + buffer[position + 2] if function in (READ_HOLDING, READ_INPUT) else 8

    def _read(self, raw: bytes) -> Frame | Broken:
        if modbus_crc(raw[:-2]) != raw[-2:]:
            return Broken(Cause.CHECKSUM, len(raw))
        function = raw[1]
        if function & 0x80:
            said = EXCEPTIONS.get(raw[2], "unknown exception")
            return Frame((), raw, "exception", _told({"exception": raw[2], "message": said}))
        if function not in (READ_HOLDING, READ_INPUT):
            register, value = (int.from_bytes(raw[at : at + 2], "big") for at in (2, 4))
            return Frame((), raw, "acknowledgement", _told({"register": register, "value": value}))
        words = [int.from_bytes(raw[at : at + 2], "big") for at in range(3, len(raw) - 2, 2)]
        if self._channels and len(words) in (len(self._channels), 2 * len(self._channels)):
            readings, details = self._station.read_named(self._channels, words)
        else:
            start = self._asked.start if self._asked else 0
            readings, details = self._station.read(function=function, start=start, words=words)
        return Frame(readings, raw, "measurement", _told(details))


def _told(details: Details) -> Mapping[str, str | int]:
    return MappingProxyType(details)
