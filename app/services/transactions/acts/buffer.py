"""The buffer's own acts: deposit, hold and return, release, cancellation, compensation.

Each scheme has its own buffer. An administrator proposes them all, an approver decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app.models.codes import (
    AccountType,
    NoticeType,
    Role,
    SupplementaryType,
    TransactionType,
)
from app.services.transactions.acts.administrative import NO_RULES
from app.services.transactions.acts.disposal import Disposal, Transfer, read_disposal
from app.services.transactions.acts.reading import Reader

_BUFFER = frozenset({AccountType.BUFFER})
_RESERVE = frozenset({AccountType.RESERVE})
_NOTICE = "the number of the notice that asks for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferDeposit(Transfer):
    """Put units of a holding account into the buffer of their scheme."""

    name = "buffer-deposit"
    proposer = Role.ADMINISTRATOR
    rule_kinds = NO_RULES

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.BUFFER_DEPOSIT

    @property
    def acquiring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may enter by it."""
        return _BUFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferHold(Disposal):
    """Put units of a buffer aside in the reserve while a case is decided."""

    name = "buffer-hold"
    type = TransactionType.INTERNAL_TRANSFER
    proposer = Role.ADMINISTRATOR

    reason: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.BUFFER_HOLD

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the account that units enter."""
        return AccountType.RESERVE

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return _BUFFER

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(**read_disposal(reader), reason=reader.text("reason", "a sentence", default=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferReturn(Transfer):
    """Put units that were held aside back into the buffer of their scheme."""

    name = "buffer-return"
    proposer = Role.ADMINISTRATOR
    rule_kinds = NO_RULES

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.BUFFER_RETURN

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return _RESERVE

    @property
    def acquiring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may enter by it."""
        return _BUFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferRelease(Transfer):
    """Give units of the buffer back to their project: to an account that is bound to it.

    `project` says whose units they are; without it, the account must be bound to every project
    that gives some.
    """

    name = "buffer-release"
    proposer = Role.ADMINISTRATOR
    rule_kinds = NO_RULES

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.BUFFER_RELEASE

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return _BUFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferCancellation(Disposal):
    """Cancel units of the buffer, for good, against a reversal at a project of its scheme.

    `reversed_project` is the project whose removals were reversed; the units cancelled may be of
    any project that paid into the pool. `reference` is the report that found it.
    """

    name = "buffer-cancellation"
    type = TransactionType.CANCELLATION
    proposer = Role.ADMINISTRATOR

    reversed_project: str
    reference: str = ""
    notice: str = ""
    reason: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.BUFFER_CANCELLATION

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the account that units enter."""
        return AccountType.MANDATORY_CANCELLATION

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return _BUFFER

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return self.notice

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils."""
        return frozenset({NoticeType.REVERSAL_OF_STORAGE})

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            reversed_project=reader.text("reversed_project", "a project code"),
            reference=reader.text("reference", "the report's reference", default=""),
            notice=reader.text("notice", _NOTICE, default=""),
            reason=reader.text("reason", "a sentence", default=""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferCompensation(Disposal):
    """Make good an over-issuance: cancel the project's own units or bought ones, for good.

    `over_issued` is the issuance that was too large, such as TH12.
    """

    name = "buffer-compensation"
    type = TransactionType.CANCELLATION
    proposer = Role.ADMINISTRATOR

    over_issued: str
    notice: str = ""
    reason: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.BUFFER_COMPENSATION

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the account that units enter."""
        return AccountType.EXCESS_ISSUANCE_CANCELLATION

    @property
    def named_transaction(self) -> str:
        """Give the transaction it names by its identifier."""
        return self.over_issued

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return self.notice

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils."""
        return frozenset({NoticeType.EXCESS_ISSUANCE})

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            over_issued=reader.text("over_issued", "the issuance, such as TH12"),
            notice=reader.text("notice", _NOTICE, default=""),
            reason=reader.text("reason", "a sentence", default=""),
        )
