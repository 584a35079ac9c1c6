"""Chooses which channels stand in which chart: a ready order, or a chart for each by hand.

Owns the dialog; the limits are the arrangement's, which says what did not fit.
"""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.views.components.flow_layout import FlowLayout
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.scrolling import make_scrolling
from app.views.desk import Desk
from app.views.presenters.charts.arrangement import (
    MOST_CHARTS,
    Arrangement,
    Order,
    arrange,
    arrange_by_hand,
)
from app.views.presenters.charts.live import LivePresenter
from app.views.theme.tokens import CHANNELS_DIALOG_SIZE, GAP_L, GAP_M, GAP_S, GAP_XL


class ChooseChannelsDialog(QDialog):
    """Accepted: `order` is the ready order chosen last, or None, and `numbers` charts by key."""

    def __init__(self, desk: Desk, live: LivePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._live = live
        self.order = live.order
        self.boxes: dict[str, QComboBox] = {}
        desk.language.keep(self, self.setWindowTitle, "charts.choose.title")
        self.resize(*CHANNELS_DIALOG_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("", desk.language.text("charts.choose.sentence")))
        orders = FlowLayout(spacing=GAP_S)
        for order in Order:
            button = text_button(desk, f"charts.choose.{order}")
            button.clicked.connect(lambda _on=False, order=order: self._order(order))
            orders.addWidget(button)
        nothing = text_button(desk, "charts.choose.nothing", kind="quiet")
        nothing.clicked.connect(lambda: self._show(Arrangement(())))
        orders.addWidget(nothing)
        layout.addLayout(orders)
        layout.addWidget(make_scrolling(self._make_rows()), 1)
        self.told = wrapped_label("label")
        layout.addWidget(self.told)
        layout.addLayout(self._make_acts())
        self._show(live.arrangement)
        self.order = live.order

    @property
    def numbers(self) -> dict[str, int]:
        """The chart of each channel; 0 where it is not shown."""
        return {key: int(box.currentData()) for key, box in self.boxes.items()}

    def _make_rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_L)
        grid.setVerticalSpacing(GAP_S)
        language = self._desk.language
        for row, channel in enumerate(self._live.channels):
            name = language.text(f"charts.channels.{channel.channel}")
            label = f"{channel.station} · {channel.station_name}"
            grid.addWidget(role_label("muted", label), row, 0)
            grid.addWidget(role_label("strong", f"{name}, {channel.unit}"), row, 1)
            box = QComboBox()
            box.addItem(language.text("charts.choose.hidden"), 0)
            for number in range(1, MOST_CHARTS + 1):
                box.addItem(language.text("charts.chart_number", number=number), number)
            box.setAccessibleName(f"{channel.station} {name}")
            box.activated.connect(self._take_hand)
            self.boxes[channel.key] = box
            grid.addWidget(box, row, 2)
        grid.setColumnStretch(0, 1)
        return grid

    def _make_acts(self) -> QHBoxLayout:
        self.act = text_button(self._desk, "charts.choose.act", kind="primary")
        self.act.clicked.connect(self.accept)
        cancel = text_button(self._desk, "common.cancel")
        cancel.clicked.connect(self.reject)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(cancel)
        acts.addWidget(self.act)
        return acts

    def _order(self, order: Order) -> None:
        self._show(arrange(self._live.channels, order))
        self.order = order

    def _show(self, arrangement: Arrangement) -> None:
        for key, box in self.boxes.items():
            box.setCurrentIndex(box.findData(arrangement.chart_of(key)))
        self.order = None
        self._tell(arrangement)

    def _take_hand(self) -> None:
        self.order = None
        self._tell(arrange_by_hand(self._live.channels, self.numbers))

    def _tell(self, arrangement: Arrangement) -> None:
        shown = sum(len(keys) for keys in arrangement.charts)
        text = self._desk.language.text(
            "charts.choose.told", charts=len(arrangement.charts), channels=shown
        )
        if arrangement.left_out:
            text += " " + self._desk.language.text(
                "charts.choose.left_out", count=arrangement.left_out
            )
        self.told.setText(text)
