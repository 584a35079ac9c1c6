"""Saving what is in view: the readings as CSV, the charts as a picture.

Owns the conversation about the file; writing it whole is the file saving's.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.file_saving import save_file
from app.views.components.message_bar import MessageBar
from app.views.desk import Desk
from app.views.theme.tokens import Tone

_SHARPNESS = 2
"""A picture has at least so many dots for each pixel of the screen, so that it prints well."""


def ask_path(desk: Desk, parent: QWidget, name: str, kinds: str) -> Path | None:
    """Ask where to save; None when the person thinks better of it."""
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, desk.language.text("charts.save_title"), name, kinds
    )
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(Path(name).suffix)


def picture_of(widget: QWidget) -> bytes:
    """Draw a widget as PNG."""
    ratio = max(float(_SHARPNESS), widget.devicePixelRatioF())
    pixmap = QPixmap(widget.size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(widget.palette().window().color())
    widget.render(pixmap)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    buffer.close()
    return bytes(content.data())


def save_content(desk: Desk, message: MessageBar, path: Path, content: bytes) -> None:
    """Write a file beside the window, and say that it is there."""
    desk.tasks.run(
        lambda: save_file(path, content),
        on_done=lambda saved: message.say(
            Tone.LEAF, desk.language.text("charts.saved", name=saved.name), str(saved.parent)
        ),
        on_error=message.say_problem,
        owner=message,
    )
