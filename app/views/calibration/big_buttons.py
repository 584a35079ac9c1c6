"""Large targets for one hand: choices, acts, a number pad and the entry it types into.

Owns their size and shape; must not know what is chosen.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from app.views.components.labels import redress, text_button
from app.views.desk import Desk
from app.views.theme.tokens import (
    GAP_S,
    NUMBER_PAD_KEY,
    TARGET_HEIGHT,
    TARGET_WIDTH,
)

_KEYS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("−", "0", "."))


def big_button(
    desk: Desk, text_key: str, *, kind: str = "secondary", icon: str = ""
) -> QPushButton:
    """Make a button that a thumb finds."""
    button = text_button(desk, text_key, kind=kind, icon=icon)
    button.setMinimumSize(TARGET_WIDTH, TARGET_HEIGHT)
    return button


class BigChoice(QPushButton):
    """One of several choices, a line below saying more; chosen or not, and why it cannot be."""

    def __init__(self, title: str, second: str = "", *, chosen: bool = False) -> None:
        super().__init__(f"{title}\n{second}" if second else title)
        self.setProperty("kind", "choice")
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setAutoDefault(False)
        self.setMinimumHeight(TARGET_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{title}. {second}" if second else title)

    def refuse(self) -> None:
        """Show that it cannot be chosen; its second line says why."""
        self.setEnabled(False)
        redress(self)


class NumberEntry(QLineEdit):
    """A number typed by keys or pad; `value` None while it is none."""

    def __init__(self, initial: float | None = None) -> None:
        super().__init__("" if initial is None else f"{initial:g}")
        self.setMinimumHeight(TARGET_HEIGHT)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.setProperty("role", "number")

    def value(self) -> float | None:
        """Give the number, a comma taken as a point."""
        try:
            return float(self.text().strip().replace(",", ".").replace("−", "-"))
        except ValueError:
            return None


class NumberPad(QWidget):
    """Ten digits, point, sign and rub-out; types into whatever entry was touched last."""

    typed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._entry: NumberEntry | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_S)
        for row, keys in enumerate(_KEYS):
            for column, key in enumerate(keys):
                button = QPushButton(key)
                button.setAccessibleName(key)
                button.setFixedSize(NUMBER_PAD_KEY, NUMBER_PAD_KEY)
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.clicked.connect(partial(self._type, key))
                grid.addWidget(button, row, column)
        rub_out = text_button(desk, "calibration.rub_out", icon="undo-2")
        rub_out.setFixedHeight(NUMBER_PAD_KEY)
        rub_out.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rub_out.clicked.connect(self._rub_out)
        grid.addWidget(rub_out, len(_KEYS), 0, 1, 3)
        grid.setRowStretch(len(_KEYS) + 1, 1)

    def serve(self, entry: NumberEntry) -> None:
        """Type into this entry from now on."""
        self._entry = entry

    def _type(self, key: str) -> None:
        entry = self._entry
        if entry is None:
            return
        if key == "−":
            text = entry.text()
            entry.setText(text[1:] if text.startswith("-") else f"-{text}")
        else:
            entry.insert(key)
        self.typed.emit()

    def _rub_out(self) -> None:
        if self._entry is not None:
            self._entry.backspace()
            self.typed.emit()
