"""Changes one's own passphrase, or gives a new one to somebody who forgot theirs.

Owns the form; nothing typed into it is drafted or logged.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.services.people.administration import change_passphrase, reset_passphrase
from app.views.components.fields import Field, FieldKind
from app.views.components.form import Form, FormPlan
from app.views.dialogs.passphrase_fields import (
    PASSPHRASE_FIELDS,
    said_problems,
    show_typed_passphrase,
)
from app.views.pages.context import PageContext
from app.views.presenters.people_passphrase import old_passphrase_problem, passphrase_problems
from app.views.theme.tokens import GAP_L, GAP_XL, PASSPHRASE_DIALOG_SIZE

_OWN = FormPlan(
    name="own-passphrase",
    title_key="people.own_passphrase_title",
    act_key="people.change_passphrase",
    fields=(Field("old", "people.old_passphrase", FieldKind.SECRET), *PASSPHRASE_FIELDS),
    icon="key-round",
    act_icon="check",
    checks=False,
)
_OTHERS = FormPlan(
    name="reset-passphrase",
    title_key="people.reset_passphrase_title",
    act_key="people.act.reset_passphrase",
    fields=PASSPHRASE_FIELDS,
    icon="key-round",
    act_icon="check",
    checks=False,
)


class PassphraseDialog(QDialog):
    """For oneself when `user` is empty, with the present passphrase; `changed` when done."""

    changed = Signal()

    def __init__(self, context: PageContext, user: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._user = user
        self._running = False
        # No drafts: not even whether something was typed.
        self.form = Form(context.desk, _OTHERS if user else _OWN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.addWidget(self.form)
        self.resize(*PASSPHRASE_DIALOG_SIZE)
        if user:
            context.language.keep(
                self, self.setWindowTitle, "people.reset_passphrase_of", user=user
            )
        else:
            context.language.keep(self, self.setWindowTitle, "people.own_passphrase_title")
        self.form.changed.connect(self._show_typed)
        self.form.submitted.connect(self._submit)
        self.form.cancelled.connect(self.reject)
        self.form.field("passphrase" if user else "old").setFocus()

    def reject(self) -> None:
        """Close, but not before it is known whether the passphrase was changed."""
        if not self._running:
            super().reject()

    def _show_typed(self, values: dict[str, str]) -> None:
        user = self._user or self._context.actor.user_name
        show_typed_passphrase(self.form, values, self._context.language, user_name=user)

    def _submit(self, values: dict[str, str]) -> None:
        problems = passphrase_problems(values)
        if problems:
            self.form.set_running(running=False)
            self.form.show_problems(said_problems(problems, self._context.language), focus=True)
            return
        self._running = True
        self._context.tasks.run(
            self._work(values),
            on_done=lambda _none: self._finish(),
            on_error=self._refuse,
            on_finished=self._stop_running,
            owner=self,
        )

    def _work(self, values: dict[str, str]) -> Callable[[], None]:
        registry, actor, user = self._context.registry, self._context.actor, self._user
        if user:
            return lambda: reset_passphrase(registry, actor, user, new=values["passphrase"])
        return lambda: change_passphrase(
            registry, actor, old=values["old"], new=values["passphrase"]
        )

    def _finish(self) -> None:
        self._running = False
        self.form.finish()
        self.accept()
        self.changed.emit()

    def _refuse(self, error: Exception) -> None:
        problems = () if self._user else old_passphrase_problem(error)
        if problems:
            self.form.show_problems(said_problems(problems, self._context.language))
        else:
            self.form.message.say_problem(error)

    def _stop_running(self) -> None:
        self._running = False
        self.form.set_running(running=False)
