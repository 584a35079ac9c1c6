"""The buffer of each scheme with what it holds, and what is held aside in the reserve.

Owns reading only; a registry has a handful of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from app.models.codes import AccountType
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Holding, Scheme
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class BufferRow:
    """Units of one type in a buffer, or in the reserve; an empty one has no unit type.

    `scheme` is empty for the reserve, which serves them all.
    """

    account: str
    account_name: str
    is_reserve: bool
    scheme: str
    scheme_en: str
    scheme_th: str
    unit_type: str
    quantity: int
    reserved: int

    @property
    def key(self) -> str:
        """Name the row for good."""
        return f"{self.account} {self.unit_type}"

    def as_json(self) -> dict[str, Any]:
        """Write the row as the command line gives it."""
        return {
            "account": self.account,
            "scheme": self.scheme or None,
            "unit_type": self.unit_type or None,
            "quantity": self.quantity,
            "reserved": self.reserved,
        }


_BUFFERS = (
    select(
        Account.number,
        Account.name,
        Account.type_code,
        func.coalesce(Account.scheme, "").label("scheme"),
        func.coalesce(Scheme.name_en, "").label("scheme_en"),
        func.coalesce(Scheme.name_th, "").label("scheme_th"),
        func.coalesce(Holding.unit_type, "").label("unit_type"),
        func.coalesce(Holding.quantity, 0).label("quantity"),
        func.coalesce(Holding.reserved, 0).label("reserved"),
    )
    .outerjoin(Scheme, Scheme.code == Account.scheme)
    .outerjoin(Holding, and_(Holding.account_id == Account.id, Holding.quantity > 0))
    .where(Account.type_code.in_((int(AccountType.BUFFER), int(AccountType.RESERVE))))
    .order_by(Account.type_code, Account.period.desc(), Account.identifier, Holding.unit_type)
)


def list_buffers(registry: OpenRegistry) -> tuple[BufferRow, ...]:
    """List every buffer and the reserve, those that hold nothing too."""
    with reading(registry.engine) as connection:
        rows = connection.execute(_BUFFERS).all()
    return tuple(
        BufferRow(
            account=row.number,
            account_name=row.name,
            is_reserve=row.type_code == AccountType.RESERVE,
            scheme=row.scheme,
            scheme_en=row.scheme_en,
            scheme_th=row.scheme_th,
            unit_type=row.unit_type,
            quantity=int(row.quantity),
            reserved=int(row.reserved),
        )
        for row in rows
    )
