"""Live charts of any channels of any stations, and the past played like what is live.

Owns the widgets and passing on what a hand asks; what is shown is the presenter's. A hidden page
draws nothing, and its charts ask nothing of the clock; readings go on being taken.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.stations.events import EventKind, NewEvent, record_event
from app.services.stations.listing import list_stations
from app.views.charts.chart_clock import ChartClock
from app.views.charts.chart_grid import ChartGrid
from app.views.charts.figures_panel import FiguresPanel
from app.views.charts.live_toolbar import LiveToolbar
from app.views.charts.replay_bar import ReplayBar
from app.views.charts.saving import ask_path, picture_of, save_content
from app.views.charts.wind_roses import WindRoses
from app.views.components.choice_fields import SegmentsField
from app.views.components.empty_state import EmptyState
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labels import text_button
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.dialogs.choose_channels import ChooseChannelsDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.pages.live_past import LivePast
from app.views.pages.long_history import LongHistoryView
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import LiveMemory
from app.views.presenters.charts.stored import (
    DeskSource,
)
from app.views.presenters.charts.ticks import moment
from app.views.presenters.station_words import reason_against_station_acts
from app.views.theme.tokens import FIGURES_BESIDE_MANY_WIDTH, GAP_L, NARROW_PAGE_WIDTH

_FIGURES_EVERY = 10
"""Ticks between two reckonings of the figures: twice a second."""
_FEW_CHARTS = 6
_REREAD_MS = 400
_VIEWS = Field(
    "view",
    "charts.view",
    FieldKind.SEGMENTS,
    options=tuple(
        Option(name, text_key=f"charts.views.{name}") for name in ("lines", "wind", "long")
    ),
    initial="lines",
)


class LivePage(Page):
    """Charts at the left, their figures at the right."""

    shows = frozenset({"stations"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "charts.title", "charts.sentence")
        self.context = context
        desk = context.desk
        self._source = DeskSource(context.stations.source if context.stations else None)
        self.live = LivePresenter(LiveMemory(self._source))
        self.clock = ChartClock(self.live.record)
        self._ticks = 0
        self._figures_wanted: bool | None = None
        self._loaded = False
        self.past = LivePast(context, self.live, self._source, shown=self._show_charts, owner=self)
        self.toolbar = LiveToolbar(desk, self.live)
        self.replay = ReplayBar(desk, self.live)
        self.grid = ChartGrid(desk, self.live)
        self.figures = FiguresPanel(desk, self.live)
        self.wind = WindRoses(desk, self.live)
        self.history = LongHistoryView(context)
        self.views = SegmentsField(desk, _VIEWS)
        self.pause = text_button(desk, "charts.pause", icon="pause")
        self.pause.setCheckable(True)
        self.choose = text_button(desk, "charts.choose.open", kind="primary", icon="layout-grid")
        self._empty = EmptyState(
            desk,
            "charts.nothing",
            "charts.nothing_sentence",
            action_key="charts.find_stations",
            icon="activity",
        )
        self._stack = QStackedWidget()
        self._reread = QTimer(self)
        self._reread.setSingleShot(True)
        self._reread.setInterval(_REREAD_MS)
        self._build()
        self._connect()
        self._show_charts()

    def enter(self, target: str = "") -> None:
        """Show the charts; read once what the registry lists and its last hour."""
        if not self._loaded:
            self._loaded = True
            self.past.read_stored()

    def refresh(self) -> None:
        """Take up stations that were registered since."""
        self.past.read_stored()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw from now on."""
        super().showEvent(event)
        self.clock.watch(self._tick)

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing any more."""
        super().hideEvent(event)
        self.clock.unwatch(self._tick)
        self._reread.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the figures beside the charts only where both find room."""
        super().resizeEvent(event)
        self._show_figures()

    # Building

    def _build(self) -> None:
        self.header.add_act(self.views)
        self.header.add_act(self.pause)
        self.header.add_act(self.choose)
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        charts_column = QVBoxLayout()
        charts_column.addWidget(self.grid)
        row.addWidget(make_scrolling(charts_column), 1)
        row.addWidget(self.figures)
        charts = QWidget()
        column = QVBoxLayout(charts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        column.addWidget(self.toolbar)
        column.addWidget(self.replay)
        column.addLayout(row, 1)
        for widget in (charts, self.wind, self.history, self._empty):
            self._stack.addWidget(widget)
        self.body.addWidget(self._stack, 1)
        self._charts_part = charts

    def _connect(self) -> None:
        self.pause.clicked.connect(self._pause)
        self.choose.clicked.connect(self._choose)
        self.views.edited.connect(self._show_view)
        self.toolbar.asked.connect(self._use_tool)
        self.toolbar.width_chosen.connect(self._choose_width)
        self.grid.changed.connect(self._take_hand)
        self.grid.selected.connect(self._show_figures)
        self.replay.ended.connect(self._back_to_live)
        self.replay.sought.connect(self.grid.show_charts)
        self.history.shown.connect(self._show_past)
        self._empty.acted.connect(lambda: self.context.open_page("stations", "find"))
        self._reread.timeout.connect(self.past.read_finer)
        self.context.language.changed.connect(self._show_charts)

    # Drawing

    def _tick(self) -> None:
        if self.live.meet_channels():
            self._show_charts()
        self.live.move_on()
        if not self.live.span.is_paused:
            self.grid.draw()
        self._ticks += 1
        if self._ticks % _FIGURES_EVERY == 0:
            self._show_figures()

    def _show_charts(self) -> None:
        self.grid.show_charts()
        self._show_view()
        self._show_figures()

    def _show_view(self) -> None:
        view = self.views.value()
        if not self.live.channels:
            self._stack.setCurrentWidget(self._empty)
        elif view == "wind":
            self.wind.show_roses()
            self._stack.setCurrentWidget(self.wind)
        elif view == "long":
            self.history.show_channels(self.past.channels)
            self._stack.setCurrentWidget(self.history)
        else:
            self._stack.setCurrentWidget(self._charts_part)

    def _show_figures(self) -> None:
        wide = self._has_figures()
        self.figures.setVisible(wide)
        self.toolbar.tools["figures"].setChecked(wide)
        if wide and self._stack.currentWidget() is self._charts_part:
            self.figures.show_figures()
        if self._stack.currentWidget() is self.wind:
            self.wind.show_roses()
        self.replay.show_replay()
        self.pause.setChecked(self.live.span.is_paused)
        why = self.live.reason_against_pause()
        text = self.context.language.text(why) if why else ""
        self.pause.setEnabled(not why)
        self.pause.setToolTip(text)
        self.pause.setAccessibleDescription(text)
        self.toolbar.show_state({"note": self._reason_against_note()})

    def _has_figures(self) -> bool:
        """Tell whether figures stand beside: as asked for, else where the charts have room."""
        if self._figures_wanted is not None:
            return self._figures_wanted
        is_crowded = len(self.live.charts) > _FEW_CHARTS
        least = FIGURES_BESIDE_MANY_WIDTH if is_crowded else NARROW_PAGE_WIDTH
        return self.width() >= least

    # Hands

    def _use_tool(self, name: str) -> None:
        live = self.live
        match name:
            case "follow":
                live.follow()
            case "reset":
                live.reset_zoom()
            case "cursors":
                live.cursors.are_on = not live.cursors.are_on
                live.cursors.clear()
            case "raw":
                live.shows_raw = not live.shows_raw
            case "figures":
                self._figures_wanted = self.toolbar.tools["figures"].isChecked()
            case "replay":
                self.past.replay()
            case "note":
                self._ask_note()
            case "csv":
                self._save_csv()
            case "picture":
                self._save_picture()
        self._take_hand()

    def _take_hand(self) -> None:
        self.grid.refresh()
        self._show_figures()
        if self.live.is_past:
            self._reread.start()

    def _choose_width(self, width_us: int) -> None:
        self.live.span.choose_width(width_us)
        self._take_hand()

    def _pause(self) -> None:
        self.live.toggle_pause()
        self._take_hand()

    def _choose(self) -> None:
        dialog = ChooseChannelsDialog(self.context.desk, self.live, self.window())
        dialog.accepted.connect(lambda: self._arrange(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _arrange(self, dialog: ChooseChannelsDialog) -> None:
        if dialog.order is not None:
            self.live.arrange(dialog.order)
        else:
            self.live.arrange_by_hand(dialog.numbers)
        self._show_charts()

    # The past

    def _show_past(self, start_us: int, end_us: int) -> None:
        self.views.set_value("lines")
        key = self.history.chosen_channel
        if key and key not in {each.key for each in self.live.shown_channels()}:
            # The day was chosen of this channel, so that this one must be seen.
            self.live.arrange_by_hand({key: 1})
        self.past.show(start_us, end_us)

    def _back_to_live(self) -> None:
        self.live.end_replay()
        self._show_charts()

    def _reason_against_note(self) -> str:
        reason = reason_against_station_acts(self.context.actor)
        if reason:
            return reason
        chart = self.live.selected_chart
        return "" if chart is not None and chart.traces else "charts.why.no_charts"

    def _ask_note(self) -> None:
        chart = self.live.selected_chart
        if chart is None or not chart.traces:
            return
        station = chart.traces[0].channel.station
        at_us = self.live.cursors.a_us or self.live.span.end_us
        language = self.context.language
        at = language.local(moment(at_us))
        dialog = ReasonDialog(
            self.context.desk,
            title=language.text("charts.note_title", station=station),
            sentence=language.text("charts.note_sentence", day=at.date(), time=f"{at:%H:%M:%S}"),
            act_key="charts.note_act",
            work=partial(self._record_note, station, at_us),
            done=lambda: self.context.changes.tell("stations"),
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _record_note(self, station: str, at_us: int, text: str) -> None:
        registry, actor = self.context.registry, self.context.actor
        found = next(each for each in list_stations(registry) if each.code == station)
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
        record_event(registry, actor, NewEvent(found.id, EventKind.NOTE, at, note=text))

    # Saving

    def _save_csv(self) -> None:
        name = f"{self._file_stem()}.csv"
        path = ask_path(self.context.desk, self, name, "CSV (*.csv)")
        if path is not None:
            save_content(self.context.desk, self.message, path, self.live.visible_csv())

    def _save_picture(self) -> None:
        name = f"{self._file_stem()}.png"
        path = ask_path(self.context.desk, self, name, "PNG (*.png)")
        if path is not None:
            save_content(self.context.desk, self.message, path, picture_of(self.grid))

    def _file_stem(self) -> str:
        end = self.context.language.local(moment(self.live.span.end_us))
        return f"charts-{end:%Y%m%d-%H%M%S}"
