"""A field as it stands in a form: label above, control, one line for problem or hint.

Owns which control belongs to which kind of field.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.components.choice_fields import ChoiceField, SegmentsField
from app.views.components.field_base import FieldWidget
from app.views.components.fields import Field, FieldKind
from app.views.components.labels import redress, role_label, wrapped_label
from app.views.components.text_fields import (
    DateField,
    FileField,
    MultilineField,
    QuantityField,
    TextField,
)
from app.views.desk import Desk
from app.views.theme.tokens import GAP_XS

_WIDGETS: dict[FieldKind, type[FieldWidget]] = {
    FieldKind.TEXT: TextField,
    FieldKind.SECRET: TextField,
    FieldKind.MULTILINE: MultilineField,
    FieldKind.QUANTITY: QuantityField,
    FieldKind.CHOICE: ChoiceField,
    FieldKind.SEGMENTS: SegmentsField,
    FieldKind.DATE: DateField,
    FieldKind.FILE: FileField,
}


def make_field(desk: Desk, field: Field) -> FieldWidget:
    """Make the widget of a field, with its initial value."""
    widget = _WIDGETS[field.kind](desk, field)
    if field.initial:
        widget.set_value(field.initial)
    return widget


class LabelledField(QWidget):
    """A field with its label above and one line for its problem or hint below."""

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__()
        self._desk = desk
        self._field = field
        self.entry = make_field(desk, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_XS)
        label = role_label("label")
        label.setBuddy(self.entry.control)
        desk.language.keep(
            label, lambda text: label.setText(self._label_text(text)), field.title_key
        )
        layout.addWidget(label)
        layout.addWidget(self.entry)
        self._line = wrapped_label("label")
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        layout.addWidget(self._line)
        self._problem = ""
        desk.language.changed.connect(self._show_line)
        self._show_line()

    @property
    def problem(self) -> str:
        """The problem shown, or nothing."""
        return self._problem

    def show_problem(self, message: str, code: str = "") -> None:
        """Say what is wrong with the value; an empty message says nothing is."""
        self._problem = f"{code} · {message}" if code and message else message
        self.entry.mark_problem(wrong=bool(message))
        self._show_line()

    def _label_text(self, title: str) -> str:
        if not self._field.optional:
            return title
        return self._desk.language.text("form.optional", title=title)

    def _show_line(self) -> None:
        hint = self._desk.language.text(self._field.hint_key) if self._field.hint_key else ""
        self._line.setText(self._problem or hint)
        self._line.setProperty("tone", "red" if self._problem else "quiet")
        redress(self._line)
        self._line.setVisible(bool(self._problem or hint))
        if self._problem:
            self.entry.control.setAccessibleDescription(self._problem)
