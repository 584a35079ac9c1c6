"""The bar of a replay: play, hold, how fast, where it stands, and back to what is live.

Owns the widgets; the clock is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSlider

from app.views.components.labels import role_label, text_button
from app.views.desk import Desk
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.replay import SPEEDS
from app.views.presenters.charts.ticks import moment
from app.views.theme.tokens import GAP_M, GAP_S

_STEPS = 1000


class ReplayBar(QFrame):
    """Hidden while nothing is replayed; `ended` when the person goes back."""

    ended = Signal()
    sought = Signal()

    def __init__(self, desk: Desk, live: LivePresenter) -> None:
        super().__init__()
        self._desk = desk
        self._live = live
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_M, GAP_S, GAP_M, GAP_S)
        row.setSpacing(GAP_M)
        self.title = role_label("strong")
        desk.language.keep(self.title, self.title.setText, "charts.replaying")
        self.hold = text_button(desk, "charts.hold_replay", icon="pause")
        self.hold.setCheckable(True)
        self.hold.clicked.connect(self._hold)
        self.speed = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem(f"×{speed:,}", speed)
        desk.language.keep(self.speed, self.speed.setAccessibleName, "charts.replay_speed")
        desk.language.keep(self.speed, self.speed.setToolTip, "charts.replay_speed")
        self.speed.activated.connect(self._set_speed)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        desk.language.keep(self.slider, self.slider.setAccessibleName, "charts.replay_position")
        self.slider.sliderReleased.connect(self._seek)
        self.place = role_label("small")
        self.back = text_button(desk, "charts.back_to_live", kind="primary", icon="skip-forward")
        self.back.clicked.connect(self.ended)
        row.addWidget(self.title)
        row.addWidget(self.hold)
        row.addWidget(self.speed)
        row.addWidget(self.slider, 1)
        row.addWidget(self.place)
        row.addStretch()
        row.addWidget(self.back)
        self.hide()

    def show_replay(self) -> None:
        """Show where the replay stands, or hide."""
        clock = self._live.replay
        self.setVisible(clock is not None or self._live.is_past)
        for widget in (self.hold, self.speed, self.slider):
            widget.setVisible(clock is not None)
        title = "charts.replaying" if clock is not None else "charts.showing_past"
        self.title.setText(self._desk.language.text(title))
        if clock is None:
            self.place.setText(self._stored_words())
            return
        self._show_reason(self._live.reason_against_playing())
        self.hold.setChecked(not clock.is_playing)
        share = (clock.position_us - clock.start_us) / (clock.end_us - clock.start_us)
        if not self.slider.isSliderDown():
            self.slider.setValue(round(share * _STEPS))
        language = self._desk.language
        at = language.local(moment(clock.position_us))
        self.place.setText(f"{language.day(at.date())} {at:%H:%M:%S}")
        self.speed.setCurrentIndex(self.speed.findData(clock.speed))

    def _stored_words(self) -> str:
        """Say of what averages the stored stretch is drawn; nothing where single readings are."""
        periods = {each.period_s for each in self._live.memory.rolled.values()}
        if not periods or not self._live.is_past:
            return ""
        text = self._desk.language.text(f"charts.drawn_from.s{max(periods)}")
        return self._desk.language.text("charts.drawn_from_averages", period=text)

    def _show_reason(self, reason: str) -> None:
        text = self._desk.language.text(reason) if reason else ""
        for widget in (self.hold, self.speed):
            widget.setEnabled(not reason)
            widget.setAccessibleDescription(text)
        self.hold.setToolTip(text)
        self.speed.setToolTip(text or self._desk.language.text("charts.replay_speed"))
        over = self._desk.language.text("charts.replay_over")
        self.title.setText(over if reason else self._desk.language.text("charts.replaying"))

    def _hold(self) -> None:
        clock = self._live.replay
        if clock is not None:
            clock.is_playing = not self.hold.isChecked()

    def _set_speed(self) -> None:
        clock = self._live.replay
        if clock is not None:
            clock.set_speed(int(self.speed.currentData()))

    def _seek(self) -> None:
        clock = self._live.replay
        if clock is not None:
            length = clock.end_us - clock.start_us
            self._live.seek_replay(clock.start_us + length * self.slider.value() // _STEPS)
            self.sought.emit()
