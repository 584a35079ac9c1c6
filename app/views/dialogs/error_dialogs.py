"""Dialogs for what went wrong: an expected error, and a bug.

Owns showing; `describe_problem` finds the words, and bugs are logged before they are shown.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.views.components.labels import IconLabel, role_label, text_button, wrapped_label
from app.views.components.problem import describe_problem
from app.views.desk import Desk
from app.views.theme.tokens import DIALOG_WIDTH, GAP_L, GAP_M, GAP_XL, ICON_LARGE

_log = logging.getLogger(__name__)


class ProblemDialog(QDialog):
    """An expected error: what failed, why with its code, what to do."""

    def __init__(self, desk: Desk, error: Exception, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        problem = describe_problem(error, desk.language)
        language = desk.language
        self.setWindowTitle(problem.headline or language.text("problem.title"))
        self.setMinimumWidth(DIALOG_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        head = QHBoxLayout()
        head.setSpacing(GAP_M)
        icon = IconLabel(desk, "circle-x", lambda palette: palette.red, size=ICON_LARGE)
        head.addWidget(icon)
        head.addWidget(wrapped_label("strong", problem.message), 1)
        layout.addLayout(head)
        if problem.hint:
            layout.addWidget(wrapped_label("", problem.hint))
        if problem.code:
            layout.addWidget(role_label("label", language.text("problem.code", code=problem.code)))
        close = text_button(desk, "common.close", kind="primary")
        close.clicked.connect(self.accept)
        close.setDefault(True)
        acts = QHBoxLayout()
        acts.addStretch()
        acts.addWidget(close)
        layout.addLayout(acts)


class CrashDialog(QDialog):
    """A bug: says that nothing was changed by the failed act, and gives the report."""

    def __init__(self, desk: Desk, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = "".join(traceback.format_exception(error))
        self.setWindowTitle(desk.language.text("crash.title"))
        self.setMinimumWidth(DIALOG_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        for role, key in (("strong", "crash.title"), ("", "crash.sentence")):
            layout.addWidget(wrapped_label(role, desk.language.text(key)))
        report = QPlainTextEdit(self._report)
        report.setReadOnly(True)
        desk.language.keep(report, report.setAccessibleName, "crash.report")
        layout.addWidget(report)
        copy = text_button(desk, "crash.copy", icon="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        close = text_button(desk, "common.close", kind="primary")
        close.clicked.connect(self.accept)
        acts = QHBoxLayout()
        acts.addStretch()
        acts.addWidget(copy)
        acts.addWidget(close)
        layout.addLayout(acts)


class ErrorReporter:
    """Shows every error nobody else answers: of tasks, and of Python at large.

    `open_dialog` may hold a dialog back while the desk is locked.
    """

    def __init__(
        self, desk: Desk, parent: QWidget, *, open_dialog: Callable[[QDialog], None] = QDialog.open
    ) -> None:
        self._desk = desk
        self._parent = parent
        self._open_dialog = open_dialog
        self._said_elsewhere: tuple[type[Exception], ...] = ()
        desk.tasks.failed.connect(self.show_problem)
        desk.tasks.crashed.connect(self.show_crash)

    def leave_out(self, *kinds: type[Exception]) -> None:
        """Show no dialog for what the desk says in another place."""
        self._said_elsewhere = kinds

    def install(self) -> None:
        """Catch what no code catches: log it and show the crash dialog."""
        sys.excepthook = self._caught

    def show_problem(self, error: Exception) -> None:
        """Show an expected error."""
        if isinstance(error, self._said_elsewhere):
            return
        self._open(ProblemDialog(self._desk, error, self._parent))

    def show_crash(self, error: BaseException) -> None:
        """Show a bug; whoever calls has logged it."""
        self._open(CrashDialog(self._desk, error, self._parent))

    def _caught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.critical("an error nobody caught", exc_info=(kind, error, trace))
        self.show_crash(error)

    def _open(self, dialog: QDialog) -> None:
        # Not exec(): a nested event loop would run while a signal is being delivered.
        dialog.setModal(True)
        dialog.finished.connect(dialog.deleteLater)
        self._open_dialog(dialog)
