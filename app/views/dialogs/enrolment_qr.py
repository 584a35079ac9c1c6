"""The QR code of an enrolment, drawn sharp at any scaling.

Owns the drawing alone; the address it carries is never shown as text or logged here.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from app.services.people.enrolment import QR_MODULE_UNITS, render_qr_svg
from app.views.desk import Desk
from app.views.theme.tokens import QR_WIDTH


class QrCode(QWidget):
    """Black on white in light and dark alike: that is what cameras read."""

    def __init__(self, desk: Desk, uri: str, name_key: str) -> None:
        super().__init__()
        self._drawing = QSvgRenderer(QByteArray(render_qr_svg(uri)), self)
        self.setFixedSize(QR_WIDTH, QR_WIDTH)
        desk.language.keep(self, self.setAccessibleName, name_key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw every module as a whole number of the screen's own pixels."""
        ratio = self.devicePixelRatioF()
        room = round(self.width() * ratio)
        modules = self._drawing.defaultSize().width() // QR_MODULE_UNITS
        edge = room // modules * modules
        pixmap = QPixmap(room, room)
        pixmap.fill(Qt.GlobalColor.white)
        inner = QPainter(pixmap)
        start = (room - edge) // 2
        self._drawing.render(inner, QRectF(start, start, edge, edge))
        inner.end()
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, pixmap)
        painter.end()
