"""Carries out the steps of an import by the ledger's own acts, inside one unit of work.

Owns opening what a row needs first (its project, its holder's account) and phrasing rows as
acts, each proposed by one person and approved by another. Must not write around the acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import Connection

from app.models.codes import AccountState, TransactionStatus
from app.models.serials.serial_range import print_serial, with_range
from app.services.accounts import (
    NewAccount,
    NewHolder,
    change_account_within,
    propose_account_within,
)
from app.services.imports.export_row import ExportRow
from app.services.imports.import_steps import ImportStep
from app.services.imports.known_units import NO_IDENTITY_CHECK, find_holding_account
from app.services.imports.reconciling import RowPlan, Span
from app.services.log.append import LogWriter
from app.services.projects import NewProject, find_project_id, register_project_within
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Act, Cancellation, Registration
from app.services.transactions.proposing import approve_within, propose_within
from app.services.transactions.records import act_text
from app.services.transactions.steady_facts import SteadyFacts


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """The two persons on whose behalf an import acts."""

    proposer: Actor
    approver: Actor


@dataclass(slots=True)
class OpenedNames:
    """Projects and accounts that are known to stand in the registry, by code and by name."""

    projects: set[str] = field(default_factory=set)
    accounts: dict[str, str] = field(default_factory=dict)

    def copy(self) -> OpenedNames:
        """Give a copy, for a unit of work that may be rolled back."""
        return OpenedNames(set(self.projects), dict(self.accounts))


class ImportActs:
    """Acts of an import within one unit of work of the caller's, who ends with `finish`."""

    def __init__(
        self,
        connection: Connection,
        registry: OpenRegistry,
        people: ImportPeople,
        opened: OpenedNames,
    ) -> None:
        self._connection = connection
        self._registry = registry
        self._people = people
        self._opened = opened
        self._log = LogWriter(connection)
        self._steady = SteadyFacts(connection)

    def finish(self) -> None:
        """Write the log entries."""
        self._log.flush()

    def carry_out(self, step: ImportStep) -> None:
        """Carry out a step; raises RulesBroken when the checks refuse one of its acts."""
        for act in self._end(step.plan) if step.is_ending else self._register(step.plan):
            self._propose_and_approve(act)

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

    def _propose_and_approve(self, act: Act) -> None:
        outcome = propose_within(
            self._connection,
            self._registry,
            act,
            self._people.proposer,
            request_id=_request_id(act),
            steady=self._steady,
        )
        if outcome.status is TransactionStatus.CHECKED:
            outcome = approve_within(
                self._connection,
                self._log,
                self._registry,
                outcome.transaction_id,
                self._people.approver,
                steady=self._steady,
            )
        if outcome.status is not TransactionStatus.COMPLETED:
            # Both are of one unit of work: what was just proposed without a violation is approved.
            raise RuntimeError(f"{outcome.identifier} ended as {outcome.status.name}")

    def _require_project(self, row: ExportRow) -> None:
        project, origin = row.project, row.serial.origin
        if project.code in self._opened.projects:
            return
        if find_project_id(self._connection, origin, project.code) is None:
            new = NewProject(
                origin=origin,
                code=project.code,
                name_en=project.name,
                country=project.country,
                kind=project.kind,
                sectoral_scope=project.sectoral_scope,
                methodology=project.methodology,
                proponent=project.proponent,
            )
            register_project_within(
                self._connection, self._log, self._registry, self._people.proposer, new
            )
        self._opened.projects.add(project.code)

    def _account(self, row: ExportRow) -> str:
        """Give the number of the holder's account, which is opened when there is none."""
        name = row.account_name
        if name not in self._opened.accounts:
            known = find_holding_account(self._connection, name)
            self._opened.accounts[name] = self._open(row) if known is None else known.number
        return self._opened.accounts[name]

    def _open(self, row: ExportRow) -> str:
        name = row.account_name
        holder = NewHolder(name_en=name, country="", identity_check=NO_IDENTITY_CHECK)
        number = propose_account_within(
            self._connection,
            self._log,
            self._registry,
            self._people.proposer,
            NewAccount(name=name, holder=holder),
        )
        change_account_within(
            self._connection,
            self._log,
            self._registry,
            self._people.approver,
            number,
            AccountState.OPEN,
            reason=f"Imported from {row.serial.origin}",
        )
        return number


def _print(row: ExportRow, span: Span) -> str:
    return print_serial(with_range(row.serial, *span))


def _request_id(act: Act) -> str:
    """Make the request id from what is asked, so that asking again is harmless."""
    return f"import-{sha256(act_text(act).encode()).hexdigest()}"
