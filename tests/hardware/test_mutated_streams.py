"""Every decoder on bytes that a bad line mutated: 100 000 broken frames a protocol.

`make soak` sets TEAK_MUTATED_FRAMES to ten million.
"""

from __future__ import annotations

import os
import random
import time

import pytest

from app.hardware.decoding import Dropped, Frame
from app.hardware.protocols import PROTOCOLS
from tests.fixtures.station_samples import (
    CHECKED,
    SAMPLES,
    decoder_of,
    mutated,
    silent_bytes_of,
    waiting_bytes_of,
)

FRAMES = int(os.environ.get("TEAK_MUTATED_FRAMES", "100000"))
MOST_WAITING = 65_536 + 8
"""The longest line of any protocol; binary frames wait with far less."""


def _whole(frame: bytes) -> bytes:
    return frame.rstrip(b"\r\n")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_mutated_frame_harms_what_follows(protocol: str) -> None:
    decoder = decoder_of(protocol)
    silent_before = silent_bytes_of(decoder)
    chance = random.Random(protocol)
    fed = told = found = batches = 0
    for stretch, guard in mutated(protocol, frames=FRAMES, seed=20_261_121):
        frames: list[Frame] = []
        cut = chance.randrange(len(stretch) + 1)
        for part in (stretch[:cut], stretch[cut:]):
            frames += decoder.feed(part)
        fed += len(stretch)
        told += sum(len(frame.raw) for frame in frames)
        batches += 1
        # A checksum of eight bits lets one broken frame in 256 pass, which then may take the
        # place of a good one: rare, and no decoder can tell.
        found += bool(frames) and frames[-1].raw == _whole(guard)
        assert waiting_bytes_of(decoder) <= MOST_WAITING
    told += sum(len(frame.raw) for frame in decoder.finish())
    assert waiting_bytes_of(decoder) == 0
    assert told + decoder.dropped.bytes + silent_bytes_of(decoder) - silent_before == fed
    assert decoder.dropped.total > batches
    assert found >= 0.995 * batches


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_frames_and_counts_do_not_depend_on_how_bytes_were_split(protocol: str) -> None:
    stream = b"".join(part for part, _ in mutated(protocol, frames=1_000, seed=7))
    stream += random.Random(3).randbytes(3_000) + b"".join(SAMPLES[protocol])

    def decoded(step: int) -> tuple[list[Frame], Dropped, int]:
        decoder = decoder_of(protocol)
        frames = [
            frame
            for at in range(0, len(stream), step)
            for frame in decoder.feed(stream[at : at + step])
        ]
        frames += decoder.finish()
        return frames, decoder.dropped, silent_bytes_of(decoder)

    at_once = decoded(len(stream))
    assert decoded(1) == at_once
    assert decoded(7) == at_once


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_samples_are_read_and_nothing_is_dropped(protocol: str) -> None:
    decoder = decoder_of(protocol)
    frames = [frame for sample in SAMPLES[protocol] for frame in decoder.feed(sample)]
    frames += decoder.finish()
    assert [frame.raw for frame in frames] == [_whole(sample) for sample in SAMPLES[protocol]]
    assert decoder.dropped == Dropped()


@pytest.mark.parametrize("protocol", sorted(CHECKED))
def test_the_first_frame_after_garbage_is_found(protocol: str) -> None:
    chance = random.Random(protocol)
    sample = SAMPLES[protocol][0]
    for _ in range(200):
        decoder = decoder_of(protocol)
        garbage = chance.randbytes(chance.randrange(1, 400))
        frames = decoder.feed(garbage + sample) + decoder.feed(sample)
        assert [frame.raw for frame in frames][-2:] == [_whole(sample)] * 2
        assert decoder.dropped.total >= 1


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pure_noise_is_counted_and_never_raises(protocol: str) -> None:
    noise = random.Random(1).randbytes(200_000)
    decoder = decoder_of(protocol)
    silent_before = silent_bytes_of(decoder)
    frames = decoder.feed(noise) + decoder.finish()
    told = sum(len(frame.raw) for frame in frames)
    assert told + decoder.dropped.bytes + silent_bytes_of(decoder) - silent_before == len(noise)


@pytest.mark.parametrize("protocol", sorted(CHECKED))
def test_one_wrong_bit_is_never_a_reading(protocol: str) -> None:
    for sample in {_whole(sample) for sample in SAMPLES[protocol]}:
        good = decoder_of(protocol).feed(sample + b"\r\n") + decoder_of(protocol).finish()
        for at in range(len(sample)):
            for bit in range(8):
                wrong = sample[:at] + bytes((sample[at] ^ 1 << bit,)) + sample[at + 1 :]
                decoder = decoder_of(protocol)
                frames = decoder.feed(wrong) + decoder.finish()
                # A digit of a checksum in lower case is the same digit.
                said_the_same = [frame.readings for frame in frames] == [
                    frame.readings for frame in good
                ]
                assert not frames or said_the_same, (wrong, frames)


NEAR_MISSES = (
    b"a+1" * 340 + b"\x00\n",
    b"0R," * 300 + b"A" + b"1" * 100 + b"\x00\n",
    b"R,A=1" * 200 + b"\x00\n",
    b"o3" + b" " * 1000 + b"x\r",
    b"13:00 08-12-05 flags 1C00554A " + b"a " * 480 + b"\x01\r",
    b"CO2= 1 ppm " * 90 + b"!\n",
    b"T=1 " * 250 + b"!\n",
    b"1.1 " * 250 + b"(R C C+F T)x\n",
    b"$WIXDR," + b"C,1,C,0," * 100 + b"*00\n",
    b'"' * 1000 + b"\n",
)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_line_of_near_misses_takes_no_longer_than_a_line(protocol: str) -> None:
    # Milliseconds here; a pattern that tries every way to fit would take years.
    begun = time.perf_counter()
    for line in NEAR_MISSES:
        decoder_of(protocol).feed(line)
    assert time.perf_counter() - begun < 5
