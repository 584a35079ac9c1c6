"""Offers calibrations that were begun and not finished: what was taken and when, resume or discard.

Owns the dialog; what a draft holds is the presenter's. Nothing is resumed or discarded unasked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.services.calibrating.due import DueLine
from app.views.components.cards import Card
from app.views.components.labels import redress, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.presenters.calibration.draft import Unfinished
from app.views.presenters.calibration.wizard import CalibrationWizard
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_M, GAP_S, GAP_XL, Tone

_OLD = timedelta(hours=12)
"""After a night, gas, air and sensor are others; a proposal."""


@dataclass(frozen=True)
class Begun:
    """A wizard, the calibrations that were begun and not finished, and the board by channel."""

    wizard: CalibrationWizard
    unfinished: tuple[Unfinished, ...]
    due: Mapping[int, DueLine]


class ResumeDialog(QDialog):
    """`resumed` carries the one chosen; `begun_anew` when somebody begins another."""

    resumed = Signal(object)
    begun_anew = Signal()

    def __init__(self, context: PageContext, begun: Begun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._begun = begun
        self._left = len(begun.unfinished)
        self._resumes: list[QPushButton] = []
        desk = context.desk
        desk.language.keep(self, self.setWindowTitle, "calibration.draft.title")
        self.resize(*FORM_DIALOG_SIZE)
        self.message = MessageBar(desk)
        self.begin = text_button(desk, "calibration.draft.begin", icon="plus")
        self.begin.clicked.connect(self._begin)
        cancel = text_button(desk, "common.cancel")
        cancel.clicked.connect(self.reject)
        cards = QVBoxLayout()
        cards.setSpacing(GAP_M)
        for each in begun.unfinished:
            cards.addWidget(self._card(each))
        cards.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("", desk.language.text("calibration.draft.sentence")))
        layout.addWidget(self.message)
        layout.addWidget(make_scrolling(cards), 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(cancel)
        acts.addWidget(self.begin)
        layout.addLayout(acts)
        self._resumes[0].setFocus()

    def _card(self, unfinished: Unfinished) -> Card:
        desk = self._context.desk
        card = Card(desk)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        card.body.setSpacing(GAP_S)
        card.body.addWidget(wrapped_label("strong", unfinished.bench.title))
        card.body.addWidget(wrapped_label("", "\n".join(self._lines(unfinished))))
        for warning in self._warnings(unfinished):
            card.body.addWidget(wrapped_label("small", warning, tone=Tone.AMBER))
        discard = text_button(desk, "calibration.draft.discard", icon="x")
        resume = text_button(desk, "calibration.draft.resume", kind="primary", icon="arrow-right")
        for button in (discard, resume):
            button.setAccessibleDescription(unfinished.bench.title)
        discard.clicked.connect(partial(self._ask_discard, card, discard, unfinished))
        resume.clicked.connect(partial(self._resume, unfinished))
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(discard)
        acts.addWidget(resume)
        self._resumes.append(resume)
        card.body.addLayout(acts)
        return card

    def _lines(self, unfinished: Unfinished) -> list[str]:
        texts = self._context.language
        method = texts.text(f"calibration.methods.{unfinished.procedure.value.replace('-', '_')}")
        step = texts.text(f"calibration.steps.{unfinished.step}")
        lines = [texts.text("calibration.draft.stands", method=method, step=step)]
        for key, points in (("as_found", unfinished.as_found), ("as_left", unfinished.as_left)):
            taken = [each.taken_at for each in points if each.taken_at is not None]
            if taken:
                lines.append(
                    texts.text(
                        f"calibration.draft.{key}",
                        count=len(points),
                        needed=max(unfinished.references, len(points)),
                        span=self._span(taken[0], taken[-1]),
                    )
                )
            elif points:
                lines.append(texts.text("calibration.draft.averages", count=len(points)))
        if not unfinished.as_found:
            lines.append(texts.text("calibration.draft.nothing_taken"))
        if unfinished.adjusted is not None:
            detail = unfinished.adjusted.detail
            lines.append(texts.text("calibration.adjusted", detail=detail))
        lines.append(texts.text("calibration.draft.saved", at=texts.moment(unfinished.saved_at)))
        return lines

    def _span(self, first: datetime, last: datetime) -> str:
        texts = self._context.language
        begun, ended = texts.moment(first), texts.moment(last)
        if begun == ended:
            return begun
        same_day = texts.local(first).date() == texts.local(last).date()
        return f"{begun} – {texts.time(last) if same_day else ended}"

    def _warnings(self, unfinished: Unfinished) -> list[str]:
        texts, found = self._context.language, []
        first, now = unfinished.first_at, self._context.registry.now()
        if first is not None and now - first > _OLD:
            found.append(texts.text("calibration.draft.old", at=texts.moment(first)))
        last = self._begun.due.get(unfinished.bench.id)
        if last is not None and last.last_at is not None and last.last_at > unfinished.saved_at:
            found.append(texts.text("calibration.draft.overtaken", code=last.last_code))
        return found

    def _resume(self, unfinished: Unfinished) -> None:
        self.accept()
        self.resumed.emit(unfinished)

    def _begin(self) -> None:
        self.accept()
        self.begun_anew.emit()

    def _ask_discard(self, card: Card, discard: QPushButton, unfinished: Unfinished) -> None:
        """Discard at the second press: the first says that it is for good."""
        if discard.property("kind") != "danger":
            discard.setProperty("kind", "danger")
            redress(discard)
            discard.setText(self._context.language.text("calibration.draft.discard_surely"))
            return
        drafts, form = self._context.drafts, unfinished.form
        discard.setEnabled(False)
        self._context.tasks.run(
            lambda: drafts.clear(form),
            on_done=lambda _none: self._discarded(card),
            on_error=self.message.say_problem,
            on_finished=lambda: discard.setEnabled(True),
            owner=self,
        )

    def _discarded(self, card: Card) -> None:
        card.hide()
        self._left -= 1
        if not self._left:
            self._begin()
