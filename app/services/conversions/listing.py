"""Source units as a listing: what was registered, and what became of it.

Owns reading only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from app.models.errors import UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Person, SourceUnit
from app.models.tables import TransactionRow as Transaction
from app.models.tables.base import AnyRow
from app.services.listings.keyset import Source, equals, fetch_page, text_or_empty
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import status_word
from app.services.registry.context import OpenRegistry

STATES = ("registered", "pending", "converted")
"""What has become of source units; those of a conversion that came to nothing are registered."""

_REGISTRAR = aliased(Person)


@dataclass(frozen=True, slots=True)
class SourceUnitRow:
    """A registered range; `conversion` is the transaction that has it, pending or completed."""

    id: int
    serial: str
    series: str
    first: int
    last: int
    unit_type: str
    host_country: str
    project: str
    attributes: Mapping[str, Any]
    record_sha256: str
    attestation_sha256: str
    registered_by: str
    state: str
    conversion: str | None
    conversion_status: str | None

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.last - self.first + 1

    def as_json(self) -> dict[str, Any]:
        """Write the range as the command line gives it."""
        return {
            "id": self.id,
            "serial": self.serial,
            "series": self.series,
            "start": self.first,
            "end": self.last,
            "quantity": self.quantity,
            "unit_type": self.unit_type,
            "host_country": self.host_country,
            "project": self.project,
            "attributes": dict(self.attributes),
            "record_sha256": self.record_sha256,
            "attestation_sha256": self.attestation_sha256,
            "registered_by": self.registered_by,
            "state": self.state,
            "conversion": self.conversion,
            "conversion_status": self.conversion_status,
        }


def _in_state(word: str) -> ColumnElement[bool]:
    if word not in STATES:
        raise UsageError(
            f"“{word}” is not a state of source units.", hint="States: " + ", ".join(STATES) + "."
        )
    if word == "registered":
        return SourceUnit.converted_by.is_(None)
    is_reissued = SourceUnit.reissued_first.is_not(None)
    if word == "converted":
        return is_reissued
    return SourceUnit.converted_by.is_not(None) & ~is_reissued


SOURCE_UNITS = Source(
    statement=select(
        SourceUnit.id,
        SourceUnit.serial,
        SourceUnit.series,
        SourceUnit.first_serial,
        SourceUnit.last_serial,
        SourceUnit.unit_type,
        SourceUnit.host_country,
        SourceUnit.project,
        SourceUnit.attributes,
        SourceUnit.record_sha256,
        SourceUnit.attestation_sha256,
        SourceUnit.reissued_first,
        SourceUnit.converted_by,
        _REGISTRAR.user_name.label("registered_by"),
        Transaction.status,
        Transaction.stage,
    )
    .outerjoin(_REGISTRAR, _REGISTRAR.id == SourceUnit.registered_by)
    .outerjoin(Transaction, Transaction.id == SourceUnit.converted_by),
    key=(SourceUnit.id,),
    sorts={
        "id": (),
        "serial": (SourceUnit.series, SourceUnit.first_serial),
        "project": (SourceUnit.project,),
        "registered_by": (text_or_empty(_REGISTRAR.user_name),),
    },
    default_sort="id",
    filters={
        "state": _in_state,
        "project": equals(SourceUnit.project),
        "host_country": equals(SourceUnit.host_country),
        "unit_type": equals(SourceUnit.unit_type),
        "attestation_sha256": equals(SourceUnit.attestation_sha256),
    },
    texts=(SourceUnit.serial, SourceUnit.project, SourceUnit.attributes),
)


def list_source_units(registry: OpenRegistry, request: PageRequest) -> Page[SourceUnitRow]:
    """List source units; filters: state, project, host_country, unit_type, attestation_sha256."""
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, SOURCE_UNITS, request)
    return Page(tuple(_row(registry, row) for row in rows), following)


def _row(registry: OpenRegistry, row: AnyRow) -> SourceUnitRow:
    taken = row.converted_by is not None
    state = "converted" if row.reissued_first is not None else "pending"
    return SourceUnitRow(
        id=row.id,
        serial=row.serial,
        series=row.series,
        first=row.first_serial,
        last=row.last_serial,
        unit_type=row.unit_type,
        host_country=row.host_country,
        project=row.project,
        attributes=json.loads(row.attributes),
        record_sha256=row.record_sha256,
        attestation_sha256=row.attestation_sha256,
        registered_by=row.registered_by,
        state=state if taken else "registered",
        conversion=f"{registry.country}{row.converted_by}" if taken else None,
        conversion_status=status_word(row.status, row.stage) if taken else None,
    )
