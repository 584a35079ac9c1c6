"""How each protocol is read: what is sent first, what is asked, what is only listened to.

Owns one turn of reading on an open line. Knows no thread, no port name and no time of day; what
goes wrong is a `HardwareError`, and the reader decides what that means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Dropped, Frame
from app.hardware.errors import NoAnswer, WrongAnswer
from app.hardware.ports.opening import LineSettings
from app.hardware.protocols import make_decoder
from app.hardware.readers.conversation import Conversation
from app.hardware.readers.modbus_host import ModbusHost

_LISTEN_S = 0.5
_SILENT_TURNS = 2.5


class Poll(Protocol):
    """Reads one station. `interval_s` None: it listens without a pause."""

    interval_s: float | None

    def begin(self, conversation: Conversation) -> None:
        """Say what must be said once, after the port was opened."""

    def read(self, conversation: Conversation) -> list[Frame]:
        """Read once. Raises NoAnswer, WrongAnswer, DeviceRefused or PortLost."""

    def dropped(self) -> Dropped:
        """Give what was dropped since the beginning."""


class _Decoding:
    """Decoders and what they dropped."""

    def __init__(self, *decoders: Decoder) -> None:
        self.decoders = decoders

    def dropped(self) -> Dropped:
        """Give the sums over all decoders."""
        total = Dropped()
        for decoder in self.decoders:
            for cause in Cause:
                count = getattr(total, cause) + getattr(decoder.dropped, cause)
                setattr(total, cause, count)
            total.bytes += decoder.dropped.bytes
        return total


class ListeningPoll(_Decoding):
    """For stations that send by themselves; `greeting` is sent once."""

    interval_s: float | None = None

    def __init__(self, decoder: Decoder, *, greeting: Sequence[bytes] = ()) -> None:
        super().__init__(decoder)
        self._decoder = decoder
        self._greeting = tuple(greeting)

    def begin(self, conversation: Conversation) -> None:
        for request in self._greeting:
            conversation.send(request)

    def read(self, conversation: Conversation) -> list[Frame]:
        return conversation.listen(self._decoder, _LISTEN_S)


class ListenOrAskPoll(_Decoding):
    """For stations that may send by themselves or not: asks only when they stay silent."""

    def __init__(self, decoder: Decoder, requests: Sequence[bytes], *, interval_s: float) -> None:
        super().__init__(decoder)
        self.interval_s: float | None = None
        self._decoder = decoder
        self._requests = tuple(requests)
        self._every_s = interval_s
        self._heard_s: float | None = None
        self._asks = False

    def begin(self, conversation: Conversation) -> None:
        self._heard_s = conversation.clocks.steady()
        self._asks = False

    def read(self, conversation: Conversation) -> list[Frame]:
        now_s = conversation.clocks.steady()
        waited_s = now_s - (self._heard_s if self._heard_s is not None else now_s)
        if waited_s >= (self._every_s if self._asks else _SILENT_TURNS * self._every_s):
            self._asks = True
            self._heard_s = now_s
            return [
                frame
                for request in self._requests
                for frame in conversation.ask(request, self._decoder)
            ]
        frames = conversation.listen(self._decoder, min(_LISTEN_S, self._every_s))
        if frames and not self._asks:
            self._heard_s = conversation.clocks.steady()
        return frames


class AskingPoll(_Decoding):
    """For stations that speak when asked: each request, in turn, at an interval."""

    def __init__(
        self,
        asks: Sequence[tuple[bytes, Decoder]],
        *,
        interval_s: float,
        greeting: Sequence[bytes] = (),
        timeout_s: float = 1.0,
        greets_after: str = "",
    ) -> None:
        super().__init__(*dict.fromkeys(decoder for _, decoder in asks))
        self.interval_s: float | None = interval_s
        self._asks = tuple(asks)
        self._greeting = tuple(greeting)
        self._timeout_s = timeout_s
        self._greets_after = greets_after

    def begin(self, conversation: Conversation) -> None:
        for request in self._greeting:
            conversation.send(request)
            conversation.listen(self._asks[0][1], 0.2)

    def read(self, conversation: Conversation) -> list[Frame]:
        frames: list[Frame] = []
        for request, decoder in self._asks:
            frames += conversation.ask(request, decoder, timeout_s=self._timeout_s)
        if self._greets_after and any(frame.kind == self._greets_after for frame in frames):
            # The device was restarted under our hands and waits to be started again.
            self.begin(conversation)
        return frames


class ModbusPoll(_Decoding):
    """For probes on Modbus RTU: pymodbus asks and judges, the decoder reads what came."""

    def __init__(
        self, asks: Sequence[tuple[bytes, Decoder]], *, interval_s: float, timeout_s: float = 0.5
    ) -> None:
        super().__init__(*(decoder for _, decoder in asks))
        self.interval_s: float | None = interval_s
        self._asks = tuple(asks)
        self._timeout_s = timeout_s

    def begin(self, conversation: Conversation) -> None:
        """Say nothing: a probe is ready when it answers."""

    def read(self, conversation: Conversation) -> list[Frame]:
        frames: list[Frame] = []
        for request, decoder in self._asks:
            try:
                frames += self._ask(conversation, request, decoder)
            except (NoAnswer, WrongAnswer):
                # Once more, as Modbus hosts do: one disturbed frame is no silent device.
                frames += self._ask(conversation, request, decoder)
        return frames

    def _ask(self, conversation: Conversation, request: bytes, decoder: Decoder) -> list[Frame]:
        host = ModbusHost(conversation, device_id=request[0], timeout_s=self._timeout_s)
        try:
            host.exchange(request)
        except (NoAnswer, WrongAnswer):
            # The decoder still finds a good answer behind noise, and counts the damage of a bad.
            found = conversation.decode(decoder, host.received) + decoder.finish()
            if found:
                return found
            raise
        found = conversation.decode(decoder, host.received)
        if not found:
            raise conversation.no_answer(request, host.received)
        return found


class Sdi12Poll(_Decoding):
    """For SDI-12: measure, wait for the service request or the promised time, ask for the data."""

    def __init__(
        self, address: str, channels: Sequence[Channel | None], *, interval_s: float
    ) -> None:
        from app.hardware.protocols import sdi12

        self._measure = sdi12.measure_request(address)
        self._data = sdi12.data_request(address)
        self._address = address
        self._decoder = make_decoder("sdi12", request=self._measure, channels=channels)
        super().__init__(self._decoder)
        self.interval_s: float | None = interval_s

    def begin(self, conversation: Conversation) -> None:
        """Say nothing: each command begins with a break."""

    def read(self, conversation: Conversation) -> list[Frame]:
        # What another sensor of the line said too late is no answer to what is asked now.
        unread = conversation.line.discard_input()
        if unread:
            conversation.show(unread)
        conversation.line.send_break()
        promised = conversation.ask(self._measure, self._decoder)
        wait_s = max((int(frame.details.get("wait_s", 0)) for frame in promised), default=0)
        ends_s = conversation.clocks.steady() + wait_s + 0.2
        while wait_s and (left_s := ends_s - conversation.clocks.steady()) > 0:
            heard = conversation.listen(self._decoder, left_s)
            if any(frame.kind == "ready" for frame in heard) or not heard:
                break
        return [
            frame
            for frame in conversation.ask(self._data, self._decoder)
            if frame.details.get("address", self._address) == self._address
        ]


@dataclass(frozen=True, slots=True)
class StationPlan:
    """What to read: the protocol and what it cannot say itself.

    `address`: of a Modbus device, an SDI-12 sensor, a WXT or a WindSonic node. `channels`: the
    values of SDI-12 in their order. `gases`: what a Thermo analyser measures.
    """

    protocol: str
    interval_s: float = 1.0
    address: str = ""
    channels: tuple[Channel | None, ...] = ()
    gases: tuple[str, ...] = ("co",)
    line: LineSettings | None = None
    """Other line settings than the protocol's usual ones."""


