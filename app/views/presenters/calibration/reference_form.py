"""A reference material read from the fields of a form, and kept.

Owns turning words into numbers and saying which cannot be; no Qt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from app.models.errors import UsageError
from app.services.calibration.findings import CalibrationRefused
from app.services.calibration.reference_materials import ReferenceMaterial, check_reference
from app.services.documents import add_document
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.standards import add_standard


def keep_reference(registry: OpenRegistry, actor: Actor, values: Mapping[str, str]) -> int:
    """Keep a reference material and give its id; an expired one is refused with what to do.

    Raises UsageError naming the field and value, CalibrationRefused, RulesBroken.
    """
    material = read_reference(values)
    for finding in check_reference(material, on=registry.today(), unit=material.unit):
        if finding.blocks:
            raise CalibrationRefused(finding)
    path = values.get("document", "").strip()
    digest = None if not path else _keep_document(registry, actor, Path(path))
    return add_standard(registry, actor, material, document_sha256=digest)


def read_reference(values: Mapping[str, str]) -> ReferenceMaterial:
    """Read a reference material from a form's values; UsageError for what cannot be read."""
    words = {key: value.strip() for key, value in values.items()}
    for name in ("identification", "channel", "unit", "certificate", "issuer"):
        if not words.get(name):
            raise UsageError(f"The reference has no {name}.", hint="Copy it from its certificate.")
    return ReferenceMaterial(
        words["identification"],
        words["channel"],
        _number(words, "value"),
        words["unit"],
        _number(words, "expanded"),
        _number(words, "factor"),
        words["certificate"],
        words["issuer"],
        _day(words.get("expires_on", "")),
        words.get("traceable_to", ""),
    )


def _number(words: Mapping[str, str], name: str) -> float:
    given = words.get(name, "")
    try:
        number = float(given.replace(",", "").replace("−", "-"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{name} is “{given}”, no number.", hint="Copy it from the certificate.")
    return number


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(
            f"“{given}” is no day.", hint="Write the day of expiry as 2027-06-30."
        ) from None


def _keep_document(registry: OpenRegistry, actor: Actor, path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"“{path.name}” cannot be read: {error.strerror}.") from None
    kept = add_document(
        registry, actor, name=path.name, media_type="application/pdf", content=content
    )
    return kept.sha256
