"""Evidence bundles: whoever has the key can verify them, and every tampering is named."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.resource_files import resource_path
from app.models.storage.unit_of_work import UnitOfWork
from app.services.readings.bundle import export_bundle
from app.services.readings.bundle_reading import NotABundle, verify_bundle
from app.services.readings.ingest import IngestSettings
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import get_station
from tests.fixtures.stations import BEGIN, FieldStation, make_station, steady_frames

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
Lines = list[bytes]


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    made = make_station(registry, people["technician"])
    collect(made, 50, BEGIN)
    return made


def collect(station: FieldStation, count: int, start: datetime) -> None:
    ingest = station.ingest(IngestSettings(period_s=10))
    for item in steady_frames(count, start=start):
        ingest.take(item)
    ingest.close()


def exported(station: FieldStation, path: Path) -> bytes:
    made = export_bundle(
        station.registry,
        station.technician,
        path,
        station="ST-01",
        start=ALWAYS[0],
        end=ALWAYS[1],
    )
    assert made.public_key == get_station(station.registry, "ST-01").public_key
    return made.public_key


def rewritten(path: Path, change: Callable[[Lines], Lines]) -> Path:
    """Write the bundle anew with other lines; all else as it was."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "records.ndjson":
                content = b"".join(change(content.splitlines(keepends=True)))
            new.writestr(name, content)
    return target


def with_payload(line: bytes) -> bytes:
    record = json.loads(line)
    payload = bytearray(base64.b64decode(record["payload"]))
    payload[-1] ^= 1
    record["payload"] = base64.b64encode(payload).decode()
    return json.dumps(record).encode() + b"\n"


TAMPERINGS: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "an altered value": (
        lambda lines: [*lines[:2], with_payload(lines[2]), *lines[3:]],
        "record 3: the payload is not the one that was signed",
    ),
    "an altered header": (
        lambda lines: [lines[0], lines[1].replace(b"technician", b"technicien"), *lines[2:]],
        "record 2: the signature does not fit the header",
    ),
    "a missing record": (
        lambda lines: [*lines[:2], *lines[3:]],
        "record 4: record 3 was expected here",
    ),
    "swapped records": (
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        "record 3: record 2 was expected here",
    ),
    "a missing end": (lambda lines: lines[:-1], "are missing"),
    "a missing beginning": (lambda lines: lines[1:], "record 2: record 1 was expected here"),
    "a record twice": (
        lambda lines: [lines[0], *lines],
        "record 1: record 2 was expected here",
    ),
}


def run_script(path: Path, key: bytes) -> tuple[int, str]:
    script = resource_path("evidence", "verify_readings.py")
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(path), key.hex()],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_script_is_short_and_stands_alone() -> None:
    source = resource_path("evidence", "verify_readings.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 90
    assert "from app" not in source


@pytest.mark.both_engines
def test_an_untouched_bundle_holds_by_both_verifiers(station: FieldStation, tmp_path: Path) -> None:
    key = exported(station, tmp_path / "b.zip")
    verdict = verify_bundle(tmp_path / "b.zip", key)
    assert (verdict.ok, verdict.rows) == (True, 50)
    assert run_script(tmp_path / "b.zip", key) == (0, "all records hold\n")
    assert not verify_bundle(tmp_path / "b.zip", bytes(range(32))).ok


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_named_by_both_verifiers(
    station: FieldStation, tmp_path: Path, name: str
) -> None:
    change, expected = TAMPERINGS[name]
    key = exported(station, tmp_path / "b.zip")
    changed = rewritten(tmp_path / "b.zip", change)
    verdict = verify_bundle(changed, key)
    assert not verdict.ok
    assert any(expected in fault for fault in verdict.faults), verdict.faults
    status, said = run_script(changed, key)
    assert status == 1
    assert expected in said


def test_a_damaged_file_is_no_bundle(station: FieldStation, tmp_path: Path) -> None:
    exported(station, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    for content in (b"", b"PK", whole[: len(whole) // 2], whole[:-30]):
        (tmp_path / "x.zip").write_bytes(content)
        with pytest.raises(NotABundle):
            verify_bundle(tmp_path / "x.zip", bytes(32))


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("UPDATE reading_record SET payload = zeroblob(9) WHERE sequence = 2", "record 2"),
        ("UPDATE reading_record SET first_us = first_us - 1 WHERE sequence = 3", "record 3"),
        ("UPDATE reading_record SET signature = zeroblob(64) WHERE sequence = 1", "record 1"),
        ("DELETE FROM reading_record WHERE sequence = 2", "record 3: record 2 was expected"),
    ],
)
def test_verification_names_the_first_record_that_was_altered(
    station: FieldStation, attack: str, said: str
) -> None:
    assert verify_readings(station.registry).ok
    with UnitOfWork(station.registry.engine) as unit:
        for guard in ("reading_record_update", "reading_record_delete"):
            unit.connection.execute(text(f"DROP TRIGGER guard_{guard}"))
        unit.connection.execute(text(attack))
        unit.commit()
    verdict = verify_readings(station.registry)
    assert not verdict.ok
    assert said in str(verdict.first_failure)
