"""Speaking with the device on an open line: every byte counted and shown on the console.

Owns sending, waiting for an answer, and that nothing else is sent meanwhile. Used by polls and by
commands (calibration, sleep), always on the reader's own thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from app.hardware.decoding import Decoder, Frame
from app.hardware.errors import NoAnswer, WrongAnswer
from app.hardware.ports.opening import ByteLine
from app.hardware.readers.clocks import Clocks
from app.hardware.readers.console import Console, ConsoleLine

_SLICE_S = 0.1
_PAUSE_S = 0.25
_LARGEST_SEEN = 64


@dataclass
class Traffic:
    """What went over the line since the reader began."""

    bytes_in: int = 0
    bytes_out: int = 0
    asked: int = 0
    unanswered: int = 0
    seen: bytearray = field(default_factory=bytearray)
    """The last bytes received, at most 64: what to show when nothing is understood."""


class Conversation:
    """The device on one open line. Every wait ends early when the reader is stopped."""

    def __init__(
        self,
        line: ByteLine,
        *,
        clocks: Clocks,
        console: Console,
        traffic: Traffic,
        stop: Event | None = None,
    ) -> None:
        self.line = line
        self.clocks = clocks
        self._console = console
        self._traffic = traffic
        self._stop = stop or Event()

    def count_asked(self) -> None:
        """Count a request that somebody else puts together."""
        self._traffic.asked += 1

    def send(self, data: bytes) -> None:
        """Send bytes. Raises PortLost."""
        self.line.write(data)
        self._traffic.bytes_out += len(data)
        self._console.note(ConsoleLine(self.clocks.wall(), is_sent=True, data=data))

    def receive(self, timeout_s: float) -> bytes:
        """Give what has arrived, b"" when nothing came in time. Raises PortLost."""
        ends_s = self.clocks.steady() + timeout_s
        while True:
            left_s = ends_s - self.clocks.steady()
            data = self.line.read(min(max(left_s, 0.0), _SLICE_S))
            if data:
                self._traffic.bytes_in += len(data)
                self._traffic.seen += data
                del self._traffic.seen[:-_LARGEST_SEEN]
                return data
            if left_s <= 0 or self._stop.is_set():
                return b""

    def decode(self, decoder: Decoder, data: bytes) -> list[Frame]:
        """Give the frames these bytes complete, and show both on the console."""
        frames = decoder.feed(data)
        self.show(data, frames)
        return frames

    def show(self, data: bytes, frames: list[Frame] | None = None) -> None:
        """Show received bytes on the console, and the frames they became."""
        self._console.note(
            ConsoleLine(self.clocks.wall(), is_sent=False, data=data, frames=tuple(frames or ()))
        )

    def listen(self, decoder: Decoder, timeout_s: float) -> list[Frame]:
        """Give the frames of what arrives next, an empty list when nothing comes in time."""
        data = self.receive(timeout_s)
        return self.decode(decoder, data) if data else []

    def ask(self, request: bytes, decoder: Decoder, *, timeout_s: float = 1.0) -> list[Frame]:
        """Send a request and give the frames up to the answer.

        Raises NoAnswer when nothing came, WrongAnswer when what came is no frame.
        """
        self._traffic.asked += 1
        self.send(request)
        seen, frames = bytearray(), list[Frame]()
        ends_s = self.clocks.steady() + timeout_s
        while not frames and (left_s := ends_s - self.clocks.steady()) > 0:
            # An answer comes in one go: a pause in it is its end, whole or not.
            data = self.receive(min(left_s, _PAUSE_S) if seen else left_s)
            if not data:
                break
            seen += data[:_LARGEST_SEEN]
            frames += self.decode(decoder, data)
        if not frames:
            raise self.no_answer(request, bytes(seen))
        return frames

    def ask_text(
        self, request: bytes, *, ends: Callable[[bytes], bool], timeout_s: float = 1.0
    ) -> bytes:
        """Send a request and give the bytes of the answer, until `ends` says they are whole.

        Raises NoAnswer when nothing came; what came without its end is given as it is.
        """
        self._traffic.asked += 1
        self.send(request)
        answer = bytearray()
        ends_s = self.clocks.steady() + timeout_s
        while not ends(bytes(answer)) and (left_s := ends_s - self.clocks.steady()) > 0:
            data = self.receive(left_s)
            if not data:
                break
            answer += data
            self.show(data)
        if not answer:
            raise self.no_answer(request, b"")
        return bytes(answer)

    def no_answer(self, request: bytes, seen: bytes) -> NoAnswer | WrongAnswer:
        """Count and describe a request that got no answer, or none that can be understood."""
        self._traffic.unanswered += 1
        if seen:
            return WrongAnswer(
                f"{self.line.path} answered {describe_bytes(request)} with "
                f"{describe_bytes(seen)}, which is no whole frame of this protocol.",
                hint="Check the model and the line settings; a long cable may disturb the line.",
            )
        return NoAnswer(
            f"{self.line.path} did not answer {describe_bytes(request)}.",
            hint="Check power, cable, address and line settings of the station.",
        )


def describe_bytes(data: bytes, *, largest: int = 16) -> str:
    """Give bytes for a message: hex, and their text where they are text."""
    shown = data[:largest]
    told = shown.hex(" ").upper() + (" …" if len(data) > largest else "")
    text = shown.decode("ascii", "replace").strip()
    return f"{told} (“{text}”)" if len(text) > 2 and text.isprintable() else told
