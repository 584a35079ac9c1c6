"""Alarm limits of a station: those in force, each ended by its button, and a new one set.

Owns the dialog; reading what is typed is the presenter's, setting and ending the service's.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.stations.alarms import (
    LimitDetail,
    NewLimit,
    Side,
    end_alarm_limit,
    list_alarm_limits,
    set_alarm_limit,
)
from app.services.stations.values import StationDetail
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import role_label, rule, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.presenters.station_forms import read_limit
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_M, GAP_S, GAP_XL

_SIDES = tuple(Option(str(side), text_key=f"stations.limits.{side}") for side in Side)


class AlarmLimitsDialog(QDialog):
    """`changed` follows each limit set or ended."""

    changed = Signal()

    def __init__(
        self, context: PageContext, station: StationDetail, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        desk = context.desk
        self._channels = {
            each.id: f"{sensor.code} · {each.channel} ({each.unit})"
            for sensor in station.sensors
            for each in sensor.channels
        }
        self.setWindowTitle(f"{desk.language.text('stations.limits.title')} · {station.code}")
        self.resize(*FORM_DIALOG_SIZE)
        self.message = MessageBar(desk)
        options = tuple(Option(str(key), text) for key, text in self._channels.items())
        first = options[0].value if options else ""
        self.fields = {
            field.key: LabelledField(desk, field)
            for field in (
                Field(
                    "channel", "stations.limits.channel", FieldKind.CHOICE, options, initial=first
                ),
                Field(
                    "side",
                    "stations.limits.side",
                    FieldKind.SEGMENTS,
                    _SIDES,
                    initial=str(Side.HIGH),
                ),
                Field("raise_at", "stations.limits.raise_at"),
                Field("clear_at", "stations.limits.clear_at", optional=True),
                Field("message", "stations.limits.message"),
            )
        }
        self.act = text_button(desk, "stations.limits.set", kind="primary", icon="bell-ring")
        self.act.clicked.connect(self._set)
        self._limits = QVBoxLayout()
        self._limits.setSpacing(GAP_S)
        self._build()
        self.read()

    def read(self) -> None:
        """Fetch the limits in force."""
        registry, channels = self._context.registry, tuple(self._channels)
        self._context.tasks.run(
            lambda: [each for key in channels for each in list_alarm_limits(registry, key)],
            on_done=self._show,
            on_error=self.message.say_problem,
            owner=self,
        )

    def _build(self) -> None:
        desk = self._context.desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(self.message)
        # The limits in force come later and may be many: what does not fit is scrolled to.
        column = QVBoxLayout()
        column.setSpacing(GAP_M)
        column.addWidget(
            role_label("card-title", desk.language.text("stations.limits.in_force")),
        )
        column.addLayout(self._limits)
        column.addWidget(rule())
        column.addWidget(role_label("card-title", desk.language.text("stations.limits.new")))
        for field in self.fields.values():
            column.addWidget(field)
        column.addWidget(wrapped_label("muted", desk.language.text("stations.limits.hysteresis")))
        column.addStretch()
        layout.addWidget(make_scrolling(column), 1)
        leave = text_button(desk, "common.close")
        leave.clicked.connect(self.reject)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(leave)
        acts.addWidget(self.act)
        layout.addLayout(acts)
        self.act.setEnabled(bool(self._channels))

    def _show(self, limits: list[LimitDetail]) -> None:
        while (item := self._limits.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in limits:
            self._limits.addWidget(self._line(each.limit))
        if not limits:
            none = self._context.language.text("stations.limits.none")
            self._limits.addWidget(wrapped_label("muted", none))

    def _line(self, limit: NewLimit) -> QWidget:
        language, made = self._context.language, QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        told = language.text(
            f"stations.limits.line_{limit.side}",
            channel=self._channels[limit.channel_id],
            raise_at=limit.raise_at,
            clear_at=limit.clear_at,
            message=limit.message,
        )
        row.addWidget(wrapped_label("", told), 1)
        end = text_button(self._context.desk, "stations.limits.end")
        end.setAccessibleDescription(told)
        end.clicked.connect(lambda: self._end(limit))
        row.addWidget(end, alignment=Qt.AlignmentFlag.AlignTop)
        return made

    def _set(self) -> None:
        registry, actor = self._context.registry, self._context.actor
        values = {key: field.entry.value() for key, field in self.fields.items()}
        self._run(lambda: set_alarm_limit(registry, actor, read_limit(values)))

    def _end(self, limit: NewLimit) -> None:
        registry, actor = self._context.registry, self._context.actor
        self._run(lambda: end_alarm_limit(registry, actor, limit.channel_id, limit.side))

    def _run(self, work: Callable[[], object]) -> None:
        self.message.clear()
        self.act.setEnabled(False)
        self._context.tasks.run(
            work,
            on_done=lambda _made: self._done(),
            on_error=self.message.say_problem,
            on_finished=lambda: self.act.setEnabled(True),
            owner=self,
        )

    def _done(self) -> None:
        self.read()
        self.changed.emit()
