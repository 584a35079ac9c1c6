"""The desk's scheme: light, dark or as the system has it, changed while running.

Owns which palette is in force and puts it on the application; the colours themselves are
the tokens', the style sheet is `stylesheet`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from app.views.theme.fonts import desk_font, load_fonts
from app.views.theme.icons import tinted_icon
from app.views.theme.stylesheet import build_stylesheet
from app.views.theme.tokens import DARK, ICON_SIZE, LIGHT, Palette


class ThemeMode(StrEnum):
    """What the person chose."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


ColourChoice: TypeAlias = Callable[[Palette], str]


class Theme(QObject):
    """The scheme in force; `changed` is emitted after the application wears another one."""

    changed = Signal()

    def __init__(
        self, application: QApplication, mode: ThemeMode = ThemeMode.SYSTEM, language: str = "en"
    ) -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode
        self._language = language
        self._drawings = QTemporaryDir()
        load_fonts()
        application.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._dress()

    @property
    def mode(self) -> ThemeMode:
        """What the person chose."""
        return self._mode

    @property
    def palette(self) -> Palette:
        """The colours now in force."""
        return DARK if self.is_dark else LIGHT

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        if self._mode is ThemeMode.SYSTEM:
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode is ThemeMode.DARK

    def set_mode(self, mode: ThemeMode) -> None:
        """Change the scheme while running."""
        if mode is self._mode:
            return
        self._mode = mode
        self._dress()

    def set_language(self, code: str) -> None:
        """Give the type the line height of a language."""
        if code == self._language:
            return
        self._language = code
        self._dress()

    def icon(
        self, name: str, colour: ColourChoice = lambda palette: palette.ink, size: int = ICON_SIZE
    ) -> QIcon:
        """Make an icon in a colour of the scheme; `keep_icon` also follows later changes."""
        palette = self.palette
        return tinted_icon(name, colour(palette), disabled_colour=palette.muted, size=size)

    def keep_icon(
        self,
        owner: QObject,
        setter: Callable[[QIcon], object],
        name: str,
        colour: ColourChoice = lambda palette: palette.ink,
    ) -> None:
        """Set an icon now and after each change of scheme, as long as the owner lives."""
        _IconKeeper(owner, self, setter, name, colour)

    def _follow_system(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._dress()

    def _dress(self) -> None:
        palette = self.palette
        self._application.setFont(desk_font(language=self._language))
        self._application.setPalette(_qt_palette(palette))
        self._application.setStyleSheet(build_stylesheet(palette, Path(self._drawings.path())))
        self.changed.emit()


class _IconKeeper(QObject):
    """Sets one icon again whenever the scheme changes; dies with its owner."""

    def __init__(
        self,
        owner: QObject,
        theme: Theme,
        setter: Callable[[QIcon], object],
        name: str,
        colour: ColourChoice,
    ) -> None:
        super().__init__(owner)
        self._theme = theme
        self._setter = setter
        self._name = name
        self._colour = colour
        theme.changed.connect(self.set_icon)
        self.set_icon()

    def set_icon(self) -> None:
        self._setter(self._theme.icon(self._name, self._colour))


def _qt_palette(palette: Palette) -> QPalette:
    roles = QPalette.ColorRole
    colours = {
        roles.Window: palette.page,
        roles.Base: palette.paper,
        roles.AlternateBase: palette.rail,
        roles.Button: palette.paper,
        roles.WindowText: palette.ink,
        roles.Text: palette.ink,
        roles.ButtonText: palette.ink,
        roles.ToolTipBase: palette.paper,
        roles.ToolTipText: palette.ink,
        roles.PlaceholderText: palette.muted,
        roles.Highlight: palette.leaf_tint,
        roles.HighlightedText: palette.ink,
        roles.Link: palette.blue,
        roles.Accent: palette.leaf,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.muted))
    return made
