"""What the database refuses is set aside and told; damage stops the worker; the rest goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.models.errors import DamagedRegistry, GuardRefused
from app.services.worker.lease import Lease
from app.services.worker.serving import Worker
from app.services.worker.setting_aside import SetAside, ask_for_retry
from app.services.worker.standing import WorkerStanding, read_worker_standing
from tests.services.worker.conftest import Office

pytestmark = pytest.mark.postgres

REFUSING = (
    "CREATE FUNCTION teak.test_refusal() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
    "RAISE EXCEPTION '{words}' USING ERRCODE = '{state}'; END $body$;"
    "CREATE TRIGGER test_refusal BEFORE INSERT ON teak.log_entry FOR EACH ROW "
    "EXECUTE FUNCTION teak.test_refusal()"
)


def refuse_entries(office: Office, *, words: str, state: str) -> None:
    """Have the database refuse every entry of the log."""
    with office.owner() as connection:
        connection.execute(REFUSING.format(words=words, state=state).encode())


def allow_entries(office: Office) -> None:
    with office.owner() as connection:
        connection.execute("DROP FUNCTION teak.test_refusal() CASCADE")


def standing(office: Office) -> WorkerStanding:
    signed_in = office.demo.sign_in("auditor")
    return read_worker_standing(signed_in.registry)


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


@contextmanager
def at_work(office: Office) -> Iterator[Worker]:
    worker = office.worker()
    thread = threading.Thread(target=worker.serve)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(60)
        assert not thread.is_alive()


def test_what_the_database_refuses_is_told_and_tried_again_when_asked(office: Office) -> None:
    refuse_entries(office, words="teak: no entry of the kind", state="TK001")
    office.queue(2)
    queued = office.waiting
    with at_work(office):
        wait_until(lambda: any("Set aside" in said for said in office.said))
        auditor = office.demo.sign_in("auditor").registry
        wait_until(lambda: "no entry of the kind" in read_worker_standing(auditor).problem)
        office.queue(1)
        # It is told once: nothing is tried again by itself, and the worker stays at work.
        assert read_worker_standing(auditor).is_active
        assert sum("no entry of the kind" in said for said in office.said) == 1
        allow_entries(office)
        assert office.sealed == 0
        ask_for_retry(office.registry)
        wait_until(lambda: office.waiting == 0)
        wait_until(lambda: read_worker_standing(auditor).problem == "")
    assert office.sealed == queued + 1


def test_a_worker_that_starts_tries_again(office: Office) -> None:
    refuse_entries(office, words="teak: not now", state="TK001")
    office.queue()
    with at_work(office):
        wait_until(lambda: any("Set aside" in said for said in office.said))
    assert "not now" in standing(office).problem
    allow_entries(office)
    with at_work(office):
        wait_until(lambda: office.waiting == 0)
    assert standing(office).problem == ""


def test_damage_stops_the_worker_with_its_reason(office: Office) -> None:
    refuse_entries(office, words="invalid page in block 7", state="XX001")
    office.queue()
    with pytest.raises(DamagedRegistry, match="block 7"):
        office.worker().serve()
    found = standing(office)
    assert not found.is_active
    assert found.problem
    allow_entries(office)
    queued = office.waiting
    assert office.worker().work_off().entries == queued
    assert standing(office).problem == ""


def test_what_is_set_aside_is_so_though_another_worker_has_taken_over(office: Office) -> None:
    """The lease may be gone by then: that hides neither the reason nor what stopped the worker."""
    aside = SetAside(office.registry, Lease("of nobody"))
    aside.put("seal", GuardRefused("not now"))
    assert ("seal" in aside, aside.problem) == (True, "seal: not now")


def test_work_once_says_what_was_refused(office: Office) -> None:
    refuse_entries(office, words="teak: not now", state="TK001")
    queued = office.waiting
    with pytest.raises(GuardRefused, match="not now"):
        office.worker().work_off()
    assert (office.waiting, office.sealed) == (queued, 0)
