"""Which channels stand in which chart: by hand, or by one of three ready orders.

Owns the limits of twelve charts and nine channels each, and says what did not fit. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.views.presenters.charts.chart import MOST_TRACES
from app.views.presenters.charts.live_source import LiveChannel

MOST_CHARTS = 12


class Order(StrEnum):
    """How channels are spread over charts."""

    ONE_EACH = "one_each"
    BY_STATION = "by_station"
    BY_QUANTITY = "by_quantity"


@dataclass(frozen=True)
class Arrangement:
    """Channel keys by chart, and how many found no place."""

    charts: tuple[tuple[str, ...], ...]
    left_out: int = 0

    def chart_of(self, key: str) -> int:
        """Give the number of a channel's chart from 1 on; 0 when it is not shown."""
        places = (n for n, keys in enumerate(self.charts, start=1) if key in keys)
        return next(places, 0)


def arrange(channels: Sequence[LiveChannel], order: Order) -> Arrangement:
    """Spread channels over charts; what does not fit is counted, never dropped in silence."""
    groups: dict[str, list[str]] = {}
    for channel in channels:
        group = {
            Order.ONE_EACH: channel.key,
            Order.BY_STATION: channel.station,
            Order.BY_QUANTITY: f"{channel.channel} {channel.unit}",
        }[order]
        groups.setdefault(group, []).append(channel.key)
    return _bounded(groups.values())


def arrange_by_hand(channels: Sequence[LiveChannel], numbers: Mapping[str, int]) -> Arrangement:
    """Put each channel into the chart of its number (1 to 12; 0: not shown)."""
    groups: dict[int, list[str]] = {}
    for channel in channels:
        number = numbers.get(channel.key, 0)
        if 1 <= number <= MOST_CHARTS:
            groups.setdefault(number, []).append(channel.key)
    return _bounded(groups[number] for number in sorted(groups))


def grid_shape(count: int, *, width: int, least_width: int) -> tuple[int, int]:
    """Give rows and columns for so many charts in a width; charts are wider than high."""
    if count <= 0:
        return 1, 1
    wanted = 1 if count <= 2 else 2 if count <= 6 else 3
    columns = max(1, min(wanted, width // max(1, least_width)))
    return -(-count // columns), columns


def _bounded(groups: Iterable[Sequence[str]]) -> Arrangement:
    charts: list[tuple[str, ...]] = []
    left_out = 0
    for keys in groups:
        if len(charts) == MOST_CHARTS:
            left_out += len(keys)
            continue
        charts.append(tuple(keys[:MOST_TRACES]))
        left_out += len(keys) - len(charts[-1])
    return Arrangement(tuple(charts), left_out)
