"""Asks before a person's authenticator and recovery codes are replaced, and replaces them.

Owns the question; what the person is then given is shown by the enrolment dialog.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.people.administration import enrol_person_again
from app.services.people.enrolment import EnrolledPerson
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.pages.context import PageContext
from app.views.theme.tokens import DIALOG_WIDTH, GAP_L, GAP_M, GAP_XL


class EnrolAgainDialog(QDialog):
    """`enrolled` carries the `EnrolledPerson`, to be shown once."""

    enrolled = Signal(object)

    def __init__(self, context: PageContext, user: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._user = user
        self._running = False
        desk, language = context.desk, context.language
        self.setMinimumWidth(DIALOG_WIDTH)
        language.keep(self, self.setWindowTitle, "people.enrol_again_title", user=user)
        title, sentence = wrapped_label("strong"), wrapped_label("")
        language.keep(title, title.setText, "people.enrol_again_title", user=user)
        language.keep(sentence, sentence.setText, "people.enrol_again_sentence", user=user)
        self.message = MessageBar(desk)
        self.act = text_button(desk, "people.act.enrol_again", kind="primary", icon="qr-code")
        self.act.clicked.connect(self._enrol)
        self.cancel = text_button(desk, "common.cancel")
        self.cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        for widget in (title, sentence, self.message):
            layout.addWidget(widget)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(self.cancel)
        acts.addWidget(self.act)
        layout.addLayout(acts)

    def reject(self) -> None:
        """Close, but not while the new secret is on its way: it would be lost."""
        if not self._running:
            super().reject()

    def _enrol(self) -> None:
        if self._running:
            return
        self._set_running(running=True)
        registry, actor = self._context.registry, self._context.actor
        self._context.tasks.run(
            lambda: enrol_person_again(registry, actor, self._user),
            on_done=self._finish,
            on_error=self.message.say_problem,
            on_finished=lambda: self._set_running(running=False),
            owner=self,
        )

    def _finish(self, person: EnrolledPerson) -> None:
        self.accept()
        self.enrolled.emit(person)

    def _set_running(self, *, running: bool) -> None:
        self._running = running
        self.act.setEnabled(not running)
        self.cancel.setEnabled(not running)
