"""Which protocol bytes look like, by decoding them as each: no question is asked.

Owns that guess for stations that send by themselves. Two models whose frames differ in nothing
that a checksum covers are both named.
"""

from __future__ import annotations

from app.hardware.protocols import make_decoder

STREAMING = (
    "pms5003",
    "pms5003t",
    "pms3003",
    "sds011",
    "nmea",
    "windsonic",
    "wxt5xx",
    "gmp252-ascii",
    "gmp343",
    "sps30",
    "mhz19b",
    "toa5",
)


def guess_protocols(data: bytes) -> tuple[str, ...]:
    """Give the protocols in which these bytes hold a good measurement, likeliest first."""
    found: list[tuple[int, str]] = []
    for protocol in STREAMING:
        decoder = make_decoder(protocol)
        frames = [frame for frame in decoder.feed(data) if frame.readings]
        if frames:
            found.append((sum(len(frame.raw) for frame in frames), protocol))
    if not found:
        return ()
    most = max(understood for understood, _ in found)
    return tuple(protocol for understood, protocol in found if understood == most)
