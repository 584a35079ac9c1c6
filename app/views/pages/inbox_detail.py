"""The right half of the inbox: what one proposal would do, its history, and deciding.

Owns the widgets; what may be decided is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.views.components.cards import Card
from app.views.components.checks_panel import ChecksPanel
from app.views.components.chips import Chip
from app.views.components.empty_state import EmptyState
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.desk import Desk
from app.views.pages.outcome_panel import OutcomePanel, checks_summary, say_phrase
from app.views.presenters.inbox import Decision, InboxDetail, InboxFact, InboxStep, kind_key
from app.views.presenters.phrases import Phrase
from app.views.theme.tokens import GAP_L, GAP_M, GAP_S, LINE_WIDTH, Tone

_COMMENT = Field("comment", "inbox.comment", FieldKind.MULTILINE)


class InboxDetailCard(Card):
    """Shows one thing that awaits; `decided` carries the decision and the comment."""

    decided = Signal(object, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._detail: InboxDetail | None = None
        self._decisions: tuple[Decision, ...] = ()
        self._title = role_label("card-title")
        self._units = Chip()
        self._own = Chip()
        self._facts = QGridLayout()
        self.panel = OutcomePanel(desk, "inbox.no_outcome")
        self.checks = ChecksPanel(desk)
        self.history = Timeline(desk)
        self.comment = LabelledField(desk, _COMMENT)
        self.approve = text_button(desk, "inbox.approve", kind="primary", icon="check")
        self.open_account = text_button(desk, "inbox.open_account", kind="primary", icon="check")
        self.reject = text_button(desk, "inbox.reject", kind="danger")
        self.withdraw = text_button(desk, "inbox.withdraw", icon="undo-2")
        self.vote = text_button(desk, "committee.open", kind="primary", icon="users")
        self._waiting = EmptyState(
            desk, "inbox.nothing_chosen", "inbox.nothing_chosen_sentence", icon="inbox"
        )
        self._shown = QWidget()
        self._build()
        self._connect()
        self.show_detail(None, ())

    def show_detail(self, detail: InboxDetail | None, decisions: tuple[Decision, ...]) -> None:
        """Show one thing that awaits, with what may be decided; None says to choose one."""
        if detail is None or self._detail is None or detail.row.key != self._detail.row.key:
            self.comment.entry.set_value("")
            self.comment.show_problem("")
        self._detail, self._decisions = detail, decisions
        self._draw()

    def show_comment_problem(self, message: str, code: str = "") -> None:
        """Say what is wrong with the comment, and let the person write it."""
        self.comment.show_problem(message, code)
        self.comment.entry.setFocus()

    def set_running(self, *, running: bool) -> None:
        """While a decision runs none can be asked for again."""
        for widget in (self.comment, *self._buttons):
            widget.setEnabled(not running)

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.withdraw, self.reject, self.approve, self.open_account, self.vote)

    def _build(self) -> None:
        self.body.addWidget(self._waiting, 1)
        self.body.addWidget(self._shown, 1)
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        head = QHBoxLayout()
        head.setSpacing(GAP_S)
        head.addWidget(self._title)
        head.addWidget(self._units)
        head.addStretch()
        head.addWidget(self._own)
        column.addLayout(head)
        column.addWidget(self._scrolling(), 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.comment, 1)
        for button in self._buttons:
            acts.addWidget(button, alignment=Qt.AlignmentFlag.AlignBottom)
        column.addLayout(acts)

    def _scrolling(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("role", "clear")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GAP_S, 0)
        column.setSpacing(GAP_L)
        self._facts.setHorizontalSpacing(GAP_L)
        self._facts.setVerticalSpacing(GAP_S)
        self._facts.setColumnStretch(1, 1)
        column.addLayout(self._facts)
        column.addWidget(self.panel)
        column.addWidget(self.checks)
        title = role_label("card-title")
        self._desk.language.keep(title, title.setText, "inbox.history")
        column.addWidget(title)
        column.addWidget(self.history)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self._desk.language.keep(area, area.setAccessibleName, "form.outcome")
        return area

    def _connect(self) -> None:
        for button, decision in (
            (self.approve, Decision.APPROVE),
            (self.open_account, Decision.APPROVE),
            (self.reject, Decision.REJECT),
            (self.withdraw, Decision.WITHDRAW),
            (self.vote, Decision.VOTE),
        ):
            button.clicked.connect(lambda _checked=False, each=decision: self._decide(each))
        self.comment.entry.edited.connect(lambda: self.comment.show_problem(""))
        self._desk.language.changed.connect(self._draw)

    def _decide(self, decision: Decision) -> None:
        self.decided.emit(decision, self.comment.entry.value())

    def _draw(self) -> None:
        detail, language = self._detail, self._desk.language
        self._waiting.setVisible(detail is None)
        if detail is None:
            self._shown.hide()
            return
        row = detail.row
        title = language.text(kind_key(row))
        self._title.setText(f"{title} · {row.key}")
        self.setAccessibleName(self._title.text())
        self._units.setVisible(bool(row.quantity))
        self._units.set_chip(f"{language.quantity(row.quantity)} {row.unit_type}", Tone.TEAK)
        self._own.setVisible(row.is_own)
        self._own.set_chip(language.text("inbox.waiting"), Tone.BLUE)
        self._draw_facts(detail.facts)
        self._draw_outcome(detail)
        self.history.show_entries([self._entry(step) for step in detail.steps])
        self._draw_decisions(is_account=detail.outcome is None)
        # Shown last: with every button in sight it would be wider than the smallest window.
        self._shown.show()

    def _draw_facts(self, facts: tuple[InboxFact, ...]) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        language = self._desk.language
        for number, fact in enumerate(facts):
            label = role_label("label", language.text(fact.label_key))
            label.setContentsMargins(0, LINE_WIDTH, 0, 0)
            value = fact.value
            text = say_phrase(value, language) if isinstance(value, Phrase) else value
            self._facts.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(wrapped_label("", text), number, 1)

    def _draw_outcome(self, detail: InboxDetail) -> None:
        outcome = detail.outcome
        self.panel.setVisible(outcome is not None)
        # That one may not decide on one's own proposal is no news to its proposer.
        self.checks.setVisible(outcome is not None and not detail.row.is_own)
        if outcome is not None:
            self.panel.show_outcome(outcome)
            self.checks.show_checks(checks_summary(outcome, self._desk.language))

    def _draw_decisions(self, *, is_account: bool) -> None:
        approves = Decision.APPROVE in self._decisions
        self.approve.setVisible(approves and not is_account)
        self.open_account.setVisible(approves and is_account)
        self.reject.setVisible(Decision.REJECT in self._decisions)
        self.withdraw.setVisible(Decision.WITHDRAW in self._decisions)
        self.vote.setVisible(Decision.VOTE in self._decisions)
        # Votes are cast, and commented, where the evidence is.
        self.comment.setVisible(bool(set(self._decisions) - {Decision.VOTE}))

    def _entry(self, step: InboxStep) -> TimelineEntry:
        detail = " · ".join(part for part in (step.by, step.comment, step.codes) if part)
        return TimelineEntry(step.at, self._desk.language.text(step.key), detail, Tone.TEAK)
