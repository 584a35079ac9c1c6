"""The wizard's steps that choose: station, method, references, limits, conditions.

Owns their widgets; what may be chosen is the presenter's.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout

from app.services.calibration.limits import Procedure
from app.services.calibration.tolerance import DecisionRule
from app.views.calibration.big_buttons import BigChoice, NumberEntry
from app.views.calibration.wizard_frame import StepView, WizardFrame
from app.views.components.labels import role_label, wrapped_label
from app.views.presenters.calibration.words import spoken
from app.views.theme.tokens import GAP_M, GAP_S, TARGET_HEIGHT, Tone


class ChoosingStep(StepView):
    """Choices below each other."""

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP_S)
        self.build()
        self.column.addStretch()

    def build(self) -> None:
        """Add the choices."""

    def say(self, key: str, tone: Tone = Tone.QUIET, **values: object) -> None:
        """Add a sentence."""
        label = wrapped_label("muted", self.desk.language.text(key, **values), tone=tone)
        self.column.addWidget(label)


class StationStep(ChoosingStep):
    """Which channel of which station."""

    def build(self) -> None:
        wizard = self.wizard
        if not wizard.benches:
            self.say("calibration.no_station")
        for bench in wizard.benches:
            chosen = wizard.bench is not None and wizard.bench.id == bench.id
            choice = BigChoice(bench.title, bench.second, chosen=chosen)
            choice.clicked.connect(partial(self._choose, bench.id))
            self.column.addWidget(choice)

    def _choose(self, channel_id: int) -> None:
        self.wizard.choose_bench(channel_id)
        self.frame.again()


class MethodStep(ChoosingStep):
    """Which method."""

    def build(self) -> None:
        texts = self.desk.language
        for procedure in Procedure:
            key = procedure.value.replace("-", "_")
            choice = BigChoice(
                texts.text(f"calibration.methods.{key}"),
                texts.text(f"calibration.methods.{key}_sentence"),
                chosen=self.wizard.procedure is procedure,
            )
            choice.clicked.connect(partial(self._choose, procedure))
            self.column.addWidget(choice)

    def _choose(self, procedure: Procedure) -> None:
        self.wizard.choose_procedure(procedure)
        self.frame.again()


class ReferencesStep(ChoosingStep):
    """Which reference materials; what is refused says why and what to do."""

    def build(self) -> None:
        wizard, texts = self.wizard, self.desk.language
        if wizard.procedure is Procedure.COLOCATION:
            self._offer_instruments()
            return
        offered = wizard.offered()
        if not offered:
            self.say("calibration.no_reference", Tone.AMBER)
        for kept, findings in offered:
            material = kept.material
            title = f"{material.identification} · {material.value:g} {material.unit}"
            second = texts.text(
                "calibration.reference_second",
                certificate=material.certificate,
                expanded=f"{material.expanded:g}",
                factor=f"{material.factor:g}",
                expires=texts.show(material.expires_on) if material.expires_on else "–",
            )
            choice = BigChoice(title, second, chosen=kept.id in wizard.chosen)
            choice.clicked.connect(partial(self._toggle, kept.id))
            self.column.addWidget(choice)
            if any(finding.blocks for finding in findings):
                choice.refuse()
            for finding in findings:
                tone = Tone.RED if finding.blocks else Tone.AMBER
                said = spoken(texts, finding.message, finding.message_th)
                self.column.addWidget(wrapped_label("small", said, tone=tone))

    def _offer_instruments(self) -> None:
        """Offer the other channels of this quantity; the points read are told."""
        for bench in self.wizard.instruments():
            choice = BigChoice(bench.title, bench.second)
            choice.clicked.connect(partial(self.frame.compare, bench.id))
            self.column.addWidget(choice)
        if self.wizard.as_found:
            self.say("calibration.levels", Tone.LEAF, levels=len(self.wizard.as_found))

    def _toggle(self, standard_id: int) -> None:
        self.wizard.toggle_reference(standard_id)
        self.frame.again()


class LimitsStep(StepView):
    """Tolerance, range and decision rule."""

    uses_pad = True

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        wizard, texts = self.wizard, self.desk.language
        limits = wizard.limits
        if limits.absolute is None:
            wizard.set_limits(replace(limits, absolute=wizard.propose_tolerance()))
            limits = wizard.limits
        unit = wizard.bench.channel.unit if wizard.bench is not None else ""
        self.absolute = NumberEntry(limits.absolute)
        self.low = NumberEntry(limits.range_low)
        self.high = NumberEntry(limits.range_high)
        grid = QGridLayout()
        grid.setSpacing(GAP_M)
        for row, (key, entry) in enumerate(
            (("tolerance", self.absolute), ("range_low", self.low), ("range_high", self.high))
        ):
            text = texts.text(f"calibration.{key}", unit=unit)
            entry.setAccessibleName(text)
            grid.addWidget(role_label("strong", text), row, 0)
            grid.addWidget(entry, row, 1)
            entry.selectionChanged.connect(partial(self.frame.pad.serve, entry))
            entry.cursorPositionChanged.connect(lambda _old, _new, e=entry: frame.pad.serve(e))
            entry.textChanged.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        column.addLayout(grid)
        column.addWidget(wrapped_label("label", texts.text("calibration.tolerance_proposed")))
        for rule in DecisionRule:
            key = rule.value.replace("-", "_")
            choice = BigChoice(
                texts.text(f"calibration.rules.{key}"),
                texts.text(f"calibration.rules.{key}_sentence"),
                chosen=limits.rule is rule,
            )
            choice.clicked.connect(partial(self._choose, rule))
            column.addWidget(choice)
        column.addStretch()
        frame.pad.serve(self.absolute)

    def _take(self) -> None:
        limits = self.wizard.limits
        self.wizard.set_limits(
            replace(
                limits,
                absolute=abs(self.absolute.value() or 0.0),
                range_low=self.low.value() or 0.0,
                range_high=self.high.value() or 0.0,
            )
        )
        self.frame.changed()

    def _choose(self, rule: DecisionRule) -> None:
        self.wizard.set_limits(replace(self.wizard.limits, rule=rule))
        self.frame.again()


class ConditionsStep(StepView):
    """Whose sensor, where, in what condition and air; all may be left empty."""

    uses_pad = True

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        texts, notes = self.desk.language, self.wizard.notes
        self.numbers = {
            name: NumberEntry(getattr(notes, name))
            for name in ("temperature_c", "humidity_percent", "pressure_hpa")
        }
        self.texts = {name: QLineEdit(getattr(notes, name)) for name in _NOTED}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_M)
        for row, (name, entry) in enumerate({**self.numbers, **self.texts}.items()):
            text = texts.text(f"calibration.noted.{name}")
            entry.setAccessibleName(text)
            entry.setMinimumHeight(TARGET_HEIGHT)
            grid.addWidget(role_label("strong", text), row, 0)
            grid.addWidget(entry, row, 1)
            entry.textChanged.connect(self._take)
            if isinstance(entry, NumberEntry):
                entry.cursorPositionChanged.connect(lambda _old, _new, e=entry: frame.pad.serve(e))
        grid.setRowStretch(len(self.numbers) + len(self.texts), 1)
        frame.pad.serve(self.numbers["temperature_c"])

    def _take(self) -> None:
        numbers = {name: entry.value() for name, entry in self.numbers.items()}
        words = {name: entry.text().strip() for name, entry in self.texts.items()}
        self.wizard.notes = replace(
            self.wizard.notes,
            temperature_c=numbers["temperature_c"],
            humidity_percent=numbers["humidity_percent"],
            pressure_hpa=numbers["pressure_hpa"],
            customer=words["customer"],
            place=words["place"],
            condition=words["condition"],
            remarks=words["remarks"],
        )


_NOTED = ("customer", "place", "condition", "remarks")
