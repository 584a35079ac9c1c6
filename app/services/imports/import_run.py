"""Carries out ordered steps, a bounded number in each unit of work, and counts what was done.

Owns the units of work, stopping between and within them, and setting aside a row whose act the
checks refuse. What is committed stays; what is not can be asked for again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from app.models.codes import CheckCategory
from app.models.storage.unit_of_work import UnitOfWork
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
        self.done: list[ImportStep] = []
        self.refused: list[RejectedRow] = []
        self.is_stopped = False

    def carry_out(self, steps: Sequence[ImportStep], *, at_a_time: int | None) -> None:
        """Carry out the steps in order, so many in each unit of work.

        None: all in one, and nothing is done when a step is refused. On a server each act lasts
        by itself, so there what was done before a refused step stays. Raises RulesBroken when it
        is the people whom the checks refuse.
        """
        self._steps = waiting = list(steps)
        while waiting:
            chunk = waiting[: 1 if self._is_on_server else at_a_time]
            try:
                self._commit(chunk)
            except _StepRefused as refused:
                self.refused.append(refused.rejected)
                if at_a_time is None:
                    return
                row = refused.rejected.row
                waiting = [step for step in waiting if step.row != row]
            except _Stopped:
                self.is_stopped = True
                return
            else:
                self.done += chunk
                waiting = waiting[len(chunk) :]
                self._tell(len(self.done))

    @property
    def _is_on_server(self) -> bool:
        return self._registry.server is not None

    def _commit(self, chunk: Sequence[ImportStep]) -> None:
        opened = self._opened.copy()
        if self._is_on_server:
            self._carry_out_all(chunk, EachByThemselves(self._registry, self._people), opened)
        else:
            with UnitOfWork(self._registry.engine) as unit:
                writer = WithinOneUnit(unit.connection, self._registry, self._people)
                self._carry_out_all(chunk, writer, opened)
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
        wanted = Counter(step.row for step in self._steps)
        done = Counter(step.row for step in self.done)
        return sum(done[row] == count for row, count in wanted.items())

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
