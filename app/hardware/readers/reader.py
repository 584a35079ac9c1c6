"""One thread for one station: opens its port, reads it, tells what happens, and goes on.

Owns the port while it runs, or its share of a bus's (`shared_port.py`), the marks of gaps, and the
commands that others want carried out on the line. What is read goes into a bounded queue; nothing
here grows with time.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from app.hardware.decoding import Decoder, Frame
from app.hardware.errors import (
    DeviceRefused,
    HardwareError,
    NoAnswer,
    PortLost,
    ReaderStopped,
    WrongAnswer,
)
from app.hardware.ports.listing import PortLister, find_port, list_ports
from app.hardware.ports.opening import ByteLine, LineSettings, open_line
from app.hardware.ports.signatures import guess_protocols
from app.hardware.readers.clocks import Clocks, JumpWatch
from app.hardware.readers.console import Console
from app.hardware.readers.conversation import Conversation, Traffic, describe_bytes
from app.hardware.readers.event_queue import EventQueue
from app.hardware.readers.events import (
    ClockJumped,
    Counters,
    GapBegan,
    GapEnded,
    Problem,
    ReaderEvent,
    Sample,
)
from app.hardware.readers.polling import Poll, StationPlan, line_settings, make_poll
from app.hardware.readers.shared_port import PortShare

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the reader waits before it says or does something, in seconds."""

    silence_s: float = 10.0
    """Without a good frame: a gap, and a word on what was seen instead."""
    reopen_s: float = 1.0
    """Between two attempts to open the port."""
    command_s: float = 30.0
    """For a command that waits for its turn and its end."""
    rest_s: float = 8.0
    """At most, before a silent device is asked again on a bus whose others are read."""


@dataclass
class _Gap:
    began: datetime
    began_s: float
    code: str


