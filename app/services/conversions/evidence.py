"""What the committee reads before it votes: documents, source units, checks, and the votes so far.

Owns gathering them for one transaction; decides nothing. The documents' bytes are read one by
one, with `documents.read_document`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.models.codes import Role, RuleKind
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Document,
    Person,
    Rule,
    SourceUnit,
    TransactionDocument,
    TransactionRule,
)
from app.models.tables.base import time_text
from app.services.listings.transaction_checks import StepChecks, list_transaction_checks
from app.services.listings.transaction_detail import TransactionDetail, get_transaction
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts import Act, Conversion
from app.services.transactions.gather_conversion import named_source
from app.services.transactions.voting import Tally, Vote, count_votes, read_votes


@dataclass(frozen=True, slots=True)
class EvidenceDocument:
    """A document of the evidence, and what it is for."""

    sha256: str
    purpose: str
    name: str
    media_type: str
    size_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Write the document, without its bytes, as the command line gives it."""
        return {
            "sha256": self.sha256,
            "purpose": self.purpose,
            "name": self.name,
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
        }


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A registered range with its whole row of the record, and what was reissued for it."""

    serial: str
    quantity: int
    unit_type: str
    host_country: str
    project: str
    attributes: Mapping[str, Any]
    record_sha256: str
    attestation_sha256: str
    registered_by: str
    registered_at: datetime
    reissued_series: str | None
    reissued_first: int | None
    reissued_last: int | None

    def as_json(self) -> dict[str, Any]:
        """Write the range as the command line gives it."""
        return {
            "serial": self.serial,
            "quantity": self.quantity,
            "unit_type": self.unit_type,
            "host_country": self.host_country,
            "project": self.project,
            "attributes": dict(self.attributes),
            "record_sha256": self.record_sha256,
            "attestation_sha256": self.attestation_sha256,
            "registered_by": self.registered_by,
            "registered_at": time_text(self.registered_at),
            "reissued_series": self.reissued_series,
            "reissued_start": self.reissued_first,
            "reissued_end": self.reissued_last,
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A transaction with all that speaks for and against it.

    `tally` counts the votes of members who are active now; None where the committee has no say.
    """

    detail: TransactionDetail
    documents: tuple[EvidenceDocument, ...]
    sources: tuple[SourceRow, ...]
    steps: tuple[StepChecks, ...]
    votes: tuple[Vote, ...]
    tally: Tally | None

    def as_json(self) -> dict[str, Any]:
        """Write the evidence as the command line gives it."""
        return {
            "transaction": self.detail.transaction.as_json(),
            "documents": [item.as_json() for item in self.documents],
            "sources": [item.as_json() for item in self.sources],
            "checks": [step.as_json() for step in self.steps],
            "votes": [item.as_json() for item in self.votes],
            "tally": None if self.tally is None else self.tally.as_json(),
        }


def get_evidence(registry: OpenRegistry, identifier: str) -> Evidence:
    """Gather the evidence of a transaction such as TH12; raises NotFound."""
    detail = get_transaction(registry, identifier)
    steps = list_transaction_checks(registry, identifier)
    number = detail.transaction.key
    with reading(registry.engine) as connection:
        votes = read_votes(connection, number)
        return Evidence(
            detail=detail,
            documents=_documents(connection, number),
            sources=_sources(connection, detail.act),
            steps=steps,
            votes=votes,
            tally=_tally(registry, connection, detail, votes),
        )


def _documents(connection: Connection, number: int) -> tuple[EvidenceDocument, ...]:
    rows = connection.execute(
        select(
            Document.sha256,
            TransactionDocument.purpose,
            Document.name,
            Document.media_type,
            Document.size_bytes,
        )
        .join(TransactionDocument, TransactionDocument.sha256 == Document.sha256)
        .where(TransactionDocument.transaction_id == number)
        .order_by(TransactionDocument.purpose, Document.sha256)
    )
    return tuple(EvidenceDocument(*row) for row in rows)


def _tally(
    registry: OpenRegistry,
    connection: Connection,
    detail: TransactionDetail,
    votes: tuple[Vote, ...],
) -> Tally | None:
    """Count by the quorum that applied when it completed, else by the one valid today."""
    if detail.act.decider is not Role.COMMITTEE:
        return None
    quorum = select(Rule.value).where(Rule.kind == str(RuleKind.COMMITTEE_QUORUM))
    applied = quorum.join(TransactionRule, TransactionRule.rule_id == Rule.id).where(
        TransactionRule.transaction_id == detail.transaction.key
    )
    today = registry.today()
    valid = quorum.where(
        Rule.unit_type == detail.act.unit_type, Rule.valid_from <= today, Rule.valid_to >= today
    )
    value = connection.execute(applied).scalar() or connection.execute(valid).scalar()
    return count_votes(connection, votes, None if value is None else int(value))


def _sources(connection: Connection, act: Act) -> tuple[SourceRow, ...]:
    """Read the source units that the act names, whether or not it holds them still."""
    if not isinstance(act, Conversion):
        return ()
    ids = [
        source.id
        for text in act.source_serials
        for source in named_source(connection, text, own=None)[1]
    ]
    rows = connection.execute(
        select(
            SourceUnit.serial,
            SourceUnit.first_serial,
            SourceUnit.last_serial,
            SourceUnit.unit_type,
            SourceUnit.host_country,
            SourceUnit.project,
            SourceUnit.attributes,
            SourceUnit.record_sha256,
            SourceUnit.attestation_sha256,
            Person.user_name,
            SourceUnit.registered_at,
            SourceUnit.reissued_series,
            SourceUnit.reissued_first,
            SourceUnit.reissued_last,
        )
        .join(Person, Person.id == SourceUnit.registered_by)
        .where(SourceUnit.id.in_(ids))
        .order_by(SourceUnit.series, SourceUnit.first_serial)
    )
    return tuple(
        SourceRow(
            serial=row.serial,
            quantity=row.last_serial - row.first_serial + 1,
            unit_type=row.unit_type,
            host_country=row.host_country,
            project=row.project,
            attributes=json.loads(row.attributes),
            record_sha256=row.record_sha256,
            attestation_sha256=row.attestation_sha256,
            registered_by=row.user_name,
            registered_at=row.registered_at,
            reissued_series=row.reissued_series,
            reissued_first=row.reissued_first,
            reissued_last=row.reissued_last,
        )
        for row in rows
    )
