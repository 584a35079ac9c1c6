"""A part of a page that scrolls where the window is too low for it.

Owns the area; what stands in it keeps the size it needs.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget


def make_scrolling(layout: QLayout) -> QScrollArea:
    """Put a layout into an area that scrolls up and down only."""
    inner = QWidget()
    inner.setProperty("role", "clear")
    layout.setContentsMargins(0, 0, 0, 0)
    inner.setLayout(layout)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area
