"""Reads the facts of units that come into being: projects, verified reductions, serials.

Owns these queries' order; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from app.models.codes import AccountType
from app.models.serials.domestic import make_domestic_serial
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.storage.prepared import Values
from app.services.transactions import statements
from app.services.transactions.acts import Conversion, Issuance, Registration
from app.services.transactions.facts import Facts, ReductionFacts
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
    reductions = _reductions(connection, facts, act)
    serial, _ = next_serial(connection, facts, act)
    buffer = find_built_in(connection, facts, AccountType.BUFFER, of_project=act.project)
    return replace(facts, buffer=buffer, reductions=reductions, serial=serial)


def _reductions(connection: Connection, facts: Facts, act: Issuance) -> tuple[ReductionFacts, ...]:
    """Read the records that meet the period; the one being decided on is not yet issued."""
    rows = statements.REDUCTIONS_MEETING.records(connection, reduction_values(act, facts.country))
    own = None if facts.deciding is None else facts.deciding.id
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


def reduction_values(act: Issuance, country: str) -> Values:
    """Give what `REDUCTIONS_MEETING` is asked with."""
    return {
        "project": act.project,
        "country": country,
        "period_from": act.period_from,
        "period_to": act.period_to,
    }


def allotted_values(act: Issuance | Conversion, country: str) -> Values:
    """Give what `ALLOTTED` is asked with: what stands before and after the scope in a series."""
    return {
        "project": act.project,
        "country": country,
        "before": f"{country}-{act.unit_type}-",
        "after": f"-{act.project}-{act.vintage}-",
    }


def next_serial(
    connection: Connection, facts: Facts, act: Issuance | Conversion
) -> tuple[SerialRange | None, int | None]:
    """Allot the next numbers of the project's series for the vintage, with the series' number.

    None where no number fits; the series has none before its first units.
    """
    project = facts.project
    assert project is not None

    def allot(start: int, quantity: int) -> SerialRange:
        return make_domestic_serial(
            country=facts.country,
            unit_type=act.unit_type,
            scope=project.sectoral_scope,
            project=project.code,
            year=act.vintage,
            start=start,
            end=start + quantity - 1,
        )

    found = statements.ALLOTTED.find(connection, allotted_values(act, facts.country))
    key, series_id, last = found or (None, None, None)
    try:
        if key not in (None, allot(1, 1).series):
            raise RuntimeError(f"{key} is not the series of {project.code}")
        return allot((last or 0) + 1, act.quantity), series_id
    except SerialError:
        return None, series_id


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
    values = {"key": serial.series, "last": serial.end}
    row = statements.LAST_BLOCK_UP_TO.find(connection, values)
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
    row = statements.SOURCE_MEETING.find(connection, values)
    return None if row is None else str(row[0])
