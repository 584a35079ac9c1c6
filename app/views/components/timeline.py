"""The history of a status: what happened, when, by whom, newest first.

Owns the drawing; the order and the words are the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.components.labels import role_label, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M, GAP_S, LINE_WIDTH, Tone, tone_colours

_DOT = GAP_S
_TOP = GAP_M // 2


@dataclass(frozen=True)
class TimelineEntry:
    """One step: its moment, what happened, who or why, and its tone."""

    when: datetime
    title: str
    detail: str = ""
    tone: Tone = Tone.QUIET


class Timeline(QWidget):
    """Steps below each other, joined by a line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._entries: tuple[TimelineEntry, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        desk.language.changed.connect(self._draw)

    def show_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show steps in the order given."""
        self._entries = tuple(entries)
        self._draw()

    def _draw(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        last = len(self._entries) - 1
        for number, entry in enumerate(self._entries):
            self._layout.addWidget(_Step(self._desk, entry, joined=number < last))


class _Step(QWidget):
    """One step with its dot, and the line down to the next."""

    def __init__(self, desk: Desk, entry: TimelineEntry, *, joined: bool) -> None:
        super().__init__()
        self._desk = desk
        self._entry = entry
        self._joined = joined
        row = QHBoxLayout(self)
        row.setContentsMargins(_DOT + GAP_M, 0, 0, GAP_M if joined else 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(wrapped_label("strong", entry.title))
        if entry.detail:
            words.addWidget(wrapped_label("muted", entry.detail))
        words.addStretch()
        row.addLayout(words, 1)
        when = desk.language.moment(entry.when)
        row.addWidget(role_label("label", when), alignment=Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{when} {entry.title} {entry.detail}".strip())
        desk.theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot and the line."""
        palette = self._desk.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._joined:
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            middle = _DOT // 2
            painter.drawLine(middle, _TOP + _DOT, middle, self.height() + _TOP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone_colours(palette, self._entry.tone).text))
        painter.drawEllipse(0, _TOP, _DOT, _DOT)
        painter.end()
