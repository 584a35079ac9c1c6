"""The worker at work: takes the lease, seals what waits, answers requests, until it is stopped.

Owns the loop and what happens when the server goes away: the worker waits and comes back. Every
write is a transaction that keeps the lease, so that being killed anywhere loses and doubles
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from app.models.errors import DamagedRegistry, StorageError
from app.models.storage.translate import translating
from app.models.storage.unit_of_work import UnitOfWork
from app.services.log.checkpoints import LogDoesNotContinue
from app.services.registry.context import OpenRegistry
from app.services.worker.calibration_certificates import answer_calibration_requests
from app.services.worker.certificates import answer_requests
from app.services.worker.lease import Lease, LeaseLost, new_holder
from app.services.worker.listening import Listener
from app.services.worker.schedule import Schedule, Task
from app.services.worker.sealing import LARGEST_BLOCK, seal_block
from app.services.worker.setting_aside import FINAL, RETRY, SetAside

LONGEST_DELAY_S = 1.0
"""What waits is sealed after so long at most, though no word of it was heard."""

_RENEW_S = 4.0
_RETRY_S = 1.0

_RENEW, _SEAL, _ANSWER = "renew", "seal", "answer"
_CERTIFICATES = "certificates"

Told = Callable[[str], None]


@dataclass(slots=True)
class Work:
    """What a worker has done so far."""

    entries: int = 0
    blocks: int = 0
    certificates: int = 0


class Worker:
    """One worker of one networked registry; `stop` may be called from a signal's handler."""

    def __init__(
        self, registry: OpenRegistry, secret: bytes, *, told: Told, holder: str | None = None
    ) -> None:
        assert registry.server is not None
        self._registry = registry
        self._secret = secret
        self._told = told
        self._lease = Lease(holder or new_holder())
        self._aside = SetAside(registry, self._lease)
        self._listener = Listener(registry.server)
        self._is_stopping = False
        self._is_active = False
        self.work = Work()

    def stop(self) -> None:
        """Finish the block at hand, then end."""
        self._is_stopping = True
        self._listener.wake()

    def serve(self) -> Work:
        """Work until stopped; the lease is given back. A server that is away is waited for.

        Raises DamagedRegistry and LogDoesNotContinue: nothing is sealed over damage. What else
        the database refuses is set aside, and told.
        """
        schedule = Schedule(self._tasks(), time.monotonic)
        try:
            while not self._is_stopping:
                self._turn(schedule)
        finally:
            self._release()
            self._listener.close()
        return self.work

    def work_off(self) -> Work:
        """Take the lease, do all that waits now, and give the lease back.

        Raises LeaseLost while another worker is active, and the errors of the connection.
        """
        try:
            if not self._take():
                raise LeaseLost("Another worker is at work.", hint="It does what waits.")
            self._seal()
            self._answer()
            self._seal()
        finally:
            self._release()
            self._listener.close()
        return self.work

    def _tasks(self) -> tuple[Task, ...]:
        return (
            Task(_RENEW, _RENEW_S, self._renew),
            Task(
                _SEAL, LONGEST_DELAY_S, self._seal, frozenset({"transactions", "accounts", RETRY})
            ),
            Task(_ANSWER, LONGEST_DELAY_S, self._answer, frozenset({_CERTIFICATES, RETRY})),
        )

    def _turn(self, schedule: Schedule) -> None:
        try:
            with translating(self._registry.label):
                if not self._is_active and not self._take():
                    self._listener.pause(LONGEST_DELAY_S)
                    return
                for task in schedule.due():
                    if self._is_stopping:
                        return
                    self._run(task.name, task.run)
                for word in self._listener.wait(schedule.wait_s()):
                    self._hear(word, schedule)
        except LeaseLost as lost:
            self._is_active = False
            self._told(lost.message)
        except (DamagedRegistry, *FINAL) as error:
            self._aside.tell(error.message)
            raise
        except LogDoesNotContinue as error:
            self._aside.tell(error.message)
            raise
        except (StorageError, psycopg.Error) as error:
            self._wait_for_server(error)

    def _run(self, name: str, run: Callable[[], None]) -> None:
        """Run a task; what the database itself refuses is not tried for ever."""
        if name in self._aside:
            return
        try:
            run()
        except FINAL as error:
            if name == _RENEW:
                # Who may not even keep the lease can do nothing at all.
                raise
            self._aside.put(name, error)
            self._told(f"Set aside until somebody asks (teak work --retry): {error}")

    def _hear(self, word: str, schedule: Schedule) -> None:
        """Take up what was set aside where somebody asks for it, then make due what is asked."""
        if word == RETRY and self._aside.take_up():
            self._told("Trying again what was set aside.")
        if word == _CERTIFICATES:
            self._aside.take_up(_ANSWER)
        schedule.hear(word)

    def _take(self) -> bool:
        with UnitOfWork(self._registry.engine) as unit:
            self._is_active = self._lease.take(unit.connection)
            unit.commit()
        if self._is_active:
            self._told("This worker is the active one.")
        return self._is_active

    def _renew(self) -> None:
        with UnitOfWork(self._registry.engine) as unit:
            self._lease.keep(unit.connection)
            unit.commit()

    def _seal(self) -> None:
        while True:
            block = seal_block(self._registry, self._lease, self._secret)
            if block is None:
                return
            self.work.entries += block.entries
            self.work.blocks += 1
            if block.entries < LARGEST_BLOCK or self._is_stopping:
                return

    def _answer(self) -> None:
        wanted = self._registry, self._lease, self._secret
        made = answer_requests(*wanted) + answer_calibration_requests(*wanted)
        self.work.certificates += made
        if made:
            # The certificates' own entries wait since.
            self._run(_SEAL, self._seal)

    def _wait_for_server(self, error: Exception) -> None:
        self._told(f"{error} Trying again.")
        self._listener.drop()
        self._registry.engine.dispose()
        self._listener.pause(_RETRY_S)

    def _release(self) -> None:
        if not self._is_active:
            return
        self._is_active = False
        try:
            with UnitOfWork(self._registry.engine) as unit:
                self._lease.release(unit.connection)
                unit.commit()
        except StorageError as error:
            # It expires by itself, a little later.
            self._told(f"The lease could not be given back: {error}")
