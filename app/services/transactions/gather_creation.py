"""Reads the facts of units that come into being: projects, verified reductions, serials.

Owns these queries' order; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from app.models.codes import MAX_SERIAL, AccountType
from app.models.serials.domestic import make_domestic_serial
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.services.transactions import statements
from app.services.transactions.acts import Issuance, Registration
from app.services.transactions.facts import (
    Facts,
    PendingFacts,
    ProjectFacts,
    ReductionFacts,
)
from app.services.transactions.gather_accounts import find_built_in
from app.services.transactions.steady_facts import SteadyFacts


def gather_issuance(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the project, its buffer, its verified reductions and the next serials."""
    del further
    act = facts.act
    assert isinstance(act, Issuance)
    project = steady.project(act.project, facts.country)
    facts = replace(facts, project=project, periods=steady.periods())
    if project is None:
        return facts
    reductions = _reductions(connection, project, act, facts.deciding)
    serial = next_serial(connection, steady, facts, vintage=act.vintage)
    buffer = find_built_in(connection, facts, AccountType.BUFFER, scheme=project.scheme)
    return replace(facts, buffer=buffer, reductions=reductions, serial=serial)


def _reductions(
    connection: Connection, project: ProjectFacts, act: Issuance, deciding: PendingFacts | None
) -> tuple[ReductionFacts, ...]:
    """Read the records that meet the period; the one being decided on is not yet issued."""
    rows = connection.execute(
        statements.REDUCTIONS_MEETING,
        {
            "project_id": project.id,
            "period_from": act.period_from,
            "period_to": act.period_to,
        },
    )
    own = None if deciding is None else deciding.id
    return tuple(
        ReductionFacts(
            id=row.id,
            period_from=row.period_from,
            period_to=row.period_to,
            quantity=row.quantity,
            reference=row.reference,
            document_sha256=row.document_sha256,
            is_issued=row.issued_by is not None and row.issued_by != own,
        )
        for row in rows
    )


def next_serial(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, vintage: int
) -> SerialRange | None:
    """Allot the next numbers of the project's series for the vintage; None where none fit."""
    act, project = facts.act, facts.project
    assert project is not None

    def allot(start: int, quantity: int) -> SerialRange:
        return make_domestic_serial(
            country=facts.country,
            unit_type=act.unit_type,
            scope=project.sectoral_scope,
            project=project.code,
            year=vintage,
            start=start,
            end=start + quantity - 1,
        )

    try:
        end = _last_serial(connection, steady, allot(1, 1).series)
        return allot(end + 1, act.quantity)
    except SerialError:
        return None


def _last_serial(connection: Connection, steady: SteadyFacts, series: str) -> int:
    series_id = steady.series_id(series)
    row = statements.LAST_BLOCK_UP_TO.find(connection, {"series_id": series_id, "last": MAX_SERIAL})
    return 0 if row is None else int(row[1])


def gather_registration(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the project and what of the serials exists already."""
    del further
    act = facts.act
    assert isinstance(act, Registration)
    try:
        serial = read_serial(act.serial)
    except SerialError:
        serial = None
    facts = replace(
        facts,
        project=steady.project(act.project, act.origin),
        serial=serial,
    )
    if serial is None:
        return facts
    series_id = steady.series_id(serial.series)
    row = statements.LAST_BLOCK_UP_TO.find(connection, {"series_id": series_id, "last": serial.end})
    if row is None or row[1] < serial.start:
        cancelled = _cancelled_to_be_converted(connection, serial)
        return replace(facts, series_id=series_id, overlapping=cancelled)
    first, last, template = row
    existing = template.format(start=first, end=last)
    return replace(facts, series_id=series_id, overlapping=existing)


def _cancelled_to_be_converted(connection: Connection, serial: SerialRange) -> str | None:
    """Find a source unit that meets the serials: it was cancelled where it came from."""
    if serial.grammar not in statements.SOURCE_GRAMMARS:
        return None
    values = {"in_series": serial.series, "first": serial.start, "last": serial.end}
    return connection.execute(statements.SOURCE_MEETING, values).scalar()
