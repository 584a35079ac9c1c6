"""Acts by which units leave an account, first in, first out or picked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from app.models.codes import (
    AccountType,
    NoticeType,
    Role,
    RuleKind,
    SupplementaryType,
    TransactionType,
)
from app.services.transactions.acts.act import HOLDING_TYPES, KEPT_TYPES, Act
from app.services.transactions.acts.reading import ACCOUNT, UNIT_TYPE, WHOLE, Reader

TRANSFER_RULES = frozenset(
    {
        RuleKind.MAXIMUM_TRANSFER,
        RuleKind.RESERVE,
        RuleKind.STRANGER_DELAY,
        RuleKind.STRANGERS_ALLOWED,
    }
)
"""The business logic tables a transfer goes by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal(Act):
    """What all of them share: units leave an account, FIFO or picked by hand.

    `blocks` are serial ranges as printed; empty means first in, first out. `project` and
    `vintage` narrow the choice.
    """

    from_account: str
    project: str | None = None
    vintage: int | None = None
    blocks: tuple[str, ...] = ()

    @property
    def transferring_number(self) -> str | None:
        """Give the account that units leave."""
        return self.from_account

    @property
    def takes_expired(self) -> bool:
        """Tell whether units past their expiry date may move by it."""
        return False

    @property
    def of_period(self) -> int | None:
        """Give the applicable commitment period that narrows the choice, None for any."""
        return None


def read_disposal(reader: Reader) -> dict[str, Any]:
    """Read the fields that all disposals share."""
    return {
        "from_account": reader.text("from", ACCOUNT),
        "unit_type": reader.text("unit_type", UNIT_TYPE),
        "quantity": reader.whole("quantity", WHOLE),
        "project": reader.text("project", "a project code", default="") or None,
        "vintage": reader.optional_year("vintage"),
        "blocks": reader.serials("blocks"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Disposal):
    """Move units to another account of this registry."""

    name = "transfer"
    type = TransactionType.INTERNAL_TRANSFER
    rule_kinds = TRANSFER_RULES

    to_account: str
    reason: str = ""

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that units enter."""
        return self.to_account

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            to_account=reader.text("to", ACCOUNT),
            reason=reader.text("reason", "a sentence", default=""),
        )


@dataclass(frozen=True, slots=True)
class CancellationKind:
    """Where units of a kind of cancellation go, its code, and the notices that ask for it."""

    account: AccountType
    supplementary_type: SupplementaryType
    notices: frozenset[NoticeType] = frozenset()


VOLUNTARY, MANDATORY = "voluntary", "mandatory"
CANCELLATION_KINDS = {
    VOLUNTARY: CancellationKind(
        AccountType.VOLUNTARY_CANCELLATION, SupplementaryType.VOLUNTARY_CANCELLATION
    ),
    MANDATORY: CancellationKind(
        AccountType.MANDATORY_CANCELLATION,
        SupplementaryType.MANDATORY_CANCELLATION,
        frozenset({NoticeType.REVERSAL_OF_STORAGE, NoticeType.NO_CERTIFICATION_REPORT}),
    ),
    "corrective": CancellationKind(
        AccountType.CORRECTIVE_CANCELLATION, SupplementaryType.CORRECTIVE_CANCELLATION
    ),
    "net-source": CancellationKind(
        AccountType.NET_SOURCE_CANCELLATION,
        SupplementaryType.NET_SOURCE_CANCELLATION,
        frozenset({NoticeType.NET_SOURCE_CANCELLATION}),
    ),
    "non-compliance": CancellationKind(
        AccountType.NON_COMPLIANCE_CANCELLATION,
        SupplementaryType.NON_COMPLIANCE_CANCELLATION,
        frozenset({NoticeType.NON_COMPLIANCE_CANCELLATION}),
    ),
    "excess-issuance": CancellationKind(
        AccountType.EXCESS_ISSUANCE_CANCELLATION,
        SupplementaryType.EXCESS_ISSUANCE_CANCELLATION,
        frozenset({NoticeType.EXCESS_ISSUANCE}),
    ),
}
"""Each kind of cancellation by its name. Source: registry codes 4.1, 4.4 and 4.6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(Disposal):
    """Cancel units for good: voluntarily for a beneficiary and purpose, or of another kind.

    `notice` is the number of the notice that asks for it, where one does. A mandatory one takes
    units that have expired too, wherever they are still held.
    `source_…` keeps what another registry recorded for an imported act: its word, date and
    reason, and the whole range of its record where `blocks` are not that one range.
    """

    name = "cancellation"
    type = TransactionType.CANCELLATION

    kind: str = VOLUNTARY
    beneficiary: str = ""
    purpose: str = ""
    notice: str = ""
    source_word: str = ""
    source_date: date | None = None
    source_reason: str = ""
    source_serial: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return self._kind.supplementary_type

    @property
    def proposers(self) -> frozenset[Role]:
        """Give the roles that may propose it; an administrator compiles mandatory ones."""
        if self.kind == MANDATORY:
            return frozenset({Role.OFFICER, Role.ADMINISTRATOR})
        return frozenset({Role.OFFICER})

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the cancellation account that units enter."""
        return self._kind.account

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return KEPT_TYPES if self.kind == MANDATORY else HOLDING_TYPES

    @property
    def takes_expired(self) -> bool:
        """Tell whether units past their expiry date may move by it."""
        return self.kind == MANDATORY

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return self.notice

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils."""
        return self._kind.notices

    @property
    def _kind(self) -> CancellationKind:
        return CANCELLATION_KINDS.get(self.kind, CANCELLATION_KINDS[VOLUNTARY])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            kind=reader.text("kind", ", ".join(CANCELLATION_KINDS), default=VOLUNTARY),
            beneficiary=reader.text("beneficiary", "a name", default=""),
            purpose=reader.text("purpose", "a sentence", default=""),
            notice=reader.text("notice", "the number of the notice that asks for it", default=""),
            source_word=reader.text("source_word", "a word", default=""),
            source_date=reader.optional_day("source_date"),
            source_reason=reader.text("source_reason", "a sentence", default=""),
            source_serial=reader.text("source_serial", "a serial range", default=""),
        )
