"""The stability lamp with its reasons, and the trace of the signal it judges.

Owns drawing them; judging is the service's.
"""

from __future__ import annotations

from math import isnan

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.calibration.stability import Stability
from app.views.calibration.fit_chart import write_caption
from app.views.components.labels import role_label, set_tone, wrapped_label
from app.views.desk import Desk
from app.views.presenters.calibration.signal import BenchSignal
from app.views.presenters.calibration.words import spoken
from app.views.theme.tokens import (
    GAP_L,
    GAP_M,
    GAP_S,
    LAMP_SIZE,
    SIGNAL_TRACE_HEIGHT,
    Tone,
    tone_colours,
)

_ROOM = 0.08


class Lamp(QWidget):
    """A lamp: green with a tick inside, or amber with a bar; never colour alone."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.is_green = False
        self.setFixedSize(LAMP_SIZE, LAMP_SIZE)
        desk.theme.changed.connect(self.update)

    def show_green(self, is_green: bool) -> None:
        """Show whether the signal has settled."""
        self.is_green = is_green
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lamp."""
        colours = tone_colours(self._desk.theme.palette, Tone.LEAF if self.is_green else Tone.AMBER)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.text), 3))
        painter.setBrush(QColor(colours.text if self.is_green else colours.tint))
        area = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.drawEllipse(area)
        mark = self._desk.theme.palette.paper if self.is_green else colours.text
        painter.setPen(QPen(QColor(mark), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        size, middle = area.width(), area.center()
        if self.is_green:
            corner = middle + QPointF(-size * 0.06, size * 0.16)
            painter.drawLine(middle + QPointF(-size * 0.22, 0), corner)
            painter.drawLine(corner, middle + QPointF(size * 0.24, -size * 0.18))
        else:
            painter.drawLine(middle - QPointF(size * 0.2, 0), middle + QPointF(size * 0.2, 0))
        painter.end()


class SignalTrace(QWidget):
    """The signal of the last two windows, the judged one marked off."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._points: tuple[tuple[float, float], ...] = ()
        self._window_s = 1.0
        self._unit = ""
        self.setMinimumHeight(SIGNAL_TRACE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        desk.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Ask for a chart's room."""
        return QSize(3 * SIGNAL_TRACE_HEIGHT, SIGNAL_TRACE_HEIGHT)

    def show_signal(self, signal: BenchSignal, unit: str) -> None:
        """Show the readings there are."""
        self._unit = unit
        self._points = signal.trace()
        self._window_s = signal.rule.window_s
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw window and trace."""
        palette = self._desk.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(area, QColor(palette.page))
        reach = 2 * self._window_s
        start = area.right() - area.width() * self._window_s / reach
        painter.fillRect(
            QRectF(start, area.top(), area.right() - start, area.height()),
            QColor(palette.leaf_tint),
        )
        painter.setPen(QColor(palette.line))
        painter.drawRect(area)
        values = [value for _, value in self._points if not isnan(value)]
        if len(values) > 1:
            text = self._desk.language.text(
                "calibration.chart.signal",
                low=f"{min(values):.5g}",
                high=f"{max(values):.5g}",
                unit=self._unit,
                seconds=f"{self._window_s:.0f}",
            )
            below = write_caption(painter, area, text, QColor(palette.muted))
            painter.setPen(QPen(QColor(palette.leaf), 2))
            painter.drawPolyline(self._line(below, min(values), max(values), reach))
        painter.end()

    def _line(self, area: QRectF, low: float, high: float, reach: float) -> QPolygonF:
        room = (high - low) * _ROOM or max(abs(high) * 0.001, 0.5)
        low, high = low - room, high + room
        return QPolygonF(
            [
                QPointF(
                    area.right() + time / reach * area.width(),
                    area.bottom() - (value - low) / (high - low) * area.height(),
                )
                for time, value in self._points
                if not isnan(value)
            ]
        )


class SignalPanel(QFrame):
    """The value, the lamp and why it is not green, the trace."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setProperty("role", "card")
        self.lamp = Lamp(desk)
        self._value = role_label("figure", "–")
        self._state = role_label("strong")
        self._reasons = wrapped_label("muted")
        self._figures = wrapped_label("label")
        self.trace = SignalTrace(desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_L, GAP_M, GAP_L, GAP_M)
        layout.setSpacing(GAP_S)
        top = QHBoxLayout()
        top.setSpacing(GAP_L)
        top.addWidget(self.lamp, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        for label in (self._value, self._state, self._reasons, self._figures):
            words.addWidget(label)
        top.addLayout(words, 1)
        layout.addLayout(top)
        layout.addWidget(self.trace, 1)

    def show_signal(self, signal: BenchSignal, unit: str) -> Stability:
        """Show the signal now, and give what the lamp says."""
        stability, texts = signal.stability(), self._desk.language
        latest = signal.latest()
        self._value.setText("–" if latest is None else f"{latest:g} {unit}")
        green = stability.is_stable and signal.is_plugged_in
        self.lamp.show_green(green)
        state = "unplugged" if not signal.is_plugged_in else "stable" if green else "not_yet"
        said = texts.text(f"calibration.lamp.{state}")
        self._state.setText(said)
        set_tone(self._state, Tone.LEAF if green else Tone.AMBER)
        reasons = [spoken(texts, why.message, why.message_th) for why in stability.reasons]
        if signal.clock_moved and not green:
            reasons.insert(0, texts.text("calibration.lamp.clock_moved"))
        if signal.sent_code:
            reasons.insert(0, texts.text("calibration.lamp.no_value", code=signal.sent_code))
        if signal.problem:
            reasons.insert(0, signal.problem)
        self._reasons.setText("\n".join(reasons))
        self._reasons.setVisible(bool(reasons))
        self._figures.setText(_figures(self._desk, stability, unit))
        self.lamp.setAccessibleName(" ".join([said, *reasons]))
        self.trace.show_signal(signal, unit)
        return stability


def _figures(desk: Desk, stability: Stability, unit: str) -> str:
    if stability.mean is None or stability.change is None or stability.scatter is None:
        return ""
    return desk.language.text(
        "calibration.lamp.figures",
        mean=f"{stability.mean:.2f}",
        change=f"{stability.change:+.3g}",
        scatter=f"{stability.scatter:.3g}",
        seconds=f"{stability.seconds:.0f}",
        unit=unit,
    )
