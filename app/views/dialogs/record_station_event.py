"""Records what was done at a station: kind, seal's number, where it was moved to, note.

Owns the dialog; recording is the service's. Nothing recorded is changed later.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.errors import UsageError
from app.services.stations.events import TOLD, EventKind, NewEvent, record_event
from app.services.stations.values import SensorDetail
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.pages.context import PageContext
from app.views.presenters.station_forms import read_position
from app.views.theme.tokens import DIALOG_WIDTH, GAP_L, GAP_M, GAP_XL

_KIND = Field(
    "kind",
    "stations.kind",
    FieldKind.CHOICE,
    options=tuple(Option(str(kind), text_key=f"stations.kinds.{kind}") for kind in TOLD),
    initial=str(EventKind.INSPECTION),
)


class RecordStationEventDialog(QDialog):
    """`recorded` carries the kind once it is kept."""

    recorded = Signal(str)

    def __init__(
        self,
        context: PageContext,
        station_id: int,
        code: str,
        parent: QWidget | None = None,
        *,
        sensors: Sequence[SensorDetail] = (),
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._station_id = station_id
        desk = context.desk
        self.setWindowTitle(f"{desk.language.text('stations.record')} · {code}")
        self.setMinimumWidth(DIALOG_WIDTH)
        self.message = MessageBar(desk)
        self.kind = LabelledField(desk, _KIND)
        whole = Option("", text_key="stations.whole_station")
        options = (whole, *(Option(str(each.id), each.code) for each in sensors))
        self.sensor = LabelledField(
            desk, Field("sensor", "stations.at_which", FieldKind.CHOICE, options)
        )
        self.sensor.setVisible(bool(sensors))
        self.value = LabelledField(desk, Field("value", "stations.value", FieldKind.TEXT))
        self.latitude = LabelledField(desk, Field("latitude", "stations.latitude"))
        self.longitude = LabelledField(desk, Field("longitude", "stations.longitude"))
        self.note = LabelledField(desk, Field("note", "stations.note", FieldKind.MULTILINE))
        self.act = text_button(desk, "stations.record", kind="primary", icon="stamp")
        self.act.clicked.connect(self._run)
        cancel = text_button(desk, "common.cancel")
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("", desk.language.text("stations.record_sentence")))
        for widget in (
            self.message,
            self.kind,
            self.sensor,
            self.value,
            self.latitude,
            self.longitude,
            self.note,
        ):
            layout.addWidget(widget)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(cancel)
        acts.addWidget(self.act)
        layout.addLayout(acts)
        self.kind.entry.edited.connect(self._show_value)
        self._show_value()

    def _show_value(self) -> None:
        kind = self.kind.entry.value()
        self.value.setVisible(kind.startswith("seal-"))
        for field in (self.latitude, self.longitude):
            field.setVisible(kind == str(EventKind.MOVED))

    def _run(self) -> None:
        registry, actor = self._context.registry, self._context.actor
        self.message.clear()
        kind, latitude, longitude = EventKind(self.kind.entry.value()), None, None
        try:
            if kind is EventKind.MOVED:
                latitude, longitude = read_position(
                    self.latitude.entry.value(), self.longitude.entry.value()
                )
        except UsageError as error:
            self.message.say_problem(error)
            return
        new = NewEvent(
            self._station_id,
            kind,
            registry.now(),
            sensor_id=int(self.sensor.entry.value() or 0) or None,
            value=self.value.entry.value() if not self.value.isHidden() else "",
            note=self.note.entry.value(),
            latitude=latitude,
            longitude=longitude,
        )
        self.act.setEnabled(False)
        self._context.tasks.run(
            lambda: record_event(registry, actor, new),
            on_done=lambda _id: self._finish(kind),
            on_error=self.message.say_problem,
            on_finished=lambda: self.act.setEnabled(True),
            owner=self,
        )

    def _finish(self, kind: EventKind) -> None:
        self.accept()
        self.recorded.emit(str(kind))
