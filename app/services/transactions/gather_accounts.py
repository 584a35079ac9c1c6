"""Reads built-in accounts: the one of a type, and the buffer of a scheme."""

from __future__ import annotations

from sqlalchemy import Connection

from app.models.codes import AccountType
from app.services.transactions import statements
from app.services.transactions.facts import AccountFacts, Facts
from app.services.transactions.situation import account_facts


def find_built_in(
    connection: Connection,
    facts: Facts,
    kind: AccountType,
    *,
    scheme: str | None = None,
    period: int | None = None,
) -> AccountFacts | None:
    """Find the open built-in account of a type, of the newest period; of a scheme where given.

    With `period`, the one of that commitment period.
    """
    values = {
        "unit_type": facts.act.unit_type,
        "country": facts.country,
        "type_code": int(kind),
        "scheme": scheme,
        "today": facts.today,
        "period": period,
    }
    row = statements.BUILT_IN_ACCOUNT.find(connection, values)
    return None if row is None else account_facts(row)
