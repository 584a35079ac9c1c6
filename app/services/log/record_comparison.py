"""Comparing what is stored of accounts, people, rules and the like with what the log says.

Owns one reading for each kind of record. Changes nothing; names the first that differs. A
record that no entry speaks of is found as well, and so is one that the log has and nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.models.tables import (
    Account,
    CommitmentPeriod,
    Document,
    Holder,
    HolderDocument,
    Holiday,
    Notice,
    Person,
    Project,
    ProjectAccount,
    RegistryRow,
    Rule,
    RuleChange,
    Scheme,
    SigningKey,
    SourceUnit,
    TrustedAccount,
    UnitType,
    VerifiedReduction,
    Vote,
)
from app.services.log.administrative_replay import Expected, Key
from app.services.log.findings import DoesNotHold

Record = tuple[Key, Mapping[str, Any]]
Reader = Callable[[Connection], Iterator[Record]]


def compare_records(connection: Connection, expected: Expected) -> int:
    """Compare every kind of record; give how many were compared. Raises DoesNotHold."""
    return sum(_compare(kind, read(connection), expected) for kind, read in _READERS.items())


def _compare(kind: str, records: Iterator[Record], expected: Expected) -> int:
    awaited = dict(expected.of(kind))
    count = 0
    for key, stored in records:
        count += 1
        said = awaited.pop(key, None)
        where = _name(kind, key)
        if said is None:
            raise DoesNotHold(where, "is in no entry of the log")
        for name, value in said.items():
            if name in stored and stored[name] != value:
                raise DoesNotHold(where, f"its {name} is {stored[name]}; the log says {value}")
    if awaited:
        raise DoesNotHold(_name(kind, min(awaited, key=str)), "is in the log and nowhere else")
    return count


def _name(kind: str, key: Key) -> str:
    return " ".join([kind, *(str(part) for part in key)])


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a row as the log writes it: days as ISO text, decimals by their digits."""
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _read_registry(connection: Connection) -> Iterator[Record]:
    columns = (
        RegistryRow.registry_id,
        RegistryRow.country,
        RegistryRow.name_en,
        RegistryRow.name_th,
        RegistryRow.is_demo,
        RegistryRow.idle_lock_minutes,
    )
    for row in connection.execute(select(*columns)):
        yield (), row._asdict()


def _read_signing_keys(connection: Connection) -> Iterator[Record]:
    for row in connection.execute(select(SigningKey.public_key, SigningKey.retired_at)):
        yield (bytes(row.public_key).hex(),), {"is_retired": row.retired_at is not None}


def _read_people(connection: Connection) -> Iterator[Record]:
    for row in connection.execute(select(Person.user_name, Person.role, Person.state)):
        yield (row.user_name,), row._asdict()


def _read_unit_types(connection: Connection) -> Iterator[Record]:
    columns = (
        UnitType.code,
        UnitType.name_en,
        UnitType.name_th,
        UnitType.measure,
        UnitType.is_domestic,
    )
    for row in connection.execute(select(*columns)):
        yield (row.code,), row._asdict()


def _read_schemes(connection: Connection) -> Iterator[Record]:
    columns = (Scheme.code, Scheme.name_en, Scheme.name_th, Scheme.unit_type)
    for row in connection.execute(select(*columns)):
        yield (row.code,), row._asdict()


def _read_periods(connection: Connection) -> Iterator[Record]:
    columns = (CommitmentPeriod.number, CommitmentPeriod.first_day, CommitmentPeriod.last_day)
    for row in connection.execute(select(*columns)):
        yield (row.number,), _plain(row._asdict())


def _read_rules(connection: Connection) -> Iterator[Record]:
    columns = (
        Rule.id,
        Rule.kind,
        Rule.unit_type,
        Rule.period,
        Rule.value,
        Rule.valid_from,
        Rule.valid_to,
        Rule.change_id,
        Rule.ended_by,
    )
    for row in connection.execute(select(*columns)):
        content = _plain(row._asdict())
        content["change"] = _change(content.pop("change_id"))
        yield (row.id,), {**content, "ended_by": _change(row.ended_by)}


def _change(number: int | None) -> str | None:
    return None if number is None else f"R{number}"


def _read_rule_changes(connection: Connection) -> Iterator[Record]:
    columns = (
        RuleChange.id,
        RuleChange.kind,
        RuleChange.unit_type,
        RuleChange.period,
        RuleChange.value,
        RuleChange.valid_from,
        RuleChange.valid_to,
        RuleChange.status,
    )
    for row in connection.execute(select(*columns)):
        yield (_change(row.id),), _plain(row._asdict())


def _read_trusted(connection: Connection) -> Iterator[Record]:
    rows = connection.execute(
        select(
            TrustedAccount.id,
            TrustedAccount.trusted_number.label("trusted"),
            TrustedAccount.state,
            Account.number.label("account"),
        ).join(Account, Account.id == TrustedAccount.account_id)
    )
    for row in rows:
        yield (row.id,), row._asdict()


