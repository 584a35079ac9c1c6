"""The base of the pages by which an officer proposes an act.

Owns the round of every act: preview while one types, propose once, say what became of it,
keep what was typed. Fields and choices are the page's, reading them the presenter's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.models.codes import Role
from app.models.errors import ConnectionLost
from app.services.checks.violation import RulesBroken, Violation
from app.services.transactions.evaluation import Evaluation
from app.services.transactions.proposing import Outcome
from app.views.changes import CONNECTION
from app.views.components.checks_panel import ChecksSummary
from app.views.components.fields import FieldProblem
from app.views.components.form import Form, FormPlan
from app.views.components.page import Page
from app.views.components.problem import violation_text
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import OutcomePanel, checks_summary, say_phrase
from app.views.pages.supposing_panel import SupposingPanel
from app.views.presenters.act_form import ActForm, Gap
from app.views.presenters.act_outcome import present_outcome
from app.views.theme.tokens import Tone

_ONLY = {
    frozenset({Role.OFFICER}): "acts.only_officers",
    frozenset({Role.ADMINISTRATOR}): "acts.only_administrators",
    frozenset({Role.OFFICER, Role.ADMINISTRATOR}): "acts.only_both",
}


class ActPage(Page):
    """A form whose act is proposed by the roles the act takes; everybody else may look.

    `presenter` reads the values. After a proposal the page tells the changes
    "transactions", "holdings" and "inbox".
    """

    shows = frozenset({"accounts", "holdings", "projects", "reductions"})
    proposed_key = "acts.proposed"

    def __init__(
        self,
        context: PageContext,
        presenter: ActForm,
        plan: FormPlan,
        *,
        title_key: str,
        sentence_key: str,
        waiting_key: str,
    ) -> None:
        super().__init__(context.desk, title_key, sentence_key)
        self.context = context
        self.act_form = presenter
        self.form = Form(context.desk, plan, drafts=context.drafts)
        self.panel = OutcomePanel(context.desk, waiting_key)
        self.supposing = SupposingPanel(context, presenter)
        self._preview_key = f"preview:{plan.name}"
        self._entered = False
        self._round = 0
        self._gaps: tuple[Gap, ...] = ()
        self._asked_to_propose = False
        self._unanswered = ""
        self._after_message: Callable[[], None] | None = None
        self.form.show_outcome(self.panel)
        self.form.outcome.body.addWidget(self.supposing)
        self.body.addWidget(self.form, 1)
        self.form.changed.connect(self._take_edits)
        self.form.submitted.connect(self._propose)
        self.form.cancelled.connect(self._empty)
        self.message.acted.connect(self._act_on_message)
        self.form.keep_beside(presenter.kept_request)
        self.form.draft_restored.connect(presenter.take_request)
        context.changes.told.connect(self._take_news)
        context.language.changed.connect(self._retranslate)
        self._block_others()

    def enter(self, target: str = "") -> None:
        """Take the page up: its choices, and the first time the kept draft."""
        self.load_choices()
        if not self._entered:
            self._entered = True
            if not target:
                self.form.restore_draft()
        if target:
            self.take_target(target)

    def refresh(self) -> None:
        """Offer what there is now, and tell anew what will happen."""
        self.load_choices()
        self._take_values(self.form.values())

    def load_choices(self) -> None:
        """Fetch what the form offers."""
        raise NotImplementedError

    def take_target(self, target: str) -> None:
        """Fill in what another page asked for, such as the account units leave."""

    def values_changed(self, values: dict[str, str]) -> None:
        """Adapt what the form offers to its values."""

    def offer(self) -> None:
        """Write the choices again, in the language in force."""

    def fill(self, values: dict[str, str]) -> None:
        """Fill in fields that are still empty."""
        now = self.form.values()
        wanted = {key: value for key, value in values.items() if value and not now[key]}
        if wanted:
            self.form.set_values(wanted)

    # Telling what will happen

    def _take_edits(self, values: dict[str, str]) -> None:
        self._asked_to_propose = False
        self._take_values(values)

    def _take_values(self, values: dict[str, str]) -> None:
        self.values_changed(values)
        self._block_others()
        reading = self.act_form.read(values)
        self._gaps = reading.unreadable
        if reading.act is None:
            self._round += 1
            self._show(None)
            return
        act, asked = reading.act, self._round
        self.context.tasks.run(
            lambda: self.act_form.preview(act),
            on_done=lambda evaluation: self._take_preview(asked, evaluation),
            latest_key=self._preview_key,
            owner=self,
        )

    def _take_preview(self, asked: int, evaluation: Evaluation) -> None:
        if asked == self._round:
            self._show(evaluation)

    def _show(self, evaluation: Evaluation | None) -> None:
        self.panel.show_outcome(None if evaluation is None else present_outcome(evaluation))
        self.supposing.take_evaluation(evaluation)
        self._show_checks()
        self.form.show_problems(self._problems())

    def _show_checks(self) -> None:
        outcome = self.panel.outcome
        language = self.context.language
        self.form.show_checks(
            ChecksSummary() if outcome is None else checks_summary(outcome, language)
        )

    def _problems(self) -> list[FieldProblem]:
        """Write what is wrong by field; what concerns none only once the act was asked for."""
        language, known = self.context.language, self.form.values()
        problems = [
            FieldProblem(gap.field, "", say_phrase(gap.phrase, language)) for gap in self._gaps
        ]
        outcome = self.panel.outcome
        violations = () if outcome is None else outcome.violations
        return problems + [
            problem
            for problem in self._violation_problems(violations)
            if problem.field in known or self._asked_to_propose
        ]

    def _violation_problems(self, violations: Sequence[Violation]) -> list[FieldProblem]:
        language = self.context.language
        return [
            FieldProblem(
                self.act_form.field_of(each.field), str(each.code), violation_text(each, language)
            )
            for each in violations
        ]

    # Proposing

    def _propose(self, values: dict[str, str]) -> None:
        self.message.clear()
        self._asked_to_propose = True
        reading = self.act_form.read(values)
        if reading.act is None:
            self._gaps = reading.gaps
            self.form.set_running(running=False)
            self.form.show_problems(self._problems(), focus=True)
            return
        act = reading.act
        self.context.tasks.run(
            lambda: self.act_form.propose(act, values),
            on_done=self._proposed,
            on_error=self._refused,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _proposed(self, outcome: Outcome) -> None:
        self.act_form.done()
        self._round += 1
        self._gaps = ()
        self._asked_to_propose = False
        self.form.finish()
        self._take_values(self.form.values())
        self._unanswered = ""
        self._say_proposed(outcome, self.proposed_key)
        self.context.changes.tell("transactions", "holdings", "inbox")

    def _say_proposed(self, outcome: Outcome, key: str) -> None:
        language = self.context.language
        self._say(
            Tone.LEAF,
            language.text(key, transaction=outcome.identifier),
            action=language.text("acts.open_transaction", transaction=outcome.identifier),
            then=lambda: self.context.open_page("transactions", outcome.identifier),
        )

    def _refused(self, error: Exception) -> None:
        self.form.set_running(running=False)
        if isinstance(error, ConnectionLost):
            self._await_answer()
            return
        if not isinstance(error, RulesBroken):
            self.form.message.say_problem(error)
            return
        self.form.show_problems(self._violation_problems(error.violations), focus=True)
        self._take_values(self.form.values())

    # A proposal whose answer never came

    def _await_answer(self) -> None:
        act = self.act_form.read(self.form.values()).act
        self._unanswered = "" if act is None else self.act_form.request_id(act)
        self.message.say(Tone.AMBER, self.context.language.text("line.unanswered"))

    def _take_news(self, kinds: frozenset[str]) -> None:
        if CONNECTION not in kinds or not self._unanswered:
            return
        asked = self._unanswered
        self.context.tasks.run(
            lambda: self.act_form.find_proposal(asked),
            on_done=lambda outcome: self._take_answer(asked, outcome),
            on_error=lambda _error: None,
            owner=self,
        )

    def _take_answer(self, asked: str, outcome: Outcome | None) -> None:
        if asked != self._unanswered:
            return
        self._unanswered = ""
        language = self.context.language
        if outcome is None:
            self.message.say(Tone.AMBER, language.text("line.not_arrived"))
            return
        act = self.act_form.read(self.form.values()).act
        if act is not None and self.act_form.request_id(act) == asked:
            self._proposed(outcome)
        self._say_proposed(outcome, "line.arrived")

    # Emptying, and taking it back

    def _empty(self) -> None:
        kept = self.form.values()
        self.form.finish()
        self._take_values(self.form.values())
        if kept == self.form.values():
            return
        language = self.context.language

        def undo() -> None:
            self.message.clear()
            self.form.set_values(kept)

        self._say(
            Tone.QUIET,
            language.text("acts.emptied"),
            action=language.text("acts.undo"),
            then=undo,
        )

    def _say(self, tone: Tone, title: str, *, action: str, then: Callable[[], None]) -> None:
        self._after_message = then
        self.message.say(tone, title, action=action)

    def _act_on_message(self) -> None:
        if self._after_message is not None:
            self._after_message()

    def _block_others(self) -> None:
        proposers = self.act_form.proposers_of(self.form.values())
        reason, language, actor = "", self.context.language, self.context.actor
        if actor.role not in proposers:
            role = language.text(f"acts.role_{actor.role}")
            reason = language.text(_ONLY[proposers], role=role)
        self.form.block(reason)

    def _retranslate(self) -> None:
        self._block_others()
        self.offer()
        self._show_checks()
        self.form.show_problems(self._problems())
