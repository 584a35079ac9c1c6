"""The proof of the ledger: run with progress, read in words and figures, saved as a PDF.

Owns the widgets; what is proved and every sentence of it are the service's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.proofs.report import ENDS, ProofReport
from app.views.components.cards import Card
from app.views.components.columns import CellKind, Column
from app.views.components.empty_state import EmptyState
from app.views.components.labels import role_label, set_tone, text_button, wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.presenters.kept_rows import page_of
from app.views.presenters.proof import (
    Proofs,
    ProofSection,
    balance_rows,
    balances_said,
    moment,
    sections_said,
    serial_rows,
    serials_said,
    verdict,
)
from app.views.tasks import Task, TaskControl
from app.views.theme.tokens import GAP_L, HEADER_HEIGHT, ROW_HEIGHT, Tone

_MOST_ROWS = 12


class ProofReportPage(Page):
    """Everybody may prove; nothing is changed by it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "proof.title", "proof.sentence")
        self.context = context
        self._proofs = Proofs(context.registry)
        self._task: Task | None = None
        self.report: ProofReport | None = None
        desk = context.desk
        self.prove = text_button(desk, "proof.prove", kind="primary", icon="shield-check")
        self.against = text_button(desk, "proof.prove_against", icon="paperclip")
        self.save_th = text_button(desk, "proof.save_th", icon="download")
        self.save_en = text_button(desk, "proof.save_en", icon="download")
        self.stop = text_button(desk, "verification.stop")
        self.prove.clicked.connect(lambda _checked=False: self.run())
        self.against.clicked.connect(self._ask_checkpoint)
        self.save_th.clicked.connect(lambda: self._ask_path("th"))
        self.save_en.clicked.connect(lambda: self._ask_path("en"))
        self.stop.clicked.connect(self._cancel)
        for button in (self.stop, self.against, self.prove):
            self.header.add_act(button)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.body.addWidget(self.progress)
        self._nothing = EmptyState(desk, "proof.none", "proof.none_sentence", icon="shield-check")
        self.body.addWidget(self._nothing, 1)
        self._area = make_scrolling(self._build())
        self.body.addWidget(self._area, 1)
        desk.tasks.progressed.connect(self._take_progress)
        context.language.changed.connect(self._show)
        self._show()

    def _build(self) -> QVBoxLayout:
        desk = self.context.desk
        column = QVBoxLayout()
        column.setSpacing(GAP_L)
        head = Card(desk)
        self.verdict = role_label("title")
        self.rests_on = wrapped_label("")
        self.moment = wrapped_label("muted")
        for label in (self.verdict, self.rests_on, self.moment):
            head.body.addWidget(label)
        saving = QHBoxLayout()
        saving.setSpacing(GAP_L)
        for button in (self.save_th, self.save_en):
            saving.addWidget(button)
        saving.addStretch(1)
        head.body.addLayout(saving)
        column.addWidget(head)
        self.balances = Table(desk, self._balances_listing(), toolbar=False)
        self.serials = Table(desk, self._serials_listing(), toolbar=False)
        self._units_title, self._units_words = role_label("card-title"), wrapped_label("")
        self._serials_title, self._serials_words = role_label("card-title"), wrapped_label("")
        for title, words, table in (
            (self._units_title, self._units_words, self.balances),
            (self._serials_title, self._serials_words, self.serials),
        ):
            card = Card(desk)
            for widget in (title, table, words):
                card.body.addWidget(widget)
            column.addWidget(card)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(GAP_L)
        column.addLayout(self._sections)
        column.addStretch(1)
        return column

    def run(self, outside: str = "") -> None:
        """Prove the ledger; `outside` is the file of a checkpoint kept outside."""
        if self._task is not None:
            return
        self.message.clear()

        def work(control: TaskControl) -> ProofReport:
            return self._proofs.make(control.progress, outside)

        self._task = self.context.tasks.run_long(
            work,
            title=self.context.language.text("proof.running"),
            on_done=self._take,
            on_error=self.message.say_problem,
            on_finished=self._end,
            latest_key="proof",
            owner=self,
        )
        self._show()

    def _take(self, report: ProofReport) -> None:
        self.report = report

    def _end(self) -> None:
        self._task = None
        self._show()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._end()

    def _take_progress(self, task: Task) -> None:
        if task is self._task:
            self.progress.setRange(0, task.total or 0)
            self.progress.setValue(task.done)
            text = self.context.language.text(
                "verification.progress", done=task.done, total=task.total
            )
            self.progress.setAccessibleName(text)

    def _show(self) -> None:
        running, report = self._task is not None, self.report
        for widget in (self.progress, self.stop):
            widget.setVisible(running)
        for button in (self.prove, self.against):
            button.setEnabled(not running)
        for button in (self.save_en, self.save_th):
            button.setVisible(report is not None and not running)
        self._nothing.setVisible(report is None)
        self._area.setVisible(report is not None)
        if report is not None:
            self._show_report(report)

    def _show_report(self, report: ProofReport) -> None:
        code = self.context.language.code
        title, rests_on = verdict(report, code)
        self.verdict.setText(title)
        set_tone(self.verdict, Tone.LEAF if report.holds else Tone.RED)
        self.rests_on.setText(rests_on)
        self.moment.setText(moment(report, code))
        _write(balances_said(report, code), self._units_title, self._units_words)
        _write(serials_said(report, code), self._serials_title, self._serials_words)
        for table, rows in (
            (self.balances, len(report.balances)),
            (self.serials, len(report.serials)),
        ):
            shown = min(max(rows, 1), _MOST_ROWS)
            table.setFixedHeight(HEADER_HEIGHT + shown * ROW_HEIGHT + GAP_L)
            table.load()
        while (item := self._sections.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for section in sections_said(report, code):
            self._sections.addWidget(self._card(section))

    def _card(self, section: ProofSection) -> QWidget:
        card = Card(self.context.desk)
        card.body.addWidget(role_label("card-title", section.heading))
        for sentence in section.sentences:
            card.body.addWidget(wrapped_label("", sentence))
        return card

    def _ask_checkpoint(self) -> None:
        dialog = QFileDialog(self.window(), self.context.language.text("proof.prove_against"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.run)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_path(self, language: str) -> None:
        report = self.report
        if report is None:
            return
        dialog = QFileDialog(self.window(), self.context.language.text(f"proof.save_{language}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"proof-{report.made_at:%Y-%m-%d}-{language}.pdf")
        dialog.fileSelected.connect(lambda name: self._save(report, language, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, report: ProofReport, language: str, path: Path) -> None:
        self.context.tasks.run(
            lambda: self._proofs.save(report, language, path),
            on_done=lambda saved: self.message.say(
                Tone.LEAF,
                self.context.language.text("certificates.saved", name=saved.name),
                str(saved.parent),
            ),
            on_error=self.message.say_problem,
            owner=self,
        )

    def _balances_listing(self) -> Listing:
        keys = ("issued", "received", *ENDS)

        def fetch(request: PageRequest) -> RowsPage[Any]:
            return page_of(balance_rows(self.report), request)

        return Listing(
            columns=(
                Column(
                    "unit_type",
                    "verification.unit_type",
                    width=64,
                    stretch=True,
                    strong=True,
                    sortable=False,
                ),
                *(
                    Column(key, f"proof.{key}", width=88, kind=CellKind.QUANTITY, sortable=False)
                    for key in keys
                ),
            ),
            fetch=fetch,
            title_key="proof.units",
            row_key=lambda row: str(row.unit_type),
            empty=EmptyText("verification.none", "proof.none_sentence", icon="layers"),
        )

    def _serials_listing(self) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[Any]:
            return page_of(serial_rows(self.report), request)

        return Listing(
            columns=(
                Column(
                    "unit_type",
                    "verification.unit_type",
                    width=64,
                    stretch=True,
                    strong=True,
                    sortable=False,
                ),
                *(
                    Column(key, f"proof.{key}", width=90, kind=CellKind.QUANTITY, sortable=False)
                    for key in ("series", "ranges", "serials")
                ),
            ),
            fetch=fetch,
            title_key="proof.serials_title",
            row_key=lambda row: str(row.unit_type),
            empty=EmptyText("verification.none", "proof.none_sentence", icon="layers"),
        )


def _write(section: ProofSection, title: Any, words: Any) -> None:
    title.setText(section.heading)
    words.setText("\n\n".join(section.sentences))
