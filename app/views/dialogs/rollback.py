"""Undoing a transfer: what goes back, what stands against it, and the reason.

Owns the dialog; what goes back is the presenter's preview, the same as the approver will see.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.transactions.evaluation import Evaluation
from app.services.transactions.proposing import Outcome
from app.views.components.cards import Card
from app.views.components.checks_panel import ChecksPanel
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import OutcomePanel, checks_summary
from app.views.presenters.act_outcome import present_outcome
from app.views.presenters.transaction_reading import RollbackForm
from app.views.theme.tokens import GAP_L, GAP_M, GAP_XL, IMPORT_DIALOG_SIZE

_NO_REASON_YET = "–"
"""Stands in for the reason while nobody has written one: only the proposal needs it."""


class RollbackDialog(QDialog):
    """`proposed` carries the identifier of the rollback."""

    proposed = Signal(str)

    def __init__(
        self, context: PageContext, transaction: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        desk, language = context.desk, context.language
        self._form = RollbackForm(context.registry, context.actor, transaction)
        title = language.text("rollback.title", transaction=transaction)
        self.setWindowTitle(title)
        self.message = MessageBar(desk)
        self.panel = OutcomePanel(desk, "rollback.waiting")
        self.checks = ChecksPanel(desk)
        self.reason = LabelledField(desk, Field("reason", "rollback.reason", FieldKind.MULTILINE))
        self.act = text_button(desk, "rollback.propose", kind="primary", icon="undo-2")
        self.cancel = text_button(desk, "common.cancel")
        self._build(title)
        self.act.clicked.connect(self._propose)
        self.cancel.clicked.connect(self.reject)
        self.act.setEnabled(False)
        self._foresee()

    def _build(self, title: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("title", title))
        layout.addWidget(wrapped_label("muted", self._context.language.text("rollback.sentence")))
        layout.addWidget(self.message)
        card = Card(self._context.desk, "form.outcome", icon="eye")
        card.body.addWidget(self.panel)
        middle = QVBoxLayout()
        middle.setSpacing(GAP_L)
        middle.addWidget(card)
        middle.addWidget(self.checks)
        middle.addStretch(1)
        layout.addWidget(make_scrolling(middle), 1)
        layout.addWidget(self.reason)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(self.cancel)
        acts.addWidget(self.act)
        layout.addLayout(acts)
        self.resize(*IMPORT_DIALOG_SIZE)
        self.reason.entry.control.setFocus()

    def _foresee(self) -> None:
        self._context.tasks.run(
            lambda: self._form.foresee(_NO_REASON_YET),
            on_done=self._show,
            on_error=self.message.say_problem,
            owner=self,
        )

    def _show(self, evaluation: Evaluation) -> None:
        outcome = present_outcome(evaluation)
        self.panel.show_outcome(outcome)
        self.checks.show_checks(checks_summary(outcome, self._context.language))
        self.act.setEnabled(outcome.is_clear)

    def _propose(self) -> None:
        reason = self.reason.entry.value()
        if not reason:
            text = self._context.language.text("rollback.missing_reason")
            self.reason.show_problem(text)
            self.reason.entry.setFocus()
            return
        self.reason.show_problem("")
        self.act.setEnabled(False)
        self._context.tasks.run(
            lambda: self._form.carry_out(reason),
            on_done=self._finish,
            on_error=self._refuse,
            owner=self,
        )

    def _finish(self, outcome: Outcome) -> None:
        self.accept()
        self.proposed.emit(outcome.identifier)

    def _refuse(self, error: Exception) -> None:
        self.message.say_problem(error)
        # What stands against it now is told anew; the reason stays as it was written.
        self._foresee()
