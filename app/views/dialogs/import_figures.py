"""What an import would do, or did: figures, and the rows that were refused with their reasons.

Owns showing them; counting is the services'.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.imports.faults import RejectedRow
from app.services.imports.import_preview import ImportPreview
from app.services.imports.import_report import ImportReport
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.cards import Card, FigureCard
from app.views.components.columns import Column
from app.views.components.labels import wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.table import Table
from app.views.desk import Desk
from app.views.theme.tokens import GAP_L, GAP_M

_FIGURES = ("rows", "already_there", "rejected", "issued", "cancelled")


class ImportFigures(QWidget):
    """A sentence, five figures, and the refused rows."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rejected: tuple[RejectedRow, ...] = ()
        self.sentence = wrapped_label("strong")
        self.cards = {key: FigureCard(desk, f"imports.figures.{key}") for key in _FIGURES}
        self.table = Table(desk, self._listing(), toolbar=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        column.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        for card in self.cards.values():
            row.addWidget(card)
        column.addLayout(row)
        paper = Card(desk, "imports.refused_rows", icon="list-checks")
        paper.body.addWidget(self.table)
        column.addWidget(paper, 1)

    def show_preview(self, preview: ImportPreview) -> None:
        """Show what importing would do."""
        self.sentence.setText(
            self._desk.language.text(
                "imports.would",
                rows=preview.rows,
                projects=preview.projects,
                holders=preview.holders,
            )
        )
        figures = (
            preview.new_rows,
            preview.already_there,
            len(preview.rejected),
            preview.units_issued,
            preview.units_cancelled,
        )
        self._show(figures, preview.rejected)

    def show_report(self, report: ImportReport) -> None:
        """Show what importing did."""
        key = "imports.refused" if report.refused else "imports.did"
        key = "imports.stopped" if report.stopped else key
        self.sentence.setText(
            self._desk.language.text(key, rows=report.rows, imported=report.imported)
        )
        figures = (
            report.imported,
            report.already_there,
            len(report.rejected),
            report.units_issued,
            report.units_cancelled,
        )
        self._show(figures, report.rejected)

    def _show(self, figures: tuple[int, ...], rejected: tuple[RejectedRow, ...]) -> None:
        for card, figure in zip(self.cards.values(), figures, strict=True):
            card.show_figure(self._desk.language.quantity(figure))
        self._rejected = rejected
        self.table.load()

    def _listing(self) -> Listing:
        language = self._desk.language

        def reason(row: RejectedRow) -> str:
            return row.reason_th if language.code == "th" else row.reason

        return Listing(
            columns=(
                Column("row", "imports.row", width=70, right=True, sortable=False),
                Column(
                    "code",
                    "imports.code",
                    width=70,
                    sortable=False,
                    value=lambda row: str(row.code),
                ),
                Column(
                    "reason",
                    "imports.reason",
                    width=320,
                    stretch=True,
                    sortable=False,
                    value=reason,
                ),
            ),
            fetch=self._page,
            title_key="imports.refused_rows",
            row_key=lambda row: str(row.row),
            empty=EmptyText("imports.none_refused", "imports.none_refused_sentence", icon="check"),
        )

    def _page(self, request: PageRequest) -> RowsPage[RejectedRow]:
        first = int(request.after[0] or 0) if request.after else 0
        rows = self._rejected[first : first + request.limit]
        end = first + len(rows)
        following = (end,) if end < len(self._rejected) else None
        return RowsPage(rows, following, len(self._rejected))
