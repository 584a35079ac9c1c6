"""Facts of acts that move or change units, right until a situation changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.models.codes import (
    AccountType,
    NoticeType,
    Role,
    RuleKind,
    TransactionStatus,
    TransactionType,
    UnitState,
)
from app.models.serials.reading import read_serial
from app.services.transactions.acts import (
    Acquisition,
    Act,
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    CarryOver,
    ClosureTransfer,
    CorrectiveTransfer,
    ExpiryChange,
    ExternalTransfer,
    Replacement,
    Retirement,
)
from app.services.transactions.facts import (
    AccountFacts,
    CarriedFacts,
    Facts,
    NamedTransactionFacts,
    NoticeFacts,
    PeriodFacts,
    ReplacedFacts,
    RuleFacts,
    UnitTypeFacts,
)
from tests.services.checks.test_catalogue import (
    BLOCK,
    CANCELLATION,
    FOREST,
    GREEN,
    OFFICER,
    PROJECT,
    REGISTRATION,
    account,
    cancellation,
    registration,
    transfer,
)

ADMIN = replace(OFFICER, id=9, user_name="admin", role=Role.ADMINISTRATOR)
TEN: dict[str, Any] = {"from_account": FOREST, "unit_type": "TER", "quantity": 10}
PERIODS = (
    PeriodFacts(1, date(2021, 1, 1), date(2025, 12, 31)),
    PeriodFacts(2, date(2026, 1, 1), date(2030, 12, 31)),
)
BUFFER = "TH-901-5-1-62"


def built_in(kind: AccountType, **changes: object) -> AccountFacts:
    facts = account("TH-999-1-1-1", type=kind, unit_state=kind.unit_state)
    return replace(facts, **changes)  # type: ignore[arg-type]


def with_act(facts: Facts, **changes: object) -> Facts:
    act: Act = replace(facts.act, **changes)  # type: ignore[arg-type]
    return replace(facts, act=act)


# Retirement, carry-over, change of expiry date


def retirement(**changes: object) -> Facts:
    facts = transfer(
        act=Retirement(**TEN), acquiring=built_in(AccountType.RETIREMENT), periods=PERIODS
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def carry_over(**changes: object) -> Facts:
    facts = transfer(
        act=CarryOver(**TEN),
        acquiring=account(FOREST),
        periods=PERIODS,
        carried=CarriedFacts(100, 0, 0),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def limited(share: str, held: int, done: int, pending: int) -> Facts:
    rule = RuleFacts(5, Decimal(share))
    return carry_over(
        rules={RuleKind.CARRY_OVER_LIMIT: rule}, carried=CarriedFacts(held, done, pending)
    )


def two_periods(facts: Facts) -> Facts:
    other = replace(BLOCK, first=101, last=200, period=2)
    return replace(facts, act=replace(facts.act, quantity=150), candidates=(BLOCK, other))


EXPIRY = RuleFacts(2, Decimal(6))


def expiry_change(to_expiry: date = date(2030, 6, 30), **changes: object) -> Facts:
    facts = transfer(
        act=ExpiryChange(**TEN, to_expiry=to_expiry),
        acquiring=account(FOREST),
        rules={RuleKind.DEFAULT_EXPIRY: EXPIRY},
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


# Replacement

T_BLOCK = replace(
    BLOCK, id=2, series="TH-6", first=1, last=50, project="7", template="TH-6-{start}-{end}"
)
RETIRED = account("TH-300-4-1-9", type=AccountType.RETIREMENT, unit_state=UnitState.RETIRED)


def replaced(problem: str = "", last: int = 10, text: str = "T1") -> ReplacedFacts:
    if problem in {"unreadable", "not-here"}:
        return ReplacedFacts(text, "", 1, last, None, None, problem)
    return ReplacedFacts(text, "TH-6", 1, last, T_BLOCK, RETIRED, problem)


def replacement(*, unit_type: str = "CER", kind: str = "tCER-expiry", **changes: object) -> Facts:
    act = Replacement(**TEN | {"unit_type": unit_type}, replaced=("T1",), kind=kind)
    facts = transfer(
        act=act,
        unit_type=UnitTypeFacts(unit_type, "tCO2e", False),
        acquiring=built_in(act.of_kind.account),
        replaced=(replaced(),),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


# Abroad


def sending(**changes: object) -> Facts:
    act = ExternalTransfer(**TEN, registry="CH", account="CH-100-77-0-11")
    facts = transfer(act=act, acquiring=built_in(AccountType.SENT_ELSEWHERE))
    return with_act(facts, **changes)


ACQUISITION = Acquisition(
    **{name: getattr(REGISTRATION, name) for name in (
        "origin", "project", "account", "unit_type", "vintage", "quantity", "serial", "issued_on"
    )},
    sender_registry="Verra", sender_account="1", reference="V-77",
)  # fmt: skip
_SERIAL = read_serial(REGISTRATION.serial)
RECEIVED = replace(
    ACQUISITION,
    vintage=_SERIAL.vintage,
    project=_SERIAL.project or REGISTRATION.project,
    unit_type=_SERIAL.unit_type,
    origin=_SERIAL.origin,
)


def receiving(facts: dict[str, object] | None = None, **changes: object) -> Facts:
    base = registration(act=RECEIVED, project=replace(PROJECT, origin=RECEIVED.origin))
    return with_act(replace(base, **facts or {}), **changes)  # type: ignore[arg-type]


# The buffer, corrections, closing

POOLED = replace(BLOCK, scheme="T-VER")
REASON = "Decided by the board"


def admin(act: Act, **changes: object) -> Facts:
    facts = transfer(act=act, person=ADMIN, candidates=(POOLED,))
    return replace(facts, **changes)  # type: ignore[arg-type]


def deposit(scheme: str = "T-VER", reason: str = REASON) -> Facts:
    act = BufferDeposit(**TEN, to_account=BUFFER, reason=reason)
    return admin(act, acquiring=account(BUFFER, type=AccountType.BUFFER, scheme=scheme))


def returning(scheme: str = "T-VER") -> Facts:
    act = BufferReturn(**TEN, to_account=BUFFER, reason=REASON)
    return admin(
        act,
        transferring=account(FOREST, type=AccountType.RESERVE),
        acquiring=account(BUFFER, type=AccountType.BUFFER, scheme=scheme),
    )


def buffer(scheme: str = "T-VER") -> AccountFacts:
    return account(FOREST, type=AccountType.BUFFER, scheme=scheme)


def holding() -> Facts:
    act = BufferHold(**TEN, reason=REASON)
    return admin(act, transferring=buffer(), acquiring=built_in(AccountType.RESERVE))


def release(*bound: str) -> Facts:
    act = BufferRelease(**TEN, to_account=GREEN, reason=REASON)
    return admin(act, transferring=buffer(), bound_projects=frozenset(bound))


def reversal(**changes: object) -> Facts:
    act = BufferCancellation(**TEN, reversed_project="0042", reason=REASON)
    facts = admin(
        act,
        transferring=buffer(),
        acquiring=built_in(AccountType.MANDATORY_CANCELLATION),
        project=PROJECT,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


ISSUED = NamedTransactionFacts(
    id=3, type=TransactionType.ISSUANCE, supplementary_type=0, status=TransactionStatus.COMPLETED,
    unit_type="TER", measure="tCO2e", quantity=100, from_account_id=None,
    to_account_id=account(FOREST).id, compensated=0,
)  # fmt: skip


def compensation(named: NamedTransactionFacts | None = ISSUED, unit_type: str = "TER") -> Facts:
    act = BufferCompensation(**TEN | {"unit_type": unit_type}, over_issued="TH3", reason=REASON)
    return admin(
        act,
        unit_type=UnitTypeFacts(unit_type, "toe" if unit_type == "EPC" else "tCO2e", True),
        acquiring=built_in(AccountType.EXCESS_ISSUANCE_CANCELLATION),
        named=named,
    )


def correction(named: NamedTransactionFacts | None = ISSUED) -> Facts:
    act = CorrectiveTransfer(**TEN, to_account=GREEN, corrects="TH3", reason=REASON)
    return admin(act, named=named)


def closing(quantity: int = 100, giver: int | None = 1, receiver: int | None = 1) -> Facts:
    act = ClosureTransfer(**TEN | {"quantity": quantity}, to_account=GREEN)
    return transfer(
        act=act,
        transferring=account(FOREST, holder_id=giver),
        acquiring=account(GREEN, holder_id=receiver),
    )


# Notices

NOTICE = NoticeFacts(1, "N-1", NoticeType.NET_SOURCE_CANCELLATION, 1, "TER", None, None)


def answering(**changes: object) -> Facts:
    notice = replace(NOTICE, **changes)  # type: ignore[arg-type]
    act = replace(CANCELLATION, kind="net-source", notice="N-1")
    target = built_in(AccountType.NET_SOURCE_CANCELLATION)
    return cancellation(act=act, acquiring=target, notice=notice)
