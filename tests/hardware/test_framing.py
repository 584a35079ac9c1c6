"""How broken frames and garbage are counted: each stretch once, under its own cause."""

from __future__ import annotations

import pytest

from app.hardware.decoding import Dropped
from app.hardware.framing import Line, LineDecoder
from app.hardware.protocols import make_decoder
from tests.fixtures.station_samples import captured

FRAME = captured("PMSx003")[0]
WRONG = FRAME[:-1] + b"\x00"


@pytest.mark.parametrize(
    ("stream", "frames", "dropped"),
    [
        (FRAME + FRAME, 2, Dropped()),
        (FRAME + WRONG + FRAME, 2, Dropped(checksum=1, bytes=32)),
        (WRONG + WRONG + FRAME, 1, Dropped(checksum=2, bytes=64)),
        (FRAME[:20] + FRAME, 1, Dropped(length=1, bytes=20)),
        (FRAME[:31] + FRAME[:5], 0, Dropped(checksum=1, bytes=36)),
        (FRAME[:31] + FRAME, 1, Dropped(length=1, bytes=31)),
        (FRAME[:20], 0, Dropped(length=1, bytes=20)),
        (b"abc" + FRAME + b"def" + FRAME + b"g", 2, Dropped(garbage=3, bytes=7)),
        (b"abc" + WRONG + b"def" + FRAME, 1, Dropped(garbage=2, checksum=1, bytes=38)),
        (FRAME[1:] + FRAME, 1, Dropped(garbage=1, bytes=31)),
        (b"BM\x00\x1d" + FRAME, 1, Dropped(length=1, bytes=4)),
        (b"BMBMBM" + FRAME, 1, Dropped(length=1, bytes=6)),
        (FRAME + b"B", 1, Dropped(length=1, bytes=1)),
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_a_stretch_is_counted_once(stream: bytes, frames: int, dropped: Dropped, step: int) -> None:
    decoder = make_decoder("pms5003")
    found = [
        frame
        for at in range(0, len(stream), step)
        for frame in decoder.feed(stream[at : at + step])
    ]
    found += decoder.finish()
    assert (len(found), decoder.dropped) == (frames, dropped)


class Everything(LineDecoder):
    """Takes lines as unknown and remembers them."""

    longest = 10

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def _judge(self, line: Line) -> tuple[int, None]:
        self.lines.append(line)
        return 0, None


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_of_an_overlong_line_the_end_is_read(step: int) -> None:
    decoder = Everything()
    stream = b"0123456789abcdef\r\n\nshort\rlast"
    for at in range(0, len(stream), step):
        decoder.feed(stream[at : at + step])
    decoder.finish()
    assert decoder.lines == [
        Line(b"6789abcdef", True), Line(b"short", True), Line(b"last", False),
    ]  # fmt: skip
    assert decoder.dropped == Dropped(garbage=1, bytes=6)
    assert decoder.silent_bytes == len(stream) - 6


def test_a_line_that_never_ends_takes_no_memory() -> None:
    decoder = Everything()
    for _ in range(1000):
        decoder.feed(b"x" * 1000)
        assert len(decoder._buffer) <= decoder.longest
    assert decoder.dropped == Dropped(garbage=1, bytes=999_990)