_LINES = {
    "gmp252": LineSettings(19200, stop_bits=2),
    "gmp252-ascii": LineSettings(19200),
    "mgp261": LineSettings(19200, stop_bits=2),
    "gmp343": LineSettings(19200),
    "sps30": LineSettings(115200),
    "sdi12": LineSettings(1200, 7, "E"),
    "wxt5xx": LineSettings(19200),
    "nmea": LineSettings(4800),
    "toa5": LineSettings(115200),
}


def line_settings(plan: StationPlan) -> LineSettings:
    """Give how the line is set: as the plan says, else as the protocol's stations come."""
    return plan.line or _LINES.get(plan.protocol, LineSettings(9600))


def make_poll(  # noqa: PLR0911 - one form of reading each
    plan: StationPlan, *, decoder: Decoder | None = None
) -> Poll:
    """Make the poll of a plan; a decoder given is listened with (configured CSV lines).

    Raises ValueError for an address a protocol cannot have, CannotDecode for no protocol.
    """
    if decoder is not None:
        return ListeningPoll(decoder)
    if plan.protocol in ("gmp252", "mgp261", "s8"):
        return _modbus_poll(plan)
    if plan.protocol in ("mhz19b", "sps30", "gmp343", "thermo"):
        return _asking_poll(plan)
    if plan.protocol == "sdi12":
        return Sdi12Poll(plan.address or "0", plan.channels, interval_s=plan.interval_s)
    requests = _requests_when_silent(plan)
    made = make_decoder(plan.protocol, channels=plan.channels)
    if plan.protocol == "toa5":
        # A logger that listens gives its header anew; one that does not is none the worse.
        return ListeningPoll(made, greeting=[b"\r"])
    if requests:
        return ListenOrAskPoll(made, requests, interval_s=plan.interval_s)
    return ListeningPoll(made)


