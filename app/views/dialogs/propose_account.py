"""The form by which an officer proposes an account for a new holder.

Owns its fields and their order; reading and proposing are the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.services.checks.violation import RulesBroken
from app.views.components.fields import Field, FieldKind, FieldProblem, Option
from app.views.components.form import Form, FormPlan
from app.views.components.problem import field_problems
from app.views.pages.context import PageContext
from app.views.presenters.account_proposal import propose_with_document, read_proposal
from app.views.presenters.one_request import OneRequest
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_XL

_FIELDS = (
    Field("name_en", "accounts.name_en", half=True),
    Field("name_th", "accounts.name_th", half=True),
    Field(
        "kind",
        "accounts.holder_kind",
        FieldKind.SEGMENTS,
        options=tuple(
            Option(kind, text_key=f"accounts.kind.{kind}")
            for kind in ("organisation", "person", "state")
        ),
        initial="organisation",
    ),
    Field("name", "accounts.account_name", hint_key="accounts.account_name_hint", optional=True),
    Field("tax_id", "accounts.tax_id", half=True, optional=True),
    Field("country", "accounts.country", half=True, initial="TH"),
    Field("email", "accounts.email", half=True, optional=True),
    Field(
        "identity_check",
        "accounts.identity_check",
        FieldKind.CHOICE,
        options=tuple(
            Option(state, text_key=f"accounts.identity.{state}")
            for state in ("pending", "passed", "not-applicable")
        ),
        initial="pending",
        half=True,
    ),
    Field(
        "representatives",
        "accounts.representatives",
        FieldKind.MULTILINE,
        hint_key="accounts.representatives_hint",
        optional=True,
    ),
    Field("document", "accounts.document", FieldKind.FILE, optional=True, drafted=False),
)
_PLAN = FormPlan(
    name="account",
    title_key="accounts.propose_title",
    act_key="accounts.propose",
    fields=_FIELDS,
    icon="wallet",
    checks=False,
)


class ProposeAccountDialog(QDialog):
    """`proposed` carries the number that the account will have."""

    proposed = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._request = OneRequest()
        self.form = Form(context.desk, _PLAN, drafts=context.drafts)
        self.form.keep_beside(self._request.kept)
        self.form.draft_restored.connect(self._request.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.addWidget(self.form)
        self.resize(*FORM_DIALOG_SIZE)
        context.language.keep(self, self.setWindowTitle, "accounts.propose")
        self.form.submitted.connect(self._propose)
        self.form.cancelled.connect(self.reject)
        self.form.restore_draft()
        self.form.field("name_en").setFocus()

    def _propose(self, values: dict[str, str]) -> None:
        read = read_proposal(values)
        language = self._context.language
        if read.account is None:
            self.form.set_running(running=False)
            problems = [
                FieldProblem(each.field, "", language.text(each.phrase.key, **each.phrase.values))
                for each in read.problems
            ]
            self.form.show_problems(problems, focus=True)
            return
        account, registry, actor = read.account, self._context.registry, self._context.actor
        request_id = self._request.id_of(values)
        self._context.tasks.run(
            lambda: propose_with_document(
                registry, actor, account, values["document"], request_id=request_id
            ),
            on_done=self._finish,
            on_error=self._refuse,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _finish(self, number: str) -> None:
        self.form.finish()
        self.accept()
        self.proposed.emit(number)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, RulesBroken):
            language = self._context.language
            self.form.show_problems(field_problems(error.violations, language), focus=True)
        else:
            self.form.message.say_problem(error)
