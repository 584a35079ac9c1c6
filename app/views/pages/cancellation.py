"""The page by which units are cancelled: voluntarily for a beneficiary, or of another kind.

Owns its fields, and which of them a kind has; everything else is the base's and the
presenter's.
"""

from __future__ import annotations

from app.services.transactions.acts.disposal import VOLUNTARY
from app.views.components.fields import Field, FieldKind
from app.views.components.form import FormPlan
from app.views.pages.context import PageContext
from app.views.pages.disposal_page import FROM, UNITS, DisposalPage
from app.views.presenters.cancellation import (
    CancellationChoices,
    CancellationForm,
    asks_for_notice,
    kind_of,
    kind_options,
)

_PLAN = FormPlan(
    name="cancellation",
    title_key="cancellation.what",
    act_key="cancellation.propose",
    icon="circle-slash-2",
    fields=(
        Field(
            "kind",
            "cancellation.kind",
            FieldKind.CHOICE,
            options=kind_options(),
            initial=VOLUNTARY,
        ),
        FROM,
        *UNITS,
        Field("notice", "further.notice", FieldKind.CHOICE, optional=True),
        Field("beneficiary", "cancellation.beneficiary", optional=True),
        Field("purpose", "cancellation.purpose", FieldKind.MULTILINE, optional=True),
    ),
)


class CancellationPage(DisposalPage):
    """`CancellationPage(context)`; a target is the number of the account units leave."""

    shows = DisposalPage.shows | {"notices"}

    def __init__(self, context: PageContext) -> None:
        self._cancellation = CancellationForm(context.registry, context.actor)
        super().__init__(
            context,
            self._cancellation,
            _PLAN,
            title_key="cancellation.title",
            sentence_key="cancellation.sentence",
        )
        self.form.set_field_visible("notice", visible=False)
        self.form.field("kind").edited.connect(self._show_kind)

    def load_choices(self) -> None:
        """Fetch accounts and notices, and anew what the chosen account holds."""
        self._cancellation.take_held("", ())
        self.context.tasks.run(
            self._cancellation.list_choices,
            on_done=self._take_choices,
            latest_key=f"accounts:{id(self)}",
            owner=self,
        )

    def values_changed(self, values: dict[str, str]) -> None:
        """Show the fields of the kind, and what the account holds."""
        self._show_kind()
        super().values_changed(values)

    def offer_accounts(self) -> None:
        """Offer the accounts and the notices of the kind."""
        kind, language = kind_of(self.form.values()), self.context.language
        self.form.field("from").set_options(self._cancellation.giving_options(kind))
        notices = self._cancellation.notice_options(kind, language.code, language.day)
        self.form.field("notice").set_options(notices)

    def _take_choices(self, choices: CancellationChoices) -> None:
        self._cancellation.take_choices(choices)
        self.offer_accounts()
        self.values_changed(self.form.values())

    def _show_kind(self) -> None:
        kind = kind_of(self.form.values())
        self.form.set_field_visible("beneficiary", visible=kind == VOLUNTARY)
        self.form.set_field_visible("notice", visible=asks_for_notice(kind))
        self.offer_accounts()
