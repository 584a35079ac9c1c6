"""The pane beside a list: what is known of one row, and what can be done with it.

Owns the layout; values and acts are the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.views.components.cards import Card
from app.views.components.chips import Chip
from app.views.components.choice_fields import SegmentsField
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labels import icon_button, role_label, rule, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import DETAIL_PANE_WIDTH, GAP_L, GAP_S, GAP_XS, Tone


@dataclass(frozen=True)
class Detail:
    """One line: its label's key and its value, already written as people read it."""

    label_key: str
    value: str


class DetailPane(Card):
    """Title, chip, lines and acts; hidden until it has something to show."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.setFixedWidth(DETAIL_PANE_WIDTH)
        self._title = wrapped_label("strong")
        self._chip = Chip()
        head = QHBoxLayout()
        head.setSpacing(GAP_S)
        head.addWidget(self._title, 1)
        self._close = icon_button(desk, "common.close", "x")
        self._close.clicked.connect(self.clear)
        head.addWidget(self._close, alignment=Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(self._chip)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GAP_S)
        self.extra = QVBoxLayout()
        self._overview = QWidget()
        self._tabs: dict[str, QWidget] = {}
        self._tab_options: tuple[Option, ...] = ()
        self._tab_row = SegmentsField(desk, Field("tab", "common.parts", FieldKind.SEGMENTS))
        self._tab_row.edited.connect(self._show_tab)
        self._tab_row.hide()
        self.acts = QVBoxLayout()
        self.acts.setSpacing(GAP_S)
        self.body.addWidget(self._tab_row)
        self.body.addWidget(self._scrolling(), 1)
        self.body.addLayout(self.acts)
        self._labels: list[tuple[QLabel, str]] = []
        desk.language.changed.connect(self._retranslate)
        self.hide()

    def show_details(
        self, title: str, details: Sequence[Detail], *, chip: str = "", tone: Tone = Tone.QUIET
    ) -> None:
        """Show one row's title, chip and lines."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self._chip.set_chip(chip, tone)
        self._chip.setVisible(bool(chip))
        self._clear_lines()
        for number, detail in enumerate(details):
            if number:
                self._lines.addWidget(rule())
            self._lines.addWidget(self._line(detail))
        self.show()

    def add_tab(self, key: str, title_key: str, widget: QWidget) -> None:
        """Put a part beside the lines; the first call gives the lines a tab too."""
        if not self._tabs:
            self._tabs[""] = self._overview
            self._tab_options = (Option("", text_key="common.overview"),)
        self._tabs[key] = widget
        self._tab_options = (*self._tab_options, Option(key, text_key=title_key))
        self._tab_row.set_options(self._tab_options)
        # Above the stretch, which keeps short parts at the top.
        self._parts.insertWidget(self._parts.count() - 1, widget)
        self._tab_row.show()
        self._show_tab()

    def show_tab(self, key: str) -> None:
        """Show one part."""
        self._tab_row.set_value(key)
        self._show_tab()

    def set_tabs_shown(self, *, shown: bool) -> None:
        """Offer the parts, or the lines alone where a row has no other part."""
        self._tab_row.setVisible(shown)
        if not shown:
            self.show_tab("")

    def clear(self) -> None:
        """Show nothing."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _scrolling(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("role", "clear")
        overview = QVBoxLayout(self._overview)
        overview.setContentsMargins(0, 0, 0, 0)
        overview.setSpacing(GAP_L)
        overview.addLayout(self._lines)
        overview.addLayout(self.extra)
        self._parts = QVBoxLayout(inner)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.addWidget(self._overview)
        self._parts.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _show_tab(self) -> None:
        shown = self._tab_row.value()
        for key, widget in self._tabs.items():
            widget.setVisible(key == shown)

    def _line(self, detail: Detail) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_XS)
        label = role_label("label", self._desk.language.text(detail.label_key))
        self._labels.append((label, detail.label_key))
        layout.addWidget(label)
        layout.addWidget(wrapped_label("", detail.value))
        return made

    def _clear_lines(self) -> None:
        self._labels.clear()
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _retranslate(self) -> None:
        for label, key in self._labels:
            label.setText(self._desk.language.text(key))
