"""Long history of a channel: a year as a calendar, a day by its hours, and that day in the charts.

Owns the widgets; days and hours come from the roll-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.charts.calendar_view import CalendarView
from app.views.charts.day_view import DayView
from app.views.components.cards import Card
from app.views.components.labels import icon_button, role_label, text_button, wrapped_label
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.long_history import HourBar, Year, read_day, read_year
from app.views.presenters.charts.ticks import microseconds
from app.views.theme.tokens import CHART_HEIGHT, FILTER_BOX_WIDTH, GAP_L, GAP_M


class LongHistoryView(QWidget):
    """`shown` carries the start and end of a day to be drawn in the charts."""

    shown = Signal(object, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        desk = context.desk
        self._channels: tuple[LiveChannel, ...] = ()
        self._year = context.language.local(context.registry.now()).year
        self.channel = QComboBox()
        self.channel.setMinimumWidth(FILTER_BOX_WIDTH)
        desk.language.keep(self.channel, self.channel.setAccessibleName, "charts.channel")
        self.earlier = icon_button(desk, "charts.earlier_year", "undo-2")
        self.later = icon_button(desk, "charts.later_year", "arrow-right")
        self.year_label = role_label("strong")
        self.calendar = CalendarView(desk)
        self.day = DayView(desk)
        self.day_title = wrapped_label("muted")
        self.show_day = text_button(desk, "charts.show_day", icon="activity")
        self._build()
        self.channel.activated.connect(self._ask_year)
        self.earlier.clicked.connect(lambda: self._go(-1))
        self.later.clicked.connect(lambda: self._go(1))
        self.calendar.day_chosen.connect(self._ask_day)
        self.show_day.clicked.connect(self._show_in_charts)
        context.language.changed.connect(self._show_words)
        self._show_words()

    def show_channels(self, channels: Sequence[LiveChannel]) -> None:
        """Offer channels; the calendar of the chosen one is read."""
        if tuple(channels) != self._channels:
            self._channels = tuple(channels)
            self._fill_channels()
        self._ask_year()

    def _build(self) -> None:
        desk = self.context.desk
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        tools = QHBoxLayout()
        tools.setSpacing(GAP_M)
        for widget in (self.channel, self.earlier, self.year_label, self.later):
            tools.addWidget(widget)
        tools.addStretch()
        year = Card(desk, "charts.calendar", icon="calendar-days")
        year.body.addWidget(self.calendar)
        day = Card(desk, "charts.day_course", icon="chart-column")
        day.add_to_head(self.show_day)
        day.body.addWidget(self.day_title)
        day.body.addWidget(self.day, 1)
        day.setMinimumHeight(CHART_HEIGHT + 4 * GAP_L)
        parts = QVBoxLayout()
        parts.setSpacing(GAP_L)
        parts.addWidget(year)
        parts.addWidget(day, 1)
        column.addLayout(tools)
        column.addWidget(make_scrolling(parts), 1)

    def _fill_channels(self) -> None:
        language = self.context.language
        kept = self.channel.currentData()
        self.channel.clear()
        for channel in self._channels:
            name = language.text(f"charts.channels.{channel.channel}")
            self.channel.addItem(f"{channel.station} · {name}, {channel.unit}", channel.key)
        self.channel.setCurrentIndex(max(0, self.channel.findData(kept)))

    def _show_words(self) -> None:
        self._fill_channels()
        self.year_label.setText(self.context.language.text("charts.year", year=str(self._year)))
        self._show_day_words()

    def _show_day_words(self) -> None:
        language, on = self.context.language, self.calendar.chosen
        self.show_day.setEnabled(on is not None)
        if on is None:
            text = language.text("charts.choose_day")
            self.show_day.setToolTip(text)
            self.show_day.setAccessibleDescription(text)
        else:
            text = language.text("charts.hours_of", day=on)
            self.show_day.setToolTip("")
            self.show_day.setAccessibleDescription("")
        self.day_title.setText(text)

    def _go(self, years: int) -> None:
        self._year += years
        self.calendar.chosen = None
        self.day.show_hours(())
        self._show_words()
        self._ask_year()

    def _ask_year(self) -> None:
        key, registry, year = self.channel.currentData(), self.context.registry, self._year
        if key is None:
            return

        def show(read: Year) -> None:
            self.calendar.show_year(read)

        self.context.tasks.run(
            lambda: read_year(registry, key, year),
            on_done=show,
            latest_key="live-calendar",
            owner=self,
        )
        if self.calendar.chosen is not None:
            self._ask_day(self.calendar.chosen)

    def _ask_day(self, on: date) -> None:
        key, registry = self.channel.currentData(), self.context.registry

        def show(bars: tuple[HourBar, ...]) -> None:
            self.day.show_hours(bars)
            self._show_day_words()

        self.context.tasks.run(
            lambda: read_day(registry, key, on),
            on_done=show,
            latest_key="live-day",
            owner=self,
        )

    def _show_in_charts(self) -> None:
        on = self.calendar.chosen
        if on is None:
            return
        zone = self.context.language.local(self.context.registry.now()).tzinfo
        start = datetime(on.year, on.month, on.day, tzinfo=zone)
        self.shown.emit(microseconds(start), microseconds(start + timedelta(days=1)))
