"""A button for an act that some may do and others may not, and the reason when it is off.

Owns saying the reason where it can be read; who may do what is the page's presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.views.components.labels import role_label, text_button
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M


class ActButton(QWidget):
    """`asked` follows the button; while there is a reason against it, it is off."""

    asked = Signal()

    def __init__(
        self, desk: Desk, text_key: str, *, kind: str = "secondary", icon: str = ""
    ) -> None:
        super().__init__()
        self._desk = desk
        self._reason_key = ""
        self.button = text_button(desk, text_key, kind=kind, icon=icon)
        self.button.clicked.connect(self.asked)
        self._reason = role_label("label")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        row.addWidget(self._reason, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)
        desk.language.changed.connect(self._show_reason)
        self._show_reason()

    def set_reason(self, reason_key: str) -> None:
        """Turn the act off for a reason, or on when there is none."""
        self._reason_key = reason_key
        self._show_reason()

    def _show_reason(self) -> None:
        text = self._desk.language.text(self._reason_key) if self._reason_key else ""
        self._reason.setText(text)
        self._reason.setVisible(bool(text))
        self.button.setEnabled(not text)
        self.button.setToolTip(text)
        self.button.setAccessibleDescription(text)
