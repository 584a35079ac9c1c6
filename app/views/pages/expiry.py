"""Units past their expiry date: where they are, and the run that proposes their cancellation.

Owns the widgets; what has expired and what a run does is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.transactions.expiry_run import ExpiredUnits
from app.views.components.act_button import ActButton
from app.views.components.cards import Card
from app.views.components.columns import CellKind, Column
from app.views.components.labels import IconLabel, role_label, rule, text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.expiry import ExpiryForm, Refusal, RunShown, foretell
from app.views.theme.tokens import GAP_L, GAP_M, GAP_S, GAP_XS, WIDE_PANE_WIDTH, Tone

_COLUMNS = (
    Column(
        "account",
        "expiry.account",
        stretch=True,
        hideable=False,
        second="account_name",
        sortable=False,
    ),
    Column("unit_type", "acts.unit_type", width=84, sortable=False),
    Column(
        "quantity",
        "acts.units",
        width=100,
        kind=CellKind.QUANTITY,
        strong=True,
        sortable=False,
    ),
    Column("blocks", "acts.blocks", width=76, kind=CellKind.QUANTITY, sortable=False),
    Column("first_expiry", "expiry.first", width=104, kind=CellKind.DATE, sortable=False),
    Column("last_expiry", "expiry.last", width=104, kind=CellKind.DATE, sortable=False),
)


class ExpiryPage(Page):
    """Everybody reads; an administrator starts the run, an approver decides on what it proposed."""

    shows = frozenset({"transactions", "holdings", "accounts"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "expiry.title", "expiry.sentence")
        self.context = context
        self._expiry = ExpiryForm(context.registry, context.actor)
        self._expired: tuple[ExpiredUnits, ...] | None = None
        self._result: RunShown | None = None
        self._loaded = False
        self.run = ActButton(context.desk, "expiry.run", kind="primary", icon="send")
        self.run.asked.connect(self._start)
        self.header.add_act(self.run)
        self.table = Table(context.desk, self._listing(), toolbar=False)
        paper = Card(context.desk)
        paper.body.addWidget(self.table)
        self.outcome = Card(context.desk, "form.outcome", icon="eye")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GAP_M)
        column = QVBoxLayout()
        column.addLayout(self._lines)
        column.addStretch(1)
        self.outcome.body.addWidget(make_scrolling(column))
        self.outcome.setFixedWidth(WIDE_PANE_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        row.addWidget(paper, 1)
        row.addWidget(self.outcome)
        self.body.addLayout(row, 1)
        self.table.model.loaded.connect(self._take_rows)
        self.message.acted.connect(lambda: context.open_page("transactions", ""))
        self.table.row_activated.connect(lambda row: context.open_page("accounts", row.account))
        context.language.changed.connect(self._draw)
        self._draw()

    @property
    def result(self) -> RunShown | None:
        """What the last run did; None before there was one."""
        return self._result

    def enter(self, target: str = "") -> None:
        """Show what has expired by today."""
        if self._loaded:
            self.refresh()
        else:
            self._loaded = True
            self.table.load()

    def refresh(self) -> None:
        """Ask again what has expired."""
        if self._loaded:
            self.table.refresh()

    def _listing(self) -> Listing:
        return Listing(
            columns=_COLUMNS,
            fetch=self._fetch,
            title_key="expiry.title",
            row_key=lambda row: f"{row.account} {row.unit_type}",
            empty=EmptyText("expiry.none", "expiry.none_sentence", icon="hourglass"),
        )

    def _take_rows(self) -> None:
        model = self.table.model
        rows = (model.row_at(number) for number in range(model.known_rows))
        self._expired = tuple(row for row in rows if row is not None)
        self._draw()

    # The run

    def _start(self) -> None:
        self.message.clear()
        self.run.button.setEnabled(False)
        self.context.tasks.run(
            self._expiry.run,
            on_done=self._finish,
            on_error=self.message.say_problem,
            on_finished=self._draw,
            owner=self,
        )

    def _finish(self, result: RunShown) -> None:
        self._result = result
        language = self.context.language
        tone = Tone.AMBER if result.refused else Tone.LEAF
        self.message.say(
            tone,
            language.text(
                "expiry.done", proposed=len(result.proposed), refused=len(result.refused)
            ),
            language.text("expiry.will_be_decided"),
            action=language.text("expiry.open_transactions") if result.proposed else "",
        )
        self.context.changes.tell("transactions", "holdings", "inbox")
        self.table.refresh()

    # Telling what will happen, and what did

    def _draw(self) -> None:
        language, expired = self.context.language, self._expired
        reason = "" if expired is None else self._expiry.reason_against(expired)
        self.run.set_reason(reason)
        if expired is None:
            self.run.button.setEnabled(False)
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._result is not None:
            self._draw_result(self._result)
        for phrase in foretell(expired or ()):
            self._lines.addWidget(self._sentence(say_phrase(phrase, language), "info"))
        if not expired and self._result is None:
            text = language.text("expiry.none_sentence")
            self._lines.addWidget(wrapped_label("muted", text))

    def _draw_result(self, result: RunShown) -> None:
        language = self.context.language
        self._lines.addWidget(role_label("card-title", language.text("expiry.result")))
        for identifier in result.proposed:
            button = text_button(self.context.desk, "expiry.open_one", kind="quiet", icon="check")
            text = language.text("expiry.proposed_one", transaction=identifier)
            button.setText(f"  {text}")
            button.setAccessibleName(text)
            button.clicked.connect(
                lambda _checked=False, key=identifier: self.context.open_page("transactions", key)
            )
            self._lines.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        for refusal in result.refused:
            self._lines.addWidget(self._refusal(refusal))
        self._lines.addWidget(rule())

    def _refusal(self, refusal: Refusal) -> QWidget:
        language = self.context.language
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_XS)
        units = refusal.units
        text = language.text(
            "expiry.refused_one",
            account=units.account,
            quantity=units.quantity,
            unit_type=units.unit_type,
        )
        column.addWidget(self._sentence(text, "circle-x"))
        for code, english, thai in refusal.reasons:
            said = thai if language.code == "th" else english
            column.addWidget(wrapped_label("muted", f"{code} · {said}"))
        return made

    def _sentence(self, text: str, icon: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        sign = IconLabel(self.context.desk, icon, lambda palette: palette.muted)
        row.addWidget(sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(wrapped_label("", text), 1)
        return made

    def _fetch(self, _request: PageRequest) -> RowsPage[ExpiredUnits]:
        rows = self._expiry.list_expired()
        return RowsPage(rows, total=len(rows))
