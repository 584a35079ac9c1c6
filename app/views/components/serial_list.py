"""Serial ranges below each other, each with its units, to read and to copy.

Owns the drawing and the clipboard; which ranges they are is the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.components.labels import role_label, rule, text_button, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M, GAP_S, GAP_XS


@dataclass(frozen=True)
class SerialLine:
    """One range as printed, its units, and what else is to be said of it."""

    serial: str
    quantity: int
    caption: str = ""


class SerialList(QWidget):
    """Ranges under a title; the button copies them all, one a line."""

    def __init__(self, desk: Desk, title_key: str) -> None:
        super().__init__()
        self._desk = desk
        self._lines: tuple[SerialLine, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        head = QHBoxLayout()
        title = role_label("label")
        desk.language.keep(title, title.setText, title_key)
        head.addWidget(title, 1)
        self.copy = text_button(desk, "serials.copy", kind="quiet", icon="copy")
        self.copy.clicked.connect(self._copy)
        head.addWidget(self.copy)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GAP_S)
        column.addLayout(self._rows)
        self._more = role_label("label")
        column.addWidget(self._more)

    def show_lines(self, lines: Sequence[SerialLine], *, more: bool = False) -> None:
        """Show ranges; `more` says that there are others that are not shown."""
        self._lines = tuple(lines)
        self._clear()
        for number, line in enumerate(lines):
            if number:
                self._rows.addWidget(rule())
            self._rows.addWidget(self._row(line))
        text = self._desk.language.text("serials.more", count=len(lines)) if more else ""
        self._more.setText(text)
        self._more.setVisible(more)
        self.setVisible(bool(lines))

    def _row(self, line: SerialLine) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        words.addWidget(wrapped_label("", line.serial))
        if line.caption:
            words.addWidget(wrapped_label("label", line.caption))
        row.addLayout(words, 1)
        quantity = role_label("strong", self._desk.language.quantity(line.quantity))
        row.addWidget(quantity, alignment=Qt.AlignmentFlag.AlignTop)
        made.setAccessibleName(f"{line.serial} {quantity.text()} {line.caption}".strip())
        return made

    def _clear(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(line.serial for line in self._lines))
