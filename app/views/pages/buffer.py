"""The buffers of the schemes: what each holds, and the acts by which units enter and leave them.

Owns the overview and which acts stand on the board.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout

from app.models.codes import Role
from app.services.listings.buffers import BufferRow, list_buffers
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.act_list import ActEntry
from app.views.components.cards import Card
from app.views.components.columns import CellKind, Column
from app.views.components.labels import text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.table import Table
from app.views.pages.act_board import TARGET_BETWEEN, ActBoard, BoardAct
from app.views.pages.context import PageContext
from app.views.pages.further_acts import further_act
from app.views.pages.further_page import ICONS
from app.views.theme.tokens import GAP_M

OVERVIEW = "buffers"
_FROM_BUFFER = ("buffer-hold", "buffer-release", "buffer-cancellation")
_FROM_RESERVE = ("buffer-return",)
_NAMES = (
    "buffer-deposit",
    "buffer-hold",
    "buffer-return",
    "buffer-release",
    "buffer-cancellation",
    "buffer-compensation",
)


class BufferPage(ActBoard):
    """`BufferPage(context)`; a target is an act's name, perhaps with `:` and an account."""

    def __init__(self, context: PageContext) -> None:
        overview = BoardAct(
            ActEntry(OVERVIEW, "buffer.name", "umbrella", "buffer.about"),
            lambda: BufferOverview(context, self.enter),
        )
        acts = [overview, *(further_act(context, name) for name in _NAMES)]
        super().__init__(context, "pages.buffer", "buffer.sentence", acts)


class BufferOverview(Page):
    """What each buffer holds; `open_act` shows an act of the board with an account."""

    def __init__(self, context: PageContext, open_act: Callable[[str], None]) -> None:
        super().__init__(context.desk, "buffer.title", "buffer.overview_sentence")
        self.context = context
        self._open_act = open_act
        self._loaded = False
        self.table = Table(context.desk, _listing(context), toolbar=False)
        self._hint = wrapped_label("muted")
        self.buttons = {
            name: text_button(context.desk, f"buffer.open.{name}", icon=ICONS[name])
            for name in (*_FROM_BUFFER, *_FROM_RESERVE)
        }
        card = Card(context.desk)
        card.body.addWidget(self.table, 1)
        card.body.addLayout(self._build_acts())
        self.body.addWidget(card, 1)
        self.table.selection_changed.connect(self._show_acts)
        self.table.row_activated.connect(self._show_acts)
        context.language.changed.connect(lambda: self._show_acts(self.table.current_row()))
        self._show_acts(None)

    def enter(self, target: str = "") -> None:
        """Show the buffers."""
        if not self._loaded:
            self._loaded = True
            self.table.load()

    def refresh(self) -> None:
        """Fetch again what is held."""
        if self._loaded:
            self.table.refresh()

    def _build_acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        row.addWidget(self._hint, 1)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, each=name: self._open(each))
            row.addWidget(button)
        return row

    def _show_acts(self, row: BufferRow | None) -> None:
        may = self.context.actor.role is Role.ADMINISTRATOR
        offered: tuple[str, ...] = ()
        if may and row is not None and row.quantity:
            offered = _FROM_RESERVE if row.is_reserve else _FROM_BUFFER
        for name, button in self.buttons.items():
            button.setVisible(name in offered)
        key = "" if offered else "buffer.choose_row" if may else "buffer.only_administrators"
        self._hint.setText(self.context.language.text(key) if key else "")

    def _open(self, name: str) -> None:
        row = self.table.current_row()
        if row is not None:
            self._open_act(f"{name}{TARGET_BETWEEN}{row.account}")


def _listing(context: PageContext) -> Listing:
    registry, language = context.registry, context.language

    def scheme_name(row: BufferRow) -> str:
        if row.is_reserve:
            return language.text("buffer.reserve")
        name = row.scheme_th if language.code == "th" else row.scheme_en
        return f"{row.scheme} · {name}" if name and name != row.scheme else row.scheme

    def fetch(_request: PageRequest) -> RowsPage[BufferRow]:
        rows = list_buffers(registry)
        return RowsPage(rows, total=len(rows))

    return Listing(
        columns=(
            Column("scheme", "buffer.scheme", stretch=True, value=scheme_name, sortable=False),
            Column(
                "account",
                "buffer.account",
                width=150,
                kind=CellKind.SERIAL,
                hideable=False,
                sortable=False,
            ),
            Column(
                "unit_type",
                "acts.unit_type",
                width=90,
                value=lambda row: row.unit_type or "–",
                sortable=False,
            ),
            Column(
                "quantity",
                "buffer.holds",
                width=110,
                kind=CellKind.QUANTITY,
                strong=True,
                sortable=False,
            ),
            Column(
                "reserved",
                "buffer.reserved",
                width=130,
                kind=CellKind.QUANTITY,
                sortable=False,
            ),
        ),
        fetch=fetch,
        title_key="buffer.title",
        row_key=lambda row: str(row.key),
        empty=EmptyText("buffer.none", "buffer.none_sentence", icon="umbrella"),
    )
