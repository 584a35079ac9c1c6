"""How frames are found in a stream of bytes, and how what lies between them is counted.

Owns the buffer, the search for the next frame and the account of dropped bytes, for frames with a
header (`StreamDecoder`) and for lines of text (`LineDecoder`); what a frame means is the
protocol's. However the bytes are split over calls of `feed`, the frames and counts are the same.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from app.hardware.decoding import Cause, Dropped, Frame

Buffer = bytes | bytearray


@dataclass(frozen=True, slots=True)
class Broken:
    """A frame that begins here and is not good."""

    cause: Cause
    extent: int
    """How many bytes of the stream the broken frame takes, counted from its start."""


class _Account:
    """Counts what is dropped: each stretch once, each byte once."""

    def __init__(self) -> None:
        self.dropped = Dropped()
        self.silent_bytes = 0
        """Bytes understood that make no frame: line ends, prompts, the header of a file."""
        self._buffer = bytearray()
        self._open_cause: Cause | None = None
        """Why the broken frame we are in is dropped; counted once it is passed."""
        self._covered = 0
        self._in_garbage = False

    def _after_frame(self) -> None:
        """Begin anew after a good frame: one that begins within a broken one shows it cut short."""
        if self._covered and self._open_cause is Cause.CHECKSUM:
            self._open_cause = Cause.LENGTH
        self._close()
        self._in_garbage = False

    def _close(self) -> None:
        """Count the broken frame we are in, if in one."""
        if self._open_cause is not None:
            name = self._open_cause.value
            setattr(self.dropped, name, getattr(self.dropped, name) + 1)
        self._open_cause = None
        self._covered = 0

    def _count(self, broken: Broken) -> None:
        """Count a broken frame, unless it begins within the last one: then it only prolongs it.

        Garbage is counted by its stretches, where its bytes are dropped.
        """
        if broken.cause is Cause.GARBAGE:
            return
        if not self._covered:
            self._open_cause = broken.cause
            self._in_garbage = False
        self._covered = max(self._covered, broken.extent)

    def _drop(self, count: int) -> None:
        """Drop bytes; those outside a broken frame are a stretch of garbage."""
        self.dropped.bytes += count
        is_within = count <= self._covered
        self._covered -= min(count, self._covered)
        if not self._covered:
            self._close()
        if is_within:
            return
        if not self._in_garbage:
            self._in_garbage = True
            self.dropped.garbage += 1


class StreamDecoder(_Account, ABC):
    """Finds binary frames by their header; steps on by one byte when a frame does not hold."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes and give the frames they complete."""
        self._buffer += data
        return self._advance(ended=False)

    def finish(self) -> list[Frame]:
        """Take what waits as all there is: a begun frame is dropped as too short."""
        return self._advance(ended=True)

    @abstractmethod
    def _find(self, buffer: bytearray, position: int) -> int:
        """Give where the next frame may begin, at `position` or after; the end if nowhere."""

    @abstractmethod
    def _size(self, buffer: bytearray, position: int) -> int | Broken | None:
        """Give the size of the frame that may begin here; None when it takes more bytes to tell."""

    @abstractmethod
    def _read(self, raw: bytes) -> Frame | Broken:
        """Read a frame of the size given."""

    def _judge(self, buffer: bytearray, position: int) -> Frame | Broken | None:
        size = self._size(buffer, position)
        if not isinstance(size, int):
            return size
        if len(buffer) - position < size:
            return None
        return self._read(bytes(buffer[position : position + size]))

    def _advance(self, *, ended: bool) -> list[Frame]:
        buffer, frames, position = self._buffer, [], 0
        while True:
            start = self._find(buffer, position)
            if start > position:
                self._drop(start - position)
                position = start
            if position >= len(buffer):
                break
            verdict = self._judge(buffer, position)
            if verdict is None:
                if not ended:
                    break
                verdict = Broken(Cause.LENGTH, len(buffer) - position)
            if isinstance(verdict, Frame):
                frames.append(verdict)
                position += len(verdict.raw)
                self._after_frame()
            else:
                self._count(verdict)
                self._drop(1)
                position += 1
        del buffer[:position]
        if ended:
            self._close()
        return frames


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end: the text, and whether an end was seen."""

    text: bytes
    is_ended: bool


class LineDecoder(_Account, ABC):
    """Finds frames that are lines, each ended by CR, LF or both.

    Of a line longer than `longest` only the end is looked at; what comes before it is dropped.
    """

    longest = 1024
    _line_end = re.compile(rb"[\r\n]")
    _line_end_at_last = _line_end
    """What ends a line once nothing follows, where it takes the next bytes to tell."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes and give the frames of the lines they end."""
        self._buffer += data
        return self._advance(ended=False)

    def finish(self) -> list[Frame]:
        """Take what waits as the last line, which has no end."""
        return self._advance(ended=True)

    @abstractmethod
    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        """Judge a line: how many bytes before the frame are garbage, and the frame.

        In the place of the frame: a cause drops the whole line, None passes over it in silence.
        """

    def _advance(self, *, ended: bool) -> list[Frame]:
        buffer, frames, position = self._buffer, list[Frame](), 0
        line_end = self._line_end_at_last if ended else self._line_end
        for end in line_end.finditer(buffer):
            self._line(bytes(buffer[position : end.start()]), True, frames)
            self.silent_bytes += end.end() - end.start()
            position = end.end()
        if ended:
            self._line(bytes(buffer[position:]), False, frames)
            position = len(buffer)
        elif (surplus := len(buffer) - position - self.longest) > 0:
            self._drop(surplus)
            position += surplus
        del buffer[:position]
        return frames

    def _line(self, text: bytes, is_ended: bool, frames: list[Frame]) -> None:
        if len(text) > self.longest:
            self._drop(len(text) - self.longest)
            text = text[-self.longest :]
        if text:
            garbage, verdict = self._judge(Line(text, is_ended))
            if isinstance(verdict, Cause):
                self._count(Broken(verdict, len(text)))
                self._drop(len(text))
            else:
                if garbage:
                    self._drop(garbage)
                if verdict is None:
                    self.silent_bytes += len(text) - garbage
                else:
                    frames.append(verdict)
        self._after_frame()


def cause_of_unread(text: bytes) -> Cause:
    """Say why a line that fits no known form is dropped: text is unknown, else it is garbage."""
    return Cause.UNKNOWN if text.isascii() and text.decode().isprintable() else Cause.GARBAGE
