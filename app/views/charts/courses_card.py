"""The card of mean days: by months or weeks, and which of them lie over one another.

Owns the buttons; the mean days are the service's, the drawing the view's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.services.readings.daily_courses import MeanDay, Stretch
from app.views.charts.courses_view import Course, CoursesView
from app.views.components.cards import Card
from app.views.components.choice_fields import SegmentsField
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.flow_layout import FlowLayout
from app.views.components.labels import wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import CONTROL_HEIGHT, GAP_XS

MOST_COURSES = 12
_STRETCHES = Field(
    "stretch",
    "charts.stretch",
    FieldKind.SEGMENTS,
    options=tuple(Option(each, text_key=f"charts.stretches.{each}") for each in Stretch),
    initial=Stretch.MONTH,
)
_MONTHS, _WEEKS = 12, 53


class CoursesCard(Card):
    """`stretch_chosen` when other mean days are to be read."""

    stretch_chosen = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "charts.courses", icon="chart-column")
        self._desk = desk
        self._days: dict[int, MeanDay] = {}
        self.stretch = SegmentsField(desk, _STRETCHES)
        self.add_to_head(self.stretch)
        self.told = wrapped_label("muted")
        self.view = CoursesView(desk)
        self.buttons: dict[int, QPushButton] = {}
        self._chips = {Stretch.MONTH: self._make(_MONTHS), Stretch.WEEK: self._make(_WEEKS)}
        self.body.addWidget(self.told)
        for made in self._chips.values():
            self.body.addWidget(made)
        self.body.addWidget(self.view, 1)
        self.stretch.edited.connect(self._change)
        desk.language.changed.connect(self._name)
        self._change()

    @property
    def chosen_stretch(self) -> Stretch:
        """Whether days are averaged over months or weeks."""
        return Stretch(self.stretch.value())

    def show_days(self, days: Sequence[MeanDay]) -> None:
        """Offer these mean days; those of months all lie over one another at first."""
        self._days = {day.number: day for day in days}
        is_new = not any(button.isChecked() for button in self.buttons.values())
        first = list(self._days)[-MOST_COURSES:] if self.chosen_stretch is Stretch.MONTH else []
        first = first or list(self._days)[-4:]
        for number, button in self.buttons.items():
            button.setChecked(number in (first if is_new else ()) or button.isChecked())
            if number not in self._days:
                button.setChecked(False)
        self._draw()

    def _make(self, count: int) -> QWidget:
        made = QWidget()
        flow = FlowLayout(spacing=GAP_XS)
        made.setLayout(flow)
        for number in range(1, count + 1):
            button = QPushButton()
            button.setProperty("kind", "secondary")
            button.setProperty("number", number)
            button.setCheckable(True)
            button.setMinimumHeight(CONTROL_HEIGHT)
            button.clicked.connect(self._draw)
            flow.addWidget(button)
        return made

    def _change(self) -> None:
        """Show the other buttons, none chosen, and ask for their mean days."""
        for stretch, made in self._chips.items():
            made.setVisible(stretch is self.chosen_stretch)
        shown = self._chips[self.chosen_stretch].findChildren(QPushButton)
        self.buttons = {int(each.property("number")): each for each in shown}
        for button in self.buttons.values():
            button.setChecked(False)
        self._days = {}
        self._name()
        self.stretch_chosen.emit()

    def _name(self) -> None:
        language = self._desk.language
        for number, button in self.buttons.items():
            is_month = self.chosen_stretch is Stretch.MONTH
            button.setText(language.text(f"months.short.{number}") if is_month else str(number))
            button.setAccessibleName(self._full_name(number))
        self._draw()

    def _full_name(self, number: int) -> str:
        if self.chosen_stretch is Stretch.MONTH:
            return self._desk.language.text(f"months.short.{number}")
        return self._desk.language.text("charts.week", number=number)

    def _draw(self) -> None:
        language = self._desk.language
        chosen = [
            day
            for number, day in self._days.items()
            if number in self.buttons and self.buttons[number].isChecked()
        ]
        is_full = len(chosen) >= MOST_COURSES
        for number, button in self.buttons.items():
            why = "" if number in self._days else "charts.why.not_measured"
            if not why and is_full and not button.isChecked():
                why = "charts.why.twelve_courses"
            button.setEnabled(not why)
            text = language.text(why) if why else ""
            button.setToolTip(text)
            button.setAccessibleDescription(text)
        self.view.show_courses([Course(self._full_name(day.number), day) for day in chosen])
        if not self._days:
            told = language.text("charts.no_courses")
        elif not chosen:
            told = language.text("charts.choose_courses")
        else:
            told = language.text("charts.courses_told")
        self.told.setText(told)
