"""`teak certificate verify` on calibration certificates: by the key alone, and not by another."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.models.storage.unit_of_work import reading
from app.services.calibrating.certifying import issue_calibration_certificate
from app.services.calibrating.recording import keep_calibration
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import current_signer
from tests.commands.conftest import run_teak
from tests.fixtures.benches import bench, finished, register_bench


def write_key(path: Path, key: Ed25519PrivateKey) -> Path:
    public = key.public_key()
    path.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


@pytest.fixture
def key(registry: OpenRegistry, tmp_path: Path) -> Path:
    with reading(registry.engine) as connection:
        return write_key(tmp_path / "key.pem", current_signer(connection).private_key)


@pytest.fixture
def pdf(registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path) -> Path:
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    path = tmp_path / "calibration.pdf"
    path.write_bytes(issue_calibration_certificate(registry, technician, code, language="en").pdf)
    return path


def test_a_calibration_is_told_as_one(pdf: Path, key: Path) -> None:
    ran = run_teak("certificate", "verify", pdf, "--public-key", key, "--json")
    assert ran.status == 0
    told = ("ok", "station", "sensor", "channel", "verdict_as_found", "verdict_as_left")
    expected = [True, "LPG-01", "CO2-A", "co2", "fail", "pass"]
    assert [ran.json[name] for name in told] == expected
    assert ran.json["calibrated_at"] == "2026-11-21T03:00:00Z"
    assert ran.json["certificate"]
    said = run_teak("certificate", "verify", pdf, "--public-key", key).out
    assert f"Verifies: {ran.json['certificate']}" in said
    assert "LPG-01 CO2-A co2: as found fail, as left pass" in said


@pytest.mark.parametrize("place", [-200, 2000, 0])
def test_an_altered_one_does_not_verify(pdf: Path, key: Path, place: int) -> None:
    content = bytearray(pdf.read_bytes())
    content[place] ^= 1
    pdf.write_bytes(content)
    ran = run_teak("certificate", "verify", pdf, "--public-key", key, "--json")
    assert (ran.status, ran.json["ok"]) == (1, False)
    assert ran.json["reason"]


def test_another_registrys_key_does_not_verify_it(pdf: Path, tmp_path: Path) -> None:
    other = write_key(tmp_path / "other.pem", Ed25519PrivateKey.generate())
    ran = run_teak("certificate", "verify", pdf, "--public-key", other)
    assert ran.status == 1
    assert "DOES NOT VERIFY" in ran.out
