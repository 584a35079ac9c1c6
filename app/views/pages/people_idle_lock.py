"""After how many idle minutes desks lock: a small card for administrators.

Owns choosing; the bounds are the service's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.services.registry.settings import (
    LONGEST_IDLE_MINUTES,
    get_idle_lock_minutes,
    set_idle_lock_minutes,
)
from app.views.components.cards import Card
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labelled_field import make_field
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.pages.context import PageContext
from app.views.presenters.people import reason_against_administering
from app.views.theme.tokens import GAP_L, Tone

_MINUTES = Field(
    "minutes",
    "people.idle_minutes",
    FieldKind.SEGMENTS,
    options=tuple(
        Option(str(minutes), text=str(minutes)) for minutes in range(1, LONGEST_IDLE_MINUTES + 1)
    ),
)


class IdleLockCard(Card):
    """Every choice is in sight; a choice not yet set outlives a refresh."""

    def __init__(self, context: PageContext, message: MessageBar) -> None:
        super().__init__(context.desk, "people.idle_title", icon="timer")
        self._context = context
        self._message = message
        self._is_edited = False
        sentence = wrapped_label("muted")
        context.language.keep(
            sentence, sentence.setText, "people.idle_sentence", longest=LONGEST_IDLE_MINUTES
        )
        self.body.addWidget(sentence)
        self.minutes = make_field(context.desk, _MINUTES)
        self.minutes.edited.connect(self._note_edit)
        self.act = text_button(context.desk, "people.idle_set")
        self.act.clicked.connect(self._set)
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        row.addWidget(self.minutes, 1)
        row.addWidget(self.act)
        self.body.addLayout(row)
        context.language.changed.connect(self._show_reason)
        self._show_reason()

    def read(self) -> None:
        """Fetch the number in force and show it, unless another is being chosen."""
        registry = self._context.registry
        self._context.tasks.run(
            lambda: get_idle_lock_minutes(registry),
            on_done=self._show,
            latest_key="idle-lock-minutes",
            owner=self,
        )

    def _show_reason(self) -> None:
        # The page says the reason in words; a second time would only be in the way.
        key = reason_against_administering(self._context.actor)
        reason = self._context.language.text(key) if key else ""
        for widget in (self.minutes, self.act):
            widget.setEnabled(not reason)
            widget.setToolTip(reason)
            widget.setAccessibleDescription(reason)

    def _note_edit(self) -> None:
        self._is_edited = True

    def _show(self, minutes: int) -> None:
        if not self._is_edited:
            self.minutes.set_value(str(minutes))

    def _set(self) -> None:
        minutes = int(self.minutes.value())
        registry, actor = self._context.registry, self._context.actor
        self.act.setEnabled(False)
        self._context.tasks.run(
            lambda: set_idle_lock_minutes(registry, actor, minutes),
            on_done=lambda _registry: self._tell(minutes),
            on_error=self._message.say_problem,
            on_finished=lambda: self.act.setEnabled(True),
            owner=self,
        )

    def _tell(self, minutes: int) -> None:
        self._is_edited = False
        language = self._context.language
        self._message.say(
            Tone.LEAF,
            language.text("people.idle_was_set", count=minutes),
            language.text("people.idle_was_set_sentence"),
        )
        self._context.changes.tell("settings")
