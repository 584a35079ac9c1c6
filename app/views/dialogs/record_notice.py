"""Recording a notice: what it asks for, of which units, and by when.

Owns the dialog; reading its values is the presenter's, what a notice cannot say the service's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.services.checks.violation import RulesBroken
from app.views.components.fields import Field, FieldKind, FieldProblem, Option
from app.views.components.form import Form, FormPlan
from app.views.components.problem import field_problems
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.disposal import account_options
from app.views.presenters.notices import NoticeChoices, Notices, kind_options
from app.views.presenters.rules import unit_type_options
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_XL

_PLAN = FormPlan(
    name="notice",
    title_key="notices.record_title",
    act_key="notices.record",
    icon="bell",
    act_icon="check",
    checks=False,
    fields=(
        Field("number", "notices.number", half=True),
        Field("type", "notices.kind", FieldKind.CHOICE, half=True),
        Field("message", "notices.message", FieldKind.MULTILINE),
        Field("unit_type", "acts.unit_type", FieldKind.CHOICE, half=True, optional=True),
        Field("quantity", "acts.quantity", FieldKind.QUANTITY, half=True, optional=True),
        Field("account", "notices.account", FieldKind.CHOICE, optional=True),
        Field("project", "notices.project", FieldKind.CHOICE, optional=True),
        Field(
            "due_on", "notices.due_on", FieldKind.DATE, optional=True, hint_key="notices.due_hint"
        ),
    ),
)


class RecordNoticeDialog(QDialog):
    """`recorded` carries the notice's number."""

    recorded = Signal(str)

    def __init__(
        self, context: PageContext, notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._notices = notices
        self.form = Form(context.desk, _PLAN, drafts=context.drafts)
        context.language.keep(self, self.setWindowTitle, "notices.record_title")
        self.resize(*FORM_DIALOG_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.addWidget(self.form)
        self.form.field("type").set_options(kind_options(context.language.code))
        self.form.submitted.connect(self._record)
        self.form.cancelled.connect(self.reject)
        context.tasks.run(notices.list_choices, on_done=self._offer, owner=self)
        self.form.restore_draft()

    def _offer(self, choices: NoticeChoices) -> None:
        code = self._context.language.code
        self.form.field("unit_type").set_options(unit_type_options(choices.unit_types, code))
        self.form.field("account").set_options(account_options(choices.accounts))
        self.form.field("project").set_options(
            tuple(
                Option(each.code, f"{each.code}  {each.name_th if code == 'th' else each.name_en}")
                for each in choices.projects
            )
        )

    def _record(self, values: dict[str, str]) -> None:
        read = self._notices.read_new(values)
        if read.notice is None:
            self.form.set_running(running=False)
            self.form.show_problems(
                [
                    FieldProblem(gap.field, "", say_phrase(gap.phrase, self._context.language))
                    for gap in read.gaps
                ],
                focus=True,
            )
            return
        notice = read.notice
        self._context.tasks.run(
            lambda: self._notices.record(notice),
            on_done=lambda _id: self._finish(notice.number),
            on_error=self._refuse,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, RulesBroken):
            self.form.show_problems(
                field_problems(error.violations, self._context.language), focus=True
            )
        else:
            self.form.message.say_problem(error)

    def _finish(self, number: str) -> None:
        self.form.finish()
        self.accept()
        self.recorded.emit(number)
