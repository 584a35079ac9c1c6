"""A kept document inside the desk: a PDF as it prints, text and pictures as they are.

Owns the dialog and its bytes while it is open; what cannot be shown is saved. Never opens
another program.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.services.documents import StoredDocument
from app.services.file_saving import save_file
from app.views.components.empty_state import EmptyState
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.pdf_preview import PdfPreview
from app.views.desk import Desk
from app.views.theme.tokens import DOCUMENT_DIALOG_SIZE, GAP_L, GAP_M, GAP_XL, Tone

_TEXTS = ("text/", "application/json")
_MOST_TEXT_BYTES = 2_000_000


class DocumentViewer(QDialog):
    """`DocumentViewer(desk, document, content)`; shown with `open`."""

    def __init__(
        self, desk: Desk, document: StoredDocument, content: bytes, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._document = document
        self._content = content
        self.setWindowTitle(document.name)
        self.setAccessibleName(document.name)
        self.resize(*DOCUMENT_DIALOG_SIZE)
        self.message = MessageBar(desk)
        self.shown = self._make_view()
        self.save = text_button(desk, "document.save", icon="download")
        self.save.clicked.connect(self._ask_path)
        self.close_button = text_button(desk, "common.close")
        self.close_button.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("title", document.name))
        digest = document.sha256
        groups = " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))
        layout.addWidget(role_label("label", f"SHA-256 {groups}"))
        layout.addWidget(self.message)
        layout.addWidget(self.shown, 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        acts.addWidget(self.save)
        layout.addLayout(acts)

    def _make_view(self) -> QWidget:
        kind = self._document.media_type
        if kind == "application/pdf":
            preview = PdfPreview(self._desk, "document.shown")
            preview.show_pdf(self._content)
            if preview.pages:
                return preview
        elif kind.startswith(_TEXTS) and len(self._content) <= _MOST_TEXT_BYTES:
            text = QPlainTextEdit(self._content.decode("utf-8", errors="replace"))
            text.setReadOnly(True)
            self._desk.language.keep(text, text.setAccessibleName, "document.shown")
            return text
        elif kind.startswith("image/"):
            picture = QPixmap()
            if picture.loadFromData(self._content):
                label = QLabel()
                label.setPixmap(picture)
                area = QScrollArea()
                area.setWidget(label)
                self._desk.language.keep(area, area.setAccessibleName, "document.shown")
                return area
        return EmptyState(
            self._desk, "document.not_shown", "document.not_shown_sentence", icon="paperclip"
        )

    def _ask_path(self) -> None:
        dialog = QFileDialog(self, self._desk.language.text("document.save"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self._document.name)
        dialog.fileSelected.connect(lambda name: self._save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, path: Path) -> None:
        self._desk.tasks.run(
            lambda: save_file(path, self._content),
            on_done=lambda saved: self.message.say(
                Tone.LEAF,
                self._desk.language.text("certificates.saved", name=saved.name),
                str(saved.parent),
            ),
            on_error=self.message.say_problem,
            owner=self,
        )
