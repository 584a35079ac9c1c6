"""The checks of an act: how many passed, what to note, what fails, each with its code.

Owns showing them; the checks themselves are the services'.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.components.cards import Card
from app.views.components.chips import Chip
from app.views.components.labels import role_label, rule, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import CODE_WIDTH, GAP_M, GAP_S, Tone


class CheckState(StrEnum):
    """How one check came out."""

    PASSED = "passed"
    NOTE = "note"
    FAILED = "failed"


@dataclass(frozen=True)
class CheckLine:
    """One check: its permanent code, a sentence, and what is to be known besides."""

    code: str
    state: CheckState
    sentence: str
    detail: str = ""


@dataclass(frozen=True)
class ChecksSummary:
    """The checks of an act; `passed` counts all that passed, listed or not."""

    passed: int = 0
    lines: tuple[CheckLine, ...] = ()

    def count(self, state: CheckState) -> int:
        """Count the listed checks of a state."""
        return sum(line.state is state for line in self.lines)


_ORDER = (CheckState.FAILED, CheckState.NOTE, CheckState.PASSED)
_TONES = {
    CheckState.PASSED: Tone.LEAF,
    CheckState.NOTE: Tone.AMBER,
    CheckState.FAILED: Tone.RED,
}


class ChecksPanel(Card):
    """A card of checks: failures first, then notes, then what passed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "checks.title", icon="list-checks")
        self._desk = desk
        self._summary = ChecksSummary()
        self._chips = {state: Chip("", _TONES[state]) for state in _ORDER}
        for state in reversed(_ORDER):
            self.add_to_head(self._chips[state])
        self._place = QWidget()
        self._lines = QVBoxLayout(self._place)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(GAP_S)
        self.body.setSpacing(GAP_S)
        self.body.addWidget(self._place)
        self.body.addStretch()
        desk.language.changed.connect(self._draw)
        self._draw()

    @property
    def summary(self) -> ChecksSummary:
        """What is shown."""
        return self._summary

    def show_checks(self, summary: ChecksSummary) -> None:
        """Show the checks of the act as it stands."""
        if summary != self._summary:
            self._summary = summary
            self._draw()

    def _draw(self) -> None:
        self._draw_chips()
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        lines = sorted(self._summary.lines, key=lambda line: _ORDER.index(line.state))
        if not lines:
            text = "checks.waiting" if not self._summary.passed else "checks.all_passed"
            self._lines.addWidget(wrapped_label("muted", self._desk.language.text(text)))
        for number, line in enumerate(lines):
            if number:
                self._lines.addWidget(rule())
            self._lines.addWidget(self._line(line))

    def _draw_chips(self) -> None:
        counts = {
            CheckState.PASSED: self._summary.passed,
            CheckState.NOTE: self._summary.count(CheckState.NOTE),
            CheckState.FAILED: self._summary.count(CheckState.FAILED),
        }
        keys = {
            CheckState.PASSED: "checks.count_passed",
            CheckState.NOTE: "checks.count_note",
            CheckState.FAILED: "checks.count_failed",
        }
        for state, chip in self._chips.items():
            text = self._desk.language.text(keys[state], count=counts[state])
            chip.set_chip(text, _TONES[state])
            chip.setVisible(counts[state] > 0)

    def _line(self, line: CheckLine) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        top = Qt.AlignmentFlag.AlignTop
        words = QVBoxLayout()
        words.setSpacing(0)
        passed = line.state is CheckState.PASSED
        code = role_label("label", line.code)
        code.setMinimumWidth(CODE_WIDTH)
        row.addWidget(code, alignment=top)
        words.addWidget(wrapped_label("" if passed else "strong", line.sentence))
        if line.detail:
            words.addWidget(wrapped_label("muted", line.detail))
        row.addLayout(words, 1)
        if not passed:
            word = self._desk.language.text(f"checks.{line.state.value}")
            row.addWidget(Chip(word, _TONES[line.state]), alignment=top)
        return made
