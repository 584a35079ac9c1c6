"""Importing another registry's export: choose, see what would happen, agree, report.

Owns the order of the steps; reading and importing are the presenter's, off this thread.
"""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.services.imports.import_report import ImportReport
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.dialogs.approver_fields import ApproverFields
from app.views.dialogs.import_figures import ImportFigures
from app.views.pages.context import PageContext
from app.views.presenters.registry_import import FORMAT_NAMES, ReadFile, carry_out, read_file
from app.views.tasks import Task, TaskControl
from app.views.theme.tokens import GAP_L, GAP_M, GAP_XL, IMPORT_DIALOG_SIZE

_FILE = Field("file", "imports.file", FieldKind.FILE, file_kinds="CSV (*.csv)")
_FORMAT = Field(
    "format",
    "imports.format",
    FieldKind.CHOICE,
    options=(
        Option("", text_key="imports.formats.any"),
        *(Option(name, text_key=f"imports.formats.{name}") for name in FORMAT_NAMES),
    ),
)


class ImportDialog(QDialog):
    """A file, its format, what would happen; then what happened."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read_file: ReadFile | None = None
        self._task: Task | None = None
        self._stop = threading.Event()
        desk = context.desk
        self.message = MessageBar(desk)
        self.file = LabelledField(desk, _FILE)
        self.format = LabelledField(desk, _FORMAT)
        self.figures = ImportFigures(desk)
        self.strict = QCheckBox()
        self.approver = ApproverFields(context)
        self.progress = QProgressBar()
        self.act = text_button(desk, "imports.act", kind="primary", icon="upload")
        self.leave = text_button(desk, "common.cancel")
        self.close_button = text_button(desk, "common.close", kind="primary")
        self.close_button.hide()
        self._build()
        self.file.entry.edited.connect(self._read)
        self.format.entry.edited.connect(self._read)
        self.act.clicked.connect(self._run)
        self.leave.clicked.connect(self.reject)
        self.close_button.clicked.connect(self.accept)
        context.tasks.progressed.connect(self._show_progress)
        self._show_file(None)

    def reject(self) -> None:
        """Stop the import under way and show what it did; else close."""
        if self._task is not None:
            self._stop.set()
            return
        super().reject()

    def _build(self) -> None:
        language = self._context.language
        language.keep(self, self.setWindowTitle, "imports.title")
        language.keep(self.strict, self.strict.setText, "imports.strict")
        language.keep(self.progress, self.progress.setAccessibleName, "imports.running")
        self.resize(*IMPORT_DIALOG_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_L)
        sentence = wrapped_label("muted")
        language.keep(sentence, sentence.setText, "imports.sentence")
        layout.addWidget(sentence)
        layout.addWidget(self.message)
        choice = QHBoxLayout()
        choice.setSpacing(GAP_M)
        choice.addWidget(self.file, 3)
        choice.addWidget(self.format, 2)
        layout.addLayout(choice)
        layout.addWidget(self.figures, 1)
        layout.addWidget(self.approver)
        layout.addWidget(self.strict)
        layout.addStretch()
        self.progress.setTextVisible(False)
        self.progress.hide()
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.progress, 1)
        acts.addStretch()
        for button in (self.leave, self.act, self.close_button):
            acts.addWidget(button)
        layout.addLayout(acts)

    def _read(self) -> None:
        name = self.file.entry.value()
        if not name:
            return
        self.message.clear()
        registry, path, wanted = self._context.registry, Path(name), self.format.entry.value()
        self._context.tasks.run(
            lambda: read_file(registry, path, wanted),
            on_done=self._show_file,
            on_error=self._refuse_file,
            latest_key="import-preview",
            owner=self,
        )

    def _refuse_file(self, error: Exception) -> None:
        self._show_file(None)
        self.message.say_problem(error)

    def _show_file(self, read: ReadFile | None) -> None:
        self._read_file = read
        for widget in (self.figures, self.approver, self.strict):
            widget.setVisible(read is not None)
        self.act.setEnabled(read is not None and read.preview.new_rows > 0)
        if read is not None:
            self.format.entry.set_value(read.format)
            self.figures.show_preview(read.preview)

    def _run(self) -> None:
        read = self._read_file
        if read is None or self._task is not None:
            return
        self.message.clear()
        self._stop.clear()
        self._set_running(running=True)
        registry, officer = self._context.registry, self._context.actor
        credentials, strict = self.approver.credentials(), self.strict.isChecked()
        self.approver.clear_secrets()

        def work(control: TaskControl) -> ImportReport:
            def tell(done: int, total: int) -> None:
                # Stopping is asked for between acts, so that a report comes of it.
                if not control.cancelled:
                    control.progress(done, total)

            return carry_out(
                registry,
                officer,
                read,
                credentials,
                strict=strict,
                progress=tell,
                cancelled=lambda: control.cancelled or self._stop.is_set(),
            )

        self._task = self._context.tasks.run_long(
            work,
            title=self._context.language.text("imports.running"),
            on_done=self._show_report,
            on_error=self.message.say_problem,
            on_finished=lambda: self._set_running(running=False),
            owner=self,
        )

    def _show_progress(self, task: Task) -> None:
        if task is self._task and task.total:
            self.progress.setRange(0, task.total)
            self.progress.setValue(task.done)

    def _show_report(self, report: ImportReport) -> None:
        self.figures.show_report(report)
        for widget in (self.approver, self.strict, self.act, self.leave):
            widget.hide()
        self.close_button.show()
        self._context.changes.tell("transactions", "holdings", "accounts", "projects", "inbox")

    def _set_running(self, *, running: bool) -> None:
        if not running:
            self._task = None
        for widget in (self.file, self.format, self.strict, self.approver, self.act):
            widget.setEnabled(not running)
        self.progress.setVisible(running)
        self.progress.setRange(0, 0)
