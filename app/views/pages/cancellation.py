"""The page by which units are cancelled voluntarily, for a beneficiary and a purpose.

Owns its fields; everything else is the base's and the presenter's.
"""

from __future__ import annotations

from app.views.components.fields import Field, FieldKind
from app.views.components.form import FormPlan
from app.views.pages.context import PageContext
from app.views.pages.disposal_page import FROM, UNITS, DisposalPage
from app.views.presenters.cancellation import CancellationForm

_PLAN = FormPlan(
    name="cancellation",
    title_key="cancellation.what",
    act_key="cancellation.propose",
    icon="circle-slash-2",
    fields=(
        FROM,
        *UNITS,
        Field("beneficiary", "cancellation.beneficiary", optional=True),
        Field("purpose", "cancellation.purpose", FieldKind.MULTILINE, optional=True),
    ),
)


class CancellationPage(DisposalPage):
    """`CancellationPage(context)`; a target is the number of the account units leave."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            CancellationForm(context.registry, context.actor),
            _PLAN,
            title_key="cancellation.title",
            sentence_key="cancellation.sentence",
        )
