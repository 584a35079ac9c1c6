"""The list of accounts that an account trusts: proposed, approved after a delay, removed at once.

Owns the life of an entry. An account of the same holder is trusted without one. Source:
Commission Delegated Regulation (EU) 2019/1122, article 23; the UK registry's trusted account list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.models.account_number import read_account_number
from app.models.codes import AccountState, Role, RuleKind
from app.models.errors import NotFound
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Account, Person, Rule, TrustedAccount
from app.models.tables.base import AnyRow, inserted_id, time_text
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.people.access import require_access, require_role
from app.services.registry.context import Actor, OpenRegistry
from app.services.trust.holidays import read_holidays
from app.services.trust.working_hours import add_working_hours

LARGEST_ID = 2**63 - 1
"""What a key's column holds; a larger number is nobody's."""

_STATE_TH = {
    "proposed": "เสนอแล้ว",
    "approved": "อนุมัติแล้ว",
    "rejected": "ถูกปฏิเสธ",
    "removed": "นำออกแล้ว",
}


@dataclass(frozen=True, slots=True)
class TrustedRow:
    """An entry of an account's list; in force from `effective_at` while it is approved."""

    id: int
    account: str
    trusted: str
    trusted_name: str
    note: str
    state: str
    proposed_by: str
    proposed_at: datetime
    effective_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Write the entry as the command line gives it."""
        return {
            "id": self.id,
            "account": self.account,
            "trusted": self.trusted,
            "name": self.trusted_name,
            "note": self.note,
            "state": self.state,
            "proposed_by": self.proposed_by,
            "effective_at": None if self.effective_at is None else time_text(self.effective_at),
        }


def list_trusted(registry: OpenRegistry, number: str) -> list[TrustedRow]:
    """List an account's entries, those that ended included, the newest first."""
    trusted = select(Account.number, Account.name).subquery()
    query = (
        select(
            *TrustedAccount.__table__.columns,
            Account.number.label("account"),
            trusted.c.name.label("trusted_name"),
            Person.user_name,
        )
        .join(Account, Account.id == TrustedAccount.account_id)
        .join(Person, Person.id == TrustedAccount.proposed_by)
        .outerjoin(trusted, trusted.c.number == TrustedAccount.trusted_number)
        .where(Account.number == number)
        .order_by(TrustedAccount.id.desc())
    )
    with reading(registry.engine) as connection:
        rows = connection.execute(query).all()
    return [
        TrustedRow(
            id=row.id,
            account=row.account,
            trusted=row.trusted_number,
            trusted_name=row.trusted_name or "",
            note=row.note,
            state=row.state,
            proposed_by=row.user_name,
            proposed_at=row.proposed_at,
            effective_at=row.effective_at,
        )
        for row in rows
    ]


def propose_trusted(
    registry: OpenRegistry, actor: Actor, number: str, trusted: str, *, note: str = ""
) -> int:
    """Propose that an account trusts another, here or abroad; give the entry's number.

    Raises RulesBroken when the actor is no officer, or the other account cannot be trusted.
    """
    note = require_plain_text(note, what="note", longest=LONGEST_NAME)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        require_access(connection, actor)
        require_role(actor, Role.OFFICER, "proposes trusted accounts", "เสนอบัญชีที่เชื่อถือ")
        account = _require_account(connection, number)
        _require_trustable(connection, registry, account, trusted)
        result = connection.execute(
            insert(TrustedAccount),
            {
                "account_id": account.id,
                "trusted_number": trusted,
                "note": note,
                "state": "proposed",
                "proposed_by": actor.id,
                "proposed_at": registry.now(),
            },
        )
        entry_id = inserted_id(result)
        body = {"entry": entry_id, "account": number, "trusted": trusted}
        _log(connection, registry, actor, "trust-proposed", body)
        unit.commit()
    return entry_id


