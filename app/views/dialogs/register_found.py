"""Registers what answered a search: its station, chosen or new, and the sensor.

Owns the dialog; reading the form and registering is the presenter's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.services.stations.listing import list_stations
from app.services.stations.ports import BUSES
from app.services.stations.values import StationDetail
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.form import Form, FormPlan
from app.views.components.labels import wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.pages.context import PageContext
from app.views.presenters.charts.live_source import PortAnswer
from app.views.presenters.found_stations import ANALYSERS, register_found
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_M, GAP_XL

_PLAN = FormPlan(
    name="register-found",
    title_key="stations.registering.title",
    act_key="stations.registering.act",
    act_icon="radio-tower",
    checks=False,
    fields=(
        Field("station", "stations.registering.station", FieldKind.CHOICE, half=True),
        Field("name", "stations.registering.name", half=True, optional=True),
        Field("sensor", "stations.registering.sensor", half=True),
        Field("manufacturer", "stations.registering.manufacturer", half=True, optional=True),
        Field("model", "stations.registering.model", half=True, optional=True),
        Field("serial", "stations.registering.serial", half=True, optional=True),
        Field("latitude", "stations.latitude", half=True, optional=True),
        Field("longitude", "stations.longitude", half=True, optional=True),
        Field("address", "stations.registering.address", optional=True),
        Field("gases", "stations.registering.gases"),
    ),
)


class RegisterFoundDialog(QDialog):
    """`registered` carries the station's code once the sensor is registered."""

    registered = Signal(str)

    def __init__(
        self, context: PageContext, answer: PortAnswer, *, port: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._answer = answer
        self._port = port
        desk = context.desk
        desk.language.keep(self, self.setWindowTitle, "stations.registering.title")
        self.resize(*FORM_DIALOG_SIZE)
        self.message = MessageBar(desk)
        # What stands at one port is no draft for another.
        self.form = Form(desk, _PLAN)
        self.form.set_field_visible("gases", visible=answer.protocol == ANALYSERS)
        self.form.set_field_visible("address", visible=answer.protocol in BUSES)
        self.form.set_values({"model": answer.identification})
        said = " · ".join(filter(None, (port, answer.protocol, answer.settings)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("strong", said))
        layout.addWidget(wrapped_label("", desk.language.text("stations.registering.sentence")))
        layout.addWidget(self.message)
        layout.addWidget(self.form, 1)
        self.form.submitted.connect(self._register)
        self.form.cancelled.connect(self.reject)
        registry = context.registry
        context.tasks.run(
            lambda: list_stations(registry),
            on_done=self._offer,
            on_error=self.message.say_problem,
            owner=self,
        )

    def _offer(self, stations: Sequence[StationDetail]) -> None:
        typed = self.form.values()["station"]
        options = tuple(
            Option(each.code, f"{each.code} · {each.name}")
            for each in stations
            if each.collects_here
        )
        self.form.field("station").set_options(options)
        self.form.set_values({"station": typed})

    def _register(self, values: dict[str, str]) -> None:
        registry, actor = self._context.registry, self._context.actor
        answer, port = self._answer, self._port
        self.message.clear()
        self._context.tasks.run(
            lambda: register_found(registry, actor, values, answer, port=port),
            on_done=lambda _id: self._done(values["station"].strip()),
            on_error=self.message.say_problem,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _done(self, code: str) -> None:
        self.accept()
        self._context.changes.tell("stations")
        self.registered.emit(code)
