"""Certificates: the list, and each as it prints; saved, printed and reprinted.

Owns the widgets; making a certificate is the service's, through the presenter.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.listings.certificates import CertificateRow, list_certificates
from app.views.components.cards import Card
from app.views.components.choice_fields import SegmentsField
from app.views.components.columns import CellKind, Column
from app.views.components.empty_state import EmptyState
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.pdf_preview import PdfPreview
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.presenters.certificate_reading import (
    LANGUAGES,
    ReadCertificate,
    read_certificate,
    save_pdf,
)
from app.views.tasks import Lane
from app.views.theme.tokens import GAP_L, GAP_M, Tone

_LANGUAGE = Field(
    "language",
    "certificates.language",
    FieldKind.SEGMENTS,
    options=tuple(Option(code, text_key=f"certificates.languages.{code}") for code in LANGUAGES),
    initial="both",
)
_COLUMNS = (
    Column("number", "certificates.number", width=158, hideable=False, strong=True),
    Column(
        "beneficiary",
        "certificates.beneficiary",
        width=130,
        stretch=True,
        value=lambda row: row.beneficiary or row.holder,
        second="purpose",
        sortable=False,
    ),
    Column("quantity", "certificates.quantity", width=72, kind=CellKind.QUANTITY, sortable=False),
    Column("unit_type", "certificates.unit_type", width=60, hidden=True),
    Column("issued_at", "certificates.issued_at", width=102, kind=CellKind.DATE),
)
_SAID_AFTER_MS = 600
"""What comes sooner needs no word of waiting."""


class CertificatesPage(Page):
    """A list at the left, the certificate at the right."""

    shows = frozenset({"certificates"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "certificates.title", "certificates.sentence")
        self.context = context
        self._loaded = False
        self._read: ReadCertificate | None = None
        self._waiting = QTimer(self, interval=_SAID_AFTER_MS, singleShot=True)
        self._waiting.timeout.connect(self._say_waiting)
        desk = context.desk
        self.table = Table(desk, _listing(context))
        self.language = SegmentsField(desk, _LANGUAGE)
        self.preview = PdfPreview(desk, "certificates.preview")
        self.save = text_button(desk, "certificates.save", kind="primary", icon="download")
        self.print_button = text_button(desk, "certificates.print", icon="printer")
        self.body.addLayout(self._build(), 1)
        self.table.selection_changed.connect(self._take_selection)
        self.table.model.loaded.connect(self._select_shown)
        self.language.edited.connect(self._change_language)
        self.save.clicked.connect(self._ask_path)
        self.print_button.clicked.connect(lambda: self.preview.print_pages(self.window()))
        self._show_nothing()

    def enter(self, target: str = "") -> None:
        """Show the list, and the certificate of a number or a transaction."""
        if not self._loaded:
            self._loaded = True
            self.table.load()
        if target:
            self._ask(target)

    def refresh(self) -> None:
        """Fetch the list again."""
        if self._loaded:
            self.table.refresh()

    def _build(self) -> QHBoxLayout:
        desk = self.context.desk
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        paper = Card(desk)
        paper.body.addWidget(self.table)
        row.addWidget(paper, 1)
        self._paper = Card(desk)
        self._title = role_label("card-title")
        self._note = wrapped_label("label")
        head = QVBoxLayout()
        head.setSpacing(GAP_M)
        head.addWidget(self._title)
        head.addWidget(self.language)
        self._head = QWidget()
        head.setContentsMargins(0, 0, 0, 0)
        self._head.setLayout(head)
        foot = QHBoxLayout()
        foot.setSpacing(GAP_M)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self._note, 1)
        foot.addWidget(self.print_button)
        foot.addWidget(self.save)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        self.context.language.keep(self._note, self._note.setText, "certificates.same_number")
        self._nothing = EmptyState(
            desk, "certificates.choose", "certificates.choose_sentence", icon="award"
        )
        for widget in (self._head, self.preview, self._foot, self._nothing):
            stretch = 1 if widget in (self.preview, self._nothing) else 0
            self._paper.body.addWidget(widget, stretch)
        row.addWidget(self._paper, 1)
        return row

    def _show_nothing(self) -> None:
        for widget in (self._head, self.preview, self._foot):
            widget.hide()

    def _take_selection(self, row: CertificateRow | None) -> None:
        if row is not None and (self._read is None or self._read.key != row.number):
            self._ask(row.number)

    def _change_language(self) -> None:
        if self._read is not None:
            self._ask(self._read.key)

    def _ask(self, key: str) -> None:
        registry, actor = self.context.registry, self.context.actor
        language = self.language.value()
        self.message.clear()
        self._waiting.start()
        # A server's worker makes it: waiting for that must not keep the lists waiting.
        self.context.tasks.run_long(
            lambda _control: read_certificate(registry, actor, key, language),
            title=self.context.language.text("certificates.title"),
            on_done=self._show,
            on_error=self._refuse,
            latest_key="certificate",
            owner=self,
            lane=Lane.REGISTRY if registry.server is None else Lane.LONG,
        )

    def _say_waiting(self) -> None:
        self.message.say(
            Tone.BLUE,
            self.context.language.text("worker.certificate_waiting"),
            self.context.language.text("worker.certificate_waiting_sentence"),
        )

    def _refuse(self, error: Exception) -> None:
        self._waiting.stop()
        self.message.say_problem(error)

    def _show(self, read: ReadCertificate) -> None:
        self._waiting.stop()
        self.message.clear()
        self._read = read
        self._nothing.hide()
        for widget in (self._head, self.preview, self._foot):
            widget.show()
        self._title.setText(read.issued.number)
        self._paper.setAccessibleName(read.issued.number)
        self.preview.show_pdf(read.issued.pdf)
        if read.is_new:
            self.context.changes.tell("certificates")
        self._select_shown()

    def _select_shown(self) -> None:
        """Mark in the list what is shown, as soon as the list has it."""
        key = "" if self._read is None else self._read.key
        number = self.table.model.find_number(key, lambda row: str(row.number))
        if number is not None and number != self.table.view.currentIndex().row():
            self.table.view.selectRow(number)

    def _ask_path(self) -> None:
        if self._read is None:
            return
        issued = self._read.issued
        dialog = QFileDialog(self.window(), self.context.language.text("certificates.save"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{issued.number}.pdf")
        dialog.fileSelected.connect(lambda name: self._save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, path: Path) -> None:
        if self._read is None:
            return
        issued = self._read.issued
        self.context.tasks.run(
            lambda: save_pdf(issued, path),
            on_done=lambda saved: self.message.say(
                Tone.LEAF,
                self.context.language.text("certificates.saved", name=saved.name),
                str(saved.parent),
            ),
            on_error=self.message.say_problem,
            owner=self,
        )


def _listing(context: PageContext) -> Listing:
    registry = context.registry
    return Listing(
        columns=_COLUMNS,
        fetch=lambda request: list_certificates(registry, request),
        title_key="certificates.title",
        row_key=lambda row: str(row.number),
        empty=EmptyText("certificates.none", "certificates.none_sentence", icon="award"),
        sort="id",
        descending=True,
    )
