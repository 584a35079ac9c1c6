"""What a transaction rests on: the rules that applied to it, and the documents it names.

Owns reading only; the bytes of a document are `documents`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Document,
    Rule,
    TransactionDocument,
    TransactionRow,
    TransactionRule,
)
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts import Issuance
from app.services.transactions.proposing import transaction_number
from app.services.transactions.situation import stored_act


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """A row of the rule tables as it applied; both days are included."""

    id: int
    kind: str
    unit_type: str
    value: Decimal
    valid_from: date
    valid_to: date

    def as_json(self) -> dict[str, Any]:
        """Write the rule as the command line gives it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "unit_type": self.unit_type,
            "value": format(self.value, "f"),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document by its digest; one that is kept elsewhere has no name and no size."""

    sha256: str
    name: str
    size_bytes: int

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are in this registry."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class TransactionEvidence:
    """The rules and documents of one transaction."""

    rules: tuple[AppliedRule, ...]
    documents: tuple[NamedDocument, ...]


def get_evidence(registry: OpenRegistry, identifier: str) -> TransactionEvidence:
    """Read what a transaction rests on; nothing for one that is not there."""
    number = transaction_number(registry, identifier)
    with reading(registry.engine) as connection:
        rules = connection.execute(
            select(Rule.id, Rule.kind, Rule.unit_type, Rule.value, Rule.valid_from, Rule.valid_to)
            .join(TransactionRule, TransactionRule.rule_id == Rule.id)
            .where(TransactionRule.transaction_id == number)
            .order_by(Rule.kind, Rule.unit_type)
        ).all()
        documents = _documents(connection, number)
    return TransactionEvidence(tuple(AppliedRule(*row) for row in rules), documents)


def _documents(connection: Connection, number: int) -> tuple[NamedDocument, ...]:
    """Read the documents of the evidence, and the report that an issuance states."""
    digests = list(
        connection.execute(
            select(TransactionDocument.sha256)
            .where(TransactionDocument.transaction_id == number)
            .order_by(TransactionDocument.purpose, TransactionDocument.sha256)
        ).scalars()
    )
    stored = connection.execute(
        select(TransactionRow.act).where(TransactionRow.id == number)
    ).scalar()
    act = None if stored is None else stored_act(stored)
    if isinstance(act, Issuance) and act.document_sha256 not in digests:
        digests.append(act.document_sha256)
    kept = {
        row.sha256: row
        for row in connection.execute(
            select(Document.sha256, Document.name, Document.size_bytes).where(
                Document.sha256.in_(digests)
            )
        )
    }
    return tuple(
        NamedDocument(digest, kept[digest].name, kept[digest].size_bytes)
        if digest in kept
        else NamedDocument(digest, "", 0)
        for digest in digests
    )
