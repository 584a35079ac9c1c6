"""Acts between this registry and another, recorded off-line: sending units, receiving them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app.models.codes import (
    AccountType,
    NoticeType,
    RuleKind,
    SupplementaryType,
    TransactionType,
)
from app.services.transactions.acts.creation import Registration
from app.services.transactions.acts.disposal import Disposal, read_disposal
from app.services.transactions.acts.reading import ACCOUNT, UNIT_TYPE, WHOLE, Reader

_REGISTRY = "the other registry: a country's two letters such as CH, or a name such as Verra"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTransfer(Disposal):
    """Send units to an account of another registry, which is told by a message prepared here."""

    name = "external-transfer"
    type = TransactionType.EXTERNAL_TRANSFER
    rule_kinds = frozenset({RuleKind.MAXIMUM_TRANSFER, RuleKind.RESERVE})

    registry: str
    account: str = ""
    notice: str = ""
    reason: str = ""

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the account that stands for all other registries."""
        return AccountType.SENT_ELSEWHERE

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return self.notice

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils: those answered in the CDM registry."""
        return frozenset(
            {
                NoticeType.EXCESS_ISSUANCE,
                NoticeType.NET_REVERSAL_OF_STORAGE,
                NoticeType.NO_VERIFICATION_REPORT,
            }
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            registry=reader.text("registry", _REGISTRY),
            account=reader.text("account", "an account of the other registry", default=""),
            notice=reader.text("notice", "the number of the notice that asks for it", default=""),
            reason=reader.text("reason", "a sentence", default=""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition(Registration):
    """Receive units that another registry sent, as its record says: no levy, its expiry.

    `sender_registry`, `sender_account` and `reference` are the counterpart, and the transaction
    in its own records.
    """

    name = "acquisition"
    type = TransactionType.EXTERNAL_TRANSFER
    told_by_counterpart = frozenset({"expires_on", "issued_on", "source_serial"})

    sender_registry: str
    sender_account: str = ""
    reference: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.ACQUISITION_OFF_LINE

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
            sender_registry=reader.text("sender_registry", _REGISTRY),
            sender_account=reader.text("sender_account", "its account", default=""),
            reference=reader.text("reference", "its transaction", default=""),
        )
