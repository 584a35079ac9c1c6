"""What writers under fire do: transfers that follow from a name and a number, so none is unknown.

Owns opening a registry as all who act in it, and carrying out one numbered act until it is
acknowledged, with the same request id however often it must be repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from app.models.codes import TransactionStatus
from app.models.errors import (
    Conflict,
    ConnectionLost,
    RegistryBusy,
    ServerRefused,
    ServerTooSlow,
    StorageError,
)
from app.models.server_place import read_server_place
from app.services.checks.violation import RulesBroken
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import Actor, Clock, OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from app.services.transactions.acts import Transfer
from app.services.transactions.proposing import approve, propose
from tests.fixtures.registries import FrozenClock, read_people

_Result = TypeVar("_Result")

ENDED_ALREADY = 9141
PASSING: tuple[type[StorageError], ...] = (
    ConnectionLost, ServerRefused, ServerTooSlow, RegistryBusy, Conflict,
)  # fmt: skip
"""After these a desk says "try again", and trying again is harmless."""


@dataclass(frozen=True)
class Place:
    """Where a registry under fire is, a file or a server, and its two accounts."""

    address: str
    forest: str
    green: str

    @property
    def is_networked(self) -> bool:
        return self.address.startswith("postgresql://")

    def open(self, *, clock: Clock | None = None, users: tuple[str, ...] = ()) -> OpenRegistry:
        """Open it as the officer, and on a server as the approver and others beside them."""
        clock = clock or FrozenClock()
        if not self.is_networked:
            opened = open_demo(Path(self.address), clock=clock)
            assert opened is not None
            return opened
        registry = _sign_in(self.address, "officer", clock)
        with _closing_after_failure(registry):
            for user in ("approver", *users):
                registry.colleagues[user] = _sign_in(self.address, user, clock)
        return registry


def _sign_in(address: str, user: str, clock: Clock) -> OpenRegistry:
    signed_in = sign_in_demo_on_server(
        read_server_place(address), user=user, passphrase=DEMO_PASSPHRASE, host="fire", clock=clock
    )
    assert signed_in is not None
    return signed_in.registry


@contextmanager
def _closing_after_failure(registry: OpenRegistry) -> Iterator[None]:
    try:
        yield
    except BaseException:
        close_registry(registry)
        raise


def is_forth(number: int) -> bool:
    """Tell whether a numbered transfer goes from `forest` to `green`, or back."""
    return number % 2 == 0


def quantity_of(name: str, number: int) -> int:
    return 1 + (number * 7919 + crc32(name.encode())) % 97


def request_of(name: str, number: int) -> str:
    return f"{name}-{number}"


def insist(act: Callable[[], _Result], *, patience_s: float = 30.0) -> tuple[_Result, int]:
    """Repeat an act until it is acknowledged; gives how often it was not, too."""
    until, broken = time.monotonic() + patience_s, 0
    while True:
        try:
            return act(), broken
        except PASSING:
            broken += 1
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


@dataclass(frozen=True)
class Crew:
    """All who act in one registry, with it open.

    `found` are the requests that were there already when they were made: done, or half done,
    without anybody having been told.
    """

    place: Place
    registry: OpenRegistry
    people: dict[str, Actor]
    found: set[str] = field(default_factory=set)

    @classmethod
    def board(cls, place: Place, **options: object) -> Crew:
        registry = place.open(**options)  # type: ignore[arg-type]
        with _closing_after_failure(registry):
            return cls(place, registry, read_people(registry))

    def rest(self) -> None:
        """Close all connections; the next act opens others."""
        close_registry(self.registry)

    def transfer(self, quantity: int, *, forth: bool = True) -> Transfer:
        source, target = self.place.forest, self.place.green
        if not forth:
            source, target = target, source
        return Transfer(from_account=source, to_account=target, unit_type="TER", quantity=quantity)

    def carry_out(self, name: str, number: int, *, officer: str = "officer") -> int:
        """Propose and approve the numbered transfer, or find it done; give its transaction.

        Raises what a desk would be told; afterwards the same call may be made again.
        """
        act = self.transfer(quantity_of(name, number), forth=is_forth(number))
        return self.complete(act, request_of(name, number), officer=officer)

    def complete(self, act: Transfer, request_id: str, *, officer: str = "officer") -> int:
        proposed = propose(self.registry, act, self.people[officer], request_id=request_id)
        if proposed.evaluation is None:
            self.found.add(request_id)
        status = proposed.status
        if not status.is_final:
            status = self._approve(proposed.transaction_id)
        assert status is TransactionStatus.COMPLETED, (request_id, status)
        return proposed.transaction_id

    def _approve(self, transaction_id: int) -> TransactionStatus:
        try:
            return approve(self.registry, transaction_id, self.people["approver"]).status
        except RulesBroken as broken:
            # An approval that was given up as lost may have arrived all the same.
            if [violation.code for violation in broken.violations] != [ENDED_ALREADY]:
                raise
            raise Conflict("it has ended meanwhile; look again") from broken
