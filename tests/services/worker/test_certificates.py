"""Certificates of a networked registry: a desk asks, the worker makes, nobody else can."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from app.models.errors import GuardRefused, NotFound, RightsRefused, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import CertificateRequest
from app.services.certificates.issuing import issue_certificate
from app.services.certificates.requesting import CertificateNotMade, request_certificate
from app.services.certificates.verify import verify_certificate
from app.services.checks.violation import RulesBroken
from app.services.copying.sides import Source
from app.services.listings.signing_keys import read_public_keys
from app.services.log.verification import verify_registry
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.worker.serving import Worker
from tests.fixtures.copies import CopyTarget
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import read_people
from tests.services.worker.dying_worker import DIED, STEPS

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Counter:
    """A desk of an officer on a server where something was cancelled, and a worker's hands."""

    registry: OpenRegistry
    people: dict[str, Actor]
    target: CopyTarget
    cancelled: int
    transferred: int

    def open_worker(self) -> tuple[OpenRegistry, bytes]:
        file = read_worker_file(self.target.worker_file)
        return open_worker(self.target.place, file), file.secret

    def work_off(self) -> int:
        registry, secret = self.open_worker()
        try:
            return Worker(registry, secret, told=lambda _said: None).work_off().certificates
        finally:
            close_registry(registry)


@pytest.fixture
def counter(ledger: Ledger, copy_target: CopyTarget) -> Iterator[Counter]:
    ledger.complete(ledger.issuance())
    transferred = ledger.complete(ledger.transfer(700)).transaction_id
    cancelled = ledger.complete(ledger.cancellation(1_204)).transaction_id
    copy_target.copy(Source(ledger.registry.engine))
    signed_in = sign_in_demo_on_server(
        copy_target.place, user="officer", passphrase=DEMO_PASSPHRASE, host="test"
    )
    assert signed_in is not None
    registry = signed_in.registry
    yield Counter(registry, read_people(registry), copy_target, cancelled, transferred)
    close_registry(registry)


def verifies(counter: Counter, pdf: bytes) -> str:
    key = Ed25519PublicKey.from_public_bytes(read_public_keys(counter.registry)[0])
    verdict = verify_certificate(pdf, key)
    assert verdict.ok, verdict.reason
    assert verdict.statement is not None
    return verdict.statement.certificate


def test_a_desk_asks_and_the_worker_makes_it(counter: Counter) -> None:
    at_work, secret = counter.open_worker()
    worker = Worker(at_work, secret, told=lambda _said: None)
    thread = threading.Thread(target=worker.serve)
    thread.start()
    try:
        officer = counter.people["officer"]
        issued = issue_certificate(counter.registry, counter.cancelled, actor=officer)
        assert verifies(counter, issued.pdf) == issued.number
        assert issued.statement.quantity == 1_204
        english = issue_certificate(counter.registry, counter.cancelled, language="en")
        assert verifies(counter, english.pdf) == issued.number
        assert english.pdf != issued.pdf
    finally:
        worker.stop()
        thread.join(timeout=20)
    assert not thread.is_alive()
    # Reprinted from the registry's own documents, without a worker.
    again = issue_certificate(counter.registry, counter.cancelled)
    assert again.pdf == issued.pdf
    counter.work_off()
    found = verify_registry(at_work)
    assert (found.ok, found.certificates, found.unsealed) == (True, 1, 0), found
    close_registry(at_work)


def test_without_a_worker_it_is_said_and_made_later(counter: Counter) -> None:
    officer = counter.people["officer"]
    for _ in range(2):
        with pytest.raises(CertificateNotMade, match="no worker of the registry is running"):
            request_certificate(counter.registry, counter.cancelled, actor=officer, wait_s=0.1)
    assert counter.work_off() == 1, "asked for twice, made once"
    made = request_certificate(counter.registry, counter.cancelled, actor=None, wait_s=0)
    assert verifies(counter, made.pdf) == made.number


@pytest.mark.parametrize("kind", [ValueError, GuardRefused, RightsRefused])
def test_a_fault_in_one_certificate_does_not_stop_the_worker(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise kind("no such glyph")

    officer = counter.people["officer"]
    with pytest.raises(CertificateNotMade):
        request_certificate(counter.registry, counter.cancelled, actor=officer, wait_s=0.1)
    with monkeypatch.context() as broken:
        broken.setattr("app.services.certificates.certificate.make_certificate", fails)
        assert counter.work_off() == 0
    with reading(counter.registry.engine) as connection:
        problem = connection.execute(select(CertificateRequest.problem)).scalar_one()
    assert "no such glyph" in problem
    assert counter.work_off() == 0, "what failed is not tried for ever"
    with pytest.raises(CertificateNotMade, match="no worker"):
        request_certificate(counter.registry, counter.cancelled, actor=officer, wait_s=0)
    assert counter.work_off() == 1, "asked for again, it is tried again"


def test_what_has_no_certificate_is_refused_before_anybody_is_asked(counter: Counter) -> None:
    officer = counter.people["officer"]
    with pytest.raises(RulesBroken) as refused:
        issue_certificate(counter.registry, counter.transferred, actor=officer)
    assert [item.code for item in refused.value.violations] == [9601]
    with pytest.raises(NotFound):
        issue_certificate(counter.registry, 999, actor=officer)
    with pytest.raises(UsageError, match="no certificate yet"):
        issue_certificate(counter.registry, counter.cancelled)
    assert counter.work_off() == 0


@pytest.mark.parametrize("step", [step for step in STEPS if "certificate" in step])
def test_killed_while_a_certificate_is_made(counter: Counter, step: str) -> None:
    officer = counter.people["officer"]
    with pytest.raises(CertificateNotMade):
        request_certificate(counter.registry, counter.cancelled, actor=officer, wait_s=0)
    command = [sys.executable, "-m", "tests.services.worker.dying_worker"]
    ran = subprocess.run(
        [*command, str(counter.target.place), str(counter.target.worker_file), step],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == DIED, (ran.stdout, ran.stderr)
    with counter.target.server.owner(counter.target.place.database) as connection:
        left = connection.execute("SELECT count(*) FROM teak.certificate").fetchone()
        assert left == (0,)
        connection.execute("UPDATE teak.worker_lease SET expires_at = clock_timestamp()")
    assert counter.work_off() == 1
    made = request_certificate(counter.registry, counter.cancelled, actor=None, wait_s=0)
    assert made.number.endswith("-000001")
    at_work, _ = counter.open_worker()
    assert verify_registry(at_work).ok
    close_registry(at_work)
