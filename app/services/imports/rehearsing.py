"""Rehearsing an import on a server: every act is judged before the first one is written.

Owns standing in for what the import itself would bring: projects, accounts, and units that rows
before have registered. On a server each act lasts by itself, so a file that is taken whole or
not at all must be judged whole first. Reads, and never writes.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from app.models.account_number import AccountNumber
from app.models.codes import AccountState, AccountType, UnitState
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError
from app.services.checks.violation import RulesBroken
from app.services.imports.import_writers import ImportPeople
from app.services.imports.known_units import find_holding_account, find_proposed_account
from app.services.projects import NewProject, find_project_id
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts import Act, Cancellation, Registration
from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import (
    AccountFacts,
    BlockFacts,
    ChosenRange,
    Facts,
    ProjectFacts,
)
from app.services.transactions.gather import gather
from app.services.transactions.situation import Situation, read_situation
from app.services.transactions.steady_facts import SteadyFacts

_FIRST_STAND_IN = 9 * 10**7
"""Numbers of accounts that are to be opened begin here: none that is there has one."""


class Rehearsal:
    """Judges the acts of an import one after another, as if those before were carried out."""

    def __init__(
        self, connection: Connection, registry: OpenRegistry, people: ImportPeople
    ) -> None:
        self._connection = connection
        self._registry = registry
        self._people = people
        self._steady = SteadyFacts(connection)
        self._projects: dict[tuple[str, str], ProjectFacts] = {}
        self._accounts: dict[str, AccountFacts] = {}
        self._units: dict[str, list[tuple[str, BlockFacts]]] = {}
        """By series: the account's number, and a block that the import would register."""

    def finish(self) -> None:
        """Nothing was written."""

    def require_project(self, project: NewProject) -> None:
        """Stand in for a project that is not there yet."""
        if find_project_id(self._connection, project.origin, project.code) is None:
            self._projects[project.origin, project.code] = ProjectFacts(
                id=-1 - len(self._projects),
                origin=project.origin,
                code=project.code,
                name=project.name_en,
                country=project.country,
                sectoral_scope=project.sectoral_scope or 0,
                scheme=None,
                is_registered=True,
                bound_accounts=frozenset(),
            )

    def require_account(self, name: str, *, reason: str) -> str:
        """Give the number of a holder's account, or one that stands for it."""
        del reason
        known = find_holding_account(self._connection, name)
        if known is not None:
            return known.number
        waiting = find_proposed_account(self._connection, name)
        place = len(self._accounts)
        number = (
            str(AccountNumber(self._registry.country, 100, _FIRST_STAND_IN + place, 0))
            if waiting is None
            else waiting.number
        )
        self._accounts[number] = AccountFacts(
            id=-1 - place,
            number=number,
            name=name,
            type=AccountType.HOLDING,
            state=AccountState.OPEN,
            unit_state=UnitState.HELD,
            quantity=0,
            reserved=0,
        )
        return number

    def propose_and_approve(self, act: Act, request_id: str) -> None:
        """Judge an act; raises RulesBroken when the checks would refuse it."""
        del request_id
        now, country = self._registry.now(), self._registry.country
        found = read_situation(
            self._connection, act, self._people.proposer, today=self._registry.today()
        )
        situation = self._with_accounts(found)
        facts = gather(self._connection, situation, country=country, now=now, steady=self._steady)
        violations = evaluate(self._with_what_comes(facts)).violations
        if violations:
            raise RulesBroken(violations)
        if isinstance(act, Registration):
            self._register(act)

    def _with_accounts(self, situation: Situation) -> Situation:
        act = situation.act
        transferring = self._accounts.get(act.transferring_number or "")
        acquiring = self._accounts.get(act.acquiring_number or "")
        return replace(
            situation,
            transferring=transferring or situation.transferring,
            acquiring=acquiring or situation.acquiring,
        )

    def _with_what_comes(self, facts: Facts) -> Facts:
        act = facts.act
        if isinstance(act, Registration) and facts.project is None:
            return replace(facts, project=self._projects.get((act.origin, act.project)))
        if isinstance(act, Cancellation):
            chosen = (self._coming(choice, act.from_account) for choice in facts.chosen)
            return replace(facts, chosen=tuple(chosen))
        return facts

    def _coming(self, choice: ChosenRange, account: str) -> ChosenRange:
        """Give the block that rows before would have registered, where none is held yet."""
        if choice.problem != "not-held":
            return choice
        for holder, block in self._units.get(_series(choice.text), ()):
            if holder == account and block.first <= choice.first and choice.last <= block.last:
                return replace(choice, block=block, problem="")
        return choice

    def _register(self, act: Registration) -> None:
        serial = read_serial(act.serial)
        of_series = self._units.setdefault(serial.series, [])
        block = BlockFacts(
            id=-1 - len(of_series),
            batch_id=-1,
            series_id=-1,
            series=serial.series,
            first=serial.start,
            last=serial.end,
            template=serial.template,
            project=act.project,
            project_name=act.project,
            vintage=act.vintage,
            expires_on=None,
            period=0,
            issued_to=-1,
            moved_by=None,
        )
        of_series.append((act.account, block))


def _series(text: str) -> str:
    try:
        return read_serial(text).series
    except SerialError:
        return ""
