"""Opening the next commitment period: its last day, and a second administrator's agreement.

Owns the dialog; whether the day follows is the service's.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.codes import Role
from app.services.registry.periods import PeriodRow
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.dialogs.approver_fields import ApproverFields
from app.views.language import parse_day
from app.views.pages.context import PageContext
from app.views.presenters.calendar import Calendar
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_M, GAP_XL


class OpenPeriodDialog(QDialog):
    """`opened` carries the period."""

    opened = Signal(object)

    def __init__(
        self, context: PageContext, calendar: Calendar, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._calendar = calendar
        self._next: tuple[int, date] | None = None
        desk = context.desk
        context.language.keep(self, self.setWindowTitle, "calendar.open_next")
        self.resize(FORM_DIALOG_SIZE[0], 0)
        self.message = MessageBar(desk)
        self.sentence = wrapped_label("")
        self.last_day = LabelledField(desk, Field("last_day", "calendar.last_day", FieldKind.DATE))
        self.second = ApproverFields(
            context,
            role=Role.ADMINISTRATOR,
            title_key="calendar.agreement",
            sentence_key="calendar.agreement_sentence",
            fill_key="calendar.fill_demo",
        )
        self.act = text_button(desk, "calendar.open_period", kind="primary", icon="check")
        self.act.clicked.connect(self._open)
        self.cancel = text_button(desk, "common.cancel")
        self.cancel.clicked.connect(self.reject)
        self.last_day.entry.edited.connect(self._say)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        for widget in (self.message, self.last_day, self.sentence, self.second):
            layout.addWidget(widget)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch(1)
        acts.addWidget(self.cancel)
        acts.addWidget(self.act)
        layout.addLayout(acts)
        context.tasks.run(calendar.next_period, on_done=self._take_next, owner=self)
        self._say()

    def _take_next(self, following: tuple[int, date]) -> None:
        self._next = following
        self._say()

    def _say(self) -> None:
        language, last = self._context.language, parse_day(self.last_day.entry.value())
        self.act.setEnabled(self._next is not None and last is not None)
        if self._next is None:
            return
        number, first = self._next
        key = "calendar.will_open" if last is not None else "calendar.would_begin"
        self.sentence.setText(
            language.text(key, number=str(number), first=first, last=last or first)
        )

    def _open(self) -> None:
        last = parse_day(self.last_day.entry.value())
        if last is None:
            return
        agreed = self.second.credentials()
        self.message.clear()
        self.act.setEnabled(False)
        self._context.tasks.run(
            lambda: self._calendar.open_next(last, agreed),
            on_done=self._finish,
            on_error=self._refuse,
            on_finished=self._say,
            owner=self,
        )

    def _refuse(self, error: Exception) -> None:
        self.second.clear_secrets()
        self.message.say_problem(error)

    def _finish(self, period: PeriodRow) -> None:
        self.accept()
        self.opened.emit(period)
