"""Plantower PMS5003 and PMS7003 (PMS1003, PMSA003 alike): frames of 32 bytes.

Owns which word is which channel. Beside mass it counts particles above six diameters in 0.1 L.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.hardware.channels import Channel
from app.hardware.decoding import Decoder
from app.hardware.protocols.plantower import (
    MASSES,
    PlantowerDecoder,
    active_mode_request,
    passive_mode_request,
    read_request,
    sleep_request,
    wake_request,
)

__all__ = [
    "active_mode_request",
    "make_decoder",
    "passive_mode_request",
    "read_request",
    "sleep_request",
    "wake_request",
]

_COUNTS = (
    Channel.COUNT_0_3,
    Channel.COUNT_0_5,
    Channel.COUNT_1,
    Channel.COUNT_2_5,
    Channel.COUNT_5,
    Channel.COUNT_10,
)


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its frames need neither request nor names
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its frames."""
    return PlantowerDecoder(length=0x1C, channels=MASSES + _COUNTS)
