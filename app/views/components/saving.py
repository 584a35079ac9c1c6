"""Asking where a file is to be saved, and saving it in the background.

Owns the dialog; the bytes are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.file_saving import save_file
from app.views.desk import Desk


def ask_and_save(
    desk: Desk,
    owner: QWidget,
    *,
    title: str,
    name: str,
    content: Callable[[], bytes],
    done: Callable[[Path], None],
    failed: Callable[[Exception], None],
) -> None:
    """Ask for a path, then write what `content` gives; both off the window's thread."""
    dialog = QFileDialog(owner.window(), title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.selectFile(name)

    def save(chosen: str) -> None:
        desk.tasks.run(
            lambda: save_file(Path(chosen), content()),
            on_done=done,
            on_error=failed,
            owner=owner,
        )

    dialog.fileSelected.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
