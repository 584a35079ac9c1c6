"""Simulated weather stations: Vaisala WXT530 in its ASCII protocol, NMEA 0183, Gill WindSonic.

Owns their messages and modes. WXT530: automatic or polled, `0R1`, `0R2`, `0R3`, `0R5`, `0R0`,
lower case with CRC, `0XU`. NMEA: MWV and XDR sentences every second. WindSonic: continuous or
polled (`?` and `!` switch, `Q` asks), and a configuration mode.
"""

from __future__ import annotations

from app.hardware.channels import Channel
from app.hardware.simulators.device import LineBuffer, Metronome
from app.hardware.simulators.sdi12 import sdi12_crc
from app.hardware.simulators.surroundings import Surroundings, make_sensors

_AIR = (Channel.TEMPERATURE, Channel.HUMIDITY, Channel.PRESSURE)
_WIND = (Channel.WIND_SPEED, Channel.WIND_DIRECTION)


def xor_checksum(text: str) -> str:
    """Give the checksum of NMEA and WindSonic: the exclusive or of all characters, in hex."""
    checksum = 0
    for byte in text.encode("ascii"):
        checksum ^= byte
    return f"{checksum:02X}"


class _Station:
    """What the three have in common: wind, and values as they stand on the wire."""

    def __init__(self, surroundings: Surroundings, channels: tuple[Channel, ...]) -> None:
        self.sensors = make_sensors(surroundings, *channels)
        self._lines = LineBuffer()
        self._output = Metronome(1.0, first_s=1.0)

    def _speed(self, now_s: float) -> float:
        return max(0.0, self.sensors[Channel.WIND_SPEED].value(now_s))

    def _direction(self, now_s: float) -> int:
        return round(self.sensors[Channel.WIND_DIRECTION].value(now_s)) % 360

    def _value(self, channel: Channel, now_s: float) -> float:
        value = self.sensors[channel].value(now_s)
        return min(max(value, 0.0), 100.0) if channel is Channel.HUMIDITY else value


class Wxt5xx(_Station):
    """The transmitter: 19200 8N1; it sends wind and air every second until it is set to polled."""

    def __init__(self, surroundings: Surroundings, *, address: str = "0") -> None:
        super().__init__(surroundings, (*_WIND, *_AIR))
        self.address = address
        self.mode = "A"

    def emit(self, now_s: float) -> list[bytes]:
        if not self._output.is_due(now_s) or self.mode not in "Aa":
            return []
        crc = self.mode == "a"
        return [self._message(number, crc=crc, now_s=now_s) for number in "12"]

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        replies = []
        for line in self._lines.take(data.replace(b"!", b"\r")):
            reply = self._carry_out(line.strip(), now_s)
            if reply is not None:
                replies.append(reply)
        return replies

    def _carry_out(  # noqa: PLR0911 - one answer a command
        self, command: str, now_s: float
    ) -> bytes | None:
        if command == "?":
            return _line(self.address)
        if command[:1] != self.address:
            return None
        rest = command[1:]
        if not rest:
            return _line(self.address)
        if rest[0] == "r":
            # Lower case asks for a CRC and carries one itself.
            asked = command[:-3]
            if len(rest) < 4 or command[-3:] != sdi12_crc(asked):
                right = sdi12_crc(command if len(rest) < 4 else asked)
                return self._closed(f"{self.address}tX,Use chksum {right}", crc=True)
            rest = rest[:-3]
        if rest[0] in "Rr" and rest[1:] in ("", "0", "1", "2", "3", "5"):
            return self._message(rest[1:], crc=rest[0] == "r", now_s=now_s)
        if rest[:2].upper() == "XU":
            return self._settings(rest[2:])
        return self._closed(f"{self.address}tX,Unknown cmd error", crc=False)

    def _settings(self, changes: str) -> bytes:
        for change in changes.split(",")[1:]:
            name, _, value = change.partition("=")
            if name.upper() == "M" and value in ("A", "a", "P", "p"):
                self.mode = value
            elif name.upper() == "A" and len(value) == 1 and value.isalnum():
                self.address = value
        return _line(
            f"{self.address}XU,A={self.address},M={self.mode},T=0,C=3,I=1,B=19200,D=8,P=N,S=1,"
            "L=25,N=WXT530,V=1.00"
        )

    def _message(self, number: str, *, crc: bool, now_s: float) -> bytes:
        parts = {
            "1": self._wind(now_s),
            "2": self._air(now_s),
            "3": "Rc=0.00M,Rd=0s,Ri=0.0M,Hc=0.0M,Hd=0s,Hi=0.0M",
            "5": "Th=29.1C,Vh=0.0N,Vs=12.1V,Vr=3.511V",
        }
        if number in parts:
            text = f"{self.address}{'r' if crc else 'R'}{number},{parts[number]}"
        else:
            text = f"{self.address}{'r' if crc else 'R'}0,{','.join(parts.values())}"
        return self._closed(text, crc=crc)

    def _closed(self, text: str, *, crc: bool) -> bytes:
        return _line(text + sdi12_crc(text) if crc else text)

    def _wind(self, now_s: float) -> str:
        direction, speed = self._direction(now_s), self._speed(now_s)
        turned = [(direction + turn) % 360 for turn in (-9, 0, 8)]
        names = ("Dn", "Dm", "Dx")
        directions = ",".join(f"{n}={v:03}D" for n, v in zip(names, turned, strict=True))
        speeds = f"Sn={speed * 0.7:.1f}M,Sm={speed:.1f}M,Sx={speed * 1.4:.1f}M"
        return f"{directions},{speeds}"

    def _air(self, now_s: float) -> str:
        temperature, humidity, pressure = (self._value(channel, now_s) for channel in _AIR)
        return f"Ta={temperature:.1f}C,Ua={humidity:.1f}P,Pa={pressure:.1f}H"


