"""The board of the acts beyond issuance, transfer and cancellation.

Owns which acts stand on it and in which order.
"""

from __future__ import annotations

from app.views.components.act_list import ActEntry
from app.views.pages.acquisition import AcquisitionPage
from app.views.pages.act_board import ActBoard, BoardAct
from app.views.pages.context import PageContext
from app.views.pages.further_page import ICONS, FurtherPage
from app.views.presenters.further_acts import KINDS, whom_it_takes

_NAMES = (
    "retirement",
    "carry-over",
    "replacement",
    "expiry-change",
    "external-transfer",
    "corrective-transfer",
    "closure-transfer",
)


class FurtherActsPage(ActBoard):
    """`FurtherActsPage(context)`; a target is an act's name, perhaps with `:` and an account."""

    def __init__(self, context: PageContext) -> None:
        acts = [further_act(context, name) for name in _NAMES]
        acquisition = BoardAct(
            ActEntry(
                "acquisition",
                "further.acquisition.name",
                "download",
                "further.acquisition.about",
                "further.by_officer",
            ),
            lambda: AcquisitionPage(context),
        )
        acts.insert(_NAMES.index("external-transfer") + 1, acquisition)
        super().__init__(context, "pages.further", "further.sentence", acts)


def further_act(context: PageContext, name: str) -> BoardAct:
    """Put an act of the table on a board."""
    return BoardAct(
        ActEntry(
            name,
            f"further.{name}.name",
            ICONS[name],
            f"further.{name}.about",
            whom_it_takes(KINDS[name].proposers).key,
        ),
        lambda: FurtherPage(context, name),
    )
