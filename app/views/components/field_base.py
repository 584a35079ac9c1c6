"""What every control of a form has in common: read, set and watch a value as text.

Owns the contract between the form and its controls; what a value means is the page's and
the services'.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from app.views.components.fields import Field, Option
from app.views.components.labels import redress
from app.views.desk import Desk
from app.views.theme.tokens import GAP_S


class FieldWidget(QWidget):
    """One control; `edited` follows what the person does, not what the program sets."""

    edited = Signal()

    def __init__(self, desk: Desk, field: Field) -> None:
        super().__init__()
        self.desk = desk
        self.field = field
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GAP_S)

    @property
    def control(self) -> QWidget:
        """The widget that has the focus, the name and the red line."""
        raise NotImplementedError

    def value(self) -> str:
        """Return what is entered, as plain text."""
        raise NotImplementedError

    def set_value(self, value: str) -> None:
        """Show a value without telling that it was edited."""
        raise NotImplementedError

    def set_options(self, options: tuple[Option, ...]) -> None:
        """Offer other options; kinds without options have none."""

    def set_suffix(self, text: str) -> None:
        """Show a muted word at the right end, such as “of 48,200 free”."""

    def mark_problem(self, *, wrong: bool) -> None:
        """Draw the control in red, or no longer."""
        if bool(self.control.property("problem")) != wrong:
            self.control.setProperty("problem", wrong)
            redress(self.control)

    def name_control(self) -> None:
        """Give the control its accessible name and placeholder."""
        language, control = self.desk.language, self.control
        language.keep(control, control.setAccessibleName, self.field.title_key)
        if self.field.hint_key:
            language.keep(control, control.setAccessibleDescription, self.field.hint_key)
        if self.field.placeholder_key and isinstance(control, QLineEdit | QPlainTextEdit):
            language.keep(control, control.setPlaceholderText, self.field.placeholder_key)
        self.setFocusProxy(control)
