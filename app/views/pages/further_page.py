"""The page of each act whose form the table of further acts describes.

Owns the widgets of those fields; which act has which is the presenter's table.
"""

from __future__ import annotations

from app.views.components.fields import Field, FieldKind
from app.views.components.form import FormPlan
from app.views.pages.context import PageContext
from app.views.pages.disposal_page import FROM, UNITS, DisposalPage
from app.views.presenters.further_acts import (
    KINDS,
    FurtherChoices,
    FurtherForm,
    replacement_kind_options,
)

_TO = Field("to", "transfer.to", FieldKind.CHOICE, placeholder_key="acts.account_hint")
_FIELDS = {
    field.key: field
    for field in (
        Field("period", "further.period", FieldKind.CHOICE, optional=True),
        Field("beneficiary", "cancellation.beneficiary", optional=True),
        Field("purpose", "cancellation.purpose", FieldKind.MULTILINE, optional=True),
        Field("kind", "further.kind", FieldKind.CHOICE, options=replacement_kind_options()),
        Field(
            "replaced",
            "further.replaced",
            FieldKind.MULTILINE,
            placeholder_key="acts.picked_hint",
            hint_key="further.replaced_hint",
        ),
        Field("notice", "further.notice", FieldKind.CHOICE, optional=True),
        Field("to_expiry", "further.to_expiry", FieldKind.DATE),
        Field("registry", "further.registry", hint_key="further.registry_hint"),
        Field("account", "further.foreign_account", optional=True),
        Field("corrects", "further.corrects", placeholder_key="further.transaction_hint"),
        Field("project", "further.of_project", FieldKind.CHOICE, optional=True),
        Field("reversed_project", "further.reversed_project", FieldKind.CHOICE),
        Field("reference", "further.reference", optional=True),
        Field("over_issued", "further.over_issued", placeholder_key="further.transaction_hint"),
        Field("reason", "transfer.reason", FieldKind.MULTILINE),
    )
}
ICONS = {
    "retirement": "archive",
    "carry-over": "calendar",
    "replacement": "refresh-cw",
    "expiry-change": "hourglass",
    "external-transfer": "upload",
    "corrective-transfer": "undo-2",
    "closure-transfer": "log-out",
    "buffer-deposit": "plus",
    "buffer-hold": "lock",
    "buffer-return": "undo-2",
    "buffer-release": "arrow-right",
    "buffer-cancellation": "circle-slash-2",
    "buffer-compensation": "circle-x",
}
_PROJECT_FIELDS = ("project", "reversed_project")


class FurtherPage(DisposalPage):
    """`FurtherPage(context, name)` for an act of the table.

    A target is the number of the account that units leave.
    """

    shows = DisposalPage.shows | {"notices", "periods"}

    def __init__(self, context: PageContext, name: str) -> None:
        kind = KINDS[name]
        self._further = FurtherForm(context.registry, context.actor, kind)
        super().__init__(
            context,
            self._further,
            _plan(name),
            title_key=f"further.{name}.title",
            sentence_key=f"further.{name}.sentence",
        )

    def load_choices(self) -> None:
        """Fetch what the form offers, and anew what the chosen account holds."""
        self._further.take_held("", ())
        self.context.tasks.run(
            self._further.list_choices,
            on_done=self._take_choices,
            latest_key=f"choices:{id(self)}",
            owner=self,
        )

    def offer_accounts(self) -> None:
        """Offer accounts, notices, periods and projects."""
        language = self.context.language
        options = {
            "from": self._further.giving_options(),
            "to": self._further.receiving_options(),
            "notice": self._further.notice_options(language.code, language.day),
            "period": self._further.period_options(),
            **dict.fromkeys(_PROJECT_FIELDS, self._further.project_options(language.code)),
        }
        for key in options.keys() & self.form.values().keys():
            self.form.field(key).set_options(options[key])

    def held_changed(self, values: dict[str, str]) -> None:
        """Fill in everything for an act that takes everything, and the only receiver."""
        self.fill({"quantity": self._further.whole_holding(values["unit_type"])})

    def _take_choices(self, choices: FurtherChoices) -> None:
        self._further.take_choices(choices)
        self.offer_accounts()
        self.values_changed(self.form.values())


def _plan(name: str) -> FormPlan:
    extras = [extra.field for extra in KINDS[name].extras]
    return FormPlan(
        name=name,
        title_key=f"further.{name}.what",
        act_key=f"further.{name}.propose",
        icon=ICONS[name],
        fields=(
            FROM,
            *((_TO,) if "to" in extras else ()),
            *UNITS,
            *(_FIELDS[key] for key in extras if key != "to"),
        ),
    )
