"""Accounts as a listing.

Owns reading only; changing accounts is `app.services.accounts`, one account with all that
belongs to it `account_detail`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from app.models.codes import AccountType
from app.models.errors import UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Holder, Person
from app.models.tables.base import AnyRow
from app.services.listings.keyset import (
    Source,
    count_rows,
    day_or_latest,
    equals,
    fetch_page,
    text_or_empty,
)
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import account_type_word, day_json, read_account_type_word
from app.services.registry.context import OpenRegistry

_PROPOSER = aliased(Person)
_APPROVER = aliased(Person)
_HOLDING_TYPES = [int(kind) for kind in AccountType if kind.is_holding]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account; `holder` is empty for a built-in one."""

    id: int
    number: str
    type: str
    type_code: int
    name: str
    holder: str
    holder_th: str
    state: str
    opened_on: date | None
    proposed_by: str
    approved_by: str | None

    @property
    def is_built_in(self) -> bool:
        """Whether the account belongs to the registry rather than to a holder."""
        return self.type_code not in _HOLDING_TYPES

    def as_json(self) -> dict[str, Any]:
        """Write the account as the command line gives it."""
        return {
            "number": self.number,
            "type": self.type,
            "type_code": self.type_code,
            "name": self.name,
            "holder": self.holder or None,
            "holder_th": self.holder_th or None,
            "state": self.state,
            "opened_on": day_json(self.opened_on),
            "proposed_by": self.proposed_by,
            "approved_by": self.approved_by,
        }


def _of_kind(word: str) -> ColumnElement[bool]:
    if word == "holder":
        return Account.type_code.in_(_HOLDING_TYPES)
    if word == "built-in":
        return Account.type_code.not_in(_HOLDING_TYPES)
    raise UsageError(f"“{word}” is not a kind of account.", hint="Kinds: holder, built-in.")


ACCOUNTS = Source(
    statement=select(
        Account.id,
        Account.number,
        Account.type_code,
        Account.name,
        Account.state,
        Account.opened_on,
        Holder.name_en,
        Holder.name_th,
        _PROPOSER.user_name.label("proposed_by"),
        _APPROVER.user_name.label("approved_by"),
    )
    .outerjoin(Holder, Holder.id == Account.holder_id)
    .outerjoin(_PROPOSER, _PROPOSER.id == Account.proposed_by)
    .outerjoin(_APPROVER, _APPROVER.id == Account.approved_by),
    key=(Account.id,),
    sorts={
        "id": (),
        "number": (Account.country, Account.type_code, Account.identifier, Account.period),
        "type": (Account.type_code,),
        "name": (Account.name,),
        "holder": (text_or_empty(Holder.name_en),),
        "state": (Account.state,),
        "opened_on": (day_or_latest(Account.opened_on),),
    },
    default_sort="number",
    filters={
        "number": equals(Account.number),
        "state": equals(Account.state),
        "type": lambda word: Account.type_code == read_account_type_word(word),
        "kind": _of_kind,
        "proposed_by": lambda user: _PROPOSER.user_name == user,
        "not_proposed_by": lambda user: _PROPOSER.user_name != user,
    },
    texts=(Account.number, Account.name, Holder.name_en, Holder.name_th),
)


def list_accounts(registry: OpenRegistry, request: PageRequest) -> Page[AccountRow]:
    """List accounts; filters: number, state, type, kind (holder or built-in), proposed_by.

    The first page says how many there are.
    """
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, ACCOUNTS, request)
        total = count_rows(connection, ACCOUNTS, request) if request.after is None else None
    return Page(tuple(account_row(row) for row in rows), following, total)


def account_row(row: AnyRow) -> AccountRow:
    """Make an account's row from a row of `ACCOUNTS`."""
    return AccountRow(
        id=row.id,
        number=row.number,
        type=account_type_word(row.type_code),
        type_code=row.type_code,
        name=row.name,
        holder=row.name_en or row.name_th or "",
        holder_th=row.name_th or "",
        state=row.state,
        opened_on=row.opened_on,
        proposed_by=row.proposed_by or "",
        approved_by=row.approved_by,
    )
