"""How the worker of a registry on a server stands, on the verification page.

Owns the card; it is not shown where there is no server. Asking is `WorkerState`'s.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.views.components.cards import Card, FigureCard
from app.views.components.chips import Chip
from app.views.components.labels import wrapped_label
from app.views.desk import Desk
from app.views.theme.tokens import GAP_M, Tone
from app.views.worker_state import WorkerState


class WorkerCard(Card):
    """At work or not, how much waits to be sealed, and the last checkpoint."""

    def __init__(self, desk: Desk, state: WorkerState) -> None:
        super().__init__(desk, "worker.title", icon="shield-check")
        self._desk = desk
        self._state = state
        self.chip = Chip("", Tone.LEAF)
        self._sentence = wrapped_label("muted")
        self.figures = {
            key: FigureCard(desk, f"worker.{key}") for key in ("waiting", "sealed", "signed_at")
        }
        head = QHBoxLayout()
        head.setSpacing(GAP_M)
        head.addWidget(self.chip)
        head.addWidget(self._sentence, 1)
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        for figure in self.figures.values():
            row.addWidget(figure)
        self.body.addLayout(head)
        self.body.addLayout(row)
        state.changed.connect(self._show)
        desk.language.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        standing, language = self._state.last, self._desk.language
        self.setVisible(standing is not None)
        if standing is None:
            return
        word = "at_work" if standing.is_active else "not_at_work"
        tone = Tone.LEAF if standing.is_active else Tone.AMBER
        if standing.problem:
            word, tone = "problem", Tone.RED
        self.chip.set_chip(language.text(f"worker.{word}"), tone)
        sentence = "sentence" if standing.is_active else "not_at_work_sentence"
        if standing.problem:
            sentence = "set_aside" if standing.is_active else "stopped"
        self._sentence.setText(language.text(f"worker.{sentence}", problem=standing.problem))
        self.figures["waiting"].show_figure(language.quantity(standing.waiting))
        self.figures["sealed"].show_figure(language.quantity(standing.sealed))
        at = standing.signed_at
        self.figures["signed_at"].show_figure(
            language.text("worker.never_signed") if at is None else language.moment(at)
        )
