"""Accounts and their holders: proposing, opening, and every later change of state.

Owns the life of an account (proposed → open → suspended or locked → closed) and what may
follow what. Each change has a reason and an actor and is logged; a closed account never
reopens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from app.models.account_number import AccountNumber
from app.models.codes import AccountState, AccountType, Role
from app.models.errors import NotFound, UsageError
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.prepared import Prepared, Read, read_together
from app.models.storage.unit_of_work import UnitOfWork
from app.models.storage.writes import Writes, keys_ahead
from app.models.tables import (
    Account,
    AccountChange,
    Holder,
    HolderDocument,
    Representative,
)
from app.models.tables.base import AnyRow
from app.services.account_closing import closing_ahead, require_closable
from app.services.checks.refusals import refuse
from app.services.documents import document_ahead, require_document
from app.services.log.append import LogWriter
from app.services.people.access import access_ahead, require_access, require_role
from app.services.registry.context import Actor, OpenRegistry
from app.services.repetitions import done_ahead, find_done, keep_done

FIRST_HOLDING_IDENTIFIER = 1000

_NEXT_STATES: dict[AccountState, tuple[AccountState, ...]] = {
    AccountState.PROPOSED: (AccountState.OPEN, AccountState.REJECTED),
    AccountState.OPEN: (AccountState.SUSPENDED, AccountState.LOCKED, AccountState.CLOSED),
    AccountState.SUSPENDED: (AccountState.OPEN, AccountState.CLOSED),
    AccountState.LOCKED: (AccountState.OPEN,),
    AccountState.CLOSED: (),
    AccountState.REJECTED: (),
}
_OPENED_BY = Role.APPROVER
_HOLDER_TEXTS = ("name_en", "name_th", "tax_id", "email")
_HOLDER_WORDS = {
    "kind": ("organisation", "person", "state"),
    "identity_check": ("passed", "pending", "not-applicable"),
}
_COUNTRY = re.compile(r"(?:[A-Z]{2})?")
_LATEST = Prepared(
    select(func.max(Account.identifier)).where(Account.type_code == bindparam("kind"))
)
_FOUND = Prepared(
    select(Account.id, Account.state, Account.proposed_by).where(
        Account.number == bindparam("wanted")
    )
)
_CHANGES = {
    columns: Prepared(update(Account).where(Account.id == bindparam("account_id")))
    for columns in (1, 2, 3)
}
"""A change of state, by how many columns it sets: its decider and first day go with some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolder:
    """An account holder; `kind` is organisation, person or state.

    `identity_check` is passed, pending or not-applicable. `documents` are digests of
    documents kept in the registry.
    """

    name_en: str
    name_th: str = ""
    kind: str = "organisation"
    tax_id: str = ""
    country: str = "TH"
    email: str = ""
    identity_check: str = "pending"
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRepresentative:
    """Somebody who may act for an account; `rights`: initiate, approve, both or read."""

    name: str
    email: str
    rights: str = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to open, for a new holder or one that is known by id."""

    name: str
    holder: NewHolder | int
    type: AccountType = AccountType.HOLDING
    period: int = 0
    representatives: Sequence[NewRepresentative] = field(default=())


@dataclass(frozen=True, slots=True)
class _Acting:
    """Who acts on which registry, and where what they do is read and written."""

    connection: Connection
    writes: Writes
    log: LogWriter
    registry: OpenRegistry
    actor: Actor


def propose_account(
    registry: OpenRegistry, actor: Actor, account: NewAccount, *, request_id: str | None = None
) -> str:
    """Propose an account and give the number it will have.

    A repeated `request_id` of the same person gives the number of the first time. Raises
    RulesBroken when the actor is no officer, a name is missing or the type is none that holders
    have; UsageError for text that cannot be kept; NotFound for a holder or document that the
    registry does not know.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        asked = () if request_id is None else (done_ahead(actor, request_id),)
        read_together(connection, (*asked, *_asked_of_proposal(actor, account)))
        if request_id is not None:
            earlier = find_done(connection, actor, request_id)
            if earlier is not None:
                return earlier
        log = LogWriter(connection, writes)
        number = _propose(_Acting(connection, writes, log, registry, actor), account)
        log.flush()
        if request_id is not None:
            keep_done(writes, actor, request_id, number, at=registry.now())
        writes.flush()
        unit.commit()
    return number


