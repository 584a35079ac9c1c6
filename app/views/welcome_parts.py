"""The two cards of the first window: registries used lately, and ways to others.

Owns the cards and their buttons; must not open anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.views.components.cards import Card
from app.views.components.labels import IconLabel, icon_button, role_label, rule, wrapped_label
from app.views.desk import Desk
from app.views.presenters.welcome import RecentRegistry
from app.views.theme.tokens import GAP_M, GAP_S, GAP_XS, ICON_LARGE

_WAYS = (
    ("open", "upload"),
    ("server", "cable"),
    ("create", "circle-plus"),
    ("demo", "eye"),
)


class WayButton(QPushButton):
    """An icon, what one does, and a sentence about it: all of it a button."""

    def __init__(self, desk: Desk, icon: str, title: QWidget, sentence: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "quiet")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_S, GAP_S, GAP_S, GAP_S)
        row.setSpacing(GAP_M)
        picture = IconLabel(desk, icon, lambda palette: palette.leaf, size=ICON_LARGE)
        row.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        for label in (title, sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        row.addLayout(words, 1)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # A button is as high as one line of its own; this one as its words need at this width.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        """Give what the words need."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()


class WaysCard(Card):
    """The ways to a registry, by name in `buttons`: open, server, create, demo."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "welcome.ways", icon="arrow-right")
        self.buttons: dict[str, QPushButton] = {}
        for name, icon in _WAYS:
            if self.buttons:
                self.body.addWidget(rule())
            title, sentence = role_label("strong"), role_label("muted")
            sentence.setWordWrap(True)
            desk.language.keep(title, title.setText, f"welcome.{name}")
            desk.language.keep(sentence, sentence.setText, f"welcome.{name}_sentence")
            button = WayButton(desk, icon, title, sentence)
            desk.language.keep(button, button.setAccessibleName, f"welcome.{name}")
            desk.language.keep(button, button.setAccessibleDescription, f"welcome.{name}_sentence")
            self.buttons[name] = button
            self.body.addWidget(button)
        self.body.addStretch()


class RecentCard(Card):
    """`chosen` and `removed` carry the path or address of a registry used lately."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "welcome.recent", icon="history")
        self._desk = desk
        self._rows: list[QWidget] = []
        self.openers: list[QPushButton] = []
        self._empty = wrapped_label("muted")
        desk.language.keep(self._empty, self._empty.setText, "welcome.recent_none")
        self.body.addWidget(self._empty)
        self.body.addStretch()

    def first(self) -> QPushButton | None:
        """Give the button of the registry used last."""
        return self.openers[0] if self.openers else None

    def show_rows(self, rows: Sequence[RecentRegistry]) -> None:
        """Show the registries used lately, the latest first."""
        for old in self._rows:
            old.setParent(None)
            old.deleteLater()
        self._rows, self.openers = [], []
        self._empty.setVisible(not rows)
        for number, row in enumerate(rows):
            made = self._row(row)
            self._rows.append(made)
            self.body.insertWidget(number, made)

    def _row(self, row: RecentRegistry) -> QWidget:
        made = QWidget()
        made.setProperty("role", "clear")
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP_XS)
        where = role_label("label", row.where)
        where.setWordWrap(True)
        icon = "cable" if row.is_server else "archive"
        opener = WayButton(self._desk, icon, role_label("strong", row.name), where)
        opener.setAccessibleName(f"{row.name}, {row.where}")
        opener.setToolTip(row.text)
        opener.clicked.connect(lambda: self.chosen.emit(row.text))
        self.openers.append(opener)
        line.addWidget(opener, 1)
        remove = icon_button(self._desk, "welcome.forget", "x")
        remove.clicked.connect(lambda: self.removed.emit(row.text))
        line.addWidget(remove, alignment=Qt.AlignmentFlag.AlignVCenter)
        return made
