"""Asks for the reason of an act, says what will happen, and carries the act out.

Owns the dialog; what the act does is the callable it is given.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.desk import Desk
from app.views.theme.tokens import DIALOG_WIDTH, GAP_L, GAP_M, GAP_XL


class ReasonDialog(QDialog):
    """Title, sentence, reason, and the act by its name; closes when the act is done."""

    def __init__(
        self,
        desk: Desk,
        *,
        title: str,
        sentence: str,
        act_key: str,
        work: Callable[[str], object],
        done: Callable[[], None],
        is_grave: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._work = work
        self._done = done
        self._is_running = False
        self.setWindowTitle(title)
        self.setMinimumWidth(DIALOG_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("strong", title))
        layout.addWidget(wrapped_label("", sentence))
        self.message = MessageBar(desk)
        layout.addWidget(self.message)
        self.reason = LabelledField(desk, Field("reason", "reason.title", FieldKind.MULTILINE))
        layout.addWidget(self.reason)
        self.act = text_button(desk, act_key, kind="danger" if is_grave else "primary")
        self.act.clicked.connect(self._run)
        self.cancel = text_button(desk, "common.cancel")
        self.cancel.clicked.connect(self.reject)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(self.cancel)
        acts.addWidget(self.act)
        layout.addLayout(acts)
        self.reason.entry.control.setFocus()

    def reject(self) -> None:
        """Close, but not while the act runs: nobody would be told what became of it."""
        if not self._is_running:
            super().reject()

    def _run(self) -> None:
        if self._is_running:
            return
        reason = self.reason.entry.value()
        self._set_running(is_running=True)
        self._desk.tasks.run(
            lambda: self._work(reason),
            on_done=lambda _result: self._finish(),
            on_error=self.message.say_problem,
            on_finished=lambda: self._set_running(is_running=False),
            owner=self,
        )

    def _set_running(self, *, is_running: bool) -> None:
        self._is_running = is_running
        self.act.setEnabled(not is_running)
        self.cancel.setEnabled(not is_running)

    def _finish(self) -> None:
        self._is_running = False
        self.accept()
        self._done()