def _asked_of_proposal(actor: Actor, account: NewAccount) -> Iterator[Read]:
    """Give what a proposal is sure to ask for, so that a server is asked once."""
    yield access_ahead(actor)
    yield _LATEST, {"kind": int(account.type)}
    is_new = isinstance(account.holder, NewHolder)
    for digest in account.holder.documents if isinstance(account.holder, NewHolder) else ():
        yield document_ahead(digest)
    if actor.role is Role.OFFICER:
        yield from keys_ahead(*([Holder] if is_new else []), Account)


def propose_account_within(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    actor: Actor,
    account: NewAccount,
) -> str:
    """Propose an account inside a unit of work of the caller's."""
    writes = Writes(connection)
    number = _propose(_Acting(connection, writes, log, registry, actor), account)
    writes.flush()
    return number


def _propose(acting: _Acting, account: NewAccount) -> str:
    connection, actor = acting.connection, acting.actor
    require_access(connection, actor)
    require_role(actor, Role.OFFICER, "proposes accounts", "เสนอเปิดบัญชี")
    _require_names(account)
    _require_holding_type(account.type)
    holder_id = (
        _find_holder(connection, account.holder)
        if isinstance(account.holder, int)
        else _add_holder(acting, account.holder)
    )
    number = _next_number(connection, acting.registry.country, account.type, account.period)
    account_id = acting.writes.insert(
        Account,
        {
            "number": str(number),
            "country": number.country,
            "type_code": number.type_code,
            "identifier": number.identifier,
            "period": number.period,
            "name": account.name.strip(),
            "holder_id": holder_id,
            "state": str(AccountState.PROPOSED),
            "unit_state": str(account.type.unit_state),
            "proposed_by": actor.id,
        },
    )
    for item in account.representatives:
        acting.writes.add(Representative, {"account_id": account_id, **asdict(item)})
    # Names and addresses of people stay out of the log, which can never forget.
    body = {
        "account": str(number),
        "reason": "",
        "type": int(account.type),
        "name": account.name.strip(),
        "holder": holder_id,
        "representatives": len(account.representatives),
    }
    _record_change(acting, account_id, AccountState.PROPOSED, body)
    return str(number)


def _next_number(
    connection: Connection, country: str, kind: AccountType, period: int
) -> AccountNumber:
    ((latest,),) = _LATEST.rows(connection, {"kind": int(kind)})
    first = FIRST_HOLDING_IDENTIFIER if kind.is_holding else 1
    identifier = first if latest is None else int(latest) + 1
    return AccountNumber(country=country, type_code=int(kind), identifier=identifier, period=period)


def _require_holder(holder: NewHolder) -> None:
    for name, words in _HOLDER_WORDS.items():
        value = getattr(holder, name)
        if value not in words:
            raise UsageError(
                f"The holder's {name} is “{value}”.", hint=f"Give one of {', '.join(words)}."
            )
    if not _COUNTRY.fullmatch(holder.country):
        raise UsageError(
            f"The holder's country is “{holder.country}”.",
            hint="Give two capital letters, as TH, or leave it empty.",
        )


def _find_holder(connection: Connection, holder_id: int) -> int:
    # A number no key can be would overflow the driver.
    ids = connection.execute(select(func.max(Holder.id))).scalar() or 0
    found = (
        connection.execute(select(Holder.id).where(Holder.id == holder_id)).scalar()
        if 0 < holder_id <= ids
        else None
    )
    if found is None:
        raise NotFound(
            f"There is no holder {holder_id} in this registry.",
            hint="Give the holder's own fields to add one.",
        )
    return found


def _add_holder(acting: _Acting, holder: NewHolder) -> int:
    _require_holder(holder)
    documents = list(dict.fromkeys(holder.documents))
    for digest in documents:
        require_document(acting.connection, digest)
    content = asdict(holder)
    del content["documents"]
    now = acting.registry.now()
    holder_id = acting.writes.insert(Holder, {**content, "created_at": now})
    for digest in documents:
        row = {"holder_id": holder_id, "sha256": digest, "purpose": "identity"}
        acting.writes.add(HolderDocument, row)
    # Personal data stays out of the log: a number stands for it.
    acting.log.append(
        "holder-added",
        at=now,
        persons={"done": acting.actor.user_name},
        body={"holder": holder_id, "kind": holder.kind, "documents": documents},
    )
    return holder_id


