"""The status line: database, last verification, work under way, when the desk locks.

Owns showing these; must not find them out.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QToolButton, QWidget

from app.views.components.labels import IconLabel, role_label
from app.views.desk import Desk
from app.views.tasks import Task
from app.views.theme.tokens import (
    GAP_L,
    GAP_S,
    ICON_SIZE,
    PROGRESS_WIDTH,
    STATUS_BAR_HEIGHT,
    Tone,
    tone_colours,
)


class Lamp(QWidget):
    """A round lamp; the words beside it say the same."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._tone = Tone.LEAF
        self.setFixedSize(GAP_S, GAP_S)
        desk.theme.changed.connect(self.update)

    def set_tone(self, tone: Tone) -> None:
        """Show another colour."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lamp."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone_colours(self._desk.theme.palette, self._tone).text))
        painter.drawEllipse(self.rect())
        painter.end()


class StatusLine(QFrame):
    """What one sees of the desk's state without asking."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "status-bar")
        self.setFixedHeight(STATUS_BAR_HEIGHT)
        self._desk = desk
        self._database_name = ""
        self._database_words = "status.encrypted"
        self._connected = True
        self._worker: tuple[bool, int, bool] | None = None
        self._verified: tuple[datetime, int, bool] | None = None
        self._left_s = 0
        self._task: Task | None = None
        self._lamp = Lamp(desk)
        self._database = role_label("label")
        self._verification = role_label("label")
        self._worker_lamp = Lamp(desk)
        self._worker_text = role_label("label")
        self._work = role_label("label")
        self._bar = QProgressBar()
        self._stop = QToolButton()
        self._lock = role_label("label")
        self._build()
        desk.language.changed.connect(self._retranslate)
        desk.tasks.progressed.connect(self._show_progress)
        desk.tasks.ended.connect(self._end_progress)
        self._retranslate()

    def show_database(
        self, name: str, *, connected: bool = True, words_key: str = "status.encrypted"
    ) -> None:
        """Name the database, and say whether it answers; `words_key` says how it is kept."""
        self._database_name, self._connected = name, connected
        self._database_words = words_key
        self._retranslate()

    def show_worker(self, *, is_active: bool, waiting: int, has_problem: bool = False) -> None:
        """Say whether the server's worker is at work, and how many entries it has to seal.

        With a problem it has set something aside, or stopped over it: the verification page says
        what.
        """
        self._worker = (is_active, waiting, has_problem)
        self._retranslate()

    def show_verification(
        self, when: datetime | None, *, entries: int = 0, whole: bool = True
    ) -> None:
        """Say when the log was last verified, over how many entries, and how it came out."""
        self._verified = None if when is None else (when, entries, whole)
        self._retranslate()

    def show_lock(self, left_s: int) -> None:
        """Say in how many seconds the desk locks."""
        self._left_s = left_s
        time = f"{left_s // 60}:{left_s % 60:02d}"
        self._lock.setText(self._desk.language.text("status.locks", time=time))

    def _build(self) -> None:
        self._row = QHBoxLayout(self)
        row = self._row
        row.setContentsMargins(GAP_L, 0, GAP_L, 0)
        row.setSpacing(GAP_S)
        row.addWidget(self._lamp)
        row.addWidget(self._database)
        row.addSpacing(GAP_S)
        row.addWidget(self._icon("shield-check"))
        row.addWidget(self._verification)
        row.addSpacing(GAP_S)
        row.addWidget(self._worker_lamp)
        row.addWidget(self._worker_text)
        row.addStretch()
        row.addWidget(self._work)
        self._bar.setFixedWidth(PROGRESS_WIDTH)
        self._bar.setTextVisible(False)
        row.addWidget(self._bar)
        self._stop.setFixedSize(ICON_SIZE + GAP_S, ICON_SIZE + GAP_S)
        self._stop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        language = self._desk.language
        language.keep(self._stop, self._stop.setAccessibleName, "status.stop")
        language.keep(self._stop, self._stop.setToolTip, "status.stop")
        self._desk.theme.keep_icon(self._stop, self._stop.setIcon, "x")
        self._stop.clicked.connect(self._stop_task)
        row.addWidget(self._stop)
        row.addSpacing(GAP_S)
        row.addWidget(self._icon("timer"))
        row.addWidget(self._lock)
        self._set_work_visible(visible=False)

    def _icon(self, name: str) -> IconLabel:
        return IconLabel(self._desk, name, lambda palette: palette.muted)

    def _retranslate(self) -> None:
        language = self._desk.language
        key = self._database_words if self._connected else "status.not_connected"
        self._database.setText(language.text(key, name=self._database_name))
        self._lamp.set_tone(Tone.LEAF if self._connected else Tone.RED)
        if self._verified is None:
            self._verification.setText(language.text("status.never_verified"))
        else:
            when, entries, whole = self._verified
            key = "status.verified" if whole else "status.not_whole"
            text = language.text(key, time=language.time(when), count=entries)
            self._verification.setText(text)
        self._show_worker_words()
        self.show_lock(self._left_s)

    def _show_worker_words(self) -> None:
        # Without a connection nobody knows how the worker is.
        is_known = self._worker is not None and self._connected
        for widget in (self._worker_lamp, self._worker_text):
            widget.setVisible(is_known)
        if self._worker is None:
            return
        is_active, waiting, has_problem = self._worker
        language = self._desk.language
        word = "active" if is_active else "absent"
        tone = Tone.LEAF if is_active else Tone.AMBER
        if has_problem:
            word, tone = "troubled", Tone.RED
        key = f"worker.{word}_waiting" if waiting else f"worker.{word}"
        self._worker_text.setText(language.text(key, count=waiting))
        self._worker_lamp.set_tone(tone)

    def _show_progress(self, task: Task) -> None:
        self._task = task
        self._bar.setRange(0, 1000 if task.total else 0)
        if task.total:
            self._bar.setValue(1000 * task.done // task.total)
        self._work.setText(task.title)
        count = self._desk.language.quantity(task.done)
        self._bar.setAccessibleName(f"{task.title}, {count}")
        self._set_work_visible(visible=True)

    def _end_progress(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self._set_work_visible(visible=False)

    def _stop_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _set_work_visible(self, *, visible: bool) -> None:
        for widget in (self._work, self._bar, self._stop):
            widget.setVisible(visible)
