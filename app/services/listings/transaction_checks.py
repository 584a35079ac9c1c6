"""What each check said of a transaction, at each step that it was judged.

Owns reading it back from the history, beside the catalogue as it is now; runs no check. A step
that was recorded before checks were kept, or a check that is newer than the step, says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from app.models.codes import TransactionStatus
from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import Person, TransactionEvent, TransactionRow
from app.models.tables.base import AnyRow
from app.services.checks.catalogue import APPLYING
from app.services.checks.engine import Check
from app.services.listings.words import status_word, time_json
from app.services.registry.context import OpenRegistry
from app.services.transactions.proposing import transaction_number
from app.services.transactions.situation import stored_act

JUDGED = frozenset(
    {TransactionStatus.CHECKED, TransactionStatus.COMPLETED, TransactionStatus.TERMINATED}
)
"""Statuses that a transaction reaches by being judged; it reaches the others by a person's word."""


class Finding(StrEnum):
    """What became of a check at a step."""

    PASSED = "passed"
    REFUSED = "refused"
    NOTED = "noted"
    SKIPPED = "skipped"
    NOT_RECORDED = "not-recorded"


_SENTENCES = {
    Finding.PASSED: ("Passed.", "ผ่าน"),
    Finding.REFUSED: (
        "Refused; what it said was not kept.",
        "ไม่ผ่าน แต่ไม่มีบันทึกข้อความ",
    ),
    Finding.SKIPPED: (
        "Not run: a check of an earlier category refused.",
        "ไม่ได้ตรวจ เพราะการตรวจในหมวดก่อนหน้าไม่ผ่าน",
    ),
    Finding.NOT_RECORDED: (
        "Not recorded: the step is older than this check, or than the keeping of results.",
        "ไม่มีบันทึก: ขั้นตอนนี้เกิดก่อนมีการตรวจข้อนี้ หรือก่อนการเก็บผลการตรวจ",
    ),
}


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One check at one step, with its sentence in both languages."""

    code: int
    name: str
    category: str
    category_code: int
    outcome: Finding
    message: str
    message_th: str

    def as_json(self) -> dict[str, Any]:
        """Write the outcome as the command line gives it."""
        return {
            "code": self.code,
            "name": self.name,
            "category": self.category,
            "category_code": self.category_code,
            "outcome": str(self.outcome),
            "message": self.message,
            "message_th": self.message_th,
        }


@dataclass(frozen=True, slots=True)
class StepChecks:
    """A step of a transaction at which it was judged, with every check that applied."""

    transaction: str
    status: str
    status_code: int
    at: datetime
    by: str
    checks: tuple[CheckOutcome, ...]

    def as_json(self) -> dict[str, Any]:
        """Write the step as the command line gives it."""
        return {
            "transaction": self.transaction,
            "status": self.status,
            "status_code": self.status_code,
            "at": time_json(self.at),
            "by": self.by,
            "checks": [check.as_json() for check in self.checks],
        }


def list_transaction_checks(registry: OpenRegistry, identifier: str) -> tuple[StepChecks, ...]:
    """Give each step at which a transaction was judged, and what every check said of it.

    Raises NotFound for an unknown transaction.
    """
    number = transaction_number(registry, identifier)
    with reading(registry.engine) as connection:
        act = connection.execute(
            select(TransactionRow.act).where(TransactionRow.id == number)
        ).scalar()
        if act is None:
            raise NotFound(
                f"There is no transaction {registry.country}{number}.",
                hint="`teak transactions` lists them.",
            )
        events = _judged_steps(connection, number)
    catalogue = APPLYING[stored_act(act).name]
    return tuple(_step(f"{registry.country}{number}", event, catalogue) for event in events)


def _judged_steps(connection: Connection, number: int) -> list[AnyRow]:
    rows = connection.execute(
        select(
            TransactionEvent.status,
            TransactionEvent.stage,
            TransactionEvent.at,
            TransactionEvent.codes,
            TransactionEvent.passed,
            TransactionEvent.said,
            Person.user_name,
        )
        .join(Person, Person.id == TransactionEvent.person_id)
        .where(TransactionEvent.transaction_id == number)
        .order_by(TransactionEvent.id)
    )
    return [row for row in rows if row.status in JUDGED]


def _step(transaction: str, event: AnyRow, catalogue: tuple[Check, ...]) -> StepChecks:
    return StepChecks(
        transaction=transaction,
        status=status_word(event.status, event.stage),
        status_code=event.status,
        at=event.at,
        by=event.user_name,
        checks=tuple(_outcomes(event, catalogue)),
    )


def _outcomes(event: AnyRow, catalogue: tuple[Check, ...]) -> Iterator[CheckOutcome]:
    """Give every check that applies today, then those kept that today's catalogue lacks."""
    said = {item["code"]: item for item in json.loads(event.said or "[]")}
    passed, refused = _codes(event.passed), _codes(event.codes)
    categories = {check.code: check.category for check in catalogue}
    last = min((categories[code] for code in refused if code in categories), default=None)
    for check in catalogue:
        if check.code in said:
            outcome = Finding.REFUSED if check.code in refused else Finding.NOTED
        elif check.code in refused:
            outcome = Finding.REFUSED
        elif check.code in passed:
            outcome = Finding.PASSED
        elif last is not None and check.category > last:
            outcome = Finding.SKIPPED
        else:
            outcome = Finding.NOT_RECORDED
        yield _outcome(check, outcome, said.get(check.code))
    for code, item in said.items():
        if code not in categories:
            yield _of_the_past(item, is_refusal=code in refused)


def _codes(text: str) -> frozenset[int]:
    return frozenset(int(code) for code in text.split())


def _outcome(check: Check, outcome: Finding, said: Mapping[str, Any] | None) -> CheckOutcome:
    return CheckOutcome(
        code=check.code,
        name=check.name,
        category=check.category.name.lower().replace("_", "-"),
        category_code=int(check.category),
        outcome=outcome,
        message=_SENTENCES[outcome][0] if said is None else said["message"],
        message_th=_SENTENCES[outcome][1] if said is None else said["message_th"],
    )


def _of_the_past(said: Mapping[str, Any], *, is_refusal: bool) -> CheckOutcome:
    """Give what a check said that the catalogue no longer has for such an act."""
    return CheckOutcome(
        code=said["code"],
        name="",
        category=said["category"],
        category_code=0,
        outcome=Finding.REFUSED if is_refusal else Finding.NOTED,
        message=said["message"],
        message_th=said["message_th"],
    )
