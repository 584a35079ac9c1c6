"""Documents of an evidence as a row of buttons; each opens inside the desk.

Owns the buttons and fetching the bytes; showing them is the viewer's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.services.documents import StoredDocument, read_document
from app.views.components.message_bar import MessageBar
from app.views.dialogs.document_viewer import DocumentViewer
from app.views.pages.context import PageContext
from app.views.theme.tokens import CONTROL_HEIGHT, GAP_S, ICON_SIZE


class DocumentButtons(QWidget):
    """`show_documents` lists them; what fails is said in the page's message bar."""

    def __init__(self, context: PageContext, message: MessageBar) -> None:
        super().__init__()
        self._context = context
        self._message = message
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_S)
        self.buttons: list[QPushButton] = []

    def show_documents(self, documents: Sequence[StoredDocument]) -> None:
        """Show one button for each document."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = [self._button(document) for document in documents]
        for button in self.buttons:
            self._column.addWidget(button)

    def _button(self, document: StoredDocument) -> QPushButton:
        size = self._context.language.quantity(max(1, document.size_bytes // 1024))
        button = QPushButton(f"  {document.name} · {size} kB")
        button.setProperty("kind", "field")
        button.setMinimumHeight(CONTROL_HEIGHT)
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setAccessibleName(document.name)
        button.setToolTip(document.sha256)
        self._context.theme.keep_icon(button, button.setIcon, "paperclip")
        button.clicked.connect(lambda: self._open(document))
        return button

    def _open(self, document: StoredDocument) -> None:
        registry = self._context.registry
        self._context.tasks.run(
            lambda: read_document(registry, document.sha256),
            on_done=lambda content: self._show(document, content),
            on_error=self._message.say_problem,
            latest_key=f"document:{id(self)}",
            owner=self,
        )

    def _show(self, document: StoredDocument, content: bytes) -> None:
        dialog = DocumentViewer(self._context.desk, document, content, self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
