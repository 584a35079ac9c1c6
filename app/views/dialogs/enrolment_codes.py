"""The card of recovery codes: shown in two columns, copied, saved as text, printed.

Owns giving them away on request; they are in no other place but this card.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QHBoxLayout

from app.views.components.cards import Card
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.desk import Desk
from app.views.presenters.people_enrolment import columns_of, save_sheet, write_sheet
from app.views.theme.tokens import GAP_L, GAP_S, Tone


class RecoveryCodesCard(Card):
    """Says on `message` what became of the codes."""

    def __init__(self, desk: Desk, *, user: str, codes: Sequence[str], message: MessageBar) -> None:
        super().__init__(desk, "people.codes_title", icon="key-round")
        self._desk = desk
        self._user = user
        self._codes = tuple(codes)
        self._message = message
        sentence = wrapped_label("muted")
        desk.language.keep(sentence, sentence.setText, "people.codes_sentence")
        self.body.addWidget(sentence)
        self.body.addLayout(self._build_codes())
        self.body.addStretch()
        self.body.addLayout(self._build_acts())

    def sheet(self) -> str:
        """Write the codes with what they are for, in the language in force."""
        language = self._desk.language
        title = language.text("people.sheet_title", user=self._user)
        return write_sheet(title, language.text("people.sheet_sentence"), self._codes)

    def _build_codes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_L)
        grid.setVerticalSpacing(GAP_S)
        for row, column, text in columns_of(self._codes):
            label = role_label("strong", text)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, row, column)
        return grid

    def _build_acts(self) -> QHBoxLayout:
        self.copy = text_button(self._desk, "common.copy", icon="copy")
        self.copy.clicked.connect(self._copy)
        self.save = text_button(self._desk, "people.save_codes", icon="download")
        self.save.clicked.connect(self._ask_path)
        self.print = text_button(self._desk, "people.print_codes", icon="printer")
        self.print.clicked.connect(self._ask_printer)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_S)
        for button in (self.copy, self.save, self.print):
            acts.addWidget(button)
        acts.addStretch()
        return acts

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._codes))
        self._say("people.codes_copied", "people.codes_copied_sentence")

    def _ask_path(self) -> None:
        language = self._desk.language
        name = language.text("people.codes_file", user=self._user)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, language.text("people.save_codes"), name, "*.txt"
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the sheet to a path in the background, and say where it is."""
        sheet = self.sheet()
        self._desk.tasks.run(
            lambda: save_sheet(path, sheet),
            on_done=lambda _none: self._message.say(
                Tone.LEAF,
                self._desk.language.text("people.codes_saved", name=path.name),
                str(path.parent),
            ),
            on_error=self._message.say_problem,
            owner=self,
        )

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def print_on(self, printer: object) -> None:
        """Print the sheet on a printer, a `QPrinter`."""
        from PySide6.QtPrintSupport import QPrinter

        if not isinstance(printer, QPrinter):
            raise TypeError("the sheet is printed on a printer")
        document = QTextDocument()
        document.setPlainText(self.sheet())
        document.print_(printer)

    def _say(self, title_key: str, sentence_key: str) -> None:
        language = self._desk.language
        self._message.say(Tone.LEAF, language.text(title_key), language.text(sentence_key))
