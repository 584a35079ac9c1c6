"""The business logic tables: each kind of rule by unit type, today's value and those to come.

Owns the widgets; what is in force is the service's to say.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent

from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.listings.rules import RuleRow
from app.views.components.act_button import ActButton
from app.views.components.columns import CellKind, Column
from app.views.components.detail_pane import Detail
from app.views.components.listing import EmptyText, Listing
from app.views.components.validity_bar import Validity, ValidityBar
from app.views.language import Language
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.kept_rows import page_of
from app.views.presenters.rules import RuleLine, RuleTables, kind_name, say_value, write_value
from app.views.theme.tokens import NARROW_PAGE_WIDTH, Tone

_TENSES = {
    -1: ("rules.past", Tone.QUIET),
    0: ("rules.applies", Tone.LEAF),
    1: ("rules.to_come", Tone.BLUE),
}


class RuleTablesPage(ListingPage):
    """Everybody reads; `change` opens the form for a kind and a unit type."""

    def __init__(self, context: PageContext, change: Callable[[str], None]) -> None:
        self._tables = RuleTables(context.registry, context.actor)
        super().__init__(context, "rules.title", "rules.sentence", self._make(context.language))
        desk = context.desk
        self._lines: dict[str, RuleLine] = {}
        self.bar = ValidityBar(desk)
        self.pane.extra.addWidget(self.bar)
        self.change = ActButton(desk, "rules.change_this", kind="primary", icon="pencil")
        self.change.set_reason(self._tables.reason_against_proposing())
        self.change.asked.connect(lambda: change(self._key))
        self.pane.acts.addWidget(self.change)

    def read_detail(self, key: str) -> RuleLine:
        return next(line for line in self._tables.list_lines() if line.key == key)

    def show_detail(self, detail: RuleLine) -> None:
        language = self.context.language
        today = self._tables.registry.today()
        name = kind_name(detail.kind, language.code)
        says = [self._says(row) for row in detail.rows]
        applies = "rules.applies" if detail.now else "rules.nothing_applies"
        self.pane.show_details(
            f"{name} · {detail.unit_type}",
            [
                Detail(_TENSES[_tense(row, today.toordinal())][0], said)
                for row, said in zip(detail.rows, says, strict=True)
            ]
            + ([Detail("rules.pending", detail.pending)] if detail.pending else []),
            chip=language.text(applies),
            tone=Tone.LEAF if detail.now else Tone.QUIET,
        )
        self.bar.show_rows(
            [
                Validity(row.valid_from, row.valid_to, write_value(row.kind, row.value))
                for row in detail.rows
            ],
            today,
            "; ".join(says),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the day a rule to come begins to the pane where there is little room."""
        super().resizeEvent(event)
        self.table.header.show_column("since", shown=self.width() >= NARROW_PAGE_WIDTH)

    def _says(self, row: RuleRow) -> str:
        language = self.context.language
        return language.text(
            "rules.row_says",
            value=say_phrase(say_value(row.kind, row.value), language),
            first=row.valid_from,
            last=row.valid_to,
            period=str(row.period),
        )

    def _make(self, language: Language) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[RuleLine]:
            return page_of(self._tables.list_lines(), request, texts=("kind", "unit_type"))

        def name(line: RuleLine) -> str:
            return kind_name(line.kind, language.code)

        def value(row: RuleRow | None) -> str:
            return "–" if row is None else say_phrase(say_value(row.kind, row.value), language)

        return Listing(
            columns=(
                Column(
                    "kind",
                    "rules.kind",
                    width=146,
                    stretch=True,
                    strong=True,
                    value=name,
                    hideable=False,
                ),
                Column("unit_type", "acts.unit_type", width=84),
                Column(
                    "now",
                    "rules.today",
                    width=124,
                    right=True,
                    sortable=False,
                    value=lambda line: value(line.now),
                ),
                Column(
                    "until",
                    "rules.until",
                    width=102,
                    kind=CellKind.DATE,
                    sortable=False,
                    value=lambda line: None if line.now is None else line.now.valid_to,
                ),
                Column(
                    "next",
                    "rules.then",
                    width=124,
                    right=True,
                    sortable=False,
                    value=lambda line: value(line.next),
                ),
                Column(
                    "since",
                    "rules.from",
                    width=102,
                    kind=CellKind.DATE,
                    sortable=False,
                    value=lambda line: None if line.next is None else line.next.valid_from,
                ),
                Column("pending", "rules.pending", width=76),
            ),
            fetch=fetch,
            title_key="rules.title",
            row_key=lambda line: line.key,
            empty=EmptyText("rules.none", "rules.none_sentence", icon="settings"),
        )


def _tense(row: RuleRow, today: int) -> int:
    if row.valid_to.toordinal() < today:
        return -1
    return 0 if row.valid_from.toordinal() <= today else 1
