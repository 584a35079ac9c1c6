"""Acts that belong to a commitment period: retirement, carry-over, change of expiry date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from app.models.codes import AccountType, NoticeType, RuleKind, TransactionType
from app.services.transactions.acts.disposal import Disposal, read_disposal
from app.services.transactions.acts.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement(Disposal):
    """Retire units for good, to count towards what is owed for a commitment period.

    `period` narrows the choice to units of that applicable period.
    """

    name = "retirement"
    type = TransactionType.RETIREMENT

    period: int | None = None
    beneficiary: str = ""
    purpose: str = ""

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the account that units enter."""
        return AccountType.RETIREMENT

    @property
    def of_period(self) -> int | None:
        """Give the applicable commitment period that narrows the choice, None for any."""
        return self.period

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            period=reader.optional_period("period"),
            beneficiary=reader.text("beneficiary", "a name", default=""),
            purpose=reader.text("purpose", "a sentence", default=""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver(Disposal):
    """Let units of a commitment period count for the next; the account keeps them.

    `period` is the one they are of; without it, it is that of the units first in, first out.
    """

    name = "carry-over"
    type = TransactionType.CARRY_OVER
    rule_kinds = frozenset({RuleKind.CARRY_OVER_LIMIT})

    period: int | None = None

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that keeps the units."""
        return self.from_account

    @property
    def of_period(self) -> int | None:
        """Give the applicable commitment period that narrows the choice, None for any."""
        return self.period

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(**read_disposal(reader), period=reader.optional_period("period"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryChange(Disposal):
    """Give units another expiry date; the account keeps them."""

    name = "expiry-change"
    type = TransactionType.EXPIRY_CHANGE
    rule_kinds = frozenset({RuleKind.DEFAULT_EXPIRY})

    to_expiry: date
    notice: str = ""
    reason: str = ""

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that keeps the units."""
        return self.from_account

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return self.notice

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils."""
        return frozenset({NoticeType.EXPIRY_DATE_CHANGE})

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            to_expiry=reader.day("to_expiry"),
            notice=reader.text("notice", "the number of the notice that asks for it", default=""),
            reason=reader.text("reason", "a sentence", default=""),
        )
