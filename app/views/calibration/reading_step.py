"""The wizard's steps that read the station: as found and as left, one reference after the other.

Owns their widgets; the lamp decides when a point may be taken. Points stay when the cable is
pulled.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.views.calibration.big_buttons import big_button
from app.views.calibration.signal_view import SignalPanel
from app.views.calibration.wizard_frame import StepView, WizardFrame
from app.views.components.labels import role_label, wrapped_label
from app.views.theme.tokens import GAP_M, Tone


class ReadingStep(StepView):
    """The gas to lead in, the signal, and the points taken."""

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        self._task = wrapped_label("strong")
        self.panel = SignalPanel(self.desk)
        self.take = big_button(self.desk, "calibration.take", kind="primary", icon="check")
        self.drop = big_button(self.desk, "calibration.drop", icon="undo-2")
        self._taken = wrapped_label("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        column.addWidget(self._task)
        column.addWidget(self.panel, 1)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.drop)
        acts.addWidget(self.take, 1)
        column.addLayout(acts)
        column.addWidget(self._taken)
        if frame.line is None:
            missing = self.desk.language.text("calibration.no_line")
            column.addWidget(role_label("small", missing, tone=Tone.AMBER))
        self.take.clicked.connect(self._take)
        self.drop.clicked.connect(self._drop)
        if self.wizard.signal is None:
            self.wizard.begin_signal()
        self.tick()

    def tick(self) -> None:
        """Show the signal as it is now."""
        wizard, texts = self.wizard, self.desk.language
        signal, bench = wizard.signal, wizard.bench
        if signal is None or bench is None:
            return
        unit, material = bench.channel.unit, wizard.next_material()
        stability = self.panel.show_signal(signal, unit)
        if material is None:
            self._task.setText(texts.text("calibration.all_taken"))
        else:
            self._task.setText(
                texts.text(
                    "calibration.lead_in",
                    number=len(wizard.points) + 1,
                    count=len(wizard.materials()),
                    name=material.identification,
                    value=f"{material.value:g}",
                    unit=unit,
                )
            )
        ready = stability.is_stable and signal.is_plugged_in
        self.take.setEnabled(material is not None and ready)
        self.drop.setEnabled(bool(wizard.points))
        lines = [
            texts.text(
                "calibration.taken",
                name=point.material.identification,
                value=f"{point.material.value:g}",
                mean=f"{sum(point.readings) / len(point.readings):.2f}",
                count=len(point.readings),
                unit=unit,
            )
            for point in wizard.points
        ]
        self._taken.setText("\n".join(lines))

    def _take(self) -> None:
        if self.wizard.take_point():
            self.tick()
            self.frame.changed()

    def _drop(self) -> None:
        self.wizard.drop_last_point()
        self.tick()
        self.frame.changed()
