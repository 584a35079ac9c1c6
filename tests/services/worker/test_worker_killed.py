"""Killed anywhere and started again, a worker loses nothing and seals nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.log.verification import verify_registry
from app.services.registry.creating_networked import create_networked_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.worker.serving import Worker
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.networked import owner_access, tcp_place
from tests.fixtures.postgres_server import PostgresServer, packaged_programs
from tests.services.worker.conftest import Office
from tests.services.worker.dying_worker import DIED, STEPS

ROOT = Path(__file__).resolve().parents[3]
SEALING_STEPS = [step for step in STEPS if "certificate" not in step]


def expire_lease(office: Office) -> None:
    with office.owner() as connection:
        connection.execute("UPDATE teak.worker_lease SET expires_at = clock_timestamp()")


def die(office: Office, step: str) -> None:
    command = [sys.executable, "-m", "tests.services.worker.dying_worker"]
    ran = subprocess.run(
        [*command, office.address, str(office.worker_file), step],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == DIED, (ran.stdout, ran.stderr)


@pytest.mark.parametrize("step", SEALING_STEPS)
def test_killed_at_a_step_and_started_again(office: Office, step: str) -> None:
    total = office.waiting
    die(office, step)
    assert office.sealed + office.waiting == total
    assert office.sealed == (total if step == "after the commit" else 0)
    expire_lease(office)
    office.worker().work_off()
    found = verify_registry(office.registry)
    assert (found.ok, found.entries, found.unsealed) == (True, total, 0), found


def start_working(office: Office) -> subprocess.Popen[str]:
    arguments = ["work", "--registry", office.address, "--worker-file", str(office.worker_file)]
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments, "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip


def until(holds: Callable[[], bool], *, seconds: float = 20) -> float:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - begun


def test_the_service_seals_at_once_and_ends_well_on_sigterm(office: Office) -> None:
    service = start_working(office)
    try:
        until(lambda: office.waiting == 0)
        office.queue(3)
        assert until(lambda: office.waiting == 0) < 1.5
        total = office.sealed
        service.send_signal(signal.SIGTERM)
        out, err = service.communicate(timeout=20)
    finally:
        service.kill()
    assert service.returncode == 0, err
    assert json.loads(out) == {"ok": True, "entries": total, "blocks": 2, "certificates": 0}
    # The lease was given back: the next need not wait.
    office.queue()
    assert office.worker().work_off().entries == 1


def test_killed_again_and_again_while_entries_come_in(office: Office, figures: Figures) -> None:
    """Several kills at random moments; each entry that was queued is sealed once."""
    chance, first = random.Random(11), office.waiting
    stopping, queued = threading.Event(), Counter[str]()

    def keep_coming() -> None:
        while not stopping.is_set():
            office.queue(7)
            queued["entries"] += 7
            time.sleep(0.01)

    coming = threading.Thread(target=keep_coming)
    coming.start()
    kills = 0
    try:
        for _ in range(times(4, 40)):
            service = start_working(office)
            before = office.sealed
            until(lambda before=before: office.sealed > before)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.2))
            service.kill()
            service.communicate()
            kills += 1
            expire_lease(office)
    finally:
        stopping.set()
        coming.join()
    office.worker().work_off()
    while office.waiting:
        office.worker().work_off()
    found = verify_registry(office.registry)
    wanted = first + queued["entries"]
    assert (found.ok, found.entries) == (True, wanted), found
    figures(
        "worker killed while sealing", kills=kills, queued=wanted, sealed=found.entries, lost=0,
        doubled=0, verified=found.ok,
    )  # fmt: skip


def test_a_second_worker_waits_until_the_first_has_ended(office: Office) -> None:
    first, second = office.worker(holder="first"), office.worker(holder="second")
    threads = [threading.Thread(target=first.serve)]
    threads[0].start()
    until(lambda: office.waiting == 0)
    threads.append(threading.Thread(target=second.serve))
    threads[1].start()
    office.queue(2)
    until(lambda: office.waiting == 0)
    assert second.work.entries == 0
    first.stop()
    threads[0].join(timeout=20)
    office.queue(5)
    until(lambda: office.waiting == 0)
    second.stop()
    threads[1].join(timeout=20)
    assert second.work.entries == 5
    assert not any(thread.is_alive() for thread in threads)


def test_it_comes_back_after_the_server_was_killed(tmp_path: Path) -> None:
    lasting = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    server = PostgresServer(packaged_programs(), **lasting)
    server.start()
    try:
        with server.owner() as connection:
            connection.execute("CREATE DATABASE teak")
        place, path = tcp_place(server, "teak"), tmp_path / "worker.json"
        created = create_networked_registry(
            place,
            owner=owner_access(server, "teak"),
            new=DEMO_REGISTRY,
            people=DEMO_PEOPLE,
            worker_file=path,
        )
        close_registry(created.registry)
        file = read_worker_file(path)
        registry = open_worker(place, file)
        said: list[str] = []
        worker = Worker(registry, file.secret, told=said.append)
        thread = threading.Thread(target=worker.serve)
        thread.start()

        def sealed() -> int:
            with server.owner("teak") as connection:
                row = connection.execute("SELECT count(*) FROM teak.log_entry").fetchone()
            assert row is not None
            return int(str(row[0]))

        until(lambda: sealed() > 0)
        before = sealed()
        server.kill()
        time.sleep(0.3)
        server.start()
        with server.owner("teak") as connection:
            connection.execute(
                "INSERT INTO teak.log_queue (kind, at, persons, body) VALUES "
                "('idle-lock-changed', clock_timestamp(), '{\"done\": \"admin\"}', "
                "'{\"minutes\": 10}')"
            )
        until(lambda: sealed() == before + 1, seconds=30)
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()
        assert any("Trying again" in sentence for sentence in said)
        found = verify_registry(registry)
        assert (found.ok, found.entries) == (True, before + 1)
        close_registry(registry)
    finally:
        server.remove()
