"""How much awaits the person: decisions, at the inbox and the bell; calibrations that are late.

Owns asking again when something changed; which things await whom is the services'.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.services.calibrating.due import count_late
from app.services.listings.awaiting import count_awaiting
from app.services.listings.rule_changes import count_rules_awaiting
from app.views.main_window import MainWindow
from app.views.pages.context import PageContext
from app.views.presenters.station_words import reason_against_station_acts

_KINDS = frozenset({"transactions", "accounts", "rules", "people"})
"""People too: whoever leaves the committee changes what its votes come to."""
_STATION_KINDS = frozenset({"calibrations", "stations"})
_ASKED_AGAIN_MS = 60_000
"""Other programs may propose too: the command line, another desk."""


class WaitingCounts(QObject):
    """Keeps the counts up to date as long as it lives."""

    def __init__(self, context: PageContext, window: MainWindow) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        context.changes.told.connect(self._take_changes)
        timer = QTimer(self, interval=_ASKED_AGAIN_MS)
        timer.timeout.connect(self.refresh)
        timer.start()

    def refresh(self) -> None:
        """Count again in the background."""
        self._count_decisions()
        self._count_calibrations()

    def _count_decisions(self) -> None:
        registry, actor = self._context.registry, self._context.actor
        self._context.tasks.run(
            lambda: (count_awaiting(registry, actor), count_rules_awaiting(registry, actor)),
            on_done=self._show,
            latest_key="waiting-counts",
            owner=self,
        )

    def _count_calibrations(self) -> None:
        registry, actor = self._context.registry, self._context.actor
        if reason_against_station_acts(actor):
            return
        self._context.tasks.run(
            lambda: count_late(registry),
            on_done=lambda count: self._window.set_count("calibrations", count),
            latest_key="late-calibrations",
            owner=self,
        )

    def _take_changes(self, kinds: frozenset[str]) -> None:
        if kinds & _KINDS:
            self._count_decisions()
        if kinds & _STATION_KINDS:
            self._count_calibrations()

    def _show(self, counts: tuple[int, int]) -> None:
        proposals, rules = counts
        self._window.set_count("inbox", proposals)
        self._window.set_count("rules", rules)
        self._window.top_bar.show_notices(proposals + rules)
