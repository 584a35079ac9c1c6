"""The page by which units of a project are issued against a verified reduction.

Owns its fields, what the project offers, and the file whose digest is computed meanwhile.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from app.services.listings.choices import ReductionChoice
from app.views.components.fields import Field, FieldKind, FieldProblem
from app.views.components.form import FormPlan
from app.views.components.problem import describe_problem
from app.views.pages.act_page import ActPage
from app.views.pages.context import PageContext
from app.views.presenters.issuance import IssuanceChoices, IssuanceForm, digest_file
from app.views.tasks import TaskControl

_PLAN = FormPlan(
    name="issuance",
    title_key="issuance.what",
    act_key="issuance.propose",
    icon="circle-plus",
    fields=(
        Field("project", "issuance.project", FieldKind.CHOICE, placeholder_key="issuance.find"),
        Field("account", "issuance.account", FieldKind.CHOICE),
        Field("reduction", "issuance.reduction", FieldKind.CHOICE, optional=True),
        Field("unit_type", "acts.unit_type", FieldKind.CHOICE, half=True),
        Field("vintage", "issuance.vintage", half=True),
        Field("period_from", "issuance.period_from", FieldKind.DATE, half=True),
        Field("period_to", "issuance.period_to", FieldKind.DATE, half=True),
        Field("verified_quantity", "issuance.verified", FieldKind.QUANTITY, half=True),
        Field("quantity", "issuance.quantity", FieldKind.QUANTITY, half=True),
        Field("verified_reference", "issuance.reference"),
        Field("document", "issuance.document", FieldKind.FILE, optional=True),
        Field(
            "document_sha256",
            "issuance.digest",
            hint_key="issuance.digest_hint",
        ),
    ),
)


class IssuancePage(ActPage):
    """`IssuancePage(context)`; a target is the code of the project."""

    proposed_key = "acts.proposed_issuance"

    def __init__(self, context: PageContext) -> None:
        self._issuance = IssuanceForm(context.registry, context.actor)
        super().__init__(
            context,
            self._issuance,
            _PLAN,
            title_key="issuance.title",
            sentence_key="issuance.sentence",
            waiting_key="issuance.waiting",
        )
        # The form is long: its checks stand beside it, in sight.
        self.form.outcome.body.addWidget(self.form.checks, 0, Qt.AlignmentFlag.AlignTop)
        self.form.outcome.body.addStretch(1)
        self.form.field("reduction").edited.connect(self._take_reduction)
        self.form.field("document").edited.connect(self._digest_document)

    def load_choices(self) -> None:
        """Fetch projects and unit types, and anew the project's verified reductions."""
        self._issuance.take_reductions("", ())
        self.context.tasks.run(
            self._issuance.list_choices,
            on_done=self._take_choices,
            latest_key=f"projects:{id(self)}",
            owner=self,
        )

    def take_target(self, target: str) -> None:
        """Issue to the project another page named."""
        self.form.set_values({"project": target})

    def values_changed(self, values: dict[str, str]) -> None:
        """Offer the accounts and verified reductions of the chosen project."""
        project = values["project"]
        if project == self._issuance.reductions_of:
            return
        self._issuance.take_reductions(project, ())
        self.form.field("account").set_options(self._issuance.account_options(project))
        self.fill({"account": self._issuance.only_account(project)})
        self.context.tasks.run(
            lambda: self._issuance.list_reductions(project),
            on_done=lambda found: self._take_reductions(project, found),
            latest_key=f"reductions:{id(self)}",
            owner=self,
        )

    def offer(self) -> None:
        """Write the choices in the language in force."""
        language, project = self.context.language, self.form.values()["project"]
        options = {
            "project": self._issuance.project_options(language.code),
            "unit_type": self._issuance.unit_type_options(language.code),
            "account": self._issuance.account_options(project),
            "reduction": self._issuance.reduction_options(language.day),
        }
        for key, offered in options.items():
            self.form.field(key).set_options(offered)

    def _take_choices(self, choices: IssuanceChoices) -> None:
        self._issuance.take_choices(choices)
        self.offer()
        self.values_changed(self.form.values())

    def _take_reductions(self, project: str, found: tuple[ReductionChoice, ...]) -> None:
        self._issuance.take_reductions(project, found)
        options = self._issuance.reduction_options(self.context.language.day)
        self.form.field("reduction").set_options(options)

    def _take_reduction(self) -> None:
        values = self._issuance.values_of_reduction(self.form.values()["reduction"])
        if values:
            self.form.set_values(values)

    def _digest_document(self) -> None:
        path = self.form.values()["document"]
        if not path:
            return
        title = self.context.language.text("issuance.digesting", name=Path(path).name)

        def work(control: TaskControl) -> str:
            return digest_file(Path(path), control.progress)

        self.context.tasks.run_long(
            work,
            title=title,
            on_done=lambda digest: self.form.set_values({"document_sha256": digest}),
            on_error=self._show_document_problem,
            latest_key=f"digest:{id(self)}",
            owner=self,
        )

    def _show_document_problem(self, error: Exception) -> None:
        problem = describe_problem(error, self.context.language)
        self.form.show_problems([FieldProblem("document", problem.code, problem.message)])
