"""The catalogue of checks: codes, categories, what they apply to, and their sentences.

Owns the widgets; the catalogue is the service's, and nothing is changed here.
"""

from __future__ import annotations

from app.services.checks.catalogue import APPLYING
from app.services.listings.checks import CheckRow, list_checks
from app.services.listings.page import PageRequest
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.theme.tokens import Tone

_CATEGORIES = (
    "version-and-authentication",
    "message-validity",
    "registry-validity",
    "data-integrity",
    "message-sequence",
    "general",
    "transaction-specific",
    "not-applicable",
)
_ACTS = tuple(APPLYING)

_EFFECTS = {
    "refuses": ("check_list.refuses", Tone.RED),
    "notes": ("check_list.notes", Tone.AMBER),
    "not-needed": ("check_list.not_needed", Tone.QUIET),
}


class ChecksPage(ListingPage):
    """Everybody reads."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "check_list.title", "check_list.sentence", _listing())

    def read_detail(self, key: str) -> CheckRow:
        return list_checks(PageRequest(filters={"code": key}, limit=1)).rows[0]

    def show_detail(self, detail: CheckRow) -> None:
        language = self.context.language
        acts = ", ".join(language.text(f"check_list.acts.{act}") for act in detail.types)
        said = "message" if detail.applies else "reason"
        lines = (
            ("check_list.category", language.text(f"check_list.categories.{detail.category}")),
            ("check_list.types", acts or language.text("check_list.other_acts")),
            (f"check_list.{said}", detail.message),
            (f"check_list.{said}_th", detail.message_th),
            ("check_list.source", detail.source),
        )
        effect, tone = _EFFECTS[detail.effect]
        self.pane.show_details(
            f"{detail.code} · {detail.name}",
            [Detail(key, value) for key, value in lines],
            chip=language.text(effect),
            tone=tone,
        )


def _listing() -> Listing:
    return Listing(
        columns=(
            Column(
                "code",
                "check_list.code",
                width=80,
                hideable=False,
                strong=True,
                value=lambda row: str(row.code),
            ),
            Column("name", "check_list.name", width=280, stretch=True),
            Column(
                "category",
                "check_list.category",
                width=210,
                kind=CellKind.CHIP,
                chips={
                    name: ChipLook(Tone.QUIET, f"check_list.categories.{name}")
                    for name in _CATEGORIES
                },
            ),
            Column(
                "effect",
                "check_list.effect",
                width=110,
                kind=CellKind.CHIP,
                sortable=False,
                chips={name: ChipLook(tone, key) for name, (key, tone) in _EFFECTS.items()},
            ),
            Column("source", "check_list.source", width=220, hidden=True),
        ),
        fetch=list_checks,
        title_key="check_list.title",
        row_key=lambda row: str(row.code),
        empty=EmptyText("check_list.none", "check_list.none_sentence", icon="list-checks"),
        filters=(
            Filter(
                "category",
                "check_list.category",
                tuple((name, f"check_list.categories.{name}") for name in _CATEGORIES),
            ),
            Filter(
                "type",
                "check_list.types",
                tuple((name, f"check_list.acts.{name}") for name in _ACTS),
            ),
        ),
        sort="category",
    )
