"""Carries out the steps of an import by the ledger's own acts.

Owns opening what a row needs first (its project, its holder's account) and phrasing rows as
acts. Must not write around the acts: that each is proposed by one person and approved by another
is `import_writers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from app.models.serials.serial_range import print_serial, with_range
from app.services.imports.export_row import ExportRow
from app.services.imports.import_steps import ImportStep
from app.services.imports.import_writers import ImportWriter
from app.services.imports.reconciling import RowPlan, Span
from app.services.projects import NewProject
from app.services.transactions.acts import Act, Cancellation, Registration
from app.services.transactions.records import act_text


@dataclass(slots=True)
class OpenedNames:
    """Projects and accounts that are known to stand in the registry, by code and by name."""

    projects: set[str] = field(default_factory=set)
    accounts: dict[str, str] = field(default_factory=dict)

    def copy(self) -> OpenedNames:
        """Give a copy, for a unit of work that may be rolled back."""
        return OpenedNames(set(self.projects), dict(self.accounts))


class ImportActs:
    """Acts of an import through a writer of the caller's, who ends with `finish`."""

    def __init__(self, writer: ImportWriter, opened: OpenedNames) -> None:
        self._writer = writer
        self._opened = opened

    def finish(self) -> None:
        """Write what is still to be written."""
        self._writer.finish()

    def carry_out(self, step: ImportStep) -> None:
        """Carry out a step; raises RulesBroken when the checks refuse one of its acts."""
        for act in self._end(step.plan) if step.is_ending else self._register(step.plan):
            self._writer.propose_and_approve(act, _request_id(act))

    def _register(self, plan: RowPlan) -> Iterable[Act]:
        row = plan.row
        self._require_project(row)
        account = self._account(row)
        for span in plan.missing:
            printed = _print(row, span)
            yield Registration(
                origin=row.serial.origin,
                project=row.project.code,
                account=account,
                unit_type=row.serial.unit_type,
                vintage=row.serial.vintage,
                quantity=span[1] - span[0] + 1,
                serial=printed,
                issued_on=row.issued_on,
                source_serial="" if printed == row.printed else row.printed,
            )

    def _end(self, plan: RowPlan) -> Iterable[Act]:
        row, ending = plan.row, plan.row.ending
        assert ending is not None
        for account, spans in self._ended_units(plan).items():
            blocks = tuple(_print(row, span) for span in sorted(spans))
            yield Cancellation(
                from_account=account,
                unit_type=row.serial.unit_type,
                quantity=sum(last - first + 1 for first, last in spans),
                blocks=blocks,
                beneficiary=ending.beneficiary,
                purpose=ending.purpose,
                source_word=ending.word,
                source_date=ending.on,
                source_reason=ending.reason,
                source_serial="" if blocks == (row.printed,) else row.printed,
            )

    def _ended_units(self, plan: RowPlan) -> dict[str, list[Span]]:
        by_account: dict[str, list[Span]] = {}
        for units in plan.standing:
            by_account.setdefault(units.account, []).append(units.span)
        if plan.missing:
            by_account.setdefault(self._account(plan.row), []).extend(plan.missing)
        return by_account

    def _require_project(self, row: ExportRow) -> None:
        project, origin = row.project, row.serial.origin
        if project.code in self._opened.projects:
            return
        self._writer.require_project(
            NewProject(
                origin=origin,
                code=project.code,
                name_en=project.name,
                country=project.country,
                kind=project.kind,
                sectoral_scope=project.sectoral_scope,
                methodology=project.methodology,
                proponent=project.proponent,
            )
        )
        self._opened.projects.add(project.code)

    def _account(self, row: ExportRow) -> str:
        """Give the number of the holder's account, which is opened when there is none."""
        name = row.account_name
        if name not in self._opened.accounts:
            self._opened.accounts[name] = self._writer.require_account(
                name, reason=f"Imported from {row.serial.origin}"
            )
        return self._opened.accounts[name]


def _print(row: ExportRow, span: Span) -> str:
    return print_serial(with_range(row.serial, *span))


def _request_id(act: Act) -> str:
    """Make the request id from what is asked, so that asking again is harmless."""
    return f"import-{sha256(act_text(act).encode()).hexdigest()}"
