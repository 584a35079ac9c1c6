"""The one form of the desk: what one enters, the checks, and what will happen.

Owns the fields, their problems, the draft and the single act at the lower right. Must not
judge values: the page answers `changed` with a preview and `submitted` with the act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.views.components.cards import Card
from app.views.components.checks_panel import ChecksPanel, ChecksSummary
from app.views.components.field_base import FieldWidget
from app.views.components.fields import DraftStore, Field, FieldKind, FieldProblem
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.problem import describe_problem
from app.views.desk import Desk
from app.views.theme.tokens import GAP_L, GAP_M, Tone

_CHANGED_MS = 200
_DRAFT_MS = 800


@dataclass(frozen=True)
class FormPlan:
    """What a form is made of; `name` is the draft's, so it stays the same for good."""

    name: str
    title_key: str
    act_key: str
    fields: tuple[Field, ...]
    icon: str = "pencil"
    act_icon: str = "send"
    checks: bool = True


class Form(QWidget):
    """Fields at the left, checks below them, what will happen at the right.

    `changed` carries the values shortly after typing, `submitted` carries them when the
    act is asked for, `cancelled` follows Cancel or Escape, `draft_restored` carries a kept draft
    with what was kept beside the values.
    """

    changed = Signal(dict)
    submitted = Signal(dict)
    cancelled = Signal()
    draft_restored = Signal(dict)

    def __init__(self, desk: Desk, plan: FormPlan, *, drafts: DraftStore | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._plan = plan
        self._drafts = drafts
        self._running = False
        self._blocked_reason = ""
        self._draft_saved_at: datetime | None = None
        self._draft_problem: Exception | None = None
        self._beside: Callable[[dict[str, str]], dict[str, str]] = lambda _values: {}
        self._fields: dict[str, LabelledField] = {}
        self._changed_timer = QTimer(self, interval=_CHANGED_MS, singleShot=True)
        self._draft_timer = QTimer(self, interval=_DRAFT_MS, singleShot=True)
        self.message = MessageBar(desk)
        self.checks = ChecksPanel(desk)
        if not plan.checks:
            self.checks.hide()
        self.outcome = Card(desk, "form.outcome", icon="eye")
        self.outcome.hide()
        self.act = text_button(desk, plan.act_key, kind="primary", icon=plan.act_icon)
        self.cancel = text_button(desk, "common.cancel")
        self._status = wrapped_label("muted")
        self._build()
        self._connect()

    def values(self) -> dict[str, str]:
        """Return what is entered, by field key."""
        return {key: labelled.entry.value() for key, labelled in self._fields.items()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show values; `changed` follows, keys without a field are passed over."""
        for key, value in values.items():
            if key in self._fields:
                self._fields[key].entry.set_value(value)
        self._changed_timer.start()

    def field(self, key: str) -> FieldWidget:
        """Return a field's widget: to offer options, set a suffix or the focus."""
        return self._fields[key].entry

    def set_field_visible(self, key: str, *, visible: bool) -> None:
        """Show a field only where it matters."""
        self._fields[key].setVisible(visible)

    def show_outcome(self, widget: QWidget) -> None:
        """Put the widget that says what will happen into the panel at the right."""
        self.outcome.body.addWidget(widget)
        self.outcome.show()

    def show_checks(self, summary: ChecksSummary) -> None:
        """Show how the checks stand."""
        self.checks.show_checks(summary)

    def show_problems(self, problems: Sequence[FieldProblem], *, focus: bool = False) -> None:
        """Say under each field what is wrong with it; values are kept.

        Problems of the whole form, or of no field here, are said above it.
        """
        by_field = {each.field: each for each in reversed(problems)}
        for key, labelled in self._fields.items():
            problem = by_field.get(key)
            labelled.show_problem(
                problem.message if problem else "", problem.code if problem else ""
            )
        others = [each for each in problems if each.field not in self._fields]
        if others:
            lines = "\n".join(each.message for each in others)
            codes = ", ".join(dict.fromkeys(each.code for each in others))
            self.message.say(Tone.RED, lines, code=codes)
        else:
            self.message.clear()
        first = next((key for key in self._fields if key in by_field), None)
        if focus and first is not None:
            self._fields[first].entry.setFocus()

    def problem_of(self, key: str) -> str:
        """Return the problem shown under a field, or nothing."""
        return self._fields[key].problem

    def set_running(self, *, running: bool) -> None:
        """While the act runs its button cannot be pressed again, nor the fields changed."""
        self._running = running
        for labelled in self._fields.values():
            labelled.setEnabled(not running)
        self._show_state()

    def block(self, reason: str) -> None:
        """Disable the act and say why; an empty reason enables it."""
        self._blocked_reason = reason
        self._show_state()

    def keep_beside(self, find: Callable[[dict[str, str]], dict[str, str]]) -> None:
        """Keep with each draft what `find` gives for the form's values."""
        self._beside = find

    def restore_draft(self) -> None:
        """Fetch the kept draft, if there is one, and show it."""
        if self._drafts is None:
            return
        drafts, name = self._drafts, self._plan.name
        self._desk.tasks.run(lambda: drafts.load(name), on_done=self._show_draft, owner=self)

    def keep_draft(self) -> None:
        """Keep at once what was typed last: the desk is about to be taken down."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self._save_draft()

    def keep_draft_again(self) -> None:
        """Keep what could not be kept, now that the registry answers again."""
        if self._draft_problem is not None:
            self._save_draft()

    def finish(self) -> None:
        """Empty the form and forget its draft, after the act is done."""
        self._draft_timer.stop()
        self._draft_saved_at = None
        self._draft_problem = None
        for labelled in self._fields.values():
            labelled.entry.set_value(labelled.entry.field.initial)
            labelled.show_problem("")
        self.checks.show_checks(ChecksSummary())
        self.set_running(running=False)
        if self._drafts is not None:
            drafts, name = self._drafts, self._plan.name
            self._desk.tasks.run(
                lambda: drafts.clear(name), latest_key=self._draft_key, outlasts=True
            )

    @property
    def _draft_key(self) -> str:
        return f"draft:{self._plan.name}"

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP_L)
        outer.addWidget(self.message)
        columns = QHBoxLayout()
        columns.setSpacing(GAP_L)
        left = QVBoxLayout()
        left.setSpacing(GAP_L)
        left.addWidget(self._build_fields())
        left.addWidget(self.checks)
        left.addStretch(1)
        columns.addLayout(left, 2)
        columns.addWidget(self.outcome, 3)
        outer.addWidget(_scrolling(columns), 1)
        outer.addLayout(self._build_acts())

    def _build_fields(self) -> Card:
        card = Card(self._desk, self._plan.title_key, icon=self._plan.icon)
        line: QHBoxLayout | None = None
        for field in self._plan.fields:
            labelled = LabelledField(self._desk, field)
            self._fields[field.key] = labelled
            if field.half and line is not None:
                line.addWidget(labelled, 1, Qt.AlignmentFlag.AlignTop)
                line = None
                continue
            line = None
            if field.half:
                line = QHBoxLayout()
                line.setSpacing(GAP_M)
                line.addWidget(labelled, 1, Qt.AlignmentFlag.AlignTop)
                card.body.addLayout(line)
            else:
                card.body.addWidget(labelled)
        return card

    def _build_acts(self) -> QHBoxLayout:
        acts = QHBoxLayout()
        acts.setSpacing(GAP_L)
        acts.addStretch(2)
        acts.addWidget(self._status, 2)
        acts.addWidget(self.cancel)
        acts.addWidget(self.act)
        return acts

    def _connect(self) -> None:
        for labelled in self._fields.values():
            labelled.entry.edited.connect(self._edited)
        self._changed_timer.timeout.connect(lambda: self.changed.emit(self.values()))
        self._draft_timer.timeout.connect(self._save_draft)
        self.act.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.cancelled)
        self._desk.language.changed.connect(self._show_state)

    def _edited(self) -> None:
        self._changed_timer.start()
        if self._drafts is not None:
            self._draft_timer.start()

    def _submit(self) -> None:
        if self._running or self._blocked_reason:
            return
        self._changed_timer.stop()
        self.set_running(running=True)
        self.submitted.emit(self.values())

    def _save_draft(self) -> None:
        if self._drafts is None or self._running:
            return
        drafts, name = self._drafts, self._plan.name
        values = self._drafted_values() | self._beside(self.values())
        self._desk.tasks.run(
            lambda: drafts.save(name, values),
            on_done=lambda _none: self._draft_kept(),
            # Said beside the act: a dialog would come up at every pause in the typing.
            on_error=self._draft_not_kept,
            latest_key=self._draft_key,
            owner=self,
            outlasts=True,
        )

    def _drafted_values(self) -> dict[str, str]:
        return {
            key: labelled.entry.value()
            for key, labelled in self._fields.items()
            if labelled.entry.field.drafted and labelled.entry.field.kind is not FieldKind.SECRET
        }

    def _show_draft(self, values: dict[str, str]) -> None:
        if values:
            self.set_values(values)
            self.draft_restored.emit(values)

    def _draft_kept(self) -> None:
        self._draft_saved_at = datetime.now(UTC)
        self._draft_problem = None
        self._show_state()

    def _draft_not_kept(self, error: Exception) -> None:
        self._draft_problem = error
        self._show_state()

    def _show_state(self) -> None:
        language = self._desk.language
        self.act.setEnabled(not self._running and not self._blocked_reason)
        self.act.setToolTip(self._blocked_reason)
        if self._running:
            text = language.text("form.running")
        elif self._blocked_reason:
            text = self._blocked_reason
        elif self._draft_problem is not None:
            reason = describe_problem(self._draft_problem, language).message
            text = language.text("form.draft_not_saved", reason=reason)
        elif self._draft_saved_at is not None:
            text = language.text("form.draft_saved", time=language.time(self._draft_saved_at))
        else:
            text = ""
        self._status.setText(text)


def _scrolling(columns: QHBoxLayout) -> QScrollArea:
    inner = QWidget()
    inner.setProperty("role", "clear")
    columns.setContentsMargins(0, 0, 0, 0)
    inner.setLayout(columns)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area
