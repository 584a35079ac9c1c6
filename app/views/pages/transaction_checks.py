"""What every check said of a transaction, step by step.

Owns the widgets; reading the steps is the presenter's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.listings.transaction_checks import CheckOutcome, Finding, StepChecks
from app.views.components.chips import Chip
from app.views.components.disclosure import Disclosure
from app.views.components.labels import role_label, rule, wrapped_label
from app.views.desk import Desk
from app.views.presenters.transaction_reading import (
    count_findings,
    said_in,
    silent,
    spoken,
)
from app.views.theme.tokens import CODE_WIDTH, GAP_L, GAP_M, GAP_S, GAP_XS, Tone

_SILENT = (
    (Finding.PASSED, "transactions.passed_list"),
    (Finding.SKIPPED, "transactions.skipped_list"),
    (Finding.NOT_RECORDED, "transactions.unrecorded_list"),
)


class TransactionChecks(QWidget):
    """The newest step first; what refused or noted in full, the rest to be opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._steps: tuple[StepChecks, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_L)
        desk.language.keep(self, self.setAccessibleName, "transactions.tab_checks")

    def show_steps(self, steps: Sequence[StepChecks]) -> None:
        """Show the steps at which a transaction was judged, in the language in force."""
        self._steps = tuple(steps)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        language = self._desk.language
        if not steps:
            text = language.text("transactions.checks_count_none")
            self._column.addWidget(wrapped_label("muted", text))
        for step in reversed(self._steps):
            self._column.addWidget(self._step(step))

    def _step(self, step: StepChecks) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        language = self._desk.language
        status = step.status.replace(" ", "_")
        column.addWidget(role_label("strong", language.text(f"transactions.status.{status}")))
        by = language.text("transactions.step_by", by=step.by, time=step.at)
        column.addWidget(wrapped_label("label", by))
        passed = count_findings(step, Finding.PASSED, Finding.NOTED)
        count = len(step.checks)
        counted = language.text("transactions.checks_counted", passed=passed, count=count)
        column.addWidget(wrapped_label("", counted))
        for check in spoken(step):
            column.addWidget(rule())
            column.addWidget(self._line(check))
        for finding, key in _SILENT:
            found = silent(step, finding)
            if found:
                column.addWidget(_Silent(self._desk, key, found))
        return made

    def _line(self, check: CheckOutcome) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        top = Qt.AlignmentFlag.AlignTop
        code = role_label("label", str(check.code))
        code.setMinimumWidth(CODE_WIDTH)
        row.addWidget(code, alignment=top)
        language = self._desk.language
        words = wrapped_label("strong", said_in(check, language.code))
        row.addWidget(words, 1)
        refused = check.outcome is Finding.REFUSED
        chip = Chip(
            language.text("checks.failed" if refused else "checks.note"),
            Tone.RED if refused else Tone.AMBER,
        )
        row.addWidget(chip, alignment=top)
        return made


class _Silent(Disclosure):
    """The checks of one finding that said nothing of their own; written when first opened."""

    def __init__(self, desk: Desk, key: str, checks: Sequence[CheckOutcome]) -> None:
        super().__init__(desk, key)
        text = desk.language.text(key, count=len(checks))
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self._desk = desk
        self._checks = tuple(checks)
        self.body.setSpacing(GAP_XS)
        self.opened.connect(self._write)

    def _write(self) -> None:
        if self.body.count():
            return
        said = said_in(self._checks[0], self._desk.language.code)
        self.body.addWidget(wrapped_label("label", said))
        lines = "\n".join(f"{each.code} · {each.name}" for each in self._checks)
        self.body.addWidget(wrapped_label("", lines))
