"""Registries to measure on: real files, made by the services, filled with unit blocks.

Owns the invented project, its accounts and its blocks. Units come in as one registered range a
thousand blocks and are cut apart under the database's own guards, so that every file passes
verification.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.models.codes import AccountState, Role
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Person
from app.services.accounts import (
    NewAccount,
    NewHolder,
    change_account_within,
    propose_account_within,
)
from app.services.log.append import LogWriter
from app.services.log.verification import verify_registry
from app.services.projects import NewProject, register_project
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.creating import create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.services.transactions.acts import Registration, Transfer
from app.services.transactions.proposing import approve, approve_within, propose, propose_within

UNIT_TYPE = "VCU"
BLOCK = 1_000
"""Units in each block."""
_BLOCKS_A_BATCH = 1_000
_PROJECT = NewProject(origin="Verra", code="416", name_en="Sample", country="TH", sectoral_scope=13)
_HOLDER = NewHolder(name_en="Holder of samples")


def serial(first: int, last: int) -> str:
    """Print a range of the sample project's serial numbers."""
    return f"9000-{first}-{last}-VCS-VCU-262-VER-TH-13-416-01012021-31122021-0"


@dataclass(slots=True)
class SampleRegistry:
    """An open registry with the people and accounts that a benchmark moves units between."""

    registry: OpenRegistry
    officer: Actor
    approver: Actor
    accounts: list[str]
    next_serial: int = 1

    def open_accounts(self, count: int) -> list[str]:
        """Open holding accounts, all in one commit; give their numbers."""
        numbers = []
        with UnitOfWork(self.registry.engine) as unit:
            log = LogWriter(unit.connection)
            to = (unit.connection, log, self.registry)
            for index in range(count):
                account = NewAccount(name=f"Sample {len(self.accounts) + index}", holder=_HOLDER)
                number = propose_account_within(*to, self.officer, account)
                change_account_within(
                    *to, self.approver, number, AccountState.OPEN, reason="To measure"
                )
                numbers.append(number)
            log.flush()
            unit.commit()
        self.accounts += numbers
        return numbers

    def fill(self, account: str, blocks: int) -> None:
        """Put so many blocks into an account: whole registrations, then cut apart."""
        with UnitOfWork(self.registry.engine) as unit:
            log = LogWriter(unit.connection)
            while blocks > 0:
                count = min(blocks, _BLOCKS_A_BATCH)
                self._register(unit.connection, log, account, count * BLOCK)
                self._cut(unit.connection, count)
                blocks -= count
            log.flush()
            unit.commit()

    def _register(self, connection: Any, log: LogWriter, account: str, quantity: int) -> None:
        first, self.next_serial = self.next_serial, self.next_serial + quantity
        act = Registration(
            origin=_PROJECT.origin,
            project=_PROJECT.code,
            account=account,
            unit_type=UNIT_TYPE,
            vintage=2021,
            quantity=quantity,
            serial=serial(first, first + quantity - 1),
            issued_on=None,
        )
        request = f"sample-{first}"
        to = (connection, self.registry)
        outcome = propose_within(*to, act, self.officer, request_id=request)
        approve_within(connection, log, self.registry, outcome.transaction_id, self.approver)

    def _cut(self, connection: Any, count: int) -> None:
        end = self.next_serial - 1
        cuts = range(end - (count - 1) * BLOCK + 1, end, BLOCK)
        raw = connection.connection.driver_connection
        (block,) = raw.execute("SELECT MAX(id) FROM unit_block").fetchone()
        raw.executemany(
            "UPDATE unit_block SET first_serial = ? WHERE id = ?",
            [(first, block) for first in cuts],
        )

    def transfer(self, source: str, target: str, quantity: int) -> None:
        """Move units as the desk does: proposed by the officer, approved by the approver."""
        act = Transfer(
            from_account=source, to_account=target, unit_type=UNIT_TYPE, quantity=quantity
        )
        outcome = propose(self.registry, act, self.officer)
        approve(self.registry, outcome.transaction_id, self.approver)

    def require_sound(self) -> None:
        """Stop the benchmark when its registry does not verify: it measured something else."""
        result = verify_registry(self.registry)
        assert result.ok, f"{result.failed_at}: {result.failure}"


@contextmanager
def sample_registry(path: Path) -> Iterator[SampleRegistry]:
    """Make an empty registry with a project at the path, and close it at the end."""
    registry = create_registry(path, new=DEMO_REGISTRY, people=DEMO_PEOPLE).registry
    try:
        people = _people(registry)
        register_project(registry, people["officer"], _PROJECT)
        yield SampleRegistry(registry, people["officer"], people["approver"], [])
    finally:
        close_registry(registry)


def _people(registry: OpenRegistry) -> dict[str, Actor]:
    with reading(registry.engine) as connection:
        rows = connection.execute(select(Person.id, Person.user_name, Person.name, Person.role))
        return {
            row.user_name: Actor(row.id, row.user_name, row.name, Role(row.role)) for row in rows
        }