def _require_account(connection: Connection, number: str) -> AnyRow:
    row = connection.execute(
        select(Account.id, Account.number, Account.state, Account.holder_id).where(
            Account.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"There is no account {number} in this registry.", hint="`teak accounts` lists them."
        )
    return row


def _require_trustable(
    connection: Connection, registry: OpenRegistry, account: AnyRow, trusted: str
) -> None:
    try:
        country = read_account_number(trusted).country
    except ValueError as error:
        raise refuse(
            9630, number=trusted, reason=str(error), reason_th="รูปแบบหรือเลขตรวจสอบไม่ถูกต้อง"
        ) from None
    if trusted == account.number:
        raise refuse(
            9630, number=trusted, reason="it is the account itself", reason_th="เป็นบัญชีเดียวกัน"
        )
    if country == registry.country:
        other = _require_account(connection, trusted)
        if other.state in (AccountState.CLOSED, AccountState.REJECTED):
            raise refuse(
                9630,
                number=trusted,
                reason=f"it is {other.state}",
                reason_th=AccountState(other.state).words_th,
            )
    listed = connection.execute(
        select(TrustedAccount.id).where(
            TrustedAccount.account_id == account.id,
            TrustedAccount.trusted_number == trusted,
            TrustedAccount.state.in_(["proposed", "approved"]),
        )
    ).first()
    if listed is not None:
        raise refuse(9631, number=trusted)


def approve_trusted(registry: OpenRegistry, actor: Actor, entry_id: int) -> datetime:
    """Approve an entry; give the moment from which the account is trusted.

    That is after the working hours of the rule `trust-delay`, none where there is no such rule.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        row = _require_decidable(connection, actor, entry_id)
        hours = longest_delay(connection, registry, RuleKind.TRUST_DELAY)
        now = registry.now()
        effective_at = add_working_hours(now, hours, read_holidays(connection))
        connection.execute(
            update(TrustedAccount)
            .where(TrustedAccount.id == entry_id)
            .values(
                state="approved", decided_by=actor.id, decided_at=now, effective_at=effective_at
            )
        )
        body = {"entry": entry_id, "account": row.number, "trusted": row.trusted_number}
        _log(connection, registry, actor, "trust-approved", body)
        unit.commit()
    return effective_at


def reject_trusted(registry: OpenRegistry, actor: Actor, entry_id: int, *, comment: str) -> None:
    """Reject a proposed entry with a comment."""
    comment = require_plain_text(comment, what="comment")
    if not comment:
        raise refuse(9143)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        row = _require_decidable(unit.connection, actor, entry_id)
        unit.connection.execute(
            update(TrustedAccount)
            .where(TrustedAccount.id == entry_id)
            .values(state="rejected", decided_by=actor.id, decided_at=registry.now())
        )
        body = {"entry": entry_id, "account": row.number, "trusted": row.trusted_number}
        _log(unit.connection, registry, actor, "trust-rejected", {**body, "comment": comment})
        unit.commit()


def remove_trusted(registry: OpenRegistry, actor: Actor, entry_id: int, *, reason: str) -> None:
    """Take an account off the list, at once; an officer or an administrator does."""
    reason = require_plain_text(reason, what="reason")
    if not reason:
        raise refuse(9617)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        require_access(connection, actor)
        if actor.role is not Role.ADMINISTRATOR:
            require_role(actor, Role.OFFICER, "removes trusted accounts", "นำบัญชีที่เชื่อถือออก")
        row = _require_entry(connection, entry_id)
        if row.state != "approved":
            raise _wrong_state(row)
        connection.execute(
            update(TrustedAccount)
            .where(TrustedAccount.id == entry_id)
            .values(state="removed", removed_at=registry.now())
        )
        body = {"entry": entry_id, "account": row.number, "trusted": row.trusted_number}
        _log(connection, registry, actor, "trust-removed", {**body, "reason": reason})
        unit.commit()


def _require_entry(connection: Connection, entry_id: int) -> AnyRow:
    row = None if entry_id > LARGEST_ID else _find_entry(connection, entry_id)
    if row is None:
        raise NotFound(
            f"There is no trusted-account entry {entry_id}.", hint="`teak trust list` names them."
        )
    return row


def _find_entry(connection: Connection, entry_id: int) -> AnyRow | None:
    return connection.execute(
        select(
            TrustedAccount.id,
            TrustedAccount.state,
            TrustedAccount.trusted_number,
            TrustedAccount.proposed_by,
            Account.number,
            Person.user_name,
        )
        .join(Account, Account.id == TrustedAccount.account_id)
        .join(Person, Person.id == TrustedAccount.proposed_by)
        .where(TrustedAccount.id == entry_id)
    ).one_or_none()


def _require_decidable(connection: Connection, actor: Actor, entry_id: int) -> AnyRow:
    require_access(connection, actor)
    require_role(actor, Role.APPROVER, "decides on trusted accounts", "ตัดสินบัญชีที่เชื่อถือ")
    row = _require_entry(connection, entry_id)
    if row.state != "proposed" or row.proposed_by == actor.id:
        raise _wrong_state(row)
    return row


def _wrong_state(row: AnyRow) -> Exception:
    return refuse(9632, state=row.state, state_th=_STATE_TH[row.state], user=row.user_name)


def longest_delay(connection: Connection, registry: OpenRegistry, kind: RuleKind) -> int:
    """Give the longest delay, in working hours, of a kind that is in force for any unit type.

    A list serves every unit type, so it waits for the strictest.
    """
    today = registry.today()
    values = connection.execute(
        select(Rule.value).where(
            Rule.kind == str(kind), Rule.valid_from <= today, Rule.valid_to >= today
        )
    ).scalars()
    return max((int(value) for value in values), default=0)


def _log(
    connection: Connection, registry: OpenRegistry, actor: Actor, kind: str, body: dict[str, Any]
) -> None:
    append_entry(connection, kind, at=registry.now(), persons={"done": actor.user_name}, body=body)
