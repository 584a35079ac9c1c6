"""Stations of a server from the command line: bundles taken in, keys changed, certificates."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.calibrating.recording import keep_calibration
from app.services.readings.bundle import export_bundle
from app.services.registry.context import Actor, OpenRegistry, system_clock
from tests.commands.test_server_commands import teak
from tests.fixtures.benches import bench, finished, register_bench
from tests.fixtures.networked import NetworkedDemo, open_with_colleagues
from tests.fixtures.registries import read_people
from tests.services.readings.test_handing_over import ALWAYS

pytestmark = pytest.mark.postgres


def test_a_bundle_from_the_field_is_enrolled_and_taken_in(
    registry: OpenRegistry, people: dict[str, Actor], networked_demo: NetworkedDemo, tmp_path: Path
) -> None:
    technician, bundle = people["technician"], tmp_path / "field.zip"
    sensor = register_bench(registry, technician)
    keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    span = {"station": "LPG-01", "start": ALWAYS[0], "end": ALWAYS[1]}
    key = export_bundle(registry, technician, bundle, **span).public_key.hex()  # type: ignore[arg-type]
    place = networked_demo.place
    early = teak(place, "readings", "import", bundle, "--as", "technician", "--json")
    assert (early.status, early.json["error"]["code"]) == (2, "not-found"), early
    enrolled = teak(
        place, "readings", "enrol", bundle, "--public-key", key, "--as", "admin", "--json"
    )
    assert enrolled.status == 0, enrolled
    for records, calibrations in ((1, 1), (0, 0)):
        taken = teak(place, "readings", "import", bundle, "--as", "technician", "--json")
        assert (taken.json["records"], taken.json["calibrations"]) == (records, calibrations), taken
    assert teak(place, "readings", "check", "--json").json["ok"]


def test_a_key_is_changed_and_a_certificate_is_queued_until_the_worker_made_it(
    networked_demo: NetworkedDemo, tmp_path: Path
) -> None:
    registry = open_with_colleagues(networked_demo, system_clock)
    technician = read_people(registry)["technician"]
    sensor = register_bench(registry, technician)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    place, file = networked_demo.place, tmp_path / "c.pdf"
    changed = teak(
        place, "readings", "change-key", "--station", "LPG-01", "--reason", "Yearly change",
        "--as", "technician", "--json",
    )  # fmt: skip
    assert (changed.status, len(changed.json["public_key"])) == (0, 64), changed
    asked = ("certificate", "--calibration", code, "--out", file, "--wait", "0", "--json")
    queued = teak(place, *asked, "--as", "technician")
    assert (queued.status, queued.json["error"]["code"]) == (2, "certificate-not-made"), queued
    assert "is queued" in queued.json["error"]["message"]
    worked = teak(place, "work", "--once", "--worker-file", networked_demo.worker_file)
    assert worked.status == 0, worked
    made = teak(place, *asked, "--as", "technician")
    assert made.json["certificate"].startswith("CC-TH-"), made
    verified = teak(place, "certificate", "verify", file, "--json")
    assert (verified.status, verified.json["ok"]) == (0, True), verified
