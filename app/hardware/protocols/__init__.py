"""The protocols by the names of the command line, one file per station model.

Owns the table from a name to its decoder; each protocol's module is imported when first asked for,
and holds its decoder and, as pure functions `…_request(...) -> bytes`, the commands it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from app.hardware.channels import Channel
from app.hardware.decoding import Decoder

MODULES = {
    "gmp252": "gmp252",
    "gmp252-ascii": "gmp252_ascii",
    "mgp261": "mgp261",
    "gmp343": "gmp343",
    "s8": "s8",
    "mhz19b": "mhz19b",
    "pms3003": "pms3003",
    "pms5003": "pms5003",
    "pms5003t": "pms5003t",
    "sps30": "sps30",
    "sds011": "sds011",
    "sdi12": "sdi12",
    "wxt5xx": "wxt5xx",
    "nmea": "nmea",
    "windsonic": "windsonic",
    "thermo": "thermo",
    "toa5": "toa5",
}
PROTOCOLS = tuple(MODULES)
NAMELESS = frozenset({"gmp252", "mgp261", "s8", "sdi12"})
"""Their replies do not name their channels: a decoder needs the request or the channels."""


class CannotDecode(ValueError):
    """The decoder asked for cannot be made: the message says what is missing or wrong."""


def make_decoder(
    protocol: str,
    *,
    request: bytes | None = None,
    channels: Sequence[Channel | None] = (),
) -> Decoder:
    """Make a fresh decoder of a protocol.

    `request`: the bytes whose replies follow. `channels`: what the values of a reply are, in their
    order, None for one to pass over. Raises CannotDecode.
    """
    if protocol not in MODULES:
        raise CannotDecode(f"“{protocol}” is no protocol; there are {', '.join(PROTOCOLS)}.")
    if protocol == "sdi12" and not channels:
        raise CannotDecode("SDI-12 values have no names: say what they are, in their order.")
    if protocol in NAMELESS and not channels and request is None:
        raise CannotDecode(
            f"Replies of {protocol} do not name their channels: give the request, or the channels."
        )
    module = import_module(f"app.hardware.protocols.{MODULES[protocol]}")
    try:
        decoder: Decoder = module.make_decoder(request=request, channels=tuple(channels))
    except ValueError as error:
        raise CannotDecode(str(error)) from None
    return decoder
