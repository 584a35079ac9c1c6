"""A page of several acts: the list of them at the left, the chosen one's own page at the right.

Owns which act is shown, and that each is made when first chosen; an act's form is its own
page's, the same as if it stood alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.views.components.act_list import ActEntry, ActList
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import frame, role_label, wrapped_label
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.theme.tokens import (
    ACT_LIST_WIDTH,
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XL,
    LINE_WIDTH,
    WIDE_BOARD_WIDTH,
)

TARGET_BETWEEN = ":"
"""Between an act's key and the target of its page, in the target of the board."""


@dataclass(frozen=True)
class BoardAct:
    """An act of the board: its line in the list, and how its page is made."""

    entry: ActEntry
    make: Callable[[], Page]


class ActBoard(Page):
    """A target is an act's key, or `key:target` with what its own page takes."""

    def __init__(
        self, context: PageContext, title_key: str, sentence_key: str, acts: Sequence[BoardAct]
    ) -> None:
        super().__init__(context.desk, title_key)
        self.context = context
        self._acts = {act.entry.key: act for act in acts}
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._current = ""
        self._target = ""
        self.header.hide()
        self.acts = ActList(context.desk, [act.entry for act in acts])
        self._sentence = wrapped_label("muted")
        context.language.keep(self, self._sentence.setText, sentence_key)
        self._side = self._build_side(title_key)
        self._side.setFixedWidth(ACT_LIST_WIDTH)
        self.pick = LabelledField(
            context.desk,
            Field(
                "act",
                title_key,
                FieldKind.CHOICE,
                options=tuple(Option(act.entry.key, text_key=act.entry.title_key) for act in acts),
            ),
        )
        self._top = self._build_top()
        self._stack = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(self._stack, 1)
        self.body.setSpacing(0)
        self.body.addWidget(self._top)
        self.body.addLayout(row, 1)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        self.acts.chosen.connect(self._show_act)
        self.pick.entry.edited.connect(self._pick_act)
        self.shows = frozenset({"accounts", "holdings", "notices", "periods", "projects"})

    @property
    def current(self) -> str:
        """The key of the act that is shown."""
        return self._current

    def page(self, key: str) -> Page:
        """Return an act's page, made if it was never shown."""
        if key not in self._pages:
            made = self._acts[key].make()
            self._pages[key] = made
            self._stack.addWidget(made)
        return self._pages[key]

    def enter(self, target: str = "") -> None:
        """Show the act that the target names, else the one that was shown, else the first."""
        key, _between, self._target = target.partition(TARGET_BETWEEN)
        if key not in self._acts:
            key = self._current or next(iter(self._acts))
        if key == self._current:
            self._enter_act(key)
        else:
            self.acts.choose(key)

    def refresh(self) -> None:
        """Refresh the act that is shown; the others when they are shown again."""
        for key, page in self._pages.items():
            if key == self._current:
                page.refresh()
            else:
                self._stale.add(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the form its room: a narrow board offers the acts in one field above it."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE_BOARD_WIDTH
        self._side.setVisible(wide)
        self._top.setVisible(not wide)

    def _pick_act(self) -> None:
        key = self.pick.entry.value()
        if key in self._acts:
            self.acts.choose(key)

    def _show_act(self, key: str) -> None:
        page = self.page(key)
        self._current = key
        self.pick.entry.set_value(key)
        self._area.ensureWidgetVisible(self.acts.button(key))
        self._stack.setCurrentWidget(page)
        if key in self._stale:
            self._stale.discard(key)
            page.refresh()
        self._enter_act(key)

    def _enter_act(self, key: str) -> None:
        target, self._target = self._target, ""
        self.page(key).enter(target)

    def _build_top(self) -> QWidget:
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(GAP_XL, GAP_M, GAP_XL, 0)
        row.addWidget(self.pick, 1)
        row.addStretch(1)
        top.hide()
        return top

    def _build_side(self, title_key: str) -> QFrame:
        side = frame("rail-edge")
        column = QVBoxLayout(side)
        column.setContentsMargins(GAP_L, GAP_XL, GAP_M + LINE_WIDTH, GAP_M)
        column.setSpacing(GAP_M)
        title = role_label("title")
        self.context.language.keep(title, title.setText, title_key)
        column.addWidget(title)
        column.addWidget(self._sentence)
        inner = QVBoxLayout()
        inner.setSpacing(GAP_S)
        inner.addWidget(self.acts)
        inner.addStretch(1)
        self._area = make_scrolling(inner)
        column.addWidget(self._area, 1)
        return side
