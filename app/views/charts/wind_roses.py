"""The roses of the stations a person chose, side by side over the visible span.

Owns which stations are chosen, their buttons, and the key to the classes of speed; all roses are
drawn against one scale, so that they can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.views.charts.wind_rose_view import WindRoseView, class_colours
from app.views.components.cards import Card
from app.views.components.flow_layout import FlowLayout
from app.views.components.labels import wrapped_label
from app.views.desk import Desk
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.ticks import moment
from app.views.presenters.charts.wind_rose import CLASS_LIMITS_M_S, WindSensor
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import CONTROL_HEIGHT, GAP_L, GAP_M, GAP_S, GAP_XL, LABEL

MOST_ROSES = 6
_AT_FIRST = 3
_IN_A_ROW = 3


class WindRoses(Card):
    """At most six roses; which stations they are of is chosen by buttons above them."""

    def __init__(self, desk: Desk, live: LivePresenter) -> None:
        super().__init__(desk, "charts.wind_rose", icon="wind")
        self._desk = desk
        self._live = live
        self._sensors: list[WindSensor] = []
        self._was_touched = False
        self.buttons: dict[str, QPushButton] = {}
        self.roses: list[WindRoseView] = []
        self.told = wrapped_label("muted")
        self._chips = QWidget()
        self._flow = FlowLayout(spacing=GAP_S)
        self._chips.setLayout(self._flow)
        self._key = _SpeedKey(desk)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP_L)
        self.body.addWidget(self.told)
        self.body.addWidget(self._chips)
        self.body.addLayout(self._grid, 1)
        self.body.addWidget(self._key)

    @property
    def chosen(self) -> list[WindSensor]:
        """The sensors whose roses are shown, in the order of stations."""
        return [each for each in self._sensors if self.buttons[each.name].isChecked()]

    def show_roses(self) -> None:
        """Count the visible span anew and show what is chosen."""
        self._meet(self._live.wind_sensors())
        chosen, language, span = self.chosen, self._desk.language, self._live.span
        made = [self._live.wind_rose(sensor) for sensor in chosen]
        longest = max((rose.longest for rose in made), default=0.0)
        self._place(len(chosen))
        for view, sensor, rose in zip(self.roses, chosen, made, strict=False):
            view.show_rose(rose, name=sensor.name, longest=longest)
        self._key.setVisible(bool(chosen))
        if not self._sensors:
            self.told.setText(language.text("charts.why.no_wind"))
        elif not chosen:
            self.told.setText(language.text("charts.choose_wind"))
        else:
            start, end = (language.local(moment(at)) for at in (span.start_us, span.end_us))
            day = f"{language.day(start.date())} {start:%H:%M}"
            self.told.setText(
                language.text("charts.wind_span", start=day, end=f"{end:%H:%M}")
                if start.date() == end.date()
                else language.text(
                    "charts.wind_span", start=day, end=f"{language.day(end.date())} {end:%H:%M}"
                )
            )

    def _meet(self, sensors: Sequence[WindSensor]) -> None:
        """Give every sensor its button; the first few are chosen until a person chooses."""
        if list(sensors) == self._sensors:
            return
        self._sensors = list(sensors)
        for place, sensor in enumerate(self._sensors):
            if sensor.name in self.buttons:
                continue
            button = QPushButton(sensor.name)
            button.setProperty("kind", "secondary")
            button.setCheckable(True)
            button.setMinimumHeight(CONTROL_HEIGHT)
            button.setChecked(place < _AT_FIRST and not self._was_touched)
            button.clicked.connect(self._choose)
            self.buttons[sensor.name] = button
            self._flow.addWidget(button)
        self._limit()

    def _choose(self) -> None:
        self._was_touched = True
        self._limit()
        self.show_roses()

    def _limit(self) -> None:
        """Say why no more can be chosen once six are."""
        is_full = len(self.chosen) >= MOST_ROSES
        why = self._desk.language.text("charts.why.six_roses", count=MOST_ROSES)
        for button in self.buttons.values():
            is_off = is_full and not button.isChecked()
            button.setEnabled(not is_off)
            button.setToolTip(why if is_off else "")
            button.setAccessibleDescription(why if is_off else "")

    def _place(self, count: int) -> None:
        while len(self.roses) < count:
            self.roses.append(WindRoseView(self._desk))
        columns = max(1, min(count, _IN_A_ROW if count != _IN_A_ROW + 1 else 2))
        for place, view in enumerate(self.roses):
            view.setVisible(place < count)
            if place < count:
                self._grid.addWidget(view, place // columns, place % columns)


class _SpeedKey(QWidget):
    """What the colours of the classes stand for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        desk.theme.changed.connect(self.update)
        desk.language.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(LABEL.line, LABEL.line + GAP_S)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a square and the limits of each class."""
        painter = QPainter(self)
        palette, language = self._desk.theme.palette, self._desk.language
        painter.setFont(desk_font(LABEL, language=language.code))
        metrics = painter.fontMetrics()
        limits = (0.0, *CLASS_LIMITS_M_S)
        texts = [f"{low:g}–{high:g}" for low, high in pairwise(limits)]
        texts = [*texts, f"≥ {limits[-1]:g} {language.text('charts.wind_unit')}"]
        left = 0.0
        for text, colour in zip(texts, class_colours(palette), strict=True):
            painter.fillRect(QRectF(left, GAP_S / 2, GAP_M, GAP_S), colour)
            painter.setPen(QColor(palette.muted))
            width = metrics.horizontalAdvance(text)
            painter.drawText(QRectF(left + GAP_M + GAP_S, 0, width + GAP_S, LABEL.line), 0, text)
            left += GAP_M + GAP_S + width + GAP_XL
        painter.end()