class StationReader:
    """Reads a station until stopped; events are taken from `events`.

    `port` is a path or a USB identity (`usb:0403:6001:A1`): with the latter the adapter is found
    again in whatever socket it returns to.
    """

    def __init__(
        self,
        port: str,
        plan: StationPlan,
        *,
        decoder: Decoder | None = None,
        patience: Patience | None = None,
        capacity: int = 5000,
        clocks: Clocks | None = None,
        lister: PortLister = list_ports,
        opener: Callable[[str, LineSettings], ByteLine] = open_line,
    ) -> None:
        self.port = port
        self.plan = plan
        self.clocks = clocks or Clocks()
        self.console = Console()
        self.events = EventQueue(capacity, wall=self.clocks.wall)
        self._poll: Poll = make_poll(plan, decoder=decoder)
        self._patience = patience or Patience()
        self._lister = lister
        self._opener = opener
        self._traffic = Traffic()
        self._jumps = JumpWatch(self.clocks)
        self._commands: queue.SimpleQueue[tuple[Callable[[Conversation], Any], Future[Any]]] = (
            queue.SimpleQueue()
        )
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._gap: _Gap | None = None
        self._told: str = ""
        self._last_good: tuple[datetime, float] | None = None
        self._since_s = self.clocks.steady()
        self._frames = self._gaps = self._openings = 0
        self._silent_turns, self._rest_s = 0, 0.0
        self._thread = threading.Thread(target=self._run, name=f"reader {port}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End: returns when the port is closed; an open gap ends nowhere and is not told."""
        self._stop.set()
        self._wake.set()
        # A reader that waits for room in the queue is let go; what is in it can be taken.
        self.events.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()
        self._refuse_commands(self._stopped())

    @property
    def is_running(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def counters(self) -> Counters:
        """Give what was counted so far."""
        return Counters(
            frames=self._frames,
            bytes_in=self._traffic.bytes_in,
            bytes_out=self._traffic.bytes_out,
            asked=self._traffic.asked,
            unanswered=self._traffic.unanswered,
            gaps=self._gaps,
            openings=self._openings,
            samples_lost=self.events.samples_lost,
            dropped=self._poll.dropped(),
        )

    def execute(self, command: Callable[[Conversation], T]) -> T:
        """Carry out a command on the line between two reads, and give its result.

        The command runs on the thread that reads and alone has the line meanwhile. Raises what
        it raises; PortLost when the port is away, ReaderStopped, or NoAnswer when its turn does
        not come in time.
        """
        if self._stop.is_set() or not self._thread.is_alive():
            raise self._stopped()
        result: Future[T] = Future()
        self._commands.put((command, result))
        self._wake.set()
        try:
            return result.result(self._patience.command_s)
        except NotInTime:
            result.cancel()
            raise NoAnswer(
                f"The command to {self.port} was not carried out within "
                f"{self._patience.command_s:g} s.",
                hint="Look at the console: the station may be busy or away.",
            ) from None

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                line = self._opener(find_port(self.port, self._lister), line_settings(self.plan))
            except HardwareError as error:
                self._begin_gap(error)
                self._refuse_commands(error)
                self._watch_clock()
                self._stop.wait(self._patience.reopen_s)
                continue
            self._openings += 1
            try:
                self._read_line(line)
            except HardwareError as error:
                self._begin_gap(error)
                self._refuse_commands(error)
            except Exception:  # noqa: BLE001 - logged with its traceback
                # A fault of our own must not end the reading of a station for days unseen.
                _log.exception("the reader of %s met a fault of its own", self.port)
                self._begin_gap(
                    HardwareError(
                        f"Reading {self.port} failed by a fault of Teak's own; it is tried again.",
                        hint="Please report it with the log file.",
                    )
                )
                self._stop.wait(self._patience.reopen_s)
            finally:
                line.close()

    def _read_line(self, line: ByteLine) -> None:
        """Read until the port is lost or the reader is stopped."""
        conversation = Conversation(
            line,
            clocks=self.clocks,
            console=self.console,
            traffic=self._traffic,
            stop=self._stop,
        )
        self._since_s = due_s = self.clocks.steady()
        self._traffic.seen.clear()
        self._in_turn(line, lambda: self._poll.begin(conversation))
        while not self._stop.is_set():
            self._look_for_commands(conversation)
            self._watch_clock()
            for frame in self._in_turn(line, lambda: self._read_once(conversation)):
                self._take(frame)
            self._watch_silence()
            if self._poll.interval_s is not None:
                due_s += self._poll.interval_s
                if rest_s := self._rest_of(line):
                    due_s = max(due_s, self.clocks.steady() + rest_s)
                due_s = self._wait_for_turn(conversation, due_s)

    def _in_turn(self, line: ByteLine, act: Callable[[], T]) -> T:
        """Do it now on a line of one's own; on a bus when the others have let go of it."""
        if isinstance(line, PortShare):
            return line.in_turn(act, stop=self._stop)
        return act()

    def _read_once(self, conversation: Conversation) -> list[Frame]:
        began_s = self.clocks.steady()
        try:
            frames = self._poll.read(conversation)
        except (NoAnswer, WrongAnswer, DeviceRefused) as error:
            _log.debug("%s: %s", self.port, error.message)
            frames = []
        self._silent_turns = 0 if frames else self._silent_turns + 1
        self._rest_s = (self.clocks.steady() - began_s) * 2 ** min(self._silent_turns, 10)
        return frames

    def _rest_of(self, line: ByteLine) -> float:
        """Give how long a device without an answer leaves a bus to the others: ever longer."""
        if not self._silent_turns or not isinstance(line, PortShare) or not line.has_others:
            return 0.0
        return min(self._rest_s, self._patience.rest_s)

    def _wait_for_turn(self, conversation: Conversation, due_s: float) -> float:
        """Wait for the next turn, carrying out commands; turns that were missed are let go."""
        while not self._stop.is_set() and (left_s := due_s - self.clocks.steady()) > 0:
            if self._wake.wait(left_s):
                self._look_for_commands(conversation)
        return max(due_s, self.clocks.steady() - (self._poll.interval_s or 0.0))

    def _take(self, frame: Frame) -> None:
        """Tell a good frame; frames without readings are shown on the console only."""
        if not frame.readings:
            if frame.kind == "exception":
                reason = str(frame.details.get("message", ""))
                self._tell_once(
                    DeviceRefused(
                        f"{self.port} refuses what it is asked: {reason}.",
                        hint="Check that the model is the one on the label.",
                        values={"reason": reason},
                    )
                )
            return
        now, now_s = self.clocks.wall(), self.clocks.steady()
        self._frames += 1
        self._end_gap(now, now_s)
        self._last_good = (now, now_s)
        self._told = ""
        self._traffic.seen.clear()
        self.events.put(Sample(now, now_s, self.plan.protocol, frame))

    def _begin_gap(self, error: HardwareError) -> None:
        """Mark that nothing good arrives, from the last good frame on; say each reason once."""
        if self._stop.is_set():
            return
        if self._gap is None:
            began, began_s = self._last_good or (self.clocks.wall(), self.clocks.steady())
            self._gap = _Gap(began, began_s, error.code)
            self._gaps += 1
            self._told = error.code
            values = {"port": self.port, **error.values}
            self._put(GapBegan(began, error.code, error.message, error.hint, values))
        else:
            self._tell_once(error)

    def _end_gap(self, now: datetime, now_s: float) -> None:
        if self._gap is not None:
            gap, self._gap = self._gap, None
            self._put(GapEnded(now, gap.began, now_s - gap.began_s, gap.code))

    def _watch_silence(self) -> None:
        """Say what is seen when no good frame comes for long."""
        last_s = self._last_good[1] if self._last_good is not None else self._since_s
        silent_s = self.clocks.steady() - max(last_s, self._since_s)
        if silent_s >= self._patience.silence_s:
            self._begin_gap(self._silence(bytes(self._traffic.seen)))

    def _silence(self, seen: bytes) -> HardwareError:
        long = f"for {self._patience.silence_s:g} s"
        if not seen:
            return NoAnswer(
                f"Nothing has come from {self.port} {long}.",
                hint="Check power, cable, address and line settings "
                f"({line_settings(self.plan)}) of the station.",
                values={
                    "seconds": f"{self._patience.silence_s:g}",
                    "settings": str(line_settings(self.plan)),
                },
            )
        guesses = [name for name in guess_protocols(seen) if name != self.plan.protocol]
        like = f" This looks like {' or '.join(guesses)}." if guesses else ""
        return WrongAnswer(
            f"What comes from {self.port} {long} is no {self.plan.protocol}: "
            f"{describe_bytes(seen)}.{like}",
            hint="Choose the model that is on the label, or let Teak recognise what is on the "
            "port; wrong line settings look like this too.",
            values={
                "seconds": f"{self._patience.silence_s:g}",
                "protocol": self.plan.protocol,
                "seen": describe_bytes(seen),
                "guesses": ", ".join(guesses),
            },
        )

    def _watch_clock(self) -> None:
        jump_s = self._jumps.look()
        if jump_s is not None:
            self._put(ClockJumped(self.clocks.wall(), jump_s))

    def _tell_once(self, error: HardwareError) -> None:
        if error.code != self._told:
            self._told = error.code
            now, values = self.clocks.wall(), {"port": self.port, **error.values}
            self._put(Problem(now, error.code, error.message, error.hint, values))

    def _put(self, event: ReaderEvent) -> None:
        self.events.put(event)

    def _look_for_commands(self, conversation: Conversation) -> None:
        self._wake.clear()
        if not self._commands.empty():
            self._in_turn(conversation.line, lambda: self._carry_out_commands(conversation))

    def _carry_out_commands(self, conversation: Conversation) -> None:
        while not self._commands.empty():
            command, result = self._commands.get()
            if not result.set_running_or_notify_cancel():
                continue
            try:
                result.set_result(command(conversation))
            except PortLost as error:
                result.set_exception(error)
                raise
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
                result.set_exception(error)

    def _refuse_commands(self, error: HardwareError) -> None:
        while not self._commands.empty():
            _, result = self._commands.get()
            if result.set_running_or_notify_cancel():
                result.set_exception(error)

    def _stopped(self) -> ReaderStopped:
        return ReaderStopped(
            f"{self.port} is not being read.", hint="Start reading the station first."
        )
