"""Carries out ordered steps, a bounded number in each unit of work, and counts what was done.

Owns the units of work, stopping between and within them, and setting aside a row whose act the
checks refuse. What is committed stays; what is not can be asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.models.codes import CheckCategory
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.checks.violation import RulesBroken
from app.services.imports.carrying_out import ImportActs, OpenedNames
from app.services.imports.faults import RejectedRow
from app.services.imports.import_steps import ImportStep
from app.services.imports.import_writers import (
    EachByThemselves,
    ImportPeople,
    ImportWriter,
    WithinOneUnit,
)
from app.services.imports.reconciling import Span
from app.services.imports.rehearsing import Rehearsal
from app.services.registry.context import OpenRegistry

Progress = Callable[[int, int], None]
"""Told how many rows are settled, of how many."""

_STEPS_BETWEEN_NEWS = 20


class _StepRefused(Exception):
    """The checks refused a step of a row; its unit of work is rolled back."""

    def __init__(self, rejected: RejectedRow) -> None:
        super().__init__(rejected.reason)
        self.rejected = rejected


class _Stopped(Exception):
    """Somebody cancelled; the unit of work under way is rolled back."""


class ImportRun:
    """One import under way; afterwards `done`, `refused` and `is_stopped` say how it went."""

    def __init__(
        self,
        registry: OpenRegistry,
        people: ImportPeople,
        *,
        tell: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._registry = registry
        self._people = people
        self._tell = tell
        self._cancelled = cancelled
        self._opened = OpenedNames()
        self._steps: Sequence[ImportStep] = ()
        self._next = 0
        """Where the first step stands that was not tried."""
        self._refused_rows: set[int] = set()
        self.done: list[ImportStep] = []
        self.refused: list[RejectedRow] = []
        self.is_stopped = False

    def carry_out(self, steps: Sequence[ImportStep], *, at_a_time: int | None) -> None:
        """Carry out the steps in order, so many in each unit of work.

        None: all in one, and nothing is done when a step is refused. On a server each act lasts
        by itself, so there all are judged before the first is written; only what others change
        meanwhile can still refuse one. Raises RulesBroken when it is the people whom the checks
        refuse.
        """
        self._steps = steps
        if at_a_time is None and self._is_on_server and not self._would_all_pass():
            return
        while True:
            chunk, after = self._chunk(1 if self._is_on_server else at_a_time)
            if not chunk:
                return
            try:
                self._commit(chunk)
            except _StepRefused as refused:
                self.refused.append(refused.rejected)
                self._refused_rows.add(refused.rejected.row)
                if at_a_time is None:
                    return
            except _Stopped:
                self.is_stopped = True
                return
            else:
                self.done += chunk
                self._next = after
                self._tell(len(self.done))

    def _would_all_pass(self) -> bool:
        """Judge every step as if those before were carried out; write nothing."""
        with reading(self._registry.engine) as connection:
            acts = ImportActs(Rehearsal(connection, self._registry, self._people), OpenedNames())
            for step in self._steps:
                if self._cancelled():
                    self.is_stopped = True
                    return False
                try:
                    _carry_out(acts, step)
                except _StepRefused as refused:
                    self.refused.append(refused.rejected)
                    return False
        return True

    def _chunk(self, most: int | None) -> tuple[list[ImportStep], int]:
        """Give the next steps of rows not refused, so many at most, and where they end."""
        chunk: list[ImportStep] = []
        at = self._next
        while at < len(self._steps) and (most is None or len(chunk) < most):
            if self._steps[at].row not in self._refused_rows:
                chunk.append(self._steps[at])
            at += 1
        return chunk, at

    @property
    def _is_on_server(self) -> bool:
        return self._registry.server is not None

    def _commit(self, chunk: Sequence[ImportStep]) -> None:
        if self._is_on_server:
            # What was opened stays open, whatever becomes of the act.
            writer = EachByThemselves(self._registry, self._people)
            self._carry_out_all(chunk, writer, self._opened)
            return
        opened = self._opened.copy()
        with UnitOfWork(self._registry.engine) as unit:
            within = WithinOneUnit(unit.connection, self._registry, self._people)
            self._carry_out_all(chunk, within, opened)
            unit.commit()
        self._opened = opened

    def _carry_out_all(
        self, chunk: Sequence[ImportStep], writer: ImportWriter, opened: OpenedNames
    ) -> None:
        acts = ImportActs(writer, opened)
        for number, step in enumerate(chunk):
            if number % _STEPS_BETWEEN_NEWS == 0:
                if self._cancelled():
                    raise _Stopped
                self._tell(len(self.done) + number)
            _carry_out(acts, step)
        acts.finish()

    @property
    def finished_rows(self) -> int:
        """How many rows had all their steps carried out."""
        waiting = {step.row for step in self._steps[self._next :]}
        return len({step.row for step in self.done} - waiting - self._refused_rows)

    @property
    def units_issued(self) -> int:
        """How many units were registered."""
        return sum(_size(step.plan.missing) for step in self.done if not step.is_ending)

    @property
    def units_cancelled(self) -> int:
        """How many units were cancelled, among them some held before."""
        endings = [step.plan for step in self.done if step.is_ending]
        standing = sum(_size([units.span for units in plan.standing]) for plan in endings)
        return standing + sum(_size(plan.missing) for plan in endings)

    @property
    def units_held(self) -> int:
        """How many of the units that were registered are held."""
        endings = [step.plan for step in self.done if step.is_ending]
        return self.units_issued - sum(_size(plan.missing) for plan in endings)


def _size(spans: Sequence[Span]) -> int:
    return sum(last - first + 1 for first, last in spans)


def _carry_out(acts: ImportActs, step: ImportStep) -> None:
    try:
        acts.carry_out(step)
    except RulesBroken as broken:
        first = broken.violations[0]
        if first.category is CheckCategory.VERSION_AND_AUTHENTICATION:
            raise
        refused = RejectedRow(step.row, first.code, first.message, first.message_th)
        raise _StepRefused(refused) from broken
