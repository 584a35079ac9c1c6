"""What an act will do, drawn: bar of blocks, table, figures, sentences.

Owns showing an `ActOutcome` in the language in force; acts and the inbox share it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QVBoxLayout, QWidget

from app.services.checks.violation import Violation
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.block_bar import Block, BlockBar
from app.views.components.cards import FigureCard
from app.views.components.checks_panel import CheckLine, ChecksSummary, CheckState
from app.views.components.columns import CellKind, Column
from app.views.components.empty_state import EmptyState
from app.views.components.labels import IconLabel, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.problem import violation_text
from app.views.components.table import Table
from app.views.desk import Desk
from app.views.language import Language
from app.views.presenters.act_outcome import ActOutcome, Figure, OutcomeLine
from app.views.presenters.phrases import Phrase
from app.views.theme.tokens import (
    GAP_L,
    GAP_M,
    GAP_S,
    HEADER_HEIGHT,
    NARROW_OUTCOME_WIDTH,
    TALL_ROW_HEIGHT,
)

_MOST_ROWS_IN_SIGHT = 5
_STAYS = "stays"

_COLUMNS = (
    Column(
        "serial",
        "acts.serials",
        stretch=True,
        kind=CellKind.SERIAL,
        second="below",
        sortable=False,
    ),
    Column("vintage", "acts.vintage", width=66, sortable=False),
    Column("expires", "acts.expires_title", width=98, kind=CellKind.DATE, sortable=False),
    Column("moves", "acts.moves", width=78, kind=CellKind.QUANTITY, strong=True, sortable=False),
    Column(_STAYS, "acts.stays", width=78, kind=CellKind.QUANTITY, sortable=False),
)
_STAYS_NUMBER = next(n for n, column in enumerate(_COLUMNS) if column.key == _STAYS)


def say_phrase(phrase: Phrase | None, language: Language) -> str:
    """Say a phrase in the language in force; nothing for none."""
    return "" if phrase is None else language.text(phrase.key, **phrase.values)


def checks_summary(outcome: ActOutcome, language: Language) -> ChecksSummary:
    """Write the checks of an outcome in the language in force."""

    def line(violation: Violation, state: CheckState) -> CheckLine:
        return CheckLine(str(violation.code), state, violation_text(violation, language))

    failed = [line(each, CheckState.FAILED) for each in outcome.violations]
    notes = [line(each, CheckState.NOTE) for each in outcome.notes]
    return ChecksSummary(passed=outcome.passed, lines=(*failed, *notes))


class OutcomePanel(QWidget):
    """Shows an outcome, or what is still needed before there is one."""

    def __init__(self, desk: Desk, waiting_key: str) -> None:
        super().__init__()
        self._desk = desk
        self._outcome: ActOutcome | None = None
        self._lines: tuple[OutcomeLine, ...] = ()
        self._waiting = EmptyState(desk, "acts.waiting", waiting_key, icon="eye")
        self._shown = QWidget()
        self._lead = wrapped_label("muted")
        self.bar = BlockBar(desk)
        self.table = Table(desk, self._listing(), toolbar=False)
        self._figures = QHBoxLayout()
        self._figure_keys: tuple[str, ...] = ()
        self._figure_cards: list[FigureCard] = []
        self._sentences = QVBoxLayout()
        self._build()
        desk.language.changed.connect(self._draw)
        self._draw()

    @property
    def outcome(self) -> ActOutcome | None:
        """What is shown."""
        return self._outcome

    def show_outcome(self, outcome: ActOutcome | None) -> None:
        """Show what will happen; None says that more is needed first."""
        self._outcome = outcome
        self._draw()
        if outcome is None or outcome.lines == self._lines:
            return
        self._lines = outcome.lines
        rows = min(len(self._lines), _MOST_ROWS_IN_SIGHT)
        self.table.setFixedHeight(HEADER_HEIGHT + rows * TALL_ROW_HEIGHT + GAP_S)
        nothing_stays = all(line.stays is None for line in self._lines)
        self.table.header.setSectionHidden(_STAYS_NUMBER, nothing_stays)
        # Qt shares out the width again only when a section's mode is set.
        self.table.header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the vintage to the serial, which says it too, where there is little room."""
        super().resizeEvent(event)
        self.table.header.show_column("vintage", shown=self.width() >= NARROW_OUTCOME_WIDTH)

    def _listing(self) -> Listing:
        def fetch(_request: PageRequest) -> RowsPage[OutcomeLine]:
            return RowsPage(self._lines, total=len(self._lines))

        return Listing(
            columns=_COLUMNS,
            fetch=fetch,
            title_key="acts.blocks_title",
            row_key=lambda line: line.serial,
            empty=EmptyText("acts.no_blocks", "acts.no_blocks_sentence", icon="layers"),
            limit=10_000,
        )

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._waiting, 1)
        outer.addWidget(self._shown, 1)
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        self._figures.setSpacing(GAP_L)
        self._sentences.setSpacing(GAP_S)
        column.addWidget(self._lead)
        column.addWidget(self.bar)
        column.addWidget(self.table)
        column.addLayout(self._figures)
        column.addLayout(self._sentences)
        column.addStretch(1)

    def _draw(self) -> None:
        outcome, language = self._outcome, self._desk.language
        has_lines = outcome is not None and bool(outcome.lines)
        self._waiting.setVisible(not has_lines)
        self._shown.setVisible(has_lines)
        if outcome is None or not has_lines:
            return
        self._lead.setText(say_phrase(outcome.lead, language))
        self.bar.show_blocks(
            [
                Block(share.quantity, share.moves, say_phrase(share.caption, language))
                for share in outcome.shares
            ]
        )
        self._draw_figures(outcome.figures)
        self._draw_sentences(outcome.sentences)

    def _draw_figures(self, figures: tuple[Figure, ...]) -> None:
        keys = tuple(figure.title_key for figure in figures)
        if keys != self._figure_keys:
            _empty(self._figures)
            self._figure_keys = keys
            self._figure_cards = [FigureCard(self._desk, key) for key in keys]
            for card in self._figure_cards:
                self._figures.addWidget(card, 1)
        language = self._desk.language
        for card, figure in zip(self._figure_cards, figures, strict=True):
            note = language.text("acts.was", before=figure.before, unit_type=figure.unit_type)
            card.show_figure(language.quantity(figure.after), note)

    def _draw_sentences(self, sentences: tuple[Phrase, ...]) -> None:
        _empty(self._sentences)
        for phrase in sentences:
            self._sentences.addWidget(
                _Sentence(self._desk, say_phrase(phrase, self._desk.language))
            )


class _Sentence(QWidget):
    """A line that tells, with the sign of telling before it."""

    def __init__(self, desk: Desk, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        icon = IconLabel(desk, "info", lambda palette: palette.muted)
        row.addWidget(icon, alignment=Qt.AlignmentFlag.AlignTop)
        label: QLabel = wrapped_label("muted", text)
        row.addWidget(label, 1)


def _empty(layout: QHBoxLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
