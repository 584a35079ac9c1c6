"""The list of stations: its columns, their words, and how a state looks."""

from __future__ import annotations

from typing import Any

from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.listing import EmptyText, Listing
from app.views.pages.context import PageContext
from app.views.presenters.charts.live_source import LineReport
from app.views.presenters.stations import StationRow, list_rows
from app.views.theme.tokens import Tone

STATION_LOOKS = {
    "active": ChipLook(Tone.LEAF, "stations.state.active"),
    "reading": ChipLook(Tone.LEAF, "stations.state.reading"),
    "maintenance": ChipLook(Tone.TEAK, "stations.state.maintenance"),
    "silent": ChipLook(Tone.AMBER, "stations.state.silent"),
    "stopped": ChipLook(Tone.QUIET, "stations.state.stopped"),
    "offline": ChipLook(Tone.QUIET, "stations.state.offline"),
    "lost": ChipLook(Tone.RED, "stations.state.lost"),
}


def due_words(text: Any, due_on: Any, days_left: int | None) -> str:
    """Say when a calibration is due, in days to come or days too late."""
    if due_on is None or days_left is None:
        return str(text("stations.not_due"))
    if days_left < 0:
        return str(text("stations.overdue", due=due_on, days=-days_left))
    return str(text("stations.due_in", due=due_on, days=days_left))


def station_listing(context: PageContext) -> Listing:
    """Describe the list of stations, with how their lines stand at this moment."""
    registry, language = context.registry, context.language

    def lines() -> tuple[LineReport, ...]:
        return tuple(context.stations.source.lines()) if context.stations is not None else ()

    def last(row: StationRow) -> str:
        if row.last_at is None:
            return language.text("stations.never")
        return language.moment(row.last_at)

    return Listing(
        columns=(
            Column(
                "code",
                "stations.code",
                width=150,
                hideable=False,
                strong=True,
                stretch=True,
                second="name",
            ),
            Column(
                "state",
                "stations.state_title",
                width=110,
                kind=CellKind.CHIP,
                chips=STATION_LOOKS,
                sortable=False,
            ),
            Column("last_at", "stations.last_reading", width=150, value=last, sortable=False),
            Column(
                "due_on",
                "stations.due",
                width=190,
                value=lambda row: due_words(language.text, row.due_on, row.days_left),
                sortable=False,
            ),
            Column("alarms", "stations.alarms", width=84, kind=CellKind.QUANTITY, sortable=False),
        ),
        fetch=lambda request: list_rows(registry, lines(), request),
        title_key="stations.title",
        row_key=lambda row: str(row.code),
        empty=EmptyText("stations.none", "stations.none_sentence", "stations.find", "radio-tower"),
        sort="code",
    )
