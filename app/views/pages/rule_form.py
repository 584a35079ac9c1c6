"""The form by which a rule is proposed to change, with what approving it will do.

Owns the widgets; bounds and days are the service's.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.services.checks.violation import RulesBroken, Violation
from app.services.listings.choices import UnitTypeChoice
from app.services.rules.changes import RuleChangeOutcome, RulePreview
from app.services.rules.new_rule import NewRule
from app.views.components.fields import Field, FieldKind, FieldProblem
from app.views.components.form import Form, FormPlan
from app.views.components.labels import wrapped_label
from app.views.components.page import Page
from app.views.components.problem import violation_text
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.act_form import Gap
from app.views.presenters.one_request import OneRequest
from app.views.presenters.rules import (
    RuleTables,
    kind_name,
    kind_options,
    unit_type_options,
    value_wanted,
    write_value,
)
from app.views.theme.tokens import Tone

_PLAN = FormPlan(
    name="rule",
    title_key="rules.what",
    act_key="rules.propose",
    icon="pencil",
    checks=False,
    fields=(
        Field("kind", "rules.kind", FieldKind.CHOICE),
        Field("unit_type", "acts.unit_type", FieldKind.CHOICE, half=True),
        Field("value", "rules.value", half=True),
        Field("valid_from", "rules.from", FieldKind.DATE, half=True),
        Field(
            "valid_to",
            "rules.until",
            FieldKind.DATE,
            half=True,
            optional=True,
            hint_key="rules.until_hint",
        ),
        Field("reason", "transfer.reason", FieldKind.MULTILINE),
    ),
)
_FIELDS = {"rule": "value", "period": "valid_from"}


class RuleFormPage(Page):
    """A target is a kind and a unit type, as `levy-rate/TER`."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "rules.propose_title", "rules.propose_sentence")
        self.context = context
        self._tables = RuleTables(context.registry, context.actor)
        self._unit_types: tuple[UnitTypeChoice, ...] = ()
        self._gaps: tuple[Gap, ...] = ()
        self._preview: RulePreview | None = None
        self._asked: NewRule | None = None
        self._is_asked_for = False
        self._request = OneRequest()
        self.form = Form(context.desk, _PLAN, drafts=context.drafts)
        self.form.keep_beside(self._request.kept)
        self.form.draft_restored.connect(self._request.take)
        self.outcome = wrapped_label("")
        self.form.show_outcome(self.outcome)
        self.form.outcome.body.addStretch(1)
        self.body.addWidget(self.form, 1)
        self.form.changed.connect(self._look)
        self.form.submitted.connect(self._propose)
        self.form.cancelled.connect(self.form.finish)
        context.language.changed.connect(self._offer)
        self._offer()

    def enter(self, target: str = "") -> None:
        """Offer kinds and unit types, filled in as the target says."""
        self.context.tasks.run(
            self._tables.list_unit_types, on_done=self._take_unit_types, owner=self
        )
        kind, _between, unit_type = target.partition("/")
        if target:
            self.form.set_values({"kind": kind, "unit_type": unit_type})
        if not self.form.values()["valid_from"]:
            self.form.set_values({"valid_from": self._tables.earliest().isoformat()})

    def refresh(self) -> None:
        """Tell anew what approving would do."""
        self._look(self.form.values())

    def _take_unit_types(self, found: tuple[UnitTypeChoice, ...]) -> None:
        self._unit_types = found
        self._offer()

    def _offer(self) -> None:
        language = self.context.language
        self.form.field("kind").set_options(kind_options(language.code))
        self.form.field("unit_type").set_options(unit_type_options(self._unit_types, language.code))
        reason = self._tables.reason_against_proposing()
        self.form.block(language.text(reason) if reason else "")
        self._show()

    def _look(self, values: dict[str, str]) -> None:
        read = self._tables.read(values)
        self._gaps, self._asked, self._is_asked_for = read.gaps, read.rule, False
        if read.rule is None:
            self._preview = None
            self._show()
            return
        rule = read.rule
        self.context.tasks.run(
            lambda: self._tables.preview(rule),
            on_done=self._take_preview,
            latest_key=f"rule:{id(self)}",
            owner=self,
        )

    def _take_preview(self, preview: RulePreview) -> None:
        self._preview = preview
        self._show()

    def _show(self) -> None:
        self.outcome.setText("\n\n".join(self._sentences()))
        problems = [
            FieldProblem(gap.field, "", say_phrase(gap.phrase, self.context.language))
            for gap in self._gaps
            if self._is_asked_for or not gap.is_empty
        ]
        if self._preview is not None:
            problems += self._problems(self._preview.violations)
        self.form.show_problems(problems)

    def _problems(self, violations: Sequence[Violation]) -> list[FieldProblem]:
        return [
            FieldProblem(
                _FIELDS.get(each.field, each.field),
                str(each.code),
                violation_text(each, self.context.language),
            )
            for each in violations
        ]

    def _sentences(self) -> list[str]:
        language, rule, preview = self.context.language, self._asked, self._preview
        kind = self.form.values()["kind"]
        wanted = value_wanted(kind, language.code) if kind else ""
        said = [language.text("rules.wanted", wanted=wanted)] if wanted else []
        if rule is None or preview is None:
            return [*said, language.text("rules.waiting")]
        if preview.period is None:
            return [*said, language.text("rules.cannot")]
        name = kind_name(str(rule.kind), language.code)
        said += [
            language.text(
                "rules.ends",
                value=write_value(str(rule.kind), row.value),
                ends=row.ends_on,
                planned=row.valid_to,
            )
            for row in preview.ends
        ]
        if not preview.ends:
            said.append(language.text("rules.ends_nothing"))
        said.append(
            language.text(
                "rules.begins",
                name=name,
                unit_type=rule.unit_type,
                value=write_value(str(rule.kind), rule.value),
                first=rule.valid_from,
                last=preview.valid_to,
                period=str(preview.period),
            )
        )
        said.append(language.text("rules.until_approved"))
        return said

    def _propose(self, values: dict[str, str]) -> None:
        read = self._tables.read(values)
        self._gaps, self._is_asked_for = read.gaps, True
        if read.rule is None:
            self.form.set_running(running=False)
            self._show()
            return
        rule, request_id = read.rule, self._request.id_of(values)
        self.context.tasks.run(
            lambda: self._tables.propose(rule, request_id=request_id),
            on_done=self._proposed,
            on_error=self._refused,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _proposed(self, outcome: RuleChangeOutcome) -> None:
        self._request.finish()
        self.form.finish()
        self._look(self.form.values())
        language = self.context.language
        self.message.say(Tone.LEAF, language.text("rules.proposed", change=outcome.identifier))
        self.context.changes.tell("rules")

    def _refused(self, error: Exception) -> None:
        self.form.set_running(running=False)
        if isinstance(error, RulesBroken):
            self.form.show_problems(self._problems(error.violations), focus=True)
        else:
            self.form.message.say_problem(error)
