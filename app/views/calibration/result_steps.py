"""The wizard's steps that tell: fit, where the correction goes, verdict, doubtful data.

Owns their widgets; evaluating is the service's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.calibration.device_adjustment import DeviceAdjustment
from app.services.calibration.evaluation import CalibrationOutcome, PointResult
from app.services.calibration.findings import Finding
from app.services.calibration.limits import Procedure
from app.services.calibration.tolerance import Verdict
from app.views.calibration.big_buttons import BigChoice, big_button
from app.views.calibration.choosing_steps import ChoosingStep
from app.views.calibration.fit_chart import FitChart
from app.views.calibration.wizard_frame import StepView, WizardFrame
from app.views.components.chips import Chip
from app.views.components.labels import role_label, wrapped_label
from app.views.desk import Desk
from app.views.presenters.calibration.steps import Keeping
from app.views.presenters.calibration.words import spoken
from app.views.theme.tokens import GAP_L, GAP_M, GAP_S, TARGET_HEIGHT, Tone


class FitStep(StepView):
    """The line, its figures and what stands against it."""

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        outcome = self.wizard.outcome()
        if outcome is None:
            return
        if outcome.as_found:
            column.addWidget(FitChart(self.desk, outcome), 1)
        column.addWidget(_fit_figures(self.desk, outcome))
        column.addWidget(points_table(self.desk, outcome.as_found))
        for finding in outcome.findings:
            column.addWidget(finding_label(self.desk, finding))
        column.addStretch()


class CorrectionStep(ChoosingStep):
    """Registry, device, or the maker's own program; what the device cannot says why."""

    def build(self) -> None:
        wizard, texts = self.wizard, self.desk.language
        self.choices: dict[Keeping, BigChoice] = {}
        can = wizard.device_adjustment()
        for keeping in Keeping:
            second = texts.text(f"calibration.keeping.{keeping}_sentence")
            if keeping is Keeping.DEVICE and not isinstance(can, DeviceAdjustment):
                second = spoken(texts, can.message, can.message_th)
            choice = BigChoice(
                texts.text(f"calibration.keeping.{keeping}"),
                second,
                chosen=wizard.keeping is keeping,
            )
            locked = keeping is not Keeping.DEVICE and wizard.adjusted is not None
            beside = wizard.procedure is Procedure.COLOCATION and keeping is Keeping.MAKER
            if (
                locked
                or beside
                or (keeping is Keeping.DEVICE and not isinstance(can, DeviceAdjustment))
            ):
                choice.refuse()
            choice.clicked.connect(partial(self._choose, keeping))
            self.choices[keeping] = choice
            self.column.addWidget(choice)
        self.adjust = big_button(self.desk, "calibration.adjust", kind="primary", icon="wrench")
        self.adjust.setVisible(wizard.keeping is Keeping.DEVICE and wizard.adjusted is None)
        self.adjust.setEnabled(self.frame.line is not None)
        self.column.addWidget(self.adjust)
        if isinstance(can, DeviceAdjustment) and wizard.keeping is Keeping.DEVICE:
            self.say("calibration.keep_gas", reference=f"{can.reference:g}")
        if wizard.adjusted is not None:
            self.say("calibration.adjusted", Tone.LEAF, detail=wizard.adjusted.detail)

    def _choose(self, keeping: Keeping) -> None:
        self.wizard.choose_keeping(keeping)
        self.frame.again()


class VerdictStep(StepView):
    """As found and as left side by side, each with its verdict."""

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        outcome = self.wizard.outcome()
        if outcome is None:
            return
        for key, results, verdict in (
            ("as_found", outcome.as_found, outcome.verdict_as_found),
            ("as_left", outcome.as_left, outcome.verdict_as_left),
        ):
            column.addWidget(
                role_label("card-title", self.desk.language.text(f"calibration.{key}"))
            )
            if verdict is not None:
                column.addWidget(verdict_chip(self.desk, verdict))
            column.addWidget(points_table(self.desk, results))
        for finding in outcome.findings:
            column.addWidget(finding_label(self.desk, finding))
        column.addStretch()


