"""How the acts of an import are written: each proposed by one person and approved by another.

Owns the two ways. In a registry file both persons' acts stand in one unit of work of the
caller's. On a server each person acts through connections of their own, so each act lasts by
itself; asked for again, what is half done is completed, and nothing is done twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from app.models.codes import AccountState, TransactionStatus
from app.models.storage.unit_of_work import reading
from app.services.accounts import (
    NewAccount,
    NewHolder,
    change_account,
    change_account_within,
    propose_account,
    propose_account_within,
)
from app.services.checks.refusals import ENDED
from app.services.checks.violation import RulesBroken
from app.services.imports.known_units import (
    NO_IDENTITY_CHECK,
    find_holding_account,
    find_proposed_account,
)
from app.services.log.append import LogWriter
from app.services.projects import (
    NewProject,
    find_project_id,
    register_project,
    register_project_within,
)
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Act
from app.services.transactions.finding import find_request
from app.services.transactions.proposing import (
    Outcome,
    approve,
    approve_within,
    propose,
    propose_within,
)
from app.services.transactions.steady_facts import SteadyFacts


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """The two persons on whose behalf an import acts."""

    proposer: Actor
    approver: Actor


class ImportWriter(Protocol):
    """What an import asks of either way."""

    def require_project(self, project: NewProject) -> None:
        """Register a project that is not there yet."""
        ...

    def require_account(self, name: str, *, reason: str) -> str:
        """Give the number of a holder's account, opened when there is none."""
        ...

    def propose_and_approve(self, act: Act, request_id: str) -> None:
        """Complete an act; raises RulesBroken when the checks refuse it."""
        ...

    def finish(self) -> None:
        """Write what is still to be written."""
        ...


class WithinOneUnit:
    """Of a registry file: everything in one unit of work of the caller's."""

    def __init__(
        self, connection: Connection, registry: OpenRegistry, people: ImportPeople
    ) -> None:
        self._connection = connection
        self._registry = registry
        self._people = people
        self._log = LogWriter(connection)
        self._steady = SteadyFacts(connection)

    def finish(self) -> None:
        """Write the log entries."""
        self._log.flush()

    def require_project(self, project: NewProject) -> None:
        """Register a project that is not there yet."""
        if find_project_id(self._connection, project.origin, project.code) is None:
            register_project_within(
                self._connection, self._log, self._registry, self._people.proposer, project
            )

    def require_account(self, name: str, *, reason: str) -> str:
        """Give the number of a holder's account, opened when there is none."""
        known = find_holding_account(self._connection, name)
        if known is not None:
            return known.number
        number = propose_account_within(
            self._connection, self._log, self._registry, self._people.proposer, _account(name)
        )
        change_account_within(
            self._connection,
            self._log,
            self._registry,
            self._people.approver,
            number,
            AccountState.OPEN,
            reason=reason,
        )
        return number

    def propose_and_approve(self, act: Act, request_id: str) -> None:
        """Complete an act; raises RulesBroken when the checks refuse it."""
        outcome = propose_within(
            self._connection,
            self._registry,
            act,
            self._people.proposer,
            request_id=request_id,
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
        _require_completed(outcome)


class EachByThemselves:
    """Of a registry on a server: each person through their own connection, act by act."""

    def __init__(self, registry: OpenRegistry, people: ImportPeople) -> None:
        self._registry = registry
        self._people = people

    def finish(self) -> None:
        """Nothing is left to write: each act lasts already."""

    def require_project(self, project: NewProject) -> None:
        """Register a project that is not there yet."""
        with reading(self._registry.engine) as connection:
            found = find_project_id(connection, project.origin, project.code)
        if found is None:
            register_project(self._registry, self._people.proposer, project)

    def require_account(self, name: str, *, reason: str) -> str:
        """Give the number of a holder's account, opened when there is none.

        One that an import proposed before, and that was not opened then, is opened now.
        """
        with reading(self._registry.engine) as connection:
            known = find_holding_account(connection, name)
            waiting = find_proposed_account(connection, name) if known is None else None
        if known is not None:
            return known.number
        number = (
            propose_account(self._registry, self._people.proposer, _account(name))
            if waiting is None
            else waiting.number
        )
        change_account(
            self._registry, self._people.approver, number, AccountState.OPEN, reason=reason
        )
        return number

    def propose_and_approve(self, act: Act, request_id: str) -> None:
        """Complete an act; raises RulesBroken when the checks refuse it.

        What another person's import proposed before, and nobody approved then, is approved now.
        """
        try:
            outcome = propose(self._registry, act, self._people.proposer, request_id=request_id)
        except RulesBroken:
            # The id is that of the act itself, whoever asks.
            earlier = find_request(self._registry, request_id)
            if earlier is None or earlier.status is not TransactionStatus.CHECKED:
                raise
            outcome = earlier
        if outcome.status is TransactionStatus.CHECKED:
            outcome = approve(self._registry, outcome.transaction_id, self._people.approver)
        _require_completed(outcome)


def _account(name: str) -> NewAccount:
    holder = NewHolder(name_en=name, country="", identity_check=NO_IDENTITY_CHECK)
    return NewAccount(name=name, holder=holder)


def _require_completed(outcome: Outcome) -> None:
    if outcome.status is not TransactionStatus.COMPLETED:
        # Proposed by an import that broke off, and rejected or withdrawn before this one.
        status = outcome.status
        raise RulesBroken((ENDED.violation(status=status.words, status_th=status.words_th),))
