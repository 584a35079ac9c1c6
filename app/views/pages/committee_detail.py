"""The right half of the committee's page: one conversion with its evidence, and the vote.

Owns the widgets; what a vote brings about is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.conversions.evidence import SourceRow
from app.services.transactions.voting import Choice, Vote
from app.views.components.cards import Card
from app.views.components.checks_panel import CheckLine, ChecksPanel, ChecksSummary, CheckState
from app.views.components.chips import Chip
from app.views.components.empty_state import EmptyState
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.components.serial_list import SerialLine, SerialList
from app.views.components.tally_bar import TallyBar
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.pages.context import PageContext
from app.views.pages.document_buttons import DocumentButtons
from app.views.pages.outcome_panel import OutcomePanel, checks_summary, say_phrase
from app.views.presenters.committee import CommitteeDetail, spoken_checks, tally_said
from app.views.theme.tokens import GAP_L, GAP_M, GAP_S, Tone

_COMMENT = Field("comment", "committee.comment", FieldKind.MULTILINE)
_KNOWN = ("serial", "quantity")


class CommitteeDetailCard(Card):
    """Shows one conversion; `voted` carries the choice and the comment, `concluded` the comment."""

    voted = Signal(object, str)
    concluded = Signal(str)

    def __init__(self, context: PageContext, message: MessageBar) -> None:
        super().__init__(context.desk)
        desk = context.desk
        self._context = context
        self._detail: CommitteeDetail | None = None
        self._title = role_label("card-title")
        self._units = Chip()
        self._facts = QGridLayout()
        self.tally = TallyBar(desk)
        self.tally_words = wrapped_label("strong")
        self.documents = DocumentButtons(context, message)
        self.sources = SerialList(desk, "committee.sources")
        self.reissued = SerialList(desk, "conversions.reissued_as")
        self.panel = OutcomePanel(desk, "inbox.no_outcome")
        self.checks = ChecksPanel(desk)
        self.votes = Timeline(desk)
        self.comment = LabelledField(desk, _COMMENT)
        self.brings = wrapped_label("muted")
        self.yes = text_button(desk, "committee.vote_yes", kind="primary", icon="check")
        self.no = text_button(desk, "committee.vote_no", kind="danger")
        self.conclude = text_button(desk, "committee.conclude", kind="primary", icon="check")
        self._empty = EmptyState(
            desk, "committee.nothing_chosen", "committee.nothing_chosen_sentence", icon="users"
        )
        self._shown = QWidget()
        self._build()
        self.yes.clicked.connect(lambda: self.voted.emit(Choice.YES, self.comment.entry.value()))
        self.no.clicked.connect(lambda: self.voted.emit(Choice.NO, self.comment.entry.value()))
        self.conclude.clicked.connect(lambda: self.concluded.emit(self.comment.entry.value()))
        self.comment.entry.edited.connect(lambda: self.comment.show_problem(""))
        desk.language.changed.connect(self._draw)
        self.show_detail(None)

    def show_detail(self, detail: CommitteeDetail | None) -> None:
        """Show a conversion; None says to choose one."""
        if detail is None or self._detail is None or detail.key != self._detail.key:
            self.comment.entry.set_value("")
            self.comment.show_problem("")
        self._detail = detail
        self._draw()

    def show_comment_problem(self, message: str, code: str = "") -> None:
        """Say what is wrong with the comment, and let the person write it."""
        self.comment.show_problem(message, code)
        self.comment.entry.setFocus()

    def set_running(self, *, running: bool) -> None:
        """While a vote is cast none can be cast again."""
        for widget in (self.comment, self.yes, self.no, self.conclude):
            widget.setEnabled(not running)

    def _build(self) -> None:
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self._shown, 1)
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        head = QHBoxLayout()
        head.setSpacing(GAP_S)
        head.addWidget(self._title)
        head.addWidget(self._units)
        head.addStretch()
        column.addLayout(head)
        column.addWidget(self.tally)
        column.addWidget(self.tally_words)
        column.addWidget(make_scrolling(self._build_evidence()), 1)
        column.addWidget(self.brings)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.comment, 1)
        for button in (self.no, self.yes, self.conclude):
            acts.addWidget(button, alignment=Qt.AlignmentFlag.AlignBottom)
        column.addLayout(acts)

    def _build_evidence(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GAP_L)
        self._facts.setHorizontalSpacing(GAP_L)
        self._facts.setVerticalSpacing(GAP_S)
        self._facts.setColumnStretch(1, 1)
        column.addLayout(self._facts)
        column.addWidget(self._heading("committee.documents"))
        column.addWidget(self.documents)
        column.addWidget(self.sources)
        column.addWidget(self.reissued)
        column.addWidget(self.panel)
        column.addWidget(self.checks)
        self._votes_title = self._heading("committee.votes")
        column.addWidget(self._votes_title)
        column.addWidget(self.votes)
        column.addStretch(1)
        return column

    def _heading(self, key: str) -> QWidget:
        title = role_label("card-title")
        self._context.language.keep(title, title.setText, key)
        return title

    def _draw(self) -> None:
        detail, language = self._detail, self._context.language
        self._empty.setVisible(detail is None)
        self._shown.setVisible(detail is not None)
        if detail is None:
            return
        row = detail.evidence.detail.transaction
        self._title.setText(language.text("committee.title_of", transaction=row.id))
        self.setAccessibleName(self._title.text())
        self._units.set_chip(f"{language.quantity(row.quantity)} {row.unit_type}", Tone.TEAK)
        self._draw_facts(detail)
        self._draw_tally(detail)
        self.documents.show_documents(detail.documents)
        self.sources.show_lines([_source_line(each) for each in detail.evidence.sources])
        self.reissued.show_lines(
            [SerialLine(each.serial, each.quantity, each.to_account or "") for each in row.blocks]
            if not detail.is_pending
            else []
        )
        self.panel.setVisible(detail.outcome is not None)
        self.panel.show_outcome(detail.outcome)
        self._draw_checks(detail)
        self._votes_title.setVisible(bool(detail.evidence.votes))
        self.votes.show_entries([self._vote_entry(each) for each in detail.evidence.votes[::-1]])
        self._draw_vote(detail)

    def _draw_facts(self, detail: CommitteeDetail) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        row, act = detail.evidence.detail.transaction, detail.act
        lines = (
            ("inbox.to", f"{row.to_account}  {row.to_name}"),
            ("conversions.project", act.project),
            ("issuance.vintage", str(act.vintage)),
            ("conversions.country", act.host_country),
            ("inbox.proposer", row.proposed_by),
        )
        for number, (key, value) in enumerate(lines):
            label = role_label("label", self._context.language.text(key))
            self._facts.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(wrapped_label("", value), number, 1)

    def _draw_tally(self, detail: CommitteeDetail) -> None:
        tally = detail.tally
        said = tally_said(tally, is_pending=detail.is_pending)
        words = say_phrase(said, self._context.language)
        self.tally.show_tally(
            yes=tally.yes, no=tally.no, members=tally.members, quorum=tally.quorum, words=words
        )
        self.tally_words.setText(words)

    def _draw_checks(self, detail: CommitteeDetail) -> None:
        language, step = self._context.language, detail.last_step
        if detail.outcome is not None and detail.reason is None:
            # Whoever may vote is told how the checks stand now, not how they stood.
            self.checks.show_checks(checks_summary(detail.outcome, language))
        elif step is not None:
            passed, said = spoken_checks(step)
            states = {True: CheckState.FAILED, False: CheckState.NOTE}
            self.checks.show_checks(
                ChecksSummary(
                    passed,
                    tuple(
                        CheckLine(str(code), states[refused], th if language.code == "th" else en)
                        for code, refused, en, th in said
                    ),
                )
            )

    def _vote_entry(self, vote: Vote) -> TimelineEntry:
        language = self._context.language
        title = language.text(f"committee.said_{vote.choice}", who=vote.name)
        gone = "" if vote.counts else language.text("committee.counts_no_more")
        detail = " · ".join(part for part in (vote.comment, gone) if part)
        return TimelineEntry(
            vote.at, title, detail, Tone.LEAF if vote.choice is Choice.YES else Tone.RED
        )

    def _draw_vote(self, detail: CommitteeDetail) -> None:
        language = self._context.language
        may_conclude = detail.concludes is not None
        may_vote = detail.reason is None and not may_conclude
        self.comment.setVisible(may_vote or may_conclude)
        for button in (self.yes, self.no):
            button.setVisible(may_vote)
        self.conclude.setVisible(may_conclude)
        if detail.concludes is not None:
            self.brings.setText(say_phrase(detail.concludes, language))
            return
        if detail.reason is not None:
            self.brings.setText(say_phrase(detail.reason, language))
            return
        self.brings.setText(
            "\n".join(say_phrase(phrase, language) for phrase in detail.brings.values())
        )


def _source_line(source: SourceRow) -> SerialLine:
    more = " · ".join(f"{k}: {v}" for k, v in source.attributes.items() if k not in _KNOWN)
    return SerialLine(source.serial, source.quantity, more)
