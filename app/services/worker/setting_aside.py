"""What a worker sets aside: work that the database itself refuses, which trying again cannot help.

Owns which errors are final, and telling them: in the registry, where every desk sees it, until
somebody asks for another try or the worker is started anew. Everything else goes on meanwhile.
"""

from __future__ import annotations

from sqlalchemy import text

from app.models.errors import GuardRefused, RightsRefused, StorageError
from app.models.storage.unit_of_work import UnitOfWork
from app.services.registry.context import OpenRegistry
from app.services.worker.lease import Lease, LeaseLost

FINAL = (GuardRefused, RightsRefused)
"""Errors that the same work meets again, however often it is tried."""

RETRY = "retry"
"""The word by which somebody asks that what was set aside be tried again."""

_TELL = text("UPDATE teak.worker_lease SET problem = :problem WHERE id = 1")
_ASK = text("SELECT pg_notify('teak_changes', :word)")


class SetAside:
    """The tasks of one worker that wait for somebody to ask, each with its reason."""

    def __init__(self, registry: OpenRegistry, lease: Lease) -> None:
        self._registry = registry
        self._lease = lease
        self._reasons: dict[str, str] = {}

    def __contains__(self, task: str) -> bool:
        return task in self._reasons

    @property
    def problem(self) -> str:
        """Say all that is set aside and why; empty where nothing is."""
        return " ".join(f"{task}: {reason}" for task, reason in self._reasons.items())

    def put(self, task: str, error: Exception) -> None:
        """Set a task aside until it is taken up again, and tell the desks."""
        self._reasons[task] = str(error)
        self.tell(self.problem)

    def take_up(self, *tasks: str) -> bool:
        """Let the tasks be tried again, without a name all; tell whether there were any."""
        found = [task for task in tasks or tuple(self._reasons) if task in self._reasons]
        for task in found:
            del self._reasons[task]
        if found:
            self.tell(self.problem)
        return bool(found)

    def tell(self, problem: str) -> None:
        """Write what is wrong where every desk reads it, as far as the database lets us."""
        try:
            with UnitOfWork(self._registry.engine) as unit:
                self._lease.keep(unit.connection)
                unit.connection.execute(_TELL, {"problem": problem})
                unit.commit()
        except (StorageError, LeaseLost):
            # Whoever runs the worker has been told in its own words; another one tells its own.
            return


def ask_for_retry(registry: OpenRegistry) -> None:
    """Have the worker that is active try again what it set aside."""
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(_ASK, {"word": RETRY})
        unit.commit()
