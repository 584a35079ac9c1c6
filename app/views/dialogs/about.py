"""What Teak is, in which version, and under which licences.

Owns the dialog.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.views.components.labels import IconLabel, role_label, text_button, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import DIALOG_WIDTH, GAP_L, GAP_M, GAP_XL, ICON_EMPTY


class AboutDialog(QDialog):
    """Brand, version, one sentence, licences."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        language = desk.language
        self.setWindowTitle(language.text("about.title"))
        self.setMinimumWidth(DIALOG_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        head = QHBoxLayout()
        head.setSpacing(GAP_M)
        head.addWidget(IconLabel(desk, "trees", lambda palette: palette.teak, size=ICON_EMPTY))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(role_label("title", language.text("brand.name")))
        words.addWidget(
            role_label("label", language.text("about.version", version=_installed_version()))
        )
        head.addLayout(words, 1)
        layout.addLayout(head)
        layout.addWidget(wrapped_label("", language.text("about.sentence")))
        layout.addWidget(wrapped_label("label", language.text("about.licence")))
        close = text_button(desk, "common.close", kind="primary")
        close.clicked.connect(self.accept)
        acts = QHBoxLayout()
        acts.addStretch()
        acts.addWidget(close)
        layout.addLayout(acts)


def _installed_version() -> str:
    try:
        return version("teak")
    except PackageNotFoundError:
        return "–"
