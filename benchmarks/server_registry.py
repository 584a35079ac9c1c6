"""A demo registry on a server: its people signed in, accounts opened, filled with unit blocks.

What is moved is moved through the service, by whom the desk would have it. Only the cutting of a
great issuance into many blocks is done by the server's owner past the guards: it is the number of
blocks that is wanted. At the end the registry must verify.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.models.codes import AccountState
from app.models.server_place import ServerPlace, read_server_place
from app.models.storage.postgresql import PATIENT_DEADLINES, ServerAccess
from app.models.storage.unit_of_work import UnitOfWork
from app.services.accounts import (
    NewAccount,
    NewHolder,
    change_account_within,
    propose_account_within,
)
from app.services.log.append import LogWriter
from app.services.log.verification import verify_registry
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.people.signed_in import SignedIn
from app.services.projects import NewProject, register_project
from app.services.registry.context import OpenRegistry
from app.services.registry.creating_networked import create_networked_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.transactions.acts import Registration, Transfer
from app.services.transactions.proposing import approve, propose
from benchmarks.sample_registry import BLOCK, UNIT_TYPE, serial
from tests.fixtures.postgres_server import PostgresServer

_PROJECT = NewProject(origin="Verra", code="416", name_en="Sample", country="TH", sectoral_scope=13)
_HOLDER = NewHolder(name_en="Holder of samples")

_SHORTEN = (
    "UPDATE teak.unit_block SET last_serial = first_serial + %(size)s - 1 "
    "WHERE id = (SELECT max(id) FROM teak.unit_block)"
)
_REST = """
INSERT INTO teak.unit_block (
    batch_id, series_id, series, first_serial, last_serial, unit_type, account_id, state,
    fifo_expiry, fifo_vintage, applicable_period, issued_to, moved_by, created_by, parent_id)
SELECT b.batch_id, b.series_id, b.series, start, start + %(size)s - 1, b.unit_type, b.account_id,
    b.state, b.fifo_expiry, b.fifo_vintage, b.applicable_period, b.issued_to, b.moved_by,
    b.created_by, b.id
FROM teak.unit_block b, generate_series(
    b.first_serial + %(size)s, b.first_serial + %(quantity)s - 1, %(size)s) AS start
WHERE b.id = (SELECT max(id) FROM teak.unit_block)
"""


@dataclass(slots=True)
class ServerSample:
    """A registry on a server, with its officer and approver signed in side by side."""

    server: PostgresServer
    place: ServerPlace
    worker_file: Path
    officer: SignedIn
    approver: SignedIn
    accounts: list[str] = field(default_factory=list)
    next_serial: int = 1

    @property
    def registry(self) -> OpenRegistry:
        """The registry as the officer has it open."""
        return self.officer.registry

    def open_accounts(self, count: int) -> list[str]:
        """Open holding accounts; give their numbers."""
        numbers = []
        with UnitOfWork(self.officer.registry.engine) as unit:
            to = (unit.connection, LogWriter(unit.connection), self.officer.registry)
            for index in range(count):
                account = NewAccount(name=f"Sample {len(self.accounts) + index}", holder=_HOLDER)
                numbers.append(propose_account_within(*to, self.officer.actor, account))
            unit.commit()
        with UnitOfWork(self.approver.registry.engine) as unit:
            to = (unit.connection, LogWriter(unit.connection), self.approver.registry)
            for number in numbers:
                change_account_within(
                    *to, self.approver.actor, number, AccountState.OPEN, reason="To measure"
                )
            unit.commit()
        self.accounts += numbers
        return numbers

    def fill(self, account: str, blocks: int) -> None:
        """Put so many blocks into an account: one registration, cut apart."""
        quantity = blocks * BLOCK
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
        outcome = propose(self.officer.registry, act, self.officer.actor)
        approve(self.approver.registry, outcome.transaction_id, self.approver.actor)
        values = {"size": BLOCK, "quantity": quantity}
        with self.server.owner(self.place.database) as owner, owner.transaction():
            owner.execute("SET LOCAL session_replication_role = replica")
            owner.execute(_SHORTEN, values)
            owner.execute(_REST, values)

    def settle(self) -> None:
        """Tell the planner what was filled, as the server does by itself after a while."""
        with self.server.owner(self.place.database) as owner:
            owner.execute("VACUUM ANALYZE")
            owner.execute("CHECKPOINT")

    def transfer(self, source: str, target: str, quantity: int) -> None:
        """Move units as two desks do: proposed by the officer, approved by the approver."""
        act = Transfer(
            from_account=source, to_account=target, unit_type=UNIT_TYPE, quantity=quantity
        )
        outcome = propose(self.officer.registry, act, self.officer.actor)
        approve(self.approver.registry, outcome.transaction_id, self.approver.actor)

    def require_sound(self) -> None:
        """Stop the benchmark when its registry does not verify: it measured something else."""
        opened = open_worker(self.place, read_worker_file(self.worker_file))
        try:
            result = verify_registry(opened)
        finally:
            close_registry(opened)
        assert result.ok, f"{result.failed_at}: {result.failure}"


@contextmanager
def server_sample(server: PostgresServer, folder: Path, name: str) -> Iterator[ServerSample]:
    """Make a demo registry with a project in a database of its own on the server."""
    place = server_place(server.port, name)
    worker_file = folder / f"{name}.json"
    with server.owner() as owner:
        owner.execute(f"CREATE DATABASE {name}")
    access = ServerAccess(
        read_server_place(server.owner_address(name)),
        deadlines=PATIENT_DEADLINES,
        requires_scram=False,
    )
    created = create_networked_registry(
        place, owner=access, new=DEMO_REGISTRY, people=DEMO_PEOPLE, worker_file=worker_file
    )
    close_registry(created.registry)
    officer, approver = sign_in(place, "officer"), sign_in(place, "approver")
    try:
        register_project(officer.registry, officer.actor, _PROJECT)
        yield ServerSample(server, place, worker_file, officer, approver)
    finally:
        close_registry(officer.registry)
        close_registry(approver.registry)


def server_place(port: int, database: str, *, prefix: str = "") -> ServerPlace:
    """Give the address of a database of a server of this machine; its name is also the prefix."""
    return read_server_place(
        f"postgresql://127.0.0.1:{port}/{database}?sslmode=disable&prefix={prefix or database}"
    )


def sign_in(place: ServerPlace, user: str) -> SignedIn:
    """Sign somebody of a demo registry in."""
    signed_in = sign_in_demo_on_server(
        place, user=user, passphrase=DEMO_PASSPHRASE, host="benchmark"
    )
    assert signed_in is not None
    return signed_in
