"""The alarms of a station in its pane: what was passed, what to do, since when, who knows of it.

Owns the widgets and asking for a comment; acknowledging is the service's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.services.stations.alarms import AlarmDetail, EndReason, acknowledge_alarm
from app.views.components.chips import Chip
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.presenters.station_words import reason_against_acknowledging
from app.views.theme.tokens import GAP_S, GAP_XS, Tone

_ENDS = {
    EndReason.GOES_ON: "goes_on",
    EndReason.CLEARED: "ended",
    EndReason.LIMIT_ENDED: "ended_with_limit",
}
_SHOWN = 8


class StationAlarms(QWidget):
    """The newest alarms, the newest first."""

    def __init__(self, context: PageContext, message: MessageBar) -> None:
        super().__init__()
        self._context = context
        self._message = message
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_S)

    def show_alarms(self, alarms: Sequence[AlarmDetail]) -> None:
        """Show these alarms in place of those before."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not alarms:
            text = self._context.language.text("stations.no_alarms")
            self._column.addWidget(wrapped_label("muted", text))
        for alarm in alarms[:_SHOWN]:
            self._column.addWidget(self._alarm(alarm))

    def _alarm(self, alarm: AlarmDetail) -> QWidget:
        language = self._context.language
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_XS)
        head = QHBoxLayout()
        word = language.text(f"stations.{_ENDS[alarm.end_reason]}", at=alarm.ended_at)
        head.addWidget(Chip(word, Tone.RED if alarm.ended_at is None else Tone.QUIET))
        head.addStretch()
        head.addWidget(role_label("label", language.moment(alarm.raised_at)))
        column.addLayout(head)
        line = language.text(
            "stations.alarm_line",
            channel=language.text(f"charts.channels.{alarm.channel}"),
            value=alarm.raised_value,
            unit=alarm.unit,
            limit=alarm.raise_at,
        )
        column.addWidget(wrapped_label("strong", line))
        if alarm.message:
            column.addWidget(wrapped_label("", alarm.message))
        if alarm.acknowledged_by is None:
            button = self._acknowledge_button(alarm)
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        else:
            known = language.text("stations.known_by", user=alarm.acknowledged_by)
            column.addWidget(
                wrapped_label("muted", " · ".join(filter(None, (known, alarm.comment))))
            )
        return made

    def _acknowledge_button(self, alarm: AlarmDetail) -> QPushButton:
        button = text_button(self._context.desk, "stations.acknowledge", icon="bell-ring")
        reason = reason_against_acknowledging(self._context.actor)
        button.setEnabled(not reason)
        button.setToolTip(self._context.language.text(reason) if reason else "")
        button.clicked.connect(lambda: self._ask_acknowledgement(alarm))
        return button

    def _ask_acknowledgement(self, alarm: AlarmDetail) -> None:
        language = self._context.language
        registry, actor = self._context.registry, self._context.actor
        dialog = ReasonDialog(
            self._context.desk,
            title=f"{language.text('stations.acknowledge')}: {alarm.station}",
            sentence=language.text("stations.acknowledge_sentence"),
            act_key="stations.acknowledge",
            work=lambda comment: acknowledge_alarm(registry, actor, alarm.id, comment=comment),
            done=self._say_acknowledged,
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_acknowledged(self) -> None:
        self._message.say(Tone.LEAF, self._context.language.text("stations.acknowledged"))
        self._context.changes.tell("stations")
