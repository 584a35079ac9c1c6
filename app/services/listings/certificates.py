"""Offset certificates as a listing.

Owns reading only; issuing and checking them is `app.services.certificates`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Certificate, Person, TransactionRow
from app.models.tables.base import AnyRow
from app.services.listings.keyset import (
    Source,
    equals,
    fetch_page,
    text_or_empty,
    texts_of_json,
    whole_number,
)
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import time_json
from app.services.registry.context import OpenRegistry

_GIVER = aliased(Account)
_ISSUER = aliased(Person)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate; everything but the last three is as its signed statement says."""

    id: int
    number: str
    transaction: str
    holder: str
    beneficiary: str | None
    purpose: str | None
    unit_type: str
    quantity: int
    cancelled_on: str
    account: str
    issued_at: datetime
    issued_by: str

    def as_json(self) -> dict[str, Any]:
        """Write the certificate as the command line gives it."""
        return {
            "certificate": self.number,
            "transaction": self.transaction,
            "holder": self.holder,
            "account": self.account,
            "beneficiary": self.beneficiary,
            "purpose": self.purpose,
            "unit_type": self.unit_type,
            "quantity": self.quantity,
            "cancelled_on": self.cancelled_on,
            "issued_at": time_json(self.issued_at),
            "issued_by": self.issued_by,
        }


CERTIFICATES = Source(
    statement=select(
        Certificate.id,
        Certificate.number,
        Certificate.statement,
        Certificate.issued_at,
        _ISSUER.user_name,
        _GIVER.number.label("account"),
    )
    .select_from(Certificate)
    .outerjoin(TransactionRow, TransactionRow.id == Certificate.transaction_id)
    .outerjoin(_GIVER, _GIVER.id == TransactionRow.from_account_id)
    .outerjoin(_ISSUER, _ISSUER.id == Certificate.issued_by),
    key=(Certificate.id,),
    sorts={
        "id": (),
        "number": (Certificate.number,),
        "transaction": (Certificate.transaction_id,),
        "issued_at": (Certificate.issued_at,),
        "issued_by": (text_or_empty(_ISSUER.user_name),),
        "account": (text_or_empty(_GIVER.number),),
        "unit_type": (text_or_empty(TransactionRow.unit_type),),
    },
    default_sort="id",
    filters={
        "number": equals(Certificate.number),
        "account": equals(_GIVER.number),
        "issued_by": equals(_ISSUER.user_name),
        "transaction": lambda text: (
            Certificate.transaction_id
            == whole_number(text[2:] if text[:2].isalpha() else text, "transaction")
        ),
    },
    # The request holds the beneficiary and purpose as the statement repeats them.
    texts=(
        Certificate.number,
        _GIVER.number,
        _GIVER.name,
        *texts_of_json(TransactionRow.act, "beneficiary", "purpose", "source_reason"),
    ),
)


def list_certificates(registry: OpenRegistry, request: PageRequest) -> Page[CertificateRow]:
    """List offset certificates; filters: number, transaction, account, issued_by."""
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, CERTIFICATES, request)
    return Page(tuple(_row(row) for row in rows), following)


def _row(row: AnyRow) -> CertificateRow:
    said = json.loads(row.statement)
    return CertificateRow(
        id=row.id,
        number=row.number,
        transaction=said["transaction"],
        holder=said["holder"]["name_en"] or said["holder"]["name_th"],
        beneficiary=said["beneficiary"],
        purpose=said["purpose"],
        unit_type=said["unit_type"],
        quantity=said["quantity"],
        cancelled_on=said["cancelled_on"],
        account=row.account,
        issued_at=row.issued_at,
        issued_by=row.user_name,
    )
