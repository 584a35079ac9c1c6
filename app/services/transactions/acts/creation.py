"""Acts by which units come into being: issuance, and registration from another registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from app.models.codes import RuleKind, SupplementaryType, TransactionType
from app.services.transactions.acts.act import Act
from app.services.transactions.acts.reading import ACCOUNT, DIGEST, UNIT_TYPE, WHOLE, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance(Act):
    """Issue units of a domestic project against a verified reduction."""

    name = "issuance"
    type = TransactionType.ISSUANCE
    rule_kinds = frozenset({RuleKind.LEVY_RATE, RuleKind.DEFAULT_EXPIRY})

    project: str
    account: str
    vintage: int
    period_from: date
    period_to: date
    verified_quantity: int
    verified_reference: str
    document_sha256: str

    @property
    def acquiring_number(self) -> str | None:
        """Give the project's account that receives the units."""
        return self.account

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        period, verified = reader.inner("monitoring_period"), reader.inner("verified")
        return cls(
            project=reader.text("project", "a project code such as 0042"),
            account=reader.text("account", ACCOUNT),
            unit_type=reader.text("unit_type", UNIT_TYPE),
            vintage=reader.year("vintage"),
            quantity=reader.whole("quantity", WHOLE),
            period_from=period.day("from"),
            period_to=period.day("to"),
            verified_quantity=verified.whole("quantity", WHOLE),
            verified_reference=verified.text("reference", "the verification report's reference"),
            document_sha256=verified.text("document_sha256", DIGEST).lower(),
        )

    def as_json(self) -> dict[str, Any]:
        """Write the act as JSON, its monitoring period and what was verified as objects."""
        content = Act.as_json(self)
        content["monitoring_period"] = {
            "from": content.pop("period_from"),
            "to": content.pop("period_to"),
        }
        content["verified"] = {
            "quantity": content.pop("verified_quantity"),
            "reference": content.pop("verified_reference", ""),
            "document_sha256": content.pop("document_sha256", ""),
        }
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Act):
    """Register units that another registry issued, as its record says: no levy, its expiry.

    `serial` is the range as its registry prints it; `source_serial` is the whole range of the
    source's record where `serial` is only a part of it. `issued_on` is None where the source
    does not tell.
    """

    name = "registration"
    type = TransactionType.ISSUANCE

    origin: str
    project: str
    account: str
    vintage: int | None
    serial: str
    issued_on: date | None
    expires_on: date | None = None
    source_serial: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.REGISTERED_FROM_ORIGIN

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that receives the units."""
        return self.account

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            origin=reader.text("origin", "the registry of origin"),
            project=reader.text("project", "a project code"),
            account=reader.text("account", ACCOUNT),
            unit_type=reader.text("unit_type", UNIT_TYPE),
            vintage=reader.optional_year("vintage"),
            quantity=reader.whole("quantity", WHOLE),
            serial=reader.text("serial", "a serial range"),
            issued_on=reader.optional_day("issued_on"),
            expires_on=reader.optional_day("expires_on"),
            source_serial=reader.text("source_serial", "a serial range", default=""),
        )
