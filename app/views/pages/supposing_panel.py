"""“Under another rule…”: assume a rule, and read what would be otherwise.

Owns the widgets; which rules there are and what differs is the presenter's.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.codes import RuleKind
from app.services.transactions.evaluation import Evaluation
from app.views.components.disclosure import Disclosure
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import IconLabel, wrapped_label
from app.views.components.problem import violation_text
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.act_form import ActForm
from app.views.presenters.supposition import (
    Assumption,
    Differences,
    differences,
    read_assumption,
    rule_options,
    wanted_of,
)
from app.views.theme.tokens import GAP_M, GAP_S

_ASKED_MS = 250
_RULE = Field("rule", "suppose.rule", FieldKind.CHOICE)
_VALUE = Field("value", "suppose.value")


class RuleSupposing(QWidget):
    """A rule and its value to assume, and below them what would differ.

    `compare` works the differences out, off the window's thread.
    """

    def __init__(self, context: PageContext, compare: Callable[[Assumption], Differences]) -> None:
        super().__init__()
        self._context = context
        self._compare = compare
        self._kinds: frozenset[RuleKind] = frozenset()
        self._differences: Differences | None = None
        self.rule = LabelledField(context.desk, _RULE)
        self.value = LabelledField(context.desk, _VALUE)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GAP_S)
        self._timer = QTimer(self, interval=_ASKED_MS, singleShot=True)
        self._timer.timeout.connect(self.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.rule, 3, top)
        row.addWidget(self.value, 2, top)
        column.addLayout(row)
        column.addLayout(self._lines)
        for field in (self.rule, self.value):
            field.entry.edited.connect(self._timer.start)
        context.language.changed.connect(self._retranslate)

    @property
    def differences(self) -> Differences | None:
        """What is shown; None while nothing is assumed."""
        return self._differences

    def offer(self, kinds: frozenset[RuleKind]) -> None:
        """Offer the rules of an act."""
        if kinds != self._kinds:
            self._kinds = kinds
            self.rule.entry.set_options(rule_options(kinds, self._context.language.code))

    def clear(self) -> None:
        """Assume nothing."""
        for field in (self.rule, self.value):
            field.entry.set_value("")
            field.show_problem("")
        self._show(None)

    def ask(self) -> None:
        """Work out what would differ, once a rule and a value stand there."""
        kind, value = self.rule.entry.value(), self.value.entry.value()
        language = self._context.language
        self.value.entry.control.setToolTip(wanted_of(kind, language.code))
        if not kind or not value:
            self.value.show_problem("")
            self._show(None)
            return
        assumption = read_assumption(kind, value, language.code)
        self.value.show_problem(say_phrase(assumption.problem, language))
        if assumption.problem is not None:
            self._show(None)
            return
        self._context.tasks.run(
            lambda: self._compare(assumption),
            on_done=self._show,
            latest_key=f"suppose:{id(self)}",
            owner=self,
        )

    def _show(self, found: Differences | None) -> None:
        self._differences = found
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text in self._sentences(found):
            self._lines.addWidget(self._line(text))

    def _sentences(self, found: Differences | None) -> list[str]:
        language = self._context.language
        if found is None:
            return []
        if found.is_none:
            return [language.text("suppose.same")]
        return [
            *(say_phrase(each, language) for each in found.sentences),
            *(
                language.text(
                    "suppose.refused", code=str(each.code), reason=violation_text(each, language)
                )
                for each in found.refused_there
            ),
            *(language.text("suppose.allowed", code=str(each.code)) for each in found.refused_here),
        ]

    def _line(self, text: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        icon = IconLabel(self._context.desk, "arrow-right", lambda palette: palette.teak)
        row.addWidget(icon, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(wrapped_label("", text), 1)
        return made

    def _retranslate(self) -> None:
        self.rule.entry.set_options(rule_options(self._kinds, self._context.language.code))
        self._show(self._differences)


class SupposingPanel(Disclosure):
    """The same below an act's preview; hidden for acts that go by no such rule."""

    def __init__(self, context: PageContext, presenter: ActForm) -> None:
        super().__init__(context.desk, "suppose.open")
        self._presenter = presenter
        self._evaluation: Evaluation | None = None
        self.supposing = RuleSupposing(context, self._compare)
        self.body.addWidget(self.supposing)
        self.opened.connect(self.supposing.ask)
        self._context = context
        self.hide()

    def take_evaluation(self, evaluation: Evaluation | None) -> None:
        """Follow what the form would do now."""
        self._evaluation = evaluation
        kinds = frozenset() if evaluation is None else evaluation.facts.act.rule_kinds
        offered = bool(rule_options(kinds, self._context.language.code))
        self.setVisible(offered)
        if offered:
            self.supposing.offer(kinds)
            if self.is_open:
                self.supposing.ask()

    def _compare(self, assumption: Assumption) -> Differences:
        here = self._evaluation
        if here is None:
            return Differences(())
        there = self._presenter.preview(here.facts.act, assumption.as_mapping)
        return differences(here, there)
