"""Random acts against a simple model: units conserved, none in two places, log and tables agree."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
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
from tests.fixtures.duration import times
from tests.fixtures.ledger import Ledger
from tests.fixtures.networked import cloned_demo, open_with_colleagues
from tests.fixtures.postgres_server import PostgresServer
from tests.fixtures.registries import FrozenClock, copy_registry, read_people

pytestmark = pytest.mark.both_engines

ACCOUNTS = ("forest", "green", "river")
MOST_ISSUANCES = 60
TIMES = times(1, 20)
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
        self.end = ExitStack()
        folder = Path(self.end.enter_context(tempfile.TemporaryDirectory()))
        opened = self.open_registry(folder)
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
        self.committee = Committee(self.acts, members, folder)
        self.committee.register(*(row(*source) for source in SOURCES))
        self.converted: set[tuple[int, int]] = set()
        self.moved_by: dict[tuple[str, int], int] = {}
        self.taken: dict[int, set[tuple[str, int]]] = {}
        self.rolled_back: set[int] = set()
        self.held = dict.fromkeys(ACCOUNTS, 0)
        self.reserved = dict.fromkeys(ACCOUNTS, 0)
        self.issued = self.cancelled = self.issuances = 0

    def open_registry(self, folder: Path) -> OpenRegistry:
        """Open an empty registry; it is closed at the end."""
        opened = open_demo(
            copy_registry(self.template, folder / "random.teak"), clock=FrozenClock()
        )
        assert opened is not None
        self.end.callback(close_registry, opened)
        return opened

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
        with self.end:
            found = verify_registry(self.registry)
        assert found.ok, (found.failed_at, found.failure)
        if self.issued:
            assert found.units["TER"]["issued"] == self.issued
            assert found.units["TER"]["cancelled"] == self.cancelled


class OnAServer(RandomActs):
    """The same acts, each example in a clone of a registry on a server."""

    server: PostgresServer

    def open_registry(self, folder: Path) -> OpenRegistry:
        demo = self.end.enter_context(cloned_demo(self.server, folder / "worker.json"))
        return open_with_colleagues(demo, FrozenClock())


def play(machine: type[RandomActs], *, examples: int, steps: int) -> None:
    """Play so many examples of so many steps."""
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case("runTest").runTest()


def test_random_acts(template: Path) -> None:
    RandomActs.template = template
    play(RandomActs, examples=20 * TIMES, steps=25)


@pytest.mark.postgres
def test_random_acts_on_a_server(postgres_server: PostgresServer, networked_template: Path) -> None:
    OnAServer.server = postgres_server
    play(OnAServer, examples=6 * TIMES, steps=25)