def _read_sources(connection: Connection) -> Iterator[Record]:
    """Read source units in their order: a serial stands in one range of its series."""
    rows = connection.execute(
        select(
            SourceUnit.serial,
            SourceUnit.series,
            SourceUnit.first_serial.label("start"),
            SourceUnit.last_serial.label("end"),
            SourceUnit.unit_type,
            SourceUnit.host_country,
            SourceUnit.project,
            SourceUnit.attributes,
            SourceUnit.record_sha256,
            SourceUnit.attestation_sha256,
            SourceUnit.reissued_series,
            SourceUnit.reissued_first,
            SourceUnit.reissued_last,
        ).order_by(SourceUnit.series, SourceUnit.first_serial),
        execution_options={"yield_per": 2000},
    )
    series, last = "", -1
    for row in rows:
        if row.series == series and row.start <= last:
            raise DoesNotHold(f"source unit {row.serial}", "its serials stand in another as well")
        series, last = row.series, row.end
        content = row._asdict()
        content["attributes_sha256"] = sha256(row.attributes.encode()).hexdigest()
        content["reissued"] = (
            None
            if row.reissued_series is None
            else f"{row.reissued_series} {row.reissued_first} to {row.reissued_last}"
        )
        yield (row.series, row.start), content


def _read_votes(connection: Connection) -> Iterator[Record]:
    country = connection.execute(select(RegistryRow.country)).scalar_one()
    rows = connection.execute(
        select(Vote.transaction_id, Vote.choice, Vote.comment, Person.user_name).join(
            Person, Person.id == Vote.person_id
        )
    )
    for row in rows:
        digest = sha256(row.comment.encode()).hexdigest()
        key = (f"{country}{row.transaction_id}", row.user_name)
        yield key, {"choice": row.choice, "comment_sha256": digest}


def _read_notices(connection: Connection) -> Iterator[Record]:
    rows = connection.execute(
        select(
            Notice.number,
            Notice.type,
            Notice.due_on,
            Notice.target_quantity,
            Notice.unit_type,
        )
    )
    for row in rows:
        yield (row.number,), _plain(row._asdict())


def _read_holidays(connection: Connection) -> Iterator[Record]:
    for row in connection.execute(select(Holiday.day)):
        yield (row.day.isoformat(),), {}


def _read_holders(connection: Connection) -> Iterator[Record]:
    for row in connection.execute(select(Holder.id, Holder.kind)):
        yield (row.id,), row._asdict()


def _read_holder_documents(connection: Connection) -> Iterator[Record]:
    for row in connection.execute(select(HolderDocument.holder_id, HolderDocument.sha256)):
        yield tuple(row), {}


def _read_accounts(connection: Connection) -> Iterator[Record]:
    proposer, approver = aliased(Person), aliased(Person)
    rows = connection.execute(
        select(
            Account.number,
            Account.type_code.label("type"),
            Account.name,
            Account.holder_id.label("holder"),
            Account.scheme,
            Account.state,
            Account.opened_on,
            proposer.user_name.label("proposed_by"),
            approver.user_name.label("approved_by"),
        )
        .outerjoin(proposer, proposer.id == Account.proposed_by)
        .outerjoin(approver, approver.id == Account.approved_by)
    )
    for row in rows:
        yield (row.number,), _plain(row._asdict())


def _read_projects(connection: Connection) -> Iterator[Record]:
    rows = connection.execute(
        select(
            Project.origin,
            Project.code,
            Project.name_en,
            Project.name_th,
            Project.country,
            Project.scheme,
            Project.kind,
            Project.sectoral_scope,
            Project.methodology,
            Project.proponent,
            Project.state,
        )
    )
    for row in rows:
        yield (row.origin, row.code), row._asdict()


def _read_bound_accounts(connection: Connection) -> Iterator[Record]:
    rows = connection.execute(
        select(Project.origin, Project.code, Account.number)
        .select_from(ProjectAccount)
        .outerjoin(Project, Project.id == ProjectAccount.project_id)
        .outerjoin(Account, Account.id == ProjectAccount.account_id)
    )
    for row in rows:
        yield tuple(row), {}


def _read_reductions(connection: Connection) -> Iterator[Record]:
    """Read those recorded before a proposal; one that came with it stands in its act."""
    rows = connection.execute(
        select(
            Project.code,
            VerifiedReduction.period_from,
            VerifiedReduction.period_to,
            VerifiedReduction.quantity,
            VerifiedReduction.reference,
            VerifiedReduction.document_sha256,
        )
        .join(Project, Project.id == VerifiedReduction.project_id)
        .where(VerifiedReduction.is_proposed.is_(False))
    )
    for row in rows:
        yield (row.code, row.period_from.isoformat()), _plain(row._asdict())


def _read_documents(connection: Connection) -> Iterator[Record]:
    """Read every document whole: its bytes must give its digest."""
    rows = connection.execute(
        select(
            Document.sha256,
            Document.name,
            Document.media_type,
            Document.size_bytes,
            Document.content,
        ),
        execution_options={"yield_per": 20},
    )
    for row in rows:
        if sha256(row.content).hexdigest() != row.sha256 or len(row.content) != row.size_bytes:
            raise DoesNotHold(f"document {row.sha256}", "its bytes do not give its digest")
        yield (
            (row.sha256,),
            {
                "name": row.name,
                "media_type": row.media_type,
                "size_bytes": row.size_bytes,
            },
        )


_READERS: Mapping[str, Reader] = {
    "registry": _read_registry,
    "signing key": _read_signing_keys,
    "person": _read_people,
    "unit type": _read_unit_types,
    "scheme": _read_schemes,
    "commitment period": _read_periods,
    "rule": _read_rules,
    "rule change": _read_rule_changes,
    "trusted account": _read_trusted,
    "source unit": _read_sources,
    "vote": _read_votes,
    "notice": _read_notices,
    "holiday": _read_holidays,
    "holder": _read_holders,
    "document of a holder": _read_holder_documents,
    "account": _read_accounts,
    "project": _read_projects,
    "account of a project": _read_bound_accounts,
    "verified reduction": _read_reductions,
    "document": _read_documents,
}
