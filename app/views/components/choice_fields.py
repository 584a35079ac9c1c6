"""Controls by which one chooses: one of many with search, one of a few in sight.

Owns choosing; must not know what the options mean.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QCompleter, QPushButton, QWidget

from app.views.components.field_base import FieldWidget
from app.views.components.fields import Field, Option
from app.views.components.labels import text_button
from app.views.desk import Desk


class _Choice(QComboBox):
    """A combo box that opens on Down and selects its text when entered."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the text, so that typing searches anew."""
        super().focusInEvent(event)
        edit = self.lineEdit()
        if edit is not None:
            edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list on Alt+Down or F4, as everywhere; Down alone opens it too."""
        if event.key() == Qt.Key.Key_Down and not self.view().isVisible():
            self.showPopup()
            return
        super().keyPressEvent(event)


class ChoiceField(FieldWidget):
    """One of many: typing searches anywhere in the options' words."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self.box = _Choice()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setMaxVisibleItems(12)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(8)
        self._options: tuple[Option, ...] = ()
        self.row.addWidget(self.box)
        self._set_completer()
        self.name_control()
        edit = self.box.lineEdit()
        if edit is not None:
            # A screen reader that goes by the control inside finds the same name there.
            desk.language.keep(edit, edit.setAccessibleName, field.title_key)
            if field.placeholder_key:
                desk.language.keep(edit, edit.setPlaceholderText, field.placeholder_key)
        self.set_options(field.options)
        self.box.activated.connect(lambda _number: self.edited.emit())
        if edit is not None:
            edit.editingFinished.connect(self._match_typed)
        desk.language.changed.connect(self._fill)

    @property
    def control(self) -> QWidget:
        return self.box

    def value(self) -> str:
        number = self.box.currentIndex()
        typed = self.box.currentText().strip()
        if number >= 0 and self.box.itemText(number) == self.box.currentText():
            return str(self.box.itemData(number))
        return typed

    def set_value(self, value: str) -> None:
        number = self.box.findData(value)
        self.box.setCurrentIndex(number)
        edit = self.box.lineEdit()
        if number < 0:
            self.box.setEditText(value)
        elif edit is not None:
            # A long text shows its beginning, not its end.
            edit.setCursorPosition(0)

    def set_options(self, options: tuple[Option, ...]) -> None:
        self._options = options
        self._fill()

    def _set_completer(self) -> None:
        completer = QCompleter(self.box.model(), self.box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.activated.connect(lambda _text: self._match_typed())
        self.box.setCompleter(completer)

    def _fill(self) -> None:
        kept = self.value()
        self.box.blockSignals(True)
        self.box.clear()
        for option in self._options:
            text = self.desk.language.text(option.text_key) if option.text_key else option.text
            self.box.addItem(text or option.value, option.value)
        self.set_value(kept)
        self.box.blockSignals(False)

    def _match_typed(self) -> None:
        before = self.box.currentIndex()
        typed = self.box.currentText().strip()
        number = self.box.findText(typed, Qt.MatchFlag.MatchFixedString)
        if number < 0:
            number = self.box.findData(typed)
        if number >= 0:
            self.box.setCurrentIndex(number)
        edit = self.box.lineEdit()
        if edit is not None:
            # A long choice shows its beginning: the number or the name.
            edit.setCursorPosition(0)
        if number != before or number < 0:
            self.edited.emit()


class SegmentsField(FieldWidget):
    """One of a few, all of them in sight."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__(desk, field)
        self.row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._values: list[str] = []
        self.set_options(field.options)
        self._group.idClicked.connect(lambda _number: self.edited.emit())
        desk.language.keep(self, self.setAccessibleName, field.title_key)

    @property
    def control(self) -> QWidget:
        return self._group.buttons()[0]

    def value(self) -> str:
        number = self._group.checkedId()
        return self._values[number] if number >= 0 else ""

    def set_value(self, value: str) -> None:
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def set_options(self, options: tuple[Option, ...]) -> None:
        for old in self._group.buttons():
            self._group.removeButton(old)
            # Gone at once: until the event loop comes to it, it would stand beside the new ones.
            old.hide()
            old.deleteLater()
        self._values = [option.value for option in options]
        for number, option in enumerate(options):
            button = self._make_button(option)
            place = "first" if number == 0 else "last" if number == len(options) - 1 else "middle"
            button.setProperty("place", place)
            self._group.addButton(button, number)
            self.row.addWidget(button, 1)
        if options:
            self._group.button(0).setChecked(True)

    def _make_button(self, option: Option) -> QPushButton:
        if option.text_key:
            button = text_button(self.desk, option.text_key, kind="segment")
        else:
            button = QPushButton(option.text or option.value)
            button.setProperty("kind", "segment")
            button.setAccessibleName(button.text())
        button.setCheckable(True)
        return button