def _modbus_poll(plan: StationPlan) -> Poll:
    from app.hardware.protocols import gmp252, mgp261, s8

    address = int(plan.address) if plan.address else None
    if plan.protocol == "gmp252":
        at = gmp252.ADDRESS if address is None else address
        # The status first: what it says counts for the values that follow.
        requests = [gmp252.status_request(at), gmp252.measurement_request(at)]
    elif plan.protocol == "mgp261":
        at = mgp261.ADDRESS if address is None else address
        requests = [mgp261.measurement_request(at)]
    else:
        requests = [s8.measurement_request(s8.ADDRESS if address is None else address)]
    asks = [(request, make_decoder(plan.protocol, request=request)) for request in requests]
    return ModbusPoll(asks, interval_s=plan.interval_s)


def _asking_poll(plan: StationPlan) -> Poll:
    decoder = make_decoder(plan.protocol)
    if plan.protocol == "mhz19b":
        from app.hardware.protocols import mhz19b

        return AskingPoll([(mhz19b.read_request(), decoder)], interval_s=plan.interval_s)
    if plan.protocol == "sps30":
        from app.hardware.protocols import sps30

        return AskingPoll(
            [(sps30.read_request(), decoder)],
            interval_s=plan.interval_s,
            greeting=[sps30.wake_request(), sps30.start_request()],
            greets_after="refusal",
        )
    if plan.protocol == "gmp343":
        from app.hardware.protocols import gmp343

        return AskingPoll(
            [(gmp343.read_request(), decoder)],
            interval_s=plan.interval_s,
            greeting=[b"\r", gmp343.quiet_request(), gmp343.form_request()],
        )
    from app.hardware.protocols import thermo

    number = int(plan.address or "0")
    asks = [(thermo.concentration_request(gas, number), decoder) for gas in plan.gases]
    return AskingPoll(asks, interval_s=plan.interval_s)


def _requests_when_silent(plan: StationPlan) -> list[bytes]:
    """Give what to ask a station that may send by itself but does not."""
    if plan.protocol == "gmp252-ascii":
        at = f" {plan.address}" if plan.address else ""
        return [f"send{at}\r".encode("ascii")]
    if plan.protocol in ("pms5003", "pms5003t"):
        from app.hardware.protocols import plantower

        return [plantower.read_request()]
    if plan.protocol == "sds011":
        from app.hardware.protocols import sds011

        return [sds011.read_request()]
    if plan.protocol == "wxt5xx":
        from app.hardware.protocols import wxt5xx

        address = plan.address or "0"
        return [wxt5xx.data_request(part, address, checked=False) for part in (1, 2)]
    if plan.protocol == "windsonic":
        return [(plan.address or "Q").encode("ascii")]
    return []
