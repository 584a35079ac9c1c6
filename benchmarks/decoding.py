"""Frames decoded a second, protocol by protocol, against another program's decoder or a bare loop.

The rivals get each frame cut out and waiting; ours finds them in the stream, checks them, and
keeps exact decimals, units and flags. PyPMS reads the particle sensors, pymodbus the Modbus
probes, pynmea2 the sentences. For the rest the limit is a loop that takes the numbers out of each
frame as floats and does nothing else, `struct.unpack` or a regular expression.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pynmea2
from pms.core import Sensor
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU

from app.hardware.hexdump import HexReader
from app.hardware.protocols import PROTOCOLS, make_decoder
from benchmarks.measuring import Ratio, Scale, interleave, rate

_CAPTURES = Path(__file__).resolve().parents[1] / "tests" / "data" / "stations"
_CAPTURED = {
    "pms5003": "PMSx003",
    "pms5003t": "PMS5003T",
    "sps30": "SPS30",
    "sds011": "SDS01x",
    "mhz19b": "MHZ19B",
}
_REQUESTS = {
    "gmp252": bytes.fromhex("F00300000002D12A"),
    "mgp261": bytes.fromhex("F00300000002D12A"),
    "s8": bytes.fromhex("FE0400000004E5C6"),
}
_REPLIES = {
    "gmp252": bytes.fromhex("F00304D47A43E833AB"),
    "mgp261": bytes.fromhex("F00304D47A43E833AB"),
    "s8": bytes.fromhex("FE0408000000000190019017 37"),
}
_LINES = {
    "gmp252-ascii": b"CO2=  3563 ppm 9F\r\n",
    "gmp343": b"395.1 398.2 402.3 23.4 (R C C+F T)\r\n",
    "sdi12": b"0+3.14+2.718+1.414Ipz\r\n",
    "wxt5xx": b"0R1,Dn=059D,Dm=066D,Dx=080D,Sn=8.5M,Sm=9.5M,Sx=10.3M\r\n",
    "nmea": b"$WIMWV,332.0,T,05.33,N,A*22\r\n",
    "windsonic": b"\x02Q,229,002.74,M,00,\x0316\r\n",
    "thermo": b"o3 45.2 ppb\r",
    "toa5": b'"2004-11-11 15:03:45",0,13.7,24.92\r\n',
}
_TOA5_HEADER = (
    b'"TOA5","CR1000","CR1000","1031","CR1000.Std.00.60","CPU:Test.CR1","4062","Test"\r\n'
    b'"TIMESTAMP","RECORD","batt_volt_Min","PTemp"\r\n"TS","RN","Volts","C"\r\n"","","Min","Smp"\r\n'
)
_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?")
_AT_ONCE = 100


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:  # noqa: ARG001 (no file is written)
    """Compare each protocol's frames a second with those of its rival."""
    for protocol in PROTOCOLS:
        frames = _frames(protocol)
        count = max(1, scale.import_rows // len(frames)) * len(frames)
        stream = (frames * (count // len(frames)))[:count]
        rival, read_one = _rival(protocol, frames[0])

        def ours(protocol: str = protocol, stream: list[bytes] = stream) -> None:
            decoder = make_decoder(
                protocol, request=_REQUESTS.get(protocol), channels=_channels(protocol)
            )
            if protocol == "toa5":
                decoder.feed(_TOA5_HEADER)
            found = 0
            for at in range(0, len(stream), _AT_ONCE):
                found += len(decoder.feed(b"".join(stream[at : at + _AT_ONCE])))
            found += len(decoder.finish())
            assert found == len(stream), (protocol, found, len(stream))

        def theirs(
            stream: list[bytes] = stream, read_one: Callable[[bytes], object] = read_one
        ) -> None:
            for frame in stream:
                read_one(frame)

        pair = interleave(ours, theirs, scale.repeats)
        yield Ratio(
            f"{protocol}: frames a second over {rival}'s",
            pair.speeds(),
            f"{count:,} frames; ours {rate(count, pair.ours)}, {rival} {rate(count, pair.theirs)}",
        )


def _channels(protocol: str) -> list[None]:
    return [None, None, None] if protocol == "sdi12" else []


def _frames(protocol: str) -> list[bytes]:
    if protocol in _LINES:
        return [_LINES[protocol]]
    if protocol in _REPLIES:
        return [_REPLIES[protocol]]
    name = _CAPTURED.get(protocol, "PMSx003")
    lines = (_CAPTURES / f"{name}.hexdump").read_bytes().splitlines(keepends=True)
    frames = [HexReader().feed(line) for line in lines]
    if protocol == "pms3003":
        # No capture of one is published: the first nine words of its bigger sister's.
        bodies = [b"BM\x00\x14" + frame[4:22] for frame in frames]
        frames = [body + sum(body).to_bytes(2, "big") for body in bodies]
    return frames


def _rival(protocol: str, sample: bytes) -> tuple[str, Callable[[bytes], object]]:
    if protocol in _CAPTURED:
        sensor = Sensor[_CAPTURED[protocol]]
        return "PyPMS", lambda frame: sensor.decode(frame, time=1)
    if protocol in _REPLIES:
        return "pymodbus", _read_by_pymodbus
    if protocol == "nmea":
        return "pynmea2", _read_by_pynmea2
    if protocol == "pms3003":
        words = struct.Struct(f">{len(sample) // 2}H")
        return "bare struct.unpack", words.unpack
    return "a bare loop", lambda frame: [float(number) for number in _NUMBER.findall(frame)]


_FRAMER = FramerRTU(DecodePDU(False))


def _read_by_pymodbus(frame: bytes) -> object:
    _, reply = _FRAMER.handleFrame(frame, 0, 0)
    assert reply is not None
    return reply.registers


def _read_by_pynmea2(frame: bytes) -> tuple[object, object]:
    sentence = pynmea2.parse(frame.decode(), check=True)
    return sentence.wind_angle, sentence.wind_speed
