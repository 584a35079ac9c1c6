"""Acts by which units leave an account, first in, first out or picked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from app.models.codes import AccountType, RuleKind, TransactionType
from app.services.transactions.acts.act import Act
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(Disposal):
    """Cancel units voluntarily, for good, on behalf of a beneficiary and for a purpose.

    `notice` is the notice that asks for it, where one does.
    `source_…` keeps what another registry recorded for an imported act: its word, date and
    reason, and the whole range of its record where `blocks` are not that one range.
    """

    name = "cancellation"
    type = TransactionType.CANCELLATION

    kind: str = "voluntary"
    beneficiary: str = ""
    purpose: str = ""
    notice: str = ""
    source_word: str = ""
    source_date: date | None = None
    source_reason: str = ""
    source_serial: str = ""

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the cancellation account that units enter."""
        return AccountType.VOLUNTARY_CANCELLATION

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            kind=reader.text("kind", "voluntary", default="voluntary"),
            beneficiary=reader.text("beneficiary", "a name", default=""),
            purpose=reader.text("purpose", "a sentence", default=""),
            notice=reader.text("notice", "the number of the notice that asks for it", default=""),
            source_word=reader.text("source_word", "a word", default=""),
            source_date=reader.optional_day("source_date"),
            source_reason=reader.text("source_reason", "a sentence", default=""),
            source_serial=reader.text("source_serial", "a serial range", default=""),
        )
