"""The page by which units move from one account to another.

Owns its fields; everything else is the base's and the presenter's.
"""

from __future__ import annotations

from app.views.components.fields import Field, FieldKind
from app.views.components.form import FormPlan
from app.views.pages.context import PageContext
from app.views.pages.disposal_page import FROM, UNITS, DisposalPage
from app.views.presenters.transfer import TransferForm

_PLAN = FormPlan(
    name="transfer",
    title_key="transfer.what",
    act_key="transfer.propose",
    icon="arrow-left-right",
    fields=(
        FROM,
        Field("to", "transfer.to", FieldKind.CHOICE, placeholder_key="acts.account_hint"),
        *UNITS,
        Field("reason", "transfer.reason", FieldKind.MULTILINE, optional=True),
    ),
)


class TransferPage(DisposalPage):
    """`TransferPage(context)`; a target is the number of the account units leave."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            TransferForm(context.registry, context.actor),
            _PLAN,
            title_key="transfer.title",
            sentence_key="transfer.sentence",
        )
