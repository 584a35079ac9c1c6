"""The page of what awaits a decision: proposals of others, and what of one's own awaits them.

Owns the list, the way from one thing to the next, and saying what a decision changed.
"""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from app.services.checks.violation import RulesBroken
from app.views.components.cards import Card
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.problem import violation_text
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.pages.inbox_detail import InboxDetailCard
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.inbox import (
    Decided,
    Decision,
    InboxDetail,
    InboxForm,
    InboxRow,
    Standing,
)
from app.views.theme.tokens import GAP_L, NARROW_PAGE_WIDTH, Tone

_CHIPS = {
    Standing.CLEAR.value: ChipLook(Tone.LEAF, "inbox.clear"),
    Standing.NOTE.value: ChipLook(Tone.AMBER, "inbox.note"),
    Standing.REFUSED.value: ChipLook(Tone.RED, "inbox.refused"),
    Standing.WAITING.value: ChipLook(Tone.BLUE, "inbox.pending"),
}
_ROWS_A_PAGE = 50
"""Each row's checks are run anew, so a page of them is kept small."""


class InboxPage(Page):
    """`InboxPage(context)`; a target is a transaction's identifier or an account's number."""

    shows = frozenset({"inbox", "transactions", "accounts", "holdings"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "inbox.title", "inbox.sentence")
        self.context = context
        self._inbox = InboxForm(context.registry, context.actor)
        self._entered = False
        self._wanted_key = ""
        self._wanted_number = 0
        self._shown: InboxRow | None = None
        self._read_key = ""
        self.table = Table(context.desk, self._listing(), toolbar=False)
        self.detail = InboxDetailCard(context.desk)
        self._list = Card(context.desk, "inbox.list", icon="inbox")
        self._list.body.addWidget(self.table)
        halves = QHBoxLayout()
        halves.setSpacing(GAP_L)
        halves.addWidget(self._list, 4)
        halves.addWidget(self.detail, 5)
        self.body.addLayout(halves, 1)
        self.table.selection_changed.connect(self._choose)
        self.table.model.loaded.connect(self._after_load)
        self.detail.decided.connect(self._decide)

    def enter(self, target: str = "") -> None:
        """Show what awaits now; a target is chosen in the list."""
        self._wanted_key = target
        if self._entered and not target:
            self.table.refresh()
            return
        self._entered = True
        self.table.load()

    def refresh(self) -> None:
        """Fetch the list anew; what is shown stays, as long as it still awaits."""
        self.table.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the proposer to the detail where there is no room for all columns."""
        super().resizeEvent(event)
        self.table.header.show_column("proposer", shown=self.width() >= NARROW_PAGE_WIDTH)

    def _listing(self) -> Listing:
        language = self.context.language
        columns = (
            Column(
                "kind",
                "inbox.proposal",
                width=100,
                stretch=True,
                second="way",
                sortable=False,
                value=lambda row: language.text(row.kind_key),
            ),
            Column("proposer", "inbox.proposer", width=82, sortable=False),
            Column(
                "units",
                "acts.units",
                width=84,
                kind=CellKind.QUANTITY,
                second="unit_type",
                sortable=False,
            ),
            Column(
                "standing",
                "checks.title",
                width=98,
                kind=CellKind.CHIP,
                chips=_CHIPS,
                sortable=False,
                value=lambda row: row.standing.value,
            ),
        )
        return Listing(
            columns=columns,
            fetch=self._inbox.list_rows,
            title_key="inbox.list",
            row_key=lambda row: row.key,
            empty=EmptyText("inbox.empty", "inbox.empty_sentence"),
            limit=_ROWS_A_PAGE,
        )

    # From one to the next

    def _after_load(self) -> None:
        known = self.table.model.known_rows
        self.detail.setVisible(not self.table.model.is_empty)
        if known == 0:
            self._choose(None)
            return
        number = self.table.model.find_number(self._wanted_key, lambda row: row.key)
        if number is None and self.table.current_row() is None:
            number = min(self._wanted_number, known - 1)
        elif number is None:
            number = self.table.view.currentIndex().row()
        self._wanted_key = ""
        self.table.view.selectRow(number)
        # A view that takes the focus has a current row before that row has come.
        row = self.table.model.row_at(number)
        if self._shown is None or self._shown.key != row.key:
            self._choose(row)

    def _choose(self, row: InboxRow | None) -> None:
        self._shown = row
        if row is None:
            self.detail.show_detail(None, ())
            return
        self._wanted_number = self.table.view.currentIndex().row()
        self.context.tasks.run(
            lambda: self._inbox.read(row.awaiting),
            on_done=lambda detail: self._show(row, detail),
            latest_key=f"inbox:{id(self)}",
            owner=self,
        )

    def _show(self, row: InboxRow, detail: InboxDetail) -> None:
        if row is self._shown:
            self._read_key = row.key
            self.detail.show_detail(detail, self._inbox.decisions(row.awaiting))

    # Deciding

    def _decide(self, decision: Decision, comment: str) -> None:
        row = self._shown
        if row is None or row.key != self._read_key:
            # What is shown is not yet what is chosen: nobody decides on what they cannot see.
            return
        if decision is Decision.VOTE:
            self.context.open_page("committee", row.key)
            return
        missing = self._inbox.missing_comment(decision, comment)
        if missing is not None:
            self.detail.show_comment_problem(say_phrase(missing, self.context.language))
            return
        self.message.clear()
        self.detail.set_running(running=True)
        self.context.tasks.run(
            lambda: self._inbox.decide(row.awaiting, decision, comment),
            on_done=self._decided,
            on_error=self._refused,
            on_finished=lambda: self.detail.set_running(running=False),
            owner=self,
        )

    def _decided(self, decided: Decided) -> None:
        tone = Tone.LEAF if decided.went_well else Tone.AMBER
        language = self.context.language
        why = "\n".join(violation_text(each, language) for each in decided.broken)
        self.message.say(tone, say_phrase(decided.phrase, language), why)
        self.context.changes.tell(*decided.changed)
        self.table.refresh()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RulesBroken):
            for each in error.violations:
                if each.field == "comment":
                    text = violation_text(each, self.context.language)
                    self.detail.show_comment_problem(text, str(each.code))
                    return
        self.message.say_problem(error)
        self.table.refresh()
