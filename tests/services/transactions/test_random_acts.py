"""Random acts against a simple model: units conserved, none in two places, log and tables agree."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from app.models.codes import AccountState, TransactionStatus
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.projects import NewProject, register_project
from app.services.registry.context import OpenRegistry
from app.services.registry.creating import create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry, open_demo
from app.services.transactions.acts import Rollback
from app.services.transactions.proposing import Outcome, approve, propose, reject
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock, copy_registry, read_people

pytestmark = pytest.mark.both_engines

ACCOUNTS = ("forest", "green", "river")
MOST_ISSUANCES = 60
SOURCES = ((1, 600), (601, 700), (1001, 1001))
"""Ranges of source units; the first two adjoin."""


def units_of(outcome: Outcome) -> set[tuple[str, int]]:
    """Give each unit that a transaction moves."""
    assert outcome.evaluation is not None
    return {
        (move.series, number)
        for move in outcome.evaluation.plan.moves
        for number in range(move.first, move.last + 1)
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("random") / "template.teak"
    created = create_registry(path, new=DEMO_REGISTRY, people=DEMO_PEOPLE, clock=FrozenClock())
    close_registry(created.registry)
    return path


class RandomActs(RuleBasedStateMachine):
    """Issues, transfers, converts, decides and rolls back at random, beside dictionaries."""

    template: Path
    pending = Bundle("pending")
    done = Bundle("done")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = copy_registry(self.template, Path(self.folder.name) / "random.teak")
        opened = open_demo(path, clock=FrozenClock())
        assert opened is not None
        self.registry: OpenRegistry = opened
        people = read_people(opened)
        self.officer, self.approver = people["officer"], people["approver"]
        self.numbers = {name: self._open_account(name) for name in ACCOUNTS}
        project = NewProject(
            origin="TH", code="0042", name_en="Forest", country="TH", sectoral_scope=14
        )
        register_project(opened, self.officer, project, accounts=(self.numbers["forest"],))
        self.acts = Ledger(
            opened, self.officer, self.approver, self.numbers["forest"], self.numbers["green"]
        )
        self.admin = people["admin"]
        members = tuple(people[f"committee{number}"] for number in range(1, 6))
        self.committee = Committee(self.acts, members, Path(self.folder.name))
        self.committee.register(*(row(*source) for source in SOURCES))
        self.converted: set[tuple[int, int]] = set()
        self.moved_by: dict[tuple[str, int], int] = {}
        self.taken: dict[int, set[tuple[str, int]]] = {}
        self.rolled_back: set[int] = set()
        self.held = dict.fromkeys(ACCOUNTS, 0)
        self.reserved = dict.fromkeys(ACCOUNTS, 0)
        self.issued = self.cancelled = self.issuances = 0

    def _open_account(self, name: str) -> str:
        account = NewAccount(name=name, holder=NewHolder(name_en=name))
        number = propose_account(self.registry, self.officer, account)
        change_account(self.registry, self.approver, number, AccountState.OPEN, reason="")
        return number

    @precondition(lambda self: self.issuances < MOST_ISSUANCES)
    @rule(quantity=st.integers(1, 5_000))
    def issue(self, quantity: int) -> None:
        """Issue for the next month back; five years back, units have not yet expired."""
        years, month = divmod(self.issuances, 12)
        day = date(2025 - years, 12 - month, 1)
        act = self.acts.issuance(
            quantity, vintage=day.year, period_from=day, period_to=day.replace(day=28)
        )
        outcome = self.acts.complete(act)
        assert outcome.evaluation is not None
        self.issuances += 1
        self.issued += quantity
        self.held["forest"] += quantity - sum(
            move.quantity for move in outcome.evaluation.plan.levy
        )

    @rule(
        target=pending,
        source=st.sampled_from(ACCOUNTS),
        goal=st.sampled_from((*ACCOUNTS, "cancel")),
        quantity=st.integers(1, 3_000),
    )
    def propose(self, source: str, goal: str, quantity: int) -> object:
        number = self.numbers[source]
        act = (
            self.acts.cancellation(quantity, from_account=number)
            if goal == "cancel"
            else self.acts.transfer(quantity, from_account=number, to_account=self.numbers[goal])
        )
        free = self.held[source] - self.reserved[source]
        if quantity > free or source == goal:
            with pytest.raises(RulesBroken):
                self.acts.propose(act)
            return multiple()
        self.reserved[source] += quantity
        outcome = self.acts.propose(act)
        self.taken[outcome.transaction_id] = units_of(outcome)
        return (outcome, source, goal, quantity)

    @rule(target=done, what=consumes(pending), agreed=st.booleans())
    def decide(self, what: tuple[Outcome, str, str, int], agreed: bool) -> object:
        outcome, source, goal, quantity = what
        self.reserved[source] -= quantity
        units = self.taken.pop(outcome.transaction_id)
        if not agreed:
            reject(self.registry, outcome.transaction_id, self.approver, comment="no")
            return multiple()
        approved = approve(self.registry, outcome.transaction_id, self.approver)
        assert approved.status is TransactionStatus.COMPLETED
        self.held[source] -= quantity
        self.moved_by |= dict.fromkeys(units, outcome.transaction_id)
        if goal == "cancel":
            self.cancelled += quantity
        else:
            self.held[goal] += quantity
        return (outcome, source, goal, quantity, units)

    @precondition(lambda self: any(self.held[name] > self.reserved[name] for name in ACCOUNTS))
    @rule(target=done, goal=st.sampled_from(ACCOUNTS), quantity=st.integers(1, 300))
    def transfer_at_once(self, goal: str, quantity: int) -> object:
        """Transfer and approve in one step, from whoever has most: there is more to roll back."""
        source = max(ACCOUNTS, key=lambda name: self.held[name] - self.reserved[name])
        quantity = min(quantity, self.held[source] - self.reserved[source])
        if source == goal:
            return multiple()
        numbers = self.numbers[source], self.numbers[goal]
        act = self.acts.transfer(quantity, from_account=numbers[0], to_account=numbers[1])
        outcome = self.acts.complete(act)
        units = units_of(outcome)
        self.moved_by |= dict.fromkeys(units, outcome.transaction_id)
        self.held[source] -= quantity
        self.held[goal] += quantity
        return (outcome, source, goal, quantity, units)

    @rule(what=done)
    def roll_back(self, what: tuple[Outcome, str, str, int, set[tuple[str, int]]]) -> None:
        """Undo a transfer; refused unless each of its units is as that transfer left it."""
        outcome, source, goal, quantity, units = what
        number = outcome.transaction_id
        reserved = set[tuple[str, int]]().union(*self.taken.values())
        may_be = (
            goal != "cancel"
            and number not in self.rolled_back
            and all(self.moved_by[unit] == number for unit in units)
            and not units & reserved
        )
        act = Rollback(transaction=str(number), reason="random", unit_type="", quantity=0)
        if not may_be:
            with pytest.raises(RulesBroken):
                propose(self.registry, act, self.admin)
            return
        proposed = propose(self.registry, act, self.admin)
        undone = approve(self.registry, proposed.transaction_id, self.approver)
        assert undone.status is TransactionStatus.COMPLETED
        assert units_of(undone) == units
        self.rolled_back.add(number)
        self.moved_by |= dict.fromkeys(units, undone.transaction_id)
        self.held[goal] -= quantity
        self.held[source] += quantity

    @rule(source=st.sampled_from(SOURCES), choice=st.sampled_from(("yes", "no")))
    def convert(self, source: tuple[int, int], choice: str) -> None:
        """Convert a range of source units when the committee agrees: each once, ever."""
        act = self.committee.conversion(cer(*source), vintage=2025)
        if source in self.converted:
            with pytest.raises(RulesBroken):
                self.acts.propose(act)
            return
        number = self.acts.propose(act).transaction_id
        for member in (1, 2, 3):
            self.committee.vote(number, member, choice)
        if choice == "yes":
            self.converted.add(source)
            self.issued += act.quantity
            self.held["forest"] += act.quantity

    @invariant()
    def holdings_are_the_models(self) -> None:
        if not hasattr(self, "held"):
            return
        for name, number in self.numbers.items():
            assert self.acts.holding(number) == (self.held[name], self.reserved[name])

    def teardown(self) -> None:
        if not hasattr(self, "registry"):
            return
        found = verify_registry(self.registry)
        close_registry(self.registry)
        self.folder.cleanup()
        assert found.ok, (found.failed_at, found.failure)
        if self.issued:
            assert found.units["TER"]["issued"] == self.issued
            assert found.units["TER"]["cancelled"] == self.cancelled


def test_random_acts(template: Path) -> None:
    RandomActs.template = template
    machine = RandomActs.TestCase
    machine.settings = settings(
        max_examples=20,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine("runTest").runTest()
