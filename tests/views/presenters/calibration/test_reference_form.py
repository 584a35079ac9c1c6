"""A reference material read from a form: what is taken, what is refused and by which words."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from app.models.errors import TeakError, UsageError
from app.services.calibration.findings import CalibrationRefused
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.standards import list_standards
from app.views.presenters.calibration.reference_form import keep_reference, read_reference

VALUES = {
    "identification": "NIMT-800",
    "channel": "co2",
    "value": " 1,800.5 ",
    "unit": "ppm",
    "expanded": "4",
    "factor": "2",
    "certificate": "CERT-800",
    "issuer": "NIMT",
    "expires_on": "2028-06-30",
}


def test_words_become_a_reference() -> None:
    read = read_reference(VALUES)
    assert (read.value, read.u, read.expires_on) == (1800.5, 2.0, date(2028, 6, 30))
    assert read_reference(VALUES | {"value": "−12"}).value == -12
    assert read_reference(VALUES | {"expires_on": " "}).expires_on is None


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"identification": " "}, "no identification"),
        ({"certificate": ""}, "no certificate"),
        ({"value": "about 800"}, "value is “about 800”"),
        ({"value": str(math.inf)}, "value is “inf”"),
        ({"factor": ""}, "factor is “”"),
        ({"expires_on": "30/06/2028"}, "“30/06/2028” is no day"),
    ],
)
def test_what_cannot_be_read_is_named(changes: dict[str, str], part: str) -> None:
    with pytest.raises(UsageError, match=part) as refused:
        read_reference(VALUES | changes)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"expires_on": "2026-11-20"}, CalibrationRefused),
        ({"factor": "0"}, CalibrationRefused),
        ({"expanded": "-1"}, CalibrationRefused),
        ({"document": "/no/such/certificate.pdf"}, UsageError),
    ],
)
def test_a_refused_reference_is_not_kept(
    registry: OpenRegistry,
    people: dict[str, Actor],
    changes: dict[str, str],
    kind: type[TeakError],
) -> None:
    with pytest.raises(kind):
        keep_reference(registry, people["technician"], VALUES | changes)
    assert not list_standards(registry)


def test_its_certificate_is_kept_beside_it(
    registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path
) -> None:
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    made = keep_reference(registry, people["technician"], VALUES | {"document": str(paper)})
    (kept,) = list_standards(registry)
    assert (kept.id, kept.material.certificate) == (made, "CERT-800")
    assert kept.document_sha256 is not None
