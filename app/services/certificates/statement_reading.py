"""Statements read back from their signed bytes.

Owns the way from bytes to a `Statement`; must not judge a signature: the bytes were verified
before they come here.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from app.models.errors import TeakError, UsageError
from app.services.certificates.statement import (
    STATEMENT_TYPE,
    STATEMENT_VERSION,
    Holder,
    LogPlace,
    Registry,
    SerialRange,
    Statement,
    statement_bytes,
)


class NotAStatement(TeakError):
    """The bytes are no certificate statement of a version this program knows."""

    code = "not-a-statement"


def statement_of(content: bytes) -> Statement:
    """Read the statement from its RFC 8785 bytes.

    Raises NotAStatement for anything that would not be written back as the same bytes.
    """
    value = read_object(content)
    try:
        statement = _statement(value)
    except (KeyError, TypeError, ValueError, AttributeError, UsageError) as error:
        raise NotAStatement(f"The statement lacks or misspells a field: {error}.") from None
    if statement_bytes(statement) != content:
        raise NotAStatement("The statement is not in its canonical form.")
    return statement


def read_object(content: bytes) -> dict[str, Any]:
    """Read the JSON object and see that type and version are known; raises NotAStatement."""
    try:
        value = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotAStatement("The statement is not JSON.") from None
    if not isinstance(value, dict) or value.get("type") != STATEMENT_TYPE:
        raise NotAStatement("The statement is not that of an offset certificate.")
    if value.get("version") != STATEMENT_VERSION:
        raise NotAStatement(
            f"The statement has version {value.get('version')!r}; this program reads version "
            f"{STATEMENT_VERSION}.",
            hint="Verify it with a newer Teak.",
        )
    return value


def _statement(value: dict[str, Any]) -> Statement:
    return Statement(
        certificate=value["certificate"],
        transaction=value["transaction"],
        registry=Registry(**value["registry"]),
        holder=Holder(**value["holder"]),
        beneficiary=value["beneficiary"],
        purpose=value["purpose"],
        unit_type=value["unit_type"],
        measure=value["measure"],
        quantity=value["quantity"],
        serials=tuple(SerialRange(**each) for each in value["serials"]),
        cancelled_on=date.fromisoformat(value["cancelled_on"]),
        completed_at=_moment(value["completed_at"]),
        issued_at=_moment(value["issued_at"]),
        log=LogPlace(**value["log"]),
    )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
