"""Many lines or bars in one call: arrays made once, handed to Qt as they are.

Owns the arrays and their lifetime: Qt reads them while a painter draws, and at no other time.
Making a Qt object of each line costs more than drawing it, by far.
"""

from __future__ import annotations

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRect
from PySide6.QtGui import QPainter


class Bars:
    """Upright bars one device pixel wide; rows are x1, y1, x2, y2, edges included (QRect)."""

    def __init__(self, capacity: int) -> None:
        self.rows: NDArray[np.int32] = np.zeros((max(1, capacity), 4), dtype=np.int32)
        self._first = shiboken6.wrapInstance(self.rows.ctypes.data, QRect)

    def draw(self, painter: QPainter, count: int) -> None:
        """Draw the first `count` bars with the painter's brush."""
        if count:
            painter.drawRects(self._first, count)  # type: ignore[call-overload]


class Lines:
    """Straight lines; rows are x1, y1, x2, y2 (QLineF)."""

    def __init__(self, capacity: int) -> None:
        self.rows: NDArray[np.float64] = np.zeros((max(1, capacity), 4))
        self._first = shiboken6.wrapInstance(self.rows.ctypes.data, QLineF)

    def draw(self, painter: QPainter, count: int) -> None:
        """Draw the first `count` lines with the painter's pen."""
        if count:
            painter.drawLines(self._first, count)  # type: ignore[call-overload]
