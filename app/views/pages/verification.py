"""Verification: runs it, says in plain words how it came out, and shows the log.

Owns the widgets; running is `VerificationState`'s, finding out the service's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout

from app.services.listings.log_entries import list_log_entries
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.cards import Card, FigureCard
from app.views.components.columns import CellKind, Column
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.pages.worker_card import WorkerCard
from app.views.theme.tokens import GAP_L, GAP_M, LIST_LEAST_HEIGHT, UNITS_TABLE_HEIGHT, Tone
from app.views.verification_state import VerificationState, Verified
from app.views.worker_state import WorkerState

_COUNTS = ("issued", "held", "cancelled", "retired")
_LOG_COLUMNS = (
    Column("sequence", "verification.sequence", width=96, kind=CellKind.QUANTITY),
    Column("kind", "verification.kind", width=200),
    Column("at", "verification.at", width=140, kind=CellKind.DATETIME),
    Column("persons", "verification.persons", width=150, sortable=False),
    Column("transaction", "verification.transaction", width=110, sortable=False),
    Column("leaf_hash", "verification.leaf", width=260, stretch=True, sortable=False),
)


@dataclass(frozen=True)
class _UnitsRow:
    """Units of one type: counts by issued and by state."""

    unit_type: str
    counts: Mapping[str, int]


class VerificationPage(Page):
    """Everybody may verify; nothing is changed by it."""

    shows = frozenset(
        {
            *("transactions", "accounts", "certificates", "log", "rules", "people", "notices"),
            *("projects", "sources", "settings", "periods", "holidays", "stations", "calibrations"),
        }
    )
    """Each of these acts leaves its entries in the log that this page lists."""

    def __init__(self, context: PageContext, state: VerificationState, worker: WorkerState) -> None:
        super().__init__(context.desk, "verification.title", "verification.sentence")
        self.context = context
        self.state = state
        self._loaded = False
        desk = context.desk
        self.start = text_button(desk, "verification.start", kind="primary", icon="shield-check")
        self.start.clicked.connect(state.start)
        self.stop = text_button(desk, "verification.stop")
        self.stop.clicked.connect(state.cancel)
        self.header.add_act(self.stop)
        self.header.add_act(self.start)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._progress_text = role_label("label")
        self.result = role_label("title")
        self._sentence = wrapped_label("")
        self.figures = {
            key: FigureCard(desk, f"verification.{key}") for key in ("entries", "blocks", "types")
        }
        self.root = wrapped_label("")
        self.units = Table(desk, self._units_listing(), toolbar=False)
        self.log = Table(desk, _log_listing(context))
        self.worker = WorkerCard(context.desk, worker)
        self._build()
        state.changed.connect(self._show)
        context.language.changed.connect(self._show)
        self._show()

    def enter(self, target: str = "") -> None:
        """Show the log."""
        if not self._loaded:
            self._loaded = True
            self.log.load()

    def refresh(self) -> None:
        """Fetch the log again."""
        if self._loaded:
            self.log.refresh()

    def _build(self) -> None:
        desk = self.context.desk
        for widget in (self.progress, self._progress_text):
            self.body.addWidget(widget)
        top = QHBoxLayout()
        top.setSpacing(GAP_L)
        top.addWidget(self._build_result(), 3)
        paper = Card(desk, "verification.units", icon="layers")
        self.units.setFixedHeight(UNITS_TABLE_HEIGHT)
        paper.body.addWidget(self.units)
        paper.body.addStretch()
        top.addWidget(paper, 2)
        column = QVBoxLayout()
        column.setSpacing(GAP_L)
        column.addLayout(top)
        column.addWidget(self.worker)
        log = Card(desk, "verification.log", icon="list-tree")
        log.body.addWidget(self.log)
        self.log.setMinimumHeight(LIST_LEAST_HEIGHT)
        column.addWidget(log, 1)
        self.body.addWidget(make_scrolling(column), 1)

    def _build_result(self) -> Card:
        desk = self.context.desk
        card = Card(desk)
        card.body.addWidget(self.result)
        card.body.addWidget(self._sentence)
        figures = QHBoxLayout()
        figures.setSpacing(GAP_M)
        for figure in self.figures.values():
            figures.addWidget(figure)
        card.body.addLayout(figures)
        root = QHBoxLayout()
        words = QVBoxLayout()
        title = role_label("label")
        self.context.language.keep(title, title.setText, "verification.root")
        words.addWidget(title)
        words.addWidget(self.root)
        root.addLayout(words, 1)
        copy = text_button(desk, "verification.copy_root", kind="quiet", icon="copy")
        copy.clicked.connect(self._copy_root)
        root.addWidget(copy, alignment=Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(root)
        card.body.addStretch()
        return card

    def _show(self) -> None:
        running = self.state.is_running
        self.start.setEnabled(not running)
        self.stop.setVisible(running)
        self.progress.setVisible(running)
        self._progress_text.setVisible(running)
        if running:
            self._show_progress()
        self._show_result(self.state.last)

    def _show_progress(self) -> None:
        done, total = self.state.progress
        self.progress.setRange(0, total or 0)
        self.progress.setValue(done)
        text = self.context.language.text("verification.progress", done=done, total=total)
        self._progress_text.setText(text)
        self.progress.setAccessibleName(text)

    def _show_result(self, verified: Verified | None) -> None:
        language = self.context.language
        if verified is None:
            self.result.setText(language.text("verification.never"))
            self._sentence.setText(language.text("verification.never_sentence"))
            return
        result = verified.result
        word = "whole" if result.ok else "broken"
        self.result.setText(language.text(f"verification.{word}"))
        self.result.setProperty("tone", (Tone.LEAF if result.ok else Tone.RED).value)
        self.result.style().polish(self.result)
        self._sentence.setText(
            language.text(
                f"verification.{word}_sentence",
                when=verified.when,
                seconds=f"{verified.took_s:.1f}",
                where=result.failed_at,
                reason=result.failure,
            )
        )
        self.figures["entries"].show_figure(language.quantity(result.entries))
        self.figures["blocks"].show_figure(language.quantity(result.blocks))
        self.figures["types"].show_figure(language.quantity(len(result.units)))
        root = result.root
        self.root.setText(" ".join(root[start : start + 16] for start in range(0, len(root), 16)))
        self.units.load()

    def _copy_root(self) -> None:
        if self.state.last is not None:
            QGuiApplication.clipboard().setText(self.state.last.result.root)

    def _units_listing(self) -> Listing:
        counts = tuple(
            Column(
                key,
                f"verification.{key}",
                width=90,
                kind=CellKind.QUANTITY,
                sortable=False,
                value=_count_of(key),
            )
            for key in _COUNTS
        )
        return Listing(
            columns=(
                Column(
                    "unit_type",
                    "verification.unit_type",
                    width=60,
                    stretch=True,
                    sortable=False,
                    strong=True,
                ),
                *counts,
            ),
            fetch=self._units_page,
            title_key="verification.units",
            row_key=lambda row: str(row.unit_type),
            empty=EmptyText("verification.none", "verification.none_sentence", icon="layers"),
        )

    def _units_page(self, _request: PageRequest) -> RowsPage[_UnitsRow]:
        last = self.state.last
        units = {} if last is None else last.result.units
        return RowsPage(tuple(_UnitsRow(code, counts) for code, counts in units.items()))


def _count_of(key: str) -> Callable[[_UnitsRow], int]:
    return lambda row: row.counts.get(key, 0)


def _log_listing(context: PageContext) -> Listing:
    registry = context.registry
    return Listing(
        columns=_LOG_COLUMNS,
        fetch=lambda request: list_log_entries(registry, request),
        title_key="verification.log",
        row_key=lambda row: str(row.sequence),
        empty=EmptyText("verification.none", "verification.none_sentence", icon="list-tree"),
        sort="sequence",
        descending=True,
    )
