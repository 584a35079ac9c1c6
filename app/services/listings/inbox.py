"""What awaits a person's decision: pending transactions and proposed accounts of others.

Owns who is shown what; whether a decision is allowed is for the checks once more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.models.codes import Role, Stage, TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Person
from app.models.tables import TransactionRow as Transaction
from app.services.listings.accounts import ACCOUNTS, AccountRow, account_row
from app.services.listings.keyset import fetch_page
from app.services.listings.page import Page, PageRequest
from app.services.listings.transactions import TRANSACTIONS, TransactionRow, transaction_rows
from app.services.listings.words import AWAITING_APPROVAL
from app.services.registry.context import Actor, OpenRegistry

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Inbox:
    """What the person may decide on, oldest first; `more` says that not all are shown."""

    transactions: tuple[TransactionRow, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    more: bool = False

    @property
    def count(self) -> int:
        """How many decisions are shown."""
        return len(self.transactions) + len(self.accounts)


def inbox(registry: OpenRegistry, actor: Actor) -> Inbox:
    """Give what this person may decide on: an approver, what others proposed; else nothing."""
    if actor.role is not Role.APPROVER:
        return Inbox()
    accounts = PageRequest(
        sort="id",
        filters={"state": "proposed", "not_proposed_by": actor.user_name},
        limit=MOST_SHOWN,
    )
    with reading(registry.engine) as connection:
        rows, later = fetch_page(connection, TRANSACTIONS, _pending(actor, PageRequest()))
        account_rows, later_accounts = fetch_page(connection, ACCOUNTS, accounts)
        return Inbox(
            transactions=transaction_rows(registry, connection, rows),
            accounts=tuple(account_row(row) for row in account_rows),
            more=later is not None or later_accounts is not None,
        )


def list_inbox(registry: OpenRegistry, actor: Actor, request: PageRequest) -> Page[TransactionRow]:
    """List the pending transactions this person may decide on, as `list_transactions` does."""
    if actor.role is not Role.APPROVER:
        return Page((), None, 0)
    with reading(registry.engine) as connection:
        rows, following = fetch_page(
            connection, TRANSACTIONS, _pending(actor, request, request.limit)
        )
        listed = transaction_rows(registry, connection, rows)
    return Page(listed, following)


def count_inbox(registry: OpenRegistry, actor: Actor) -> int:
    """Count what awaits this person, for the badge of the navigation."""
    if actor.role is not Role.APPROVER:
        return 0
    with reading(registry.engine) as connection:
        transactions = connection.execute(
            select(func.count(Transaction.id)).where(
                Transaction.status == int(TransactionStatus.CHECKED),
                Transaction.stage == int(Stage.AWAITING_APPROVAL),
                Transaction.proposed_by != actor.id,
            )
        ).scalar_one()
        accounts = connection.execute(
            select(func.count(Account.id))
            .join(Person, Person.id == Account.proposed_by)
            .where(Account.state == "proposed", Account.proposed_by != actor.id)
        ).scalar_one()
    return int(transactions + accounts)


def _pending(actor: Actor, request: PageRequest, limit: int = MOST_SHOWN) -> PageRequest:
    filters = {
        **request.filters,
        "status": AWAITING_APPROVAL,
        "not_proposed_by": actor.user_name,
    }
    return PageRequest(
        sort=request.sort,
        descending=request.descending,
        filter_text=request.filter_text,
        filters=filters,
        after=request.after,
        limit=limit,
    )
