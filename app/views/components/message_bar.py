"""A bar across a page that says one thing: done, to note, or failed and what to do.

Owns the bar; must not decide what is said.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.views.components.labels import (
    IconLabel,
    frame,
    icon_button,
    redress,
    role_label,
    wrapped_label,
)
from app.views.components.problem import describe_problem
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M, GAP_S, GAP_XS, Tone, tone_colours

_ICONS = {
    Tone.LEAF: "circle-check",
    Tone.TEAK: "info",
    Tone.AMBER: "triangle-alert",
    Tone.RED: "circle-x",
    Tone.BLUE: "info",
    Tone.QUIET: "info",
}


class MessageBar(QWidget):
    """Hidden until it has something to say; `acted` follows its button."""

    acted = Signal()
    closed = Signal()

    def __init__(self, desk: Desk, *, closable: bool = True) -> None:
        super().__init__()
        self._desk = desk
        self._said_code = ""
        self._frame = frame("message")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(GAP_M, GAP_S, GAP_S, GAP_S)
        row.setSpacing(GAP_M)
        self._icon = IconLabel(desk, "info")
        row.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        self._title = wrapped_label("strong")
        self._detail = wrapped_label("small")
        self._code = role_label("label")
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addWidget(self._code)
        row.addLayout(words, 1)
        self._action = QPushButton()
        self._action.clicked.connect(self.acted)
        row.addWidget(self._action, alignment=Qt.AlignmentFlag.AlignTop)
        self._close = icon_button(desk, "common.close", "x")
        self._close.clicked.connect(self.clear)
        row.addWidget(self._close, alignment=Qt.AlignmentFlag.AlignTop)
        # Shown only once it has a parent: without one it would be a window of its own.
        self._close.setVisible(closable)
        self.hide()

    @property
    def title(self) -> str:
        """What the bar says now."""
        return self._title.text()

    def say(
        self, tone: Tone, title: str, detail: str = "", *, code: str = "", action: str = ""
    ) -> None:
        """Show a message; the first line says what, the second why or what to do."""
        self._frame.setProperty("tone", tone.value)
        redress(self._frame)
        self._icon.set_icon(_ICONS[tone], lambda palette: tone_colours(palette, tone).text)
        self._said_code = code
        told = self._desk.language.text("problem.code", code=code) if code else ""
        for label, text in ((self._title, title), (self._detail, detail), (self._code, told)):
            label.setText(text)
            label.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(" ".join(part for part in (title, detail, code) if part))
        self.show()

    def say_problem(self, error: Exception, *, action: str = "") -> None:
        """Show an expected error: what failed, what to do, its code."""
        problem = describe_problem(error, self._desk.language)
        self.say(Tone.RED, problem.message, problem.hint, code=problem.code, action=action)

    def clear_code(self, *codes: str) -> None:
        """Say no more what had one of these codes: it is over."""
        if self._said_code in codes:
            self.clear()

    def clear(self) -> None:
        """Say nothing any more."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
