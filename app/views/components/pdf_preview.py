"""A PDF on the desk: shown as it prints, and printed.

Owns the document's bytes while they are shown; must not make or save them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMargins, QSize
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.views.desk import Desk
from app.views.theme.tokens import GAP_M

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_PRINT_DPI = 300


class PdfPreview(QWidget):
    """Pages below each other, each as wide as the place allows."""

    def __init__(self, desk: Desk, name_key: str) -> None:
        super().__init__()
        self._buffer = QBuffer(self)
        self._document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setDocument(self._document)
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
        # As much as both margins: the view takes off this alone when it fits a page.
        self.view.setPageSpacing(2 * GAP_M)
        self.view.setDocumentMargins(QMargins(GAP_M, GAP_M, GAP_M, GAP_M))
        self._desk = desk
        desk.theme.changed.connect(self._dress)
        self._dress()
        desk.language.keep(self.view, self.view.setAccessibleName, name_key)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def _dress(self) -> None:
        # The view paints its ground with this role, which style sheets do not reach.
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, QColor(self._desk.theme.palette.page))
        self.view.setPalette(palette)

    @property
    def pages(self) -> int:
        """How many pages are shown."""
        return self._document.pageCount()

    def show_pdf(self, content: bytes) -> None:
        """Show a document."""
        self._document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(content))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        modes = QPdfView.PageMode
        self.view.setPageMode(modes.SinglePage if self.pages == 1 else modes.MultiPage)

    def print_pages(self, parent: QWidget) -> None:
        """Ask for a printer and print every page on one sheet each."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(_PRINT_DPI)
        dialog = QPrintDialog(printer, parent)
        dialog.accepted.connect(lambda: self._print(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def _print(self, printer: QPrinter) -> None:
        from PySide6.QtPrintSupport import QPrinter

        painter = QPainter(printer)
        for page in range(self.pages):
            if page:
                printer.newPage()
            size = printer.pageRect(QPrinter.Unit.DevicePixel).size().toSize()
            points = self._document.pagePointSize(page)
            scale = min(size.width() / points.width(), size.height() / points.height())
            wanted = QSize(round(points.width() * scale), round(points.height() * scale))
            painter.drawImage(0, 0, self._document.render(page, wanted))
        painter.end()
