"""A networked demo registry, its worker, and hands to queue entries and look at the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import WorkerFile, open_worker, read_worker_file
from app.services.worker.serving import Worker
from tests.fixtures.networked import NetworkedDemo


@dataclass
class Office:
    """A registry on a server, opened as its worker; `queue` puts entries in the queue."""

    demo: NetworkedDemo
    registry: OpenRegistry
    file: WorkerFile
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.demo.place)

    @property
    def worker_file(self) -> Path:
        return self.demo.worker_file

    def worker(self, **changes: Any) -> Worker:
        return Worker(self.registry, self.file.secret, told=self.said.append, **changes)

    def owner(self) -> psycopg.Connection[tuple[Any, ...]]:
        return self.demo.server.owner(self.demo.place.database)

    def queue(self, count: int = 1) -> None:
        with self.owner() as connection:
            connection.execute(
                "INSERT INTO teak.log_queue (kind, at, persons, body) "
                "SELECT 'idle-lock-changed', clock_timestamp(), '{\"done\": \"admin\"}', "
                "'{\"minutes\": 10}' FROM generate_series(1, %s)",
                (count,),
            )

    def value(self, query: str) -> Any:
        with self.owner() as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    @property
    def waiting(self) -> int:
        return int(self.value("SELECT count(*) FROM teak.log_queue"))

    @property
    def sealed(self) -> int:
        return int(self.value("SELECT count(*) FROM teak.log_entry"))


@pytest.fixture
def office(networked_demo: NetworkedDemo) -> Iterator[Office]:
    file = read_worker_file(networked_demo.worker_file)
    registry = open_worker(networked_demo.place, file)
    yield Office(networked_demo, registry, file)
    close_registry(registry)
