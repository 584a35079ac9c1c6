"""Following a serial from a source unit to the domestic one that stands for it, and back.

Owns the widgets; the arithmetic is the service's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from app.services.conversions.tracing import ReissuedRange
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.cards import Card
from app.views.components.columns import CellKind, Column
from app.views.components.fields import Field
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.table import Table
from app.views.components.text_fields import TextField
from app.views.pages.context import PageContext
from app.views.presenters.conversion import SourceUnits
from app.views.presenters.kept_rows import page_of


class FollowSerialPage(Page):
    """A target is a serial; a row leads to its conversion."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "conversions.follow_title", "conversions.follow_sentence")
        self.context = context
        self._sources = SourceUnits(context.registry, context.actor)
        self._found: tuple[ReissuedRange, ...] = ()
        self.serial = LabelledField(
            context.desk,
            Field("serial", "conversions.serial", placeholder_key="conversions.serial_hint"),
        )
        self.follow = text_button(context.desk, "conversions.follow", kind="primary", icon="search")
        self.follow.clicked.connect(self._follow)
        if isinstance(self.serial.entry, TextField):
            self.serial.entry.line.returnPressed.connect(self._follow)
        self.table = Table(context.desk, self._listing(), toolbar=False)
        self.table.row_activated.connect(
            lambda row: context.open_page("transactions", row.transaction)
        )
        line = QHBoxLayout()
        line.addWidget(self.serial, 1)
        line.addWidget(self.follow, alignment=Qt.AlignmentFlag.AlignBottom)
        card = Card(context.desk)
        card.body.addLayout(line)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)

    def enter(self, target: str = "") -> None:
        """Follow the target, if there is one."""
        if target:
            self.serial.entry.set_value(target)
            self._follow()
        elif not self._found:
            self.table.load()

    def _follow(self) -> None:
        text = self.serial.entry.value()
        if not text:
            return
        self.message.clear()
        self.context.tasks.run(
            lambda: self._sources.follow(text),
            on_done=self._show,
            on_error=self.message.say_problem,
            latest_key=f"follow:{id(self)}",
            owner=self,
        )

    def _show(self, found: tuple[ReissuedRange, ...]) -> None:
        self._found = found
        self.table.load()

    def _listing(self) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[ReissuedRange]:
            return page_of(self._found, request)

        return Listing(
            columns=(
                Column(
                    "source",
                    "conversions.source",
                    width=280,
                    stretch=True,
                    kind=CellKind.SERIAL,
                    second="registered",
                    sortable=False,
                ),
                Column(
                    "domestic",
                    "conversions.domestic",
                    width=250,
                    kind=CellKind.SERIAL,
                    sortable=False,
                ),
                Column("quantity", "acts.units", width=90, kind=CellKind.QUANTITY, sortable=False),
                Column("transaction", "conversions.conversion", width=110, sortable=False),
            ),
            fetch=fetch,
            title_key="conversions.followed",
            row_key=lambda row: f"{row.source}={row.domestic}",
            empty=EmptyText(
                "conversions.nothing_followed",
                "conversions.nothing_followed_sentence",
                icon="search",
            ),
        )
