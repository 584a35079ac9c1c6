"""The calibration wizard: one step at a time, Back and Next where a thumb finds them.

Owns the frame around the steps, the line to the station and what runs off the window's thread.
Leaving asks nothing and loses nothing: what was taken is kept as a draft after each point.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.errors import TeakError
from app.services.calibrating.certifying import issue_calibration_certificate
from app.services.calibrating.comparing import read_colocated_points
from app.services.calibrating.doubt import mark_open_doubt
from app.services.calibrating.doubt_left import leave_doubt
from app.services.calibrating.due import propose_next_due
from app.services.calibrating.recording import (
    keep_calibration,
)
from app.services.calibration.device_adjustment import AdjustmentAnswer, DeviceAdjustment
from app.services.calibration.evaluation import PointReadings
from app.services.file_saving import save_file
from app.views.calibration.big_buttons import NumberPad, big_button
from app.views.calibration.certificate_step import CertificateStep
from app.views.calibration.choosing_steps import (
    ConditionsStep,
    LimitsStep,
    MethodStep,
    ReferencesStep,
    StationStep,
)
from app.views.calibration.draft_keeper import DraftKeeper
from app.views.calibration.reading_step import ReadingStep
from app.views.calibration.result_steps import CorrectionStep, DoubtStep, FitStep, VerdictStep
from app.views.calibration.wizard_frame import StepView, WizardFrame
from app.views.components.labels import role_label, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.pages.context import PageContext
from app.views.presenters.calibration.draft import reads_station
from app.views.presenters.calibration.steps import Step
from app.views.presenters.calibration.wizard import CalibrationWizard
from app.views.presenters.calibration.words import why_not
from app.views.tasks import Lane
from app.views.theme.tokens import GAP_L, GAP_M, Tone

_TICK_MS = 200
_STEPS: dict[Step, type[StepView]] = {
    Step.STATION: StationStep,
    Step.METHOD: MethodStep,
    Step.REFERENCES: ReferencesStep,
    Step.LIMITS: LimitsStep,
    Step.CONDITIONS: ConditionsStep,
    Step.AS_FOUND: ReadingStep,
    Step.FIT: FitStep,
    Step.CORRECTION: CorrectionStep,
    Step.AS_LEFT: ReadingStep,
    Step.VERDICT: VerdictStep,
    Step.DOUBT: DoubtStep,
    Step.CERTIFICATE: CertificateStep,
}


class WizardView(QWidget):
    """The wizard; `ended` when somebody leaves it."""

    ended = Signal()

    def __init__(self, context: PageContext, wizard: CalibrationWizard, *, form: str = "") -> None:
        """Show a wizard; `form` names the draft it was taken up from."""
        super().__init__()
        self.context = context
        self.desk = context.desk
        self.wizard = wizard
        self.pad = NumberPad(self.desk)
        self.frame = WizardFrame(
            self.desk, wizard, self.pad, self._show_acts, self._show_step, self._compare
        )
        self.message = MessageBar(self.desk)
        self.step: StepView | None = None
        self._place = role_label("label")
        self._title = role_label("title")
        self._sentence = wrapped_label("muted")
        self._why = wrapped_label("small", tone=Tone.AMBER)
        self.leave = big_button(self.desk, "calibration.leave", kind="quiet", icon="x")
        self.back = big_button(self.desk, "calibration.back", icon="undo-2")
        self.next = big_button(self.desk, "calibration.next", kind="primary", icon="arrow-right")
        self._steps = QVBoxLayout()
        self._build()
        self.back.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)
        self.leave.clicked.connect(self.end)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)
        self.desk.language.changed.connect(self._show_step)
        self.keeper = DraftKeeper(context, wizard, self, form=form)
        self.keeper.failed.connect(self.message.say_problem)
        if reads_station(wizard):
            self._open_line()
        self._show_step()

    def put_down(self) -> None:
        """Keep what was taken, and free the port: the desk is taken down."""
        self._timer.stop()
        self.keeper.keep()
        self._close_line()

    def end(self) -> None:
        """Leave the wizard and free the port."""
        self.put_down()
        self.ended.emit()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        head = QHBoxLayout()
        words = QVBoxLayout()
        for label in (self._place, self._title, self._sentence):
            words.addWidget(label)
        head.addLayout(words, 1)
        head.addWidget(self.leave)
        column.addLayout(head)
        column.addWidget(self.message)
        middle = QHBoxLayout()
        middle.setSpacing(GAP_L)
        middle.addWidget(make_scrolling(self._steps), 1)
        middle.addWidget(self.pad)
        column.addLayout(middle, 1)
        column.addWidget(self._why)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_L)
        acts.addWidget(self.back)
        acts.addStretch(1)
        acts.addWidget(self.next, 1)
        column.addLayout(acts)

    def _show_step(self) -> None:
        wizard, texts = self.wizard, self.desk.language
        if self.step is not None:
            self._steps.removeWidget(self.step)
            self.step.hide()
            self.step.deleteLater()
        self.step = _STEPS[wizard.step](self.frame)
        self._steps.addWidget(self.step)
        self.step.show()
        self.pad.setVisible(wizard.step in (Step.LIMITS, Step.CONDITIONS))
        steps = wizard.steps()
        place = texts.text(
            "calibration.place", number=steps.index(wizard.step) + 1, count=len(steps)
        )
        bench = "" if wizard.bench is None else f" · {wizard.bench.title}"
        self._place.setText(place + bench)
        self._title.setText(texts.text(f"calibration.steps.{wizard.step}"))
        self._sentence.setText(texts.text(f"calibration.steps.{wizard.step}_sentence"))
        self._connect_step(self.step)
        self._show_acts()

    def _connect_step(self, step: StepView) -> None:
        if isinstance(step, CorrectionStep):
            step.adjust.clicked.connect(self._adjust)
        if isinstance(step, CertificateStep):
            step.issue.clicked.connect(self._issue)
            step.save.clicked.connect(self._ask_path)

    def _show_acts(self) -> None:
        wizard, texts = self.wizard, self.desk.language
        self.back.setEnabled(wizard.can_go_back)
        blocked = wizard.blocked()
        records = wizard.step is Step.VERDICT and not wizard.code
        self.next.setEnabled(blocked is None or records)
        self.next.setVisible(wizard.step is not Step.CERTIFICATE)
        self.next.setText(
            "  " + texts.text("calibration.record" if records else "calibration.next")
        )
        said = "" if blocked is None or records else why_not(texts, blocked)
        self._why.setText(said)
        self._why.setVisible(bool(said))
        self.keeper.keep()

    def _go_back(self) -> None:
        self.message.clear()
        self.wizard.go_back()
        self._show_step()

    def _go_on(self) -> None:
        self.message.clear()
        wizard = self.wizard
        if wizard.step is Step.VERDICT and not wizard.code:
            self._record()
            return
        if wizard.step is Step.DOUBT and wizard.blocked() is None:
            self._answer_doubt()
            return
        self._advance()

    def _advance(self) -> None:
        if self.wizard.go_on() is None and self.wizard.step is Step.AS_FOUND:
            self._open_line()
        self._show_step()

    # The station

    def _open_line(self) -> None:
        lines, bench = self.context.lines, self.wizard.bench
        if self.frame.line is not None or lines is None or bench is None:
            return
        try:
            line = lines.open(bench.sensor)
            line.start()
        except TeakError as error:
            self.message.say_problem(error)
            return
        self.frame.line = line
        self.wizard.begin_signal()

    def _close_line(self) -> None:
        line, self.frame.line = self.frame.line, None
        if line is not None:
            line.stop()

    def _tick(self) -> None:
        line, signal = self.frame.line, self.wizard.signal
        if line is None or signal is None:
            return
        signal.take(line.take(0.0))
        if self.step is not None:
            self.step.tick()

    def _adjust(self) -> None:
        line, wanted = self.frame.line, self.wizard.device_adjustment()
        if line is None or not isinstance(wanted, DeviceAdjustment):
            return
        self.next.setEnabled(False)
        self.back.setEnabled(False)
        self.desk.tasks.run_long(
            lambda _control: line.adjust(wanted),
            title=self.desk.language.text("calibration.adjusting"),
            on_done=self._adjusted,
            on_error=self.message.say_problem,
            on_finished=self._show_acts,
            owner=self,
        )

    def _adjusted(self, answer: AdjustmentAnswer) -> None:
        self.wizard.note_adjusted(answer)
        self._show_step()

    # The registry

    def _compare(self, reference_id: int) -> None:
        registry, bench = self.context.registry, self.wizard.bench
        if bench is None:
            return
        self.message.clear()
        self.desk.tasks.run(
            lambda: read_colocated_points(
                registry, reference_id=reference_id, measured_id=bench.id
            ),
            on_done=self._compared,
            on_error=self.message.say_problem,
            latest_key="calibration-colocation",
            owner=self,
        )

    def _compared(self, points: tuple[PointReadings, ...]) -> None:
        self.wizard.take_colocated(points)
        self._show_step()

    def _record(self) -> None:
        registry, actor, wizard = self.context.registry, self.context.actor, self.wizard
        bench = wizard.bench
        if bench is None:
            return
        self.next.setEnabled(False)
        due = bench.id

        def record() -> str:
            done = wizard.finished(at=registry.now(), next_due_on=propose_next_due(registry, due))
            return keep_calibration(registry, actor, done)

        self.desk.tasks.run(
            record,
            on_done=self._recorded,
            on_error=self.message.say_problem,
            on_finished=self._show_acts,
            owner=self,
        )

    def _recorded(self, code: str) -> None:
        self.wizard.code = code
        self.keeper.forget()
        self._close_line()
        self.desk.changes.tell("calibrations", "stations")
        self._advance()

    def _answer_doubt(self) -> None:
        registry, actor, wizard = self.context.registry, self.context.actor, self.wizard
        self.next.setEnabled(False)
        code, marks, reason = wizard.code, wizard.marks_doubtful, wizard.reason_to_leave

        def answer() -> str:
            if not marks:
                leave_doubt(registry, actor, code, reason=reason)
                return self.desk.language.text("calibration.left", user=actor.user_name)
            sequence = mark_open_doubt(registry, actor, code)
            key = "calibration.nothing_marked" if sequence is None else "calibration.marked"
            return self.desk.language.text(key, sequence=sequence or 0)

        self.desk.tasks.run(
            answer,
            on_done=self._doubt_answered,
            on_error=self.message.say_problem,
            on_finished=self._show_acts,
            owner=self,
        )

    def _doubt_answered(self, said: str) -> None:
        self._advance()
        self.message.say(Tone.TEAK, said)
        self.desk.changes.tell("readings", "stations")

    def _issue(self) -> None:
        registry, actor, step = self.context.registry, self.context.actor, self.step
        code = self.wizard.code
        if isinstance(step, CertificateStep):
            step.show_waiting(is_for_worker=registry.server is not None)
            # A server's worker makes it: waiting for that must not keep the lists waiting.
            self.desk.tasks.run_long(
                lambda _control: issue_calibration_certificate(registry, actor, code),
                title=self.desk.language.text("calibration.issue"),
                on_done=step.show_issued,
                on_error=self.message.say_problem,
                on_finished=step.show_waited,
                owner=step,
                lane=Lane.REGISTRY if registry.server is None else Lane.LONG,
            )

    def _ask_path(self) -> None:
        step = self.step
        if not isinstance(step, CertificateStep) or step.issued is None:
            return
        dialog = QFileDialog(self, self.desk.language.text("calibration.save"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.selectFile(f"{step.issued.number}.pdf")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_to(self, path: str) -> None:
        """Save the certificate's PDF."""
        step = self.step
        if not isinstance(step, CertificateStep) or step.issued is None:
            return
        pdf = step.issued.pdf
        self.desk.tasks.run(
            lambda: save_file(Path(path), pdf),
            on_done=lambda _none: self.message.say(
                Tone.LEAF, self.desk.language.text("calibration.saved", name=Path(path).name)
            ),
            on_error=self.message.say_problem,
            owner=self,
        )
