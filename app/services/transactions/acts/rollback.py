"""The act by which an internal transfer is undone, as a transaction of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from app.models.codes import Role, RuleKind, SupplementaryType, TransactionType
from app.services.transactions.acts.act import Act
from app.services.transactions.acts.reading import Reader

_IDENTIFIER = re.compile(r"(?:[A-Z]{2})?(?P<number>[0-9]{1,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback(Act):
    """Put the units of a completed transfer back where they came from.

    An administrator proposes it and an approver decides, so two persons of two roles are
    needed. `transaction` is the transfer's identifier such as TH12. The accounts, unit type and
    quantity are the transfer's own: the registry fills them in, whatever a proposal says.
    """

    name = "rollback"
    type = TransactionType.INTERNAL_TRANSFER
    proposer = Role.ADMINISTRATOR
    rule_kinds = frozenset({RuleKind.ROLLBACK_WINDOW})

    transaction: str
    reason: str
    from_account: str = ""
    to_account: str = ""

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.ROLLBACK

    @property
    def transferring_number(self) -> str | None:
        """Give the account that received the units, once known."""
        return self.from_account or None

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that the units came from, once known."""
        return self.to_account or None

    @property
    def reversed_id(self) -> int | None:
        """Give the number of the transaction to undo; None for what is no identifier."""
        found = _IDENTIFIER.fullmatch(self.transaction)
        return None if found is None else int(found["number"])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            transaction=reader.text("transaction", "a transaction such as TH12"),
            reason=reader.text("reason", "a sentence"),
            from_account=reader.text("from", "an account", default=""),
            to_account=reader.text("to", "an account", default=""),
            unit_type=reader.text("unit_type", "a unit type", default=""),
            quantity=reader.whole_or("quantity", 0),
        )

    def as_json(self) -> dict[str, Any]:
        """Write the act as JSON, with what the registry filled in."""
        content = Act.as_json(self)
        if not self.quantity:
            content.pop("quantity", None)
        return content
