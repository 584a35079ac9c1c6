"""The head of a page: its title, one sentence that says what it does, its acts.

Owns the layout; the words are the page's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.components.labels import role_label, wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M, GAP_XS


class PageHeader(QWidget):
    """Title and sentence at the left, acts at the right."""

    def __init__(self, desk: Desk, title_key: str, sentence_key: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        self._title = role_label("title")
        self._sentence = wrapped_label("muted")
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        row.addLayout(words, 1)
        self._acts = QHBoxLayout()
        self._acts.setSpacing(GAP_M)
        row.addLayout(self._acts)
        desk.language.keep(self, self._title.setText, title_key)
        if sentence_key:
            desk.language.keep(self, self._sentence.setText, sentence_key)

    def show_words(self, title: str, sentence: str = "") -> None:
        """Show words made by the page, as for one account or one greeting."""
        self._title.setText(title)
        self._sentence.setText(sentence)

    def add_act(self, widget: QWidget) -> None:
        """Put a button at the right; the primary one last."""
        self._acts.addWidget(widget)
