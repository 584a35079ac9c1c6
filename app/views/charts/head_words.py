"""What a chart's head says: what is common to its channels in the title, the rest at each line."""

from __future__ import annotations

from app.views.charts.chart_head import HeadWords
from app.views.desk import Desk
from app.views.presenters.charts.chart import Chart


def head_words(desk: Desk, chart: Chart) -> HeadWords:
    """Say what is common to a chart's channels in its title, and the rest at each line."""
    language = desk.language
    stations = tuple(dict.fromkeys(trace.channel.station for trace in chart.traces))
    quantities = tuple(dict.fromkeys(trace.channel.channel for trace in chart.traces))
    names = {name: language.text(f"charts.channels.{name}") for name in quantities}
    if not chart.traces:
        title, unit = language.text("charts.empty_chart"), ""
    elif len(quantities) == 1:
        title = names[quantities[0]]
        unit = " · ".join((chart.units[0], *(stations if len(stations) == 1 else ())))
    elif len(stations) == 1:
        first = chart.traces[0].channel
        title = first.station
        axis = chart.axis
        unit = language.text("charts.axis_of", unit=axis.channel.unit if axis else "")
    else:
        title = language.text("charts.mixed", count=len(chart.traces))
        axis = chart.axis
        unit = language.text("charts.axis_of", unit=axis.channel.unit if axis else "")
    labels = tuple(
        _line_name(trace.channel.station, names[trace.channel.channel], stations, quantities)
        for trace in chart.traces
    )
    flags = tuple(language.text(f"charts.flags.{name}") for name in ("good", "suspicious", "bad"))
    return HeadWords(title, unit, labels, flags, language.text("charts.flags.silent"))


def _line_name(
    station: str, quantity: str, stations: tuple[str, ...], quantities: tuple[str, ...]
) -> str:
    if len(quantities) == 1 and len(stations) > 1:
        return station
    return quantity if len(stations) == 1 else f"{station} {quantity}"
