"""Cards: a titled sheet of paper, and one figure on a card.

Owns the frames and their spacing; must not know what is written on them.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.views.components.labels import IconLabel, role_label
from app.views.desk import Desk
from app.views.theme.tokens import GAP_L, GAP_M, GAP_S, GAP_XS


class Card(QFrame):
    """A sheet of paper with a titled head; `head` and `body` are its layouts."""

    def __init__(self, desk: Desk, title_key: str = "", *, icon: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP_L, GAP_L, GAP_L, GAP_L)
        outer.setSpacing(GAP_M)
        self.head = QHBoxLayout()
        self.head.setSpacing(GAP_S)
        if title_key:
            if icon:
                self.head.addWidget(IconLabel(desk, icon))
            title = role_label("card-title")
            desk.language.keep(title, title.setText, title_key)
            desk.language.keep(self, self.setAccessibleName, title_key)
            self.head.addWidget(title)
            self.head.addStretch()
            outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP_M)
        outer.addLayout(self.body, 1)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a chip or a button at the right of the title."""
        self.head.addWidget(widget, alignment=Qt.AlignmentFlag.AlignVCenter)


class FigureCard(QFrame):
    """One figure with its label above and a note below."""

    def __init__(self, desk: Desk, title_key: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        # Cards of one row are as high as the highest of them.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_L, GAP_M, GAP_L, GAP_M)
        layout.setSpacing(GAP_XS)
        self._title = role_label("label")
        self._figure = role_label("figure", "–")
        self._note = role_label("muted")
        for label in (self._title, self._figure, self._note):
            layout.addWidget(label)
        layout.addStretch(1)
        desk.language.keep(self, self._take_title, title_key)

    @property
    def figure(self) -> str:
        """The figure shown."""
        return self._figure.text()

    def show_figure(self, figure: str, note: str = "") -> None:
        """Show a figure, already written as people read it, and its note."""
        self._figure.setText(figure)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._tell()

    def _take_title(self, title: str) -> None:
        self._title.setText(title)
        self._tell()

    def _tell(self) -> None:
        parts = (self._title.text(), self._figure.text(), self._note.text())
        self.setAccessibleName(" ".join(part for part in parts if part))
