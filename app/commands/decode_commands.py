"""The command that reads a station's bytes; it needs no registry and no device.

Owns arguments and output alone; the protocols are those of `app.hardware.protocols`.
"""

from __future__ import annotations

import math
import sys
from argparse import Namespace
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import ANSWER_IS_NO, DONE, Commands, add_common
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.hardware.channels import Channel
    from app.hardware.decoding import Decoder, Frame, Reading

_CHUNK = 65_536


def add_commands(commands: Commands) -> None:
    """Add decode."""
    decode = commands.add(
        "decode",
        "read what a sensor station sent, from standard input",
        example="teak decode pms5003 --hex --json < capture.hexdump",
        run=_decode,
        more="Each good frame gives one line, the last line counts frames and what was dropped, "
        "by cause. Status 1 when anything was dropped.\nReplies that do not name their channels "
        "(gmp252, mgp261, s8, sdi12) need --request or --map.",
    )
    decode.add_argument(
        "protocol",
        metavar="PROTOCOL",
        help="gmp252, s8, pms5003, sps30, nmea … (a wrong one lists all)",
    )
    decode.add_argument(
        "--hex",
        action="store_true",
        help="hex digits with any white space, or a dump with offsets and text, instead of bytes",
    )
    decode.add_argument(
        "--request", metavar="HEX", help="the bytes of the request whose replies follow"
    )
    decode.add_argument(
        "--map",
        metavar="A,B,C",
        help="the channels of a reply's values in their order, such as "
        "temperature,skip,humidity (skip or -: passed over)",
    )
    add_common(decode, registry=False)


def _decode(arguments: Namespace, output: Output) -> int:
    decoder = _decoder(arguments)
    frames = 0
    for chunk in _chunks(as_hex=arguments.hex):
        for frame in decoder.feed(chunk):
            frames += 1
            _print(frame, output)
        if output.is_closed:
            return DONE
        # Whoever watches a port sees each frame when it comes.
        output.flush()
    for frame in decoder.finish():
        frames += 1
        _print(frame, output)
    dropped = decoder.dropped
    if output.as_json:
        counts = {"frames": frames, "dropped": dropped.by_cause()}
        output.document(counts | {"dropped_bytes": dropped.bytes})
    else:
        causes = ", ".join(f"{count} {cause}" for cause, count in dropped.by_cause().items())
        output.line(f"{frames} frames; dropped: {causes} ({dropped.bytes} bytes)")
    return ANSWER_IS_NO if dropped.total else DONE


def _decoder(arguments: Namespace) -> Decoder:
    from app.hardware.protocols import CannotDecode, make_decoder

    request = _request(arguments.request) if arguments.request is not None else None
    try:
        return make_decoder(
            arguments.protocol, request=request, channels=_channels(arguments.map or "")
        )
    except CannotDecode as error:
        raise UsageError(str(error), hint="`teak decode --help` shows how.") from None


def _request(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UsageError(
            f"The request “{text}” is not written in hex digits, two for a byte.",
            hint="Write it like `F0 03 00 00 00 02 D1 2A`.",
        ) from None


def _channels(names: str) -> list[Channel | None]:
    from app.hardware.channels import Channel

    channels: list[Channel | None] = []
    for name in filter(None, (part.strip() for part in names.split(","))):
        try:
            channels.append(None if name in ("-", "skip") else Channel(name))
        except ValueError:
            raise UsageError(
                f"“{name}” is no channel.",
                hint=f"There are {', '.join(Channel)}; skip passes a value over.",
            ) from None
    return channels


def _chunks(*, as_hex: bool) -> Iterator[bytes]:
    """Give standard input as it comes; UsageError where hex digits are none."""
    from app.hardware.hexdump import HexReader, NoHexDigits

    reader = HexReader()
    # An unbuffered read gives what a port has sent so far instead of waiting for more.
    source = getattr(sys.stdin.buffer, "read1", sys.stdin.buffer.read)
    try:
        while chunk := source(_CHUNK):
            yield reader.feed(chunk) if as_hex else chunk
        if as_hex:
            yield reader.finish()
    except NoHexDigits as error:
        raise UsageError(
            str(error), hint="Leave --hex away when the input is the bytes themselves."
        ) from None


def _print(frame: Frame, output: Output) -> None:
    if output.as_json:
        content: dict[str, Any] = {
            "readings": {str(reading.channel): _as_json(reading) for reading in frame.readings}
        }
        if frame.kind != "measurement":
            content["kind"] = frame.kind
        if frame.details:
            content["details"] = dict(frame.details)
        output.document(content | {"raw": frame.raw.hex()})
        return
    said = "  ".join(_in_words(reading) for reading in frame.readings)
    others = " ".join(f"{name}={value}" for name, value in frame.details.items())
    output.line(said or f"({frame.kind}) {others}".rstrip())


def _as_json(reading: Reading) -> dict[str, Any]:
    content: dict[str, Any] = {
        "value": None if reading.value is None else _number(reading.value),
        "unit": reading.unit,
        "flag": str(reading.flag),
    }
    if reading.reason:
        content["reason"] = reading.reason
    if reading.as_sent:
        content["as_sent"] = reading.as_sent
    return content


def _number(value: Decimal) -> int | float | str:
    """Give a JSON number; what no such number holds stays text."""
    if value == value.to_integral_value() and value.as_tuple().exponent == 0:
        return int(value)
    number = float(value)
    return number if math.isfinite(number) else str(value)


def _in_words(reading: Reading) -> str:
    value = "–" if reading.value is None else f"{reading.value:f}"
    doubt = f" [{reading.flag}: {reading.reason}]" if reading.reason else ""
    return f"{reading.channel} {value} {reading.unit}{doubt}"
