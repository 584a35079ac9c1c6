"""Reads the facts of a conversion: the source units it names, its project, the next serials.

Owns these queries' order and whether a named serial is whole registered ranges; decides nothing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.storage.prepared import Prepared
from app.models.tables import SourceUnit
from app.models.tables.base import AnyRow
from app.services.transactions.acts import Conversion
from app.services.transactions.facts import Facts, NamedSource, SourceFacts
from app.services.transactions.gather_creation import next_serial
from app.services.transactions.steady_facts import SteadyFacts

RECORD, ATTESTATION = "cancellation record", "attestation"
"""What the documents of a conversion's evidence are for."""

MEETING = Prepared(
    select(
        SourceUnit.id,
        SourceUnit.serial,
        SourceUnit.series,
        SourceUnit.first_serial,
        SourceUnit.last_serial,
        SourceUnit.unit_type,
        SourceUnit.host_country,
        SourceUnit.project,
        SourceUnit.record_sha256,
        SourceUnit.attestation_sha256,
        SourceUnit.attributes,
        SourceUnit.converted_by,
    )
    .where(
        SourceUnit.series == bindparam("in_series"),
        SourceUnit.first_serial <= bindparam("last"),
        SourceUnit.last_serial >= bindparam("first"),
    )
    .order_by(SourceUnit.first_serial)
)


def gather_conversion(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the source units, the evidence, the project and the serials to be allotted."""
    del further
    act = facts.act
    assert isinstance(act, Conversion)
    own = None if facts.deciding is None else facts.deciding.id
    named: list[NamedSource] = []
    sources: list[SourceFacts] = []
    for text in act.source_serials:
        name, found = named_source(connection, text, own=own)
        named.append(name)
        sources.extend(found)
    facts = replace(
        facts,
        named_sources=tuple(named),
        sources=tuple(sources),
        documents=_evidence(sources),
        project=steady.project(act.project, facts.country),
        periods=steady.periods(),
    )
    if facts.project is None or act.quantity < 1:
        return facts
    serial, series_id = next_serial(connection, facts, act)
    return replace(facts, serial=serial, series_id=series_id)


def named_source(
    connection: Connection, text: str, *, own: int | None
) -> tuple[NamedSource, tuple[SourceFacts, ...]]:
    """Find the registered ranges that make up a named serial, however it is spelled.

    Units may be registered row by row and named as one range, or the other way round only when
    each registered range is whole: a part of one cannot be converted by itself.
    """
    try:
        serial = read_serial(text)
    except SerialError:
        return NamedSource(text, "unreadable"), ()
    values = {"in_series": serial.series, "first": serial.start, "last": serial.end}
    rows = MEETING.records(connection, values)
    cut = next((row for row in rows if _is_cut(row, serial)), None)
    if cut is not None:
        return NamedSource(text, "part", cut.serial), ()
    if not _covers(rows, serial):
        return NamedSource(text, "unregistered"), ()
    return NamedSource(text), tuple(_source(row, own) for row in rows)


def _is_cut(row: AnyRow, serial: SerialRange) -> bool:
    return bool(row.first_serial < serial.start or row.last_serial > serial.end)


def _covers(rows: Sequence[AnyRow], serial: SerialRange) -> bool:
    """Tell whether the ranges, none of which reaches beyond the serial, leave no gap in it."""
    if not rows or rows[0].first_serial != serial.start or rows[-1].last_serial != serial.end:
        return False
    return all(other.first_serial == one.last_serial + 1 for one, other in itertools.pairwise(rows))


def _source(row: AnyRow, own: int | None) -> SourceFacts:
    vintage = json.loads(row.attributes).get("vintage")
    return SourceFacts(
        id=row.id,
        serial=row.serial,
        series=row.series,
        first=row.first_serial,
        last=row.last_serial,
        unit_type=row.unit_type,
        host_country=row.host_country,
        project=row.project,
        record_sha256=row.record_sha256,
        attestation_sha256=row.attestation_sha256,
        vintage=int(vintage) if vintage else None,
        converted_by=None if row.converted_by == own else row.converted_by,
    )


def _evidence(sources: Sequence[SourceFacts]) -> tuple[tuple[str, str], ...]:
    """Give each document of the sources once, with what it is for."""
    found: dict[str, str] = {}
    for source in sources:
        found.setdefault(source.record_sha256, RECORD)
        found.setdefault(source.attestation_sha256, ATTESTATION)
    return tuple(found.items())
