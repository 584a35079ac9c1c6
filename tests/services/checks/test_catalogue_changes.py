"""Every check of retirement, carry-over, expiry, replacement, abroad, buffer and closing fires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.models.codes import (
    AccountType,
    NoticeType,
    RuleKind,
    TransactionStatus,
    TransactionType,
)
from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import (
    Facts,
    RuleFacts,
    UnitTypeFacts,
)
from tests.services.checks.changing_situations import (
    ADMIN,
    ISSUED,
    PERIODS,
    T_BLOCK,
    answering,
    built_in,
    carry_over,
    closing,
    compensation,
    correction,
    deposit,
    expiry_change,
    holding,
    limited,
    receiving,
    release,
    replaced,
    replacement,
    retirement,
    returning,
    reversal,
    sending,
    two_periods,
    with_act,
)
from tests.services.checks.test_catalogue import (
    BLOCK,
    CANCELLATION,
    FOREST,
    GREEN,
    OFFICER,
    PROJECT,
    account,
    cancellation,
    picked,
)

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
