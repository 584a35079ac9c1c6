"""Lines and ports as the desk looks at them: counted, shown byte by byte, searched.

Owns that translation for the composition root. The desk's own values are made by the callables
handed in, since commands know no window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from app.commands.station_sources import ReaderSource, make_source

if TYPE_CHECKING:
    from app.hardware.readers.shared_port import SharedPorts
    from app.services.stations.values import SensorDetail

RowT = TypeVar("RowT")
PortT = TypeVar("PortT")
AnswerT = TypeVar("AnswerT")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LookedAtSource(ReaderSource, Generic[RowT]):
    """A reader's source whose counts and bytes can be seen."""

    def __init__(
        self, source: ReaderSource, make_row: Callable[[int, bool, str, str, str], RowT]
    ) -> None:
        super().__init__(source.sensor_id, source.reader)
        self._make_row = make_row

    @classmethod
    def of(
        cls,
        sensor: SensorDetail,
        ports: SharedPorts,
        make_row: Callable[[int, bool, str, str, str], RowT],
    ) -> LookedAtSource[RowT]:
        """Make the source of a registered sensor; UsageError when it cannot be read."""
        return cls(make_source(sensor, ports), make_row)

    def counted(self) -> tuple[int, int]:
        """Count good frames, and stretches of bytes dropped."""
        counters = self.reader.counters()
        return counters.frames, counters.dropped.total

    def console(self) -> Sequence[RowT]:
        """Give the last bytes, oldest first."""
        return [
            self._make_row(
                (line.at - _EPOCH) // timedelta(microseconds=1),
                line.is_sent,
                line.hex,
                line.text,
                line.decoded,
            )
            for line in self.reader.console.lines()
        ]


class PortSearch(Generic[PortT, AnswerT]):
    """Lists ports and asks what stands there."""

    def __init__(
        self,
        make_port: Callable[[str, str, str], PortT],
        make_answer: Callable[..., AnswerT],
    ) -> None:
        self._make_port = make_port
        self._make_answer = make_answer

    def ports(self) -> Sequence[PortT]:
        """List the ports the system knows."""
        from app.hardware.ports.listing import list_ports

        return [
            self._make_port(port.path, port.description, port.identity) for port in list_ports()
        ]

    def ask(self, path: str) -> AnswerT:
        """Ask what stands at a port; a port that cannot be asked is an answer too."""
        from app.hardware.errors import HardwareError
        from app.hardware.ports.recognition import recognise

        try:
            outcome = recognise(path)
        except HardwareError as error:
            return self._make_answer(path, "", "", "", f"{error} {error.hint}".strip())
        found = outcome.found
        if found is None:
            return self._make_answer(path, "", "", "", outcome.message)
        line = tuple(asdict(found.line).items())
        return self._make_answer(path, found.protocol, found.told, str(found.line), "", line)
