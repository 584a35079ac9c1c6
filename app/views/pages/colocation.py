"""The co-location report: a sensor beside a reference, on what the registry keeps, with targets.

Owns the widgets; the figures and their judgement are the service's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.calibrating.comparing import report_colocation
from app.services.calibration.colocation import CoLocation
from app.services.stations.listing import list_stations
from app.services.stations.values import StationDetail
from app.views.calibration.scatter_chart import ScatterChart
from app.views.components.cards import Card
from app.views.components.chips import Chip
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.page import Page
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.theme.tokens import GAP_L, GAP_S, Tone


class ColocationPage(Page):
    """Two channels chosen, their figures beside the EPA's targets."""

    shows = frozenset({"stations", "readings"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "colocation.title", "colocation.sentence")
        self.context = context
        desk = context.desk
        self.reference = LabelledField(
            desk, Field("reference", "colocation.reference", FieldKind.CHOICE)
        )
        self.measured = LabelledField(
            desk, Field("measured", "colocation.measured", FieldKind.CHOICE)
        )
        self.compare = text_button(desk, "colocation.compare", kind="primary", icon="chart-column")
        self.compare.clicked.connect(self._compare)
        self.header.add_act(self.compare)
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        row.addWidget(self.reference, 1)
        row.addWidget(self.measured, 1)
        self.body.addLayout(row)
        self._column = QVBoxLayout()
        self.body.addWidget(make_scrolling(self._column), 1)
        self._shown: QWidget | None = None
        self.report: CoLocation | None = None
        desk.language.changed.connect(self._show_again)

    def enter(self, target: str = "") -> None:
        """Offer the channels there are."""
        self.refresh()

    def refresh(self) -> None:
        """Fetch the channels again."""
        registry = self.context.registry
        self.desk.tasks.run(
            lambda: list_stations(registry),
            on_done=self._offer,
            on_error=self.message.say_problem,
            owner=self,
        )

    def _offer(self, stations: tuple[StationDetail, ...]) -> None:
        options = tuple(
            Option(
                str(channel.id),
                f"{station.code} · {sensor.code} · {channel.channel} ({channel.unit})",
            )
            for station in stations
            for sensor in station.sensors
            for channel in sensor.channels
        )
        for field in (self.reference, self.measured):
            field.entry.set_options(options)

    def _compare(self) -> None:
        registry = self.context.registry
        reference, measured = self.reference.entry.value(), self.measured.entry.value()
        self.message.clear()
        if not reference.isdigit() or not measured.isdigit():
            self.message.say(Tone.AMBER, self.desk.language.text("colocation.choose"))
            return
        self.compare.setEnabled(False)
        self.desk.tasks.run(
            lambda: report_colocation(
                registry, reference_id=int(reference), measured_id=int(measured)
            ),
            on_done=self._show,
            on_error=self.message.say_problem,
            on_finished=lambda: self.compare.setEnabled(True),
            latest_key="colocation",
            owner=self,
        )

    def _show_again(self) -> None:
        if self.report is not None:
            self._show(self.report)

    def _show(self, report: CoLocation) -> None:
        self.report = report
        if self._shown is not None:
            self._column.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = QWidget()
        row = QHBoxLayout(self._shown)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_L)
        figures = Card(self.desk, "colocation.figures", icon="gauge")
        figures.body.addWidget(self._figures(report))
        figures.body.addWidget(wrapped_label("label", self._said(report)))
        figures.body.addStretch()
        chart = Card(self.desk, "colocation.scatter", icon="activity")
        chart.body.addWidget(ScatterChart(self.desk, report), 1)
        row.addWidget(figures, 1)
        row.addWidget(chart, 1)
        self._column.addWidget(self._shown)
        self._shown.show()

    def _figures(self, report: CoLocation) -> QWidget:
        table, texts = QWidget(), self.desk.language
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_L)
        grid.setVerticalSpacing(GAP_S)
        for row, judged in enumerate(report.judged):
            tone, word = {
                True: (Tone.LEAF, "met"),
                False: (Tone.RED, "missed"),
                None: (Tone.QUIET, "none"),
            }[judged.met]
            value = "–" if judged.value is None else f"{judged.value:.3g}"
            grid.addWidget(role_label("small", texts.text(f"colocation.{judged.figure}")), row, 0)
            grid.addWidget(role_label("strong", value), row, 1)
            grid.addWidget(role_label("label", judged.target), row, 2)
            grid.addWidget(Chip(texts.text(f"colocation.target.{word}"), tone), row, 3)
        agreement, start = report.agreement, len(report.judged)
        accuracy = agreement.accuracy.percent
        for row, (key, value) in enumerate(
            (
                ("bias", f"{agreement.bias:+.3g} {report.targets.unit}"),
                ("accuracy", "–" if accuracy is None else f"{accuracy:.1f} %"),
            ),
            start,
        ):
            grid.addWidget(role_label("small", texts.text(f"colocation.{key}")), row, 0)
            grid.addWidget(role_label("strong", value), row, 1)
        grid.setColumnStretch(4, 1)
        return table

    def _said(self, report: CoLocation) -> str:
        return self.desk.language.text(
            "colocation.pairs",
            pairs=len(report.pairs.points),
            only_reference=report.pairs.only_reference,
            only_measured=report.pairs.only_measured,
            source=report.targets.source,
        )
