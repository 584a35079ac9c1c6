"""The list of accounts that an account trusts: its entries, proposing one, deciding on one.

Owns the widgets; who may do what is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.services.listings.accounts import AccountRow
from app.services.trust.trusted_accounts import TrustedRow
from app.views.components.chips import Chip
from app.views.components.fields import Field
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import role_label, rule, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.presenters.trusted import TrustAct, TrustedForm, TrustedList
from app.views.theme.tokens import GAP_L, GAP_S, GAP_XS, Tone

_TONES = {
    "proposed": Tone.AMBER,
    "approved": Tone.LEAF,
    "rejected": Tone.RED,
    "removed": Tone.QUIET,
}


class TrustedAccounts(QWidget):
    """`changed` follows every act; the owner reads the list again and shows it."""

    changed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._trusted = TrustedForm(context.registry, context.actor)
        self._account: AccountRow | None = None
        desk = context.desk
        self.message = MessageBar(desk)
        self._sentence = wrapped_label("muted")
        context.language.keep(self, self._sentence.setText, "trusted.sentence")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GAP_S)
        self.number = LabelledField(
            desk, Field("trusted", "trusted.number", placeholder_key="trusted.number_hint")
        )
        self.note = LabelledField(desk, Field("note", "trusted.note", optional=True))
        self.propose = text_button(desk, "trusted.propose", icon="plus")
        self._reason = wrapped_label("label")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        column.addWidget(self._sentence)
        column.addWidget(self.message)
        column.addLayout(self._rows)
        column.addWidget(rule())
        for field in (self.number, self.note):
            column.addWidget(field)
        column.addWidget(self._reason)
        column.addWidget(self.propose, alignment=Qt.AlignmentFlag.AlignLeft)
        self.propose.clicked.connect(self._propose)
        context.language.keep(self, self.setAccessibleName, "trusted.title")

    def show_list(self, account: AccountRow, trusted: TrustedList) -> None:
        """Show an account's list, in the language in force."""
        if self._account is None or self._account.number != account.number:
            self.message.clear()
            self.number.entry.set_value("")
            self.note.entry.set_value("")
            self.number.show_problem("")
        self._account = account
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in trusted.rows:
            self._rows.addWidget(self._line(row))
        language = self._context.language
        if not trusted.rows:
            self._rows.addWidget(wrapped_label("", language.text("trusted.none")))
        reason = self._trusted.reason_against_proposing(account)
        self._reason.setText(language.text(reason) if reason else "")
        self._reason.setVisible(bool(reason))
        for control in (self.number, self.note, self.propose):
            control.setVisible(not reason)

    def _line(self, row: TrustedRow) -> QWidget:
        language = self._context.language
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_XS)
        head = QHBoxLayout()
        head.setSpacing(GAP_S)
        head.addWidget(role_label("strong", row.trusted))
        head.addStretch(1)
        head.addWidget(Chip(language.text(f"trusted.state.{row.state}"), _TONES[row.state]))
        column.addLayout(head)
        for text in (row.trusted_name, row.note):
            if text:
                column.addWidget(wrapped_label("", text))
        column.addWidget(wrapped_label("label", self._when(row)))
        acts = self._trusted.acts_on(row)
        if acts:
            column.addLayout(self._acts(row, acts))
        made.setAccessibleName(f"{row.trusted} {row.trusted_name}".strip())
        return made

    def _when(self, row: TrustedRow) -> str:
        language = self._context.language
        if row.state == "approved" and row.effective_at is not None:
            is_in_force = row.effective_at <= self._context.registry.now()
            key = "trusted.in_force" if is_in_force else "trusted.takes_effect"
            return language.text(key, moment=row.effective_at)
        return language.text("trusted.proposed", by=row.proposed_by, moment=row.proposed_at)

    def _acts(self, row: TrustedRow, acts: tuple[TrustAct, ...]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(GAP_S)
        for act in acts:
            kind = "primary" if act is TrustAct.APPROVE else "danger"
            button = text_button(self._context.desk, f"trusted.act.{act}", kind=kind)
            button.clicked.connect(
                lambda _checked=False, each=act, pressed=button: self._ask(row, each, pressed)
            )
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _propose(self) -> None:
        account, language = self._account, self._context.language
        if account is None:
            return
        trusted, note = self.number.entry.value(), self.note.entry.value()
        if not trusted:
            self.number.show_problem(language.text("trusted.missing_number"))
            return
        self.number.show_problem("")
        self.propose.setEnabled(False)
        self._context.tasks.run(
            lambda: self._trusted.propose(account.number, trusted, note),
            on_done=lambda _none: self._proposed(trusted),
            on_error=self.message.say_problem,
            on_finished=lambda: self.propose.setEnabled(True),
            owner=self,
        )

    def _proposed(self, trusted: str) -> None:
        text = self._context.language.text("trusted.was_proposed", number=trusted)
        self.number.entry.set_value("")
        self.note.entry.set_value("")
        self._say(text)

    def _ask(self, row: TrustedRow, act: TrustAct, pressed: QPushButton) -> None:
        """Approving needs no reason; rejecting and removing do."""
        if act is TrustAct.APPROVE:
            pressed.setEnabled(False)
            self._context.tasks.run(
                lambda: self._trusted.carry_out(act, row.id, ""),
                on_done=lambda _none: self._done(row, act),
                on_error=self.message.say_problem,
                on_finished=lambda: _enable(pressed),
                owner=self,
            )
            return
        language = self._context.language
        dialog = ReasonDialog(
            self._context.desk,
            title=f"{language.text(f'trusted.act.{act}')}: {row.trusted}",
            sentence=language.text(f"trusted.will.{act}"),
            act_key=f"trusted.act.{act}",
            work=lambda reason: self._trusted.carry_out(act, row.id, reason),
            done=lambda: self._done(row, act),
            is_grave=True,
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _done(self, row: TrustedRow, act: TrustAct) -> None:
        self._say(self._context.language.text(f"trusted.done.{act}", number=row.trusted))

    def _say(self, text: str) -> None:
        self.message.say(Tone.LEAF, text)
        self.changed.emit()


def _enable(button: QPushButton) -> None:
    """Turn a button on again, if the list it stood in is still shown."""
    if isValid(button):
        button.setEnabled(True)
