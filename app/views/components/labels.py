"""Labels and frames dressed by role.

Owns making the plain pieces every component is built of; the style sheet says how a role
looks. Must not hold a text.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from app.views.desk import Desk
from app.views.theme.icons import icon_pixmap
from app.views.theme.theme import ColourChoice
from app.views.theme.tokens import CONTROL_HEIGHT, ICON_SIZE, LINE_WIDTH, SIGN_IN_WIDTH, Tone

_ENDLESS_WORD = re.compile(r"[^\s\u0e00-\u0e7f]{65,}")
"""Longer than a hash; Thai has no spaces between its words and breaks by itself."""
_PIECE = re.compile(r".{1,16}")
_MAY_BREAK = "\u200b"
_NO_BOUND = 16_777_215
"""Qt's own greatest size of a widget."""


class WrappedLabel(QLabel):
    """A label that breaks its lines; a word without an end is broken rather than in the way.

    Otherwise one pasted line of letters would push every button of its page out of sight.
    """

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setWordWrap(True)

    def text(self) -> str:
        """Return the text as it was given."""
        return self._words

    def setText(self, text: str) -> None:
        """Show a text, with places to break in what is longer than any word."""
        self._words = text
        super().setText(_ENDLESS_WORD.sub(_with_breaks, text))

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than a card has, however long the longest word is."""
        return super().minimumSizeHint().boundedTo(QSize(SIGN_IN_WIDTH // 2, _NO_BOUND))


def role_label(role: str, text: str = "", *, tone: Tone | None = None) -> QLabel:
    """Make a label of a role (title, label, muted, strong, figure, section, small)."""
    return _dressed(QLabel(), role, text, tone)


def wrapped_label(role: str, text: str = "", *, tone: Tone | None = None) -> QLabel:
    """Make a label that breaks its lines and can be selected with the mouse."""
    label = _dressed(WrappedLabel(), role, text, tone)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _dressed(label: QLabel, role: str, text: str, tone: Tone | None) -> QLabel:
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    if tone is not None:
        label.setProperty("tone", tone.value)
    label.setText(text)
    return label


def _with_breaks(word: re.Match[str]) -> str:
    return _MAY_BREAK.join(_PIECE.findall(word[0]))


def set_tone(label: QWidget, tone: Tone) -> None:
    """Give a dressed widget another tone."""
    label.setProperty("tone", tone.value)
    redress(label)


def redress(widget: QWidget) -> None:
    """Apply the style sheet again after a dynamic property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def frame(role: str) -> QFrame:
    """Make a frame of a role (card, rule, top-bar, status-bar, message)."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def rule() -> QFrame:
    """Make a horizontal line one pixel high."""
    made = frame("rule")
    made.setFixedHeight(LINE_WIDTH)
    return made


def text_button(
    desk: Desk, text_key: str, *, kind: str = "secondary", icon: str = ""
) -> QPushButton:
    """Make a button that names its act; kinds: primary, secondary, quiet, danger."""
    button = QPushButton()
    button.setProperty("kind", kind)
    button.setMinimumHeight(CONTROL_HEIGHT)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setAutoDefault(False)
    # Qt leaves no room between a button's icon and its words.
    room = "  " if icon else ""
    desk.language.keep(button, lambda text: button.setText(room + text), text_key)
    desk.language.keep(button, button.setAccessibleName, text_key)
    if icon:
        colour: ColourChoice = lambda palette: palette.ink  # noqa: E731 - a choice, not a function
        if kind == "primary":
            colour = lambda palette: palette.on_leaf  # noqa: E731 - as above
        desk.theme.keep_icon(button, button.setIcon, icon, colour)
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    return button


def icon_button(desk: Desk, text_key: str, icon: str) -> QToolButton:
    """Make a button that shows an icon and says its act to tooltips and screen readers."""
    button = QToolButton()
    button.setFixedHeight(CONTROL_HEIGHT)
    button.setMinimumWidth(CONTROL_HEIGHT)
    button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    desk.language.keep(button, button.setToolTip, text_key)
    desk.language.keep(button, button.setAccessibleName, text_key)
    desk.theme.keep_icon(button, button.setIcon, icon)
    return button


class IconLabel(QWidget):
    """An icon standing still, tinted with a colour of the scheme."""

    def __init__(
        self,
        desk: Desk,
        icon: str,
        colour: ColourChoice = lambda palette: palette.ink,
        *,
        size: int = ICON_SIZE,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._icon = icon
        self._colour = colour
        self._size = size
        self.setFixedSize(size, size)
        desk.theme.changed.connect(self.update)

    def set_icon(self, icon: str, colour: ColourChoice) -> None:
        """Show another icon."""
        self._icon, self._colour = icon, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon at the screen's own sharpness."""
        painter = QPainter(self)
        colour = self._colour(self._desk.theme.palette)
        pixmap = icon_pixmap(self._icon, colour, size=self._size, ratio=self.devicePixelRatioF())
        painter.drawPixmap(0, 0, pixmap)
        painter.end()
