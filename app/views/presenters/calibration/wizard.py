"""The calibration wizard without a window: what was chosen and read, and whether one may go on.

Owns the order of the steps and every decision; storing, reading stations and drawing are others'.
Back is always possible until the calibration is recorded, and going back forgets nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from app.services.calibrating.recording import FinishedCalibration
from app.services.calibration.device_adjustment import (
    LIMITS,
    AdjustmentAnswer,
    DeviceAdjustment,
    NotInDevice,
    adjustment_for,
)
from app.services.calibration.evaluation import (
    CalibrationOutcome,
    CalibrationSettings,
    PointReadings,
    evaluate_calibration,
)
from app.services.calibration.findings import Finding
from app.services.calibration.limits import Procedure
from app.services.calibration.notes import CalibrationNotes
from app.services.calibration.reference_materials import ReferenceMaterial, check_reference
from app.services.calibration.stability import StabilityRule
from app.services.calibration.tolerance import Tolerance, Verdict
from app.services.readings.judging import resolution_of
from app.services.stations.standards import KeptStandard
from app.services.stations.values import StationDetail
from app.views.presenters.calibration.blocking import blocked_at
from app.views.presenters.calibration.signal import BenchSignal
from app.views.presenters.calibration.steps import (
    NO_NOTES,
    Bench,
    Blocked,
    Keeping,
    Limits,
    Step,
)

_ORDER = tuple(Step)
_PROPOSED_SHARE = 0.05
_ONE_POINT = (Procedure.ONE_POINT_OFFSET, Procedure.ONE_POINT_GAIN)


class CalibrationWizard:
    """All the wizard knows. `today` judges certificates of references."""

    def __init__(
        self,
        stations: Sequence[StationDetail],
        standards: Sequence[KeptStandard],
        *,
        today: date,
    ) -> None:
        self.benches = tuple(
            Bench(station, sensor, channel)
            for station in stations
            if station.collects_here
            for sensor in station.sensors
            for channel in sensor.channels
        )
        self.standards = tuple(standards)
        self.today = today
        self.step = Step.STATION
        self.bench: Bench | None = None
        self.procedure: Procedure | None = None
        self.chosen: tuple[int, ...] = ()
        self.limits = Limits()
        self.notes: CalibrationNotes = NO_NOTES
        self.as_found: tuple[PointReadings, ...] = ()
        self.as_left: tuple[PointReadings, ...] = ()
        self.keeping: Keeping | None = None
        self.adjusted: AdjustmentAnswer | None = None
        self.code = ""
        self.marks_doubtful: bool | None = None
        self.reason_to_leave = ""
        self.signal: BenchSignal | None = None

    def choose_bench(self, channel_id: int) -> None:
        """Choose the channel; another one than before begins anew."""
        if self.bench is not None and self.bench.id == channel_id:
            return
        self.bench = next(each for each in self.benches if each.id == channel_id)
        channel = self.bench.channel
        self.chosen = ()
        self.limits = Limits(
            range_low=float(channel.range_low or 0),
            range_high=float(channel.range_high or 0),
        )
        self._forget_points()

    def choose_procedure(self, procedure: Procedure) -> None:
        """Choose the method; points of another method are read anew."""
        if procedure is not self.procedure:
            self.procedure = procedure
            self.chosen = self.chosen[: self.most_references]
            self._forget_points()

    @property
    def most_references(self) -> int:
        """How many references the method takes."""
        if self.procedure in _ONE_POINT:
            return 1
        return 2 if self.procedure is Procedure.TWO_POINT else len(self.standards)

    def offered(self) -> tuple[tuple[KeptStandard, tuple[Finding, ...]], ...]:
        """List the references of the channel, each with what stands against it today."""
        if self.bench is None:
            return ()
        channel = self.bench.channel
        return tuple(
            (kept, check_reference(kept.material, on=self.today, unit=channel.unit))
            for kept in self.standards
            if kept.material.channel == channel.channel and not kept.is_retired
        )

    def instruments(self) -> tuple[Bench, ...]:
        """List the channels that may stand beside this one as its reference."""
        mine = self.bench
        if mine is None:
            return ()
        wanted = (mine.channel.channel, mine.channel.unit)
        return tuple(
            each
            for each in self.benches
            if (each.channel.channel, each.channel.unit) == wanted
            and each.sensor.id != mine.sensor.id
        )

    def toggle_reference(self, standard_id: int) -> None:
        """Choose a reference or leave it; one that is refused stays unchosen."""
        refused = {
            kept.id for kept, findings in self.offered() if any(each.blocks for each in findings)
        }
        if standard_id in refused:
            return
        if standard_id in self.chosen:
            self.chosen = tuple(each for each in self.chosen if each != standard_id)
        else:
            self.chosen = (*self.chosen, standard_id)[-self.most_references :]
        self._forget_points()

    def materials(self) -> tuple[ReferenceMaterial, ...]:
        """Give the references in rising order: the order in which gases are led to the station."""
        by_id = {kept.id: kept.material for kept in self.standards}
        return tuple(sorted((by_id[each] for each in self.chosen), key=lambda each: each.value))

    def propose_tolerance(self) -> float:
        """Propose a tolerance: 5 % of the greatest reference; a proposal, marked as such."""
        used = [*self.materials(), *(point.material for point in self.as_found)]
        greatest = max((abs(each.value) for each in used), default=0.0)
        return _PROPOSED_SHARE * greatest or 1.0

    def set_limits(self, limits: Limits) -> None:
        """Set what must be met; points read stay, the lamp is judged anew."""
        self.limits = limits
        if self.signal is not None and limits.absolute:
            self.signal.rule = self.stability_rule()

    def tolerance(self) -> Tolerance:
        """Give the tolerance set."""
        return Tolerance(self.limits.absolute or 0.0, self.limits.relative)

    def stability_rule(self) -> StabilityRule:
        """Give what counts as settled: by the narrowest tolerance among the references."""
        narrowest = min((self.tolerance().at(each.value) for each in self.materials()), default=1.0)
        return StabilityRule(tolerance=narrowest or 1.0)

    def settings(self) -> CalibrationSettings:
        """Give what the evaluation needs."""
        bench, procedure = self._asked()
        channel = bench.channel
        return CalibrationSettings(
            procedure,
            channel.channel,
            channel.unit,
            self.tolerance(),
            self.limits.range_low,
            self.limits.range_high,
            resolution=resolution_of(bench.sensor, channel) or 0.0,
            rule=self.limits.rule,
            correction_limit=LIMITS.get(bench.sensor.protocol),
        )

    # What is read

    def begin_signal(self) -> BenchSignal:
        """Begin to watch the channel."""
        bench, _ = self._asked()
        self.signal = BenchSignal(bench.channel.channel, self.stability_rule())
        return self.signal

    @property
    def points(self) -> tuple[PointReadings, ...]:
        """The points of the present step, as far as they are taken."""
        return self.as_left if self.step is Step.AS_LEFT else self.as_found

    def next_material(self) -> ReferenceMaterial | None:
        """Give the reference to be led to the station now; None when all are taken."""
        materials = self.materials()
        taken = len(self.points)
        return materials[taken] if taken < len(materials) else None

    def take_point(self) -> bool:
        """Take the settled window as the next point; False while the lamp is not green."""
        material, signal = self.next_material(), self.signal
        if material is None or signal is None:
            return False
        stability = signal.stability()
        if not stability.is_stable:
            return False
        point = PointReadings(material, signal.window(), stability, signal.latest_at())
        taken = (*self.points, point)
        if self.step is Step.AS_LEFT:
            self.as_left = taken
        else:
            self.as_found = taken
        signal.begin_anew()
        return True

    def drop_last_point(self) -> None:
        """Take the last point back, to read it again."""
        if self.step is Step.AS_LEFT:
            self.as_left = self.as_left[:-1]
        else:
            self.as_found = self.as_found[:-1]
            self.as_left, self.keeping, self.adjusted = (), None, None
        if self.signal is not None:
            self.signal.begin_anew()

    def take_colocated(self, points: Sequence[PointReadings]) -> None:
        """Take points made of averages beside a reference instrument, before and after alike."""
        self.as_found = tuple(points)

    # What comes of it

    def outcome(self) -> CalibrationOutcome | None:
        """Evaluate what was read so far; None before the first point."""
        if not self.as_found:
            return None
        return evaluate_calibration(
            self.settings(),
            self.as_found,
            on=self.today,
            as_left=self.as_left,
            written_to_device=self.is_in_device,
        )

    @property
    def is_in_device(self) -> bool:
        """Whether the device keeps the correction itself."""
        return self.keeping in (Keeping.DEVICE, Keeping.MAKER)

    def device_adjustment(self) -> DeviceAdjustment | NotInDevice:
        """Give the command for the device, or why there is none."""
        bench, procedure = self._asked()
        return adjustment_for(
            bench.sensor.protocol,
            procedure,
            bench.channel.channel,
            self.materials(),
        )

    def choose_keeping(self, keeping: Keeping) -> None:
        """Choose where the correction goes; a device that was adjusted stays adjusted."""
        if keeping is self.keeping or self.adjusted is not None:
            return
        if self.procedure is Procedure.COLOCATION:
            # The hours that were compared are judged once more, corrected.
            self.keeping, self.as_left = Keeping.REGISTRY, self.as_found
            return
        self.keeping = keeping
        self.as_left = ()

    def note_adjusted(self, answer: AdjustmentAnswer) -> None:
        """Note that the device carried the adjustment out."""
        self.keeping, self.adjusted = Keeping.DEVICE, answer
        self.as_left = ()
        self.notes = replace(
            self.notes,
            adjustment=f"The device adjusted itself: {answer.detail}.",
            adjustment_th=f"อุปกรณ์ปรับค่าด้วยตัวเอง: {answer.detail}",
        )
        if self.signal is not None:
            self.signal.begin_anew()

    def finished(self, *, at: datetime, next_due_on: date | None) -> FinishedCalibration:
        """Give the calibration as it is recorded."""
        bench, _ = self._asked()
        outcome = self.outcome()
        if outcome is None:
            raise LookupError("no point was read")
        return FinishedCalibration(
            bench.id,
            outcome,
            self.as_found,
            self.as_left,
            self.notes,
            at,
            self.is_in_device,
            next_due_on,
        )

    # Going on and back

    def steps(self) -> tuple[Step, ...]:
        """List the steps of this calibration; doubt is asked only after an as-found failure."""
        outcome = self.outcome() if self.bench is not None and self.procedure else None
        failed = outcome is not None and outcome.verdict_as_found is Verdict.FAIL
        passed_over = set() if failed else {Step.DOUBT}
        if self.procedure is Procedure.COLOCATION:
            passed_over |= {Step.AS_FOUND, Step.AS_LEFT}
        return tuple(each for each in _ORDER if each not in passed_over)

    def go_on(self) -> Blocked | None:
        """Go to the next step, or say why not."""
        blocked = self.blocked()
        if blocked is None:
            steps = self.steps()
            place = steps.index(self.step)
            self._enter(steps[min(place + 1, len(steps) - 1)])
        return blocked

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step before that can still be changed."""
        return self.step is not Step.STATION and not self.code

    def go_back(self) -> None:
        """Go to the step before; what was chosen and read stays."""
        if self.can_go_back:
            steps = self.steps()
            self._enter(steps[steps.index(self.step) - 1])

    def blocked(self) -> Blocked | None:
        """Say why one cannot go on from this step; None when nothing stands in the way."""
        return blocked_at(self)

    def _asked(self) -> tuple[Bench, Procedure]:
        if self.bench is None or self.procedure is None:
            raise LookupError("channel and method are chosen first")
        return self.bench, self.procedure

    def _enter(self, step: Step) -> None:
        self.step = step
        if self.signal is not None and step in (Step.AS_FOUND, Step.AS_LEFT):
            self.signal.begin_anew()

    def _forget_points(self) -> None:
        self.as_found = self.as_left = ()
        self.keeping = self.adjusted = None
