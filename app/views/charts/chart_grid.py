"""The charts of a page beside and below each other; widgets are made once and used again.

Owns the grid and which chart is selected; what is in the charts is the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.views.charts.chart_view import ChartView
from app.views.desk import Desk
from app.views.presenters.charts.arrangement import grid_shape
from app.views.presenters.charts.live import LivePresenter
from app.views.theme.tokens import GAP_M, LIVE_CHART_LEAST


class ChartGrid(QWidget):
    """`changed` when a hand changed what is in view, `selected` when another chart was chosen."""

    changed = Signal()
    selected = Signal()

    def __init__(self, desk: Desk, live: LivePresenter) -> None:
        super().__init__()
        self._desk = desk
        self._live = live
        self.views: list[ChartView] = []
        self._shape = (0, 0)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP_M)

    def minimumSizeHint(self) -> QSize:
        """Ask for one chart's width: in a narrow place the charts go below each other."""
        rows = max(1, self._shape[0])
        return QSize(LIVE_CHART_LEAST[0], rows * (LIVE_CHART_LEAST[1] + GAP_M) - GAP_M)

    def show_charts(self) -> None:
        """Show the presenter's charts."""
        for chart in self._live.charts[len(self.views) :]:
            self.views.append(self._make_view(len(self.views)))
            self.views[-1].chart = chart
        for place, view in enumerate(self.views):
            view.setVisible(place < len(self._live.charts))
        for view, chart in zip(self.views, self._live.charts, strict=False):
            view.show_chart(chart)
        self._shape = (0, 0)
        self._place()
        self.mark_selected()

    def draw(self) -> None:
        """Draw the charts anew: the clock's tick."""
        for view in self.views[: len(self._live.charts)]:
            view.update()

    def refresh(self) -> None:
        """Draw the charts with their heads anew: a hand changed something."""
        for view in self.views[: len(self._live.charts)]:
            view.refresh()

    def mark_selected(self) -> None:
        """Give the selected chart its edge."""
        for place, view in enumerate(self.views):
            view.is_selected = place == self._live.selected and len(self._live.charts) > 1
            view.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many charts beside each other as find room."""
        super().resizeEvent(event)
        self._place()

    def _make_view(self, place: int) -> ChartView:
        view = ChartView(self._desk, self._live, self._live.charts[place])
        view.setAccessibleName(self._desk.language.text("charts.chart_number", number=place + 1))
        view.chosen.connect(lambda: self._select(place))
        view.moved.connect(self._tell)
        view.placed.connect(self._tell)
        return view

    def _tell(self) -> None:
        self.refresh()
        self.changed.emit()

    def _select(self, place: int) -> None:
        self._live.selected = place
        self.mark_selected()
        self.selected.emit()

    def _place(self) -> None:
        count = len(self._live.charts)
        shape = grid_shape(
            count, width=self.width() + GAP_M, least_width=LIVE_CHART_LEAST[0] + GAP_M
        )
        if shape == self._shape:
            return
        self._shape = shape
        for place, view in enumerate(self.views[:count]):
            self._layout.addWidget(view, place // shape[1], place % shape[1])
        for column in range(self._layout.columnCount()):
            self._layout.setColumnStretch(column, 1 if column < shape[1] else 0)
        self.updateGeometry()
        for row in range(self._layout.rowCount()):
            self._layout.setRowStretch(row, 1 if row < shape[0] else 0)
