"""News of what a write changed, so that open pages that show it refresh.

Owns passing the word on; must not know what the kinds mean.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

CONNECTION = "connection"
"""Told once the server answers again, for whoever waits to learn what became of an act."""


class Changes(QObject):
    """`told` carries a frozenset of kinds, such as {"transactions", "holdings"}."""

    told = Signal(object)

    def tell(self, *kinds: str) -> None:
        """Say what a write changed; call it in the window's thread."""
        self.told.emit(frozenset(kinds))
