"""Registering source units: a cancellation record and its attestation, looked through first.

Owns the dialog; reading, judging and registering are the services'.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.conversions.previewing import PreviewedRow, RecordPreview
from app.services.conversions.sources import SourceReport
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.message_bar import MessageBar
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.presenters.conversion import SourceUnits
from app.views.presenters.kept_rows import page_of
from app.views.theme.tokens import GAP_L, GAP_M, GAP_XL, IMPORT_DIALOG_SIZE, Tone

_STATES = {
    "new": ChipLook(Tone.LEAF, "conversions.row_new"),
    "there": ChipLook(Tone.QUIET, "conversions.row_there"),
    "refused": ChipLook(Tone.RED, "conversions.row_refused"),
}


class RegisterRecordDialog(QDialog):
    """`registered` carries the report once the record is in."""

    registered = Signal(object)

    def __init__(
        self, context: PageContext, presenter: SourceUnits, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._presenter = presenter
        self._preview: RecordPreview | None = None
        desk = context.desk
        desk.language.keep(self, self.setWindowTitle, "conversions.register_title")
        self.resize(*IMPORT_DIALOG_SIZE)
        self.message = MessageBar(desk)
        self.record = LabelledField(
            desk, Field("record", "conversions.record", FieldKind.FILE, file_kinds="*.csv *.json")
        )
        self.attestation = LabelledField(
            desk, Field("attestation", "conversions.attestation", FieldKind.FILE)
        )
        self.summary = wrapped_label("strong")
        self.table = Table(desk, self._listing(), toolbar=False)
        self.act = text_button(desk, "conversions.register", kind="primary", icon="check")
        self.cancel = text_button(desk, "common.cancel")
        self.record.entry.edited.connect(self._look_through)
        self.attestation.entry.edited.connect(self._look_through)
        self.act.clicked.connect(self._register)
        self.cancel.clicked.connect(self.reject)
        self._build()
        self._show_state()

    def _build(self) -> None:
        desk = self._context.desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        title, sentence = wrapped_label("title"), wrapped_label("muted")
        desk.language.keep(title, title.setText, "conversions.register_title")
        desk.language.keep(sentence, sentence.setText, "conversions.register_sentence")
        files = QHBoxLayout()
        files.setSpacing(GAP_L)
        files.addWidget(self.record, 1)
        files.addWidget(self.attestation, 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch(1)
        acts.addWidget(self.cancel)
        acts.addWidget(self.act)
        for widget in (title, sentence, self.message):
            layout.addWidget(widget)
        layout.addLayout(files)
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addLayout(acts)

    def _listing(self) -> Listing:
        language = self._context.language

        def fetch(request: PageRequest) -> RowsPage[PreviewedRow]:
            return page_of(() if self._preview is None else self._preview.rows, request)

        def why(row: PreviewedRow) -> str:
            if row.refused is None:
                return ""
            said = row.refused.reason_th if language.code == "th" else row.refused.reason
            return f"{row.refused.code} · {said}"

        return Listing(
            columns=(
                Column("row", "conversions.row", width=56, kind=CellKind.QUANTITY, sortable=False),
                Column(
                    "serial",
                    "conversions.serial",
                    width=290,
                    kind=CellKind.SERIAL,
                    sortable=False,
                ),
                Column("quantity", "acts.units", width=80, kind=CellKind.QUANTITY, sortable=False),
                Column(
                    "state",
                    "conversions.state",
                    width=110,
                    kind=CellKind.CHIP,
                    chips=_STATES,
                    sortable=False,
                    value=_state_of,
                ),
                Column("why", "conversions.why", stretch=True, sortable=False, value=why),
            ),
            fetch=fetch,
            title_key="conversions.rows",
            row_key=lambda row: str(row.row),
            empty=EmptyText("conversions.no_rows", "conversions.no_rows_sentence", icon="upload"),
        )

    def _look_through(self) -> None:
        record, attestation = self.record.entry.value(), self.attestation.entry.value()
        if not record:
            return
        self.message.clear()
        self._context.tasks.run(
            lambda: self._presenter.preview(record, attestation),
            on_done=self._take_preview,
            on_error=self._fail,
            latest_key=f"record:{id(self)}",
            owner=self,
        )

    def _take_preview(self, preview: RecordPreview) -> None:
        self._preview = preview
        self.table.load()
        self._show_state()

    def _fail(self, error: Exception) -> None:
        self._preview = None
        self.table.load()
        self._show_state()
        self.message.say_problem(error)

    def _show_state(self) -> None:
        preview, language = self._preview, self._context.language
        has_both = bool(self.attestation.entry.value()) and preview is not None
        self.act.setEnabled(has_both and bool(preview and preview.new))
        if preview is None:
            self.summary.setText(language.text("conversions.choose_files"))
            return
        text = language.text(
            "conversions.preview_sum",
            new=len(preview.new),
            units=preview.units,
            refused=len(preview.refused),
            rows=len(preview.rows),
        )
        if not self.attestation.entry.value():
            text = f"{text} {language.text('conversions.needs_attestation')}"
        self.summary.setText(text)

    def _register(self) -> None:
        record, attestation = self.record.entry.value(), self.attestation.entry.value()
        self.act.setEnabled(False)
        self._context.tasks.run(
            lambda: self._presenter.register(record, attestation),
            on_done=self._finish,
            on_error=self.message.say_problem,
            on_finished=self._show_state,
            owner=self,
        )

    def _finish(self, report: SourceReport) -> None:
        self.accept()
        self.registered.emit(report)


def _state_of(row: PreviewedRow) -> str:
    if row.refused is not None:
        return "refused"
    return "there" if row.is_there else "new"
