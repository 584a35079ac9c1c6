"""Calibration certificates of a networked registry: a desk asks, the worker signs, nobody else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.models.errors import StorageError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Calibration
from app.services.calibrating.certifying import (
    IssuedCalibrationCertificate,
    issue_calibration_certificate,
)
from app.services.calibrating.recording import keep_calibration
from app.services.calibrating.requesting import (
    read_certificate_state,
    request_calibration_certificate,
)
from app.services.certificates.calibration.verify import verify_calibration_certificate
from app.services.certificates.requesting import CertificateNotMade
from app.services.checks.violation import RulesBroken
from app.services.listings.signing_keys import read_public_keys
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import SigningKeyClosed, current_signer
from app.services.stations.kept_calibrations import get_calibration
from tests.fixtures.benches import bench, finished, register_bench
from tests.services.worker.conftest import Office

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


@dataclass
class Counter:
    """A technician's desk on a server, with a calibration that has no certificate yet."""

    registry: OpenRegistry
    people: dict[str, Actor]
    code: str

    def ask(self, user: str = "technician", **options: object) -> IssuedCalibrationCertificate:
        kept = get_calibration(self.registry, self.code)
        wanted: dict[str, object] = {"wait_s": 0.0} | options
        return request_calibration_certificate(
            self.registry,
            self.people[user],
            kept,
            **wanted,  # type: ignore[arg-type]
        )

    def verifies(self, pdf: bytes) -> bool:
        key = Ed25519PublicKey.from_public_bytes(read_public_keys(self.registry)[0])
        return verify_calibration_certificate(pdf, key).ok


@pytest.fixture
def counter(registry: OpenRegistry, people: dict[str, Actor]) -> Counter:
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    return Counter(registry, people, code)


def test_it_is_queued_signed_by_the_worker_stored_and_logged(
    counter: Counter, office: Office
) -> None:
    for _ in range(2):
        with pytest.raises(CertificateNotMade, match=r"is queued, but no worker .* is running"):
            counter.ask()
    state = read_certificate_state(counter.registry, counter.code)
    assert (state.number, state.problem) == (None, "")
    assert state.asked_at is not None
    assert office.worker().work_off().certificates == 1, "asked for twice, made once"
    issued = counter.ask()
    assert issued.number == f"CC-TH-{counter.code.removeprefix('CAL-')}"
    assert counter.verifies(issued.pdf)
    assert issued.statement.authoriser == counter.people["technician"].name
    kept = get_calibration(counter.registry, counter.code)
    assert kept.certificate_number == issued.number
    assert read_certificate_state(counter.registry, counter.code).asked_at is None
    body = office.value(
        "SELECT convert_from(entry, 'UTF8')::jsonb -> 'body' FROM teak.log_entry "
        "WHERE kind = 'calibration-certificate-attached'"
    )
    assert (body["calibration"], body["asked_by"]) == (counter.code, "technician")
    found = verify_registry(office.registry)
    assert (found.ok, found.unsealed) == (True, 0), found


def test_in_another_language_number_and_date_stay_and_anybody_may_ask(
    counter: Counter, office: Office
) -> None:
    with pytest.raises(CertificateNotMade):
        counter.ask()
    office.worker().work_off()
    first = counter.ask()
    with pytest.raises(CertificateNotMade, match="is queued"):
        counter.ask("auditor", language="th")
    office.worker().work_off()
    again = counter.ask("auditor", language="th")
    assert (again.number, again.statement) == (first.number, first.statement)
    assert again.pdf != first.pdf
    assert counter.verifies(again.pdf)
    # Read from the registry, without a worker and without a wait.
    read = issue_calibration_certificate(
        counter.registry, counter.people["technician"], counter.code
    )
    assert read.pdf == first.pdf


def test_only_who_calibrates_authorises_the_first(counter: Counter, office: Office) -> None:
    for user in ("officer", "auditor", "approver"):
        with pytest.raises(RulesBroken):
            counter.ask(user)
    assert office.worker().work_off().certificates == 0


def test_no_connection_of_a_person_signs(counter: Counter) -> None:
    for user in counter.people:
        engine = counter.registry.engine_for(counter.people[user])
        with pytest.raises((SigningKeyClosed, StorageError)), reading(engine) as connection:
            current_signer(connection)


def test_a_fault_in_one_does_not_stop_the_worker(
    counter: Counter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise ValueError("no such glyph")

    with pytest.raises(CertificateNotMade):
        counter.ask()
    with monkeypatch.context() as broken:
        broken.setattr(
            "app.services.worker.calibration_certificates.make_calibration_certificate", fails
        )
        assert office.worker().work_off().certificates == 0
    state = read_certificate_state(counter.registry, counter.code)
    assert "no such glyph" in state.problem
    assert state.asked_at is None
    assert office.worker().work_off().certificates == 0, "what failed is not tried for ever"
    with pytest.raises(CertificateNotMade):
        counter.ask()
    assert office.worker().work_off().certificates == 1


def test_a_file_of_ones_own_is_no_certificate(counter: Counter) -> None:
    """What a changed desk could try: attach any document instead of what the worker signs."""
    technician = counter.people["technician"]
    with (
        pytest.raises(StorageError, match="the worker certifies"),
        UnitOfWork(counter.registry.engine_for(technician)) as unit,
    ):
        unit.connection.execute(
            Calibration.__table__.update().values(certificate_number="CC-TH-1")  # type: ignore[attr-defined]
        )
