"""Picking registered source units into a proposal.

Owns the dialog; which can be picked is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.conversions.listing import SourceUnitRow
from app.views.components.columns import CellKind, Column
from app.views.components.labels import text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.presenters.conversion import ConversionForm
from app.views.theme.tokens import GAP_L, GAP_M, GAP_XL, IMPORT_DIALOG_SIZE

SOURCE_COLUMNS = (
    Column("serial", "conversions.serial", width=300, stretch=True, kind=CellKind.SERIAL),
    Column("quantity", "acts.units", width=90, kind=CellKind.QUANTITY, sortable=False),
    Column("unit_type", "acts.unit_type", width=70, sortable=False),
    Column("host_country", "conversions.country", width=80, sortable=False),
    Column("project", "conversions.source_project", width=110),
)


class PickSourcesDialog(QDialog):
    """`taken` carries the serials in the order of the list."""

    taken = Signal(tuple)

    def __init__(
        self, context: PageContext, presenter: ConversionForm, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._language = context.language
        desk = context.desk
        desk.language.keep(self, self.setWindowTitle, "conversions.pick_title")
        self.resize(*IMPORT_DIALOG_SIZE)
        self.table = Table(
            desk,
            Listing(
                columns=SOURCE_COLUMNS,
                fetch=presenter.free_sources,
                title_key="conversions.pick_title",
                row_key=lambda row: str(row.id),
                empty=EmptyText(
                    "conversions.none_free", "conversions.none_free_sentence", icon="refresh-cw"
                ),
                sort="serial",
            ),
        )
        self.summary = wrapped_label("muted")
        self.take = text_button(desk, "conversions.take", kind="primary", icon="check")
        self.cancel = text_button(desk, "common.cancel")
        self.take.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.table.view.selectionModel().selectionChanged.connect(lambda *_: self._show_sum())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        sentence = wrapped_label("muted")
        desk.language.keep(sentence, sentence.setText, "conversions.pick_sentence")
        layout.addWidget(sentence)
        layout.addWidget(self.table, 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.summary, 1)
        acts.addWidget(self.cancel)
        acts.addWidget(self.take)
        layout.addLayout(acts)
        self.table.load()
        self._show_sum()

    def _chosen(self) -> list[SourceUnitRow]:
        return self.table.selected_rows()

    def _show_sum(self) -> None:
        rows = self._chosen()
        self.take.setEnabled(bool(rows))
        units = sum(row.quantity for row in rows)
        self.summary.setText(
            self._language.text("conversions.pick_sum", ranges=len(rows), count=units)
        )

    def _take(self) -> None:
        self.taken.emit(tuple(row.serial for row in self._chosen()))
        self.accept()
