"""What is said of a transaction: what was asked for, and what can be opened from it.

Owns the choice and order of lines as text keys and values; the page writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.codes import Role, SupplementaryType, TransactionStatus, TransactionType
from app.services.listings.transaction_detail import TransactionDetail
from app.services.registry.context import Actor
from app.services.transactions.acts import (
    Acquisition,
    Act,
    Cancellation,
    Disposal,
    ExternalTransfer,
    Issuance,
    Registration,
    Replacement,
    Retirement,
    Rollback,
)
from app.services.transactions.acts.disposal import VOLUNTARY
from app.views.presenters.further_acts import KINDS

_FURTHER = {
    "to_expiry": "further.to_expiry",
    "registry": "transactions.other_registry",
    "sender_registry": "transactions.other_registry",
    "sender_account": "further.foreign_account",
    "reference": "transactions.its_reference",
    "corrects": "further.corrects",
    "over_issued": "further.over_issued",
    "reversed_project": "further.reversed_project",
}
"""Fields of further acts with their labels."""

_PRINTING = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class RequestLine:
    """One part of the request: its label's key and its value; empty ones are left out."""

    label_key: str
    value: object


def request_lines(act: Act) -> tuple[RequestLine, ...]:
    """List what the request says beyond accounts, unit type and quantity."""
    lines = [*_disposal(act), *_named(act), *_creation(act)]
    return tuple(line for line in lines if line.value not in (None, ""))


def _disposal(act: Act) -> list[RequestLine]:
    lines = []
    lines.append(RequestLine("transactions.reason", getattr(act, "reason", "")))
    if isinstance(act, Retirement):
        lines.append(RequestLine("transactions.beneficiary", act.beneficiary))
        lines.append(RequestLine("transactions.purpose", act.purpose))
    if isinstance(act, Cancellation):
        lines += [
            RequestLine("transactions.beneficiary", act.beneficiary),
            RequestLine("transactions.purpose", act.purpose),
            RequestLine("transactions.source_word", act.source_word),
            RequestLine("transactions.source_date", act.source_date),
            RequestLine("transactions.source_reason", act.source_reason),
        ]
    if isinstance(act, ExternalTransfer):
        lines.append(RequestLine("further.foreign_account", act.account))
    if isinstance(act, Disposal):
        picked = "transactions.picked" if act.blocks else "transactions.fifo"
        lines.append(RequestLine("transactions.choice", picked))
    return lines


def _named(act: Act) -> list[RequestLine]:
    """List what further acts name, by the names of their fields."""
    lines = [RequestLine("further.notice", act.notice_number)]
    if isinstance(act, Rollback):
        lines.append(RequestLine("transactions.undoes", act.transaction))
    if isinstance(act, Replacement):
        lines.append(RequestLine("further.kind", f"further.kinds.{act.kind}"))
        lines.append(RequestLine("further.replaced", "\n".join(act.replaced)))
    if isinstance(act, Cancellation) and act.kind != VOLUNTARY:
        lines.append(RequestLine("cancellation.kind", f"cancellation.kinds.{act.kind}"))
    lines += [RequestLine(key, getattr(act, name, "")) for name, key in _FURTHER.items()]
    period = getattr(act, "period", None)
    lines.append(RequestLine("further.period", "" if period is None else str(period)))
    return lines


def act_title_key(act: Act, type_key: str) -> str:
    """Give the key of the act's own name; that of its type where it has none."""
    if isinstance(act, Rollback):
        return "transactions.rollback"
    if act.name in KINDS or isinstance(act, Acquisition):
        return f"further.{act.name}.name"
    return type_key


def _creation(act: Act) -> list[RequestLine]:
    if isinstance(act, Issuance):
        return [
            RequestLine("transactions.project", act.project),
            RequestLine("transactions.vintage", str(act.vintage)),
            RequestLine("transactions.period_from", act.period_from),
            RequestLine("transactions.period_to", act.period_to),
            RequestLine("transactions.verified", act.verified_quantity),
            RequestLine("transactions.reference", act.verified_reference),
            RequestLine("transactions.document", act.document_sha256),
        ]
    if isinstance(act, Registration):
        return [
            RequestLine("transactions.project", f"{act.origin} {act.project}"),
            RequestLine("transactions.vintage", str(act.vintage) if act.vintage else ""),
            RequestLine("transactions.issued_on", act.issued_on),
            RequestLine("transactions.expires_on", act.expires_on),
        ]
    return []


def is_pending(detail: TransactionDetail) -> bool:
    """Tell whether a decision on the transaction is still to come."""
    return not TransactionStatus(detail.transaction.status_code).is_final


def has_certificate(detail: TransactionDetail) -> bool:
    """Tell whether the transaction is one that a certificate can say of."""
    row = detail.transaction
    return (
        row.type_code == TransactionType.CANCELLATION
        and row.supplementary_type == SupplementaryType.VOLUNTARY_CANCELLATION
        and row.status_code == TransactionStatus.COMPLETED
    )


def reason_against_certificate(detail: TransactionDetail, actor: Actor) -> str:
    """Say why this person cannot have the certificate; whoever reads may reprint."""
    if detail.certificate is not None or actor.role in _PRINTING:
        return ""
    return "transactions.no_certificate_yet"


def reason_against_import(actor: Actor) -> str:
    """Say why this person does not import exports; nothing when they do."""
    return "" if actor.role is Role.OFFICER else "transactions.only_officer_imports"


def is_text_key(value: Any) -> bool:
    """Tell whether a line's value is the key of a text."""
    return isinstance(value, str) and value.startswith(
        ("transactions.", "further.", "cancellation.")
    )
