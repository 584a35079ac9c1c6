"""What an empty place says: what belongs here, and how to begin.

Owns the layout; the sentences are the page's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.components.labels import IconLabel, role_label, text_button, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M, GAP_S, GAP_XL, ICON_EMPTY


class EmptyState(QWidget):
    """An icon, a line, a sentence and, if there is one, the act to begin with."""

    acted = Signal()

    def __init__(
        self,
        desk: Desk,
        title_key: str,
        sentence_key: str,
        *,
        action_key: str = "",
        icon: str = "inbox",
    ) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_XL)
        layout.setSpacing(GAP_S)
        layout.addStretch()
        centre = Qt.AlignmentFlag.AlignHCenter
        picture = IconLabel(desk, icon, lambda palette: palette.muted, size=ICON_EMPTY)
        layout.addWidget(picture, alignment=centre)
        title = role_label("strong")
        desk.language.keep(title, title.setText, title_key)
        layout.addWidget(title, alignment=centre)
        sentence = wrapped_label("muted")
        sentence.setAlignment(centre)
        desk.language.keep(sentence, sentence.setText, sentence_key)
        layout.addWidget(sentence)
        if action_key:
            layout.addSpacing(GAP_M)
            self.action = text_button(desk, action_key)
            self.action.clicked.connect(self.acted)
            layout.addWidget(self.action, alignment=centre)
        layout.addStretch()
