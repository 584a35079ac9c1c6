"""The form by which an administrator adds a person.

Owns its fields and their order; reading and adding are the presenter's. The passphrase is no
part of the draft.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.models.codes import Role
from app.services.checks.violation import RulesBroken
from app.services.people.new_person import NewPerson
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.form import Form, FormPlan
from app.views.components.problem import field_problems
from app.views.dialogs.passphrase_fields import (
    PASSPHRASE_FIELDS,
    said_problems,
    show_typed_passphrase,
)
from app.views.pages.context import PageContext
from app.views.presenters.people_adding import AddingOutcome, add_new_person, read_new_person
from app.views.theme.tokens import ADD_PERSON_DIALOG_SIZE, GAP_L, GAP_XL

_FIELDS = (
    Field("name", "people.name", hint_key="people.name_hint"),
    Field("user_name", "people.user_name", hint_key="people.user_name_hint", half=True),
    Field(
        "role",
        "people.role",
        FieldKind.CHOICE,
        options=tuple(Option(role, text_key=f"roles.{role}") for role in Role),
        half=True,
    ),
    Field("email", "people.email", optional=True),
)


def _plan(*, is_demo: bool) -> FormPlan:
    return FormPlan(
        name="person",
        title_key="people.add_title_demo" if is_demo else "people.add_title",
        act_key="people.add",
        fields=_FIELDS if is_demo else (*_FIELDS, *PASSPHRASE_FIELDS),
        icon="user",
        act_icon="plus",
        checks=False,
    )


class AddPersonDialog(QDialog):
    """`added` carries the `EnrolledPerson`, to be shown once."""

    added = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_demo = context.registry.is_demo
        self._running = False
        self.form = Form(context.desk, _plan(is_demo=self._is_demo), drafts=context.drafts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.addWidget(self.form)
        self.resize(*ADD_PERSON_DIALOG_SIZE)
        context.language.keep(self, self.setWindowTitle, "people.add")
        self.form.changed.connect(self._show_typed)
        self.form.submitted.connect(self._add)
        self.form.cancelled.connect(self.reject)
        self.form.restore_draft()
        self.form.field("name").setFocus()

    def reject(self) -> None:
        """Close, but not while the person is being added: their secret would be lost."""
        if not self._running:
            super().reject()

    def _show_typed(self, values: dict[str, str]) -> None:
        if self._is_demo:
            self.form.show_problems(())
            return
        show_typed_passphrase(
            self.form, values, self._context.language, user_name=values["user_name"]
        )

    def _add(self, values: dict[str, str]) -> None:
        read = read_new_person(values, is_demo=self._is_demo)
        if read.person is None:
            self.form.set_running(running=False)
            problems = said_problems(read.problems, self._context.language)
            self.form.show_problems(problems, focus=True)
            return
        self._start(read.person)

    def _start(self, person: NewPerson) -> None:
        registry, actor = self._context.registry, self._context.actor
        self._running = True
        self._context.tasks.run(
            lambda: add_new_person(registry, actor, person),
            on_done=self._take_outcome,
            on_error=self._refuse,
            on_finished=self._stop_running,
            owner=self,
        )

    def _take_outcome(self, outcome: AddingOutcome) -> None:
        self._running = False
        if outcome.enrolled is None:
            problems = said_problems(outcome.problems, self._context.language)
            self.form.show_problems(problems)
            return
        self.form.finish()
        self.accept()
        self.added.emit(outcome.enrolled)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, RulesBroken):
            self.form.show_problems(field_problems(error.violations, self._context.language))
        else:
            self.form.message.say_problem(error)

    def _stop_running(self) -> None:
        self._running = False
        self.form.set_running(running=False)
