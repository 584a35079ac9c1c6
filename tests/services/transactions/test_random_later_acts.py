"""Random acts again, with those that retire, send, receive, set aside and give units new dates.

Beside the model of `test_random_acts`, so that rollbacks meet units that changed where they are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import select

from app.models.codes import AccountType, TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import Account
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.projects import NewProject, register_project
from app.services.transactions.acts import (
    Acquisition,
    Act,
    BufferCancellation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    Disposal,
    ExpiryChange,
    ExternalTransfer,
    Retirement,
)
from app.services.transactions.proposing import approve, propose, reject
from tests.fixtures.postgres_server import PostgresServer
from tests.services.transactions.test_random_acts import (
    ACCOUNTS,
    TIMES,
    OnAServer,
    RandomActs,
    play,
    template,
    units_of,
)

pytestmark = pytest.mark.both_engines

__all__ = ["template"]

WHY = "random"
STATES = {"mandatory": "cancelled", "retire": "retired", "send": "sent"}


class RandomLaterActs(RandomActs):
    """All acts; `ended` counts by state what is gone, `aside` what the reserve holds."""

    @initialize()
    def begin(self) -> None:
        self.ended = {"cancelled": 0, "retired": 0, "sent": 0}
        self.aside = self.received = self.days = 0

    def ready(self) -> None:
        """Find the built-in accounts and open project 7014, once the registry is open."""
        if hasattr(self, "pool"):
            return
        self.pool = self._built_in(AccountType.BUFFER)
        self.reserve = self._built_in(AccountType.RESERVE)
        self.guest = self._open_account("guest")
        project = NewProject(origin="CDM", code="7014", name_en="7014", country="TH")
        register_project(self.registry, self.officer, project)

    def _built_in(self, kind: AccountType) -> str:
        with reading(self.registry.engine) as connection:
            query = select(Account.number).where(Account.type_code == int(kind))
            return str(connection.execute(query.order_by(Account.id)).scalars().first())

    def carry_out(self, act: Act, *, agreed: bool, may_be: bool, by_admin: bool = False) -> bool:
        """Propose and decide; tell whether it was done. Refused exactly where the model says."""
        actor = self.admin if by_admin else self.officer
        if not may_be:
            with pytest.raises(RulesBroken):
                propose(self.registry, act, actor)
            return False
        outcome = propose(self.registry, act, actor)
        if not agreed:
            reject(self.registry, outcome.transaction_id, self.approver, comment="no")
            return False
        done = approve(self.registry, outcome.transaction_id, self.approver)
        assert done.status is TransactionStatus.COMPLETED
        if isinstance(act, Disposal):
            self.moved_by |= dict.fromkeys(units_of(outcome), outcome.transaction_id)
        return True

    def free(self, name: str) -> int:
        return self.held[name] - self.reserved[name]

    @rule(
        source=st.sampled_from(ACCOUNTS),
        end=st.sampled_from(tuple(STATES)),
        quantity=st.integers(1, 2_000),
        agreed=st.booleans(),
    )
    def end_units(self, source: str, end: str, quantity: int, agreed: bool) -> None:
        self.ready()
        number = self.numbers[source]
        acts: dict[str, Act] = {
            "mandatory": self.acts.cancellation(quantity, from_account=number, kind="mandatory"),
            "retire": Retirement(from_account=number, unit_type="TER", quantity=quantity),
            "send": ExternalTransfer(
                from_account=number, unit_type="TER", quantity=quantity, registry="CH",
                account="CH-100-77-0-11",
            ),
        }  # fmt: skip
        if self.carry_out(acts[end], agreed=agreed, may_be=quantity <= self.free(source)):
            self.held[source] -= quantity
            self.ended[STATES[end]] += quantity

    @rule(source=st.sampled_from(ACCOUNTS), quantity=st.integers(1, 2_000), agreed=st.booleans())
    def change_date(self, source: str, quantity: int, agreed: bool) -> None:
        """Give units a date of their own; they stay, and no longer are as a transfer left them."""
        self.ready()
        self.days += 1
        act = ExpiryChange(
            from_account=self.numbers[source],
            unit_type="TER",
            quantity=quantity,
            to_expiry=date(2026, 12, 1) + timedelta(days=self.days),
        )
        self.carry_out(act, agreed=agreed, may_be=quantity <= self.free(source))

    @rule(source=st.sampled_from(ACCOUNTS), quantity=st.integers(1, 2_000), agreed=st.booleans())
    def deposit(self, source: str, quantity: int, agreed: bool) -> None:
        self.ready()
        act = BufferDeposit(
            from_account=self.numbers[source], to_account=self.pool, unit_type="TER",
            quantity=quantity, reason=WHY,
        )  # fmt: skip
        may_be = quantity <= self.free(source)
        if self.carry_out(act, agreed=agreed, may_be=may_be, by_admin=True):
            self.held[source] -= quantity

    @rule(
        act=st.sampled_from(("hold", "return", "release", "cancel")),
        quantity=st.integers(1, 200),
        agreed=st.booleans(),
    )
    def use_the_buffer(self, act: str, quantity: int, agreed: bool) -> None:
        self.ready()
        pool: dict[str, Any] = {
            "from_account": self.pool,
            "unit_type": "TER",
            "quantity": quantity,
            "reason": WHY,
        }
        acts: dict[str, Act] = {
            "hold": BufferHold(**pool),
            "return": BufferReturn(**pool | {"from_account": self.reserve}, to_account=self.pool),
            "release": BufferRelease(**pool, to_account=self.numbers["forest"]),
            "cancel": BufferCancellation(**pool, reversed_project="0042"),
        }
        there = self.aside if act == "return" else self.in_pool()
        done = self.carry_out(acts[act], agreed=agreed, may_be=quantity <= there, by_admin=True)
        if not done:
            return
        if act in {"hold", "return"}:
            self.aside += quantity if act == "hold" else -quantity
        elif act == "release":
            self.held["forest"] += quantity
        else:
            self.ended["cancelled"] += quantity

    def in_pool(self) -> int:
        """Give what the model leaves for the buffer: all that was issued and is nowhere else."""
        ended = self.cancelled + sum(self.ended.values())
        return self.issued - sum(self.held.values()) - ended - self.aside

    @precondition(lambda self: self.received < 1_000)
    @rule(quantity=st.integers(1, 200), agreed=st.booleans(), again=st.booleans())
    def receive(self, quantity: int, agreed: bool, again: bool) -> None:
        """Receive the next CERs, or some that came before, which is refused."""
        self.ready()
        first = self.received if again else self.received + 1
        act = Acquisition(
            origin="CDM", project="7014", account=self.guest, unit_type="CER",
            vintage=None, quantity=quantity, issued_on=None, sender_registry="RW", reference="RW1",
            serial=f"RW-5-{first}-2-2-0-7014 - RW-5-{first + quantity - 1}-2-2-0-7014",
        )  # fmt: skip
        if again and not self.received:
            act = replace(act, quantity=quantity + 1)
        if self.carry_out(act, agreed=agreed, may_be=not again):
            self.received += quantity

    @invariant()
    def the_buffer_is_the_models(self) -> None:
        if hasattr(self, "pool"):
            assert self.acts.holding(self.guest) == (self.received, 0)
            assert self.acts.holding(self.pool) == (self.in_pool(), 0)
            assert self.acts.holding(self.reserve) == (self.aside, 0)

    def teardown(self) -> None:
        if hasattr(self, "registry") and self.issued:
            found = verify_registry(self.registry)
            assert found.ok, (found.failed_at, found.failure)
            units = found.units["TER"]
            self.cancelled += self.ended["cancelled"]
            assert (units["retired"], units["sent"]) == (self.ended["retired"], self.ended["sent"])
            if self.received:
                assert found.units["CER"]["received"] == self.received
        super().teardown()


class LaterActsOnAServer(RandomLaterActs, OnAServer):
    """The same acts, each example in a clone of a registry on a server."""


def test_random_later_acts(template: Path) -> None:
    RandomLaterActs.template = template
    play(RandomLaterActs, examples=15 * TIMES, steps=30)


@pytest.mark.postgres
def test_random_later_acts_on_a_server(
    postgres_server: PostgresServer, networked_template: Path
) -> None:
    OnAServer.server = postgres_server
    play(LaterActsOnAServer, examples=4 * TIMES, steps=30)
