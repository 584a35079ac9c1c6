"""Every row of the catalogue fires in a situation of its own, in both languages."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.models.codes import (
    AccountState,
    AccountType,
    CheckCategory,
    Role,
    RuleKind,
    TransactionStatus,
    UnitState,
)
from app.models.serials.reading import read_serial
from app.services.checks.catalogue import CATALOGUE
from app.services.checks.engine import Check, run_checks
from app.services.transactions.acts import Cancellation, Issuance, Registration, Transfer
from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import (
    AccountFacts,
    BlockFacts,
    ChosenRange,
    Facts,
    PendingFacts,
    PersonFacts,
    ProjectFacts,
    ReductionFacts,
    RepeatedRequest,
    RuleFacts,
    UnitTypeFacts,
)

OFFICER = PersonFacts(1, "officer", Role.OFFICER, True)
APPROVER = PersonFacts(2, "approver", Role.APPROVER, True)
FOREST, GREEN = "TH-100-1042-0-52", "TH-100-2210-0-32"


def account(number: str, **changes: object) -> AccountFacts:
    facts = AccountFacts(
        id=hash(number),
        number=number,
        name="",
        type=AccountType.HOLDING,
        state=AccountState.OPEN,
        unit_state=UnitState.HELD,
        quantity=100,
        reserved=0,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


BLOCK = BlockFacts(
    id=1, batch_id=1, series_id=1, series="TH-TER-14-0042-2025-", first=1, last=100,
    template="TH-TER-14-0042-2025--{start}-{end}", project="0042", project_name="Ban Huai Sak",
    vintage=2025, expires_on=None, period=1, issued_to=1, moved_by=None,
)  # fmt: skip
TRANSFER = Transfer(from_account=FOREST, to_account=GREEN, unit_type="TER", quantity=10)
CANCELLATION = Cancellation(
    from_account=FOREST, unit_type="TER", quantity=10, beneficiary="B", purpose="P"
)
ISSUANCE = Issuance(
    project="0042", account=FOREST, unit_type="TER", vintage=2025, quantity=100,
    period_from=date(2025, 1, 1), period_to=date(2025, 12, 31), verified_quantity=100,
    verified_reference="VR-1", document_sha256="a" * 64,
)  # fmt: skip
SERIAL = "4147-176338408-176338907-VCU-016-MER-AU-14-641-16042012-15042013-0"
REGISTRATION = Registration(
    origin="Verra", project="641", account=FOREST, unit_type="VCU", vintage=2012, quantity=500,
    serial=SERIAL, issued_on=None,
)  # fmt: skip
PROJECT = ProjectFacts(
    id=1, origin="TH", code="0042", name="Ban Huai Sak", country="TH", sectoral_scope=14,
    scheme="T-VER", is_registered=True, bound_accounts=frozenset({hash(FOREST)}),
)  # fmt: skip
RECORD = ReductionFacts(
    id=1, period_from=date(2025, 1, 1), period_to=date(2025, 12, 31), quantity=100,
    reference="VR-1", document_sha256="a" * 64, is_issued=False,
)  # fmt: skip


def transfer(**changes: object) -> Facts:
    facts = Facts(
        act=TRANSFER,
        country="TH",
        now=datetime(2026, 11, 21, tzinfo=UTC),
        today=date(2026, 11, 21),
        person=OFFICER,
        unit_type=UnitTypeFacts("TER", "tCO2e", True),
        transferring=account(FOREST),
        acquiring=account(GREEN),
        candidates=(BLOCK,),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def cancellation(**changes: object) -> Facts:
    target = account(
        "TH-230-7-1-77", type=AccountType.VOLUNTARY_CANCELLATION, unit_state=UnitState.CANCELLED
    )
    return replace(transfer(act=CANCELLATION, acquiring=target), **changes)  # type: ignore[arg-type]


RULES = {
    RuleKind.LEVY_RATE: RuleFacts(1, Decimal("0.05")),
    RuleKind.DEFAULT_EXPIRY: RuleFacts(2, Decimal(6)),
}


def issuance(**changes: object) -> Facts:
    facts = transfer(
        act=ISSUANCE,
        transferring=None,
        acquiring=account(FOREST),
        buffer=account("TH-901-1-1-4", type=AccountType.BUFFER),
        candidates=(),
        project=PROJECT,
        reductions=(RECORD,),
        rules=RULES,
        serial=read_serial("TH-TER-14-0042-2025--1-100"),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def registration(**changes: object) -> Facts:
    facts = transfer(
        act=REGISTRATION,
        transferring=None,
        acquiring=account(FOREST),
        unit_type=UnitTypeFacts("VCU", "tCO2e", False),
        candidates=(),
        project=replace(PROJECT, origin="Verra", code="641"),
        serial=read_serial(SERIAL),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def pending(status: TransactionStatus = TransactionStatus.CHECKED) -> PendingFacts:
    return PendingFacts(7, status, OFFICER)


def deciding(facts: Facts, person: PersonFacts = APPROVER) -> Facts:
    return replace(facts, deciding=pending(), person=person)


def picked(*problems: str, text: str = "TH-TER-14-0042-2025--1-10") -> tuple[ChosenRange, ...]:
    return tuple(
        ChosenRange(text, 1, 10, None if problem in {"unreadable", "not-held"} else BLOCK, problem)
        for problem in problems
    )


def picking(*problems: str, quantity: int = 10) -> Facts:
    chosen = picked(*problems)
    act = replace(TRANSFER, blocks=tuple(item.text for item in chosen), quantity=quantity)
    return transfer(act=act, chosen=chosen, candidates=())


def in_state(state: AccountState, side: str) -> Facts:
    number = FOREST if side == "transferring" else GREEN
    return transfer(**{side: account(number, state=state)})


def many_blocks(quantity: int = 3001) -> Facts:
    blocks = tuple(
        replace(BLOCK, id=index, first=index, last=index, series=f"S{index:05d}")
        for index in range(1, 3002)
    )
    return transfer(act=replace(TRANSFER, quantity=quantity), candidates=blocks)


SITUATIONS: list[tuple[str, Callable[[], Facts], list[int]]] = [
    ("a good transfer", transfer, []),
    ("a good cancellation", cancellation, []),
    ("a good issuance", issuance, []),
    ("a good registration", registration, []),
    ("a good decision", lambda: deciding(transfer()), []),
    ("an auditor proposes", lambda: transfer(person=replace(OFFICER, role=Role.AUDITOR)), [9101]),
    ("an administrator decides", lambda: deciding(
        transfer(), replace(APPROVER, role=Role.ADMINISTRATOR)), [9102]),
    ("an officer decides on their own", lambda: deciding(transfer(), OFFICER), [9102, 9103]),
    ("a revoked person", lambda: transfer(person=replace(OFFICER, is_active=False)), [9104]),
    ("a wrong transferring number", lambda: transfer(
        act=replace(TRANSFER, from_account="TH-100-1042-0-53")), [1001]),
    ("a wrong acquiring number", lambda: transfer(act=replace(TRANSFER, to_account="x")), [2001]),
    ("no units", lambda: transfer(act=replace(TRANSFER, quantity=0)), [3008]),
    ("fewer than none", lambda: transfer(act=replace(TRANSFER, quantity=-5)), [3008]),
    ("more than any serial", lambda: transfer(act=replace(TRANSFER, quantity=2**43)), [3008]),
    ("a digest that is none", lambda: issuance(
        act=replace(ISSUANCE, document_sha256="abc")), [9105]),
    ("another kind of cancellation", lambda: cancellation(
        act=replace(CANCELLATION, kind="festive")), [9106]),
    ("unknown transferring account", lambda: transfer(transferring=None), [1002]),
    ("unknown acquiring account", lambda: transfer(acquiring=None), [2002]),
    ("unknown unit type", lambda: transfer(unit_type=None), [3006]),
    ("unknown project", lambda: issuance(project=None), [2017]),
    ("no cancellation account", lambda: cancellation(acquiring=None), [9111]),
    ("no buffer account", lambda: issuance(buffer=None), [9112]),
    ("from a closed account", lambda: in_state(AccountState.CLOSED, "transferring"), [1003]),
    ("from a suspended account", lambda: in_state(AccountState.SUSPENDED, "transferring"), [1004]),
    ("from a locked account", lambda: in_state(AccountState.LOCKED, "transferring"), [1012]),
    ("from a proposed account", lambda: in_state(AccountState.PROPOSED, "transferring"), [9121]),
    ("from a cancellation account", lambda: transfer(
        transferring=account(FOREST, type=AccountType.VOLUNTARY_CANCELLATION)), [1007]),
    ("to a closed account", lambda: in_state(AccountState.CLOSED, "acquiring"), [2003]),
    ("to a suspended account", lambda: in_state(AccountState.SUSPENDED, "acquiring"), [2004]),
    ("to a locked account", lambda: in_state(AccountState.LOCKED, "acquiring"), [2018]),
    ("to a rejected account", lambda: in_state(AccountState.REJECTED, "acquiring"), [9122]),
    ("to a buffer", lambda: transfer(acquiring=account(GREEN, type=AccountType.BUFFER)), [2007]),
    ("to itself", lambda: transfer(acquiring=account(FOREST)), [2508]),
    ("an unreadable pick", lambda: picking("unreadable"), [9123]),
    ("a pick held elsewhere", lambda: picking("not-held"), [9124]),
    ("a pick of another type", lambda: picking("other-type"), [3009]),
    ("two picks that overlap", lambda: picking("", "", quantity=20), [9125]),
    ("an unreadable registration", lambda: registration(serial=None), [9126]),
    ("a range of another size", lambda: registration(
        act=replace(REGISTRATION, quantity=499)), [9127]),
    ("a period that ends first", lambda: issuance(
        act=replace(ISSUANCE, period_to=date(2024, 1, 1))), [9128]),
    ("a decision on what has ended", lambda: replace(
        transfer(), deciding=pending(TransactionStatus.REJECTED), person=APPROVER), [9141]),
    ("a request id of another act", lambda: transfer(
        repeated=RepeatedRequest("desk-1", is_anothers=False)), [9142]),
    ("a request id of another person", lambda: transfer(
        repeated=RepeatedRequest("desk-1", is_anothers=True)), [9142]),
    ("too many blocks", many_blocks, [3004]),
    ("more than the blocks that were read", lambda: many_blocks(9000), [3004]),
    ("more than is free", lambda: transfer(act=replace(TRANSFER, quantity=101)), [3005]),
    ("a reserved pick", lambda: picking("reserved"), [9151]),
    ("an expired pick", lambda: picking("expired"), [9152]),
    ("serials that exist", lambda: registration(overlapping="4147-1-2-VCU-…"), [9153]),
    ("picks that do not add up", lambda: picking("", quantity=11), [9160]),
    ("a foreign project", lambda: issuance(project=replace(PROJECT, origin="Verra")), [9201]),
    ("a project not registered", lambda: issuance(
        project=replace(PROJECT, is_registered=False)), [9202]),
    ("an account of another project", lambda: issuance(
        project=replace(PROJECT, bound_accounts=frozenset())), [9203]),
    ("a foreign unit type", lambda: issuance(
        unit_type=UnitTypeFacts("VCU", "tCO2e", False)), [9204]),
    ("another quantity than verified", lambda: issuance(
        act=replace(ISSUANCE, quantity=90)), [9205]),
    ("another quantity than on record", lambda: issuance(
        reductions=(replace(RECORD, quantity=99),)), [9206]),
    ("a period issued before", lambda: issuance(
        reductions=(replace(RECORD, is_issued=True),)), [9207]),
    ("a period that meets another", lambda: issuance(
        reductions=(replace(RECORD, period_from=date(2024, 7, 1)),)), [9207]),
    ("a period not over", lambda: issuance(
        act=replace(ISSUANCE, period_to=date(2026, 11, 21)), reductions=()), [9208]),
    ("a vintage outside", lambda: issuance(act=replace(ISSUANCE, vintage=2024)), [9209]),
    ("no levy rate", lambda: issuance(
        rules={RuleKind.DEFAULT_EXPIRY: RuleFacts(2, Decimal(6))}), [9210]),
    ("no default expiry", lambda: issuance(
        rules={RuleKind.LEVY_RATE: RuleFacts(1, Decimal(0))}), [9211]),
    ("no serials to allot", lambda: issuance(serial=None), [9212]),
    ("everything wrong in one category", lambda: transfer(
        transferring=None, acquiring=None, unit_type=None), [1002, 2002, 3006]),
    ("a later category is skipped", lambda: transfer(
        transferring=None, act=replace(TRANSFER, quantity=0)), [3008]),
]  # fmt: skip

NOTES: list[tuple[str, Facts, list[int]]] = [
    ("no beneficiary", cancellation(act=replace(CANCELLATION, beneficiary="")), [9301]),
    ("no purpose", cancellation(act=replace(CANCELLATION, purpose="")), [9302]),
]


@pytest.mark.parametrize(
    ("facts", "expected"), [row[1:] for row in SITUATIONS], ids=[row[0] for row in SITUATIONS]
)
def test_situation(facts: Callable[[], Facts], expected: list[int]) -> None:
    assert [violation.code for violation in evaluate(facts()).violations] == expected


@pytest.mark.parametrize(
    ("facts", "expected"), [row[1:] for row in NOTES], ids=[row[0] for row in NOTES]
)
def test_note(facts: Facts, expected: list[int]) -> None:
    evaluation = evaluate(facts)
    assert [note.code for note in evaluation.checks.notes] == expected
    assert not evaluation.violations


def test_codes_are_unique_and_ordered_by_category() -> None:
    codes = [check.code for check in CATALOGUE]
    assert len(codes) == len(set(codes))
    categories = [check.category for check in CATALOGUE]
    assert categories == sorted(categories)
    assert set(categories) == set(CheckCategory)


@pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: str(check.code))
def test_both_languages_fill_the_same_places(check: Check) -> None:
    english, thai = check.message, check.message_th
    assert any("฀" <= letter <= "๿" for letter in thai)
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (english, thai)
    ]
    # A word that has its own Thai is filled in from a place of its own.
    assert {name.removesuffix("_th") for name in fields[1]} <= fields[0]
    assert not fields[1] & {"role", "status", "state", "reason"}


def said_in_thai(facts: Facts) -> str:
    (violation,) = evaluate(facts).violations
    return violation.message_th


def test_thai_sentences_say_roles_statuses_and_reasons_in_thai() -> None:
    words = re.compile("[A-Za-z]{2,}")
    auditor = replace(OFFICER, user_name="42", role=Role.AUDITOR)
    assert "ผู้ตรวจสอบ" in said_in_thai(transfer(person=auditor))
    for facts in (
        transfer(person=auditor),
        deciding(transfer(), replace(APPROVER, user_name="42", role=Role.TECHNICIAN)),
        replace(transfer(), deciding=pending(TransactionStatus.CANCELLED), person=APPROVER),
    ):
        assert words.findall(said_in_thai(facts)) == []
    form = said_in_thai(transfer(act=replace(TRANSFER, to_account="x")))
    digits = said_in_thai(transfer(act=replace(TRANSFER, to_account="TH-100-1042-0-53")))
    assert "รูปแบบ" in form
    assert "เลขตรวจสอบของเลขบัญชี “TH-100-1042-0-53” ไม่ถูกต้อง" in digits


def test_every_role_status_and_state_has_its_thai_word() -> None:
    for word in (*Role, *TransactionStatus, *AccountState):
        assert any("฀" <= letter <= "๿" for letter in word.words_th)
    assert all(word.words for word in (*Role, *TransactionStatus))


def test_all_failures_of_a_category_are_told_and_the_passed_are_counted() -> None:
    facts = transfer()
    result = run_checks(CATALOGUE, facts, evaluate(facts).plan)
    applicable = [check for check in CATALOGUE if "transfer" in check.acts]
    assert len(result.passed) == len(applicable)
