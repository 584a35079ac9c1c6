"""The committee's page: conversions that await its votes, with the evidence, and those decided.

Owns the list, casting a vote, and saying what it changed.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout

from app.services.checks.violation import RulesBroken
from app.services.transactions.voting import Choice, VoteOutcome
from app.views.components.cards import Card
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.page import Page
from app.views.components.problem import violation_text
from app.views.components.table import Table
from app.views.pages.committee_detail import CommitteeDetailCard
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.committee import (
    AWAITING,
    AWAITS_YOU,
    VOTED,
    CommitteeDetail,
    CommitteeForm,
    vote_said,
)
from app.views.theme.tokens import GAP_L, Tone

_CHIPS = {
    AWAITS_YOU: ChipLook(Tone.AMBER, "committee.awaits_you"),
    VOTED: ChipLook(Tone.BLUE, "committee.you_voted"),
    AWAITING: ChipLook(Tone.AMBER, "committee.awaiting"),
    "completed": ChipLook(Tone.LEAF, "transactions.status.completed"),
    "terminated": ChipLook(Tone.RED, "transactions.status.terminated"),
    "rejected": ChipLook(Tone.RED, "transactions.status.rejected"),
    "cancelled": ChipLook(Tone.QUIET, "transactions.status.withdrawn"),
}
_FILTERS = (
    ("awaiting committee", "committee.awaiting"),
    ("completed", "transactions.status.completed"),
    ("rejected", "transactions.status.rejected"),
    ("terminated", "transactions.status.terminated"),
)
_ROWS_A_PAGE = 50
"""Each pending row's votes are read, so a page of them is kept small."""


class CommitteePage(Page):
    """Members vote, everybody else reads; a target is a transaction's identifier."""

    shows = frozenset({"transactions", "inbox", "people", "rules"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "committee.title", "committee.sentence")
        self.context = context
        self._committee = CommitteeForm(context.registry, context.actor)
        self._entered = False
        self._wanted = ""
        self._shown: CommitteeDetail | None = None
        self.table = Table(context.desk, self._listing())
        self.detail = CommitteeDetailCard(context, self.message)
        paper = Card(context.desk)
        paper.body.addWidget(self.table)
        halves = QHBoxLayout()
        halves.setSpacing(GAP_L)
        halves.addWidget(paper, 4)
        halves.addWidget(self.detail, 6)
        self.body.addLayout(halves, 1)
        self.table.selection_changed.connect(
            lambda row: None if row is None else self._read(row.id)
        )
        self.table.model.loaded.connect(self._after_load)
        self.detail.voted.connect(self._vote)
        self.detail.concluded.connect(self._conclude)

    def enter(self, target: str = "") -> None:
        """Show the conversions, and the evidence of the one that is named."""
        self._wanted = target
        if not self._entered:
            self._entered = True
            self.table.load()
        else:
            self.table.refresh()
        if target:
            self._read(target)

    def refresh(self) -> None:
        """Fetch the list and what is shown anew."""
        if self._entered:
            self.table.refresh()
        if self._shown is not None:
            self._read(self._shown.key)

    def _listing(self) -> Listing:
        return Listing(
            columns=(
                Column("id", "transactions.id", width=72, strong=True, hideable=False),
                Column("to_name", "transactions.to", width=120, stretch=True, sortable=False),
                Column(
                    "quantity",
                    "acts.units",
                    width=84,
                    kind=CellKind.QUANTITY,
                    second="unit_type",
                    sortable=False,
                ),
                Column(
                    "standing",
                    "committee.standing",
                    width=140,
                    kind=CellKind.CHIP,
                    chips=_CHIPS,
                    sortable=False,
                ),
            ),
            fetch=self._committee.list_rows,
            title_key="committee.list",
            row_key=lambda row: str(row.id),
            empty=EmptyText("committee.none", "committee.none_sentence", icon="users"),
            filters=(Filter("status", "committee.standing", _FILTERS),),
            sort="id",
            descending=True,
            limit=_ROWS_A_PAGE,
        )

    def _after_load(self) -> None:
        if not self.table.model.known_rows:
            return
        key = self._wanted or ("" if self._shown is None else self._shown.key)
        number = self.table.model.find_number(key, lambda row: str(row.id)) if key else None
        self._wanted = ""
        if number is None and self.table.current_row() is None and not key:
            number = self._first_awaiting()
        if number is not None:
            self.table.view.selectRow(number)

    def _first_awaiting(self) -> int:
        """Begin with what waits for this person, else with the newest."""
        for number in range(self.table.model.known_rows):
            if self.table.model.row_at(number).standing == AWAITS_YOU:
                return number
        return 0

    def _read(self, identifier: str) -> None:
        self.context.tasks.run(
            lambda: self._committee.read(identifier),
            on_done=self._show,
            on_error=self.message.say_problem,
            latest_key=f"committee:{id(self)}",
            owner=self,
        )

    def _show(self, detail: CommitteeDetail) -> None:
        self._shown = detail
        self.detail.show_detail(detail)

    def _vote(self, choice: Choice, comment: str) -> None:
        detail = self._shown
        if detail is None or detail.reason is not None:
            return
        missing = self._committee.missing_comment(choice, comment)
        if missing is not None:
            self.detail.show_comment_problem(say_phrase(missing, self.context.language))
            return
        self._run(lambda: self._committee.vote(detail, choice, comment))

    def _conclude(self, comment: str) -> None:
        detail = self._shown
        if detail is not None and detail.concludes is not None:
            self._run(lambda: self._committee.conclude(detail, comment))

    def _run(self, act: Callable[[], VoteOutcome]) -> None:
        self.message.clear()
        self.detail.set_running(running=True)
        self.context.tasks.run(
            act,
            on_done=self._voted,
            on_error=self._refused,
            on_finished=lambda: self.detail.set_running(running=False),
            owner=self,
        )

    def _voted(self, outcome: VoteOutcome) -> None:
        phrase, went_well = vote_said(outcome)
        evaluation = outcome.outcome.evaluation
        broken = () if evaluation is None or went_well else evaluation.violations
        language = self.context.language
        self.message.say(
            Tone.LEAF if went_well else Tone.AMBER,
            say_phrase(phrase, language),
            "\n".join(violation_text(each, language) for each in broken),
        )
        self.context.changes.tell("transactions", "holdings", "inbox", "sources")
        self.refresh()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RulesBroken):
            for each in error.violations:
                if each.field == "comment":
                    text = violation_text(each, self.context.language)
                    self.detail.show_comment_problem(text, str(each.code))
                    return
        self.message.say_problem(error)
        self.refresh()
