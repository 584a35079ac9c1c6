"""Conversions and rollbacks: each row of theirs in a situation of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.models.codes import Role, RuleKind, TransactionStatus
from app.models.serials.reading import read_serial
from app.services.transactions.acts import Conversion, Rollback
from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import (
    Facts,
    MovedOn,
    NamedSource,
    PersonFacts,
    ReversedFacts,
    RuleFacts,
    SourceFacts,
)
from tests.services.checks.test_catalogue import (
    APPROVER,
    BLOCK,
    FOREST,
    GREEN,
    PROJECT,
    account,
    deciding,
    pending,
    transfer,
)

SERIAL = "TH-5-1-2-2-0-7014 - TH-5-100-2-2-0-7014"
MEMBER = PersonFacts(3, "committee1", Role.COMMITTEE, True)
ADMINISTRATOR = PersonFacts(4, "admin", Role.ADMINISTRATOR, True)
CONVERSION = Conversion(
    source_serials=(SERIAL,), host_country="TH", attestation_sha256="a" * 64, account=FOREST,
    project="0042", vintage=2024, unit_type="TER", quantity=100,
)  # fmt: skip
SOURCE = SourceFacts(
    id=1, serial=SERIAL, series="TH-5", first=1, last=100, unit_type="CER", host_country="TH",
    project="7014", record_sha256="b" * 64, attestation_sha256="a" * 64, vintage=2024,
    converted_by=None,
)  # fmt: skip
ROLLBACK = Rollback(
    transaction="TH7", reason="wrong account", from_account=GREEN, to_account=FOREST,
    unit_type="TER", quantity=100,
)  # fmt: skip
REVERSED = ReversedFacts(
    id=7, type=10, supplementary_type=0, status=TransactionStatus.COMPLETED, quantity=100,
    last_day=date(2026, 11, 21), rolled_back_by=None,
)  # fmt: skip


def conversion(**changes: object) -> Facts:
    facts = transfer(
        act=CONVERSION,
        transferring=None,
        acquiring=account(FOREST),
        candidates=(),
        project=PROJECT,
        sources=(SOURCE,),
        named_sources=(NamedSource(SERIAL),),
        rules={RuleKind.DEFAULT_EXPIRY: RuleFacts(2, Decimal(6))},
        serial=read_serial("TH-TER-14-0042-2024--1-100"),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def asking(**changes: object) -> Facts:
    return conversion(act=replace(CONVERSION, **changes))  # type: ignore[arg-type]


def naming(problem: str) -> Facts:
    return conversion(named_sources=(NamedSource(SERIAL, problem, "TH-5-1-… whole"),), sources=())


def source(**changes: object) -> Facts:
    return conversion(sources=(replace(SOURCE, **changes),))  # type: ignore[arg-type]


def rollback(**changes: object) -> Facts:
    facts = transfer(
        act=ROLLBACK,
        person=ADMINISTRATOR,
        transferring=account(GREEN),
        acquiring=account(FOREST),
        candidates=(replace(BLOCK, moved_by=7),),
        reversed=REVERSED,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def undoing(**changes: object) -> Facts:
    return rollback(reversed=replace(REVERSED, **changes))  # type: ignore[arg-type]


def moved_on(problem: str) -> Facts:
    number = None if problem == "expired" else 9
    return undoing(moved_on=(MovedOn("TH-TER-14-0042-2025--1-10", problem, number),))


SITUATIONS: list[tuple[str, Callable[[], Facts], list[int]]] = [
    ("a good conversion", conversion, []),
    ("a good vote", lambda: deciding(conversion(), MEMBER), []),
    ("an approver decides on a conversion", lambda: deciding(conversion(), APPROVER), [9102]),
    ("a digest that is none", lambda: asking(attestation_sha256="abc"), [9550]),
    ("no source serials", lambda: asking(source_serials=()), [9551]),
    ("an unreadable source serial", lambda: naming("unreadable"), [9552]),
    ("all wrong with the message at once", lambda: replace(
        naming("unreadable"), act=replace(CONVERSION, attestation_sha256="")), [9550, 9552]),
    ("an unregistered source serial", lambda: naming("unregistered"), [9553]),
    ("a part of a registered range", lambda: naming("part"), [9554]),
    ("a source named twice", lambda: conversion(sources=(SOURCE, SOURCE)), [9555]),
    ("a source converted before", lambda: source(converted_by=5), [9556]),
    ("temporary units", lambda: source(unit_type="tCER"), [9557]),
    ("another host country", lambda: asking(host_country="LA"), [9558, 9559]),
    ("a source of another host country", lambda: source(host_country="LA"), [9559]),
    ("another attestation", lambda: asking(attestation_sha256="c" * 64), [9560]),
    ("another vintage than recorded", lambda: asking(vintage=2023), [9561]),
    ("a vintage to come", lambda: conversion(
        act=replace(CONVERSION, vintage=2090), sources=(replace(SOURCE, vintage=None),)), [9562]),
    ("a source without a vintage", lambda: source(vintage=None), []),
    ("to an account of another project", lambda: conversion(
        project=replace(PROJECT, bound_accounts=frozenset())), [9203]),
    ("to a foreign project", lambda: conversion(project=replace(PROJECT, origin="CDM")), [9201]),
    ("with no default expiry", lambda: conversion(rules={}), [9211]),
    ("with no serials to allot", lambda: conversion(serial=None), [9212]),
    ("a good rollback", rollback, []),
    ("a good decision on a rollback", lambda: replace(
        rollback(), person=APPROVER, deciding=replace(pending(), proposer=ADMINISTRATOR)), []),
    ("an officer proposes a rollback", lambda: rollback(person=transfer().person), [9101]),
    ("a rollback of nothing known", lambda: rollback(reversed=None), [9570]),
    ("a rollback of a cancellation", lambda: undoing(type=4), [9571]),
    ("a rollback of a retirement", lambda: undoing(type=5), [9571]),
    ("a rollback of a replacement", lambda: undoing(type=6), [9571]),
    ("a rollback of an issuance", lambda: undoing(type=1), [9572]),
    ("a rollback of an external transfer", lambda: undoing(type=3), [9572]),
    ("a rollback of a rollback", lambda: undoing(supplementary_type=9020), [9572]),
    ("a rollback of a correction", lambda: undoing(supplementary_type=92), [9572]),
    ("a rollback of what is pending", lambda: undoing(
        status=TransactionStatus.CHECKED), [9573]),
    ("a second rollback", lambda: undoing(rolled_back_by=8), [3019]),
    ("units that moved on", lambda: moved_on("moved"), [9575]),
    ("units that are reserved", lambda: moved_on("reserved"), [9576]),
    ("units that expired", lambda: moved_on("expired"), [9577]),
    ("no window for these units", lambda: undoing(last_day=None), [9574]),
    ("a window that has passed", lambda: undoing(last_day=date(2026, 11, 20)), [3020]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"), [row[1:] for row in SITUATIONS], ids=[row[0] for row in SITUATIONS]
)
def test_situation(facts: Callable[[], Facts], expected: list[int]) -> None:
    assert [violation.code for violation in evaluate(facts()).violations] == expected


def test_reissues_follow_one_another_in_the_order_named() -> None:
    sources = (replace(SOURCE, id=1, first=1, last=30), replace(SOURCE, id=2, first=61, last=130))
    plan = evaluate(conversion(sources=sources)).plan
    assert [(item.source_id, item.first, item.last) for item in plan.reissues] == [
        (1, 1, 30),
        (2, 31, 100),
    ]
    assert plan.expires_on == date(2030, 12, 31)
