"""A quiet line that opens what few need, and closes it again.

Owns opening and closing; what stands in it is its owner's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.components.labels import text_button
from app.views.desk import Desk
from app.views.theme.tokens import GAP_S


class Disclosure(QWidget):
    """`body` is hidden until the line is pressed; `opened` tells each time it opens."""

    opened = Signal()

    def __init__(self, desk: Desk, text_key: str, *, icon: str = "chevron-down") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        self.button = text_button(desk, text_key, kind="quiet", icon=icon)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._turn)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._place = QWidget()
        self.body = QVBoxLayout(self._place)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(GAP_S)
        self._place.hide()
        column.addWidget(self._place)

    @property
    def is_open(self) -> bool:
        """Whether its body is in sight."""
        return self.button.isChecked()

    def _turn(self, is_open: bool) -> None:
        self._place.setVisible(is_open)
        if is_open:
            self.opened.emit()
