"""What every act of the ledger is: a frozen request, with who proposes and who decides it.

Owns the root of all acts and writing one as JSON; each family of acts stands in a file beside.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar, Self

from app.models.codes import (
    AccountType,
    NoticeType,
    Role,
    RuleKind,
    SupplementaryType,
    TransactionType,
)
from app.services.transactions.acts.reading import Reader

HOLDING_TYPES = frozenset(kind for kind in AccountType if kind.is_holding)
KEPT_TYPES = HOLDING_TYPES | {
    AccountType.BUFFER,
    AccountType.RESERVE,
    AccountType.OTHER_PURPOSE,
}
"""Types of account whose units are still held, so that they may leave again."""

_OUTSIDE_NAMES = {"from_account": "from", "to_account": "to"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Root of all acts: the type it becomes and the quantity of units it concerns.

    `proposer` and `decider` are the roles it takes; a committee decides by votes. `rule_kinds` are
    the business logic tables it goes by.
    """

    name: ClassVar[str]
    type: ClassVar[TransactionType]
    proposer: ClassVar[Role] = Role.OFFICER
    decider: ClassVar[Role] = Role.APPROVER
    rule_kinds: ClassVar[frozenset[RuleKind]] = frozenset()
    told_by_counterpart: ClassVar[frozenset[str]] = frozenset()
    """Fields of what another registry recorded that a person may all the same propose."""

    unit_type: str
    quantity: int

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.NONE

    @property
    def transferring_number(self) -> str | None:
        """Give the account that units leave, None where they come into being."""
        return None

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that units enter, None where a built-in account is meant."""
        return None

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the built-in account that units enter, None where one is named."""
        return None

    @property
    def proposers(self) -> frozenset[Role]:
        """Give the roles that may propose it; the first to be named is `proposer`."""
        return frozenset({self.proposer})

    @property
    def transferring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may leave by it."""
        return HOLDING_TYPES

    @property
    def acquiring_types(self) -> frozenset[AccountType]:
        """Give the types of account that units may enter by it."""
        return HOLDING_TYPES if self.destination is None else frozenset({self.destination})

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return ""

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils."""
        return frozenset()

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""

    def as_json(self) -> dict[str, Any]:
        """Write the act as the JSON the command line reads, with its name under `act`."""
        content: dict[str, Any] = {"act": self.name}
        for field in fields(self):
            value = getattr(self, field.name)
            if value in (None, "", ()):
                continue
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = [{"serial": serial} for serial in value]
            content[_OUTSIDE_NAMES.get(field.name, field.name)] = value
        return content
