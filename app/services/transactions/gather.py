"""Reads the facts of an act, in few queries.

Owns turning rows into the frozen facts; decides nothing. Must be called inside one reading or
one unit of work, so that all facts are of one moment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.models.codes import (
    MAX_SERIAL,
    AccountType,
    RuleKind,
)
from app.models.serials.domestic import make_domestic_serial
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.services.registry.context import BANGKOK
from app.services.transactions import statements
from app.services.transactions.acts import (
    Cancellation,
    Disposal,
    Issuance,
    Registration,
)
from app.services.transactions.facts import (
    AccountFacts,
    BlockFacts,
    ChosenRange,
    Facts,
    PendingFacts,
    ProjectFacts,
    ReductionFacts,
    RuleFacts,
)
from app.services.transactions.situation import Situation, account_facts
from app.services.transactions.steady_facts import SteadyFacts


def gather(
    connection: Connection,
    situation: Situation,
    *,
    country: str,
    now: datetime,
    steady: SteadyFacts | None = None,
    further_blocks: int = 0,
) -> Facts:
    """Read everything the act is judged by, in the situation just read.

    For a decision, the units are those the pending transaction has reserved. `steady` saves a
    caller with many acts in one unit of work reading again what none of them changes. So many
    `further_blocks` are read beyond those that first in, first out needs.
    """
    act, steady = situation.act, steady or SteadyFacts(connection)
    facts = Facts(
        act=act,
        country=country,
        now=now,
        today=now.astimezone(BANGKOK).date(),
        person=situation.person,
        deciding=situation.deciding,
        unit_type=situation.unit_type,
        transferring=situation.transferring,
        acquiring=situation.acquiring,
        repeats_other_act=situation.earlier is not None,
    )
    if isinstance(act, Disposal):
        return _gather_disposal(connection, steady, facts, act, further=further_blocks)
    if isinstance(act, Issuance):
        return _gather_issuance(connection, steady, facts, act)
    assert isinstance(act, Registration)
    return _gather_registration(connection, steady, facts, act)


def _built_in(connection: Connection, facts: Facts, kind: AccountType) -> AccountFacts | None:
    values = {
        "unit_type": facts.act.unit_type,
        "country": facts.country,
        "type_code": int(kind),
    }
    row = statements.BUILT_IN_ACCOUNT.find(connection, values)
    return None if row is None else account_facts(row)


# Units that leave an account


def _gather_disposal(
    connection: Connection, steady: SteadyFacts, facts: Facts, act: Disposal, *, further: int
) -> Facts:
    if facts.deciding is not None:
        return _with_reserved(connection, facts, facts.deciding)
    if isinstance(act, Cancellation):
        kind = AccountType.VOLUNTARY_CANCELLATION
        facts = replace(facts, acquiring=_built_in(connection, facts, kind))
    transferring = facts.transferring
    if transferring is None:
        return facts
    if act.blocks:
        chosen = tuple(
            _chosen_range(connection, steady, facts, transferring, text) for text in act.blocks
        )
        return replace(facts, chosen=chosen)
    return replace(facts, candidates=_free_blocks(connection, facts, act, further=further))


def _with_reserved(connection: Connection, facts: Facts, pending: PendingFacts) -> Facts:
    rows = statements.RESERVED_BLOCKS.rows(connection, {"transaction_id": pending.id})
    blocks = tuple(BlockFacts(*row) for row in rows)
    act = facts.act
    if not isinstance(act, Disposal) or not act.blocks:
        unexpired = (block for block in blocks if not _has_expired(block, facts))
        return replace(facts, candidates=tuple(unexpired))
    chosen = tuple(
        ChosenRange(
            block.print(block.first, block.last),
            block.first,
            block.last,
            block,
            "expired" if _has_expired(block, facts) else "",
        )
        for block in blocks
    )
    return replace(facts, chosen=chosen)


def _has_expired(block: BlockFacts, facts: Facts) -> bool:
    return block.expires_on is not None and block.expires_on < facts.today


def _free_blocks(
    connection: Connection, facts: Facts, act: Disposal, *, further: int
) -> tuple[BlockFacts, ...]:
    """Read free blocks first in, first out, until the quantity is reached, and `further` ones."""
    blocks: list[BlockFacts] = []
    for most in statements.FREE_BLOCKS:
        blocks = _look(connection, facts, act, most=most, further=further)
        reached = sum(block.quantity for block in blocks) >= act.quantity
        if reached or len(blocks) < most:
            break
    return tuple(blocks)


def _look(
    connection: Connection, facts: Facts, act: Disposal, *, most: int, further: int
) -> list[BlockFacts]:
    assert facts.transferring is not None
    values = {
        "account_id": facts.transferring.id,
        "unit_type": act.unit_type,
        "project": act.project,
        "vintage": act.vintage,
        "today": facts.today,
    }
    blocks: list[BlockFacts] = []
    missing = act.quantity
    for row in statements.FREE_BLOCKS[most].rows(connection, values):
        if missing <= 0:
            if not further:
                break
            further -= 1
        blocks.append(BlockFacts(*row))
        missing -= blocks[-1].quantity
    return blocks


def _chosen_range(
    connection: Connection, steady: SteadyFacts, facts: Facts, account: AccountFacts, text: str
) -> ChosenRange:
    try:
        serial = read_serial(text)
    except SerialError:
        return ChosenRange(text, 0, 0, None, "unreadable")
    series_id = steady.series_id(serial.series)
    row = statements.BLOCK_HOLDING.find(connection, {"series_id": series_id, "first": serial.start})
    if row is None:
        return ChosenRange(text, serial.start, serial.end, None, "not-held")
    *columns, account_id, unit_type, reserved_by, fifo_expiry = row
    block, problem = BlockFacts(*columns), ""
    if account_id != account.id or block.last < serial.end:
        return ChosenRange(text, serial.start, serial.end, None, "not-held")
    if unit_type != facts.act.unit_type:
        problem = "other-type"
    elif reserved_by is not None:
        problem = "reserved"
    elif fifo_expiry < facts.today:
        problem = "expired"
    return ChosenRange(text, serial.start, serial.end, block, problem)


# Units that come into being


def _gather_issuance(
    connection: Connection, steady: SteadyFacts, facts: Facts, act: Issuance
) -> Facts:
    project = steady.project(act.project, facts.country)
    rules = _rules(connection, facts)
    facts = replace(
        facts,
        project=project,
        buffer=_built_in(connection, facts, AccountType.BUFFER),
        levy_rule=rules.get(RuleKind.LEVY_RATE),
        expiry_rule=rules.get(RuleKind.DEFAULT_EXPIRY),
    )
    if project is None:
        return facts
    reductions = _reductions(connection, project, act, facts.deciding)
    serial = _next_serial(connection, steady, facts, project, act)
    return replace(facts, reductions=reductions, serial=serial)


def _rules(connection: Connection, facts: Facts) -> dict[RuleKind, RuleFacts]:
    rows = connection.execute(
        statements.RULES_IN_FORCE, {"unit_type": facts.act.unit_type, "today": facts.today}
    )
    return {RuleKind(row.kind): RuleFacts(row.id, row.value) for row in rows}


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


def _next_serial(
    connection: Connection,
    steady: SteadyFacts,
    facts: Facts,
    project: ProjectFacts,
    act: Issuance,
) -> SerialRange | None:
    """Allot the next numbers of the project's series for the vintage."""

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

    try:
        end = _last_serial(connection, steady, allot(1, 1).series)
        return allot(end + 1, act.quantity)
    except SerialError:
        return None


def _last_serial(connection: Connection, steady: SteadyFacts, series: str) -> int:
    series_id = steady.series_id(series)
    row = statements.LAST_BLOCK_UP_TO.find(connection, {"series_id": series_id, "last": MAX_SERIAL})
    return 0 if row is None else int(row[1])


def _gather_registration(
    connection: Connection, steady: SteadyFacts, facts: Facts, act: Registration
) -> Facts:
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
        return replace(facts, series_id=series_id)
    first, last, template = row
    existing = template.format(start=first, end=last)
    return replace(facts, series_id=series_id, overlapping=existing)
