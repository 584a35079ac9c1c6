"""Adding a day to the calendar of holidays.

Owns the dialog; whether the day is there already is the service's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.services.checks.violation import RulesBroken
from app.views.components.fields import Field, FieldKind, FieldProblem
from app.views.components.form import Form, FormPlan
from app.views.components.problem import violation_text
from app.views.pages.context import PageContext
from app.views.presenters.calendar import Calendar
from app.views.theme.tokens import DIALOG_WIDTH, GAP_L, GAP_XL

_PLAN = FormPlan(
    name="holiday",
    title_key="calendar.add_title",
    act_key="calendar.add",
    icon="calendar-days",
    act_icon="check",
    checks=False,
    fields=(
        Field("day", "calendar.day", FieldKind.DATE),
        Field("name_en", "calendar.name_en"),
        Field("name_th", "calendar.name_th"),
    ),
)


class AddHolidayDialog(QDialog):
    """`added` follows once the day is in the calendar."""

    added = Signal()

    def __init__(
        self, context: PageContext, calendar: Calendar, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._calendar = calendar
        self.form = Form(context.desk, _PLAN)
        context.language.keep(self, self.setWindowTitle, "calendar.add_title")
        self.setMinimumWidth(DIALOG_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.addWidget(self.form)
        self.form.submitted.connect(self._add)
        self.form.cancelled.connect(self.reject)

    def _add(self, values: dict[str, str]) -> None:
        holiday = self._calendar.read_holiday(values)
        if holiday is None:
            self.form.set_running(running=False)
            text = self._context.language.text("calendar.missing")
            missing = [key for key, value in values.items() if not value.strip()] or ["day"]
            self.form.show_problems([FieldProblem(key, "", text) for key in missing], focus=True)
            return
        self._context.tasks.run(
            lambda: self._calendar.add(holiday),
            on_done=lambda _none: self._finish(),
            on_error=self._refuse,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, RulesBroken):
            language = self._context.language
            self.form.show_problems(
                [
                    FieldProblem("day", str(each.code), violation_text(each, language))
                    for each in error.violations
                ],
                focus=True,
            )
        else:
            self.form.message.say_problem(error)

    def _finish(self) -> None:
        self.accept()
        self.added.emit()