def change_account(
    registry: OpenRegistry, actor: Actor, number: str, state: AccountState, *, reason: str
) -> AccountState:
    """Take an account to another state: open, suspend, lock, close or reject it.

    A proposed account is opened or rejected by an approver who did not propose it; all else is
    for an administrator. Every change but opening needs a reason. Raises RulesBroken when the
    state may not follow, the actor may not change it, or an account to close has units or
    pending transactions; NotFound for an unknown number.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        unit.commits_with_write()
        connection, writes = unit.connection, Writes(unit.connection)
        asked = closing_ahead(number) if state is AccountState.CLOSED else ()
        found = (_FOUND, {"wanted": number})
        read_together(connection, (found, access_ahead(actor), *asked))
        log = LogWriter(connection, writes)
        _change(_Acting(connection, writes, log, registry, actor), number, state, reason)
        log.flush()
        writes.flush()
        unit.commit()
    return state


def change_account_within(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    actor: Actor,
    number: str,
    state: AccountState,
    *,
    reason: str,
) -> None:
    """Change an account's state inside a unit of work of the caller's."""
    writes = Writes(connection)
    _change(_Acting(connection, writes, log, registry, actor), number, state, reason)
    writes.flush()


def _change(acting: _Acting, number: str, state: AccountState, reason: str) -> None:
    connection, registry, actor = acting.connection, acting.registry, acting.actor
    row = _FOUND.record(connection, {"wanted": number})
    if row is None:
        raise NotFound(
            f"There is no account {number} in this registry.", hint="`teak accounts` lists them."
        )
    require_access(connection, actor)
    reason = require_plain_text(reason, what="reason")
    _refuse_change(connection, registry, actor, row, state, number, reason)
    values: dict[str, Any] = {"state": str(state)}
    if row.state == AccountState.PROPOSED:
        values["approved_by"] = actor.id
        if state is AccountState.OPEN:
            values["opened_on"] = registry.today()
    acting.writes.run(_CHANGES[len(values)], {**values, "account_id": row.id})
    body = {"account": number, "reason": reason}
    _record_change(acting, row.id, state, body)


def _refuse_change(
    connection: Connection,
    registry: OpenRegistry,
    actor: Actor,
    row: AnyRow,
    state: AccountState,
    number: str,
    reason: str,
) -> None:
    current = AccountState(row.state)
    if state not in _NEXT_STATES[current]:
        raise refuse(
            9404,
            number=number,
            state=current,
            state_th=current.words_th,
            wanted=state,
            wanted_th=state.words_th,
        )
    if current is AccountState.PROPOSED:
        require_role(actor, _OPENED_BY, "opens accounts", "เปิดบัญชี")
        if row.proposed_by == actor.id:
            raise refuse(9405, user=actor.user_name)
        if state is AccountState.REJECTED and not reason:
            raise refuse(9406)
        return
    require_role(actor, Role.ADMINISTRATOR, "changes the state of accounts", "เปลี่ยนสถานะบัญชี")
    if not reason:
        raise refuse(9406)
    if state is AccountState.CLOSED:
        require_closable(connection, number=number, country=registry.country)


def _record_change(
    acting: _Acting, account_id: int, state: AccountState, body: dict[str, Any]
) -> None:
    now, actor = acting.registry.now(), acting.actor
    change = {"account_id": account_id, "state": str(state), "at": now, "person_id": actor.id}
    acting.writes.add(AccountChange, {**change, "reason": body["reason"]})
    acting.log.append(f"account-{state}", at=now, persons={"done": actor.user_name}, body=body)


def _require_names(account: NewAccount) -> None:
    require_plain_text(account.name, what="name", longest=LONGEST_NAME)
    missing = not account.name.strip()
    if isinstance(account.holder, NewHolder):
        for field_name in _HOLDER_TEXTS:
            text = getattr(account.holder, field_name)
            require_plain_text(text, what=field_name, longest=LONGEST_NAME)
        missing = missing or not (account.holder.name_en.strip() or account.holder.name_th.strip())
    for representative in account.representatives:
        require_plain_text(representative.name, what="representative", longest=LONGEST_NAME)
        require_plain_text(representative.email, what="email", longest=LONGEST_NAME)
    if missing:
        raise refuse(9403)


def _require_holding_type(kind: AccountType) -> None:
    """Refuse the registry's own accounts: those come with their commitment period."""
    if not kind.is_holding:
        raise refuse(9408, type=int(kind))
