"""The tools of the live page: how much time, pause, follow, cursors, raw values, notes, export.

Owns the buttons and saying why one is off: in a line below, in its tooltip, and to screen
readers. What each does is the page's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.views.components.flow_layout import FlowLayout
from app.views.components.labels import text_button, wrapped_label
from app.views.desk import Desk
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.span import WIDTHS_US
from app.views.theme.tokens import GAP_S, ICON_ONLY_WIDTH, LIVE_TOOLS_WIDTH

_NO_BOUND = 16_777_215
"""Qt's word for no limit, which its Python names do not carry."""
_MINUTE_US = 60_000_000
_TOOLS = (
    ("follow", "skip-forward"),
    ("reset", "zoom-out"),
    ("cursors", "crosshair"),
    ("raw", "layers"),
    ("figures", "gauge"),
    ("note", "message-square-plus"),
    ("replay", "history"),
    ("csv", "download"),
    ("picture", "camera"),
)
_CHECKABLE = ("cursors", "raw", "figures")
_ALWAYS_NAMED = ("follow", "cursors")


class LiveToolbar(QWidget):
    """`asked` carries the name of the tool; `width_chosen` the microseconds to show."""

    asked = Signal(str)
    width_chosen = Signal(object)

    def __init__(self, desk: Desk, live: LivePresenter) -> None:
        super().__init__()
        self._desk = desk
        self._live = live
        self.tools: dict[str, QPushButton] = {}
        self._reasons: dict[str, str] = {}
        self._is_narrow = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        flow = FlowLayout(spacing=GAP_S)
        flow.addWidget(self._make_widths())
        for name, icon in _TOOLS:
            button = text_button(desk, f"charts.tools.{name}", icon=icon)
            button.setCheckable(name in _CHECKABLE)
            button.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))
            self.tools[name] = button
            flow.addWidget(button)
        column.addLayout(flow)
        self.hint = wrapped_label("label")
        column.addWidget(self.hint)
        desk.language.changed.connect(self._show_reasons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window most tools show their icon alone, and the tools stay in one row."""
        super().resizeEvent(event)
        is_narrow = self.width() < LIVE_TOOLS_WIDTH
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._show_reasons()

    def show_state(self, extra: dict[str, str] | None = None) -> None:
        """Turn tools on or off as the presenter says; `extra` are reasons the page knows."""
        live = self._live
        reasons = {
            "follow": live.reason_against_following(),
            "reset": live.reason_against_reset(),
            "replay": live.reason_against_replay(),
            "csv": live.reason_against_export(),
            "picture": live.reason_against_export(),
            **(extra or {}),
        }
        self.tools["cursors"].setChecked(live.cursors.are_on)
        self.tools["raw"].setChecked(live.shows_raw)
        for number, width in enumerate(WIDTHS_US):
            self._widths.button(number).setChecked(width == live.span.width_us)
        if reasons != self._reasons:
            self._reasons = reasons
            self._show_reasons()

    def _show_reasons(self) -> None:
        language = self._desk.language
        told: dict[str, list[str]] = {}
        for name, reason in self._reasons.items():
            button = self.tools[name]
            text = language.text(reason) if reason else ""
            button.setEnabled(not reason)
            button.setAccessibleDescription(text)
            if text:
                told.setdefault(text, []).append(language.text(f"charts.tools.{name}"))
        for name, button in self.tools.items():
            named = language.text(f"charts.tools.{name}")
            has_icon_only = self._is_narrow and name not in _ALWAYS_NAMED
            button.setText("" if has_icon_only else f"  {named}")
            button.setMaximumWidth(ICON_ONLY_WIDTH if has_icon_only else _NO_BOUND)
            button.setAccessibleName(named)
            about = language.text(f"charts.about.{name}")
            reason = button.accessibleDescription() if not button.isEnabled() else ""
            button.setToolTip(reason or (f"{named}: {about}" if has_icon_only else about))
        lines = [f"{', '.join(names)}: {text}" for text, names in told.items()]
        hand = () if self._is_narrow and lines else (language.text("charts.hand"),)
        self.hint.setText("   ".join((*hand, *lines)))

    def _make_widths(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._widths = QButtonGroup(made)
        # Another width than those offered checks none of them.
        self._widths.setExclusive(False)
        last = len(WIDTHS_US) - 1
        for number, width in enumerate(WIDTHS_US):
            minutes = width // _MINUTE_US
            key = f"charts.widths.m{minutes}"
            button = text_button(self._desk, key, kind="segment")
            button.setCheckable(True)
            place = "first" if number == 0 else "last" if number == last else "middle"
            button.setProperty("place", place)
            button.clicked.connect(lambda _on=False, width=width: self.width_chosen.emit(width))
            self._widths.addButton(button, number)
            row.addWidget(button)
        return made
