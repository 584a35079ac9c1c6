"""Acts by which the administration moves units: corrective and account-closure transfers.

The limits of transfers between holders (trust, delay, reserve, maximum) are not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app.models.codes import AccountType, Role, RuleKind, SupplementaryType
from app.services.transactions.acts.act import HOLDING_TYPES
from app.services.transactions.acts.disposal import Transfer, read_disposal
from app.services.transactions.acts.reading import ACCOUNT, Reader

_CORRECTED_TYPES = HOLDING_TYPES | {AccountType.OTHER_PURPOSE}
NO_RULES: frozenset[RuleKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectiveTransfer(Transfer):
    """Put units where they belong after a transaction that went wrong and cannot be rolled back.

    `corrects` is that transaction, such as TH12.
    """

    name = "corrective-transfer"
    proposer = Role.ADMINISTRATOR
    rule_kinds = NO_RULES

    corrects: str

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.CORRECTIVE_TRANSACTION

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return _CORRECTED_TYPES

    @property
    def acquiring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may enter by it."""
        return _CORRECTED_TYPES

    @property
    def named_transaction(self) -> str:
        """Give the transaction it names by its identifier."""
        return self.corrects

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            to_account=reader.text("to", ACCOUNT),
            reason=reader.text("reason", "a sentence", default=""),
            corrects=reader.text("corrects", "the transaction it corrects, such as TH12"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureTransfer(Transfer):
    """Move all units of a type out of an account that is to close.

    They go to another account of its holder; an administrator may choose any.
    """

    name = "closure-transfer"
    rule_kinds = NO_RULES

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.CLOSURE_TRANSFER

    @property
    def proposers(self) -> frozenset[Role]:
        """Give the roles that may propose it."""
        return frozenset({Role.OFFICER, Role.ADMINISTRATOR})
