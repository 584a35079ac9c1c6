"""Controls into which one types: text, quantities, days, several lines, a document's path.

Owns entering and writing values; must not judge them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
    QWidgetAction,
)

from app.views.components.field_base import FieldWidget
from app.views.components.fields import Field, FieldKind
from app.views.components.labels import role_label
from app.views.desk import Desk
from app.views.language import parse_day
from app.views.theme.tokens import CONTROL_HEIGHT, GAP_M, GAP_S, ICON_SIZE, MULTILINE_HEIGHT

_LONGEST_QUANTITY = 18
"""Digits of the longest whole number the registry reads."""


class TextField(FieldWidget):
    """One line of text; a secret shows dots."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self.line = QLineEdit()
        if field.kind is FieldKind.SECRET:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.row.addWidget(self.line)
        self._suffix = role_label("label")
        self._suffix.setParent(self.line)
        self._suffix.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._suffix.hide()
        self._reserved = GAP_S
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.textChanged.connect(self._place_suffix)
        self.name_control()

    @property
    def control(self) -> QWidget:
        return self.line

    def value(self) -> str:
        return self.line.text().strip()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def set_suffix(self, text: str) -> None:
        self._suffix.setText(text)
        self.line.setToolTip(text)
        self._place_suffix()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the suffix at the right end."""
        super().resizeEvent(event)
        self._place_suffix()

    def _place_suffix(self) -> None:
        self._suffix.adjustSize()
        taken = self.line.fontMetrics().horizontalAdvance(self.line.text()) + self._reserved
        room = self.line.width() - self._suffix.width() - 2 * GAP_M
        shown = bool(self._suffix.text()) and taken < room
        self._suffix.setVisible(shown)
        self.line.setTextMargins(0, 0, self._suffix.width() + GAP_M if shown else 0, 0)
        left = self.line.width() - self._suffix.width() - GAP_M
        self._suffix.move(QPoint(left, (self.line.height() - self._suffix.height()) // 2))


class QuantityField(TextField):
    """A whole number, with thousands separators when the person has left the field."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.line.editingFinished.connect(lambda: self.set_value(self.value()))

    def value(self) -> str:
        return "".join(self.line.text().replace(",", "").split())

    def set_value(self, value: str) -> None:
        # Longer than any quantity, it stands as it was typed: the checks say what is wrong.
        whole = value.isascii() and value.isdigit() and len(value) <= _LONGEST_QUANTITY
        self.line.setText(self.desk.language.quantity(int(value)) if whole else value)


class DateField(TextField):
    """A day as 2026-11-21 (or 2569-11-21), with a calendar; the other era is shown beside."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self.line.setPlaceholderText("2026-12-31")
        self._reserved = CONTROL_HEIGHT
        self._action = QAction(self)
        desk.theme.keep_icon(self, self._action.setIcon, "calendar")
        desk.language.keep(self, self._action.setText, "form.calendar")
        self._action.triggered.connect(self._show_calendar)
        self.line.addAction(self._action, QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._show_written)
        desk.language.changed.connect(self._show_written)

    def value(self) -> str:
        text = self.line.text().strip()
        day = parse_day(text)
        return day.isoformat() if day else text

    def _show_written(self) -> None:
        day = parse_day(self.line.text())
        language = self.desk.language
        self.set_suffix(language.buddhist_day(day) if day else "")

    def _show_calendar(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        day = parse_day(self.line.text())
        if day:
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        calendar.activated.connect(lambda chosen: self._take(chosen, menu))
        calendar.clicked.connect(lambda chosen: self._take(chosen, menu))
        menu.popup(self.line.mapToGlobal(self.line.rect().bottomLeft()))

    def _take(self, chosen: QDate, menu: QMenu) -> None:
        self.set_value(date(chosen.year(), chosen.month(), chosen.day()).isoformat())
        menu.close()
        self.edited.emit()


class MultilineField(FieldWidget):
    """A few lines of text; Tab leaves the field."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self.box = QPlainTextEdit()
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(MULTILINE_HEIGHT)
        self.row.addWidget(self.box)
        self.box.textChanged.connect(self.edited)
        self.name_control()

    @property
    def control(self) -> QWidget:
        return self.box

    def value(self) -> str:
        return self.box.toPlainText().strip()

    def set_value(self, value: str) -> None:
        self.box.blockSignals(True)
        self.box.setPlainText(value)
        self.box.blockSignals(False)


class FileField(FieldWidget):
    """A document to attach: its path, chosen in a dialog."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self._path = ""
        self.button = QPushButton()
        self.button.setProperty("kind", "field")
        self.button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.button.clicked.connect(self._ask)
        self.row.addWidget(self.button)
        desk.theme.keep_icon(self.button, self.button.setIcon, "paperclip")
        self.setFocusProxy(self.button)
        desk.language.changed.connect(self._show_name)
        self._show_name()

    @property
    def control(self) -> QWidget:
        return self.button

    def value(self) -> str:
        return self._path

    def set_value(self, value: str) -> None:
        self._path = value
        self._show_name()

    def _show_name(self) -> None:
        language = self.desk.language
        name = Path(self._path).name if self._path else language.text("form.choose_file")
        self.button.setText(f"  {name}")
        self.button.setToolTip(self._path)
        self.button.setAccessibleName(f"{language.text(self.field.title_key)}: {name}")

    def _ask(self) -> None:
        title = self.desk.language.text(self.field.title_key)
        name, _chosen = QFileDialog.getOpenFileName(self, title, "", self.field.file_kinds)
        if name:
            self.set_value(name)
            self.edited.emit()
