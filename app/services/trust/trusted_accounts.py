"""The list of accounts that an account trusts: proposed, approved after a delay, removed at once.

Owns the life of an entry. An account of the same holder is trusted without one. Source:
Commission Delegated Regulation (EU) 2019/1122, article 23; the UK registry's trusted account list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from app.models.account_number import read_account_number
from app.models.codes import AccountState, Role, RuleKind
from app.models.errors import NotFound
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.prepared import Prepared, Read, Values, read_together
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.storage.writes import Writes, keys_ahead
from app.models.tables import Account, Person, Rule, TrustedAccount
from app.models.tables.base import AnyRow, time_text
from app.services.checks.refusals import refuse
from app.services.log.append import LogWriter
from app.services.people.access import access_ahead, require_access, require_role
from app.services.registry.context import Actor, OpenRegistry
from app.services.trust.holidays import HOLIDAYS, read_holidays
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
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        read_together(connection, _asked_of_proposal(actor, number, trusted))
        require_access(connection, actor)
        require_role(actor, Role.OFFICER, "proposes trusted accounts", "เสนอบัญชีที่เชื่อถือ")
        account = _require_account(connection, number)
        _require_trustable(connection, registry, account, trusted)
        entry_id = writes.insert(
            TrustedAccount,
            {
                "account_id": account.id,
                "trusted_number": trusted,
                "note": note,
                "state": "proposed",
                "proposed_by": actor.id,
                "proposed_at": registry.now(),
            },
        )
        body = {"entry": entry_id, "account": number, "trusted": trusted}
        _log(unit, writes, registry, actor, "trust-proposed", body)
        unit.commit()
    return entry_id


_ACCOUNT = Prepared(
    select(Account.id, Account.number, Account.state, Account.holder_id).where(
        Account.number == bindparam("wanted")
    )
)
_LISTED = Prepared(
    select(TrustedAccount.id)
    .join(Account, Account.id == TrustedAccount.account_id)
    .where(
        Account.number == bindparam("wanted"),
        TrustedAccount.trusted_number == bindparam("trusted"),
        or_(TrustedAccount.state == "proposed", TrustedAccount.state == "approved"),
    )
)
_ENTRY = Prepared(
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
    .where(TrustedAccount.id == bindparam("entry_id"))
)
_DELAYS = Prepared(
    select(Rule.value).where(
        Rule.kind == bindparam("of_kind"),
        Rule.valid_from <= bindparam("today"),
        Rule.valid_to >= bindparam("today"),
    )
)
_CHANGE = update(TrustedAccount).where(TrustedAccount.id == bindparam("entry_id"))
_APPROVE, _REJECT, _REMOVE = Prepared(_CHANGE), Prepared(_CHANGE), Prepared(_CHANGE)
"""One for each set of columns that is changed."""


def _asked_of_proposal(actor: Actor, number: str, trusted: str) -> Iterator[Read]:
    """Give what a proposal is sure to ask for, so that a server is asked once."""
    yield access_ahead(actor)
    yield _ACCOUNT, {"wanted": number}
    yield _ACCOUNT, {"wanted": trusted}
    yield _LISTED, {"wanted": number, "trusted": trusted}
    if actor.role is Role.OFFICER:
        yield from keys_ahead(TrustedAccount)


def _asked_of_decision(actor: Actor, entry_id: int) -> Iterator[Read]:
    """Give what every decision on an entry asks for."""
    yield access_ahead(actor)
    if entry_id <= LARGEST_ID:
        yield _ENTRY, {"entry_id": entry_id}


def _require_account(connection: Connection, number: str) -> AnyRow:
    row = _ACCOUNT.record(connection, {"wanted": number})
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
    listed = {"wanted": account.number, "trusted": trusted}
    if _LISTED.find(connection, listed) is not None:
        raise refuse(9631, number=trusted)


def approve_trusted(registry: OpenRegistry, actor: Actor, entry_id: int) -> datetime:
    """Approve an entry; give the moment from which the account is trusted.

    That is after the working hours of the rule `trust-delay`, none where there is no such rule.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        delays = (_DELAYS, _delay_values(registry, RuleKind.TRUST_DELAY))
        read_together(connection, (*_asked_of_decision(actor, entry_id), delays, (HOLIDAYS, {})))
        row = _require_decidable(connection, actor, entry_id)
        hours = longest_delay(connection, registry, RuleKind.TRUST_DELAY)
        now = registry.now()
        effective_at = add_working_hours(now, hours, read_holidays(connection))
        decided = {"state": "approved", "decided_by": actor.id, "decided_at": now}
        approved = {**decided, "effective_at": effective_at, "entry_id": entry_id}
        writes.run(_APPROVE, approved)
        body = {"entry": entry_id, "account": row.number, "trusted": row.trusted_number}
        _log(unit, writes, registry, actor, "trust-approved", body)
        unit.commit()
    return effective_at


def reject_trusted(registry: OpenRegistry, actor: Actor, entry_id: int, *, comment: str) -> None:
    """Reject a proposed entry with a comment."""
    comment = require_plain_text(comment, what="comment")
    if not comment:
        raise refuse(9143)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        read_together(connection, _asked_of_decision(actor, entry_id))
        row = _require_decidable(connection, actor, entry_id)
        decided = {"state": "rejected", "decided_by": actor.id, "decided_at": registry.now()}
        writes.run(_REJECT, {**decided, "entry_id": entry_id})
        body = {"entry": entry_id, "account": row.number, "trusted": row.trusted_number}
        _log(unit, writes, registry, actor, "trust-rejected", {**body, "comment": comment})
        unit.commit()


def remove_trusted(registry: OpenRegistry, actor: Actor, entry_id: int, *, reason: str) -> None:
    """Take an account off the list, at once; an officer or an administrator does."""
    reason = require_plain_text(reason, what="reason")
    if not reason:
        raise refuse(9617)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        read_together(connection, _asked_of_decision(actor, entry_id))
        require_access(connection, actor)
        if actor.role is not Role.ADMINISTRATOR:
            require_role(actor, Role.OFFICER, "removes trusted accounts", "นำบัญชีที่เชื่อถือออก")
        row = _require_entry(connection, entry_id)
        if row.state != "approved":
            raise _wrong_state(row)
        removed = {"state": "removed", "removed_at": registry.now(), "entry_id": entry_id}
        writes.run(_REMOVE, removed)
        body = {"entry": entry_id, "account": row.number, "trusted": row.trusted_number}
        _log(unit, writes, registry, actor, "trust-removed", {**body, "reason": reason})
        unit.commit()


def _require_entry(connection: Connection, entry_id: int) -> AnyRow:
    is_key = entry_id <= LARGEST_ID
    row = _ENTRY.record(connection, {"entry_id": entry_id}) if is_key else None
    if row is None:
        raise NotFound(
            f"There is no trusted-account entry {entry_id}.", hint="`teak trust list` names them."
        )
    return row


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
    values = _DELAYS.rows(connection, _delay_values(registry, kind))
    return max((int(value) for (value,) in values), default=0)


def _delay_values(registry: OpenRegistry, kind: RuleKind) -> Values:
    return {"of_kind": str(kind), "today": registry.today()}


def _log(
    unit: UnitOfWork,
    writes: Writes,
    registry: OpenRegistry,
    actor: Actor,
    kind: str,
    body: dict[str, Any],
) -> None:
    """Log what was done, and write all of it."""
    log = LogWriter(unit.connection, writes)
    log.append(kind, at=registry.now(), persons={"done": actor.user_name}, body=body)
    log.flush()
    writes.flush()
