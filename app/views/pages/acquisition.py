"""The page by which units come in that another registry sent.

Owns its fields; reading them is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.views.components.fields import Field, FieldKind
from app.views.components.form import FormPlan
from app.views.pages.act_page import ActPage
from app.views.pages.context import PageContext
from app.views.presenters.acquisition import (
    AcquisitionChoices,
    AcquisitionForm,
    quantity_of_serial,
)

_PLAN = FormPlan(
    name="acquisition",
    title_key="further.acquisition.what",
    act_key="further.acquisition.propose",
    icon="download",
    fields=(
        Field("sender_registry", "further.registry", half=True),
        Field("sender_account", "further.foreign_account", half=True, optional=True),
        Field("reference", "further.foreign_reference"),
        Field(
            "project",
            "further.foreign_project",
            FieldKind.CHOICE,
            placeholder_key="issuance.find",
            hint_key="further.foreign_project_hint",
        ),
        Field("unit_type", "acts.unit_type", FieldKind.CHOICE, half=True),
        Field("vintage", "issuance.vintage", half=True, optional=True),
        Field("serial", "further.serial", hint_key="further.serial_hint"),
        Field("quantity", "acts.quantity", FieldKind.QUANTITY),
        Field("issued_on", "further.issued_on", FieldKind.DATE, half=True, optional=True),
        Field("expires_on", "further.expires_on", FieldKind.DATE, half=True, optional=True),
        Field("account", "transfer.to", FieldKind.CHOICE, placeholder_key="acts.account_hint"),
    ),
)


class AcquisitionPage(ActPage):
    """`AcquisitionPage(context)`; a target is the number of the account that units enter."""

    proposed_key = "acts.proposed_issuance"

    def __init__(self, context: PageContext) -> None:
        self._counted = ""
        self._acquisition = AcquisitionForm(context.registry, context.actor)
        super().__init__(
            context,
            self._acquisition,
            _PLAN,
            title_key="further.acquisition.title",
            sentence_key="further.acquisition.sentence",
            waiting_key="further.acquisition.waiting",
        )
        # The form is long: its checks stand beside it, in sight.
        self.form.outcome.body.addWidget(self.form.checks, 0, Qt.AlignmentFlag.AlignTop)
        self.form.outcome.body.addStretch(1)
        self.form.field("serial").edited.connect(self._count_serial)

    def load_choices(self) -> None:
        """Fetch accounts, unit types and projects."""
        self.context.tasks.run(
            self._acquisition.list_choices,
            on_done=self._take_choices,
            latest_key=f"choices:{id(self)}",
            owner=self,
        )

    def take_target(self, target: str) -> None:
        """Bring units into the account another page named."""
        self.form.set_values({"account": target})

    def offer(self) -> None:
        """Write the choices in the language in force."""
        for key, options in self._acquisition.options(self.context.language.code).items():
            self.form.field(key).set_options(options)

    def _take_choices(self, choices: AcquisitionChoices) -> None:
        self._acquisition.take_choices(choices)
        self.offer()

    def _count_serial(self) -> None:
        """Follow the serial numbers while they are typed, not a quantity typed otherwise."""
        values = self.form.values()
        if values["quantity"] in ("", self._counted):
            self._counted = quantity_of_serial(values["serial"])
            self.form.set_values({"quantity": self._counted})
