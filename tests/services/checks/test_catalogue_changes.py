"""Every check of retirement, carry-over, expiry, replacement, abroad, buffer and closing fires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

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
from app.services.transactions.evaluation import evaluate
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
    picked,
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


SITUATIONS: list[tuple[str, Callable[[], Facts], list[int]]] = [
    ("a retirement", retirement, []),
    ("a retirement of units of two periods", lambda: two_periods(retirement()), [3003]),
    ("a pick of another period", lambda: with_act(
        retirement(chosen=picked("")), period=2, blocks=("x",)), [3001]),
    ("no retirement account", lambda: retirement(acquiring=None), [9111]),
    ("a retirement by an administrator", lambda: retirement(person=ADMIN), [9101]),
    ("a carry-over", carry_over, []),
    ("a carry-over while another is pending", lambda: carry_over(pending_alike=1), [1006]),
    ("a carry-over into no period", lambda: carry_over(periods=PERIODS[:1]), [9240]),
    ("a carry-over before the period ends", lambda: carry_over(today=date(2025, 12, 31)), [3002]),
    ("a carry-over on the first day", lambda: carry_over(today=date(2026, 1, 1)), []),
    ("a carry-over on the last day", lambda: carry_over(today=date(2030, 12, 31)), []),
    ("a carry-over after the next period", lambda: carry_over(today=date(2031, 1, 1)), [3002]),
    ("a carry-over of two periods", lambda: two_periods(carry_over()), [3003]),
    ("a carry-over of another period", lambda: with_act(
        carry_over(chosen=picked("")), period=2, blocks=("x",)), [3001, 9240]),
    ("a carry-over of what ends", lambda: with_act(carry_over(), unit_type="RMU"), [9243]),
    ("a carry-over up to the limit", lambda: limited("0.25", 90, 10, 5), []),
    ("a carry-over past the limit", lambda: limited("0.25", 90, 10, 6), [9241]),
    ("a carry-over past a limit that is not whole", lambda: limited("0.25", 39, 0, 0), [9241]),
    ("a change of expiry date", expiry_change, []),
    ("a change where no rule is", lambda: expiry_change(rules={}), [9245]),
    ("a change of a temporary unit", lambda: with_act(
        expiry_change(rules={}), unit_type="tCER"), []),
    ("a date that has passed", lambda: expiry_change(date(2026, 11, 20)), [9246]),
    ("today", lambda: expiry_change(date(2026, 11, 21)), []),
    ("the same date", lambda: expiry_change(
        candidates=(replace(BLOCK, expires_on=date(2030, 6, 30)),)), [9247]),
    ("the last day of the rule", lambda: expiry_change(date(2031, 12, 31)), []),
    ("a date later than the rule", lambda: expiry_change(date(2032, 1, 1)), [9248]),
    ("a late date where units never expire", lambda: expiry_change(
        date(2040, 1, 1), rules={RuleKind.DEFAULT_EXPIRY: RuleFacts(2, Decimal(99))}), []),
    ("a replacement", replacement, []),
    ("a kind of replacement there is not", lambda: with_act(replacement(), kind="x"), [9226]),
    ("nothing replaced", lambda: with_act(replacement(replaced=()), replaced=()), [9227]),
    ("replaced serials nobody reads", lambda: replacement(replaced=(replaced("unreadable"),)),
     [9228]),
    ("replaced units elsewhere", lambda: replacement(replaced=(replaced("not-here"),)), [9229]),
    ("replaced units that last", lambda: replacement(replaced=(replaced("other-type"),)), [9230]),
    ("replaced units that were sent", lambda: replacement(replaced=(replaced("ended"),)), [9231]),
    ("replaced twice", lambda: replacement(replaced=(replaced("replaced"),)), [9232]),
    ("not one for one", lambda: replacement(replaced=(replaced(last=9),)), [9233]),
    ("a type that may not replace", lambda: replacement(unit_type="VCU"), [9234]),
    ("an lCER for an expiring lCER", lambda: replacement(
        unit_type="lCER", kind="lCER-expiry"), [9234]),
    ("an lCER of another project", lambda: replacement(
        unit_type="lCER", kind="lCER-reversal"), [9235]),
    ("an lCER of the same project", lambda: replacement(
        unit_type="lCER", kind="lCER-reversal", candidates=(replace(BLOCK, project="7"),)), []),
    ("a serial named twice", lambda: replacement(
        replaced=(replaced(last=5), replaced(last=5, text="T2"))), [9236]),
    ("a unit that replaces itself", lambda: replacement(
        unit_type="tCER", candidates=(T_BLOCK,)), [9236]),
    ("sent abroad", sending, []),
    ("sent to no account", lambda: sending(account=" "), [2501]),
    ("sent to another country's account", lambda: sending(account="JP-100-77-0-11"), [2502]),
    ("sent to a type of two digits", lambda: sending(account="CH-10-77-0-11"), [2503]),
    ("sent to a long identifier", lambda: sending(account="CH-100-777777777-0-11"), [2504]),
    ("sent to a long period", lambda: sending(account="CH-100-77-10-11"), [2505]),
    ("sent to a number of nothing but its country", lambda: sending(account="CH"),
     [2503, 2504, 2505]),
    ("sent to a registry that numbers as it likes", lambda: sending(
        registry="Verra", account="4711"), []),
    ("sent to this registry", lambda: sending(registry="TH", account=FOREST), [7023]),
    ("sent more than may leave", lambda: replace(
        sending(), rules={RuleKind.MAXIMUM_TRANSFER: RuleFacts(1, Decimal(9))},
        candidates=(replace(BLOCK, issued_to=account(FOREST).id),)), [9662]),
    ("received", receiving, []),
    ("received from this registry", lambda: receiving(sender_registry="TH"), [7023]),
    ("received without a record", lambda: receiving(reference=""), [9252]),
    ("received as another type", lambda: receiving(unit_type="VER"), [9253]),
    ("received for another registry's project", lambda: receiving({"project": PROJECT}), [9254]),
    ("received units of our own", lambda: receiving(
        {"unit_type": UnitTypeFacts("VCU", "tCO2e", True)}), [9251]),
    ("received serials that exist", lambda: receiving({"overlapping": "x"}), [9153]),
    ("a deposit", deposit, []),
    ("a deposit without its reason", lambda: deposit(reason=" "), [9225]),
    ("a deposit into another scheme's buffer", lambda: deposit("LCC"), [2006]),
    ("a deposit by an officer", lambda: replace(deposit(), person=OFFICER), [9101]),
    ("a deposit into a holding account", lambda: replace(
        deposit(), acquiring=account(GREEN)), [2007]),
    ("a hold", holding, []),
    ("a hold from a holding account", lambda: replace(
        holding(), transferring=account(FOREST)), [1007]),
    ("a return", returning, []),
    ("a return into another scheme's buffer", lambda: returning("T-COP"), [2006]),
    ("a release", lambda: release("0042"), []),
    ("a release to another project's account", lambda: release("0043"), [9260]),
    ("a cancellation against a reversal", reversal, []),
    ("a reversal nowhere", lambda: reversal(project=None), [9262]),
    ("a reversal of another scheme", lambda: reversal(
        project=replace(PROJECT, scheme="LCC")), [9263]),
    ("a compensation", compensation, []),
    ("a compensation by bought units", lambda: compensation(unit_type="VCU"), []),
    ("a compensation of nothing", lambda: compensation(None), [9265]),
    ("a compensation of a transfer", lambda: compensation(
        replace(ISSUED, type=TransactionType.INTERNAL_TRANSFER)), [9265]),
    ("a compensation by another measure", lambda: compensation(unit_type="EPC"), [9266]),
    ("a compensation by what nobody takes", lambda: compensation(unit_type="RMU"), [9266]),
    ("a compensation of all", lambda: compensation(replace(ISSUED, compensated=90)), []),
    ("a compensation of more than all", lambda: compensation(
        replace(ISSUED, compensated=91)), [9267]),
    ("a correction", correction, []),
    ("a correction of nothing", lambda: correction(None), [9257]),
    ("a correction of what is pending", lambda: correction(
        replace(ISSUED, status=TransactionStatus.CHECKED)), [9257]),
    ("a correction of other accounts", lambda: correction(
        replace(ISSUED, to_account_id=-1)), [9257]),
    ("a closing", closing, []),
    ("a closing of a part", lambda: closing(99), [9255]),
    ("a closing to somebody else", lambda: closing(receiver=2), [9256]),
    ("a closing to somebody unknown", lambda: closing(giver=None, receiver=None), [9256]),
    ("a closing to whom an administrator chose", lambda: replace(
        closing(receiver=2), person=ADMIN), []),
    ("a closing while another is pending", lambda: replace(closing(), pending_alike=1), [1006]),
    ("an answer to a notice", answering, []),
    ("an answer to no notice", lambda: replace(answering(), notice=None), [9220]),
    ("an answer to what is completed", lambda: answering(status=3), [9221]),
    ("an answer to what is incomplete", lambda: answering(status=2), []),
    ("an answer to another notice", lambda: answering(
        type=NoticeType.NON_COMPLIANCE_CANCELLATION), [9222]),
    ("an answer in other units", lambda: answering(unit_type="CER"), [9223]),
    ("an answer of another account", lambda: answering(account_id=-1), [9224]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"), [row[1:] for row in SITUATIONS], ids=[row[0] for row in SITUATIONS]
)
def test_situation(facts: Callable[[], Facts], expected: list[int]) -> None:
    assert [violation.code for violation in evaluate(facts()).violations] == expected


@pytest.mark.parametrize("kind", ["mandatory", "corrective", "net-source", "non-compliance"])
def test_only_a_voluntary_cancellation_misses_its_beneficiary(kind: str) -> None:
    act = replace(CANCELLATION, kind=kind, beneficiary="", purpose="")
    facts = cancellation(act=act, acquiring=built_in(act.destination or AccountType.HOLDING))
    evaluation = evaluate(facts)
    assert not evaluation.violations
    assert not evaluation.checks.notes
