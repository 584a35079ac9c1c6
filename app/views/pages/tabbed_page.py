"""A page of several parts that stand behind each other, with their names in a row above.

Owns which part is shown, and that each is made when first shown; a part is a page of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget

from app.views.components.choice_fields import SegmentsField
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.page import Page
from app.views.pages.context import PageContext
from app.views.theme.tokens import GAP_L, GAP_XL

TARGET_BETWEEN = ":"
"""Between a part's key and the target of that part, in the target of the page."""


@dataclass(frozen=True)
class Part:
    """A part of a page: its name above, and how it is made."""

    key: str
    title_key: str
    make: Callable[[], Page]


class TabbedPage(Page):
    """A target is a part's key, perhaps with `:` and the part's own target; else the first's."""

    def __init__(
        self,
        context: PageContext,
        title_key: str,
        parts: Sequence[Part],
        *,
        shows: frozenset[str],
    ) -> None:
        super().__init__(context.desk, title_key)
        self.shows = shows
        self.context = context
        self._parts = {part.key: part for part in parts}
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._current = ""
        self.header.hide()
        options = tuple(Option(part.key, text_key=part.title_key) for part in parts)
        self.tabs = SegmentsField(
            context.desk, Field("part", title_key, FieldKind.SEGMENTS, options=options)
        )
        self.tabs.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.tabs.edited.connect(lambda: self.show_part(self.tabs.value()))
        context.language.changed.connect(self._widen)
        self._widen()
        self._stack = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        self.body.setSpacing(0)
        self.body.addLayout(row)
        self.body.addWidget(self._stack, 1)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    @property
    def current(self) -> str:
        """The key of the part that is shown."""
        return self._current

    def part(self, key: str) -> Page:
        """Return a part, made if it was never shown."""
        if key not in self._pages:
            made = self._parts[key].make()
            self._pages[key] = made
            self._stack.addWidget(made)
        return self._pages[key]

    def enter(self, target: str = "") -> None:
        """Show the part that the target names, else the one that was shown, else the first."""
        key, _between, rest = target.partition(TARGET_BETWEEN)
        if key not in self._parts:
            first = next(iter(self._parts))
            key, rest = (first, target) if target else (self._current or first, "")
        self.show_part(key, rest)

    def show_part(self, key: str, target: str = "") -> None:
        """Show a part, with what it should show."""
        page = self.part(key)
        self._current = key
        self.tabs.set_value(key)
        self._stack.setCurrentWidget(page)
        if key in self._stale:
            self._stale.discard(key)
            page.refresh()
        page.enter(target)

    def _widen(self) -> None:
        """Leave each name the room it takes in bold, as it stands when it is chosen."""
        for button in self.tabs.findChildren(QPushButton):
            font = QFont(button.font())
            font.setBold(True)
            wide = QFontMetrics(font).horizontalAdvance(button.text())
            button.setMinimumWidth(wide + 2 * GAP_L)

    def refresh(self) -> None:
        """Refresh the part that is shown; the others when they are shown again."""
        for key, page in self._pages.items():
            if key == self._current:
                page.refresh()
            else:
                self._stale.add(key)