class Nmea(_Station):
    """A weather station of NMEA 0183 sentences: 4800 8N1; it listens to nothing."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings, (*_WIND, *_AIR))

    def receive(self, data: bytes, now_s: float) -> list[bytes]:  # noqa: ARG002 - it never listens
        return []

    def emit(self, now_s: float) -> list[bytes]:
        if not self._output.is_due(now_s):
            return []
        temperature, humidity, pressure = (self._value(channel, now_s) for channel in _AIR)
        return [
            self._sentence(
                f"WIMWV,{self._direction(now_s):05.1f},R,{self._speed(now_s):05.2f},M,A"
            ),
            self._sentence(
                f"WIXDR,C,{temperature:.1f},C,0,H,{humidity:.1f},P,0,P,{pressure:.1f},H,0"
            ),
        ]

    def _sentence(self, text: str) -> bytes:
        return _line(f"${text}*{xor_checksum(text)}")


class WindSonic(_Station):
    """The anemometer: 9600 8N1, polar wind every second."""

    def __init__(self, surroundings: Surroundings, *, node: str = "Q") -> None:
        super().__init__(surroundings, _WIND)
        self.node = node
        self.is_polled = False
        self._configures = False

    def emit(self, now_s: float) -> list[bytes]:
        due = self._output.is_due(now_s)
        return [self._message(now_s)] if due and not self.is_polled and not self._configures else []

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        replies: list[bytes] = []
        for letter in data.decode("latin-1"):
            if self._configures:
                replies += self._configure(letter)
            elif letter == "*":
                self._configures = True
                replies.append(_line("CONFIGURATION MODE"))
            elif letter == "?":
                self.is_polled = True
            elif letter == "!":
                self.is_polled = False
            elif letter == "&":
                replies.append(f"\x02{self.node}\x03\r\n".encode("ascii"))
            elif letter == self.node and self.is_polled:
                replies.append(self._message(now_s))
        return replies

    def _configure(self, letter: str) -> list[bytes]:
        replies = []
        for command in self._lines.take(letter.encode("latin-1")):
            if command.upper() == "Q":
                self._configures = False
            elif command.upper() == "D3":
                replies.append(_line("M0,U1,O1,L1,P1,B3,H1,NQ,F1,E1,T1,S4,C2,G0,K50,"))
            elif command.upper() in ("M2", "M4"):
                self.is_polled = command.upper() == "M4"
                replies.append(_line(command.upper()))
            elif command:
                replies.append(_line("ILLEGAL COMMAND"))
        return replies

    def _message(self, now_s: float) -> bytes:
        speed = self._speed(now_s)
        # Below 0.05 m/s the direction means nothing and its field stays empty.
        direction = f"{self._direction(now_s):03}" if speed >= 0.05 else ""
        text = f"{self.node},{direction},{speed:06.2f},M,00,"
        return f"\x02{text}\x03{xor_checksum(text)}\r\n".encode("ascii")


def _line(text: str) -> bytes:
    return f"{text}\r\n".encode("ascii")
