"""Plantower PMS3003: frames of 24 bytes, mass alone.

Owns which word is which channel.
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


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its frames need neither request nor names
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its frames."""
    return PlantowerDecoder(length=0x14, channels=MASSES)
