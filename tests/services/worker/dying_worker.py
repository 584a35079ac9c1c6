"""A worker that dies at a chosen step, as if the machine lost power: run as a process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.models.server_place import read_server_place
from app.models.storage.unit_of_work import UnitOfWork
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.worker import certificates, sealing
from app.services.worker.lease import Lease
from app.services.worker.serving import Worker

DIED = 9

STEPS: dict[str, tuple[Any, str, int, bool]] = {
    "the lease is kept": (Lease, "keep", 1, True),
    "entries are chained": (sealing, "_chain", 1, True),
    "the queue is emptied": (sealing, "_take_off_queue", 1, True),
    "the checkpoint is signed": (sealing, "seal", 1, True),
    "before the commit": (UnitOfWork, "commit", 2, False),
    "after the commit": (UnitOfWork, "commit", 2, True),
    "a certificate is issued": (certificates, "issue_within", 1, True),
    "a certificate is filed": (certificates, "keep_file", 1, True),
}
"""Where, which function, at which call, and whether after it."""


def die_at(step: str) -> None:
    place, name, call, is_after = STEPS[step]
    original: Callable[..., Any] = getattr(place, name)
    calls = 0

    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not is_after:
            os._exit(DIED)
        result = original(*arguments, **named)
        if calls == call:
            os._exit(DIED)
        return result

    setattr(place, name, dying)


if __name__ == "__main__":
    address, worker_file, step = sys.argv[1:]
    file = read_worker_file(Path(worker_file))
    registry = open_worker(read_server_place(address), file)
    die_at(step)
    Worker(registry, file.secret, told=print).work_off()
