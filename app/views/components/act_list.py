"""A calm list of acts to choose from: each a name, a sentence, and who does it.

Owns drawing and choosing; what the acts are is the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views.components.labels import IconLabel, role_label, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import CONTROL_HEIGHT, FOCUS_WIDTH, GAP_M, GAP_S, GAP_XS, RADIUS


@dataclass(frozen=True)
class ActEntry:
    """One act of the list; an empty sentence, or nobody who does it, is left out."""

    key: str
    title_key: str
    icon: str
    sentence_key: str = ""
    who_key: str = ""


class ActList(QWidget):
    """Emits `chosen` with an act's key; Up and Down go to the neighbours."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, entries: Sequence[ActEntry]) -> None:
        super().__init__()
        self._buttons: dict[str, _ActButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_XS)
        for entry in entries:
            button = _ActButton(desk, entry)
            button.toggled.connect(
                lambda is_on, key=entry.key: self.chosen.emit(key) if is_on else None
            )
            self._group.addButton(button)
            self._buttons[entry.key] = button
            column.addWidget(button)
        column.addStretch(1)

    def choose(self, key: str) -> None:
        """Choose an act as a click would."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> QAbstractButton:
        """Return an act's button, to bring it into sight."""
        return self._buttons[key]


class _ActButton(QAbstractButton):
    """One act: icon, name, and below them the sentence and who does it."""

    def __init__(self, desk: Desk, entry: ActEntry) -> None:
        super().__init__()
        self._desk = desk
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(GAP_M, GAP_S, GAP_S, GAP_S)
        row.setSpacing(GAP_S)
        row.addWidget(IconLabel(desk, entry.icon), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = role_label("strong")
        self._sentence = wrapped_label("label")
        self._who = wrapped_label("label")
        for label in (self._title, self._sentence, self._who):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        row.addLayout(words, 1)
        desk.language.keep(self, self._take_title, entry.title_key)
        if entry.sentence_key:
            desk.language.keep(self, self._take_sentence, entry.sentence_key)
        if entry.who_key:
            desk.language.keep(self, self._who.setText, entry.who_key)
        self._who.setVisible(bool(entry.who_key))
        self._sentence.setVisible(bool(entry.sentence_key))
        desk.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Ask for what the words need."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Ask for no width and no height of its own: the words at the list's width say both."""
        return QSize(0, CONTROL_HEIGHT)

    def hasHeightForWidth(self) -> bool:
        """Words break where the list is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height of the words at a width."""
        return self._row.totalHeightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tint of the chosen act, and the line of the one with the focus."""
        palette = self._desk.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(palette.leaf_tint))
            painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        elif self.underMouse():
            painter.setBrush(QColor(palette.rail))
            painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.leaf), FOCUS_WIDTH))
            inner = self.rect().adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(inner, RADIUS, RADIUS)
        painter.end()

    def _take_title(self, title: str) -> None:
        self._title.setText(title)
        self.setText(title)
        self.setAccessibleName(title)

    def _take_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.setToolTip(sentence)
