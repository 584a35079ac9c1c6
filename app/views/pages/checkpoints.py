"""Checkpoints: the log's signed states, made, saved to be kept outside, and printed.

Owns the widgets; signing is the service's, of a networked registry its worker's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog

from app.services.listings.checkpoints import CheckpointLine
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.columns import CellKind, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import text_button
from app.views.components.listing import EmptyText, Listing
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.presenters.kept_rows import page_of
from app.views.presenters.proof import Proofs
from app.views.theme.tokens import Tone

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class CheckpointsPage(ListingPage):
    """Everybody reads and saves; making one signs the whole log as it stands."""

    def __init__(self, context: PageContext) -> None:
        self._proofs = Proofs(context.registry)
        super().__init__(context, "proof.checkpoints", "proof.checkpoints_sentence", self._make())
        desk = context.desk
        self.make = text_button(desk, "proof.make", kind="primary", icon="stamp")
        self.make.clicked.connect(self._make_one)
        self.header.add_act(self.make)
        self.save = text_button(desk, "proof.save", kind="primary", icon="download")
        self.save.clicked.connect(self._ask_path)
        self.print_button = text_button(desk, "certificates.print", icon="printer")
        self.print_button.clicked.connect(self._print)
        self.pane.acts.addWidget(self.print_button)
        self.pane.acts.addWidget(self.save)
        self.table.begin_asked.connect(self._make_one)

    def read_detail(self, key: str) -> CheckpointLine:
        return next(each for each in self._proofs.list_checkpoints() if str(each.size) == key)

    def show_detail(self, detail: CheckpointLine) -> None:
        language = self.context.language
        root = detail.root
        self.pane.show_details(
            language.text("proof.over", count=detail.size),
            [
                Detail("proof.signed_at", language.moment(detail.signed_at)),
                Detail(
                    "verification.root",
                    " ".join(root[start : start + 16] for start in range(0, len(root), 16)),
                ),
                Detail("proof.note", detail.note.strip()),
            ],
        )

    def _make_one(self) -> None:
        self.message.clear()
        self.make.setEnabled(False)
        self.context.tasks.run(
            self._proofs.make_checkpoint,
            on_done=self._made,
            on_error=self.message.say_problem,
            on_finished=lambda: self.make.setEnabled(True),
            owner=self,
        )

    def _made(self, note: str) -> None:
        size = note.split("\n")[1]
        language = self.context.language
        self.message.say(
            Tone.LEAF,
            language.text("proof.made", count=int(size)),
            language.text("proof.keep_outside"),
        )
        self.enter(size)
        self.table.refresh()
        self.context.changes.tell("log")

    def _ask_path(self) -> None:
        line: CheckpointLine = self._detail
        dialog = QFileDialog(self.window(), self.context.language.text("proof.save"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(f"checkpoint-{line.size}.txt")
        dialog.fileSelected.connect(lambda name: self._save(line, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, line: CheckpointLine, path: Path) -> None:
        self.context.tasks.run(
            lambda: self._proofs.save_checkpoint(line.note, path),
            on_done=lambda saved: self.message.say(
                Tone.LEAF,
                self.context.language.text("certificates.saved", name=saved.name),
                str(saved.parent),
            ),
            on_error=self.message.say_problem,
            owner=self,
        )

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        line: CheckpointLine = self._detail
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.window())
        dialog.accepted.connect(lambda: print_checkpoint(line, printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def _make(self) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[CheckpointLine]:
            return page_of(self._proofs.list_checkpoints(), request, texts=("size", "root"))

        return Listing(
            columns=(
                Column("size", "verification.entries", width=130, kind=CellKind.QUANTITY),
                Column("signed_at", "proof.signed_at", width=170, kind=CellKind.DATETIME),
                Column("root", "verification.root", width=300, stretch=True, sortable=False),
            ),
            fetch=fetch,
            title_key="proof.checkpoints",
            row_key=lambda line: str(line.size),
            empty=EmptyText(
                "proof.no_checkpoints", "proof.no_checkpoints_sentence", "proof.make", "stamp"
            ),
        )


def print_checkpoint(line: CheckpointLine, printer: QPrinter) -> None:
    """Print a checkpoint's note, letter by letter as it was signed."""
    document = QTextDocument()
    document.setPlainText(line.note)
    document.print_(printer)
