"""The dialog in which blocks, or parts of them, are picked by hand.

Owns choosing; whether the picked units may move the checks say, in the form behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.services.listings.free_blocks import FreeBlock, list_free_blocks
from app.services.listings.page import Page, PageRequest
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.labels import icon_button, role_label, text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.presenters.block_picking import BlockPicking, Pick
from app.views.theme.tokens import CONTROL_HEIGHT, GAP_L, GAP_M, GAP_S, GAP_XL, Tone

_PICKED = "picked"
_SIZE = (860, 620)
_PARTS_IN_SIGHT = 4


class BlockPicker(QDialog):
    """Rows are ticked with Space, Enter or a double click; a ticked block can be cut to a part.

    `taken` carries the serials that were picked and how many units they are.
    """

    taken = Signal(object, object)

    def __init__(
        self,
        context: PageContext,
        *,
        account: str,
        unit_type: str,
        serials: Sequence[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._context = context
        self._account = account
        self._unit_type = unit_type
        self.picking = BlockPicking(serials)
        self.table = Table(context.desk, self._listing())
        self._parts = QGridLayout()
        self._parts_area = self._scrolling()
        self._total = role_label("strong")
        self.take = text_button(context.desk, "picker.take", kind="primary", icon="check")
        self.tick = text_button(context.desk, "picker.tick", icon="check")
        self._build()
        self._connect()
        self.table.load()

    def _listing(self) -> Listing:
        registry, account, unit_type = self._context.registry, self._account, self._unit_type

        def fetch(request: PageRequest) -> Page[FreeBlock]:
            return list_free_blocks(registry, request, account_number=account, unit_type=unit_type)

        def is_picked(block: FreeBlock) -> str:
            return _PICKED if self.picking.is_picked(block) else ""

        return Listing(
            columns=(
                Column(
                    _PICKED,
                    "picker.picked",
                    width=84,
                    kind=CellKind.CHIP,
                    sortable=False,
                    value=is_picked,
                    chips={_PICKED: ChipLook(Tone.LEAF, "picker.picked")},
                ),
                Column(
                    "serial",
                    "acts.serials",
                    stretch=True,
                    kind=CellKind.SERIAL,
                    second="project_name",
                    sortable=False,
                ),
                Column("vintage", "acts.vintage", width=72, sortable=False, value=_vintage),
                Column(
                    "expires_on",
                    "acts.expires_title",
                    width=110,
                    kind=CellKind.DATE,
                    sortable=False,
                    value=lambda block: block.expires_on or "–",
                ),
                Column("quantity", "acts.units", width=96, kind=CellKind.QUANTITY, sortable=False),
            ),
            fetch=fetch,
            title_key="picker.title",
            row_key=lambda block: block.key,
            empty=EmptyText("picker.none", "picker.none_sentence", icon="layers"),
        )

    def _build(self) -> None:
        language = self._context.language
        language.keep(self, self.setWindowTitle, "picker.title")
        self.resize(*_SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        column.setSpacing(GAP_M)
        sentence = wrapped_label("muted")
        language.keep(sentence, sentence.setText, "picker.sentence")
        column.addWidget(sentence)
        column.addWidget(self.table, 1)
        self._parts.setHorizontalSpacing(GAP_S)
        self._parts.setVerticalSpacing(GAP_S)
        self._parts.setColumnStretch(0, 1)
        self._parts.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._parts_area)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.tick)
        acts.addWidget(self._total)
        acts.addStretch()
        cancel = text_button(self._context.desk, "common.cancel")
        cancel.clicked.connect(self.reject)
        acts.addWidget(cancel)
        acts.addWidget(self.take)
        column.addLayout(acts)

    def _scrolling(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("role", "clear")
        inner.setLayout(self._parts)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _connect(self) -> None:
        self.table.row_activated.connect(self._toggle)
        self.tick.clicked.connect(self._toggle_selected)
        self.take.clicked.connect(self._take)
        self.table.model.loaded.connect(self._place)
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.table.view)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self._toggle_selected)
        self._context.language.changed.connect(self._show)
        self._show()
        self.table.view.setFocus()

    def _place(self) -> None:
        rows = (self.table.model.row_at(row) for row in range(self.table.model.known_rows))
        self.picking.place(row for row in rows if row is not None)
        self._show()

    def _toggle(self, block: FreeBlock) -> None:
        self.picking.toggle(block)
        self._show()

    def _toggle_selected(self) -> None:
        for block in self.table.selected_rows():
            self.picking.toggle(block)
        self._show()

    def _take(self) -> None:
        self.taken.emit(self.picking.serials(), self.picking.total)
        self.accept()

    def _show(self) -> None:
        while (item := self._parts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (number, pick) in enumerate(self.picking.picks.items()):
            self._add_part(row, number, pick)
        rows = min(len(self.picking.picks), _PARTS_IN_SIGHT)
        self._parts_area.setFixedHeight(rows * (CONTROL_HEIGHT + GAP_S))
        self._parts_area.setVisible(rows > 0)
        self._show_total()
        self.table.view.viewport().update()

    def _add_part(self, row: int, number: int, pick: Pick) -> None:
        language = self._context.language
        name = role_label("", pick.block.serial)
        self._parts.addWidget(name, row, 0)
        for column, (end, text_key) in enumerate(
            (("first", "picker.first"), ("last", "picker.last")), start=1
        ):
            entry = QLineEdit(str(getattr(pick, end)))
            entry.setFixedWidth(110)
            entry.setAlignment(Qt.AlignmentFlag.AlignRight)
            entry.setAccessibleName(f"{language.text(text_key)} {pick.block.serial}")
            entry.setToolTip(language.text(text_key))
            entry.textEdited.connect(lambda text, end=end: self._set_part(number, end, text))
            self._parts.addWidget(entry, row, column)
        drop = icon_button(self._context.desk, "picker.drop", "x")
        drop.clicked.connect(lambda: self._drop(number))
        self._parts.addWidget(drop, row, 3)

    def _set_part(self, number: int, end: str, text: str) -> None:
        whole = text.replace(",", "").strip()
        serial = int(whole) if whole.isascii() and whole.isdigit() else -1
        self.picking.set_part(number, **{end: serial})
        self._show_total()

    def _drop(self, number: int) -> None:
        self.picking.drop(number)
        self._show()

    def _show_total(self) -> None:
        language, sound = self._context.language, self.picking.is_sound
        key = "picker.total" if sound else "picker.outside"
        self._total.setText(language.text(key, count=self.picking.total))
        self.take.setEnabled(sound)


def _vintage(block: FreeBlock) -> str:
    return "–" if block.vintage is None else str(block.vintage)
