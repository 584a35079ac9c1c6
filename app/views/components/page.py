"""A page of the desk: header, message bar, body.

Owns the margins and the order; a page fills `body` and answers `enter` and `refresh`.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.components.message_bar import MessageBar
from app.views.components.page_header import PageHeader
from app.views.desk import Desk
from app.views.theme.tokens import GAP_L, GAP_XL


class Page(QWidget):
    """The base of every page; the main window calls `enter` each time it is shown.

    `shows` names the kinds of change that make the page `refresh`.
    """

    shows: frozenset[str] = frozenset()

    def __init__(self, desk: Desk, title_key: str, sentence_key: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("role", "page")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_L)
        self.header = PageHeader(desk, title_key, sentence_key)
        self.message = MessageBar(desk)
        layout.addWidget(self.header)
        layout.addWidget(self.message)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP_L)
        layout.addLayout(self.body, 1)
        desk.language.keep(self, self.setAccessibleName, title_key)

    def enter(self, target: str = "") -> None:
        """Take the page up: called each time it is shown, with what it should show."""

    def put_down(self) -> None:
        """Keep what is unfinished and free what is held: the desk is taken down."""

    def refresh(self) -> None:
        """Show what changed: called after a write that this page may show."""
