"""Long history of a channel: a year as a calendar, a day by its hours, and that day in the charts.

Owns the widgets; days and hours come from the roll-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.readings.daily_courses import mean_days
from app.views.charts.calendar_view import CalendarView
from app.views.charts.courses_card import CoursesCard
from app.views.charts.day_view import DayView
from app.views.components.cards import Card
from app.views.components.choice_fields import SegmentsField
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labels import icon_button, role_label, text_button, wrapped_label
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.long_history import Day, Year, read_day, read_year
from app.views.theme.tokens import CHART_HEIGHT, FILTER_BOX_WIDTH, GAP_L, GAP_M

_PARTS = Field(
    "part",
    "charts.view",
    FieldKind.SEGMENTS,
    options=tuple(
        Option(name, text_key=f"charts.parts.{name}") for name in ("calendar", "courses")
    ),
    initial="calendar",
)


class LongHistoryView(QWidget):
    """`shown` carries the start and end of a day to be drawn in the charts."""

    shown = Signal(object, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        desk = context.desk
        self._channels: tuple[LiveChannel, ...] = ()
        self._day: Day | None = None
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
        self.parts = SegmentsField(desk, _PARTS)
        self.courses = CoursesCard(desk)
        self._stack = QStackedWidget()
        self._build()
        self.parts.edited.connect(self._show_part)
        self.courses.stretch_chosen.connect(self._ask_courses)
        self.channel.activated.connect(self._ask_year)
        self.earlier.clicked.connect(lambda: self._go(-1))
        self.later.clicked.connect(lambda: self._go(1))
        self.calendar.day_chosen.connect(self._ask_day)
        self.show_day.clicked.connect(self._show_in_charts)
        context.language.changed.connect(self._show_words)
        self._show_words()

    @property
    def chosen_channel(self) -> str:
        """The key of the channel whose days are shown; empty without any."""
        return str(self.channel.currentData() or "")

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
        tools.addWidget(self.parts)
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
        courses = QVBoxLayout()
        courses.addWidget(self.courses, 1)
        for made in (parts, courses):
            self._stack.addWidget(make_scrolling(made))
        column.addWidget(self._stack, 1)

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
        language, on = self.context.language, self._day.on if self._day else None
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
        self.day.show_day(None)
        self._day = None
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
        self._ask_courses()
        if self.calendar.chosen is not None:
            self._ask_day(self.calendar.chosen)

    def _show_part(self) -> None:
        self._stack.setCurrentIndex(0 if self.parts.value() == "calendar" else 1)
        self._ask_year()

    def _ask_courses(self) -> None:
        key, registry, year = self.channel.currentData(), self.context.registry, self._year
        stretch = self.courses.chosen_stretch
        if key is None:
            return
        self.context.tasks.run(
            lambda: mean_days(registry, int(key), year=year, stretch=stretch),
            on_done=self.courses.show_days,
            latest_key="live-courses",
            owner=self,
        )

    def _ask_day(self, on: date) -> None:
        key, registry = self.channel.currentData(), self.context.registry

        def show(day: Day) -> None:
            self._day = day
            self.day.show_day(day)
            self._show_day_words()

        self.context.tasks.run(
            lambda: read_day(registry, key, on),
            on_done=show,
            latest_key="live-day",
            owner=self,
        )

    def _show_in_charts(self) -> None:
        if self._day is not None:
            self.shown.emit(self._day.start_us, self._day.end_us)