class DoubtStep(ChoosingStep):
    """Whether the data since the last good check are marked suspicious."""

    def build(self) -> None:
        wizard, texts = self.wizard, self.desk.language
        self.say("calibration.doubt_sentence")
        for marks, key in ((True, "mark"), (False, "leave")):
            choice = BigChoice(
                texts.text(f"calibration.doubt.{key}"),
                texts.text(f"calibration.doubt.{key}_sentence"),
                chosen=wizard.marks_doubtful is marks,
            )
            choice.clicked.connect(partial(self._choose, marks))
            self.column.addWidget(choice)
        self.reason = QLineEdit(wizard.reason_to_leave)
        self.reason.setMinimumHeight(TARGET_HEIGHT)
        self.reason.setAccessibleName(texts.text("calibration.doubt.reason"))
        self.reason.setPlaceholderText(texts.text("calibration.doubt.reason_example"))
        self.reason.textChanged.connect(self._take_reason)
        label = role_label("strong", texts.text("calibration.doubt.reason"))
        for widget in (label, self.reason):
            self.column.addWidget(widget)
            widget.setVisible(wizard.marks_doubtful is False)

    def _take_reason(self, reason: str) -> None:
        self.wizard.reason_to_leave = reason
        self.frame.changed()

    def _choose(self, marks: bool) -> None:
        self.wizard.marks_doubtful = marks
        self.frame.again()


def verdict_chip(desk: Desk, verdict: Verdict) -> Chip:
    """Make a chip that says pass or fail."""
    tone = Tone.LEAF if verdict is Verdict.PASS else Tone.RED
    return Chip(desk.language.text(f"calibration.verdicts.{verdict}"), tone)


def finding_label(desk: Desk, finding: Finding) -> QWidget:
    """Make the sentence of a finding, red where it stands in the way."""
    said = spoken(desk.language, finding.message, finding.message_th)
    return wrapped_label("small", said, tone=Tone.RED if finding.blocks else Tone.AMBER)


def points_table(desk: Desk, results: Sequence[PointResult]) -> QWidget:
    """Make the table of results: reference, reading, error, U, k, limit, verdict."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GAP_L)
    grid.setVerticalSpacing(GAP_S)
    heads = ("reference", "reading", "error", "expanded", "factor", "limit", "verdict")
    for column, head in enumerate(heads):
        text = desk.language.text(f"calibration.columns.{head}")
        grid.addWidget(role_label("label", text), 0, column)
    for row, point in enumerate(results, 1):
        cells = (
            f"{point.material.value:g}",
            f"{point.mean:.2f}",
            # Rounding must not leave a minus before nothing.
            f"{round(point.error, 2) + 0.0:+.2f}",
            f"{point.budget.expanded:.2g}",
            f"{point.budget.factor:.2f}",
            f"± {point.judged.limit:.4g}",
        )
        for column, cell in enumerate(cells):
            grid.addWidget(role_label("strong" if column == 2 else "small", cell), row, column)
        grid.addWidget(verdict_chip(desk, point.judged.verdict), row, len(cells))
    grid.setColumnStretch(len(heads), 1)
    return table


def _fit_figures(desk: Desk, outcome: CalibrationOutcome) -> QWidget:
    fit = outcome.fit
    if fit is None:
        return role_label("muted", desk.language.text("calibration.no_fit"))
    said = desk.language.text(
        "calibration.fit_figures",
        slope=f"{fit.slope:.5g}",
        u_slope="–" if fit.u_slope is None else f"{fit.u_slope:.2g}",
        intercept=f"{fit.intercept:.5g}",
        u_intercept="–" if fit.u_intercept is None else f"{fit.u_intercept:.2g}",
        gamma="–" if fit.gamma is None else f"{fit.gamma:.2f}",
        unit=outcome.settings.unit,
    )
    return wrapped_label("strong", said)
