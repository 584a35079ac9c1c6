"""What is on a port is found out in bounded time; what is unknown is shown as it was seen."""

from __future__ import annotations

import time

import pytest

from app.hardware.errors import PortBusy
from app.hardware.ports import recognition
from app.hardware.ports.opening import LineSettings, open_line
from app.hardware.ports.recognition import recognise
from app.hardware.ports.signatures import guess_protocols
from app.hardware.simulators.models import MODELS
from tests.fixtures.simulated_stations import make, served
from tests.fixtures.station_samples import captured


@pytest.fixture(autouse=True)
def _short_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "ANSWER_S", 0.08)


@pytest.mark.parametrize("name", [name for name in MODELS if name not in ("pms7003", "csv")])
def test_every_model_is_recognised(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = MODELS[name]
    speaks_by_itself = bool(make(name).emit(1.5)) and name not in ("gmp343", "toa5")
    monkeypatch.setattr(recognition, "LISTEN_S", 1.15 if speaks_by_itself else 0.02)
    with served(name, speed=20.0 if speaks_by_itself else 1.0) as station:
        outcome = recognise(station.port)
    assert outcome.found is not None, outcome.message
    assert model.protocol in (outcome.found.protocol, *outcome.found.alike)
    assert outcome.found.evidence
    assert model.protocol in outcome.message


def test_the_device_says_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "LISTEN_S", 0.02)
    with served("gmp252") as station:
        found = recognise(station.port).found
    assert found is not None
    assert (found.protocol, found.told) == ("gmp252", "Vaisala GMP252")
    assert found.line == LineSettings(19200, stop_bits=2)


class _Babbler:
    """A device that sends what no station sends, and answers everything with the same."""

    sensors: dict[object, object] = {}  # noqa: RUF012 - none, and never changed

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        return [b"NOT A STATION\x00\x01"]

    def emit(self, now_s: float) -> list[bytes]:
        return []


def test_the_bytes_seen_are_told_when_nothing_is_recognised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "LISTEN_S", 0.02)
    with served(_Babbler()) as station:  # type: ignore[arg-type]
        outcome = recognise(station.port)
    assert outcome.found is None
    assert "4E 4F 54 20 41 20 53 54 41 54 49 4F 4E" in outcome.message
    assert "Choose the model by hand" in outcome.message


def test_silence_is_told_and_takes_bounded_time() -> None:
    began = time.monotonic()
    with served("pms3003") as station:
        station.device.emit(1e9)  # its next frame is far away
        outcome = recognise(station.port, budget_s=0.5)
    assert outcome.found is None
    assert "Nothing answered" in outcome.message
    assert time.monotonic() - began < 1.5


def test_a_port_in_use_is_not_disturbed() -> None:
    with (
        served("s8") as station,
        open_line(station.port, LineSettings()),
        pytest.raises(PortBusy),
    ):
        recognise(station.port)


@pytest.mark.parametrize(
    ("capture", "protocol"), [("PMSx003", "pms5003"), ("SPS30", "sps30"), ("MHZ19B", "mhz19b")]
)
def test_captures_of_real_sensors_are_recognised(capture: str, protocol: str) -> None:
    assert protocol in guess_protocols(b"".join(captured(capture)[:5]))


@pytest.mark.parametrize("data", [b"", b"\x00" * 64, b"hello world\r\n", bytes(range(256))])
def test_nothing_is_guessed_from_anything(data: bytes) -> None:
    assert guess_protocols(data) == ()
