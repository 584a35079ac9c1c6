"""Reads built-in accounts: the one of a type, and the buffer of a scheme."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from app.models.codes import AccountType
from app.models.storage.prepared import Values
from app.services.transactions import statements
from app.services.transactions.acts import Act
from app.services.transactions.facts import AccountFacts, Facts
from app.services.transactions.situation import account_facts


def find_built_in(
    connection: Connection,
    facts: Facts,
    kind: AccountType,
    *,
    of_project: str = "",
    period: int | None = None,
) -> AccountFacts | None:
    """Find the open built-in account of a type, of the newest period.

    With `of_project`, the one of the scheme of our own project of that code; with `period`, the
    one of that commitment period.
    """
    values = built_in_values(
        facts.act, kind, facts.country, facts.today, of_project=of_project, period=period
    )
    row = statements.BUILT_IN_ACCOUNT.find(connection, values)
    return None if row is None else account_facts(row)


def built_in_values(
    act: Act,
    kind: AccountType,
    country: str,
    today: date,
    *,
    of_project: str = "",
    period: int | None = None,
) -> Values:
    """Give what `BUILT_IN_ACCOUNT` is asked with."""
    return {
        "unit_type": act.unit_type,
        "country": country,
        "type_code": int(kind),
        "of_project": of_project,
        "today": today,
        "period": period,
    }
