"""The line above a table: filter box, filter choices, count, and the acts on rows.

Owns what the person enters there; what follows from it is the table's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.views.components.labels import icon_button, role_label
from app.views.components.listing import Filter
from app.views.desk import Desk
from app.views.theme.tokens import FILTER_BOX_WIDTH, FILTER_LEAST_WIDTH, GAP_S

_DEBOUNCE_MS = 250


class TableToolbar(QWidget):
    """Emits `text_asked` (debounced) and `filter_asked` with a filter's key and value."""

    text_asked = Signal(str)
    filter_asked = Signal(str, str)

    def __init__(self, desk: Desk, filters: Sequence[Filter]) -> None:
        super().__init__()
        self._desk = desk
        self.filter_box = QLineEdit()
        self._choices: dict[str, QComboBox] = {}
        self._debounce = QTimer(self, interval=_DEBOUNCE_MS, singleShot=True)
        self._count = role_label("label")
        self.columns_button = icon_button(desk, "table.columns", "columns-3")
        self.copy_button = icon_button(desk, "table.copy", "copy")
        self.export_button = icon_button(desk, "table.export", "download")
        self.refresh_button = icon_button(desk, "table.refresh", "refresh-cw")
        self._build_box()
        for each in filters:
            self._build_choice(each)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP_S)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        bar, self._beside, self._below = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (bar, self._beside, self._below):
            row.setSpacing(GAP_S)
        outer.addLayout(bar)
        outer.addLayout(self._below)
        bar.addWidget(self.filter_box, 2)
        bar.addLayout(self._beside)
        bar.addStretch(1)
        bar.addWidget(self._count)
        for button in self._buttons():
            bar.addWidget(button)
        self._below.addStretch(1)
        self._place_choices(self._beside)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the box and the acts: the choices can stand below."""
        acts = sum(each.sizeHint().width() + GAP_S for each in (self._count, *self._buttons()))
        return QSize(FILTER_LEAST_WIDTH + acts, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the choices below the box where there is no room beside it."""
        super().resizeEvent(event)
        self._fit()

    def set_count(self, text: str) -> None:
        """Say how many rows there are."""
        self._count.setText(text)
        self._fit()

    def _fit(self) -> None:
        beside = (*self._choices.values(), self._count, *self._buttons())
        needed = FILTER_LEAST_WIDTH + sum(each.sizeHint().width() + GAP_S for each in beside)
        self._place_choices(self._beside if needed <= self.width() else self._below)

    def _place_choices(self, row: QHBoxLayout) -> None:
        for place, box in enumerate(self._choices.values()):
            if row.indexOf(box) < 0:
                row.insertWidget(place, box)

    def set_choice(self, key: str, value: str) -> None:
        """Show a filter's value without asking for it again."""
        box = self._choices.get(key)
        if box is not None:
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.blockSignals(False)

    def clear(self) -> None:
        """Empty the box and the choices without asking for anything."""
        self.set_text("")
        for key in self._choices:
            self.set_choice(key, "")

    def set_text(self, text: str) -> None:
        """Show words in the filter box without asking for them again."""
        self.filter_box.blockSignals(True)
        self.filter_box.setText(text)
        self.filter_box.blockSignals(False)
        self._debounce.stop()

    def _buttons(self) -> tuple[QToolButton, ...]:
        return (self.columns_button, self.copy_button, self.export_button, self.refresh_button)

    def _build_box(self) -> None:
        box, language = self.filter_box, self._desk.language
        box.setClearButtonEnabled(True)
        box.setMinimumWidth(FILTER_LEAST_WIDTH)
        box.setMaximumWidth(FILTER_BOX_WIDTH)
        language.keep(box, box.setPlaceholderText, "table.filter")
        language.keep(box, box.setAccessibleName, "table.filter")
        box.textChanged.connect(lambda _text: self._debounce.start())
        box.returnPressed.connect(self._tell_text)
        self._debounce.timeout.connect(self._tell_text)

    def _tell_text(self) -> None:
        self._debounce.stop()
        self.text_asked.emit(self.filter_box.text().strip())

    def _build_choice(self, choice: Filter) -> QComboBox:
        box = QComboBox()
        box.setMinimumWidth(FILTER_LEAST_WIDTH)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choices[choice.key] = box
        language = self._desk.language

        def fill(title: str) -> None:
            value = str(box.currentData() or "")
            box.blockSignals(True)
            box.clear()
            box.addItem(language.text("table.any", title=title), "")
            for each, text_key in choice.options:
                box.addItem(language.text(text_key), each)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.blockSignals(False)

        language.keep(box, box.setAccessibleName, choice.title_key)
        language.keep(box, fill, choice.title_key)
        box.currentIndexChanged.connect(
            lambda _number: self.filter_asked.emit(choice.key, str(box.currentData() or ""))
        )
        return box
