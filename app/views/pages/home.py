"""The first page: figures, months, recent transactions, and whether the log holds.

Owns the widgets; the figures are the presenter's. Only what exists is shown.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout

from app.views.components.cards import Card, FigureCard
from app.views.components.chips import Chip
from app.views.components.columns import CellKind, Column
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.month_chart import MonthBars, MonthChart
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.components.table import Table
from app.views.dialogs.about import AboutDialog
from app.views.pages.context import PageContext
from app.views.pages.due_card import DueCard
from app.views.pages.outcome_panel import say_phrase
from app.views.pages.transactions import STATUS_LOOKS, TYPE_LOOKS
from app.views.presenters.home import (
    HomeState,
    greeting_key,
    list_recent,
    read_home,
    waiting_key,
)
from app.views.presenters.phrases import Phrase
from app.views.theme.tokens import GAP_L, LIST_LEAST_HEIGHT, NARROW_PAGE_WIDTH, Tone
from app.views.verification_state import VerificationState

_FIGURES = ("held", "issued_this_year", "offset_this_year", "awaiting")
_RECENT = 30
_COLUMNS = (
    Column("id", "transactions.id", width=70, strong=True, sortable=False),
    Column(
        "kind",
        "transactions.type",
        width=118,
        kind=CellKind.CHIP,
        chips=TYPE_LOOKS,
        sortable=False,
    ),
    Column("whose", "home.parties", width=120, stretch=True, second="what", sortable=False),
    Column("quantity", "transactions.quantity", width=78, kind=CellKind.QUANTITY, sortable=False),
    Column(
        "status",
        "transactions.status_title",
        width=132,
        kind=CellKind.CHIP,
        chips=STATUS_LOOKS,
        sortable=False,
    ),
)


class HomePage(Page):
    """Where everybody begins."""

    shows = frozenset(
        {"transactions", "holdings", "accounts", "certificates", "calibrations", "stations"}
    )

    def __init__(self, context: PageContext, verification: VerificationState) -> None:
        super().__init__(context.desk, "pages.home")
        self.context = context
        self.verification = verification
        self._state: HomeState | None = None
        self._loaded = False
        desk = context.desk
        self.figures = {key: FigureCard(desk, f"home.{key}") for key in _FIGURES}
        self.recent = Table(desk, _listing(context), toolbar=False)
        self.chart = MonthChart(desk)
        self._unit = role_label("muted")
        self.due = DueCard(context)
        self._log_chip = Chip()
        self._log_text = wrapped_label("")
        about = text_button(desk, "about.open", kind="quiet", icon="info")
        about.clicked.connect(self._open_about)
        self.header.add_act(about)
        self._build()
        self.recent.row_activated.connect(lambda row: context.open_page("transactions", row.id))
        verification.changed.connect(self._show_log)
        context.language.changed.connect(self._retranslate)
        self._show_words()

    def enter(self, target: str = "") -> None:
        """Read the figures and the newest transactions."""
        self._ask()
        if not self._loaded:
            self._loaded = True
            self.recent.load()

    def refresh(self) -> None:
        """Read everything again."""
        self._ask()
        self.recent.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the figures in one row, and chart beside list, where there is room."""
        super().resizeEvent(event)
        self._place_cards()

    def _place_cards(self) -> None:
        is_narrow = self.width() < NARROW_PAGE_WIDTH
        columns = 2 if is_narrow else len(self.figures)
        for place, card in enumerate(self.figures.values()):
            self._cards.addWidget(card, place // columns, place % columns)
        for column in range(len(self.figures)):
            self._cards.setColumnStretch(column, 1 if column < columns else 0)
        directions = QBoxLayout.Direction
        self._below.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    def _build(self) -> None:
        desk = self.context.desk
        self._cards = QGridLayout()
        self._cards.setSpacing(GAP_L)
        self._below = QHBoxLayout()
        self._place_cards()
        column = QVBoxLayout()
        column.setSpacing(GAP_L)
        column.addLayout(self._cards)
        recent = Card(desk, "home.recent", icon="list-tree")
        recent.body.addWidget(self.recent)
        everything = text_button(desk, "home.all_transactions", kind="quiet", icon="arrow-right")
        everything.clicked.connect(lambda: self.context.open_page("transactions", ""))
        recent.add_to_head(everything)
        chart = Card(desk, "home.chart", icon="chart-column")
        chart.add_to_head(self._unit)
        chart.body.addWidget(self.chart, 1)
        log = Card(desk, "home.log", icon="shield-check")
        log.add_to_head(self._log_chip)
        log.body.addWidget(self._log_text)
        verify = text_button(desk, "home.open_verification", kind="quiet", icon="arrow-right")
        verify.clicked.connect(lambda: self.context.open_page("verification", ""))
        log.body.addWidget(verify, alignment=Qt.AlignmentFlag.AlignLeft)
        right = QVBoxLayout()
        right.setSpacing(GAP_L)
        right.addWidget(chart, 1)
        right.addWidget(self.due)
        right.addWidget(log)
        self._below.setSpacing(GAP_L)
        self._below.addWidget(recent, 6)
        self._below.addLayout(right, 5)
        column.addLayout(self._below, 1)
        self.recent.setMinimumHeight(LIST_LEAST_HEIGHT)
        self.body.addWidget(make_scrolling(column), 1)

    def _ask(self) -> None:
        registry, actor = self.context.registry, self.context.actor
        self.context.tasks.run(
            lambda: read_home(registry, actor),
            on_done=self._take,
            latest_key="home",
            owner=self,
        )

    def _take(self, state: HomeState) -> None:
        self._state = state
        self._show_words()

    def _retranslate(self) -> None:
        self._show_words()
        if self._loaded:
            self.recent.refresh()

    def _show_words(self) -> None:
        language, state = self.context.language, self._state
        now = language.local(self.context.registry.now())
        greeting = language.text(greeting_key(now.hour))
        if state is not None:
            waits = language.text(waiting_key(state.awaiting_me), count=state.awaiting_me)
            greeting = f"{greeting} {waits}" if language.code == "th" else f"{greeting}. {waits}"
            self._show_figures(state)
            self.due.show_due(state.due)
        self.header.show_words(greeting, language.long_day(now.date()))
        self._show_log()

    def _show_figures(self, state: HomeState) -> None:
        language = self.context.language
        for key, figure in (
            ("held", state.held),
            ("issued_this_year", state.issued),
            ("offset_this_year", state.offset),
        ):
            text = f"{language.quantity(figure.own)} {state.unit_type}"
            note = language.text("home.others", count=figure.other) if figure.other else ""
            self.figures[key].show_figure(text, note)
        mine = language.text("home.await_me", count=state.awaiting_me)
        self.figures["awaiting"].show_figure(language.quantity(state.pending), mine)
        self._unit.setText(state.unit_type)
        months = [MonthBars(each.month, each.issued_t, each.offset_t) for each in state.months]
        self.chart.show_months(months)

    def _show_log(self) -> None:
        language, last = self.context.language, self.verification.last
        if last is None:
            running = self.verification.is_running
            key = "verification.running" if running else "verification.never"
            self._log_chip.set_chip(language.text("home.unverified"), Tone.QUIET)
            self._log_text.setText(language.text(key))
            return
        is_whole = last.result.ok
        word = language.text("home.whole" if is_whole else "home.broken")
        self._log_chip.set_chip(word, Tone.LEAF if is_whole else Tone.RED)
        self._log_text.setText(
            language.text(
                "home.verified" if is_whole else "home.failed",
                when=last.when,
                entries=last.result.entries,
                where=last.result.failed_at,
            )
        )

    def _open_about(self) -> None:
        dialog = AboutDialog(self.context.desk, self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _listing(context: PageContext) -> Listing:
    registry, language = context.registry, context.language

    def write(phrase: Phrase) -> str:
        return say_phrase(phrase, language)

    return Listing(
        columns=_COLUMNS,
        fetch=lambda request: list_recent(registry, request, write),
        title_key="home.recent",
        row_key=lambda row: str(row.id),
        empty=EmptyText("transactions.none", "transactions.none_sentence", icon="list-tree"),
        sort="id",
        descending=True,
        limit=_RECENT,
    )
